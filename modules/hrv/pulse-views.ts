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
  #smooth = 0;
  #offset = 0;
  #isRising = false;
  /** The slope before the newest sample, if it was a local maximum; else 0 or less. */
  crest = 0;
  /** First sample after the last gap; nothing before it may be looked at. */
  validFrom = 0;
  #started = false;

  /**
   * Takes samples in from `from` on, one at least, until one is numbered `untilIndex` or more, a crest of the slope has
   * passed, or the next is saturated or not there.
   * @param counts  ADC counts; `flags` SampleFlag bits; both at least `end` long. Sample `from` is not saturated
   * @returns       the sample that comes next
   * Cost: no allocation; about 25 operations a sample and 20 a call
   */
  push(counts: Int32Array, flags: Uint8Array, from: number, end: number, untilIndex: number): number {
    let n = this.index;
    let slopeBefore = this.slope;
    if (!this.#started) this.#start(counts[from]!, (n + 1) | 0); // from < end
    const { level, flags: marks } = this;
    const raw = this.#raw;
    const boxcars = this.#boxcars;
    let offset = this.#offset;
    let slope = this.slope;
    let boxcar = this.#boxcar;
    let smooth = this.#smooth;
    let isRising = this.#isRising;
    let crest = 0;
    let x = 0;
    let i = from;
    let mark = flags[i]!; // i < end, here and below
    do {
      n = (n + 1) | 0;
      if (mark & SampleFlag.LightStep) offset = this.#join(counts[i]!, n);
      x = (counts[i]! + offset) | 0;
      // The ring of 16 still holds sample n - 15 in the slot after the newest. Indices are masked, here and below.
      slope = (slope + raw[(n + 6) & 15]! - raw[(n + 1) & 15]! - x + raw[(n + 11) & 15]!) | 0;
      boxcar = (boxcar + x - raw[(n + 9) & 15]!) | 0;
      smooth = (smooth - boxcar + boxcars[(n + 1) & 7]!) | 0;
      raw[n & 15] = x;
      boxcars[n & 7] = boxcar;
      level[n & VIEW_MASK] = smooth;
      marks[n & VIEW_MASK] = mark;
      if (slope >= slopeBefore) isRising = true;
      else if (isRising) {
        isRising = false;
        crest = slopeBefore;
      }
      slopeBefore = slope;
      if (++i >= end) break;
      mark = flags[i]!;
    } while (n < untilIndex && crest <= 0 && !(mark & SampleFlag.Saturated));
    this.index = n;
    this.slope = slope;
    this.#boxcar = boxcar;
    this.#smooth = smooth;
    this.#isRising = isRising;
    this.crest = crest;
    return i;
  }

  /** `lost` samples are missing, or (0) what comes is not to be joined to what was. */
  gap(lost: number): void {
    this.index = (this.index + lost) | 0;
    this.#started = false;
    this.#isRising = false;
  }

  /** From this entry on the views show the pulse and nothing of the start. */
  get warmFrom(): number {
    return this.validFrom + WARM_UP;
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
    this.#smooth = 0 - Math.imul(49, counts);
    this.level.fill(this.#smooth);
    this.slope = 0;
  }

  /** Takes a light step out: the sample goes on as the two before it did. @returns what to add to counts from now on */
  #join(counts: number, n: number): number {
    const before = this.#raw[(n - 1) & 15]!; // masked
    const wanted = (before + before - this.#raw[(n - 2) & 15]!) | 0; // masked
    this.#offset = (wanted - counts) | 0;
    return this.#offset;
  }
}
