import { assert } from "base/assert";
import { quotientFloor, quotientNearest } from "base/divide";
import { decayQ15 } from "base/exponential";
import { Wide } from "base/wide";
import { Absence, type Reading, Slot } from "hrv/reading";
import { TAU_COUNT, TAU_GRID_MS, tauMsAt } from "hrv/recovery-grid";
import { SquaresProfile } from "hrv/squares-profile";

export const RECOVERY_MS_MAX = 300_000;
export const RECOVERY_MS_MIN = 60_000;
export const RECOVERY_POINTS_MIN = 20;
export const RECOVERY_COVERAGE_PERCENT_MIN = 90;
/** Less of a rise is within what a sitting heart does by itself. */
export const RISE_BPM_MIN = 5;
const RISE_BPM_MAX = 200;
/** A curve that heads below this is no heart's. */
const REST_BPM_MIN = 30;
/** The curve must explain half of the variance, and pin tau down within a factor of eight. Less would pick the lucky ones. */
const EXPLAINED_Q8_MIN = 128;
const INTERVAL_STEPS_MAX = 24;
/** Squared Student t of 95 %, by degrees of freedom v: 3.84 + 12 / v, within 6 % from v = 5, 2 % from v = 7 on. Q8. */
const CHI_SQUARED_Q8 = 983;
const STUDENT_Q8 = 3072;
const FREEDOM_Q8_MIN = 5 << 8;
/** The grid and the tables put tau 0.4 % off at most: a sixteenth of a step, added on both sides. */
const OWN_ERROR_Q8 = 16;
/** 0.1 bpm, squared. */
const GRAIN_SQUARED_Q16 = 655;
/** Correlation between neighbours beyond this leaves too little that is independent. */
const CORRELATION_Q8_MAX = 230;

class RecoverySlot extends Slot {
  tauMs = 0;
  tauMsLow = 0;
  tauMsHigh = 0;
  restBpmQ8 = 0;
  riseBpmQ8 = 0;
  explainedQ8 = 0;
}

export type RecoveryReading = Reading<{
  /** Time in which the rise falls to 37 %, and the interval that holds the true one in 95 of 100 cases. */
  readonly tauMs: number;
  readonly tauMsLow: number;
  readonly tauMsHigh: number;
  /** Where the heart rate is heading, and how far above that it began. */
  readonly restBpmQ8: number;
  readonly riseBpmQ8: number;
  /** Share of the variance that the curve explains, 0 .. 256. */
  readonly explainedQ8: number;
}>;

/**
 * How fast the heart comes down after a strain: HR(t) = rest + rise * exp(-t / tau), by least squares.
 *
 * For each tau of a grid (10 .. 640 s, eight to the octave) rest and rise have a closed form; the grid's best and its
 * neighbours give tau. Its interval is the profile likelihood's: every tau whose squares are at most
 * 1 + t^2 / v times the least, v being the independent points less three. Means of a few seconds are not independent,
 * so n is reduced to n (1 - r) / (1 + r) by the residuals' own correlation r between neighbours.
 *
 * Range: heart rate Q8 below 2^16, decay Q15, at most 300 points. About their means the squares sum to at most
 *        300 * 2^30 (rate) and 300 * 2^28 (decay), the products therefore to at most 300 * 2^29 < 2^37.3.
 * Cost:   no allocation; `advance` looks at every point once for one tau of 49
 * Memory: 2 bytes a point, 49 * 4 bytes, a reading, 4 wide sums
 */
export class Recovery {
  readonly recovery: RecoveryReading;
  readonly #recovery = new RecoverySlot();
  readonly #stepMs: number;
  /** Mean heart rate of each step, bpm Q8; 0 where there is none. */
  readonly #bpmQ8: Uint16Array;
  readonly #squaresQ8 = new Int32Array(TAU_COUNT);
  readonly #decaySquares = new Wide();
  readonly #products = new Wide();
  readonly #rateSquares = new Wide();
  readonly #work = new Wide();
  readonly #profile = new SquaresProfile();
  #count = 0;
  #presentCount = 0;
  #meanBpmQ8 = 0;
  #tauIndex = TAU_COUNT;
  /** Of the tau looked at last: step / tau, mean decay, rise. */
  #stepQ20 = 0;
  #meanDecayQ15 = 0;
  #riseBpmQ15 = 0;

  /** @param stepMs   length of each mean that will be added, 1000 .. 5000 */
  constructor(stepMs: number) {
    assert(stepMs >= 1000 && stepMs <= 5000, "means of 1 .. 5 s");
    this.#stepMs = stepMs;
    this.#bpmQ8 = new Uint16Array(quotientFloor(RECOVERY_MS_MAX, stepMs));
    this.recovery = this.#recovery;
  }

