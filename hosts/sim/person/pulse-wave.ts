import { CubicSpline } from "./spline.js";

/**
 * Blood volume in the skin after the foot of one heartbeat at 60 a minute, as thousandths of its peak. Drawn by hand
 * after the four classes of Dawber, Thomas & McNamara (Angiology 1973): with age the rise gets slower, the top broader,
 * and the dicrotic notch fills up. Rise 10-90 % about 100 ms, as hardware reference 1.7 has it.
 */
const AT_MS = [0, 40, 80, 120, 160, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800, 1000, 1200, 1500, 2000] as const;
const YOUNG = [0, 150, 620, 950, 1000, 900, 690, 500, 420, 470, 500, 460, 340, 240, 160, 70, 30, 10, 0] as const;
const MIDDLE = [0, 120, 520, 860, 990, 985, 840, 660, 545, 515, 505, 460, 340, 240, 160, 70, 30, 10, 0] as const;
const OLD = [0, 90, 420, 750, 940, 1000, 950, 820, 690, 600, 520, 450, 320, 220, 150, 60, 30, 10, 0] as const;
const AGES = { young: 20, middle: 50, old: 80 } as const;

const STEP_US = 8_000;
const STEPS = 250;

/** How long one beat is felt in the skin at 60 a minute, µs. */
export const WAVE_US = STEP_US * STEPS;

/** The pulse of a person of some age: one beat's wave, to be added to those of the beats before. */
export class PulseWave {
  readonly #table = new Float64Array(STEPS + 1);

  /** Its height is such that a steady 60 a minute swings by 1 from peak to peak. */
  constructor(ageYears: number) {
    const age = Math.max(AGES.young, Math.min(ageYears, AGES.old));
    const [younger, older, share] =
      age < AGES.middle
        ? [YOUNG, MIDDLE, (age - AGES.young) / (AGES.middle - AGES.young)]
        : [MIDDLE, OLD, (age - AGES.middle) / (AGES.old - AGES.middle)];
    // Flat before the foot, so that the curve leaves it without a kink.
    const times = Float64Array.from([-80, -40, ...AT_MS], (ms) => ms * 1000);
    const heights = Float64Array.from([0, 0, ...AT_MS.map((_, i) => younger[i]! + (older[i]! - younger[i]!) * share)]); // as long as AT_MS
    const spline = new CubicSpline(times, heights);
    for (let i = 0; i <= STEPS; i++) this.#table[i] = Math.max(0, spline.at(i * STEP_US));
    const swing = this.#swingAt60();
    for (let i = 0; i <= STEPS; i++) this.#table[i]! /= swing; // i <= STEPS
  }

  /** Height at `sinceUs` after the foot; 0 outside of 0 .. WAVE_US. */
  at(sinceUs: number): number {
    const place = sinceUs / STEP_US;
    if (!(place >= 0 && place < STEPS)) return 0;
    const below = Math.floor(place);
    const low = this.#table[below]!; // 0 <= below < STEPS, here and below
    return low + (this.#table[below + 1]! - low) * (place - below);
  }

  #swingAt60(): number {
    const perBeat = 1_000_000 / STEP_US;
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let i = 0; i < perBeat; i++) {
      const sum = this.#table[i]! + this.#table[i + perBeat]!; // i < perBeat = STEPS / 2
      least = Math.min(least, sum);
      most = Math.max(most, sum);
    }
    return most - least;
  }
}

/**
 * By how much the wave is drawn together at this heart rate, against 60 a minute: as the ejection time, 413 - 1.7 ms per
 * beat a minute (Weissler, Harris & Schoenfeld, Circulation 1968; men).
 */
export function waveStretch(heartRateBpm: number): number {
  return Math.max(0.45, Math.min((413 - 1.7 * heartRateBpm) / 311, 1.1));
}
