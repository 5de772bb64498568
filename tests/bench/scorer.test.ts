import assert from "node:assert/strict";
import { constantLag, type Detection, matchBeats, rmssd, score } from "../../bench/accuracy/scorer.js";

/** Beats at these times, each with the interval since the one before, all accepted. */
const beats = (times: readonly number[]): Detection[] =>
  times.map((tMs, i) => ({ tMs, rrMs: i === 0 ? null : tMs - (times[i - 1] ?? 0), accepted: i > 0 }));

/** Irregular, so that only the right lag fits: 20 beats from 4 s on. */
const REFERENCE: readonly number[] = (() => {
  const out = [4000];
  for (const step of [800, 950, 700, 1000, 850, 760, 990, 820, 910, 730, 880, 1020, 790, 860, 940, 770, 830, 980, 890])
    out.push((out.at(-1) ?? 0) + step);
  return out;
})();
const shifted = (ms: number): number[] => REFERENCE.map((t) => t + ms);
const none = { mask: [] };

describe("scorer", () => {
  it("pairs one to one, nearest first, within 150 ms", () => {
    // 1040 is nearer to 1000 than 960 is not: both are 40 away, the earlier wins; 1900 is 100 from 2000; 2850 is 150 away.
    assert.deepEqual(matchBeats([1000, 2000, 3000], [960, 1030, 1900, 2850]), [
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    assert.deepEqual(matchBeats([3000], [2849]), []);
  });

  it("finds the constant lag", () => {
    assert.ok(Math.abs(constantLag(REFERENCE, shifted(237)) - 237) < 1e-9);
  });

  it("settles lags one beat apart by the intervals, not by the count", () => {
    // Regular but for one early beat: every lag of a beat pairs nearly all, one fits the intervals.
    const regular = Array.from({ length: 40 }, (_, i) => 4000 + 600 * i + (i === 20 ? -100 : 0));
    assert.ok(
      Math.abs(
        constantLag(
          regular,
          regular.map((t) => t + 250),
        ) - 250,
      ) < 1e-9,
    );
  });

  it("scores a perfect detector with a transit time as perfect", () => {
    const result = score({ beatsMs: REFERENCE, ...none }, beats(shifted(300)), []);
    assert.equal(result.truePositives, 20);
    assert.equal(result.missed, 0);
    assert.equal(result.extra, 0);
    assert.equal(result.ibiPossible, 19);
    assert.deepEqual(
      result.ibiErrorsMs.map((error) => Math.round(error)),
      new Array(19).fill(0),
    );
    assert.equal(result.wrongCount, 0);
  });

  it("counts a missed beat, and the long interval over it as wrong but not as covered", () => {
    const times = shifted(300).filter((_, i) => i !== 10);
    const result = score({ beatsMs: REFERENCE, ...none }, beats(times), []);
    assert.equal(result.missed, 1);
    assert.equal(result.ibiErrorsMs.length, 17); // two reference pairs lost their beat
    assert.equal(result.wrongCount, 1);
  });

  it("counts an extra beat, and both its halves as wrong", () => {
    const times = shifted(300);
    times.splice(11, 0, (times[10] ?? 0) + 400); // between 10 and 11, whose interval is 880 ms
    const result = score({ beatsMs: REFERENCE, ...none }, beats(times), []);
    assert.equal(result.extra, 1);
    assert.equal(result.missed, 0);
    assert.equal(result.wrongCount, 2);
    assert.equal(result.ibiErrorsMs.length, 18);
  });

  it("leaves out masks, the first three seconds and what lies outside the reference", () => {
    const early = [1000, 2000, ...REFERENCE];
    const times = early.map((t) => t + 300);
    times.push((times.at(-1) ?? 0) + 900); // after the last reference beat
    const mask = [{ startMs: 6000, endMs: 8000 }]; // beats at 6450 and 7450 are in it
    const result = score({ beatsMs: early, mask }, beats(times), []);
    assert.equal(result.truePositives, 18);
    assert.equal(result.extra, 0);
    assert.equal(result.missed, 0);
    assert.equal(result.ibiPossible, 16); // 19 pairs, less 5750-6450, 6450-7450, 7450-8300
  });

  it("counts only accepted intervals for error and coverage", () => {
    const detections = beats(shifted(300)).map((d, i) => ({ ...d, accepted: d.accepted && i % 2 === 0 }));
    const result = score({ beatsMs: REFERENCE, ...none }, detections, []);
    assert.equal(result.truePositives, 20);
    assert.equal(result.ibiErrorsMs.length, 9);
    assert.equal(result.acceptedCount, 9);
  });

  it("takes RMSSD after the plain rule, and no difference across what was left out", () => {
    const rr = [800, 810, 800, 810, 800, 810, 800, 810, 800, 810, 800, 810];
    assert.ok(Math.abs((rmssd(rr) ?? 0) - 10) < 1e-9);
    // 1200 is 50 % off the median: it goes, and the two differences with it.
    assert.ok(Math.abs((rmssd([...rr, 1200, ...rr]) ?? 0) - 10) < 1e-9);
    assert.equal(rmssd([800, 810, 800]), null);
  });

  it("counts the seconds in which a rate was said, and those more than 10 bpm off", () => {
    const regular = Array.from({ length: 60 }, (_, i) => 4000 + 1000 * i); // 60/min
    const stated = [
      { tMs: 20_000, bpm: 60 },
      { tMs: 21_000, bpm: 70 },
      { tMs: 22_000, bpm: 71 },
      { tMs: 23_000, bpm: null },
    ];
    const result = score({ beatsMs: regular, ...none }, beats(regular), stated);
    assert.equal(result.ratesPossible, 4);
    assert.equal(result.ratesSaid, 3);
    assert.equal(result.ratesWrong, 1);
  });
});
