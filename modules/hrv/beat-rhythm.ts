import { LOG2_ONE_Q8, log2Q8 } from "base/log2";
import { quotient } from "base/quotient";
import { RunningMedian } from "base/running-median";
import { BeatVerdict } from "hrv/beat";
import type { DetectorTuning } from "hrv/detector-tuning";

const BEATS_MEDIAN = 8;
/** A beat below 0.35 of the level is faint. */
const FAINT_LOG2Q8 = 388;
/** A candidate is as strong as a beat from 0.8 of it on; so many in the middle of intervals are no accident. */
const LIKE_LOG2Q8 = 82;
const HALVES_MAX = 3;
/** Refused intervals teach the rhythm nothing until there have been so many in a row. */
const REFUSED_RUN = 2;

/**
 * When the next beat is due and how strong it will be: running medians of interval and strength, and the last beat.
 * Times are entries of `PulseViews.level`; distances from the last beat stay below 2^10 samples, so phases fit int32.
 * Cost: no allocation after construction; some 20 operations a candidate and 60 a beat.
 */
export class BeatRhythm {
  /** Running interval, samples. */
  rr = 0;
  /** The last beat, or, without one, from when on a beat is awaited. */
  lastAt = 0;
  /** Whether there is a beat to measure from. */
  hasLast = false;
  /** Samples between the last two beats; the running interval while there is only one. */
  lastInterval = 0;
  #inverseRrQ16 = 0;
  #lastStrength = 0;
  /** Intervals in a row with a candidate in their middle that was as strong as a beat, and where the last one was. */
  #skipped = 0;
  #skippedAt = 0;
  #refusedRun = 0;
  readonly #tuning: DetectorTuning;
  readonly #rrMedian = new RunningMedian(BEATS_MEDIAN);
  readonly #strength = new RunningMedian(BEATS_MEDIAN);

  constructor(tuning: DetectorTuning) {
    this.#tuning = tuning;
  }

  /** Running strength of a beat, Q8 logarithm. */
  get levelLog2Q8(): number {
    return this.#strength.value;
  }

  /** The chain of beats is broken; rhythm and level stay. */
  breakChain(): void {
    this.hasLast = false;
  }

  /** What has been learned counts no more. */
  doubt(): void {
    this.hasLast = false;
    this.#skipped = 0;
  }

  /** Learned: `period` in samples, the level of a beat, and from when on the first one is awaited. */
  begin(period: number, levelLog2Q8: number, awaitedFrom: number): void {
    this.#strength.fill(levelLog2Q8);
    this.#rrMedian.fill(period);
    this.#setRr(period);
    this.hasLast = false;
    this.lastAt = awaitedFrom;
  }

  /** Phase of entry `at` since the last beat, Q8 of RR. Distances stay below 2^10, the inverse below 2^12. */
  phaseQ8(at: number): number {
    return Math.imul(at - this.lastAt, this.#inverseRrQ16) >> 8;
  }

  /** Distance from the nearest time at which a beat is due, Q8 of RR. */
  distanceQ8(at: number): number {
    if (!this.hasLast) return 0;
    const phase = this.phaseQ8(at);
    const due = phase < 384 ? 256 : (phase + 128) & ~255;
    return phase > due ? phase - due : due - phase;
  }

  /** Strength that a candidate at `at` needs to be a beat, Q8 logarithm. */
  neededLog2Q8(at: number): number {
    return this.#strength.value + log2Q8(this.#shareQ8(at)) - LOG2_ONE_Q8;
  }

  /**
   * A candidate at `at` was too weak for its time. @returns whether that is once too often: a beat of the usual strength
   * in the middle of every interval, so the rhythm is half the heart's
   */
  isHalf(at: number, strengthLog2Q8: number): boolean {
    if (!this.hasLast || strengthLog2Q8 <= this.#lastStrength - LIKE_LOG2Q8) return false;
    const phase = this.phaseQ8(at);
    if (phase < 102 || phase > 154) return false; // 0.4 .. 0.6
    this.#skipped++;
    this.#skippedAt = at;
    return this.#skipped >= HALVES_MAX;
  }

  /** A beat at `at`, and what the gate said of the interval that it ends. */
  beat(at: number, strengthLog2Q8: number, verdict: BeatVerdict): void {
    const strength = this.#strength;
    this.lastInterval = this.hasLast ? at - this.lastAt : this.rr;
    if (this.hasLast) {
      this.#follow(this.lastInterval, verdict);
      // A beat that only lateness let in says that the level is of another time: it counts for three.
      if (strengthLog2Q8 < strength.value - FAINT_LOG2Q8 && this.phaseQ8(at) > 384) {
        strength.push(strengthLog2Q8);
        strength.push(strengthLog2Q8);
      }
      if (this.#skipped > 0 && this.#skippedAt <= this.lastAt) this.#skipped = 0;
    }
    strength.push(strengthLog2Q8);
    this.#lastStrength = strengthLog2Q8;
    this.hasLast = true;
    this.lastAt = at;
  }

  /** The rhythm follows intervals that look like some; others only when there are no better ones. */
  #follow(samples: number, verdict: BeatVerdict): void {
    if (
      verdict === BeatVerdict.Accepted ||
      verdict === BeatVerdict.Ectopic ||
      verdict === BeatVerdict.Noisy ||
      verdict === BeatVerdict.MotorOverlap
    )
      this.#refusedRun = 0;
    else if (++this.#refusedRun <= REFUSED_RUN) return;
    this.#rrMedian.push(samples);
    this.#setRr(this.#rrMedian.value);
  }

  #setRr(samples: number): void {
    this.rr = samples;
    this.#inverseRrQ16 = quotient(1 << 16, samples);
  }

  /** Share of the level, Q8: half of it for a first beat, else by the phase. */
  #shareQ8(at: number): number {
    if (!this.hasLast) return 128;
    const tuning = this.#tuning;
    const earlyQ8 = tuning.earlyQ8;
    const earlyPhaseQ8 = tuning.earlyPhaseQ8;
    const latePhaseQ8 = tuning.latePhaseQ8;
    const lateQ8 = tuning.lateQ8;
    const phase = this.phaseQ8(at);
    if (phase < earlyPhaseQ8) return earlyQ8 + Math.imul(tuning.earlySlope, earlyPhaseQ8 - phase);
    if (phase < latePhaseQ8)
      return lateQ8 + quotient(Math.imul(earlyQ8 - lateQ8, latePhaseQ8 - phase), latePhaseQ8 - earlyPhaseQ8);
    if (phase <= 384) return lateQ8;
    return lateQ8 - (Math.imul(lateQ8 - tuning.overdueQ8, phase > 640 ? 256 : phase - 384) >> 8);
  }
}
