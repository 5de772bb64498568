import assert from "node:assert/strict";
import { BreathFit } from "hrv/breath-fit";
import { Following, LockIn } from "hrv/lock-in";
import { NnSeries } from "hrv/nn-series";
import { PhaseCoherence } from "hrv/phase-coherence";
import { Absence } from "hrv/reading";
import { describe, it } from "mocha";
import { RandomStream } from "../../hosts/sim/board/random.js";
import { leastSquaresSwing, phaseCoherence, tachogramSwing } from "../reference/lock-in.js";
import { EVERY_SERIES, type Interval, median, type Rhythm, rhythm, SOURCES, storeOf } from "../reference/series.js";

const PERIOD_TICKS = 10_240; // 6 breaths a minute

/** The lock-in after `breaths` paced breaths from `fromTicks` on, beats fed as they come. */
function paced(
  intervals: readonly Interval[],
  breaths: number,
  fromTicks = 2 * PERIOD_TICKS,
  periodTicks = PERIOD_TICKS,
): LockIn {
  const series = new NnSeries(256);
  const lockIn = new LockIn(series);
  let begun = 0;
  let judged = 0;
  for (const { rrTicks, endTicks, joined } of intervals) {
    while (begun < breaths && fromTicks + begun * periodTicks <= endTicks) {
      lockIn.beginBreath(fromTicks + begun * periodTicks, periodTicks);
      begun++;
    }
    if (!joined) series.gap();
    series.add(rrTicks, endTicks);
    while (lockIn.advance(endTicks)) judged++;
    if (judged === breaths) break;
  }
  assert.equal(judged, breaths);
  return lockIn;
}

/** PC over 3 and over 6 breaths for `seeds` hearts of one kind: medians. */
function medians(
  plan: Omit<Rhythm, "seed" | "seconds">,
  seeds: number,
): { pc3: number; pc6: number; reference3: number; reference6: number } {
  const band: number[][] = [[], []];
  const reference: number[][] = [[], []];
  for (let seed = 1; seed <= seeds; seed++) {
    const intervals = rhythm({ seconds: 90, ...plan, seed });
    const lockIn = paced(intervals, 6);
    assert(lockIn.rhythm.absence === Absence.None && lockIn.following.absence === Absence.None, `seed ${seed}`);
    band[0]?.push(lockIn.rhythm.coherenceQ16 / 65_536);
    band[1]?.push(lockIn.following.coherenceQ16 / 65_536);
    const swings = Array.from({ length: 6 }, (_, i) =>
      tachogramSwing(intervals, (2 + i) * PERIOD_TICKS, PERIOD_TICKS, 4),
    );
    reference[0]?.push(phaseCoherence(swings.slice(3)));
    reference[1]?.push(phaseCoherence(swings));
  }
  const [pc3 = 0, pc6 = 0] = band.map(median);
  const [reference3 = 0, reference6 = 0] = reference.map(median);
  return { pc3, pc6, reference3, reference6 };
}

