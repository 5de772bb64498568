import assert from "node:assert/strict";
import { ShakenTimes } from "band/shaken-times";
import { describe, it } from "mocha";
import { SampleFlag } from "ppg/samples";

const PERIOD_MS = 10;

/** Numbers of the samples flagged in a batch of `count` that begins at `firstMs`. */
function marked(shaken: ShakenTimes, count: number, firstMs: number): number[] {
  const flags = new Uint8Array(32);
  shaken.mark(flags, count, firstMs, PERIOD_MS);
  return [...flags.keys()].filter((i) => (flags[i]! & SampleFlag.Motor) !== 0); // a key of it
}

describe("times in which the motor shook the sensor", () => {
  it("flags samples from the start of a stretch to before its end", () => {
    const shaken = new ShakenTimes();
    shaken.add(1020, 1050);
    assert.deepEqual(marked(shaken, 17, 1000), [2, 3, 4]);
    assert.deepEqual(marked(shaken, 17, 1001), [2, 3, 4]); // 1021, 1031, 1041
    assert.deepEqual(marked(shaken, 17, 999), [3, 4, 5]); // 1029, 1039, 1049
  });

  it("reaches in from before the batch, out beyond it, and leaves what comes after the batch alone", () => {
    const shaken = new ShakenTimes();
    shaken.add(900, 1010);
    shaken.add(1030, 9000);
    assert.deepEqual(marked(shaken, 5, 1000), [0, 3, 4]);
    assert.deepEqual(marked(shaken, 5, 9000), []);
    assert.deepEqual(marked(shaken, 3, 850), []);
  });

  it("keeps the other flags", () => {
    const shaken = new ShakenTimes();
    shaken.add(0, 20);
    const flags = new Uint8Array(32).fill(SampleFlag.LightStep);
    shaken.mark(flags, 3, 0, PERIOD_MS);
    assert.deepEqual([...flags.subarray(0, 4)], [5, 5, 1, 1]); // LightStep is 1, Motor 4
  });

  it("remembers eight stretches, across the wrap of the clock too", () => {
    const shaken = new ShakenTimes();
    const wrapMs = 0x7fff_ffff;
    shaken.add(wrapMs - 9, (wrapMs + 11) | 0); // ends 10 ms after the wrap
    for (let i = 0; i < 7; i++) shaken.add(0, 0);
    assert.deepEqual(marked(shaken, 4, wrapMs - 9), [0, 1]);
    shaken.add(0, 0);
    assert.deepEqual(marked(shaken, 4, wrapMs - 9), []);
  });
});
