import { absenceName } from "band/codes";
import { TOLD_TICKS_MAX, ticksAt, ticksOf } from "band/stretch-time";
import { quotientFloor, quotientNearest } from "base/divide";
import type { Clock, Timers } from "base/host-parts";
import { naturalLogQ10 } from "base/natural-log";
import type { TickClock } from "base/tick-clock";
import type { NnSeries } from "hrv/nn-series";
import { Absence } from "hrv/reading";
import { Recovery, type RecoveryReading } from "hrv/recovery";
import type { MeasuredStretch, Recovered, RecoveryFinder, RecoveryFinding } from "session/findings";

/** Windows of one breath: its swing cancels out. Two steps make one up to 10 s, three a longer one. */
const STEP_MS_MAX = 5_000;
const BREATH_MS_USUAL = 10_000;
/** A window needs clean intervals over three quarters of it, and so many differences. */
const DIFFERENCES_MIN = 4;
const TICKS_PER_MINUTE_Q8 = 15_728_640;
/**
 * lnRMSSD rises when the heart comes back: mirrored, and 20 units to one of ln, it falls as a rate does, and the fit's
 * least rise of 5 units is a fourth of ln, 28 %. ln(ms) is below 6.5, so it stays above the 30 units of a heart.
 */
const MIRROR_Q8 = 160 << 8;
const MIRROR_PER_LN = 20;
/** One tau of 49 costs some 42,000 steps of the engine: between two of them the sensor and the button are heard. */
const PIECE_MS = 50;

class Course {
  readonly rate: Recovery;
  readonly rmssd: Recovery;
  /** Steps in a window. */
  readonly span: number;
  readonly stepTicks: number;
  startTicks = 0;
  /** Where the next window ends, in steps from the start. */
  next: number;

  constructor(breathMs: number) {
    this.span = breathMs <= 2 * STEP_MS_MAX ? 2 : 3;
    const stepMs = quotientNearest(breathMs, this.span);
    this.rate = new Recovery(stepMs);
    this.rmssd = new Recovery(stepMs);
    this.stepTicks = ticksOf(stepMs);
    this.next = this.span;
    this.rate.begin();
    this.rmssd.begin();
  }
}

/**
 * Stress and recovery: the way back of heart rate and lnRMSSD after the load, as means over one breath each, and the
 * time constant of either. A mean over a window falls with the same time constant as what it is the mean of.
 * Cost: twice a second a look at the beats of a breath; memory 2 kB while a recovery goes on
 */
export class BeatRecoveryFinder implements RecoveryFinder {
  readonly #clock: Clock;
  readonly #tickClock: TickClock;
  readonly #timers: Timers;
  readonly #series: NnSeries;
  #course: Course | undefined;
  #found: ((finding: RecoveryFinding) => void) | undefined;
  #timer: unknown;

  constructor(clock: Clock, tickClock: TickClock, timers: Timers, series: NnSeries) {
    this.#clock = clock;
    this.#tickClock = tickClock;
    this.#timers = timers;
    this.#series = series;
  }

  /** The rest before and the load itself are led and logged; what is fitted is the way back, wherever it leads. */
  onStretch({ measures, fromMs, pace }: MeasuredStretch): void {
    this.drop();
    if (measures !== "recovery") return;
    const breathMs = pace === undefined ? BREATH_MS_USUAL : quotientNearest(6_000_000, pace.rateCentiPerMin);
    this.#course = new Course(breathMs);
    this.#course.startTicks = ticksAt(fromMs, this.#clock, this.#tickClock);
  }

  /** A pause: after it the way back is taken from where it is then. */
  onGap(): void {
    this.drop();
  }

