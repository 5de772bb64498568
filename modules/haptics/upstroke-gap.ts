import { elapsedMs } from "base/elapsed";
import { MOTOR_LIMITS } from "haptics/motor";

/** When the heart's next upstrokes reach the wrist, as the beat detector foresees them. Host clock, ms. */
export interface UpstrokeForecast {
  /** The first upstroke due later than `afterMs`; undefined if none can be foreseen (no pulse, irregular). */
  nextUpstrokeMs(afterMs: number): number | undefined;
}

/**
 * No vibration this close to the steepest point of an upstroke: 60 ms on each side of it the pulse rises, and four
 * forecasts in five are less than 80 ms off. On 20 virtual wearers who follow a wave 105 ms left 89 of 100 upstrokes
 * free, 140 leave 96.
 */
export const UPSTROKE_GUARD_MS = 140;

/**
 * A tick that has been moved stands at an edge of the gap. When it is due it is looked at again with so much less room:
 * a forecast that has moved by this, or been rounded, does not move it anew or leave it out.
 */
export const SETTLED_MS = 10;

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
   * @param guardMs     no vibration this close to an upstroke
   */
  find(wishedMs: number, earliestMs: number, onMs: number, shiftMsMax: number, guardMs: number): GapVerdict {
    this.atMs = wishedMs;
    const takesMs = onMs + MOTOR_LIMITS.tailMs + guardMs;
    const hitMs = this.#forecast.nextUpstrokeMs((wishedMs - guardMs) | 0);
    if (hitMs === undefined || elapsedMs(hitMs, wishedMs) >= takesMs) return GapVerdict.OnTime;

    // Moves from the wished time: to the left until the tail ends before this upstroke, to the right until it is over.
    const earlyByMs = elapsedMs(hitMs, wishedMs) - takesMs;
    const lateByMs = elapsedMs(hitMs, wishedMs) + guardMs;
    const earlyMs = (wishedMs + earlyByMs) | 0;
    const lateMs = (wishedMs + lateByMs) | 0;
    const mayBeEarly = -earlyByMs <= shiftMsMax && elapsedMs(earlyMs, earliestMs) >= 0;
    // A forecast is rounded: asked from elsewhere it says the same upstroke a millisecond sooner or later.
    const firstMs = mayBeEarly ? this.#forecast.nextUpstrokeMs((earlyMs - guardMs) | 0) : undefined;
    const earlyIsClear = firstMs !== undefined && elapsedMs(firstMs, hitMs) > -guardMs;
    const afterMs = this.#forecast.nextUpstrokeMs((hitMs + guardMs) | 0);
    const lateIsClear = lateByMs <= shiftMsMax && (afterMs === undefined || elapsedMs(afterMs, lateMs) >= takesMs);
    if (!earlyIsClear && !lateIsClear) return GapVerdict.None;
    this.atMs = earlyIsClear && (!lateIsClear || -earlyByMs <= lateByMs) ? earlyMs : lateMs;
    return GapVerdict.Shifted;
  }
}
