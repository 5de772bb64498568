import assert from "node:assert/strict";
import { resolveModuleName } from "../../hosts/sim/engine/module-names.js";
import { BUILD_TIMEOUT_MS, expectOk, failure, makeWorld } from "./world.js";

async function run(modules: Readonly<Record<string, string>>): Promise<string[]> {
  const { machine, printed } = await makeWorld({ modules });
  expectOk(machine.importModule("main"));
  return printed;
}

describe("engine modules", function () {
  this.timeout(BUILD_TIMEOUT_MS);

  it("evaluate once, dependencies first, by manifest names", async () => {
    const printed = await run({
      main: `import { one } from "ppg/one"; import { two } from "ppg/two"; hostPrint(one + two);`,
      "ppg/one": `hostPrint("one"); export const one = "1";`,
      "ppg/two": `import { one } from "ppg/one"; hostPrint("two"); export const two = one + "2";`,
    });
    assert.deepEqual(printed, ["one", "two", "112"]);
  });

  it("keep bindings live", async () => {
    const printed = await run({
      main: `import { n, up } from "counter"; up(); up(); hostPrint(n);`,
      counter: "export let n = 0; export function up() { n++; }",
    });
    assert.deepEqual(printed, ["2"]);
  });

  it("may form a cycle", async () => {
    const printed = await run({
      main: `import { a } from "a"; hostPrint(a());`,
      a: `import { b } from "b"; export function a() { return "a" + b(); } export const late = "L";`,
      b: `import { late } from "a"; export function b() { return "b" + late; }`,
    });
    assert.deepEqual(printed, ["abL"]);
  });

  it("have namespaces, defaults and re-exports", async () => {
    const printed = await run({
      main: `import * as all from "all"; hostPrint(Object.keys(all).join()); hostPrint(all.default + all.x);`,
      all: `export { x } from "x"; export { default } from "x";`,
      x: "export const x = 1; export default 41;",
    });
    assert.deepEqual(printed, ["default,x", "42"]);
  });

  it("load on demand", async () => {
    const printed = await run({
      main: `const { late } = await import("late"); hostPrint(late);`,
      late: `export const late = "late";`,
    });
    assert.deepEqual(printed, ["late"]);
  });

  it("may await at the top: the import is then pending", async () => {
    const { machine, printed } = await makeWorld({
      modules: {
        main: `hostPrint("before"); await new Promise((go) => { globalThis.hostEvent = go; }); hostPrint("after");`,
      },
    });
    assert.equal(expectOk(machine.importModule("main")), 1);
    assert.deepEqual(printed, ["before"]);
    expectOk(machine.dispatch(0));
    assert.deepEqual(printed, ["before", "after"]);
  });

  it("that throw after a top-level await abort the machine", async () => {
    const { machine } = await makeWorld({
      modules: { main: `await new Promise((go) => { globalThis.hostEvent = go; }); throw new RangeError("late");` },
    });
    assert.equal(expectOk(machine.importModule("main")), 1);
    assert.equal(failure(machine.dispatch(0)), "unhandled rejection: RangeError: late");
    assert.equal(machine.death, "unhandled rejection: RangeError: late");
  });

  it("that are missing, do not parse or throw are an exception, and the machine lives on", async () => {
    const { machine } = await makeWorld({
      modules: { lost: `import "nowhere";`, wrong: "let = ;", thrower: `throw new RangeError("body");`, fine: "" },
    });
    assert.equal(failure(machine.importModule("none")), 'exception: ReferenceError: module "none" not found');
    assert.match(failure(machine.importModule("lost")), /^exception: ReferenceError: .*nowhere/);
    assert.match(failure(machine.importModule("wrong")), /^exception: SyntaxError: /);
    assert.equal(failure(machine.importModule("thrower")), "exception: RangeError: body");
    expectOk(machine.importModule("fine"));
    assert.equal(machine.death, undefined);
  });

  it("that import a name that is not exported are an exception", async () => {
    const { machine } = await makeWorld({ modules: { main: `import { b } from "a"; b;`, a: "export const a = 1;" } });
    assert.match(failure(machine.importModule("main")), /^exception: SyntaxError: /);
  });

  it("carry any Unicode in and out", async () => {
    const printed = await run({ main: `const s = "Puls ♥ ä 𝄞"; hostPrint(s); hostPrint("𝄞".length);` });
    assert.deepEqual(printed, ["Puls ♥ ä 𝄞", "1"]); // XS counts code points, V8 would say 2
  });

  it("resolve relative names from the importer's folder", () => {
    assert.equal(resolveModuleName("ppg/max30102", "main"), "ppg/max30102");
    assert.equal(resolveModuleName("./fifo", "ppg/max30102"), "ppg/fifo");
    assert.equal(resolveModuleName("./fifo.js", "ppg/max30102"), "ppg/fifo");
    assert.equal(resolveModuleName("../hrv/ring", "ppg/max30102"), "hrv/ring");
    assert.equal(resolveModuleName("../../base/units", "a/b/c"), "base/units");
    assert.equal(resolveModuleName("./main", ""), "main");
  });
});
