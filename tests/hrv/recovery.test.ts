import assert from "node:assert/strict";
import { Absence } from "hrv/reading";
import { Recovery, type RecoveryReading } from "hrv/recovery";
import { TAU_GRID_MS } from "hrv/recovery-grid";
import { describe, it } from "mocha";
import { RandomStream } from "../../hosts/sim/board/random.js";
import { recovery, regress } from "../reference/recovery.js";

interface Plan {
  readonly stepS: number;
  readonly seconds: number;
  readonly tauS: number;
  readonly rise: number;
  readonly rest?: number;
  /** Standard deviation of the noise, bpm, and its correlation from one step to the next. */
  readonly noise?: number;
  readonly correlation?: number;
  /** Every n-th step has no heart rate. */
  readonly missing?: number;
}

/** Means of a heart that comes down as planned. */
function rates(plan: Plan, seed: number): (number | undefined)[] {
  const random = new RandomStream(seed, "recovery");
  const r = plan.correlation ?? 0;
  let noise = random.nextNormal();
  return Array.from({ length: Math.floor(plan.seconds / plan.stepS) }, (_, i) => {
    const bpm = (plan.rest ?? 70) + plan.rise * Math.exp((-i * plan.stepS) / plan.tauS) + noise * (plan.noise ?? 0);
    noise = r * noise + Math.sqrt(1 - r * r) * random.nextNormal();
    return plan.missing !== undefined && i % plan.missing === 1 ? undefined : bpm;
  });
}

function fitted(bpm: readonly (number | undefined)[], stepS: number): Recovery {
  const made = new Recovery(stepS * 1000);
  made.begin();
  for (const one of bpm) {
    if (one === undefined) made.miss();
    else made.add(Math.round(one * 256));
  }
  made.fit();
  return made;
}

const found = (plan: Plan, seed = 1): RecoveryReading => fitted(rates(plan, seed), plan.stepS).recovery;

