import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildEngine, checkImports, explain } from "../../hosts/sim/engine/build.node.js";
import { loadEngine } from "../../hosts/sim/engine/load.node.js";
import { printProgress } from "../../hosts/sim/engine/progress.node.js";
import { checkInterpreter, EngineError, packageFolder, readRecipe, root } from "../../hosts/sim/engine/recipe.node.js";
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
  });

  it("says in one line what failed and what helps", () => {
    assert.equal(
      explain("host.c", "In file included from host.c:3:\nhost.c:9:1: error: unknown type name 'x'\n  9 | x y;"),
      "the XS engine does not build, host.c: host.c:9:1: error: unknown type name 'x'",
    );
    assert.match(explain("link", "RangeError: WebAssembly.Memory(): could not allocate memory"), /about 1 GB free/);
    assert.match(explain("a.c", "Cannot find package '@yowasp/clang'"), /run npm ci$/);
  });

  it("names the remedy for a package that is missing or another version", () => {
    assert.throws(() => packageFolder("@nobody/nothing", "1.0.0"), /@nobody\/nothing is not installed: run npm ci$/);
    assert.throws(() => packageFolder("mocha", "0.0.1"), /mocha is [\d.]+ instead of 0\.0\.1: run npm ci$/);
  });

  it("is not built again once it is cached", async function () {
    this.timeout(BUILD_TIMEOUT_MS);
    await loadEngine();
    await buildEngine({ onProgress: () => assert.fail("builds") });
  });

  it("links from kept object files, twice at once, and mends a damaged cache", async function () {
    this.timeout(BUILD_TIMEOUT_MS);
    await loadEngine();
    const cache = mkdtempSync(join(tmpdir(), "xs-"));
    try {
      cpSync(join(root, ".cache", "xs", "objects"), join(cache, "objects"), { recursive: true });
      const steps: number[] = [];
      const onProgress = (done: number) => steps.push(done);
      await Promise.all([buildEngine({ cache, onProgress }), buildEngine({ cache, onProgress: () => {} })]);
      assert.deepEqual(steps, [...Array(readRecipe(false).units.length + 1).keys()]);
      const name = `${readRecipe(false).key}.wasm`;
      assert.deepEqual(readdirSync(cache).sort(), [name, "objects"].sort());

      const whole = readFileSync(join(cache, name));
      writeFileSync(join(cache, name), whole.subarray(0, 1000));
      await buildEngine({ cache, onProgress: () => {} });
      assert.ok(readFileSync(join(cache, name)).equals(whole), "the same bytes again");
    } finally {
      rmSync(cache, { recursive: true });
    }
  });

  it("shows its progress as one line on a terminal, as a few lines elsewhere", () => {
    const show = (isTTY: boolean): string => {
      let shown = "";
      const progress = printProgress({ isTTY, write: (text) => (shown += text) });
      for (let done = 0; done <= 12; done++) progress(done, 12, done === 0 ? "" : `f${done}.c`);
      return shown;
    };
    const title = "building the XS engine, about a minute, once";
    assert.equal(show(false), `${title}: 0/12\n${title}: 10/12\n${title}: 12/12\n`);
    assert.equal(show(true).split("\n").length, 2);
    assert.ok(show(true).endsWith(`\r\x1b[K${title}: 12/12 f12.c\n`));
  });
});
