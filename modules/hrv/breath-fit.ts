import { turnQ16Of } from "base/arctangent";
import { quotientFloor } from "base/divide";
import { cosineOfStepQ15, SINE_STEPS, sineOfStepQ15 } from "base/sine";
import { Wide } from "base/wide";
import { NN_TICKS_MAX, NN_TICKS_MIN, type NnSeries } from "hrv/nn-series";
import { sampleIntervals } from "hrv/rr-sampler";

/** Points in a breath: four a second or more up to 16 s, and the sums over cosine and sine are zero for any period. */
const POINTS = 64;
const SINE_STRIDE = SINE_STEPS >> 6;
/** Each pass brings the filled points to within 0.28 of their distance from the least-squares answer: 1/2000 in all. */
const FILL_PASSES = 6;
const RR_Q4_MIN = NN_TICKS_MIN << 4;
const RR_Q4_MAX = NN_TICKS_MAX << 4;

export const BREATH_COVERAGE_PERCENT_MIN = 90;

/**
 * How much of the interval series swings with one breath of known start and length:
 * Z = (2/N) * sum((x - mean) * exp(-j * phase)), the lock-in of physiology's section 3.2.
 *
 * Beats come unevenly, more of them where the heart is fast, so a sum over beats would take the mean wrongly and leak
 * it into Z. The series is sampled at 64 even phases instead: mean, cosine and sine are then exactly orthogonal, for
 * any period. Up to a tenth of the points may be missing; a missing one takes what the fit says there and the fit is
 * made again, which ends at the least-squares fit through the points that exist. Nothing is invented: with more missing
 * the breath does not count.
 *
 * Range: x is below 2^15 (ticks Q4) and so is its distance from the mean; times Q15 below 2^30; 64 of them in Q13 below
 * 2^30. |Z| is at most 4/pi * 870.5 ticks, in Q8 below 2^19.
 * Cost:   no allocation; some 64 divisions, once a breath
 * Memory: 64 points of 2 + 4 bytes, a wide sum, 8 fields
 */
export class BreathFit {
  /** Z, 1/1024 s in Q8. */
  realTicksQ8 = 0;
  imaginaryTicksQ8 = 0;
  /** |Z|: half of peak to trough. */
  amplitudeTicksQ8 = 0;
  meanTicks = 0;
  /** Share of the breath's variance that the swing explains, R^2, 0 .. 256; 0 when nothing varies. */
  explainedQ8 = 0;
  coveragePercent = 0;

  readonly #series: NnSeries;
  readonly #rrTicksQ4 = new Uint16Array(POINTS);
  readonly #filledQ4 = new Int32Array(POINTS);
  readonly #squares = new Wide();
  readonly #power = new Wide();
  #meanQ4 = 0;

  constructor(series: NnSeries) {
    this.#series = series;
  }

