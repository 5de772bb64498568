import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Trace } from "../../hosts/sim/cli/trace.js";

const lights = (trace: Trace): (number | undefined)[] => trace.columns.map(({ light }) => light);

describe("trace of the light", () => {
  it("keeps a pulse of some per cent, and forgets what was before a step", () => {
    const trace = new Trace(50, 10);
    for (const light of [100_000, 99_000, 101_000]) trace.look(light, 0);
    assert.deepEqual(lights(trace), [100_000, 99_000, 101_000]);
    trace.look(150_000, 0); // another LED current
    trace.look(149_000, 0);
    assert.deepEqual(lights(trace), [undefined, undefined, undefined, 150_000, 149_000]);
  });
});
