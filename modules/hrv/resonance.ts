import { assert } from "base/assert";
import { quotientFloor } from "base/divide";
import { Wide } from "base/wide";
import { PhaseCoherence } from "hrv/phase-coherence";
import { CURVE_POINTS_MAX, CURVE_X_MAX, RateCurve, Top } from "hrv/rate-curve";
import { Absence, type Reading, Slot } from "hrv/reading";

/** A rate counts with eight clean breaths that keep step, the choice with four such rates. */
export const BREATHS_MIN = 8;
export const RATE_COHERENCE_Q16_MIN = 39_322; // 0.6
export const RATES_MIN = 4;
/** The middle two thirds of resampled maxima may spread over half a breath a minute. */
export const SPREAD_Q8_MAX = 128;
const BREATHS_MAX = 24;
const RESAMPLES = 96;
/** Rates are kept in steps of 1/8 a minute. */
const RATE_STEP_SHIFT = 5;

// Hoisted: a string literal that is evaluated makes garbage wherever byte code is not in flash.
const RATE_RANGE = "a rate of the list";

/** A source of chance that the caller seeds: any int32, each as likely. */
export interface Chance {
  next32(): number;
}

class RateSlot extends Slot {
  breathsPerMinuteQ8 = 0;
  spreadQ8 = 0;
  rateCount = 0;
}

export type PracticeRateReading = Reading<{
  /** Where the swing is largest by the parabola through the rates' medians. */
  readonly breathsPerMinuteQ8: number;
  /** Width of the middle 68 of 100 maxima when breaths are drawn anew. */
  readonly spreadQ8: number;
  /** Rates that counted. */
  readonly rateCount: number;
}>;

/**
 * At which breathing rate the heart swings most, out of a few that were practised for two or three minutes each. For
 * each rate the median of the lock-in's amplitude over clean breaths; a parabola through the medians; its top. To see
 * what that is worth, the breaths of each rate are drawn anew with replacement, 96 times.
 *
 * Inconclusive means: TooFew (clean breaths), NotFollowing (breath and heart out of step), AtEdge (largest at
 * the slowest or fastest rate, or beyond), PoorFit (the drawn tops spread too far).
 *
 * Range:  |Z| below 2^19 in Q8, medians in Q2 below 2^13
 * Cost:   no allocation; `advance` draws once: 24 breaths for each rate, and sorts them
 * Memory: 8 * 24 * 2 + 96 * 2 + 3 * 32 bytes, 8 PhaseCoherence, a reading: about 2 kB
 * Source: docs/hrv.md, "Practice rate"
 */
export class Resonance {
  readonly practiceRate: PracticeRateReading;
  readonly #practiceRate = new RateSlot();
  readonly #chance: Chance;
  readonly #rateCount: number;
  readonly #centreQ8: number;
  readonly #ratesMin: number;
  /** Rates from the centre, 1/8 a minute. */
  readonly #places = new Int32Array(CURVE_POINTS_MAX);
  /** |Z| of the breaths of each rate, ticks Q2. */
  readonly #amplitudesQ2 = new Uint16Array(CURVE_POINTS_MAX * BREATHS_MAX);
  readonly #breathCounts = new Uint8Array(CURVE_POINTS_MAX);
  readonly #phases: readonly PhaseCoherence[];
  readonly #drawn = new Uint16Array(BREATHS_MAX);
  readonly #x = new Int32Array(CURVE_POINTS_MAX);
  readonly #y = new Int32Array(CURVE_POINTS_MAX);
  readonly #tops = new Int16Array(RESAMPLES);
  readonly #curve = new RateCurve();
  readonly #square = new Wide();
  /** Rates that count, as bits. */
  #used = 0;
  #drawCount = RESAMPLES;
  #cleanCount = 0;
  #seenCount = 0;
  #windowMs = 0;

