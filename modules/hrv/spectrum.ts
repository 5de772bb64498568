import { assert } from "base/assert";
import { quotientFloor, quotientNearest } from "base/divide";
import { RealTransform, TRANSFORM_BINS } from "base/fourier";
import { cosineQ15 } from "base/sine";
import { msFromTicksFloor } from "base/units";
import { Wide } from "base/wide";
import type { NnSeries } from "hrv/nn-series";
import { Absence } from "hrv/reading";
import { sampleIntervals } from "hrv/rr-sampler";

/** The tachogram: 2 Hz, so bins of the 1024-point transform are 1/512 Hz apart. */
export const BINS_PER_HZ = 512;
const STEP_TICKS = 512;
export const SPECTRUM_SECONDS_MIN = 64;
export const SPECTRUM_SECONDS_MAX = 300;
/** A hole that one missed beat leaves is drawn across, up to 4 s; a longer one is a run, and runs are not made up. */
const HOLE_POINTS_MAX = 8;
/** Points whose products with their place int32 can sum. */
const SUM_POINTS = 64;

// Hoisted: a string literal that is evaluated makes garbage wherever byte code is not in flash.
const WINDOW_RANGE = "a window as long as the store";

/** What `advance` does next. */
const enum Piece {
  Line = 0,
  Load = 1,
  Transform = 2,
}

/**
 * Power of the interval series at k/512 Hz, by the recipe of docs/hrv.md: straight lines between beats at 2 Hz, less
 * the least-squares line, times Hann, transform of 1024 points.
 *
 * Range: points are ticks in Q4, at most 2^15; less their mean below 2^14.8; less the line, in Q18, below 2^31: the line
 * leaves no more than the extremes of a series of that range. The largest is then brought to 17 bits.
 * Error: powers that are summed over a band are within 0.3 % of it and 0.006 ms^2; measured in the tests.
 * Cost:   no allocation; 128 points and 6 stages of the transform for 64 s
 * Memory: 4 bytes a second of the longest window, 4 kB of transform, a wide sum
 */
export class Spectrum {
  /** Why there is no spectrum of the last window that was asked for. */
  absence: Absence = Absence.TooShort;
  /** Points of the window that lie on measured intervals, percent, rounded down. */
  coveragePercent = 0;
  windowMs = 0;
  /** When the window ended, session clock, 1/1024 s. */
  endTicks = 0;

  readonly series: NnSeries;
  readonly #rrTicksQ4: Uint16Array;
  readonly #transform = new RealTransform();
  readonly #sum = new Wide();
  #piece = Piece.Line;
  #count = 0;
  #meanQ18 = 0;
  /** Line through the points less their mean: Q18 for each unit of 2 i - (count - 1). */
  #slopeQ18 = 0;
  /** Right shift from Q18 to the 17 bits of the transform's input: 2 .. 13, since a tick at least is left. */
  #inputShift = 0;
  /** Right shift of the transform's parts to below 15 bits. */
  #outputShift = 0;

  /** @param secondsMax   longest window that will be asked for, 64 .. 300 */
  constructor(series: NnSeries, secondsMax: number) {
    assert(secondsMax >= SPECTRUM_SECONDS_MIN && secondsMax <= SPECTRUM_SECONDS_MAX, "a window of 64 .. 300 s");
    this.series = series;
    this.#rrTicksQ4 = new Uint16Array(secondsMax << 1);
  }

  /**
   * The last `seconds` before `nowTicks`.
   * @param seconds                64 .. secondsMax, whole
   * @param coveragePercentMin     with less there is no spectrum
   * @returns                      whether there is one
   */
  measure(nowTicks: number, seconds: number, coveragePercentMin: number): boolean {
    if (this.begin(nowTicks, seconds, coveragePercentMin)) while (this.advance()) {}
    return this.absence === Absence.None;
  }

