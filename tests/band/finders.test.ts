import assert from "node:assert/strict";
import { PaceFinder } from "band/pace-finder";
import { BeatRecoveryFinder } from "band/recovery-finder";
import { TickClock } from "base/tick-clock";
import type { PaceRequest } from "haptics/breath-plan";
import { NnSeries } from "hrv/nn-series";
import type { PaceFinding, RecoveryFinding } from "session/findings";
import { type Phase, PROGRAMS } from "session/programs";
import { RandomStream } from "../../hosts/sim/board/random.js";
import { FakeTime } from "../haptics/fake-time.js";

/** Half a swing of 50 ms at the best rate, falling off to both sides as a damped resonance does. */
const swingMs = (perMin: number, best: number): number =>
  50 / Math.sqrt(1 + (4 * (perMin / best - best / perMin)) ** 2);

/** A heart whose interval is what `rrMs` says at its beginning; each beat is told a second after it. */
class Heart {
  readonly time = new FakeTime(0);
  readonly tickClock = new TickClock(this.time);
  readonly series = new NnSeries(256);
  #beatMs = 0;

  constructor(readonly rrMs: (atMs: number) => number) {}

  run(untilMs: number, everySecond: () => void): void {
    while (this.time.ticks < untilMs) {
      this.time.advance(1000);
      while (true) {
        const rrMs = this.rrMs(this.#beatMs);
        if (this.#beatMs + rrMs > this.time.ticks - 1000) break;
        this.#beatMs += rrMs;
        this.series.add(Math.round(rrMs * 1.024), Math.round(this.#beatMs * 1.024));
      }
      everySecond();
    }
  }
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly pace: PaceRequest | undefined;
}

/** The phases of a program one after the other from 5 s on. */
function stretchesOf(phases: readonly Phase[]): Stretch[] {
  let atMs = 5_000;
  return phases.map(({ durationMs, pace }) => {
    const stretch = { fromMs: atMs, toMs: atMs + durationMs, pace: typeof pace === "object" ? pace : undefined };
    atMs = stretch.toMs;
    return stretch;
  });
}

/** Rate of the breath that is led at this time. */
function rateAt(stretches: readonly Stretch[], atMs: number): { perMin: number; turn: number } | undefined {
  const stretch = stretches.find(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
  if (stretch?.pace === undefined) return undefined;
  let startMs = stretch.fromMs;
  let periodMs = 6_000_000 / stretch.pace.rateCentiPerMin;
  while (startMs + periodMs <= atMs) {
    startMs += periodMs;
    periodMs += (stretch.pace.stepUs ?? 0) / 1000;
  }
  return { perMin: 60_000 / periodMs, turn: (atMs - startMs) / periodMs };
}

function assess(program: "findPace" | "findPaceSlide" | "findPaceShort", best: number, seed: number): PaceFinding {
  const noise = new RandomStream(seed, "finders");
  const stretches = stretchesOf(PROGRAMS[program].phases);
  const heart = new Heart((atMs) => {
    const led = rateAt(stretches, atMs);
    const swing = led === undefined ? 0 : swingMs(led.perMin, best) * Math.cos(2 * Math.PI * led.turn - 1);
    return 850 + swing + 8 * noise.nextNormal();
  });
  const { time, tickClock, series } = heart;
  const finder = new PaceFinder(time, tickClock, time, series);
  for (const { fromMs, toMs, pace } of stretches) {
    heart.run(fromMs, () => finder.second());
    if (pace === undefined) finder.onGap(fromMs);
    else finder.onStretch({ measures: "resonance", fromMs, pace });
    heart.run(toMs, () => finder.second());
  }
  let finding: PaceFinding | undefined;
  finder.finish(time.ticks, (found) => {
    finding = found;
  });
  assert.equal(finding, undefined, "96 draws are not made at once");
  heart.run(time.ticks + 20_000, () => finder.second());
  assert(finding !== undefined, "a finding within 20 s of the end");
  return finding;
}

describe("the finder of a practice rate", () => {
  for (const program of ["findPace", "findPaceSlide", "findPaceShort"] as const)
    it(`finds a planted rate within 0.2 a minute: ${program}`, () => {
      for (const [seed, best] of (program === "findPaceShort" ? [5.4, 5.5, 5.6] : [5.2, 5.5, 5.8]).entries()) {
        const finding = assess(program, best, seed + 1);
        assert(finding.ok, `${best}: ${JSON.stringify(finding)}`);
        const offPerMin = Math.abs(finding.rateCentiPerMin / 100 - best);
        assert(offPerMin <= 0.2, `${best}: ${finding.rateCentiPerMin / 100}`);
        assert(finding.spreadCentiPerMin > 0 && finding.spreadCentiPerMin <= 20);
      }
    });

  it("says that the best rate lies at the edge, and why there is none without breaths", () => {
    assert.deepEqual(assess("findPace", 4.2, 1), { ok: false, reason: "atEdge" });
    assert.deepEqual(assess("findPace", 7.2, 1), { ok: false, reason: "atEdge" });
    const heart = new Heart(() => 850);
    const finder = new PaceFinder(heart.time, heart.tickClock, heart.time, heart.series);
    let finding: PaceFinding | undefined;
    finder.finish(0, (found) => {
      finding = found;
    });
    assert.deepEqual(finding, { ok: false, reason: "tooShort" });
  });

  it("says nothing when it was dropped, also in the middle of its draws", () => {
    const heart = new Heart(() => 850);
    const finder = new PaceFinder(heart.time, heart.tickClock, heart.time, heart.series);
    const pace = { rateCentiPerMin: 600, inhalePermille: 400 };
    finder.onStretch({ measures: "resonance", fromMs: 0, pace });
    heart.run(100_000, () => finder.second());
    finder.finish(100_000, () => assert.fail("dropped"));
    finder.drop();
    heart.run(130_000, () => finder.second());
  });
});

/** From 200 s on back from a load, while the breath swings the heart by 40 ms to both sides. */
function recover(tauS: number, riseBpm: number, seed: number): RecoveryFinding {
  const noise = new RandomStream(seed, "finders");
  const fromMs = 5_000;
  const heart = new Heart((atMs) => {
    const bpm = 66 + (atMs < fromMs ? riseBpm : riseBpm * Math.exp((fromMs - atMs) / (tauS * 1000)));
    return 60_000 / bpm + 40 * Math.cos((2 * Math.PI * (atMs - fromMs)) / 10_000) + 8 * noise.nextNormal();
  });
  const { time, tickClock, series } = heart;
  const finder = new BeatRecoveryFinder(time, tickClock, time, series);
  heart.run(fromMs, () => finder.second());
  finder.onStretch({ measures: "load", fromMs: 0, pace: undefined });
  finder.onStretch({ measures: "recovery", fromMs, pace: { rateCentiPerMin: 600, inhalePermille: 400 } });
  heart.run(fromMs + 300_000, () => finder.second());
  let finding: RecoveryFinding | undefined;
  finder.finish(time.ticks, (found) => {
    finding = found;
  });
  heart.run(time.ticks + 20_000, () => finder.second());
  assert(finding !== undefined, "a finding within 20 s of the end");
  return finding;
}

describe("the finder of a recovery", () => {
  it("has the planted time constant in its interval, beside a breath that swings the heart", () => {
    for (const [seed, tauS] of [25, 45, 60, 90].entries()) {
      const finding = recover(tauS, 25, seed + 1);
      assert(finding.ok, `${tauS} s: ${JSON.stringify(finding)}`);
      assert(finding.tauLowMs <= tauS * 1000 && tauS * 1000 <= finding.tauHighMs, JSON.stringify(finding));
    }
  });

  it("says that nothing was raised", () => {
    const finding = recover(60, 0, 1);
    assert.equal(finding.ok, false);
    assert(!finding.ok && finding.reason === "notElevated");
    assert(!finding.rmssd.ok);
  });
});
