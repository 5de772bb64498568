import { elapsedMs } from "base/elapsed";
import { MOTOR_LIMITS } from "haptics/motor";

/** When the heart's next upstrokes reach the wrist, as the beat detector foresees them. Host clock, ms. */
export interface UpstrokeForecast {
  /** The first upstroke due later than `afterMs`; undefined if none can be foreseen (no pulse, irregular). */
  nextUpstrokeMs(afterMs: number): number | undefined;
}

/**
 * No vibration this close to the steepest point of an upstroke: 60 ms on each side of it the pulse rises, and the
 * forecast is up to 60 ms off. With 80 ms, as it once was, only three upstrokes in four of a wave were free of motor.
 */
export const UPSTROKE_GUARD_MS = 120;

export const enum GapVerdict {
  /** Clear of every upstroke at its own time, or nothing is known. */
  OnTime = 0,
  /** Clear at the time in `atMs`. */
  Shifted = 1,
  /** No clear time within reach. */
  None = 2,
}

/** Finds the time nearest to the wished one at which a tick, its tail included, meets no upstroke. Cost: no allocation. */
export class UpstrokeGap {
  readonly #forecast: UpstrokeForecast;
  atMs = 0;

  constructor(forecast: UpstrokeForecast) {
    this.#forecast = forecast;
  }

  /**
   * @param wishedMs    host clock
   * @param earliestMs  not before this, host clock
   * @param onMs        length of the tick
   * @param shiftMsMax  farthest move, earlier or later
   */
  find(wishedMs: number, earliestMs: number, onMs: number, shiftMsMax: number): GapVerdict {
    this.atMs = wishedMs;
    const takesMs = onMs + MOTOR_LIMITS.tailMs + UPSTROKE_GUARD_MS;
    const hitMs = this.#forecast.nextUpstrokeMs((wishedMs - UPSTROKE_GUARD_MS) | 0);
    if (hitMs === undefined || elapsedMs(hitMs, wishedMs) >= takesMs) return GapVerdict.OnTime;

    // Moves from the wished time: to the left until the tail ends before this upstroke, to the right until it is over.
    const earlyByMs = elapsedMs(hitMs, wishedMs) - takesMs;
    const lateByMs = elapsedMs(hitMs, wishedMs) + UPSTROKE_GUARD_MS;
    const earlyMs = (wishedMs + earlyByMs) | 0;
    const lateMs = (wishedMs + lateByMs) | 0;
    const earlyIsClear =
      -earlyByMs <= shiftMsMax &&
      elapsedMs(earlyMs, earliestMs) >= 0 &&
      this.#forecast.nextUpstrokeMs((earlyMs - UPSTROKE_GUARD_MS) | 0) === hitMs;
    const afterMs = this.#forecast.nextUpstrokeMs(hitMs);
    const lateIsClear = lateByMs <= shiftMsMax && (afterMs === undefined || elapsedMs(afterMs, lateMs) >= takesMs);
    if (!earlyIsClear && !lateIsClear) return GapVerdict.None;
    this.atMs = earlyIsClear && (!lateIsClear || -earlyByMs <= lateByMs) ? earlyMs : lateMs;
    return GapVerdict.Shifted;
  }
}
