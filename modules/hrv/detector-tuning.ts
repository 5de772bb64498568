/**
 * Every constant of the beat detector that could have been another, with what it is for. How far the result moves with
 * each is in docs/algorithms.md. Samples are at 100 Hz; Q8 is 1/256; "of RR" means of the running median interval.
 */
export interface DetectorTuning {
  /** From the steepest rise to the decision, samples. Rivals are seen this far ahead. */
  readonly lookAhead: number;
  /** Two beats are never closer than this, samples. */
  readonly refractory: number;
  /** A candidate must reach this share (Q8) of the running level when it comes in time. */
  readonly lateQ8: number;
  /** ... and this share when it comes at `earlyPhaseQ8` of RR. */
  readonly earlyQ8: number;
  readonly earlyPhaseQ8: number;
  /** From this phase (Q8 of RR) on `lateQ8` holds; between the two the share falls in a line. */
  readonly latePhaseQ8: number;
  /** Rise of the share per RR below `earlyPhaseQ8`, whole numbers. */
  readonly earlySlope: number;
  /** After one and a half RR the share falls in a line, over one RR, to this (Q8). */
  readonly overdueQ8: number;
  /** A rival within this many Q8 of RR ahead may take a candidate's place ... */
  readonly rivalWindowQ8: number;
  /** ... if it is at least this strong (Q8 of the candidate), */
  readonly rivalRatioQ8: number;
  /** weighted by 1 + this * (own distance from the expected time - the rival's), distances in RR. */
  readonly rhythmWeight: number;
  /** Without a beat for so long (samples) everything is learned afresh. */
  readonly relearn: number;
  /** A period found by autocorrelation counts from this correlation (Q8) on. */
  readonly trustQ8: number;
  /** Gate: likeness to the template, Q8. */
  readonly likenessQ8: number;
  /** Gate: rise within 2^(this/256) of its running median. */
  readonly amplitudeLog2Q8: number;
  /** Gate: template time minus half-rise time within this of its running median, 1/32 sample. */
  readonly agreementQ5: number;
  /** Gate: running doubt (rivals and jumps of the interval, see `BeatGate`) from which on nothing is believed, Q8. */
  readonly doubtQ8: number;
  /** How much of a rival a beat's unlikeness explains (quarters), and the weight of jumps in the doubt. */
  readonly unlikeWeightQ2: number;
  readonly jumpWeight: number;
  /** Gate: an interval within these shares (Q8) of the median of the last seven passes, */
  readonly shortQ8: number;
  readonly longQ8: number;
  /** or one within this share (Q8) of the interval before. */
  readonly stepQ8: number;
}

export const DETECTOR_TUNING: DetectorTuning = Object.freeze({
  lookAhead: 50,
  refractory: 28,
  lateQ8: 26,
  earlyQ8: 179,
  earlyPhaseQ8: 141,
  latePhaseQ8: 166,
  earlySlope: 4,
  overdueQ8: 15,
  rivalWindowQ8: 128,
  rivalRatioQ8: 205,
  rhythmWeight: 2,
  relearn: 290,
  trustQ8: 64,
  likenessQ8: 154,
  amplitudeLog2Q8: 768,
  agreementQ5: 160,
  doubtQ8: 112,
  unlikeWeightQ2: 4,
  jumpWeight: 2,
  shortQ8: 128,
  longQ8: 115,
  stepQ8: 64,
});
