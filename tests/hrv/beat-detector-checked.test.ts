import assert from "node:assert/strict";
import { BeatDetector } from "hrv/beat-detector";
import { SampleFlag } from "ppg/samples";
import { checkedTwin } from "./checked-twin.js";
import { exactClock, makeTrain } from "./pulse-train.js";

const FULL_SCALE = 2 ** 18 - 1;

/** What `Detector` says of these counts: every field of every beat. */
function said(Detector: typeof BeatDetector, counts: Int32Array): number[][] {
  const beats: number[][] = [];
  const detector = new Detector({
    rateHz: 100,
    clock: exactClock,
    onBeat: ({ upstrokeTicks, rrTicks, verdict, qualityQ8 }) =>
      beats.push([upstrokeTicks, rrTicks, verdict, qualityQ8]),
  });
  detector.push(counts, new Uint8Array(counts.length).fill(SampleFlag.None), counts.length);
  detector.flush();
  return beats;
}

describe("beat detector with every step watched", function () {
  this.timeout(60_000);

  for (const [name, counts] of [
    ["a pulse at 40/min", makeTrain({ seconds: 60, interval: () => 1.5 }).counts],
    ["a pulse at 200/min in noise", makeTrain({ seconds: 60, interval: () => 0.3, noise: 0.5 }).counts],
    ["a drift of twenty pulses", makeTrain({ seconds: 60, interval: () => 0.8, drift: 20 }).counts],
    ["a square wave of full scale", Int32Array.from({ length: 6000 }, (_, i) => (i % 80 < 40 ? 0 : FULL_SCALE))],
    ["the fastest square wave", Int32Array.from({ length: 6000 }, (_, i) => (i % 2 === 0 ? 0 : FULL_SCALE))],
    ["anything", Int32Array.from({ length: 6000 }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 14)],
  ] as const)
    it(`never leaves int32 and says the same: ${name}`, async () => {
      const twin = (await checkedTwin("hrv/beat-detector")) as { BeatDetector: typeof BeatDetector }; // exports the same
      assert.deepEqual(said(twin.BeatDetector, counts), said(BeatDetector, counts));
    });
});
