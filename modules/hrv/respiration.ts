import { assert } from "base/assert";
import { quotientFloor, quotientNearest } from "base/divide";
import { Wide } from "base/wide";
import { BAND_COVERAGE_PERCENT_MIN } from "hrv/band-power";
import { Absence, type Reading, Slot } from "hrv/reading";
import { BINS_PER_HZ, SPECTRUM_SECONDS_MIN, type Spectrum } from "hrv/spectrum";

/** Breaths are sought in 0.1 .. 0.5 Hz: bins of 1/512 Hz. */
const FIRST_BIN = 52;
const LAST_BIN = 256;
const PEAK_REACH = 7;
/**
 * Density in the peak (15 bins) over density in the rest of the band, that a breath must have. Hearts with nothing but
 * noise have more in 5 of 100 windows; measured in the tests.
 */
export const PROMINENCE_Q8 = 8 << 8;
/** Half the beat rate in bins is 256 * 1024 / meanTicks, here with the mean in Q4. */
const HALF_RATE_Q4 = (BINS_PER_HZ >> 1) << 14;

// Hoisted: a string literal that is evaluated makes garbage wherever byte code is not in flash.
const PEAK_IS_TOP = "a peak is not below its neighbours";

class RateSlot extends Slot {
  breathsPerMinuteQ8 = 0;
  prominenceQ8 = 0;
}

export type RespirationReading = Reading<{
  readonly breathsPerMinuteQ8: number;
  /** Density in the peak over density beside it, Q8: what the rate rests on. */
  readonly prominenceQ8: number;
}>;

/**
 * Respiration rate from the heart's own swing, for free breathing: the peak of the last 64 s between 6 and 30 breaths a
 * minute. Beats cannot show a breath faster than half their own rate: with a mean of 1.3 s no more than 23 a minute;
 * one that is faster looks slower, and nothing here can tell.
 *
 * Error:  within 0.02 breaths a minute of the same recipe in floating point; what a heart's swing is worth is another
 *         matter (docs/hrv.md)
 * Cost:   no allocation; a spectrum of 64 s
 * Memory: a reading and two wide sums
 */
export class Respiration {
  readonly rate: RespirationReading;
  readonly #rate = new RateSlot();
  readonly #spectrum: Spectrum;
  readonly #peak = new Wide();
  readonly #rest = new Wide();

  constructor(spectrum: Spectrum) {
    this.#spectrum = spectrum;
    this.rate = this.#rate;
  }

  measure(nowTicks: number): void {
    this.#spectrum.measure(nowTicks, SPECTRUM_SECONDS_MIN, BAND_COVERAGE_PERCENT_MIN);
    this.read();
  }

  /** The same of a spectrum of 64 s that is there already, though it may have been made with less coverage. */
  read(): void {
    const spectrum = this.#spectrum;
    const slot = this.#rate;
    let absence: Absence = spectrum.absence;
    if (absence === Absence.None && spectrum.coveragePercent < BAND_COVERAGE_PERCENT_MIN) absence = Absence.LowCoverage;
    if (absence === Absence.None) absence = this.#find(slot);
    if (absence === Absence.None) slot.vouch(spectrum.coveragePercent, spectrum.windowMs);
    else slot.deny(absence, spectrum.coveragePercent, spectrum.windowMs);
  }

  #find(slot: RateSlot): Absence {
    const spectrum = this.#spectrum;
    const halfRateBin = quotientFloor(HALF_RATE_Q4, spectrum.meanTicksQ4); // 128 .. 853
    const isBeatBound = halfRateBin < LAST_BIN;
    const lastBin = isBeatBound ? halfRateBin : LAST_BIN;
    const peakBin = spectrum.strongestBin(FIRST_BIN, lastBin);
    if (peakBin === FIRST_BIN) return Absence.AtEdge;
    if (peakBin === lastBin) return isBeatBound ? Absence.AboveBeatNyquist : Absence.AtEdge;
    slot.prominenceQ8 = this.#prominenceQ8(peakBin, lastBin);
    if (slot.prominenceQ8 < PROMINENCE_Q8) return Absence.NoPeak;
    slot.breathsPerMinuteQ8 = Math.imul(30, (peakBin << 8) + this.#offsetQ8(peakBin)) >> 8; // 60 / 512 a bin, in Q8
    return Absence.None;
  }

  #prominenceQ8(peakBin: number, lastBin: number): number {
    let from = peakBin - PEAK_REACH;
    if (from < FIRST_BIN) from = FIRST_BIN;
    let to = peakBin + PEAK_REACH;
    if (to > lastBin) to = lastBin;
    const peakCount = to - from + 1;
    const restCount = lastBin - FIRST_BIN + 1 - peakCount;
    this.#spectrum.sumPowers(from, to, this.#peak);
    this.#spectrum.sumPowers(FIRST_BIN, lastBin, this.#rest).subtractWide(this.#peak);
    return this.#peak.scale(restCount).ratioQ(this.#rest.scale(peakCount), 8); // sums below 2^39, counts below 2^8
  }

  /** How far the parabola through the peak and its neighbours has its top from bin k: -0.5 .. 0.5 bins in Q8. */
  #offsetQ8(k: number): number {
    const left = this.#spectrum.power(k - 1) >> 8;
    const middle = this.#spectrum.power(k) >> 8;
    const right = this.#spectrum.power(k + 1) >> 8; // each below 2^23
    const curvature = (middle << 1) - left - right;
    assert(curvature >= 0, PEAK_IS_TOP);
    return curvature === 0 ? 0 : quotientNearest((right - left) << 7, curvature);
  }
}
