import assert from "node:assert/strict";
import type { Beat } from "hrv/beat";
import { BeatDetector } from "hrv/beat-detector";
import { SampleFlag } from "ppg/samples";
import { readFirmware } from "../../hosts/sim/firmware-files.node.js";
import { BUILD_TIMEOUT_MS, expectOk, makeWorld } from "../engine/world.js";
import { makeTrain } from "./pulse-train.js";

const SAMPLES = 10_000;
/** Samples handed to the machine in one event, as a drain of the sensor does. */
const BATCH = 25;

/** The detector in a machine of its own: event n pushes batch n, and every beat goes into a running hash. */
const MAIN = `
  import { BeatDetector } from "hrv/beat-detector";
  const call = hostCall;
  const clock = { ticksAt(index, fractionQ8) { return (((index * 2621) >> 8) + ((fractionQ8 * 2621) >> 16)) | 0; } };
  let hash = 0;
  const onBeat = (beat) => {
    hash = (Math.imul(hash, 31) + beat.upstrokeTicks) | 0;
    hash = (Math.imul(hash, 31) + beat.rrTicks * 16 + beat.verdict) | 0;
    hash = (Math.imul(hash, 31) + beat.qualityQ8) | 0;
  };
  const detector = new BeatDetector({ rateHz: 100, clock, onBeat });
  const counts = new Int32Array(${BATCH});
  const flags = new Uint8Array(${BATCH});
  globalThis.hostEvent = (batch) => {
    for (let i = 0; i < ${BATCH}; i++) counts[i] = call(0, batch * ${BATCH} + i, 0, 0, 0);
    detector.push(counts, flags, ${BATCH});
    return hash;
  };`;

const EMPTY = `
  const call = hostCall;
  const counts = new Int32Array(${BATCH});
  globalThis.hostEvent = (batch) => {
    for (let i = 0; i < ${BATCH}; i++) counts[i] = call(0, batch * ${BATCH} + i, 0, 0, 0);
    return counts[0];
  };`;

async function run(main: string, counts: Int32Array) {
  const firmware = readFirmware();
  const { machine } = await makeWorld({
    ports: {
      source: (name) => (name === "main" ? { code: main } : firmware.source(name)),
      call: (_op, index) => counts[index] ?? 0,
    },
  });
  // As on the device: the module lies in flash, where a string in an assertion costs nothing.
  expectOk(machine.freezeIntrinsics());
  expectOk(machine.importModule("hrv/beat-detector"));
  expectOk(machine.sealFlash());
  expectOk(machine.importModule("main"));
  let hash = 0;
  const push = (from: number, to: number): void => {
    for (let batch = from / BATCH; batch < to / BATCH; batch++) hash = expectOk(machine.dispatch(batch));
  };
  push(0, 2000);
  expectOk(machine.collectGarbage());
  const before = { ...machine.counters() };
  push(2000, 2000 + SAMPLES);
  const after = { ...machine.counters() };
  return {
    hash,
    meter: (after.meter - before.meter) / SAMPLES,
    slots: after.slots - before.slots,
    chunkBytes: after.chunkBytes - before.chunkBytes,
    collections: after.collections - before.collections,
    floatOperations: after.floatOperations - before.floatOperations,
  };
}

/** What the same detector says in this process, sample by sample, hashed in the same way. */
function hashHere(counts: Int32Array): number {
  let hash = 0;
  const clock = {
    ticksAt: (index: number, fractionQ8: number): number => (((index * 2621) >> 8) + ((fractionQ8 * 2621) >> 16)) | 0,
  };
  const onBeat = (beat: Beat): void => {
    hash = (Math.imul(hash, 31) + beat.upstrokeTicks) | 0;
    hash = (Math.imul(hash, 31) + beat.rrTicks * 16 + beat.verdict) | 0;
    hash = (Math.imul(hash, 31) + beat.qualityQ8) | 0;
  };
  const detector = new BeatDetector({ rateHz: 100, clock, onBeat });
  for (let i = 0; i < 2000 + SAMPLES; i++)
    detector.push(Int32Array.of(counts[i] ?? 0), Uint8Array.of(SampleFlag.None), 1);
  return hash;
}

describe("beat detector on XS", function () {
  this.timeout(BUILD_TIMEOUT_MS);

  // Of the firmware's 2,000 units a sample. Above 100/min and in noise there are more candidates to weigh.
  for (const [name, bpm, noise, unitsMax] of [
    ["at rest", 75, 0.02, 550],
    ["at 180/min", 180, 0.02, 850],
    ["in noise", 75, 0.5, 850],
  ] as const)
    it(`takes at most ${unitsMax} units a sample, no memory and no double, ${name}, and says what V8 says`, async () => {
      const { counts } = makeTrain({ seconds: 121, interval: () => 60 / bpm, noise });
      const { hash, meter, ...rest } = await run(MAIN, counts);
      const { meter: meterOfLoop } = await run(EMPTY, counts);
      assert.equal(hash, hashHere(counts));
      assert.deepEqual(rest, { slots: 0, chunkBytes: 0, collections: 0, floatOperations: 0 });
      assert.ok(meter - meterOfLoop <= unitsMax, `${meter - meterOfLoop} units a sample`);
    });
});
