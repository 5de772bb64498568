import assert from "node:assert/strict";
import { BandPower } from "hrv/band-power";
import { Coherence, CR_CEILING_Q8, F_CEILING_Q16, F_FLOOR_Q16 } from "hrv/coherence";
import { Absence } from "hrv/reading";
import { Spectrum } from "hrv/spectrum";
import { describe, it } from "mocha";
import { EVERY_SERIES, type Interval, median, rhythm, SOURCES, storeOf } from "../reference/series.js";
import { bandPower, coherence, powerDensity, tachogramMs, type Window } from "../reference/spectrum.js";

const lastTicks = (intervals: readonly Interval[]): number => intervals.at(-1)?.endTicks ?? 0;

function coherenceAt(intervals: readonly Interval[]): Coherence {
  const made = new Coherence(new Spectrum(storeOf(intervals), 64));
  made.measure(lastTicks(intervals));
  return made;
}

function bandsAt(intervals: readonly Interval[]): BandPower {
  const made = new BandPower(new Spectrum(storeOf(intervals), 300));
  made.measure(lastTicks(intervals));
  return made;
}

/** A swing about 800 ms, at 2 Hz for 64 s: the tachogram itself, without beats. */
const tone = (hz: number, turns: number): number[] =>
  Array.from({ length: 128 }, (_, i) => 800 + 50 * Math.cos(2 * Math.PI * ((hz * i) / 2 - turns)));

const TURNS = Array.from({ length: 41 }, (_, i) => i / 41);

describe("the window of 0.015 Hz about the peak", () => {
  // Section 3.4 of the reference: medians over phases of a clean tone at 0.1 Hz.
  const ratioOf = (window: Window, padded: number, reachHz: number): { bins: number; ratio: number } => {
    const all = TURNS.map((turns) => coherence(powerDensity(tone(0.1, turns), padded, 2, window), 2 / padded, reachHz));
    return { bins: all[0]?.binsInPeak ?? 0, ratio: median(all.map((one) => one.ratio)) };
  };

  it("drops both neighbours when bins are 1/64 Hz apart, because that is just wider than 0.015 Hz", () => {
    const trapped = ratioOf("hann", 128, 0.015);
    assert.equal(trapped.bins, 1);
    assert.ok(Math.abs(trapped.ratio - 1.18) < 0.02, `CR ${trapped.ratio}`);
    const oneBin = ratioOf("hann", 128, 1 / 64);
    assert.equal(oneBin.bins, 3);
    assert.ok(Math.abs(oneBin.ratio - 86) < 4, `CR ${oneBin.ratio}`);
  });

  it("takes seven bins on either side when they are 1/512 Hz apart, and so does the band", () => {
    const padded = ratioOf("hann", 1024, 0.015);
    assert.equal(padded.bins, 15);
    assert.ok(Math.abs(padded.ratio - 8.43) < 0.1, `CR ${padded.ratio}`);
    const ratios = TURNS.map((turns) => {
      const { coherence: reading } = coherenceAt(rhythm({ seed: 1, seconds: 70, tones: [{ ms: 50, hz: 0.1, turns }] }));
      assert(reading.absence === Absence.None);
      assert.equal(reading.peakBin, 51); // 0.0996 Hz
      return reading.ratioQ8 / 256;
    });
    assert.ok(Math.abs(median(ratios) - 8.43) < 0.2, `the band's CR ${median(ratios)}`);
  });
});

describe("coherence, its ceiling and floor", () => {
  it("a pure tone reaches F 0.894 and CR 8.43, and the constants say so", () => {
    const all = TURNS.map((turns) => coherence(powerDensity(tone(0.1, turns), 1024), 1 / 512));
    const fraction = median(all.map((one) => one.fraction));
    const ratio = median(all.map((one) => one.ratio));
    assert.ok(Math.abs(fraction - 0.894) < 0.001 && Math.abs(fraction - F_CEILING_Q16 / 65_536) < 0.001, `${fraction}`);
    assert.ok(Math.abs(ratio - 8.43) < 0.1 && Math.abs(ratio - CR_CEILING_Q8 / 256) < 0.1, `${ratio}`);
  });

  it("noise alone has F 0.22 in the median, and the constant says so", () => {
    const all = Array.from({ length: 401 }, (_, i) => {
      const { coherence: reading } = coherenceAt(rhythm({ seed: i + 1, seconds: 70, noiseMs: 15 }));
      return reading.absence === Absence.None ? reading.fractionQ16 / 65_536 : Number.NaN;
    });
    assert.ok(Math.abs(median(all) - 0.22) < 0.01, `${median(all)}`);
    assert.ok(Math.abs(median(all) - F_FLOOR_Q16 / 65_536) < 0.003, `${median(all)}`);
  });
});