describe("lock-in, worked by hand", () => {
  it("of four vectors: all alike 1, turned by quarter turns 0", () => {
    const phase = new PhaseCoherence();
    for (let i = 0; i < 4; i++) phase.add(300, 400);
    assert.deepEqual([phase.coherenceQ16, phase.scorePercent], [65_536, 100]);
    phase.clear();
    for (const [real, imaginary] of [
      [500, 0],
      [0, 500],
      [-500, 0],
      [0, -500],
    ] as const)
      phase.add(real, imaginary);
    assert.deepEqual([phase.coherenceQ16, phase.scorePercent], [0, 0]);
  });

  it("of three vectors 1, 1 and j: PC 5/9, score 33", () => {
    const phase = new PhaseCoherence();
    for (const [real, imaginary] of [
      [1000, 0],
      [1000, 0],
      [0, 1000],
    ] as const)
      phase.add(real, imaginary);
    assert.equal(phase.coherenceQ16, Math.round((65_536 * 5) / 9)); // |2 + j|^2 = 5, over 3 * 3
    assert.equal(phase.scorePercent, 33); // (5/9 - 1/3) / (2/3) = 1/3
  });

  it("takes the mean off rightly though more beats fall where the heart is fast", () => {
    // 900 +- 300 ms: many short intervals, few long ones; their plain mean is far below 900 ms.
    const intervals = rhythm({ seed: 1, seconds: 120, meanMs: 900, tones: [{ ms: 300, hz: 0.1 }] });
    const fit = new BreathFit(storeOf(intervals));
    assert.ok(fit.measure(4 * PERIOD_TICKS, PERIOD_TICKS));
    const wanted = tachogramSwing(intervals, 4 * PERIOD_TICKS, PERIOD_TICKS, 64);
    assert.ok(Math.abs(fit.meanTicks - wanted.mean) < 2, `${fit.meanTicks} for ${wanted.mean}`);
    assert.ok(Math.abs(fit.amplitudeTicksQ8 / 256 - Math.hypot(wanted.real, wanted.imaginary)) < 1);
  });

  it("gives amplitude in ms and bpm, and the phase of the longest interval", () => {
    // 40 ms about 800 ms, longest a quarter into the breath. 60 000 * 40 / 800^2 = 3.75 bpm.
    const intervals = rhythm({ seed: 1, seconds: 120, tones: [{ ms: 40, hz: 0.1, turns: 0.25 }] });
    const { breath } = paced(intervals, 3);
    assert(breath.absence === Absence.None);
    // The straight lines between beats cost sinc^2(0.08) = 2.1 %; the interval comes at its end, 0.8 s late: 0.08 turn.
    assert.ok(Math.abs(breath.amplitudeMsQ8 / 256 - 40 * 0.979) < 0.8, `${breath.amplitudeMsQ8 / 256} ms`);
    assert.ok(Math.abs(breath.amplitudeBpmQ8 / 256 - 3.75 * 0.979) < 0.1, `${breath.amplitudeBpmQ8 / 256} bpm`);
    assert.ok(Math.abs(breath.longestAtTurnQ16 / 65_536 - 0.33) < 0.015, `${breath.longestAtTurnQ16 / 65_536} turn`);
    assert.ok(breath.explainedQ8 >= 250, `R^2 ${breath.explainedQ8 / 256}`);
    assert.deepEqual([breath.windowMs, breath.coveragePercent], [10_000, 100]);
  });
});

describe("lock-in against least squares in floating point", () => {
  it(`has the same swing within 0.1 tick and 0.1 %, and the same PC within 0.002 and 0.05 / swing, over ${SOURCES}`, () => {
    let compared = 0;
    let worstTicks = 0;
    let worstPc = 0;
    for (const { name, intervals } of EVERY_SERIES) {
      const fit = new BreathFit(storeOf(intervals));
      const phase = new PhaseCoherence();
      const last = intervals.at(-1)?.endTicks ?? 0;
      for (const periodTicks of [6827, 10_240, 13_653]) {
        const swings: { real: number; imaginary: number }[] = [];
        phase.clear();
        for (let startTicks = Math.max(0, last - 250_000); startTicks + periodTicks < last; startTicks += periodTicks) {
          const isClean = fit.measure(startTicks, periodTicks);
          const where = `${name}, breath of ${periodTicks} at ${startTicks}`;
          const wanted = leastSquaresSwing(intervals, startTicks, periodTicks, 64);
          assert.ok(Math.abs(fit.coveragePercent - (wanted.presentCount * 100) / 64) <= 4.2, where); // two points on the edge of a hole, and the floor
          if (!isClean || fit.coveragePercent !== Math.floor((wanted.presentCount * 100) / 64)) continue;
          compared++;
          const error = Math.hypot(fit.realTicksQ8 / 256 - wanted.real, fit.imaginaryTicksQ8 / 256 - wanted.imaginary);
          const swing = Math.hypot(wanted.real, wanted.imaginary);
          worstTicks = Math.max(worstTicks, error / (1 + swing / 100));
          assert.ok(error <= 0.1 * (1 + swing / 100), `${where}: Z is off by ${error} of ${swing} ticks`);
          if (swings.length === 6) {
            // The store's last digit, 1/16 tick, is a larger share of a smaller swing.
            const swingRms = Math.sqrt(swings.reduce((sum, z) => sum + z.real ** 2 + z.imaginary ** 2, 0) / 6);
            const pcError = Math.abs(phase.coherenceQ16 / 65_536 - phaseCoherence(swings));
            if (swingRms > 10) worstPc = Math.max(worstPc, pcError);
            assert.ok(pcError <= 0.002 + 0.05 / swingRms, `${where}: PC is off by ${pcError}, swing ${swingRms} ticks`);
            phase.clear();
            swings.length = 0;
          }
          phase.add(fit.realTicksQ8, fit.imaginaryTicksQ8);
          swings.push(wanted);
        }
      }
    }
    assert.ok(compared >= 500, `only ${compared} breaths compared`);
    process.stdout.write(
      `      ${compared} breaths: Z off by at most ${worstTicks.toFixed(3)} of (1 tick + 1 %), PC by ${worstPc.toFixed(4)} where the swing is above 10 ticks\n`,
    );
  });
});

