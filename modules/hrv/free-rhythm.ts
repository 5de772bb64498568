import { quotientNearest } from "base/divide";
import { msFromTicksFloor, msFromTicksNearest } from "base/units";
import { BreathFit } from "hrv/breath-fit";
import { COHERENCE_SECONDS, type CoherenceReading } from "hrv/coherence";
import { DECIDING_BREATHS, SHOWN_BREATHS } from "hrv/lock-in";
import type { NnSeries } from "hrv/nn-series";
import { PhaseCoherence } from "hrv/phase-coherence";
import { Absence, type Reading, Slot } from "hrv/reading";
import { BINS_PER_HZ } from "hrv/spectrum";

/**
 * PC of 3, 4, 5 and 6 breaths of hearts with nothing but noise, median, Q16: far above the 1/K of a pacer, because the
 * frequency was picked from the same data. Computed again by the tests, over 2001 seeds. In 5 of 100 cases noise has
 * more than 0.93, 0.85, 0.76 and 0.66.
 */
const NOISE_FLOOR_Q16 = Object.freeze([44_564, 38_666, 32_768, 20_972]); // 0.68, 0.59, 0.50, 0.32

class FreeSlot extends Slot {
  breathCount = 0;
  coherenceQ16 = 0;
  scorePercent = 0;
  amplitudeMsQ8 = 0;
  breathsPerMinuteQ8 = 0;
}

export type FreeReading = Reading<{
  /** Breaths that were laid, 3 .. 6: a slow rhythm has fewer of them in the window, and is the less certain. */
  readonly breathCount: number;
  /** PC of the breaths against each other, 0 .. 65536. */
  readonly coherenceQ16: number;
  /** 0 .. 100: PC less the floor that noise has at this count, over what is left of 1. */
  readonly scorePercent: number;
  /** Half of peak to trough, mean of the breaths as one: |sum Z| / K. */
  readonly amplitudeMsQ8: number;
  readonly breathsPerMinuteQ8: number;
}>;

/**
 * Rhythm without a pacer: the spectral peak of the last 64 s stands in for one. Its breaths are laid backwards from the
 * window's end, as many as fit and at most six; where they begin does not matter, only whether they agree.
 *
 * A bin is 1/512 Hz, so over six breaths of 10 s the stand-in is out of step by at most 1/17 turn.
 *
 * Cost:   no allocation; up to six fits of 64 points, for once in 5 s
 * Memory: 0.5 kB of points (BreathFit), a reading, 2 wide sums
 */
export class FreeRhythm {
  readonly rhythm: FreeReading;
  readonly #rhythm = new FreeSlot();
  readonly #fit: BreathFit;
  readonly #phase = new PhaseCoherence();

  constructor(series: NnSeries) {
    this.rhythm = this.#rhythm;
    this.#fit = new BreathFit(series);
  }

  /**
   * @param peak       coherence of the window
   * @param endTicks   where that window ended, session clock: the spectrum's `endTicks`
   */
  measure(peak: CoherenceReading, endTicks: number): void {
    const slot = this.#rhythm;
    if (peak.absence !== Absence.None) {
      slot.deny(peak.absence, peak.coveragePercent, peak.windowMs);
      return;
    }
    // 64 s hold peakBin / 8 breaths: 64 / 512.
    let breathCount = Math.imul(peak.peakBin, COHERENCE_SECONDS) >> 9;
    if (breathCount > DECIDING_BREATHS) breathCount = DECIDING_BREATHS;
    const periodTicks = quotientNearest(BINS_PER_HZ << 10, peak.peakBin);
    const windowMs = msFromTicksFloor(Math.imul(breathCount, periodTicks));
    if (breathCount < SHOWN_BREATHS) slot.deny(Absence.TooFew, peak.coveragePercent, windowMs);
    else if (!this.#gather(endTicks, periodTicks, breathCount))
      slot.deny(Absence.LowCoverage, peak.coveragePercent, windowMs);
    else if (this.#phase.isStill) slot.deny(Absence.NoVariation, peak.coveragePercent, windowMs);
    else {
      this.#fill(slot, breathCount);
      slot.breathsPerMinuteQ8 = Math.imul(peak.peakBin, 30); // 60 / 512 in Q8
      slot.vouch(peak.coveragePercent, windowMs);
    }
  }

  /** @returns whether every breath is clean */
  #gather(endTicks: number, periodTicks: number, breathCount: number): boolean {
    this.#phase.clear();
    for (let i = 1; i <= breathCount; i++) {
      if (!this.#fit.measure((endTicks - Math.imul(i, periodTicks)) | 0, periodTicks)) return false;
      this.#phase.add(this.#fit.realTicksQ8, this.#fit.imaginaryTicksQ8);
    }
    return true;
  }

  #fill(slot: FreeSlot, breathCount: number): void {
    const coherenceQ16 = this.#phase.coherenceQ16;
    slot.coherenceQ16 = coherenceQ16;
    const floorQ16 = NOISE_FLOOR_Q16[breathCount - SHOWN_BREATHS]!; // 3 .. 6 breaths, four entries
    const above = coherenceQ16 - floorQ16;
    slot.scorePercent = above <= 0 ? 0 : quotientNearest(Math.imul(above, 100), 0x1_0000 - floorQ16);
    slot.breathCount = breathCount;
    slot.amplitudeMsQ8 = msFromTicksNearest(quotientNearest(this.#phase.togetherTicksQ8, breathCount));
  }
}