  /** The session is over: what nobody has asked to finish is let go of. */
  rest(): void {
    if (this.#found === undefined) this.drop();
  }

  drop(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
    this.#found = undefined;
    this.#course = undefined;
  }

  finish(_atMs: number, found: (finding: RecoveryFinding) => void): void {
    const course = this.#course;
    if (course === undefined) {
      const none = { ok: false, reason: absenceName(Absence.TooShort) } as const;
      found({ ...none, rmssd: none });
      return;
    }
    this.#found = found;
    course.rate.beginFit();
    course.rmssd.beginFit();
    this.#fit(course);
  }

  /** Once a second. */
  second(): void {
    const course = this.#course;
    if (course === undefined || this.#found !== undefined) return;
    const nowTicks = this.#tickClock.ticks;
    while (this.#look(course, nowTicks));
  }

  /** @returns whether a window was looked at */
  #look(course: Course, nowTicks: number): boolean {
    const { startTicks, stepTicks, span, next } = course;
    const toTicks = (startTicks + Math.imul(next, stepTicks)) | 0;
    const isTold = this.#series.count > 0 && ((this.#series.endTicks(0) - toTicks) | 0) >= 0;
    if (!isTold && ((nowTicks - toTicks) | 0) < TOLD_TICKS_MAX) return false;
    course.next = (next + 1) | 0;
    this.#take(course, (toTicks - Math.imul(span, stepTicks)) | 0, toTicks);
    return true;
  }

  /** Mean rate and lnRMSSD of the intervals that end within the window. */
  #take({ rate, rmssd }: Course, fromTicks: number, toTicks: number): void {
    const series = this.#series;
    let count = 0;
    let sumTicks = 0;
    let differenceCount = 0;
    let squares = 0; // 45 intervals at most, differences below 2^11: below 2^28
    let laterTicks = 0;
    for (let back = 0; back < series.count; back++) {
      const endTicks = series.endTicks(back);
      if (((endTicks - fromTicks) | 0) <= 0) break;
      if (((endTicks - toTicks) | 0) > 0) continue;
      const rrTicks = series.rrTicks(back);
      count = (count + 1) | 0;
      sumTicks = (sumTicks + rrTicks) | 0;
      if (laterTicks > 0) {
        const difference = (laterTicks - rrTicks) | 0;
        squares = (squares + Math.imul(difference, difference)) | 0;
        differenceCount = (differenceCount + 1) | 0;
      }
      laterTicks = series.isUnbroken(back) ? rrTicks : 0;
    }
    const isCovered = sumTicks >= Math.imul(toTicks - fromTicks, 3) >> 2;
    if (!isCovered) {
      rate.miss();
      rmssd.miss();
      return;
    }
    rate.add(quotientNearest(Math.imul(TICKS_PER_MINUTE_Q8, count), sumTicks));
    const meanSquare = differenceCount < DIFFERENCES_MIN ? 0 : quotientFloor(squares, differenceCount);
    if (meanSquare < 1) {
      rmssd.miss();
      return;
    }
    // ln RMSSD = ln(mean square) / 2; in ticks instead of ms, which is a constant that the rest takes up.
    const lnQ10 = naturalLogQ10(meanSquare) >> 1;
    rmssd.add(MIRROR_Q8 - (Math.imul(MIRROR_PER_LN, lnQ10) >> 2));
  }

  /** One tau more of the rate's curve, and when that is done of the other's. */
  #fit(course: Course): void {
    this.#timer = undefined;
    if (course.rate.advance() || course.rmssd.advance()) {
      this.#timer = this.#timers.set(() => this.#fit(course), PIECE_MS);
      return;
    }
    const found = this.#found;
    this.drop();
    found?.({ ...recovered(course.rate.recovery), rmssd: recovered(course.rmssd.recovery) });
  }
}

function recovered(reading: RecoveryReading): Recovered {
  if (reading.absence !== Absence.None) return { ok: false, reason: absenceName(reading.absence) };
  const { tauMs, tauMsLow, tauMsHigh } = reading;
  return { ok: true, tauMs, tauLowMs: tauMsLow, tauHighMs: tauMsHigh };
}
