import assert from "node:assert/strict";
import { Absence } from "hrv/reading";
import { Respiration, type RespirationReading } from "hrv/respiration";
import { Spectrum } from "hrv/spectrum";
import { describe, it } from "mocha";
import { EVERY_SERIES, type Interval, type Rhythm, rhythm, SOURCES, storeOf } from "../reference/series.js";
import { powerDensity, tachogramMs } from "../reference/spectrum.js";

function rateOf(intervals: readonly Interval[]): RespirationReading {
  const made = new Respiration(new Spectrum(storeOf(intervals), 64));
  made.measure(intervals.at(-1)?.endTicks ?? 0);
  return made.rate;
}

const heart = (plan: Omit<Rhythm, "seed" | "seconds">, seed = 1): Interval[] => rhythm({ seconds: 75, ...plan, seed });

describe("respiration rate", () => {
  for (const perMinute of [6.6, 9, 12, 15, 20, 27])
    it(`finds a planted ${perMinute} a minute within 0.1`, () => {
      for (const turns of [0, 0.3, 0.7]) {
        const rate = rateOf(heart({ tones: [{ ms: 20, hz: perMinute / 60, turns }], noiseMs: 1 }));
        assert(rate.absence === Absence.None, `absence ${rate.absence}`);
        assert.ok(Math.abs(rate.breathsPerMinuteQ8 / 256 - perMinute) < 0.1, `${rate.breathsPerMinuteQ8 / 256}`);
      }
    });

  it("finds it in noise within 1 a minute wherever it says a rate, in more than 9 of 10 hearts at 20 ms in 10", () => {
    let said = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const hz = 0.15 + (0.15 * seed) / 200;
      const rate = rateOf(heart({ tones: [{ ms: 20, hz }], noiseMs: 10, driftMs: 1 }, seed));
      if (rate.absence !== Absence.None) continue;
      said++;
      assert.ok(
        Math.abs(rate.breathsPerMinuteQ8 / 256 - 60 * hz) <= 1,
        `seed ${seed}: ${rate.breathsPerMinuteQ8 / 256}`,
      );
    }
    assert.ok(said > 180, `${said} of 200`);
  });

  it("says a rate for at most 5 in 100 hearts that have only noise", () => {
    for (const meanMs of [500, 800, 1300]) {
      let said = 0;
      for (let seed = 1; seed <= 400; seed++)
        if (rateOf(heart({ meanMs, noiseMs: 15 }, seed)).absence === Absence.None) said++;
      assert.ok(said <= 24, `${said} of 400 at ${meanMs} ms`); // 5 % and one standard error
    }
  });

  it("does not look beyond half the beat rate: 60 000 / 1300 / 2 is 23.1 a minute", () => {
    const below = rateOf(heart({ meanMs: 1300, tones: [{ ms: 40, hz: 0.33 }], noiseMs: 1 })); // 19.8 a minute
    assert(below.absence === Absence.None);
    assert.ok(Math.abs(below.breathsPerMinuteQ8 / 256 - 19.8) < 0.3);
    const atLimit = rateOf(heart({ meanMs: 1300, tones: [{ ms: 40, hz: 0.3845 }], noiseMs: 1 }));
    assert.notEqual(atLimit.absence, Absence.None);
  });

  it("takes slow breathing below 6 a minute for what it is: beyond the edge", () => {
    assert.equal(rateOf(heart({ tones: [{ ms: 40, hz: 0.08 }], noiseMs: 1 })).absence, Absence.AtEdge);
  });

  it("gives a spectrum's reasons", () => {
    assert.equal(rateOf(rhythm({ seed: 1, seconds: 60, noiseMs: 5 })).absence, Absence.TooShort);
    assert.equal(rateOf(heart({ noiseMs: 5, missed: 0.1 })).absence, Absence.LowCoverage);
    const clockwork = Array.from({ length: 200 }, (_, i) => ({ rrTicks: 800, endTicks: 800 * (i + 1), joined: i > 0 }));
    assert.equal(rateOf(clockwork).absence, Absence.NoVariation);
  });

  it(`is within 0.02 a minute of the same peak in floating point, over ${SOURCES}`, () => {
    let compared = 0;
    for (const { name, intervals } of EVERY_SERIES) {
      const rate = rateOf(intervals);
      if (rate.absence !== Absence.None) continue;
      const density = powerDensity(tachogramMs(intervals, intervals.at(-1)?.endTicks ?? 0, 128), 1024);
      const k = Math.round((rate.breathsPerMinuteQ8 / 256 / 60) * 512);
      const [left = 0, middle = 0, right = 0] = density.slice(k - 1, k + 2);
      const wanted = ((k + (0.5 * (right - left)) / (2 * middle - left - right)) * 60) / 512;
      assert.ok(
        Math.abs(rate.breathsPerMinuteQ8 / 256 - wanted) <= 0.02,
        `${name}: ${rate.breathsPerMinuteQ8 / 256} for ${wanted}`,
      );
      compared++;
    }
    assert.ok(compared >= 4, `only ${compared} series have a rate`);
    process.stdout.write(`      ${compared} series with a rate\n`);
  });
});
