import assert from "node:assert/strict";
import { BreathFit } from "hrv/breath-fit";
import { RateCurve, Top } from "hrv/rate-curve";
import { Absence } from "hrv/reading";
import { type PracticeRateReading, Resonance } from "hrv/resonance";
import { describe, it } from "mocha";
import { RandomStream } from "../../hosts/sim/board/random.js";
import { intervalsOf, storeOf } from "../reference/series.js";

const RATES = [4.5, 5, 5.5, 6, 6.5];
const inQ8 = (rates: readonly number[]): number[] => rates.map((rate) => rate * 256);

interface Heart {
  readonly seed: number;
  /** Swing at a breathing rate, half of peak to trough, ms. */
  swing(rate: number): number;
  readonly noiseMs?: number;
  /** Breathes at this share of the paced rate instead. */
  readonly offPacer?: number;
  readonly seconds?: number;
}

/** A heart that swings most at `best` and falls off to either side as a damped resonance does. */
const resonant =
  (best: number, largestMs = 50) =>
  (rate: number): number =>
    largestMs / Math.sqrt(1 + (4 * (rate / best - best / rate)) ** 2);

/** The rate chosen after each of RATES was practised for some minutes, through beats, store and lock-in. */
function chosen(heart: Heart): PracticeRateReading {
  const noise = new RandomStream(heart.seed, "resonance");
  const resonance = new Resonance(inQ8(RATES), new RandomStream(heart.seed, "draws"));
  const seconds = heart.seconds ?? 150;
  RATES.forEach((rate, index) => {
    const beatsMs = [0];
    for (let atMs = 0; atMs < seconds * 1000; ) {
      const phase = (2 * Math.PI * (rate * (heart.offPacer ?? 1)) * atMs) / 60_000;
      atMs += 850 + heart.swing(rate) * Math.cos(phase - 1) + noise.nextNormal() * (heart.noiseMs ?? 8);
      beatsMs.push(atMs);
    }
    const fit = new BreathFit(storeOf(intervalsOf(beatsMs)));
    const periodTicks = Math.round(61_440 / rate);
    for (let breath = 1; (breath + 1) * periodTicks < seconds * 1024; breath++)
      if (fit.measure(breath * periodTicks, periodTicks))
        resonance.add(index, fit.realTicksQ8, fit.imaginaryTicksQ8, 60_000 / rate);
  });
  resonance.decide();
  return resonance.practiceRate;
}

describe("rate curve", () => {
  const topOf = (points: readonly (readonly [number, number])[]): { top: Top; x: number } => {
    const curve = new RateCurve();
    const x = Int32Array.from(points.map(([at]) => at));
    const y = Int32Array.from(points.map(([, height]) => height));
    const top = curve.fit(x, y, points.length);
    return { top, x: curve.topQ8 / 256 };
  };

  it("finds the top of 100 - (x - 3)^2 at 3, through any of its points", () => {
    const at = (x: number): [number, number] => [x, 100 - (x - 3) ** 2];
    for (const xs of [
      [-5, 3, 8],
      [-4, 0, 4, 8],
      [1, 2, 9, 10, 11],
    ])
      assert.deepEqual(topOf(xs.map(at)), { top: Top.Inside, x: 3 });
  });

  it("finds the least-squares top of five points, by hand", () => {
    // x -2 .. 2, y 10 14 17 16 10: c = (2*10 - 14 - 2*17 - 16 + 2*10) / 14 = -24/14, b = (-20 - 14 + 16 + 20) / 10 = 0.2
    // top = -b / 2c = 0.2 / (48/14) = 0.05833
    const { top, x } = topOf([
      [-2, 10],
      [-1, 14],
      [0, 17],
      [1, 16],
      [2, 10],
    ]);
    assert.equal(top, Top.Inside);
    assert.equal(x, Math.round(0.05833 * 256) / 256);
  });

  it("says when there is none, and when it is outside", () => {
    assert.equal(
      topOf([
        [-2, 4],
        [0, 0],
        [2, 4],
      ]).top,
      Top.None,
    );
    assert.equal(
      topOf([
        [-2, 1],
        [0, 2],
        [2, 3],
      ]).top,
      Top.None,
    );
    assert.deepEqual(
      topOf([
        [-4, 0],
        [0, 10],
        [4, 19],
      ]),
      { top: Top.Outside, x: 4 },
    );
    assert.deepEqual(
      topOf([
        [-4, 8191],
        [0, 8190],
        [4, 0],
      ]),
      {
        top: Top.Inside,
        x: topOf([
          [-4, 8191],
          [0, 8190],
          [4, 0],
        ]).x,
      },
    );
    assert.equal(
      topOf([
        [-32, 0],
        [0, 4096],
        [32, 8191],
      ]).top,
      Top.Outside,
    );
  });
});