describe("spectrum against the recipe in floating point", () => {
  it(`has F within e = 0.001 + 0.003 ms / SD and CR within e (1 + CR)^2 + 1/512, over ${SOURCES}`, () => {
    let compared = 0;
    let worst = 0;
    for (const { name, intervals } of EVERY_SERIES)
      for (let keep = intervals.length; keep > 100 && keep > intervals.length - 400; keep -= 37) {
        const part = intervals.slice(Math.max(0, keep - 250), keep);
        const { coherence: reading } = coherenceAt(part);
        if (reading.absence !== Absence.None) continue;
        const density = powerDensity(tachogramMs(part, lastTicks(part), 128), 1024);
        const wanted = coherence(density, 1 / 512);
        const where = `${name}, up to beat ${keep}`;
        compared++;
        // Two peaks of one height: either is right.
        const atOurs = density[reading.peakBin]!; // 21 .. 133
        assert.ok(atOurs >= 0.995 * density[Math.round(wanted.peakHz * 512)]!, `${where}: peak ${reading.peakBin}`); // as is this
        if (reading.peakBin !== Math.round(wanted.peakHz * 512)) continue;
        const error = Math.abs(reading.fractionQ16 / 65_536 - wanted.fraction);
        // Points are kept to 1/16 tick, 0.02 ms: the stiller the heart, the more that shows.
        const allowed = 0.001 + 0.003 / Math.sqrt(bandPower(density, 1 / 512, 0.0033, 0.4));
        worst = Math.max(worst, error / allowed);
        assert.ok(error <= allowed, `${where}: F ${reading.fractionQ16 / 65_536} for ${wanted.fraction}`);
        const ratioError = Math.abs(reading.ratioQ8 / 256 - wanted.ratio);
        assert.ok(
          ratioError <= allowed * (1 + wanted.ratio) ** 2 + 1 / 512,
          `${where}: CR ${reading.ratioQ8 / 256} for ${wanted.ratio}`,
        );
      }
    assert.ok(compared >= 40, `only ${compared} windows compared`);
    process.stdout.write(`      ${compared} windows, F off by at most ${worst.toFixed(2)} of that\n`);
  });

  it(`has the bands within 0.3 % and 0.006 ms^2, over ${SOURCES}`, () => {
    let compared = 0;
    let worst = 0;
    for (const { name, intervals } of EVERY_SERIES) {
      const bands = bandsAt(intervals);
      if (bands.hf.absence !== Absence.None) continue;
      const density = powerDensity(
        tachogramMs(intervals, lastTicks(intervals), 2 * Math.floor(bands.hf.windowMs / 1000)),
        1024,
      );
      const lf = bandPower(density, 1 / 512, 0.04, 0.15);
      const hf = bandPower(density, 1 / 512, 0.15, 0.4, true);
      const check = (what: string, ms2Q8: number, wanted: number): void => {
        const error = Math.abs(ms2Q8 / 256 - wanted);
        worst = Math.max(worst, (error - 0.006) / wanted);
        assert.ok(error <= 0.003 * wanted + 0.006, `${name}: ${what} ${ms2Q8 / 256} ms^2 for ${wanted}`);
        compared++;
      };
      check("HF", bands.hf.ms2Q8, hf);
      if (bands.lf.absence === Absence.None) check("LF", bands.lf.ms2Q8, lf);
      if (bands.vlf.absence === Absence.None) check("VLF", bands.vlf.ms2Q8, bandPower(density, 1 / 512, 0.0033, 0.04));
      if (bands.lfShare.absence === Absence.None) {
        const wanted = (100 * lf) / (lf + hf);
        assert.ok(
          Math.abs(bands.lfShare.percentQ8 / 256 - wanted) <= 0.15 + 0.4 / (lf + hf),
          `${name}: LF share, ${wanted} %`,
        );
      }
    }
    assert.ok(compared >= 15, `only ${compared} powers compared`);
    process.stdout.write(`      ${compared} powers within ${(worst * 100).toFixed(3)} % and 0.006 ms^2\n`);
  });
});

