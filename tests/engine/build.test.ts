import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkImports, explain } from "../../hosts/sim/engine/build.node.js";
import { loadEngine } from "../../hosts/sim/engine/load.node.js";
import { checkInterpreter, EngineError, readRecipe, root } from "../../hosts/sim/engine/recipe.node.js";
import { BUILD_TIMEOUT_MS } from "./world.js";

const xsRun = () => readFileSync(join(root, "node_modules/@agoric/xsnap/moddable/xs/sources/xsRun.c"), "utf8");

describe("engine build", () => {
  it("gives a module that imports its host's six functions and four of WASI, nothing else", async function () {
    this.timeout(BUILD_TIMEOUT_MS);
    const imports = WebAssembly.Module.imports(await loadEngine()).map(({ module, name }) => `${module}.${name}`);
    assert.deepEqual(imports.sort(), [
      "host.bytes",
      "host.call",
      "host.find",
      "host.load",
      "host.print",
      "host.violation",
      "wasi_snapshot_preview1.clock_time_get",
      "wasi_snapshot_preview1.fd_close",
      "wasi_snapshot_preview1.fd_seek",
      "wasi_snapshot_preview1.fd_write",
    ]);
  });

  it("refuses a module with other imports", () => {
    const empty = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)); // magic, version 1
    assert.throws(() => checkImports(empty, false), /imports are wrong: host\.bytes/);
  });

  it("accepts the interpreter of the installed package", () => checkInterpreter(xsRun()));

  for (const [text, extra] of [
    ["c_setjmp(", "if (c_setjmp(jump->buffer))"],
    ["c_malloc(", "slot = c_malloc(16);"],
    ["mxTry(", "mxTry(the) {"],
    ["mxCheckCStack()", "mxCheckCStack();"],
  ] as const)
    it(`refuses an interpreter that uses ${text} once more`, () => {
      assert.throws(() => checkInterpreter(`${xsRun()}\n${extra}\n`), EngineError);
      assert.throws(() => checkInterpreter(xsRun().replace(text, "gone(")), EngineError);
    });

  it("has another key for the debug engine, the same for the same sources", () => {
    const release = readRecipe(false);
    assert.equal(readRecipe(false).key, release.key);
    assert.notEqual(readRecipe(true).key, release.key);
    assert.equal(release.units.length, 46); // XS's 46 C files less xsSnapshot.c and xsRun.c, and our two
  });

  it("says in one line what failed and what helps", () => {
    assert.equal(
      explain("host.c", "In file included from host.c:3:\nhost.c:9:1: error: unknown type name 'x'\n  9 | x y;"),
      "the XS engine does not build, host.c: host.c:9:1: error: unknown type name 'x'",
    );
    assert.match(explain("link", "RangeError: WebAssembly.Memory(): could not allocate memory"), /about 1 GB free/);
    assert.match(explain("a.c", "Cannot find package '@yowasp/clang'"), /run npm ci$/);
  });

  it("takes milliseconds once cached", async function () {
    this.timeout(BUILD_TIMEOUT_MS);
    await loadEngine();
    const { buildEngine } = await import("../../hosts/sim/engine/build.node.js");
    let built = 0;
    await buildEngine({ onProgress: () => built++ });
    assert.equal(built, 0, "a cached engine is not built");
  });
});
