import { quotientNearest } from "base/divide";
import { naturalLogQ10 } from "base/natural-log";
import { msFromTicksNearest, ticksFromMsFloor } from "base/units";
import { Wide } from "base/wide";
import { NN_TICKS_MAX, NN_TICKS_MIN, type NnSeries } from "hrv/nn-series";
import { NnWindow } from "hrv/nn-window";
import { Absence, type Reading, Slot } from "hrv/reading";

/** Least time and least count behind each number, and the share of the window that must be clean. Source: docs/hrv.md */
export const DIFFERENCES_MS_MIN = 60_000;
export const DIFFERENCES_MIN = 50;
export const DIFFERENCES_MS_PROVISIONAL = 30_000;
export const DIFFERENCES_PROVISIONAL = 25;
export const SPREAD_MS_MIN = 120_000;
export const COVERAGE_PERCENT_MIN = 90;

/** More than 50 ms is more than 51.2 ticks. */
const NN50_TICKS_SQUARED_MIN = 52 * 52;
/** ln 2 in Q16 and ln(125/128), the ms in a tick, in Q10. */
const LN_2_Q16 = 45_426;
const LN_MS_PER_TICK_Q10 = -24;
/** 20 ms is 20.48 ticks: a range below that makes the stress index, its inverse, explode. */
const RANGE_TICKS_MIN = 21;
/** Bins of 50 ms up to 2000 ms, the last for 2000 ms itself. */
const BIN_COUNT = 41;

class MsSlot extends Slot {
  msQ8 = 0;
}
class LnSlot extends Slot {
  lnMsQ10 = 0;
}
class PercentSlot extends Slot {
  percentQ8 = 0;
}
class StressSlot extends Slot {
  percentPerS2Q8 = 0;
}

/** Milliseconds in Q8. */
export type MsReading = Reading<{ readonly msQ8: number }>;

/**
 * Time-domain HRV over the last part of a series. Each number is made anew from the intervals, in integers, exactly but
 * for its own last rounding; differences are counted within unbroken runs only, and M is how many were counted.
 *
 * Range: at most 1024 intervals of 307 .. 2048 ticks. Their sum is at most 2^21. Against the rounded mean their squares
 * sum to at most 1024 * (870.5^2 + 1/4) < 2^30. Differences are at most 1741, their squares below 2^32 in sum: wide.
 * Formats: ms Q8, within 1/256 ms of the formula's value; ln Q10 within 2/1024; percent Q8 within 1/256.
 * Cost:    no allocation; two passes over the window: for once in some seconds
 * Memory:  41 bins of 2 bytes, 8 readings, 4 wide sums
 * Source:  Task Force 1996, Eur Heart J 17:354 (NN statistics); Brennan 2001 (SD1, SD2); Baevsky (stress index)
 */
export class TimeDomain {
  readonly meanNn: MsReading;
  readonly sdnn: MsReading;
  readonly rmssd: MsReading;
  /** Natural logarithm of RMSSD in ms. */
  readonly lnRmssd: Reading<{ readonly lnMsQ10: number }>;
  /** Share of differences above 50 ms, of those that were counted. */
  readonly pnn50: Reading<{ readonly percentQ8: number }>;
  readonly sd1: MsReading;
  readonly sd2: MsReading;
  /** Baevsky's index: percent in the modal 50 ms bin / (2 * its middle in s * range in s). */
  readonly stress: Reading<{ readonly percentPerS2Q8: number }>;
  /** Differences behind RMSSD, pNN50 and SD1, M. */
  differenceCount = 0;
  /** Intervals behind the mean and SDNN, N. */
  intervalCount = 0;
  /** RMSSD, lnRMSSD, pNN50 and SD1 rest on less than 60 s: for showing while one waits, not for comparing. */
  isProvisional = true;

  readonly #series: NnSeries;
  readonly #meanNn = new MsSlot();
  readonly #sdnn = new MsSlot();
  readonly #rmssd = new MsSlot();
  readonly #lnRmssd = new LnSlot();
  readonly #pnn50 = new PercentSlot();
  readonly #sd1 = new MsSlot();
  readonly #sd2 = new MsSlot();
  readonly #stress = new StressSlot();
  readonly #bins = new Uint16Array(BIN_COUNT);
  readonly #window = new NnWindow();
  readonly #squares = new Wide();
  readonly #variance = new Wide();
  readonly #work = new Wide();
  readonly #term = new Wide();
  #sumTicks = 0;
  #rangeTicks = 0;
  #differenceSumTicks = 0;
  #differencesAbove50 = 0;