describe("band powers of planted tones", () => {
  it("finds half the square of each swing in its band", () => {
    // 40 ms at 0.1 Hz is 800 ms^2, 20 ms at 0.25 Hz is 200 ms^2; lines between beats of 0.8 s cost sinc^4: 4 and 24 %.
    const bands = bandsAt(
      rhythm({
        seed: 1,
        seconds: 310,
        tones: [
          { ms: 40, hz: 0.1 },
          { ms: 20, hz: 0.25 },
        ],
      }),
    );
    assert(
      bands.lf.absence === Absence.None && bands.hf.absence === Absence.None && bands.vlf.absence === Absence.None,
    );
    const sinc4 = (x: number): number => (Math.sin(Math.PI * x) / (Math.PI * x)) ** 4;
    assert.ok(Math.abs(bands.lf.ms2Q8 / 256 / (800 * sinc4(0.08)) - 1) < 0.03, `LF ${bands.lf.ms2Q8 / 256}`);
    assert.ok(Math.abs(bands.hf.ms2Q8 / 256 / (200 * sinc4(0.2)) - 1) < 0.12, `HF ${bands.hf.ms2Q8 / 256}`);
    assert.ok(bands.vlf.ms2Q8 / 256 < 2, `VLF ${bands.vlf.ms2Q8 / 256}`);
  });
});

describe("spectrum, what it does not say", () => {
  const steady = (seconds: number, seed = 1): Interval[] =>
    rhythm({ seed, seconds, tones: [{ ms: 30, hz: 0.12 }], noiseMs: 5 });
  const without = (intervals: readonly Interval[], from: number, count: number): Interval[] =>
    intervals.flatMap((one, i) =>
      i >= from && i < from + count ? [] : [i === from + count ? { ...one, joined: false } : one],
    );

  it("nothing before 64 s, LF from 120 s, VLF from 300 s", () => {
    assert.equal(coherenceAt(steady(62)).coherence.absence, Absence.TooShort);
    assert.equal(coherenceAt(steady(66)).coherence.absence, Absence.None);
    const absences = (seconds: number): Absence[] => {
      const { hf, lf, lfShare, vlf } = bandsAt(steady(seconds));
      return [hf.absence, lf.absence, lfShare.absence, vlf.absence];
    };
    assert.deepEqual(absences(62), [Absence.TooShort, Absence.TooShort, Absence.TooShort, Absence.TooShort]);
    assert.deepEqual(absences(66), [Absence.None, Absence.TooShort, Absence.TooShort, Absence.TooShort]);
    assert.deepEqual(absences(122), [Absence.None, Absence.None, Absence.None, Absence.TooShort]);
    assert.deepEqual(absences(303), [Absence.None, Absence.None, Absence.None, Absence.None]);
  });

  it("draws across one missed beat, not across a run", () => {
    const intervals = steady(70);
    const one = coherenceAt(without(intervals, 40, 2));
    assert.equal(one.coherence.absence, Absence.None);
    assert.ok(one.coherence.coveragePercent >= 95 && one.coherence.coveragePercent < 100);
    const run = coherenceAt(without(intervals, 40, 5));
    assert.equal(run.coherence.absence, Absence.LongGap);
    assert.ok(run.coherence.coveragePercent >= 90);
  });

  it("refuses F under 90 % and bands under 95 %", () => {
    let intervals: readonly Interval[] = steady(70);
    const seen: [number, boolean][][] = [[], []];
    for (const from of [74, 68, 60, 50, 40, 30]) {
      intervals = without(intervals, from, 1);
      const f = coherenceAt(intervals).coherence;
      const { hf } = bandsAt(intervals);
      seen[0]?.push([f.coveragePercent, f.absence === Absence.None]);
      seen[1]?.push([hf.coveragePercent, hf.absence === Absence.None]);
    }
    [90, 95].forEach((least, i) => {
      for (const [percent, isThere] of seen[i] ?? []) assert.equal(isThere, percent >= least, JSON.stringify(seen[i]));
      assert.equal(new Set(seen[i]?.map(([, isThere]) => isThere)).size, 2, "both sides are seen");
    });
  });

  it("makes no ratio of a heart like a clock", () => {
    const clockwork = Array.from({ length: 400 }, (_, i) => ({ rrTicks: 800, endTicks: 800 * (i + 1), joined: i > 0 }));
    assert.equal(coherenceAt(clockwork).coherence.absence, Absence.NoVariation);
    assert.equal(bandsAt(clockwork).lfShare.absence, Absence.NoVariation);
  });

  it("sees the silence when beats stop coming", () => {
    const intervals = steady(90);
    const made = new Coherence(new Spectrum(storeOf(intervals), 64));
    made.measure(lastTicks(intervals) + 3000);
    assert.equal(made.coherence.absence, Absence.None);
    made.measure(lastTicks(intervals) + 10_000);
    assert.equal(made.coherence.absence, Absence.LowCoverage);
  });
});