  /**
   * @param startTicks    when the breath began, 1/1024 s
   * @param periodTicks   its length, 1024 .. 2^20
   * @returns             whether it is clean; only then do the fields but `coveragePercent` mean anything
   */
  measure(startTicks: number, periodTicks: number): boolean {
    const presentCount = sampleIntervals(this.#series, startTicks, periodTicks, POINTS, this.#rrTicksQ4);
    this.coveragePercent = quotientFloor(Math.imul(presentCount, 100), POINTS);
    if (this.coveragePercent < BREATH_COVERAGE_PERCENT_MIN) return false;
    this.#takeMean(presentCount);
    this.realTicksQ8 = 0;
    this.imaginaryTicksQ8 = 0;
    const passes = presentCount === POINTS ? 1 : FILL_PASSES;
    for (let pass = 0; pass < passes; pass++) {
      this.#fill();
      this.#correlate();
    }
    this.#power.clear().addProduct(this.realTicksQ8, this.realTicksQ8);
    this.#power.addProduct(this.imaginaryTicksQ8, this.imaginaryTicksQ8); // below 2^39
    this.amplitudeTicksQ8 = this.#power.squareRoot();
    this.meanTicks = (this.#meanQ4 + 8) >> 4;
    this.#explain();
    return true;
  }

  /** Where in the breath the interval is longest, a turn in Q16; 0 is the breath's start. Undefined at no swing. */
  get longestAtTurnQ16(): number {
    return turnQ16Of(0 - this.imaginaryTicksQ8, this.realTicksQ8); // x = |Z| cos(phase - lag) has Z = |Z| exp(-j lag)
  }

  #takeMean(presentCount: number): void {
    let sumQ4 = 0;
    for (let i = 0; i < POINTS; i++) sumQ4 = (sumQ4 + this.#rrTicksQ4[i]!) | 0; // i is below POINTS, the length
    this.#meanQ4 = quotientFloor(sumQ4, presentCount);
  }

  /** Points as measured; where there is none, what the last fit says. */
  #fill(): void {
    for (let i = 0; i < POINTS; i++) {
      const measuredQ4 = this.#rrTicksQ4[i]!; // below POINTS, here and in the loops that follow
      this.#filledQ4[i] = measuredQ4 > 0 ? measuredQ4 : this.#fitQ4(Math.imul(i, SINE_STRIDE));
    }
  }

  #fitQ4(step: number): number {
    // Z from Q8 to Q4, below 2^15, times Q15; both parts together are at most 1.42 of one: below 2^31.
    const cosine = Math.imul(this.realTicksQ8 >> 4, cosineOfStepQ15(step));
    const sine = Math.imul(this.imaginaryTicksQ8 >> 4, sineOfStepQ15(step));
    const fitQ4 = (this.#meanQ4 + ((cosine - sine) >> 15)) | 0;
    if (fitQ4 < RR_Q4_MIN) return RR_Q4_MIN;
    if (fitQ4 > RR_Q4_MAX) return RR_Q4_MAX;
    return fitQ4;
  }

  #correlate(): void {
    let sumQ4 = 0;
    for (let i = 0; i < POINTS; i++) sumQ4 = (sumQ4 + this.#filledQ4[i]!) | 0; // below 2^21
    this.#meanQ4 = (sumQ4 + (POINTS >> 1)) >> 6;
    let real = 0;
    let imaginary = 0;
    for (let i = 0; i < POINTS; i++) {
      const swingQ4 = (this.#filledQ4[i]! - this.#meanQ4) | 0;
      const step = Math.imul(i, SINE_STRIDE);
      real = (real + ((Math.imul(swingQ4, cosineOfStepQ15(step)) + 32) >> 6)) | 0; // Q4 * Q15 >> 6 = Q13
      imaginary = (imaginary - ((Math.imul(swingQ4, sineOfStepQ15(step)) + 32) >> 6)) | 0;
    }
    this.realTicksQ8 = (real + 512) >> 10; // times 2 / 64, Q13 to Q8
    this.imaginaryTicksQ8 = (imaginary + 512) >> 10;
  }

  /** R^2 = (|Z|^2 / 2) / variance = 32 * |Z|^2 / sum of squares, where |Z|^2 is in Q16 and the sum in Q8. */
  #explain(): void {
    let high = 0;
    let low = 0;
    for (let i = 0; i < POINTS; i++) {
      const swingQ4 = (this.#filledQ4[i]! - this.#meanQ4) | 0;
      const square = Math.imul(swingQ4, swingQ4); // below 2^30, summed in two parts below 2^21
      high = (high + (square >> 15)) | 0;
      low = (low + (square & 0x7fff)) | 0;
    }
    this.#squares.clear().add(high).shiftLeft(15).add(low);
    this.explainedQ8 = this.#squares.isZero ? 0 : this.#power.ratioQ(this.#squares, 5);
    if (this.explainedQ8 > 256) this.explainedQ8 = 256;
  }
}
