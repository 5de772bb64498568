import assert from "node:assert/strict";
import { BUILD_TIMEOUT_MS, expectOk, makeWorld } from "./world.js";

const MODULES = {
  main: `import { outer } from "parts";
globalThis.hostEvent = function onEvent() {
  outer();
};`,
  parts: `function inner() {

  throw new RangeError("deep");
}
export function outer() {
  inner();
}`,
};

describe("debug engine", function () {
  this.timeout(BUILD_TIMEOUT_MS);

  it("gives stacks with functions, modules and lines", async () => {
    const { machine } = await makeWorld({ modules: MODULES, debug: true });
    expectOk(machine.importModule("main"));
    const outcome = machine.dispatch(0);
    assert.ok(!outcome.ok);
    assert.equal(outcome.message, "RangeError: deep");
    assert.match(outcome.stack, /at inner \(parts:3\)\s+at outer \(parts:6\)\s+at onEvent \(main:3\)/);
  });

  it("runs the same programs", async () => {
    const { machine, printed } = await makeWorld({ debug: true });
    expectOk(machine.freezeIntrinsics());
    expectOk(
      machine.evaluate(
        "let n = 0; for (let i = 0; i < 100; i++) { try { if (i % 3) throw i; n++; } catch {} } hostPrint(n)",
      ),
    );
    assert.deepEqual(printed, ["34"]);
  });
});
