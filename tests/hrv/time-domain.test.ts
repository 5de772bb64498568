import assert from "node:assert/strict";
import { NnSeries } from "hrv/nn-series";
import { Absence, type Reading } from "hrv/reading";
import { TimeDomain } from "hrv/time-domain";
import { describe, it } from "mocha";
import { EVERY_SERIES, type Interval, SOURCES, storeOf } from "../reference/series.js";
import { timeDomain } from "../reference/time-domain.js";

/** A reading that must be there. */
function present<Value>(reading: Reading<Value>, what: string): Value {
  if (reading.absence !== Absence.None) assert.fail(`${what} is absent: reason ${reading.absence}`);
  return reading;
}

/** Intervals that join, from the start of the clock. */
function joined(rrTicks: readonly number[]): Interval[] {
  let endTicks = 0;
  return rrTicks.map((one, i) => {
    endTicks += one;
    return { rrTicks: one, endTicks, joined: i > 0 };
  });
}

function measured(intervals: readonly Interval[], windowMs: number): TimeDomain {
  const domain = new TimeDomain(storeOf(intervals));
  domain.measure(intervals.at(-1)?.endTicks ?? 0, windowMs);
  return domain;
}

const repeat = (pattern: readonly number[], times: number): number[] =>
  Array.from({ length: times }, () => pattern).flat();

describe("time domain, worked by hand", () => {
  // 768 and 896 ticks are 750 and 875 ms. 192 intervals, 96 of each: 156 s. Mean 812.5, each 62.5 away from it.
  const alternating = measured(joined(repeat([768, 896], 96)), 300_000);

  it("takes the mean, and the sample's standard deviation", () => {
    assert.equal(present(alternating.meanNn, "mean").msQ8, 812.5 * 256);
    // sqrt(192 * 62.5^2 / 191) = 62.6634 ms
    assert.equal(present(alternating.sdnn, "SDNN").msQ8, Math.round(62.6634 * 256));
  });

  it("takes RMSSD over the differences, all of 125 ms", () => {
    assert.equal(alternating.differenceCount, 191);
    assert.equal(present(alternating.rmssd, "RMSSD").msQ8, 125 * 256);
    assert.equal(present(alternating.lnRmssd, "lnRMSSD").lnMsQ10, Math.round(4.828314 * 1024)); // ln 125
    assert.equal(present(alternating.pnn50, "pNN50").percentQ8, 100 * 256);
  });

  it("takes SD1 from the differences' sample variance", () => {
    // 96 rises and 95 falls: mean 125/191, sum of squares 191 * 125^2 - 125^2/191, over 190, halved: SD1 = 88.619 ms
    assert.ok(Math.abs(present(alternating.sd1, "SD1").msQ8 - 88.6194 * 256) <= 1);
  });

  it("counts |d| > 50 ms, not 50 ms itself, over M", () => {
    // 51 ticks are 49.8 ms, 52 are 50.8: two of the four steps count.
    const half = measured(joined(repeat([800, 851, 800, 852], 40)), 300_000);
    assert.equal(half.differenceCount, 159);
    assert.equal(present(half.pnn50, "pNN50").percentQ8, Math.round((100 * 79 * 256) / 159)); // 80 steps of 52, less the last
  });

  it("gives SD1 = RMSSD / sqrt 2 only where the differences' mean is zero", () => {
    // 700, 702, 704 ... up by 2 ticks a beat: every difference is the same, so SD1 is 0 though RMSSD is 1.953 ms.
    const ramp = measured(joined(Array.from({ length: 180 }, (_, i) => 700 + 2 * i)), 300_000);
    assert.equal(present(ramp.sd1, "SD1").msQ8, 0);
    assert.equal(present(ramp.rmssd, "RMSSD").msQ8, Math.round((2 / 1.024) * 256));
  });

  it("takes the stress index from the modal bin, its middle, and the range", () => {
    // 150 intervals of 819 ticks (799.8 ms, bin 750 .. 800) and 50 of 922 (900.4 ms): AMo 75 %, Mo 0.775 s,
    // MxDMn 103 ticks = 0.100586 s. 75 / (2 * 0.775 * 0.100586) = 481.05
    const two = measured(joined([...repeat([819], 150), ...repeat([922], 50)]), 300_000);
    assert.ok(Math.abs(present(two.stress, "stress").percentPerS2Q8 / 256 - 481.05) < 0.02);
  });
});

