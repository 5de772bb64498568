// `npm run figures`: measures what README.md prints and puts it there, between `<!-- npm run … -->` and `<!-- /… -->`.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const readme = join(root, "README.md");

setUp();
const measured = readFileSync(readme, "utf8").replaceAll(
  /^<!-- npm run (\S+) -->\n.*?^<!-- \/\1 -->$/gms,
  (block, name) => {
    process.stderr.write(`npm run ${name} …\n`);
    const [script, ...args] = name === "bench:accuracy" ? ["bench.mjs", "accuracy"] : ["bench.mjs"];
    const { status, stdout } = spawnSync(process.execPath, [join(root, "scripts", script), ...args], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (status !== 0) process.stderr.write(`npm run ${name} ended with ${status}: a figure misses its limit\n`);
    return stdout.trim() === "" ? block : `<!-- npm run ${name} -->\n${stdout.trim()}\n<!-- /${name} -->`;
  },
);
writeFileSync(readme, measured);
const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
spawnSync(process.execPath, [biome, "format", "--write", readme], {
  cwd: root,
  stdio: ["ignore", "ignore", "inherit"],
});
