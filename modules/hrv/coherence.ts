import { Wide } from "base/wide";
import { Absence, type Reading, Slot } from "hrv/reading";
import type { Spectrum } from "hrv/spectrum";

/** The recipe: window, how often, least coverage. */
export const COHERENCE_SECONDS = 64;
export const COHERENCE_EVERY_MS = 5000;
export const COHERENCE_COVERAGE_PERCENT_MIN = 90;
/** In bins of 1/512 Hz, inclusive: whole spectrum 0.0033 .. 0.4 Hz, peak sought in 0.04 .. 0.26 Hz, +-0.015 Hz about it. */
const TOTAL_FIRST = 2;
const TOTAL_LAST = 204;
const PEAK_FIRST = 21;
const PEAK_LAST = 133;
const PEAK_REACH = 7;

/**
 * What F and CR are of a pure tone at 0.1 Hz, and in the median of hearts with nothing but noise: the scale that each is
 * read against. Computed again by the tests: tone in floating point, noise over 401 seeds.
 */
export const F_CEILING_Q16 = 58_590; // 0.894
export const CR_CEILING_Q8 = 2158; // 8.43
export const F_FLOOR_Q16 = 14_090; // 0.215, a CR of 0.27

class CoherenceSlot extends Slot {
  fractionQ16 = 0;
  ratioQ8 = 0;
  peakBin = 0;
}

export type CoherenceReading = Reading<{
  /** F = peak power / whole power, 0 .. 65536. */
  readonly fractionQ16: number;
  /** CR = F / (1 - F). */
  readonly ratioQ8: number;
  /** Frequency of the peak, 1/512 Hz: 21 .. 133. */
  readonly peakBin: number;
}>;

/**
 * Rhythm coherence by the spectrum of the last 64 s, for comparing with other products; physiology's section 3.5 (2).
 *
 * Error:  F within e = 0.001 + 0.003 ms / SD, CR within e (1 + CR)^2, of the same recipe in floating point
 * Cost:   no allocation; a look at 203 bins, after the spectrum
 * Memory: a reading and four wide sums
 */
export class Coherence {
  readonly coherence: CoherenceReading;
  readonly #coherence = new CoherenceSlot();
  readonly #spectrum: Spectrum;
  readonly #peak = new Wide();
  readonly #total = new Wide();
  readonly #rest = new Wide();
  readonly #part = new Wide();

  constructor(spectrum: Spectrum) {
    this.#spectrum = spectrum;
    this.coherence = this.#coherence;
  }

  /** Takes the window of 64 s that ends now: call it every 5 s. The spectrum is left as it was measured for this. */
  measure(nowTicks: number): void {
    this.#spectrum.measure(nowTicks, COHERENCE_SECONDS, COHERENCE_COVERAGE_PERCENT_MIN);
    this.read();
  }

  /** The same of a spectrum of that window which has just been made, piece by piece. */
  read(): void {
    const spectrum = this.#spectrum;
    const slot = this.#coherence;
    if (spectrum.absence !== Absence.None) {
      slot.deny(spectrum.absence, spectrum.coveragePercent, spectrum.windowMs);
      return;
    }
    const peakBin = spectrum.strongestBin(PEAK_FIRST, PEAK_LAST);
    spectrum.sumPowers(peakBin - PEAK_REACH, peakBin + PEAK_REACH, this.#peak);
    spectrum.sumPowers(TOTAL_FIRST, TOTAL_LAST, this.#total);
    // Hann spreads even a pure tone over 32 bins and the peak takes 15, so there is always something beside it.
    slot.ratioQ8 = this.#ratioQ(this.#rest.copy(this.#total).subtractWide(this.#peak), 8);
    slot.fractionQ16 = this.#ratioQ(this.#total, 16);
    slot.peakBin = peakBin;
    slot.vouch(spectrum.coveragePercent, spectrum.windowMs);
  }

  #ratioQ(whole: Wide, bits: number): number {
    return this.#part.copy(this.#peak).ratioQ(whole, bits);
  }
}
