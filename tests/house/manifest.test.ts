import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "mocha";

interface Manifest {
  modules: Record<string, string>;
  typescript: { tsconfig: { compilerOptions: { target: string; lib: string[]; noEmitOnError: boolean } } };
}
const manifest: Manifest = JSON.parse(readFileSync("manifest.json", "utf8"));
describe("manifest.json", () => {
  it("maps every room of modules/ under its own name", () => {
    for (const room of readdirSync("modules")) assert.equal(manifest.modules[`${room}/*`], `./modules/${room}/*`);
  });

  it("sets the same language level for mcconfig as for the laptop", () => {
    const { compilerOptions } = manifest.typescript.tsconfig;
    const laptop = JSON.parse(readFileSync("tsconfig.base.json", "utf8")).compilerOptions;
    assert.equal(compilerOptions.target, laptop.target);
    assert.deepEqual(compilerOptions.lib, laptop.lib);
    assert.equal(compilerOptions.noEmitOnError, true);
  });
});