describe("practice rate", () => {
  it("is the planted one within 0.2 a minute", () => {
    let said = 0;
    const errors: number[] = [];
    for (let seed = 1; seed <= 60; seed++) {
      const best = 5 + seed / 60; // 5.02 .. 6.0
      const rate = chosen({ seed, swing: resonant(best) });
      if (rate.absence !== Absence.None) continue;
      said++;
      errors.push(Math.abs(rate.breathsPerMinuteQ8 / 256 - best));
    }
    errors.sort((a, b) => a - b);
    const figures = `${said} of 60 decided, error median ${errors[errors.length >> 1]?.toFixed(3)}, largest ${errors.at(-1)?.toFixed(3)}`;
    process.stdout.write(`      ${figures} (seeds 1 .. 60)\n`);
    assert.ok(said >= 50, figures);
    assert.ok((errors.at(-1) ?? 1) <= 0.2, figures);
  });

  it("is the same for the same seed", () => {
    const once = chosen({ seed: 7, swing: resonant(5.6) });
    const again = chosen({ seed: 7, swing: resonant(5.6) });
    assert.deepEqual({ ...once }, { ...again });
  });

  it("is inconclusive where noise decides: few of 40 flat hearts get a rate", () => {
    let said = 0;
    for (let seed = 1; seed <= 40; seed++)
      if (chosen({ seed, swing: () => 30, noiseMs: 15 }).absence === Absence.None) said++;
    process.stdout.write(`      ${said} of 40 (seeds 1 .. 40)\n`);
    assert.ok(said <= 8, `${said}`);
  });

  it("is absent at an edge, out of step, and after too few breaths", () => {
    assert.equal(chosen({ seed: 1, swing: resonant(4.3) }).absence, Absence.AtEdge);
    assert.equal(chosen({ seed: 1, swing: resonant(6.9) }).absence, Absence.AtEdge);
    assert.equal(chosen({ seed: 1, swing: resonant(3.5) }).absence, Absence.AtEdge); // only the hollow foot of the curve
    assert.equal(chosen({ seed: 1, swing: resonant(5.5), offPacer: 0.85 }).absence, Absence.NotFollowing);
    assert.equal(chosen({ seed: 1, swing: resonant(5.5), seconds: 85 }).absence, Absence.TooFew); // seven breaths or less
    assert.equal(chosen({ seed: 1, swing: () => 0, noiseMs: 20 }).absence, Absence.NotFollowing);
  });

  it("can be carried on draw by draw", () => {
    const resonance = new Resonance(inQ8(RATES), new RandomStream(1, "draws"));
    for (let breath = 0; breath < 10; breath++)
      RATES.forEach((rate, i) => {
        resonance.add(i, 256 * Math.round(resonant(5.5)(rate) + (breath % 3)), 0, 60_000 / rate);
      });
    for (let breath = 0; breath < 5; breath++) resonance.miss(10_000);
    resonance.beginDecision();
    let turns = 1;
    while (resonance.advance()) {
      assert.notEqual(resonance.practiceRate.absence, Absence.None, "no number before the end");
      turns++;
    }
    assert.equal(turns, 96);
    const rate = resonance.practiceRate;
    assert(rate.absence === Absence.None);
    assert.deepEqual([rate.rateCount, rate.coveragePercent], [5, 90]); // 50 clean of 55
  });

  it("refuses rates that it was not made for", () => {
    const chance = new RandomStream(1, "x");
    assert.throws(() => new Resonance(inQ8([5, 5.5, 6]), chance));
    assert.throws(() => new Resonance(inQ8([5, 5.5, 6, 5.8]), chance));
    assert.throws(() => new Resonance(inQ8([5, 5.1, 6, 6.5]), chance));
    assert.throws(() => new Resonance(inQ8([4, 6, 8, 13]), chance));
  });
});
