import assert from "node:assert/strict";
import fc from "fast-check";
import { BeatVerdict } from "hrv/beat";
import { SampleFlag } from "ppg/samples";
import { Listener, makeTrain } from "./pulse-train.js";

const FULL_SCALE = 2 ** 18 - 1;
const counts = fc.integer({ min: 0, max: FULL_SCALE });
/** Stretches of up to three seconds of anything a sensor can deliver. */
const stretch = fc.oneof(
  fc.record({ kind: fc.constant("noise"), values: fc.array(counts, { minLength: 1, maxLength: 300 }) }),
  fc.record({ kind: fc.constant("level"), values: fc.tuple(counts, fc.integer({ min: 1, max: 300 })) }),
  fc.record({
    kind: fc.constant("saturated"),
    values: fc.tuple(fc.constant(FULL_SCALE), fc.integer({ min: 1, max: 300 })),
  }),
  fc.record({ kind: fc.constant("step"), values: fc.tuple(counts, fc.integer({ min: 1, max: 50 })) }),
  fc.record({ kind: fc.constant("gap"), values: fc.tuple(fc.constant(0), fc.integer({ min: 1, max: 1000 })) }),
  // Flicker of mains light, aliased: a square wave of any period.
  fc.record({
    kind: fc.constant("flicker"),
    values: fc.tuple(counts, counts, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 30, max: 300 })),
  }),
);

type Stretch = ReturnType<typeof stretch.generate>["value"];

function play(listener: Listener, { kind, values }: Stretch): void {
  const [a = 0, b = 0, c = 1, d = 0] = values;
  if (kind === "noise") listener.push(values);
  else if (kind === "level") listener.push(new Int32Array(b).fill(a));
  else if (kind === "saturated") listener.push(new Int32Array(b).fill(a), SampleFlag.Saturated);
  else if (kind === "gap") listener.gap(b);
  else if (kind === "step") listener.push([a], SampleFlag.LightStep).push(new Int32Array(b).fill(a));
  else listener.push(Int32Array.from({ length: d }, (_, i) => (Math.floor(i / c) % 2 === 0 ? a : b)));
}

const clean = makeTrain({ seconds: 12, interval: () => 0.8 });

describe("beat detector, whatever comes", () => {
  it("never throws, keeps its beats in order and its numbers in range, and hears a clean pulse within six seconds", () => {
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 8 }), (stretches) => {
        const listener = new Listener();
        for (const each of stretches) play(listener, each);
        const wild = listener.heard.length;
        const startedAt = listener.seconds;
        listener.push(clean.counts);
        listener.heard.forEach((h, i) => {
          assert.ok(Number.isInteger(h.at * 1024) && Number.isInteger(h.rr * 1024), "whole ticks");
          assert.ok(i === 0 || h.at > (listener.heard[i - 1]?.at ?? 0), "later than the beat before");
          assert.ok(h.verdict !== BeatVerdict.Accepted || (h.rr >= 0.299 && h.rr <= 2), "a plausible interval");
          assert.ok(h.reportedAt - h.at <= 1.5, "told in time");
        });
        const heard = listener.heard.slice(wild).filter((h) => h.at >= startedAt + 5.95);
        const due = clean.beats.filter((beat) => beat >= 6.05 && beat < 11.3);
        for (const beat of due)
          assert.ok(
            heard.some((h) => Math.abs(h.at - startedAt - beat) < 0.06),
            `beat ${beat.toFixed(1)} s after the start of the clean pulse was not heard`,
          );
      }),
      { numRuns: 300, seed: 0x5eed0003 },
    );
  });
});
