import { absenceName } from "band/codes";
import { TOLD_TICKS_MAX, ticksAt, ticksOf } from "band/stretch-time";
import { quotientNearest } from "base/divide";
import type { Clock, Timers } from "base/host-parts";
import type { TickClock } from "base/tick-clock";
import { planBreath } from "haptics/breath-plan";
import { type BreathEdges, Pacer } from "haptics/pacer";
import { BreathFit } from "hrv/breath-fit";
import type { NnSeries } from "hrv/nn-series";
import { Absence } from "hrv/reading";
import { type Chance, Resonance } from "hrv/resonance";
import type { MeasuredStretch, PaceFinding, PacePicker } from "session/findings";

/** Breaths a minute, Q8. The five steps; and for a slide groups of eight breaths and more around every third eighth. */
const STEP_RATES_Q8 = Object.freeze([1152, 1280, 1408, 1536, 1664]);
const SLIDE_RATES_Q8 = Object.freeze([1152, 1248, 1344, 1440, 1536, 1632]);
/** Of the steps three are enough, for the short form has no more; of the slide's groups four. */
const STEP_RATES_MIN = 3;
const SLIDE_RATES_MIN = 4;
/** A rate is told to within 0.2 a minute or not at all: a wider spread of the drawn tops is no rate. */
const SPREAD_CENTI_MAX = 20;
/** Half of what lies between two rates of the slide. */
const NEAR_Q8 = 48;
const MINUTE_MS_Q8 = 15_360_000;
/** One draw of 96 costs some 15,000 steps of the engine: between two of them the sensor and the button are heard. */
const PIECE_MS = 30;

/** The same beats are to give the same answer: chance that begins the same each time (Numerical Recipes, ranqd1). */
class FixedChance implements Chance {
  #state = 1;
  next32(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) | 0;
    return this.#state;
  }
}

/** What an assessment needs and nothing else does: made for one and let go of after it. */
class Assessment {
  readonly resonance: Resonance;
  readonly fit: BreathFit;
  readonly pacer: Pacer;
  readonly edges: BreathEdges = { index: 0, startMs: 0, inhaleEndMs: 0, exhaleStartMs: 0, exhaleEndMs: 0, endMs: 0 };
  /** Beats' time at which the stretch began, and beyond which none of its breaths may end. */
  startTicks = 0;
  untilTicks: number | undefined;
  /** Of the next breath to be looked at, ms since the stretch began. */
  nextMs = 0;
  isOpen = false;

  constructor(
    series: NnSeries,
    pacer: Pacer,
    readonly ratesQ8: readonly number[],
    ratesMin: number,
  ) {
    this.resonance = new Resonance(ratesQ8, new FixedChance(), ratesMin);
    this.fit = new BreathFit(series);
    this.pacer = pacer;
  }
}

/**
 * Find my pace: the swing of each led breath, and at the end the rate of the largest. Breaths are laid out here once
 * more by the same plan, so that those whose beats are told after a step's end count for it.
 * Cost: a fit of 64 points for each breath; memory 3 kB while an assessment goes on
 */
export class PaceFinder implements PacePicker {
  readonly #clock: Clock;
  readonly #tickClock: TickClock;
  readonly #timers: Timers;
  readonly #series: NnSeries;
  #assessment: Assessment | undefined;
  #found: ((finding: PaceFinding) => void) | undefined;
  #timer: unknown;

  constructor(clock: Clock, tickClock: TickClock, timers: Timers, series: NnSeries) {
    this.#clock = clock;
    this.#tickClock = tickClock;
    this.#timers = timers;
    this.#series = series;
  }

