import { SampleFlag } from "ppg/samples";

/** Samples that `PulseViews` remembers, a power of two: 2.56 s at 100 Hz. */
export const VIEW_LENGTH = 256;
export const VIEW_MASK = VIEW_LENGTH - 1;
/** Entry m of `level` describes raw sample m - 6 (two boxcars of seven, linear phase). */
export const LEVEL_DELAY = 6;
/** `slope` after entry m describes raw sample m - 7 (boxcar of five, difference over ten). */
export const SLOPE_DELAY = 7;
/** Before so many samples the differences would reach across the start. */
const WARM_UP = 16;

/**
 * Two linear-phase views of the raw counts, both turned so that a pulse rises: a difference removes DC exactly and
 * leaves of drift only its slope, so nothing has to settle and nothing bends the foot of the pulse.
 *
 * In: counts, Q0, 0 .. 2^18-1. `level`: minus 49 times the counts, smoothed, magnitude below 49 * 2^18 < 2^24.
 * `slope`: five times the fall of the counts over ten samples, below 5 * 2^18 < 2^21. The running sums are exact.
 * A light step is taken out by letting the sample repeat the slope before it; the sum of such steps is kept within int32
 * because it is at most 2^18 per step and starts afresh at every gap.
 */
export class PulseViews {
  /** Running number of the newest sample; samples lost are counted too. */
  index = -1;
  slope = 0;
  readonly level = new Int32Array(VIEW_LENGTH);
  readonly flags = new Uint8Array(VIEW_LENGTH);
  readonly #raw = new Int32Array(16);
  readonly #boxcars = new Int32Array(8);
  #boxcar = 0;
  #level = 0;
  #offset = 0;
  #before = 0;
  #slopeBefore = 0;
  /** First sample after the last gap; nothing before it may be looked at. */
  validFrom = 0;
  #started = false;

  /** Cost: no allocation; about 25 operations. */
  push(counts: number, flags: SampleFlag): void {
    const n = (this.index + 1) | 0;
    this.index = n;
    if (!this.#started) this.#start(counts, n);
    let x = (counts + this.#offset) | 0;
    if (flags & SampleFlag.LightStep) {
      const wanted = (this.#before + this.#slopeBefore) | 0;
      this.#offset = (this.#offset + wanted - x) | 0;
      x = wanted;
    }
    this.#slopeBefore = (x - this.#before) | 0;
    this.#before = x;
    const raw = this.#raw;
    const boxcars = this.#boxcars;
    // The ring of 16 still holds sample n - 15 in the slot after the newest.
    this.slope = (this.slope + raw[(n - 10) & 15]! - raw[(n - 15) & 15]! - x + raw[(n - 5) & 15]!) | 0; // masked
    const boxcar = (this.#boxcar + x - raw[(n - 7) & 15]!) | 0; // masked
    this.#boxcar = boxcar;
    this.#level = (this.#level - boxcar + boxcars[(n - 7) & 7]!) | 0; // masked
    raw[n & 15] = x;
    boxcars[n & 7] = boxcar;
    this.level[n & VIEW_MASK] = this.#level;
    this.flags[n & VIEW_MASK] = flags;
  }

  /** `lost` samples are missing, or (0) what comes is not to be joined to what was. */
  gap(lost: number): void {
    this.index = (this.index + lost) | 0;
    this.#started = false;
  }

  get warm(): boolean {
    return this.#started && this.index - this.validFrom >= WARM_UP;
  }

  /** As if the first sample had always been there: no start-up wave. */
  #start(counts: number, n: number): void {
    this.#started = true;
    this.validFrom = n;
    this.#offset = 0;
    this.#raw.fill(counts);
    this.#boxcar = Math.imul(7, counts);
    this.#boxcars.fill(this.#boxcar);
    this.#level = -Math.imul(49, counts);
    this.level.fill(this.#level);
    this.#before = counts;
    this.#slopeBefore = 0;
    this.slope = 0;
  }
}