  constructor(series: NnSeries) {
    this.#series = series;
    this.meanNn = this.#meanNn;
    this.sdnn = this.#sdnn;
    this.rmssd = this.#rmssd;
    this.lnRmssd = this.#lnRmssd;
    this.pnn50 = this.#pnn50;
    this.sd1 = this.#sd1;
    this.sd2 = this.#sd2;
    this.stress = this.#stress;
  }

  /**
   * Fills all readings from the last `windowMsMax` before `nowTicks` (session clock, 1/1024 s). A shorter series gives
   * a shorter window; each reading says which it had.
   * @param windowMsMax   30 000 .. 600 000
   */
  measure(nowTicks: number, windowMsMax: number): void {
    this.#window.select(this.#series, nowTicks, ticksFromMsFloor(windowMsMax));
    this.intervalCount = this.#window.intervalCount;
    this.#collect();
    this.isProvisional = this.#absence(DIFFERENCES_MS_MIN, this.differenceCount, DIFFERENCES_MIN) !== Absence.None;
    const early = this.#absence(DIFFERENCES_MS_PROVISIONAL, this.differenceCount, DIFFERENCES_PROVISIONAL);
    const spread = this.#absence(SPREAD_MS_MIN, this.differenceCount, DIFFERENCES_MIN);
    this.#fillMean(this.#absence(DIFFERENCES_MS_PROVISIONAL, this.intervalCount, DIFFERENCES_PROVISIONAL));
    this.#fillDifferences(early);
    this.#fillSpread(spread);
    this.#fillStress(spread);
  }

  #absence(windowMsMin: number, count: number, countMin: number): Absence {
    if (this.#window.windowMs < windowMsMin) return Absence.TooShort;
    if (this.#window.coveragePercent < COVERAGE_PERCENT_MIN) return Absence.LowCoverage;
    return count < countMin ? Absence.TooFew : Absence.None;
  }

  /** One pass, oldest first: sum, extremes, histogram, differences. */
  #collect(): void {
    const series = this.#series;
    this.#bins.fill(0);
    let sumTicks = 0;
    let shortestTicks = NN_TICKS_MAX;
    let longestTicks = NN_TICKS_MIN;
    let differenceCount = 0;
    let differenceSumTicks = 0;
    let differencesAbove50 = 0;
    let squaresHigh = 0; // squares are below 2^22: their sum in two parts, below 2^17 and 2^25
    let squaresLow = 0;
    let before = 0;
    for (let back = (this.intervalCount - 1) | 0; back >= 0; back--) {
      const rrTicks = series.rrTicks(back);
      sumTicks = (sumTicks + rrTicks) | 0;
      if (rrTicks < shortestTicks) shortestTicks = rrTicks;
      if (rrTicks > longestTicks) longestTicks = rrTicks;
      const bin = Math.imul(rrTicks, 5) >> 8; // 50 ms are 256/5 ticks; 2048 ticks fall into bin 40, the last
      this.#bins[bin] = (this.#bins[bin]! + 1) | 0; // 5 .. 40 by the series' limits
      const differenceTicks = (rrTicks - before) | 0;
      const isCounted = before > 0 && series.isUnbroken(back);
      before = rrTicks;
      if (!isCounted) continue;
      const square = Math.imul(differenceTicks, differenceTicks);
      squaresHigh = (squaresHigh + (square >> 15)) | 0;
      squaresLow = (squaresLow + (square & 0x7fff)) | 0;
      differenceSumTicks = (differenceSumTicks + differenceTicks) | 0;
      differenceCount = (differenceCount + 1) | 0;
      if (square >= NN50_TICKS_SQUARED_MIN) differencesAbove50 = (differencesAbove50 + 1) | 0;
    }
    this.#squares.clear().add(squaresHigh).shiftLeft(15).add(squaresLow);
    this.#sumTicks = sumTicks;
    this.#rangeTicks = (longestTicks - shortestTicks) | 0;
    this.#differenceSumTicks = differenceSumTicks;
    this.#differencesAbove50 = differencesAbove50;
    this.differenceCount = differenceCount;
  }

