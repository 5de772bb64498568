import assert from "node:assert/strict";
import { Coherence } from "hrv/coherence";
import { FreeRhythm } from "hrv/free-rhythm";
import { Absence } from "hrv/reading";
import { Spectrum } from "hrv/spectrum";
import { describe, it } from "mocha";
import { leastSquaresSwing, phaseCoherence } from "../reference/lock-in.js";
import { type Interval, median, type Rhythm, rhythm, storeOf } from "../reference/series.js";

function freeOf(intervals: readonly Interval[]): { free: FreeRhythm; coherence: Coherence; endTicks: number } {
  const series = storeOf(intervals);
  const spectrum = new Spectrum(series, 64);
  const coherence = new Coherence(spectrum);
  coherence.measure(intervals.at(-1)?.endTicks ?? 0);
  const free = new FreeRhythm(series);
  free.measure(coherence.coherence, spectrum.endTicks);
  return { free, coherence, endTicks: spectrum.endTicks };
}

const heart = (plan: Omit<Rhythm, "seed" | "seconds">, seed = 1): Interval[] => rhythm({ seconds: 75, ...plan, seed });

describe("free rhythm", () => {
  it("scores a steady rhythm at any frequency high, whatever its phase", () => {
    for (const hz of [0.0625, 0.085, 0.1, 0.12, 0.2])
      for (const turns of [0, 0.2, 0.5]) {
        const { rhythm: reading } = freeOf(heart({ tones: [{ ms: 25, hz, turns }], noiseMs: 5 })).free;
        assert(reading.absence === Absence.None, `${hz} Hz: absence ${reading.absence}`);
        assert.ok(reading.scorePercent >= 85, `${hz} Hz: ${reading.scorePercent}`);
        assert.ok(
          Math.abs(reading.breathsPerMinuteQ8 / 256 - hz * 60) <= 0.25,
          `${hz} Hz: ${reading.breathsPerMinuteQ8 / 256}`,
        );
        assert.equal(reading.breathCount, Math.min(6, Math.floor((reading.breathsPerMinuteQ8 * 64) / (256 * 60)))); // in 64 s
      }
  });

  it("has the swing's amplitude: 25 ms at 0.1 Hz, 2 % lost between beats", () => {
    const { rhythm: reading } = freeOf(heart({ tones: [{ ms: 25, hz: 0.1 }], noiseMs: 2 })).free;
    assert(reading.absence === Absence.None);
    assert.ok(Math.abs(reading.amplitudeMsQ8 / 256 - 24.5) < 1, `${reading.amplitudeMsQ8 / 256}`);
  });

  it("has the floors that its score takes off, for 3 to 6 breaths: 0.68, 0.59, 0.50, 0.32", () => {
    const found = new Map<number, number[]>();
    for (let seed = 1; seed <= 2001; seed++) {
      const { rhythm: reading } = freeOf(heart({ noiseMs: 15 }, seed)).free;
      if (reading.absence !== Absence.None) continue;
      found.set(reading.breathCount, [...(found.get(reading.breathCount) ?? []), reading.coherenceQ16 / 65_536]);
    }
    for (const [breaths, floor] of [
      [3, 0.68],
      [4, 0.59],
      [5, 0.5],
      [6, 0.32],
    ] as const) {
      const got = median(found.get(breaths) ?? []);
      assert.ok(Math.abs(got - floor) <= 0.02, `${breaths} breaths: ${got}`);
    }
  });

  it("scores the median of mere noise 0 or little", () => {
    const scores = Array.from({ length: 201 }, (_, i) => {
      const { rhythm: reading } = freeOf(heart({ noiseMs: 15 }, i + 1)).free;
      return reading.absence === Absence.None ? reading.scorePercent : 0;
    });
    assert.ok(median(scores) <= 5, `${median(scores)}`);
  });

  it("is the PC of least squares in floating point within 0.003", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const intervals = heart({ tones: [{ ms: 12, hz: 0.09 }], noiseMs: 12 }, seed);
      const { free, coherence, endTicks } = freeOf(intervals);
      assert(free.rhythm.absence === Absence.None && coherence.coherence.absence === Absence.None);
      const periodTicks = Math.round(524_288 / coherence.coherence.peakBin);
      const swings = Array.from({ length: free.rhythm.breathCount }, (_, i) =>
        leastSquaresSwing(intervals, endTicks - (i + 1) * periodTicks, periodTicks, 64),
      );
      const wanted = phaseCoherence(swings);
      assert.ok(Math.abs(free.rhythm.coherenceQ16 / 65_536 - wanted) <= 0.003, `seed ${seed}: for ${wanted}`);
    }
  });

  it("is absent for the spectrum's reasons, and for a rhythm of which 64 s hold less than three", () => {
    assert.equal(freeOf(rhythm({ seed: 1, seconds: 50, noiseMs: 10 })).free.rhythm.absence, Absence.TooShort);
    assert.equal(freeOf(heart({ noiseMs: 10, missed: 0.15 })).free.rhythm.absence, Absence.LowCoverage);
    const { free, coherence } = freeOf(heart({ tones: [{ ms: 40, hz: 0.042 }], noiseMs: 2 }));
    assert(coherence.coherence.absence === Absence.None && coherence.coherence.peakBin < 24);
    assert.equal(free.rhythm.absence, Absence.TooFew);
  });
});
