import { exp2Q8, log2Q8 } from "base/log2";
import { quotient } from "base/quotient";
import { RunningMedian } from "base/running-median";
import { BeatVerdict } from "hrv/beat";
import type { DetectorTuning } from "hrv/detector-tuning";

/** An interval outside these is none, ticks of 1/1024 s: 0.3 s and 2 s. */
const RR_MIN_TICKS = 307;
const RR_MAX_TICKS = 2048;
const BEATS_MEDIAN = 8;
const INTERVALS_MEDIAN = 7;
/** An interval that jumps further than this share says no more: one early beat is not motion. */
const JUMP_MAX_Q8 = 64;

/**
 * Refuses intervals that cannot be trusted. Each beat is judged by itself (likeness, amplitude, agreement of two ways to
 * time it, strength of rivals); an interval needs both its ends good and must be plausible beside its neighbours. The
 * second way to be plausible, near the interval before, is what lets breathing through.
 * Cost: no allocation after construction; about 100 operations a beat.
 */
export class BeatGate {
  readonly #tuning: DetectorTuning;
  #doubtQ12: number;
  #rrLast = 0;
  #endBefore: BeatVerdict = BeatVerdict.FirstAfterGap;
  #rrBefore = 0;
  readonly #riseLog = new RunningMedian(BEATS_MEDIAN);
  readonly #agreement = new RunningMedian(BEATS_MEDIAN);
  readonly #rr = new RunningMedian(INTERVALS_MEDIAN);

  constructor(tuning: DetectorTuning) {
    this.#tuning = tuning;
    this.#doubtQ12 = tuning.doubtQ8 << 4;
  }

  /** The chain of intervals is broken; the next beat has none. What is known of the pulse stays. */
  breakChain(): void {
    this.#endBefore = BeatVerdict.FirstAfterGap;
  }

  reset(): void {
    this.breakChain();
    this.#doubtQ12 = this.#tuning.doubtQ8 << 4;
    this.#rrBefore = 0;
    this.#riseLog.clear();
    this.#agreement.clear();
    this.#rr.clear();
  }

  /**
   * Verdict on the interval that ends with this beat.
   * @param rrTicks       since the beat before; 0 when there is none
   * @param rise          of the level, below 2^24
   * @param likenessQ8    0 .. 256, or 256 for the beat that founds the template
   * @param agreementQ5   template time minus half-rise time, 1/32 sample
   * @param rivalLog2Q8   strongest rival over own strength
   * @param motor         the motor ran during the upstroke
   */
  judge(
    rrTicks: number,
    rise: number,
    likenessQ8: number,
    agreementQ5: number,
    rivalLog2Q8: number,
    motor: boolean,
  ): BeatVerdict {
    this.#weigh(rrTicks, likenessQ8, rivalLog2Q8);
    const end = this.#judgeBeat(rise, likenessQ8, agreementQ5, motor);
    const before = this.#endBefore;
    this.#endBefore = end;
    if (rrTicks === 0) return BeatVerdict.FirstAfterGap;
    const verdict = this.#judgeInterval(rrTicks);
    if (verdict === BeatVerdict.TooShort || verdict === BeatVerdict.TooLong) return verdict;
    if (end !== BeatVerdict.Accepted) return end;
    // The first beat has nothing against it; a bad one before spoils this interval for its own reason.
    if (before !== BeatVerdict.Accepted && before !== BeatVerdict.FirstAfterGap) return before;
    if (verdict !== BeatVerdict.Accepted) return verdict;
    // Last, so that Noisy says: a clean interval by itself, in a signal that is not to be believed.
    return this.#doubtQ12 < this.#tuning.doubtQ8 << 4 ? verdict : BeatVerdict.Noisy;
  }

  /**
   * Doubt: a running mean over about sixteen beats of what of the strongest rival (share of the beat, at most twice)
   * noise does not explain, and of how far each interval jumps from the one before (share of both, at most a quarter).
   * Noise that makes rivals makes the beat unlike its template just as much; a rival beside a well-shaped wave is
   * another wave, as motion has. It begins at the limit, so that the first clean beat is believed and motion never is.
   * Below 2^11 in Q8, so 2^15 in Q12.
   */
  #weigh(rrTicks: number, likenessQ8: number, rivalLog2Q8: number): void {
    const unlikeQ8 = likenessQ8 > 0 ? 256 - likenessQ8 : 256;
    const unexplainedQ8 =
      exp2Q8(rivalLog2Q8 > 256 ? 256 : rivalLog2Q8) - (Math.imul(unlikeQ8, this.#tuning.unlikeWeightQ2) >> 2);
    let signQ8 = unexplainedQ8 > 0 ? unexplainedQ8 : 0;
    const before = this.#rrLast;
    this.#rrLast = rrTicks;
    if (rrTicks > 0 && before > 0) {
      // Intervals are below 2^12 ticks (2.6 s and what is pending): 2^12 << 9 = 2^21.
      const jumpQ8 = quotient((rrTicks > before ? rrTicks - before : before - rrTicks) << 9, rrTicks + before);
      signQ8 += Math.imul(jumpQ8 > JUMP_MAX_Q8 ? JUMP_MAX_Q8 : jumpQ8, this.#tuning.jumpWeight);
    }
    this.#doubtQ12 += ((signQ8 << 4) - this.#doubtQ12) >> 4;
  }

  #judgeBeat(rise: number, likenessQ8: number, agreementQ5: number, motor: boolean): BeatVerdict {
    const tuning = this.#tuning;
    const riseLog = log2Q8(rise);
    const amplitude = this.#riseLog.count === 0 ? 0 : riseLog - this.#riseLog.value;
    this.#riseLog.push(riseLog);
    const disagreement = this.#agreement.count === 0 ? 0 : agreementQ5 - this.#agreement.value;
    this.#agreement.push(agreementQ5);
    if (motor) return BeatVerdict.MotorOverlap;
    if (likenessQ8 < tuning.likenessQ8) return BeatVerdict.Unlike;
    if (amplitude > tuning.amplitudeLog2Q8 || amplitude < -tuning.amplitudeLog2Q8) return BeatVerdict.Unlike;
    if (disagreement > tuning.agreementQ5 || disagreement < -tuning.agreementQ5) return BeatVerdict.Unlike;
    return BeatVerdict.Accepted;
  }

  #judgeInterval(rrTicks: number): BeatVerdict {
    const tuning = this.#tuning;
    const before = this.#rrBefore;
    if (rrTicks < RR_MIN_TICKS) return BeatVerdict.TooShort;
    if (rrTicks > RR_MAX_TICKS) return BeatVerdict.TooLong;
    const median = this.#rr.count === 0 ? rrTicks : this.#rr.value;
    this.#rr.push(rrTicks);
    this.#rrBefore = rrTicks;
    const offMedianQ8 = (rrTicks - median) << 8; // below 2^20
    if (offMedianQ8 >= -Math.imul(tuning.shortQ8, median) && offMedianQ8 <= Math.imul(tuning.longQ8, median))
      return BeatVerdict.Accepted;
    const step = rrTicks > before ? rrTicks - before : before - rrTicks;
    return step << 8 <= Math.imul(tuning.stepQ8, before) ? BeatVerdict.Accepted : BeatVerdict.Ectopic;
  }
}