describe("lock-in on the reference's table (section 3.4)", () => {
  // "50/8": 50 ms from peak to trough, 8 ms of noise on each interval. Medians of 201 seeds, 1 .. 201.
  const table = [
    { name: "good pacing, 50/8", plan: { tones: [{ ms: 25, hz: 0.1 }], noiseMs: 8 }, pc3: 0.99 },
    { name: "30/15", plan: { tones: [{ ms: 15, hz: 0.1 }], noiseMs: 15 }, pc3: 0.86 },
    { name: "weak, 15/15", plan: { tones: [{ ms: 7.5, hz: 0.1 }], noiseMs: 15 }, pc3: 0.6 },
    {
      name: "breathing at 0.085 Hz, off the pacer",
      plan: { tones: [{ ms: 25, hz: 0.085 }], noiseMs: 8 },
      pc3: 0.44,
      pc6: 0.02,
    },
    { name: "noise only", plan: { noiseMs: 15 }, pc3: 0.23, pc6: 0.08 },
  ];
  for (const { name, plan, pc3, pc6 } of table)
    it(`${name}: PC3 ${pc3}${pc6 === undefined ? "" : `, PC6 ${pc6}`}`, () => {
      const got = medians(plan, 201);
      const figures = `PC3 ${got.pc3.toFixed(3)}, PC6 ${got.pc6.toFixed(3)}; 4 Hz in floating point ${got.reference3.toFixed(3)}, ${got.reference6.toFixed(3)}`;
      process.stdout.write(`      ${figures}\n`);
      assert.ok(Math.abs(got.pc3 - pc3) <= 0.1, figures);
      if (pc6 !== undefined) assert.ok(Math.abs(got.pc6 - pc6) <= 0.07, figures);
      assert.ok(Math.abs(got.pc3 - got.reference3) <= 0.03 && Math.abs(got.pc6 - got.reference6) <= 0.03, figures);
    });
});

describe("lock-in on noise", () => {
  it("has the distribution that the thresholds are derived from: medians of Beta(1, K - 1)", () => {
    // Beta(1, n) has its median at 1 - 0.5^(1/n): 0.293 of three breaths, 0.129 of six.
    const got = medians({ noiseMs: 15 }, 401);
    assert.ok(Math.abs(got.pc3 - 0.293) <= 0.03 && Math.abs(got.pc6 - 0.129) <= 0.03, JSON.stringify(got));
  });
});

