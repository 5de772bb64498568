import type { Observer } from "base/host-parts";
import { BandPower, type PowerReading } from "hrv/band-power";
import { COHERENCE_COVERAGE_PERCENT_MIN, COHERENCE_SECONDS, Coherence } from "hrv/coherence";
import type { NnSeries } from "hrv/nn-series";
import { Absence } from "hrv/reading";
import { Respiration } from "hrv/respiration";
import { SPECTRUM_SECONDS_MAX, Spectrum } from "hrv/spectrum";

/** Coherence and breath every 5 s; bands once a minute, and while they are made two coherences are left out. */
const COHERENCE_EVERY_SECONDS = 5;
const BANDS_EVERY_SECONDS = 60;
/** A spectrum of 64 s takes 6 pieces and its readings, which is done within 5 s. One of 300 s has larger ones. */
const PIECES_A_SECOND = 2;

const enum Work {
  None = 0,
  Coherence = 1,
  Bands = 2,
}

/** What was made anew by a call of `second`. */
export const enum Made {
  Nothing = 0,
  /** `coherence` and `respiration`. */
  Coherence = 1,
  /** `bands`. */
  Bands = 2,
}

/**
 * Spectral coherence, breaths a minute from the heart's own swing, and the powers of the bands. One spectrum serves them
 * all, and it is made piece by piece, so that no batch of samples has to wait: at once it would be half a million steps.
 *
 * Cost:   no allocation; 380,000 steps in the dearest second (the sampling of five minutes), 160,000 in others, 1,070 a
 *         sample, for as long as it lives
 * Memory: 6.9 kB, so it is made when somebody reads and let go of when nobody does
 */
export class SpectrumSense {
  readonly coherence: Coherence;
  readonly respiration: Respiration;
  readonly bands: BandPower;
  readonly #spectrum: Spectrum;
  #work = Work.None;
  #hasMore = false;
  #coherenceSeconds = COHERENCE_EVERY_SECONDS;
  #bandsSeconds = 0;

  constructor(series: NnSeries) {
    this.#spectrum = new Spectrum(series, SPECTRUM_SECONDS_MAX);
    this.coherence = new Coherence(this.#spectrum);
    this.respiration = new Respiration(this.#spectrum);
    this.bands = new BandPower(this.#spectrum);
  }

  second(nowTicks: number): Made {
    this.#coherenceSeconds++;
    this.#bandsSeconds++;
    const pieces = this.#work === Work.Bands ? 1 : PIECES_A_SECOND;
    for (let i = 0; i < pieces; i++) {
      if (this.#work === Work.None) {
        if (this.#begin(nowTicks) === Work.Bands) return Made.Nothing;
      } else if (this.#hasMore) this.#hasMore = this.#spectrum.advance();
      else return this.#read();
    }
    return Made.Nothing;
  }

  #begin(nowTicks: number): Work {
    if (this.#bandsSeconds >= BANDS_EVERY_SECONDS) {
      this.#bandsSeconds = 0;
      this.#work = Work.Bands;
      this.#hasMore = this.bands.begin(nowTicks);
    } else if (this.#coherenceSeconds >= COHERENCE_EVERY_SECONDS) {
      this.#coherenceSeconds = 0;
      this.#work = Work.Coherence;
      this.#hasMore = this.#spectrum.begin(nowTicks, COHERENCE_SECONDS, COHERENCE_COVERAGE_PERCENT_MIN);
    }
    return this.#work;
  }

  #read(): Made {
    const isBands = this.#work === Work.Bands;
    this.#work = Work.None;
    if (isBands) this.bands.read();
    else {
      this.coherence.read();
      this.respiration.read();
    }
    return isBands ? Made.Bands : Made.Coherence;
  }
}

/** Tells an observer what was made. */
export function tellSpectrum(made: Made, { coherence, respiration, bands }: SpectrumSense, observer: Observer): void {
  if (made === Made.Coherence) {
    const ratio = coherence.coherence;
    const { rate } = respiration;
    const isThere = ratio.absence === Absence.None;
    observer.spectrum?.(
      ratio.absence,
      isThere ? ratio.fractionQ16 : 0,
      isThere ? ratio.ratioQ8 : 0,
      rate.absence,
      rate.absence === Absence.None ? rate.breathsPerMinuteQ8 : 0,
    );
  } else if (made === Made.Bands) {
    const { vlf, lf, hf } = bands;
    observer.bands?.(vlf.absence, powerOf(vlf), lf.absence, powerOf(lf), hf.absence, powerOf(hf));
  }
}

const powerOf = (reading: PowerReading): number => (reading.absence === Absence.None ? reading.ms2Q8 : 0);
