import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "mocha";

interface Manifest {
  modules: Record<string, string>;
  preload: string[];
  typescript: { tsconfig: { compilerOptions: { target: string; lib: string[]; noEmitOnError: boolean } } };
}
const manifest: Manifest = JSON.parse(readFileSync("manifest.json", "utf8"));
const firmware = readdirSync("modules", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replace(/\.ts$/, "").replaceAll("\\", "/"));

describe("manifest.json", () => {
  it("maps every room of modules/ under its own name", () => {
    for (const room of readdirSync("modules")) assert.equal(manifest.modules[`${room}/*`], `./modules/${room}/*`);
  });

  it("preloads every firmware module that holds code, by exact name: wildcards miss TypeScript", () => {
    const holdsCode = firmware.filter((name) => readFileSync(`build/modules/${name}.js`, "utf8").includes("export {}") === false);
    assert.deepEqual([...manifest.preload].sort(), holdsCode.sort());
  });

  it("sets the same language level for mcconfig as for the laptop", () => {
    const { compilerOptions } = manifest.typescript.tsconfig;
    const laptop = JSON.parse(readFileSync("tsconfig.base.json", "utf8")).compilerOptions;
    assert.equal(compilerOptions.target, laptop.target);
    assert.deepEqual(compilerOptions.lib, laptop.lib);
    assert.equal(compilerOptions.noEmitOnError, true);
  });
});