describe("lock-in, what it says and does not say", () => {
  it("scores in three breaths and decides in six", () => {
    const intervals = rhythm({ seed: 2, seconds: 100, tones: [{ ms: 25, hz: 0.1 }], noiseMs: 8 });
    const heard = (breaths: number): LockIn => paced(intervals, breaths);
    assert.equal(heard(2).rhythm.absence, Absence.TooFew);
    assert.equal(heard(3).rhythm.absence, Absence.None);
    assert.equal(heard(5).following.absence, Absence.TooFew);
    const six = heard(6);
    assert(six.following.absence === Absence.None && six.rhythm.absence === Absence.None);
    assert.equal(six.following.following, Following.Yes);
    assert.ok(six.rhythm.scorePercent >= 90);
    assert.equal(six.following.windowMs, 60_000);
  });

  it("calls 5 of 100 hearts of mere noise following, and most that breathe off the pacer not", () => {
    const share = (plan: Omit<Rhythm, "seed" | "seconds">, verdict: Following): number => {
      let found = 0;
      for (let seed = 1; seed <= 400; seed++) {
        const { following } = paced(rhythm({ seconds: 90, ...plan, seed }), 6);
        if (following.absence === Absence.None && following.following === verdict) found++;
      }
      return found / 4;
    };
    const byChance = share({ noiseMs: 15 }, Following.Yes);
    const weak = share({ tones: [{ ms: 7.5, hz: 0.1 }], noiseMs: 15 }, Following.No);
    const off = share({ tones: [{ ms: 25, hz: 0.085 }], noiseMs: 8 }, Following.No);
    const figures = `noise said to follow ${byChance} %, weak but true said not to ${weak} %, off the pacer found ${off} %`;
    process.stdout.write(`      ${figures}\n`);
    assert.ok(byChance <= 7.5, figures); // 5 % and two standard errors of 400
    assert.ok(weak <= 10, figures);
    assert.ok(off >= 95, figures);
  });

  it("a breath with 57 of 64 points is absent, with 58 it counts", () => {
    // Points are 160 ticks apart. The interval that does not join takes those after its first beat up to its second:
    // six of 960 ticks, seven of 1120.
    const withOneBreak = (rrTicks: number): BreathFit => {
      const intervals = Array.from({ length: 30 }, (_, i) => ({
        rrTicks,
        endTicks: (i + 1) * rrTicks,
        joined: i !== 12,
      }));
      const fit = new BreathFit(storeOf(intervals));
      assert.equal(fit.measure(10 * rrTicks, PERIOD_TICKS), fit.coveragePercent >= 90);
      return fit;
    };
    assert.equal(withOneBreak(960).coveragePercent, 90); // 58 of 64 are 90.6 %
    assert.equal(withOneBreak(1120).coveragePercent, 89); // 57 of 64 are 89.1 %
  });

  it("stays absent while a breath that is not clean is among the last three", () => {
    const whole = rhythm({ seed: 4, seconds: 120, tones: [{ ms: 30, hz: 0.1 }], noiseMs: 5 });
    const from = 2 * PERIOD_TICKS;
    // Two beats gone in the third of eight breaths.
    const lost = whole.findIndex((one) => one.endTicks > from + 2.5 * PERIOD_TICKS);
    const intervals = whole
      .filter((_, i) => i !== lost && i !== lost + 1)
      .map((one) => ({ ...one, joined: one !== whole[lost + 2] && one.joined }));
    const absences = [3, 4, 5, 6, 7, 8].map((breaths) => paced(intervals, breaths).rhythm.absence);
    const wanted = [
      Absence.LowCoverage,
      Absence.LowCoverage,
      Absence.LowCoverage,
      Absence.None,
      Absence.None,
      Absence.None,
    ];
    assert.deepEqual(absences, wanted);
    assert.equal(paced(intervals, 8).following.absence, Absence.LowCoverage);
  });

  it("judges a breath without beats 4 s after its end", () => {
    const lockIn = new LockIn(new NnSeries(64));
    lockIn.beginBreath(0, PERIOD_TICKS);
    assert.equal(lockIn.advance(PERIOD_TICKS + 4095), false);
    assert.equal(lockIn.advance(PERIOD_TICKS + 4096), true);
    assert.equal(lockIn.breath.absence, Absence.LowCoverage);
    assert.equal(lockIn.breath.coveragePercent, 0);
  });

  it("has no score of a heart like a clock", () => {
    const intervals = Array.from({ length: 120 }, (_, i) => ({ rrTicks: 800, endTicks: 800 * (i + 1), joined: i > 0 }));
    const lockIn = paced(intervals, 6);
    assert.equal(lockIn.rhythm.absence, Absence.NoVariation);
    assert(lockIn.breath.absence === Absence.None);
    assert.deepEqual([lockIn.breath.amplitudeMsQ8, lockIn.breath.explainedQ8], [0, 0]);
  });

  it("forgets at a reset", () => {
    const lockIn = paced(rhythm({ seed: 5, seconds: 90, tones: [{ ms: 30, hz: 0.1 }] }), 6);
    lockIn.reset();
    assert.notEqual(lockIn.rhythm.absence, Absence.None);
    assert.equal(lockIn.advance(0x7fff_ffff), false);
  });
});

describe("lock-in over many hearts", () => {
  it("keeps its score within 0 .. 100 for any mix of swings", () => {
    const random = new RandomStream(20, "swings");
    const phase = new PhaseCoherence();
    for (let run = 0; run < 2000; run++) {
      phase.clear();
      const breaths = random.between(2, 16);
      for (let i = 0; i < breaths; i++) phase.add(random.between(-300_000, 300_000), random.between(-300_000, 300_000));
      assert.ok(phase.scorePercent >= 0 && phase.scorePercent <= 100);
      assert.ok(phase.coherenceQ16 >= 0 && phase.coherenceQ16 <= 65_536);
    }
  });
});
