// The one reader of the Moddable manifests on the laptop: module map, preload list, creation sizes.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** The root manifest and the simulator's, later ones winning, as mcconfig merges an `include`. */
export function readManifests() {
  return ["manifest.json", "hosts/sim/manifest.json"].map((path) => ({
    path,
    manifest: JSON.parse(readFileSync(join(root, path), "utf8")),
  }));
}

/** Expands one manifest's `modules` ("hrv/*": "./modules/hrv/*" too) to name → TypeScript source path from the root. */
export function expandModules(modules, manifestPath) {
  const names = new Map();
  for (const [name, value] of Object.entries(modules ?? {}))
    for (const target of [value].flat()) {
      const path = join(dirname(manifestPath), target);
      if (!target.endsWith("*")) {
        names.set(name === "*" ? target.split("/").at(-1) : name, `${path}.ts`);
        continue;
      }
      // A room without a module yet: git keeps no empty folder, so a fresh clone lacks it.
      const folder = join(root, dirname(path));
      for (const file of existsSync(folder) ? readdirSync(folder).sort() : [])
        if (file.endsWith(".ts") && !file.endsWith(".d.ts"))
          names.set(name.replace("*", file.slice(0, -3)), join(dirname(path), file));
    }
  return names;
}

/** Name → source path for everything that the simulator can load into the engine. */
export function moduleSources() {
  const all = new Map();
  for (const { path, manifest } of readManifests())
    for (const [name, source] of expandModules(manifest.modules, path)) all.set(name, source);
  return all;
}

/** Name → URL of the compiled file. */
export function moduleFiles() {
  return new Map(
    [...moduleSources()].map(([name, source]) => [
      name,
      pathToFileURL(join(root, "build", relative(root, resolve(root, source)).replace(/\.ts$/, ".js"))),
    ]),
  );
}
