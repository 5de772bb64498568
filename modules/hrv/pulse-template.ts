import { inverseSqrtQ21 } from "base/inverse-sqrt";
import { quotient } from "base/quotient";
import { VIEW_MASK } from "hrv/pulse-views";

/** Every third sample is enough (measured: 0.02 ms). */
const STRIDE = 3;
/** Taps before the anchor and in all: -0.15 s .. +0.30 s. */
const TAPS_BEFORE = 5;
const TAPS = 16;
/** Shifts tried, samples to either side. */
const REACH = 6;
const BEFORE = TAPS_BEFORE * STRIDE + REACH;
const WIDTH = (TAPS - 1) * STRIDE + 2 * REACH + 1;
/** The timing slope is a difference over so many entries, centred half as many earlier. (4 / 2 would be a double.) */
const SLOPE_SPAN = 4;
const SLOPE_CENTRE = 2;
/** Window samples are scaled to six bits and sign. */
const WINDOW_MAX = 63;

/**
 * The running shape of this wearer's pulse: 16 taps of its slope around the upstroke. Shifting it over a beat gives the
 * beat's time (steadier than any single point of the pulse) and its likeness.
 *
 * Formats: window w, |w| <= 63, energy below 2^16. Template: a unit vector in Q21 averaged over beats; for products its
 * taps are cut to Q8, |t| <= 256 and energy at most 2^16 (an average of unit vectors is not longer than one). By
 * Cauchy-Schwarz |sum w t| <= sqrt(E_w E_t) < 2^16, and times 2^21 / sqrt(E_w) at most 2^8 * 2^21 = 2^29: int32 holds.
 */
export class PulseTemplate {
  /** Results of `match`: from the anchor to the best shift, 1/32 sample; 256 is a perfect likeness. */
  offsetQ5 = 0;
  likenessQ8 = 0;
  #beats = 0;
  #bestShift = 0;
  readonly #window = new Int32Array(WIDTH);
  readonly #tapsQ21 = new Int32Array(TAPS);
  readonly #tapsQ8 = new Int32Array(TAPS);

  clear(): void {
    this.#beats = 0;
  }

  get beats(): number {
    return this.#beats;
  }

  /**
   * Fits the template around entry `anchor` of the level. @param tapsMax 6 .. 16: the window must not reach into the
   * next upstroke. Cost: no allocation; about 100 products for each shift tried, four to six of them.
   */
  match(level: Int32Array, anchor: number, tapsMax: number): void {
    this.#load(level, anchor);
    this.offsetQ5 = 0;
    this.likenessQ8 = 0;
    this.#bestShift = 0;
    if (this.#beats === 0) return;
    let shift = 0;
    let here = this.#fit(0, tapsMax);
    let before = this.#fit(-1, tapsMax);
    let after = this.#fit(1, tapsMax);
    // Climb to the nearest top: the fit of a slope to itself is smooth over these few samples.
    while (after > here && shift < REACH - 1) {
      shift++;
      before = here;
      here = after;
      after = this.#fit(shift + 1, tapsMax);
    }
    while (before > here && shift > 1 - REACH) {
      shift--;
      after = here;
      here = before;
      before = this.#fit(shift - 1, tapsMax);
    }
    this.#bestShift = shift;
    const bend = (here - before + here - after) | 0; // each below 2^17
    // Vertex of the parabola, 1/32 sample: 16 * (after - before) / bend, at most half a sample at a true top.
    const part = bend > 0 ? quotient((after - before) << 4, bend) : 0;
    this.offsetQ5 = (shift << 5) + (part > 16 ? 16 : part < -16 ? -16 : part);
    if (here > 0) this.likenessQ8 = this.#normalise(here, tapsMax);
  }

  /** Takes the beat last matched into the average: the first whole, then a half, a quarter, an eighth. */
  learn(): void {
    const window = this.#window;
    const first = REACH + this.#bestShift;
    let energy = 0;
    for (let k = 0; k < TAPS; k++) {
      const w = window[first + k * STRIDE]!; // first + 45 <= 2 * REACH + 45 < WIDTH
      energy += Math.imul(w, w);
    }
    if (energy === 0) return;
    const scaleQ21 = inverseSqrtQ21(energy);
    const beats = this.#beats;
    const share = beats === 0 ? 0 : beats < 2 ? 1 : beats < 4 ? 2 : 3;
    for (let k = 0; k < TAPS; k++) {
      const old = beats === 0 ? 0 : this.#tapsQ21[k]!; // k < TAPS
      const tap = (old + ((Math.imul(window[first + k * STRIDE]!, scaleQ21) - old) >> share)) | 0; // as above
      this.#tapsQ21[k] = tap;
      this.#tapsQ8[k] = tap >> 13;
    }
    if (beats < 8) this.#beats = beats + 1;
  }

  /** The slope around `anchor`, scaled by a shift so that the largest has six bits. */
  #load(level: Int32Array, anchor: number): void {
    const window = this.#window;
    // Slope entry m is centred on level entry m - SLOPE_CENTRE.
    const start = anchor + SLOPE_CENTRE - BEFORE;
    let largest = 1;
    for (let i = 0; i < WIDTH; i++) {
      const m = start + i;
      const slope = (level[m & VIEW_MASK]! - level[(m - SLOPE_SPAN) & VIEW_MASK]!) | 0; // masked
      window[i] = slope;
      const size = slope < 0 ? -slope : slope;
      if (size > largest) largest = size;
    }
    let shift = 0;
    while (largest >> shift > WINDOW_MAX) shift++;
    const half = shift > 0 ? 1 << (shift - 1) : 0;
    for (let i = 0; i < WIDTH; i++) {
      const value = (window[i]! + half) >> shift; // i < WIDTH
      window[i] = value > WINDOW_MAX ? WINDOW_MAX : value;
    }
  }

  /** Correlation over the window's root energy at `shift`, Q8. */
  #fit(shift: number, taps: number): number {
    const window = this.#window;
    const template = this.#tapsQ8;
    let at = REACH + shift;
    let product = 0;
    let energy = 0;
    for (let k = 0; k < taps; k++) {
      const w = window[at]!; // at most 2 * REACH + 45 < WIDTH
      product += Math.imul(w, template[k]!); // k < taps <= TAPS
      energy += Math.imul(w, w);
      at += STRIDE;
    }
    return energy > 0 ? Math.imul(product, inverseSqrtQ21(energy)) >> 13 : 0;
  }

  /** `fitQ8` over the template's own root energy: at most one. */
  #normalise(fitQ8: number, taps: number): number {
    const template = this.#tapsQ8;
    let energy = 0;
    for (let k = 0; k < taps; k++) energy += Math.imul(template[k]!, template[k]!); // k < taps <= TAPS
    if (energy > 65_535) energy = 65_535;
    // fitQ8 / 2^8 * 2^21 / root; fitQ8 <= 2^16, so it is cut by four bits first: 2^12 * 2^17 at the most for taps of use.
    const likeness = Math.imul(fitQ8 >> 4, inverseSqrtQ21(energy) >> 4) >> 13;
    return likeness > 256 ? 256 : likeness;
  }
}
