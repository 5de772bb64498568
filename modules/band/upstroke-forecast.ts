import type { PulseSense } from "band/pulse-sense";
import type { RhythmSense } from "band/rhythm-sense";
import { divideTrunc, quotientFloor } from "base/divide";
import { elapsedMs } from "base/elapsed";
import type { Clock } from "base/host-parts";
import { cosineOfStepQ15, sineOfStepQ15 } from "base/sine";
import type { TickClock } from "base/tick-clock";
import type { UpstrokeForecast } from "haptics/upstroke-gap";
import { type Beat, BeatVerdict } from "hrv/beat";
import { NN_TICKS_MAX, NN_TICKS_MIN } from "hrv/nn-series";

/** A forecast reaches some seconds; asked for more it is of no use. */
const BEATS_MAX = 16;
/** The newest pulse that is not told yet is believed if it comes within 120 ms of where it was foreseen. */
const BELIEVED_TICKS = 123;
/** Beats that may be waiting to be told. */
const UNTOLD_MAX = 4;
/** What the last interval was off the swing goes on for so much of it, Q4. */
const GOES_ON_Q4 = 11;

/**
 * When the next upstrokes come to the wrist. A beat is told half a second late, so that one or two must be foreseen; with
 * a heart that swings by a third with the breath, repeating the last interval is off by a beat's fifth. While the breath
 * is paced the swing is known: it is that of the last breath that was judged, at the place in the breath where the next
 * beats will be.
 *
 * On 20 virtual wearers who follow `edges` the error is 19 ms in the median and 77 in 90 of 100 forecasts; by the last
 * interval and the newest candidate alone it was 46 and 259.
 * Cost: no allocation; some 60 operations and two look-ups of the sine for each beat ahead
 */
export class BreathForecast implements UpstrokeForecast {
  readonly #clock: Clock;
  readonly #tickClock: TickClock;
  readonly #sense: PulseSense;
  readonly #rhythm: RhythmSense;
  /** The beat told last, what it was off the swing, and the interval that was believed last. */
  #lastTicks = 0;
  #offTicks = 0;
  #rrTicks = 0;
  /** What one beat ahead is while no swing is known. Before an interval was believed it is the detector's own. */
  #stepTicks = 0;

  constructor(clock: Clock, tickClock: TickClock, sense: PulseSense, rhythm: RhythmSense) {
    this.#clock = clock;
    this.#tickClock = tickClock;
    this.#sense = sense;
    this.#rhythm = rhythm;
  }

  beat({ verdict, upstrokeTicks, rrTicks }: Beat): void {
    this.#lastTicks = upstrokeTicks;
    if (verdict !== BeatVerdict.Accepted) return;
    this.#rrTicks = rrTicks;
    const off = this.#rhythm.hasSwing ? (rrTicks - this.#intervalAt(upstrokeTicks)) | 0 : 0;
    this.#offTicks = Math.imul(off, GOES_ON_Q4) >> 4;
  }

  nextUpstrokeMs(afterMs: number): number | undefined {
    const sense = this.#sense;
    if (!sense.foresee()) return undefined;
    // A motor that shakes every beat would otherwise never be told where the gaps are.
    this.#stepTicks = this.#rrTicks === 0 ? sense.intervalTicks : this.#rrTicks;
    const nowMs = this.#clock.ticks;
    const afterTicks = (this.#tickClock.ticks + divideTrunc(Math.imul(elapsedMs(afterMs, nowMs), 128), 125)) | 0;
    const { newestUpstrokeTicks } = sense;
    let dueTicks = this.#lastTicks;
    for (let i = 0; i < UNTOLD_MAX && ((newestUpstrokeTicks - dueTicks) | 0) > 0; i++) {
      const nextTicks = this.#after(dueTicks);
      const offTicks = (newestUpstrokeTicks - nextTicks) | 0;
      if (offTicks > -BELIEVED_TICKS && offTicks < BELIEVED_TICKS) {
        dueTicks = newestUpstrokeTicks;
        break;
      }
      if (offTicks < 0) break; // nothing like a beat: the swing knows better
      dueTicks = nextTicks;
    }
    for (let i = 0; i < BEATS_MAX && ((dueTicks - afterTicks) | 0) <= 0; i++) dueTicks = this.#after(dueTicks);
    return (afterMs + divideTrunc(Math.imul((dueTicks - afterTicks) | 0, 125), 128)) | 0;
  }

  /** The beat after one at this time. The swing is taken where that beat will be, found in two steps. */
  #after(ticks: number): number {
    if (!this.#rhythm.hasSwing) return (ticks + this.#stepTicks) | 0;
    let rrTicks = this.#stepTicks;
    for (let i = 0; i < 2; i++) {
      rrTicks = (this.#intervalAt(ticks + rrTicks) + this.#offTicks) | 0;
      if (rrTicks < NN_TICKS_MIN) rrTicks = NN_TICKS_MIN;
      else if (rrTicks > NN_TICKS_MAX) rrTicks = NN_TICKS_MAX;
    }
    return (ticks + rrTicks) | 0;
  }

  /** The interval that ends at this time, by the swing. Z is below 2^12 ticks, times Q15: below 2^27. */
  #intervalAt(ticks: number): number {
    const { breathStartTicks, breathTicks, meanTicks, swingRealTicks, swingImaginaryTicks } = this.#rhythm;
    let sinceTicks = (ticks - breathStartTicks) | 0;
    for (let i = 0; i < UNTOLD_MAX && sinceTicks < 0; i++) sinceTicks = (sinceTicks + breathTicks) | 0;
    const step = sinceTicks < 0 ? 0 : quotientFloor(sinceTicks << 10, breathTicks) & 1023; // below 2^20 ticks: 17 min
    const cosine = Math.imul(swingRealTicks, cosineOfStepQ15(step));
    const sine = Math.imul(swingImaginaryTicks, sineOfStepQ15(step));
    return (meanTicks + ((cosine - sine) >> 15)) | 0;
  }
}