  #fillMean(absence: Absence): void {
    if (absence !== Absence.None) {
      this.#deny(this.#meanNn, absence);
      return;
    }
    // 2^21 ticks * 125 * 2 = ms in Q8 times N, below 2^29.
    this.#meanNn.msQ8 = quotientNearest(Math.imul(this.#sumTicks, 250), this.intervalCount);
    this.#vouch(this.#meanNn);
  }

  #fillDifferences(absence: Absence): void {
    if (absence !== Absence.None) {
      this.#deny(this.#rmssd, absence);
      this.#deny(this.#lnRmssd, absence);
      this.#deny(this.#pnn50, absence);
      this.#deny(this.#sd1, absence);
      return;
    }
    const count = this.differenceCount;
    // Squares below 2^32, in Q16 below 2^48.
    this.#work.copy(this.#squares).shiftLeft(16).divideNearest(count);
    this.#rmssd.msQ8 = msFromTicksNearest(this.#work.squareRoot());
    this.#vouch(this.#rmssd);
    if (this.#work.isZero) this.#deny(this.#lnRmssd, Absence.NoVariation);
    else {
      this.#lnRmssd.lnMsQ10 = this.#lnOfRootQ10();
      this.#vouch(this.#lnRmssd);
    }
    this.#pnn50.percentQ8 = quotientNearest(Math.imul(this.#differencesAbove50, 25_600), count);
    this.#vouch(this.#pnn50);
    this.#sd1Squared();
    this.#sd1.msQ8 = msFromTicksNearest(this.#work.squareRoot());
    this.#vouch(this.#sd1);
  }

  /** ln(sqrt(`#work`)) with `#work` in ticks^2 Q16, the result for ms: of the square, whose small values keep more digits. */
  #lnOfRootQ10(): number {
    let shift = this.#work.bitLength - 22;
    if (shift < 0) shift = 0;
    const lnSquareQ10 = naturalLogQ10(this.#work.shiftedRight(shift)) + (Math.imul(shift - 16, LN_2_Q16) >> 6);
    return ((lnSquareQ10 >> 1) + LN_MS_PER_TICK_Q10) | 0;
  }

  /** SD1 squared into `#work`, ticks^2 in Q16: half the sample variance of the differences. */
  #sd1Squared(): void {
    const count = this.differenceCount;
    this.#term.clear().addProduct(this.#differenceSumTicks, this.#differenceSumTicks); // below 2^42
    this.#work.copy(this.#squares).scale(count).subtractWide(this.#term); // below 2^42
    this.#work.shiftLeft(15).divideNearest(Math.imul(count, count - 1)); // Q16 / 2 is Q15
  }

  #fillSpread(absence: Absence): void {
    if (absence !== Absence.None) {
      this.#deny(this.#sdnn, absence);
      this.#deny(this.#sd2, absence);
      return;
    }
    const count = this.intervalCount;
    const meanTicks = quotientNearest(this.#sumTicks, count);
    let offsets = 0;
    let squares = 0;
    for (let back = 0; back < count; back++) {
      const offset = (this.#series.rrTicks(back) - meanTicks) | 0;
      offsets = (offsets + offset) | 0;
      squares = (squares + Math.imul(offset, offset)) | 0;
    }
    // (N * sum(e^2) - sum(e)^2) / (N (N - 1)): below 2^40, in Q16 below 2^56.
    this.#term.clear().addProduct(offsets, offsets);
    this.#variance.clear().addProduct(count, squares).subtractWide(this.#term).shiftLeft(16);
    this.#variance.divideNearest(Math.imul(count, count - 1));
    this.#sdnn.msQ8 = msFromTicksNearest(this.#variance.squareRoot());
    this.#vouch(this.#sdnn);
    this.#sd1Squared();
    this.#variance.shiftLeft(1).subtractWide(this.#work);
    if (this.#variance.isNegative) this.#deny(this.#sd2, Absence.NoVariation);
    else {
      this.#sd2.msQ8 = msFromTicksNearest(this.#variance.squareRoot());
      this.#vouch(this.#sd2);
    }
  }

  #fillStress(absence: Absence): void {
    if (absence !== Absence.None) {
      this.#deny(this.#stress, absence);
      return;
    }
    if (this.#rangeTicks < RANGE_TICKS_MIN) {
      this.#deny(this.#stress, Absence.NoVariation);
      return;
    }
    let mode = 0;
    for (let bin = 1; bin < BIN_COUNT; bin++) if (this.#bins[bin]! > this.#bins[mode]!) mode = bin; // below BIN_COUNT
    // 100 * AMo / N / (2 * Mo ms / 1000 * range ticks / 1024) = 51 200 000 * AMo / (N * Mo * range)
    const modeMs = (Math.imul(mode, 50) + 25) | 0;
    this.#term.clear().addProduct(Math.imul(this.intervalCount, modeMs), this.#rangeTicks);
    this.#work.clear().addProduct(51_200_000, this.#bins[mode]!); // mode is below BIN_COUNT
    this.#stress.percentPerS2Q8 = this.#work.ratioQ(this.#term, 8);
    this.#vouch(this.#stress);
  }

  #deny(slot: Slot, absence: Exclude<Absence, Absence.None>): void {
    slot.deny(absence, this.#window.coveragePercent, this.#window.windowMs);
  }

  #vouch(slot: Slot): void {
    slot.vouch(this.#window.coveragePercent, this.#window.windowMs);
  }
}