  /**
   * @param ratesQ8    breaths a minute in Q8, rising, 4 .. 8 of them, multiples of 1/8 within 8 of each other
   * @param ratesMin   so many must count for a choice: with 3 the parabola meets all of them, and the spread alone warns
   */
  constructor(ratesQ8: readonly number[], chance: Chance, ratesMin = RATES_MIN) {
    const count = ratesQ8.length;
    assert(count >= RATES_MIN && count <= CURVE_POINTS_MAX, "four to eight rates");
    assert(ratesMin >= 3 && ratesMin <= count, "a parabola needs three");
    this.#ratesMin = ratesMin;
    this.#chance = chance;
    this.#rateCount = count;
    const firstQ8 = ratesQ8[0]!; // there are four at least
    const lastQ8 = ratesQ8[count - 1]!; // likewise
    this.#centreQ8 = ((firstQ8 + lastQ8) >> (1 + RATE_STEP_SHIFT)) << RATE_STEP_SHIFT;
    const phases: PhaseCoherence[] = [];
    for (let i = 0; i < count; i++) {
      const rateQ8 = ratesQ8[i]!; // below count
      assert((rateQ8 & 31) === 0 && (i === 0 || rateQ8 > ratesQ8[i - 1]!), "rates rise by multiples of 1/8"); // i > 0
      this.#places[i] = (rateQ8 - this.#centreQ8) >> RATE_STEP_SHIFT;
      assert(this.#places[i]! >= -CURVE_X_MAX && this.#places[i]! <= CURVE_X_MAX, "rates lie within 8 of each other");
      phases.push(new PhaseCoherence());
    }
    this.#phases = phases;
    this.practiceRate = this.#practiceRate;
  }

  /**
   * A clean breath at one of the rates; from the 25th on they are not taken.
   * @param rateIndex     index of the rate in the constructor's list
   * @param realTicksQ8, imaginaryTicksQ8   Z of the lock-in
   * @param periodMs      how long it took
   */
  add(rateIndex: number, realTicksQ8: number, imaginaryTicksQ8: number, periodMs: number): void {
    assert(rateIndex >= 0 && rateIndex < this.#rateCount, RATE_RANGE);
    const count = this.#breathCounts[rateIndex]!; // as asserted
    if (count >= BREATHS_MAX) return;
    this.#square.clear().addProduct(realTicksQ8, realTicksQ8).addProduct(imaginaryTicksQ8, imaginaryTicksQ8);
    this.#amplitudesQ2[(Math.imul(rateIndex, BREATHS_MAX) + count) | 0] = (this.#square.squareRoot() + 32) >> 6;
    this.#breathCounts[rateIndex] = (count + 1) | 0;
    this.#phases[rateIndex]!.add(realTicksQ8, imaginaryTicksQ8); // as many phases as rates
    this.#cleanCount = (this.#cleanCount + 1) | 0;
    this.miss(periodMs);
  }

  /** A breath that was not clean: it takes its time, and its part of the coverage. */
  miss(periodMs: number): void {
    this.#seenCount = (this.#seenCount + 1) | 0;
    this.#windowMs = (this.#windowMs + periodMs) | 0;
  }

  /** Decides at once: 96 draws. */
  decide(): void {
    this.beginDecision();
    while (this.advance());
  }

  /** Starts the decision on the breaths so far; `advance` carries it on. */
  beginDecision(): void {
    this.#drawCount = RESAMPLES;
    const slot = this.#practiceRate;
    const absence = this.#choose(slot);
    const percent = this.#seenCount === 0 ? 0 : quotientFloor(Math.imul(this.#cleanCount, 100), this.#seenCount);
    slot.deny(absence === Absence.None ? Absence.PoorFit : absence, percent, this.#windowMs);
    if (absence === Absence.None) this.#drawCount = 0;
  }

  /** One more draw. @returns false when the reading is final */
  advance(): boolean {
    if (this.#drawCount >= RESAMPLES) return false;
    const top = this.#drawTop();
    let place = this.#drawCount; // kept in order; the engine's own sort compares doubles
    for (; place > 0 && this.#tops[place - 1]! > top; place--) this.#tops[place] = this.#tops[place - 1]!;
    this.#tops[place] = top;
    this.#drawCount = (this.#drawCount + 1) | 0;
    if (this.#drawCount < RESAMPLES) return true;
    const slot = this.#practiceRate;
    // 16 and 84 of 100: places 15 and 80 of 96. In Q8 of 1/8 a minute, so to Q8 by three bits.
    slot.spreadQ8 = (this.#tops[80]! - this.#tops[15]! + 4) >> 3;
    if (slot.spreadQ8 <= SPREAD_Q8_MAX) slot.vouch(slot.coveragePercent, slot.windowMs);
    return false;
  }

  /** The top by the breaths as they were. */
  #choose(slot: RateSlot): Absence {
    this.#used = 0;
    let used = 0;
    let reason: Exclude<Absence, Absence.None> = Absence.TooFew;
    for (let rate = 0; rate < this.#rateCount; rate++) {
      if (this.#breathCounts[rate]! < BREATHS_MIN) continue;
      if (!this.#keepsStep(rate)) {
        reason = Absence.NotFollowing;
        continue;
      }
      this.#used |= 1 << rate;
      used = (used + 1) | 0;
    }
    slot.rateCount = used;
    if (used < this.#ratesMin) return reason;
    const top = this.#fit(false);
    slot.breathsPerMinuteQ8 = (this.#centreQ8 + ((this.#curve.topQ8 + 4) >> 3)) | 0;
    return top === Top.Inside ? Absence.None : Absence.AtEdge; // a parabola without a top is largest at an end
  }

  #keepsStep(rate: number): boolean {
    const phase = this.#phases[rate]!; // as many phases as rates
    return !phase.isStill && phase.coherenceQ16 >= RATE_COHERENCE_Q16_MIN;
  }

  /** Parabola through the medians of the rates that count; `isDrawn` draws their breaths anew. */
  #fit(isDrawn: boolean): Top {
    let count = 0;
    for (let rate = 0; rate < this.#rateCount; rate++) {
      if (((this.#used >> rate) & 1) === 0) continue;
      this.#x[count] = this.#places[rate]!; // count and rate are below the eight there is room for
      this.#y[count] = this.#median(rate, isDrawn);
      count = (count + 1) | 0;
    }
    return this.#curve.fit(this.#x, this.#y, count);
  }

  #drawTop(): number {
    if (this.#fit(true) !== Top.None) return this.#curve.topQ8;
    // Without a top, the higher end is where it would be.
    const last = this.#practiceRate.rateCount - 1;
    return (this.#y[0]! > this.#y[last]! ? this.#x[0]! : this.#x[last]!) << 8; // three rates at least
  }

  /** Median amplitude of a rate, ticks in Q2; of an even number the lower of the middle two. */
  #median(rate: number, isDrawn: boolean): number {
    const count = this.#breathCounts[rate]!; // below the eight there are, here and below
    const first = Math.imul(rate, BREATHS_MAX);
    for (let i = 0; i < count; i++) {
      const taken = isDrawn ? Math.imul((this.#chance.next32() >> 16) & 0xffff, count) >> 16 : i;
      const amplitude = this.#amplitudesQ2[first + taken]!; // taken is below count
      let place = i;
      for (; place > 0 && this.#drawn[place - 1]! > amplitude; place--) this.#drawn[place] = this.#drawn[place - 1]!;
      this.#drawn[place] = amplitude; // kept in order
    }
    return this.#drawn[(count - 1) >> 1]!; // count is eight at least
  }
}