  onStretch({ fromMs, pace }: MeasuredStretch): void {
    if (pace === undefined) return;
    const planned = planBreath(pace);
    if (!planned.ok) return; // start-rules asked before
    if (this.#found !== undefined) this.drop(); // the last one is not wanted any more
    const isSlide = pace.stepUs !== undefined;
    if (isSlide) this.#assessment = undefined; // taken from its beginning
    this.#assessment ??= isSlide
      ? new Assessment(this.#series, new Pacer(planned.plan), SLIDE_RATES_Q8, SLIDE_RATES_MIN)
      : new Assessment(this.#series, new Pacer(planned.plan), STEP_RATES_Q8, STEP_RATES_MIN);
    const assessment = this.#assessment;
    assessment.pacer.begin(planned.plan);
    assessment.startTicks = ticksAt(fromMs, this.#clock, this.#tickClock);
    assessment.untilTicks = undefined;
    assessment.nextMs = 0;
    assessment.isOpen = true;
  }

  onGap(atMs: number): void {
    if (this.#assessment !== undefined) this.#assessment.untilTicks = ticksAt(atMs, this.#clock, this.#tickClock);
  }

  /** The session is over: what nobody has asked to finish is let go of. */
  rest(): void {
    if (this.#found === undefined) this.drop();
  }

  drop(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
    this.#found = undefined;
    this.#assessment = undefined;
  }

  /** The newest breath's beats are still to be told: it waits for them, then the draws go on piece by piece. */
  finish(atMs: number, found: (finding: PaceFinding) => void): void {
    if (this.#assessment === undefined) {
      found({ ok: false, reason: absenceName(Absence.TooShort) });
      return;
    }
    this.onGap(atMs);
    this.#found = found;
  }

  /** Once a second: breaths whose beats have been told are looked at. */
  second(): void {
    const assessment = this.#assessment;
    if (assessment === undefined) return;
    const nowTicks = this.#tickClock.ticks;
    while (assessment.isOpen && this.#look(assessment, nowTicks));
    if (assessment.isOpen || this.#found === undefined || this.#timer !== undefined) return;
    assessment.resonance.beginDecision();
    this.#draw(assessment);
  }

  /** @returns whether a breath was looked at */
  #look(assessment: Assessment, nowTicks: number): boolean {
    const { pacer, edges, fit, resonance, startTicks, untilTicks, nextMs } = assessment;
    pacer.edgesAt(nextMs, edges);
    const fromTicks = (startTicks + ticksOf(edges.startMs)) | 0;
    const toTicks = (startTicks + ticksOf(edges.endMs)) | 0;
    // A breath that is to end with the stretch may be a tick or two late by rounding.
    if (untilTicks !== undefined && ((toTicks - untilTicks) | 0) > 16) {
      assessment.isOpen = false;
      return false;
    }
    const isTold = this.#series.count > 0 && ((this.#series.endTicks(0) - toTicks) | 0) >= 0;
    if (!isTold && ((nowTicks - toTicks) | 0) < TOLD_TICKS_MAX) return false;
    const periodMs = edges.endMs - edges.startMs;
    assessment.nextMs = edges.endMs;
    const rate = nearest(assessment.ratesQ8, quotientNearest(MINUTE_MS_Q8, periodMs));
    if (rate < 0) return true;
    if (fit.measure(fromTicks, (toTicks - fromTicks) | 0))
      resonance.add(rate, fit.realTicksQ8, fit.imaginaryTicksQ8, periodMs);
    else resonance.miss(periodMs);
    return true;
  }

  #draw(assessment: Assessment): void {
    this.#timer = undefined;
    if (assessment.resonance.advance()) {
      this.#timer = this.#timers.set(() => this.#draw(assessment), PIECE_MS);
      return;
    }
    const { practiceRate } = assessment.resonance;
    const found = this.#found;
    this.drop();
    if (practiceRate.absence !== Absence.None) {
      found?.({ ok: false, reason: absenceName(practiceRate.absence) });
      return;
    }
    const rateCentiPerMin = hundredths(practiceRate.breathsPerMinuteQ8);
    const spreadCentiPerMin = hundredths(practiceRate.spreadQ8);
    if (spreadCentiPerMin <= SPREAD_CENTI_MAX) found?.({ ok: true, rateCentiPerMin, spreadCentiPerMin });
    else found?.({ ok: false, reason: absenceName(Absence.PoorFit) });
  }
}

const hundredths = (perMinuteQ8: number): number => (Math.imul(perMinuteQ8, 100) + 128) >> 8;

/** Index of the rate that this one belongs to; -1 if it lies outside of all. */
function nearest(ratesQ8: readonly number[], rateQ8: number): number {
  for (let i = 0; i < ratesQ8.length; i++) {
    const offQ8 = rateQ8 - ratesQ8[i]!; // i is inside by the loop
    if (offQ8 >= -NEAR_Q8 && offQ8 < NEAR_Q8) return i;
  }
  return -1;
}