describe("time domain, gaps", () => {
  it("never counts a difference across a gap", () => {
    // Before the gap 800, after it 1000: the one step of 200 must not appear anywhere.
    const before = joined(repeat([800], 60));
    const lost = 3000;
    const after = joined(repeat([1000], 60)).map((one) => ({ ...one, endTicks: one.endTicks + 48_000 + lost }));
    const domain = measured([...before, ...after], 300_000);
    assert.equal(domain.intervalCount, 120);
    assert.equal(domain.differenceCount, 118);
    assert.equal(present(domain.rmssd, "RMSSD").msQ8, 0);
    assert.equal(domain.lnRmssd.absence, Absence.NoVariation);
  });

  it("sees a gap by the beats' times alone", () => {
    const series = new NnSeries(64);
    series.add(800, 800);
    series.add(800, 2400); // 800 missing
    series.add(800, 3200);
    assert.deepEqual([series.isUnbroken(0), series.isUnbroken(1)], [true, false]);
  });

  it("takes an implausible interval for a gap: 306 and 2049 ticks, not 307 and 2048", () => {
    const series = new NnSeries(64);
    let endTicks = 0;
    for (const rrTicks of [306, 307, 2048, 2049, 800]) {
      endTicks += rrTicks;
      series.add(rrTicks, endTicks);
    }
    assert.equal(series.count, 3);
    assert.deepEqual([series.rrTicks(2), series.rrTicks(1), series.rrTicks(0)], [307, 2048, 800]);
    assert.deepEqual([series.isUnbroken(1), series.isUnbroken(0)], [true, false]);
  });

  it("refuses under 90 % clean, and gives at 90 %", () => {
    // Ten intervals of 1000 ticks, then a hole. 10 000 of 11 111 ticks are 90.0 %, of 11 121 are 89.9 %.
    const withHole = (holeTicks: number): TimeDomain => {
      const intervals: Interval[] = [];
      for (let run = 0; run < 12; run++)
        for (let i = 1; i <= 10; i++)
          intervals.push({ rrTicks: 1000, endTicks: run * (10_000 + holeTicks) + i * 1000, joined: i > 1 });
      intervals.push({ rrTicks: 1000, endTicks: 12 * (10_000 + holeTicks) + 1000, joined: false });
      const domain = new TimeDomain(storeOf(intervals));
      domain.measure(intervals.at(-1)?.endTicks ?? 0, 300_000);
      return domain;
    };
    assert.equal(withHole(1000).meanNn.coveragePercent, 90); // 121 000 of 133 000
    assert.equal(withHole(1000).rmssd.absence, Absence.None);
    assert.equal(withHole(1200).meanNn.coveragePercent, 89); // 121 000 of 135 400
    for (const reading of [withHole(1200).meanNn, withHole(1200).rmssd, withHole(1200).sdnn, withHole(1200).stress])
      assert.equal(reading.absence, Absence.LowCoverage);
  });

  it("counts silence since the last beat as uncovered once it is longer than a late beat", () => {
    const intervals = joined(repeat([1000], 100));
    const domain = new TimeDomain(storeOf(intervals));
    domain.measure(100_000 + 3584, 60_000);
    assert.equal(domain.meanNn.coveragePercent, 100);
    domain.measure(100_000 + 8000, 60_000); // 8000 of 61 440 ticks silent: 86.98 %
    assert.equal(domain.meanNn.coveragePercent, 86);
    assert.equal(domain.rmssd.absence, Absence.LowCoverage);
  });
});

describe("time domain, least data", () => {
  it("says RMSSD provisionally from 30 s, for good from 60 s, SDNN from 120 s", () => {
    const at = (beats: number): TimeDomain => measured(joined(repeat([820, 828], beats / 2)), 300_000);
    const beatsIn = (seconds: number): number => 2 * Math.ceil((seconds * 1024) / 1648);
    assert.equal(at(beatsIn(30) - 2).rmssd.absence, Absence.TooShort);
    assert.equal(at(beatsIn(30)).rmssd.absence, Absence.None);
    assert.equal(at(beatsIn(30)).isProvisional, true);
    assert.equal(at(beatsIn(60) - 2).isProvisional, true);
    assert.equal(at(beatsIn(60)).isProvisional, false);
    assert.equal(at(beatsIn(120) - 2).sdnn.absence, Absence.TooShort);
    assert.equal(at(beatsIn(120)).sdnn.absence, Absence.None);
  });

  it("wants 50 differences even in 60 s", () => {
    const slow = (beats: number): TimeDomain => measured(joined(repeat([1300, 1310], beats)), 65_000);
    assert.equal(slow(60).differenceCount, 50); // 66 560 ticks hold 51 intervals of 1305
    assert.equal(slow(60).isProvisional, false);
    const slower = measured(joined(repeat([1340, 1350], 60)), 65_000);
    assert.equal(slower.differenceCount, 48);
    assert.equal(slower.isProvisional, true);
  });

  it("refuses the stress index of a range under 20 ms", () => {
    assert.equal(measured(joined(repeat([800, 820], 100)), 300_000).stress.absence, Absence.NoVariation); // 19.5 ms
    assert.equal(measured(joined(repeat([800, 821], 100)), 300_000).stress.absence, Absence.None); // 20.5 ms
  });

  it("has nothing to say of nothing", () => {
    const domain = new TimeDomain(new NnSeries(64));
    domain.measure(0, 60_000);
    for (const reading of [
      domain.meanNn,
      domain.sdnn,
      domain.rmssd,
      domain.sd1,
      domain.sd2,
      domain.pnn50,
      domain.stress,
    ])
      assert.equal(reading.absence, Absence.TooShort);
  });
});