  /** The first piece of `measure`: samples the window. @returns whether more is left; if not, there is no spectrum */
  begin(nowTicks: number, seconds: number, coveragePercentMin: number): boolean {
    const count = seconds << 1;
    assert(seconds >= SPECTRUM_SECONDS_MIN && count <= this.#rrTicksQ4.length, WINDOW_RANGE);
    this.#count = count;
    this.endTicks = this.series.windowEndTicks(nowTicks);
    const windowTicks = Math.imul(count, STEP_TICKS);
    const reachTicks = this.series.reachTicks(this.endTicks);
    this.absence = this.#look(windowTicks, reachTicks, coveragePercentMin);
    this.#piece = Piece.Line;
    return this.absence === Absence.None;
  }

  /** The next piece of `measure`, of up to 8; ask nothing else until none is left. @returns whether more is left */
  advance(): boolean {
    if (this.#piece === Piece.Line) {
      this.#fillHoles();
      this.#fitLine();
      this.#piece = Piece.Load;
      if (this.#scaleInput()) return true;
      this.absence = Absence.NoVariation;
      return false;
    }
    if (this.#piece === Piece.Load) {
      this.#loadPoints();
      this.#piece = Piece.Transform;
      return true;
    }
    if (this.#transform.advance()) return true;
    this.#scaleOutput();
    return false;
  }

  /** Mean of the points, ticks in Q4. */
  get meanTicksQ4(): number {
    return this.#meanQ18 >> 14;
  }

  /** Power of bin k, 0 .. 256 (k/512 Hz), on a scale of this window only: fit for ratios and for finding peaks. */
  power(k: number): number {
    const re = this.#transform.re[k]! >> this.#outputShift; // k is below the 512 of the transform
    const im = this.#transform.im[k]! >> this.#outputShift;
    return (Math.imul(re, re) + Math.imul(im, im)) | 0; // each below 2^15, so the sum is below 2^31
  }

  /** The bin of `from .. to` with the largest power, the first of equals. */
  strongestBin(from: number, to: number): number {
    let strongest = from;
    let most = this.power(from);
    for (let k = from; k <= to; k++) {
      const power = this.power(k);
      if (power <= most) continue;
      most = power;
      strongest = k;
    }
    return strongest;
  }

  /** Sum of the powers of bins `from .. to` into `sum`, which is below 2^39. */
  sumPowers(from: number, to: number, sum: Wide): Wide {
    let high = 0;
    let low = 0;
    for (let k = from; k <= to; k++) {
      const power = this.power(k);
      high = (high + (power >> 15)) | 0; // 257 times 2^16, and 2^15
      low = (low + (power & 0x7fff)) | 0;
    }
    return sum.clear().add(high).shiftLeft(15).add(low);
  }

  /** Integral of the one-sided power density over bins `from .. to`, each 1/512 Hz wide: ms^2 in Q8. */
  bandMs2Q8(from: number, to: number): number {
    // 2 |X|^2 / (rate * sum of squared weights) / 512 with rate 2 and weights' squares 3 N / 8: |X|^2 / (192 N).
    // |X|^2 in ticks^2 is power * 2^(2 (output shift + scale bits + input shift - 18)); (125/128)^2 = 15625 / 2^14.
    this.sumPowers(from, to, this.#sum).scale(15_625);
    const twos = ((this.#outputShift + this.#transform.scaleBits + this.#inputShift - 18) << 1) + 8 - 14;
    if (twos > 0) this.#sum.shiftLeft(twos);
    this.#sum.divideNearest(Math.imul(192, this.#count));
    return twos > 0 ? this.#sum.toInt32() : this.#sum.add((1 << (0 - twos)) >> 1).shiftedRight(0 - twos);
  }

  #look(windowTicks: number, reachTicks: number, coveragePercentMin: number): Absence {
    if (reachTicks < windowTicks) {
      this.coveragePercent = 0;
      this.windowMs = reachTicks > 0 ? msFromTicksFloor(reachTicks) : 0;
      return Absence.TooShort;
    }
    const startTicks = (this.endTicks - windowTicks + STEP_TICKS) | 0;
    const presentCount = sampleIntervals(this.series, startTicks, windowTicks, this.#count, this.#rrTicksQ4);
    this.coveragePercent = quotientFloor(Math.imul(presentCount, 100), this.#count);
    this.windowMs = msFromTicksFloor(windowTicks);
    if (this.coveragePercent < coveragePercentMin) return Absence.LowCoverage;
    return this.#longestHole() > HOLE_POINTS_MAX ? Absence.LongGap : Absence.None;
  }

  #longestHole(): number {
    let longest = 0;
    let length = 0;
    for (let i = 0; i < this.#count; i++) {
      length = this.#rrTicksQ4[i]! > 0 ? 0 : (length + 1) | 0; // count is at most the length
      if (length > longest) longest = length;
    }
    return longest;
  }

  /** A straight line across each hole; at either end of the window the nearest point. */
  #fillHoles(): void {
    const points = this.#rrTicksQ4;
    let last = -1;
    for (let i = 0; i < this.#count; i++) {
      if (points[i]! === 0) continue; // i is below count, here and in the loops below
      const from = last < 0 ? points[i]! : points[last]!;
      const rise = (points[i]! - from) | 0;
      for (let hole = (last + 1) | 0; hole < i; hole++)
        points[hole] = (from + quotientNearest(Math.imul(rise, hole - last), i - last)) | 0;
      last = i;
    }
    for (let hole = (last + 1) | 0; hole < this.#count; hole++) points[hole] = points[last]!; // coverage: there is one
  }

  /** Mean, and slope b = sum(u x) / sum(u^2) over u = 2 i - (N - 1), whose squares sum to N (N^2 - 1) / 3. */
  #fitLine(): void {
    const count = this.#count;
    let sumQ4 = 0;
    for (let i = 0; i < count; i++) sumQ4 = (sumQ4 + this.#rrTicksQ4[i]!) | 0; // 600 * 2^15 is below 2^25
    // A rest of the mean would leak into the lowest bins, so it is taken as finely as the line: Q18, below 2^29.
    this.#meanQ18 = this.#sum.clear().add(sumQ4).shiftLeft(14).divideNearest(count).toInt32();
    this.#sum.clear();
    for (let first = 0; first < count; first += SUM_POINTS) this.#sum.add(this.#momentQ4(first));
    const isFalling = this.#sum.isNegative;
    if (isFalling) this.#sum.negate();
    const squares = quotientFloor(Math.imul(count, Math.imul(count, count) - 1), 3); // 600^3 / 3 is below 2^27
    const slopeQ18 = this.#sum.shiftLeft(14).divideNearest(squares).toInt32();
    this.#slopeQ18 = isFalling ? 0 - slopeQ18 : slopeQ18;
  }

  /** sum(u x) of up to 64 points from `first` on, with x less the mean: 64 * 599 * 27 856 is below 2^30. */
  #momentQ4(first: number): number {
    const meanQ4 = this.#meanQ18 >> 14; // u sums to zero over all points, so any constant may be taken off
    let end = (first + SUM_POINTS) | 0;
    if (end > this.#count) end = this.#count;
    let moment = 0;
    for (let i = first; i < end; i++)
      moment = (moment + Math.imul((i << 1) - (this.#count - 1), this.#rrTicksQ4[i]! - meanQ4)) | 0; // below count
    return moment;
  }

  /** Point i less mean and line, ticks in Q18. */
  #residualQ18(i: number): number {
    const aboveMean = ((this.#rrTicksQ4[i]! << 14) - this.#meanQ18) | 0; // i is below count
    return (aboveMean - Math.imul(this.#slopeQ18, (i << 1) - (this.#count - 1))) | 0;
  }

  /** @returns false when no point is a tick away from the line: what is left is the clock's own grain */
  #scaleInput(): boolean {
    let magnitude = 0;
    for (let i = 0; i < this.#count; i++) {
      const residual = this.#residualQ18(i);
      magnitude |= residual ^ (residual >> 31);
    }
    this.#inputShift = (15 - Math.clz32(magnitude)) | 0; // 32 - zeros bits become 17
    return magnitude >= 1 << 18;
  }

  #loadPoints(): void {
    const transform = this.#transform;
    transform.begin(this.#count);
    // A point's place in the window as a turn in Q16, by adding up 65536 / N: the rest is carried along.
    const turnStep = quotientFloor(0x1_0000, this.#count);
    const turnRest = (0x1_0000 - Math.imul(turnStep, this.#count)) | 0;
    let turnQ16 = 0;
    let rest = 0;
    let even = 0;
    for (let i = 0; i < this.#count; i++) {
      const point = this.#weighted(i, turnQ16);
      if ((i & 1) === 0) even = point;
      else transform.load(i >> 1, even, point);
      turnQ16 = (turnQ16 + turnStep) | 0;
      rest = (rest + turnRest) | 0;
      if (rest >= this.#count) {
        rest = (rest - this.#count) | 0;
        turnQ16 = (turnQ16 + 1) | 0;
      }
    }
  }

  #scaleOutput(): void {
    const transform = this.#transform;
    let magnitude = 0;
    for (let k = 0; k < TRANSFORM_BINS; k++) {
      const re = transform.re[k]!; // below the 512 of the transform
      const im = transform.im[k]!; // likewise
      magnitude |= (re ^ (re >> 31)) | (im ^ (im >> 31));
    }
    const excess = 17 - Math.clz32(magnitude);
    this.#outputShift = excess > 0 ? excess | 0 : 0;
  }

  /** Input of the transform: residual times Hann's 0.5 - 0.5 cos(2 pi i / N), 17 bits times Q14. */
  #weighted(i: number, turnQ16: number): number {
    const weightQ14 = (0x8002 - cosineQ15(turnQ16)) >> 2;
    return (Math.imul(this.#residualQ18(i) >> this.#inputShift, weightQ14) + 0x2000) >> 14;
  }
}