  /** The strain has just ended. */
  begin(): void {
    this.#count = 0;
    this.#presentCount = 0;
    this.#tauIndex = TAU_COUNT;
    this.#recovery.deny(Absence.TooShort, 0, 0);
  }

  /** The next step's mean heart rate, bpm Q8, 1 .. 65 535. What comes after 5 min is not taken. */
  add(bpmQ8: number): void {
    if (this.#count >= this.#bpmQ8.length) return;
    this.#bpmQ8[this.#count] = bpmQ8;
    this.#count = (this.#count + 1) | 0;
    this.#presentCount = (this.#presentCount + 1) | 0;
  }

  /** The next step has no heart rate. */
  miss(): void {
    if (this.#count >= this.#bpmQ8.length) return;
    this.#bpmQ8[this.#count] = 0;
    this.#count = (this.#count + 1) | 0;
  }

  /** Fits at once: 49 looks at every point. */
  fit(): void {
    this.beginFit();
    while (this.advance());
  }

  /** Starts a fit of what was added so far; `advance` carries it on in pieces. */
  beginFit(): void {
    const windowMs = Math.imul(this.#count, this.#stepMs);
    const percent = this.#count === 0 ? 0 : quotientFloor(Math.imul(this.#presentCount, 100), this.#count);
    this.#tauIndex = TAU_COUNT;
    if (windowMs < RECOVERY_MS_MIN) this.#recovery.deny(Absence.TooShort, percent, windowMs);
    else if (percent < RECOVERY_COVERAGE_PERCENT_MIN) this.#recovery.deny(Absence.LowCoverage, percent, windowMs);
    else if (this.#presentCount < RECOVERY_POINTS_MIN) this.#recovery.deny(Absence.TooFew, percent, windowMs);
    else {
      this.#recovery.deny(Absence.PoorFit, percent, windowMs);
      this.#takeMean();
      this.#tauIndex = 0;
    }
  }

  /** One more tau. @returns false when the reading is final */
  advance(): boolean {
    if (this.#tauIndex >= TAU_COUNT) return false;
    this.#regress(TAU_GRID_MS[this.#tauIndex]!); // below TAU_COUNT, the length, as in the next line
    this.#squaresQ8[this.#tauIndex] = this.#squaresLeftQ8();
    this.#tauIndex = (this.#tauIndex + 1) | 0;
    if (this.#tauIndex < TAU_COUNT) return true;
    this.#conclude();
    return false;
  }

  #takeMean(): void {
    let sum = 0;
    for (let i = 0; i < this.#count; i++) sum = (sum + this.#bpmQ8[i]!) | 0; // count is at most the length, here and below
    this.#meanBpmQ8 = quotientNearest(sum, this.#presentCount);
    this.#rateSquares.clear();
    for (let i = 0; i < this.#count; i++) {
      const above = (this.#bpmQ8[i]! - this.#meanBpmQ8) | 0;
      if (this.#bpmQ8[i]! > 0) this.#rateSquares.addProduct(above, above);
    }
  }

  /** Sums over decay and rate for one tau; the rise that follows from them. */
  #regress(tauMs: number): void {
    this.#stepQ20 = quotientNearest(this.#stepMs << 18, tauMs >> 2); // at most 1/2
    let sum = 0;
    for (let i = 0; i < this.#count; i++)
      if (this.#bpmQ8[i]! > 0) sum = (sum + decayQ15(Math.imul(i, this.#stepQ20))) | 0;
    this.#meanDecayQ15 = quotientNearest(sum, this.#presentCount);
    this.#decaySquares.clear();
    this.#products.clear();
    for (let i = 0; i < this.#count; i++) {
      if (this.#bpmQ8[i]! === 0) continue;
      const decay = (decayQ15(Math.imul(i, this.#stepQ20)) - this.#meanDecayQ15) | 0;
      this.#decaySquares.addProduct(decay, decay);
      this.#products.addProduct(decay, (this.#bpmQ8[i]! - this.#meanBpmQ8) | 0);
    }
    // A heart that goes up has no rise to come down from: its best rise is none.
    if (this.#products.isNegative) this.#products.clear();
    // sum(b y) / sum(b^2), Q8 Q15 / Q30 = Q-7, in Q15: at most the ratio of the spreads, 2^15 / 2^9 of Q8, below 2^29.
    this.#riseBpmQ15 = this.#work.copy(this.#products).ratioQ(this.#decaySquares, 22);
  }

  /** What the tau looked at last leaves unexplained: sum(y^2) - rise * sum(b y), bpm^2 in Q8, below 2^30.3. */
  #squaresLeftQ8(): number {
    const products = this.#products.shiftedRight(8); // below 2^29.3
    this.#work
      .clear()
      .addProduct(products, this.#riseBpmQ15)
      .divideFloor(1 << 14); // Q23 / 2^8 * Q15 = Q30, to Q16
    this.#work.negate().addWide(this.#rateSquares);
    return this.#work.isNegative ? 0 : this.#work.shiftedRight(8);
  }

  #conclude(): void {
    const slot = this.#recovery;
    const isInside = this.#profile.findLeast(this.#squaresQ8);
    this.#regress(tauMsAt(this.#profile.placeQ8));
    slot.riseBpmQ8 = (this.#riseBpmQ15 + 64) >> 7;
    if (slot.riseBpmQ8 < RISE_BPM_MIN << 8) {
      slot.absence = Absence.NotElevated;
      return;
    }
    if (!isInside || slot.riseBpmQ8 > RISE_BPM_MAX << 8) return; // it stays a poor fit, as it began
    this.#rateSquares.divideFloor(256); // Q8, as the squares that are left; the sum is not needed any more
    const leftQ8 = this.#work.clear().add(this.#profile.least).ratioQ(this.#rateSquares, 8);
    slot.explainedQ8 = (256 - leftQ8) | 0;
    if (slot.explainedQ8 < EXPLAINED_Q8_MIN) return;
    const freedomQ8 = this.#freedomQ8(slot.riseBpmQ8);
    if (freedomQ8 < FREEDOM_Q8_MIN) return;
    if (!this.#profile.findInterval(this.#squaresQ8, this.#limitQ8(freedomQ8))) return;
    const lowQ8 = (this.#profile.lowQ8 - OWN_ERROR_Q8) | 0;
    const highQ8 = (this.#profile.highQ8 + OWN_ERROR_Q8) | 0;
    if (lowQ8 < 0 || highQ8 > (TAU_COUNT - 1) << 8 || highQ8 - lowQ8 > INTERVAL_STEPS_MAX << 8) return;
    this.#work.clear().addProduct(slot.riseBpmQ8, this.#meanDecayQ15);
    slot.restBpmQ8 = (this.#meanBpmQ8 - this.#work.shiftedRight(15)) | 0;
    if (slot.restBpmQ8 < REST_BPM_MIN << 8) return;
    slot.tauMs = tauMsAt(this.#profile.placeQ8);
    slot.tauMsLow = tauMsAt(lowQ8);
    slot.tauMsHigh = tauMsAt(highQ8);
    slot.vouch(slot.coveragePercent, slot.windowMs);
  }

  /** Independent points, less the three that the curve takes. */
  #freedomQ8(riseBpmQ8: number): number {
    this.#products.clear();
    this.#decaySquares.clear();
    let before = 0;
    let hasBefore = false;
    for (let i = 0; i < this.#count; i++) {
      if (this.#bpmQ8[i]! === 0) {
        hasBefore = false;
        continue;
      }
      const decay = (decayQ15(Math.imul(i, this.#stepQ20)) - this.#meanDecayQ15) | 0;
      const curve = Math.imul(riseBpmQ8, decay) >> 15; // below 200 bpm in Q8, 2^15.7, times 2^15
      const left = (this.#bpmQ8[i]! - this.#meanBpmQ8 - curve) | 0;
      this.#decaySquares.addProduct(left, left);
      if (hasBefore) this.#products.addProduct(left, before);
      before = left;
      hasBefore = true;
    }
    let correlationQ8 = 0;
    // Below a tenth of a bpm what is left is the grain of tables and rates, whose pattern means nothing.
    this.#work.copy(this.#decaySquares).add(0 - Math.imul(this.#presentCount, GRAIN_SQUARED_Q16));
    const isGrain = this.#work.isNegative;
    if (!isGrain && !this.#products.isNegative) correlationQ8 = this.#products.ratioQ(this.#decaySquares, 8);
    // What is estimated from n points is (1 + 4 r) / n too low on average (Kendall 1954).
    correlationQ8 = (correlationQ8 + quotientNearest(256 + (correlationQ8 << 2), this.#presentCount)) | 0;
    if (correlationQ8 > CORRELATION_Q8_MAX) return 0;
    const share = quotientNearest((256 - correlationQ8) << 8, 256 + correlationQ8);
    return (Math.imul(this.#presentCount, share) - (3 << 8)) | 0;
  }

  /** Squares up to which a tau is believed: least * (1 + t^2 / v). */
  #limitQ8(freedomQ8: number): number {
    const studentQ8 = (CHI_SQUARED_Q8 + quotientNearest(STUDENT_Q8 << 8, freedomQ8)) | 0; // below 2^11: v is 5 or more
    const widthQ16 = quotientNearest(studentQ8 << 16, freedomQ8);
    this.#work.clear().addProduct(this.#profile.least >> 1, widthQ16); // 2^30 times 2^17
    return (this.#profile.least + this.#work.shiftedRight(15)) | 0;
  }
}