describe("time domain against the formulas in floating point", () => {
  it(`differs by the last rounding only, over ${SOURCES}`, () => {
    const worst: Record<string, number> = {};
    const check = (
      name: string,
      what: string,
      got: number,
      wanted: number,
      toleranceLsb: number,
      lsb: number,
    ): void => {
      const errorLsb = Math.abs(got - wanted) / lsb;
      worst[what] = Math.max(worst[what] ?? 0, errorLsb);
      assert.ok(errorLsb <= toleranceLsb, `${name}: ${what} is ${got}, by the formula ${wanted}`);
    };
    let compared = 0;
    for (const { name, intervals } of EVERY_SERIES)
      for (const windowMs of [60_000, 120_000, 300_000]) {
        const domain = measured(intervals, windowMs);
        const wanted = timeDomain(intervals.slice(-1024), windowMs);
        const where = `${name}, ${windowMs / 1000} s`;
        assert.equal(domain.meanNn.coveragePercent, Math.min(100, Math.floor(wanted.coverage * 100 + 1e-9)), where);
        if (wanted.coverage < 0.9) continue;
        if (domain.rmssd.absence === Absence.None) {
          compared++;
          assert.equal(domain.differenceCount, wanted.m, where);
          assert.equal(domain.intervalCount, wanted.n, where);
          check(where, "meanNN", present(domain.meanNn, where).msQ8, wanted.meanNnMs * 256, 0.51, 1);
          check(where, "RMSSD", domain.rmssd.msQ8, wanted.rmssdMs * 256, 1, 1);
          check(where, "pNN50", present(domain.pnn50, where).percentQ8, wanted.pnn50Percent * 256, 0.51, 1);
          check(where, "SD1", present(domain.sd1, where).msQ8, wanted.sd1Ms * 256, 1, 1);
          check(where, "lnRMSSD", present(domain.lnRmssd, where).lnMsQ10, wanted.lnRmssd * 1024, 2, 1);
        }
        if (domain.sdnn.absence === Absence.None) {
          check(where, "SDNN", domain.sdnn.msQ8, wanted.sdnnMs * 256, 1, 1);
          if (wanted.sd2SquaredMs2 > 1)
            check(where, "SD2", present(domain.sd2, where).msQ8, Math.sqrt(wanted.sd2SquaredMs2) * 256, 1, 1);
          if (wanted.rangeMs > 20.1)
            check(where, "stress", present(domain.stress, where).percentPerS2Q8, wanted.stress * 256, 0.51, 1);
        }
      }
    assert.ok(compared >= 15, `only ${compared} windows had a number to compare`);
    const figures = Object.entries(worst).map(([what, lsb]) => `${what} ${lsb.toFixed(2)}`);
    process.stdout.write(
      `      largest error, units of the last place, over ${compared} windows: ${figures.join(", ")}\n`,
    );
  });

  it("is not moved by where the clock stands, its wrap included", () => {
    const intervals = EVERY_SERIES[0]?.intervals ?? [];
    const plain = measured(intervals, 120_000);
    const series = new NnSeries(1024);
    const offset = 0x7fff_ffff - 200_000;
    for (const one of intervals) series.add(one.rrTicks, (one.endTicks + offset) | 0);
    const wrapped = new TimeDomain(series);
    wrapped.measure(((intervals.at(-1)?.endTicks ?? 0) + offset) | 0, 120_000);
    assert.deepEqual({ ...wrapped.rmssd }, { ...plain.rmssd });
    assert.deepEqual({ ...wrapped.sdnn }, { ...plain.sdnn });
  });
});