describe("recovery", () => {
  it("finds a planted curve without noise within 0.6 %, rest and rise within 0.2 bpm, at any step", () => {
    for (const stepS of [1, 2, 3, 5])
      for (const tauS of [20, 33, 60, 101, 180]) {
        const got = found({ stepS, seconds: 300, tauS, rise: 40 });
        assert(got.absence === Absence.None, `step ${stepS}, tau ${tauS}: absence ${got.absence}`);
        assert.ok(Math.abs(got.tauMs / 1000 / tauS - 1) < 0.006, `tau ${got.tauMs} for ${tauS} s`);
        assert.ok(got.tauMsLow <= tauS * 1000 && tauS * 1000 <= got.tauMsHigh, `${got.tauMsLow} .. ${got.tauMsHigh}`);
        assert.ok(Math.abs(got.restBpmQ8 / 256 - 70) < 0.2, `rest ${got.restBpmQ8 / 256}`);
        assert.ok(Math.abs(got.riseBpmQ8 / 256 - 40) < 0.2, `rise ${got.riseBpmQ8 / 256}`);
        assert.equal(got.explainedQ8, 256);
      }
  });

  const plans: readonly Plan[] = [
    { stepS: 5, seconds: 300, tauS: 45, rise: 40, noise: 2 },
    { stepS: 5, seconds: 300, tauS: 45, rise: 40, noise: 2, correlation: 0.5 },
    { stepS: 5, seconds: 300, tauS: 90, rise: 25, noise: 2, correlation: 0.6 },
    { stepS: 2, seconds: 240, tauS: 60, rise: 30, noise: 3, correlation: 0.7 },
    { stepS: 1, seconds: 180, tauS: 30, rise: 50, noise: 3, correlation: 0.8 },
    { stepS: 3, seconds: 120, tauS: 20, rise: 30, noise: 2, correlation: 0.3, missing: 12 },
    { stepS: 5, seconds: 300, tauS: 120, rise: 15, noise: 2, correlation: 0.5 },
  ];
  for (const plan of plans)
    it(`has the true tau in its interval in 90 of 100 series and more: ${JSON.stringify(plan)}`, () => {
      let said = 0;
      let inside = 0;
      for (let seed = 1; seed <= 200; seed++) {
        const got = found(plan, seed);
        if (got.absence !== Absence.None) continue;
        said++;
        if (got.tauMsLow <= plan.tauS * 1000 && plan.tauS * 1000 <= got.tauMsHigh) inside++;
      }
      const figures = `inside in ${((100 * inside) / said).toFixed(1)} % of ${said} (seeds 1 .. 200)`;
      process.stdout.write(`      ${figures}\n`);
      assert.ok(said >= 40 && inside >= 0.9 * said, figures);
    });

  it("has the least squares of floating point: tau within 0.6 %, rest and rise within 0.3 bpm", () => {
    let worst = 0;
    for (const plan of plans)
      for (let seed = 1; seed <= 8; seed++) {
        const bpm = rates(plan, seed);
        const got = fitted(bpm, plan.stepS).recovery;
        if (got.absence !== Absence.None) continue;
        const wanted = recovery(bpm, plan.stepS);
        worst = Math.max(worst, Math.abs(got.tauMs / 1000 / wanted.tauS - 1));
        assert.ok(
          Math.abs(got.tauMs / 1000 / wanted.tauS - 1) < 0.006,
          `seed ${seed}: ${got.tauMs} for ${wanted.tauS}`,
        );
        assert.ok(
          Math.abs(got.restBpmQ8 / 256 - wanted.rest) < 0.3,
          `seed ${seed}: ${got.restBpmQ8 / 256} for ${wanted.rest}`,
        );
        assert.ok(
          Math.abs(got.riseBpmQ8 / 256 - wanted.rise) < 0.3,
          `seed ${seed}: ${got.riseBpmQ8 / 256} for ${wanted.rise}`,
        );
        const least = regress(bpm, plan.stepS, wanted.tauS).squares;
        assert.ok(regress(bpm, plan.stepS, got.tauMs / 1000).squares < least * 1.001, `seed ${seed}`);
      }
    process.stdout.write(`      tau within ${(100 * worst).toFixed(2)} %\n`);
  });

  it("can be carried on tau by tau, and ends as at once", () => {
    const bpm = rates({ stepS: 5, seconds: 300, tauS: 50, rise: 30, noise: 2 }, 3);
    const atOnce = fitted(bpm, 5);
    const piecemeal = new Recovery(5000);
    for (const one of bpm) piecemeal.add(Math.round((one ?? 0) * 256));
    piecemeal.beginFit();
    let turns = 1;
    while (piecemeal.advance()) {
      assert.notEqual(piecemeal.recovery.absence, Absence.None, "no number before the end");
      turns++;
    }
    assert.equal(turns, 49);
    assert.deepEqual({ ...piecemeal.recovery }, { ...atOnce.recovery });
  });

  it("says why there is none: short, holes, few, no rise, not a curve, not pinned down", () => {
    const curve = { stepS: 5, tauS: 40, rise: 40, noise: 1 };
    assert.equal(found({ ...curve, seconds: 55 }).absence, Absence.TooShort);
    assert.equal(found({ ...curve, seconds: 300, missing: 9 }).absence, Absence.LowCoverage); // one in nine is 88 % there
    assert.equal(found({ ...curve, seconds: 300, missing: 11 }).absence, Absence.None);
    assert.equal(found({ ...curve, seconds: 90 }).absence, Absence.TooFew); // 18 points
    assert.equal(found({ ...curve, seconds: 300, rise: 0, noise: 2 }).absence, Absence.NotElevated);
    assert.equal(found({ ...curve, seconds: 300, rise: -30 }).absence, Absence.NotElevated); // going up
    assert.equal(found({ ...curve, seconds: 300, rise: 8, noise: 8 }).absence, Absence.PoorFit);
    assert.equal(found({ ...curve, seconds: 120, tauS: 600, rise: 60 }).absence, Absence.PoorFit); // a straight line yet
    const begun = new Recovery(5000);
    begun.fit();
    assert.equal(begun.recovery.absence, Absence.TooShort);
  });

  it("begins anew, and takes no more than 5 min", () => {
    const made = new Recovery(5000);
    for (let i = 0; i < 100; i++) made.add(30_000 - i * 100);
    made.fit();
    assert.equal(made.recovery.windowMs, 300_000);
    made.begin();
    made.fit();
    assert.equal(made.recovery.absence, Absence.TooShort);
    assert.equal(made.recovery.windowMs, 0);
  });

  it("tries tau from 10 to 640 s, eight to the octave", () => {
    assert.equal(TAU_GRID_MS.length, 49);
    assert.deepEqual(
      [...TAU_GRID_MS],
      Array.from({ length: 49 }, (_, i) => Math.round(10_000 * 2 ** (i / 8))),
    );
  });

  it("refuses steps that it was not made for", () => {
    for (const stepMs of [999, 5001]) assert.throws(() => new Recovery(stepMs));
  });
});
