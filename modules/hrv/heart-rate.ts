import { quotientNearest } from "base/divide";
import { type Beat, BeatVerdict } from "hrv/beat";

/** Why there is no heart rate. */
export const enum HeartRateAbsence {
  /** There is one. */
  None = 0,
  NotWorn = 1,
  /** Worn, but too few beats so far. */
  Settling = 2,
  /** Beats, or what looks like them, whose intervals cannot be trusted: motion, a loose strap, noise. */
  Unsure = 3,
  /** Worn and no beat for some seconds. */
  NoPulse = 4,
}

/** Intervals that make up a rate: some five seconds at rest. */
const INTERVALS = 5;
/** A rate from as few as this, so that it is there within five seconds. */
const INTERVALS_MIN = 2;
/** A beat that the motor overlapped counts for the rate from this likeness on. */
const SHAKEN_QUALITY_Q8 = 205;
const TICKS_PER_MINUTE = 61_440; // 60 x 1024
/** Without an accepted interval for this long the rate is withdrawn, ticks: 3 s, or three of its own intervals. */
const STALE_TICKS_MIN = 3072;
const NO_PULSE_TICKS = 4096;

/**
 * Beats per minute over the last accepted intervals, or the reason for having none. Never stale: without accepted beats
 * it goes within some three seconds. In: beats as they come; `second` once a second. Cost: per beat and per second only.
 */
export class HeartRate {
  /** 1 .. 255, to the nearest; counts only while `absence` is None. */
  bpm = 0;
  absence = HeartRateAbsence.NotWorn;
  readonly #rrTicks = new Int32Array(INTERVALS);
  #count = 0;
  #next = 0;
  #worn = false;
  #wornTicks = 0;
  #beatTicks = 0;
  #hasBeat = false;
  #acceptedTicks = 0;

  /** Contact was found or lost, at this time. What was known of another skin is forgotten. */
  contact(worn: boolean, nowTicks: number): void {
    if (worn === this.#worn) return;
    this.#worn = worn;
    this.#wornTicks = nowTicks;
    this.#count = 0;
    this.#hasBeat = false;
    this.absence = worn ? HeartRateAbsence.Settling : HeartRateAbsence.NotWorn;
  }

  beat(beat: Beat): void {
    this.#beatTicks = beat.upstrokeTicks;
    this.#hasBeat = true;
    // Beside a running motor the interval is not good enough for HRV; for a rate it is, if the beat looks like one.
    const isShaken = beat.verdict === BeatVerdict.MotorOverlap && beat.qualityQ8 >= SHAKEN_QUALITY_Q8;
    if (beat.verdict !== BeatVerdict.Accepted && !(isShaken && beat.rrTicks > 0)) return;
    this.#rrTicks[this.#next] = beat.rrTicks;
    this.#next = this.#next + 1 === INTERVALS ? 0 : this.#next + 1;
    if (this.#count < INTERVALS) this.#count++;
    this.#acceptedTicks = beat.upstrokeTicks;
  }

  /** What can be said now. */
  second(nowTicks: number): void {
    if (!this.#worn) return;
    const count = this.#count;
    let sumTicks = 0;
    for (let i = 0; i < count; i++) sumTicks += this.#rrTicks[i]!; // i < count <= INTERVALS: the oldest are overwritten
    const staleTicks = count === 0 ? 0 : quotientNearest(Math.imul(sumTicks, 3), count);
    const sinceTicks = (nowTicks - this.#acceptedTicks) | 0;
    if (count > 0 && sinceTicks > (staleTicks > STALE_TICKS_MIN ? staleTicks : STALE_TICKS_MIN)) this.#count = 0;
    if (this.#count >= INTERVALS_MIN) {
      this.absence = HeartRateAbsence.None;
      this.bpm = quotientNearest(Math.imul(TICKS_PER_MINUTE, count), sumTicks);
      return;
    }
    const quietSince = this.#hasBeat ? this.#beatTicks : this.#wornTicks;
    const isQuiet = ((nowTicks - quietSince) | 0) > NO_PULSE_TICKS;
    const isNew = ((nowTicks - this.#wornTicks) | 0) <= NO_PULSE_TICKS + 1024;
    if (isQuiet) this.absence = HeartRateAbsence.NoPulse;
    else this.absence = isNew ? HeartRateAbsence.Settling : HeartRateAbsence.Unsure;
  }
}
