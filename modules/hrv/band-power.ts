import { assert } from "base/assert";
import { quotientFloor, quotientNearest } from "base/divide";
import { Absence, type Reading, Slot } from "hrv/reading";
import { SPECTRUM_SECONDS_MAX, SPECTRUM_SECONDS_MIN, type Spectrum } from "hrv/spectrum";

export const BAND_COVERAGE_PERCENT_MIN = 95;
/** About ten of each band's slowest swings: 64 s of HF, 120 s of LF (five at 0.04 Hz), 300 s of VLF. */
export const LF_SECONDS_MIN = 120;
export const VLF_SECONDS_MIN = 300;

/** Bins of 1/512 Hz whose frequency lies in 0.0033 .. 0.04, 0.04 .. 0.15 and 0.15 .. 0.4 Hz. */
const VLF_FIRST = 2;
const LF_FIRST = 21;
const HF_FIRST = 77;
const HF_LAST = 204;

// Hoisted: a string literal that is evaluated makes garbage wherever byte code is not in flash.
const HF_NEEDS_LESS = "HF needs less than LF does";

class PowerSlot extends Slot {
  ms2Q8 = 0;
}
class ShareSlot extends Slot {
  percentQ8 = 0;
}

export type PowerReading = Reading<{ readonly ms2Q8: number }>;

/**
 * Powers of the bands, from the longest window that the series gives, up to 5 min. LF / HF is not a balance of nerves:
 * breathing six times a minute moves what is vagal into LF. The share is given because others give it.
 *
 * Error:  within 0.3 % and 0.006 ms^2 of the same recipe in floating point
 * Cost:   no allocation; up to 600 points and 9 stages of the transform: for once a minute, or the end of a session
 * Memory: 4 readings
 * Source: Task Force 1996, Eur Heart J 17:354
 */
export class BandPower {
  readonly vlf: PowerReading;
  readonly lf: PowerReading;
  readonly hf: PowerReading;
  /** 100 LF / (LF + HF), "normalised units". */
  readonly lfShare: Reading<{ readonly percentQ8: number }>;
  readonly #vlf = new PowerSlot();
  readonly #lf = new PowerSlot();
  readonly #hf = new PowerSlot();
  readonly #lfShare = new ShareSlot();
  readonly #spectrum: Spectrum;
  readonly #secondsMax: number;

  /** @param secondsMax   longest window, at most the spectrum's */
  constructor(spectrum: Spectrum, secondsMax = SPECTRUM_SECONDS_MAX) {
    this.#spectrum = spectrum;
    this.#secondsMax = secondsMax;
    this.vlf = this.#vlf;
    this.lf = this.#lf;
    this.hf = this.#hf;
    this.lfShare = this.#lfShare;
  }

  measure(nowTicks: number): void {
    if (this.begin(nowTicks)) while (this.#spectrum.advance()) {}
    this.read();
  }

  /** The first piece of `measure`; then `advance` of the spectrum until nothing is left, then `read`. */
  begin(nowTicks: number): boolean {
    const spectrum = this.#spectrum;
    const reachTicks = spectrum.series.reachTicks(spectrum.series.windowEndTicks(nowTicks));
    let seconds = reachTicks > 0 ? quotientFloor(reachTicks, 1024) : 0;
    if (seconds > this.#secondsMax) seconds = this.#secondsMax;
    if (seconds < SPECTRUM_SECONDS_MIN) seconds = SPECTRUM_SECONDS_MIN; // which then says that it is too short
    return spectrum.begin(nowTicks, seconds, BAND_COVERAGE_PERCENT_MIN);
  }

  read(): void {
    this.#fill(this.#hf, HF_FIRST, HF_LAST, SPECTRUM_SECONDS_MIN);
    this.#fill(this.#lf, LF_FIRST, HF_FIRST - 1, LF_SECONDS_MIN);
    this.#fill(this.#vlf, VLF_FIRST, LF_FIRST - 1, VLF_SECONDS_MIN);
    this.#fillShare();
  }

  #fill(slot: PowerSlot, first: number, last: number, secondsMin: number): void {
    const { absence, coveragePercent, windowMs } = this.#spectrum;
    if (absence !== Absence.None) slot.deny(absence, coveragePercent, windowMs);
    else if (windowMs < Math.imul(secondsMin, 1000)) slot.deny(Absence.TooShort, coveragePercent, windowMs);
    else {
      slot.ms2Q8 = this.#spectrum.bandMs2Q8(first, last);
      slot.vouch(coveragePercent, windowMs);
    }
  }

  #fillShare(): void {
    const { coveragePercent, windowMs } = this.#spectrum;
    const lf = this.lf;
    const hf = this.hf;
    if (lf.absence !== Absence.None) {
      this.#lfShare.deny(lf.absence, coveragePercent, windowMs);
      return;
    }
    assert(hf.absence === Absence.None, HF_NEEDS_LESS);
    const bothQ8 = (lf.ms2Q8 + hf.ms2Q8) | 0; // below 2^29: no series of this range has more
    if (bothQ8 === 0) {
      this.#lfShare.deny(Absence.NoVariation, coveragePercent, windowMs);
      return;
    }
    // 25 600 * LF / both, with LF brought below 2^16 so that the product fits.
    const excess = 16 - Math.clz32(bothQ8);
    const shift = excess > 0 ? excess | 0 : 0;
    this.#lfShare.percentQ8 = quotientNearest(Math.imul(lf.ms2Q8 >> shift, 25_600), bothQ8 >> shift);
    this.#lfShare.vouch(coveragePercent, windowMs);
  }
}
