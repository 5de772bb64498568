import { log2Q8 } from "base/log2";
import { quotient } from "base/quotient";

const RING = 128;
const RING_MASK = RING - 1;
/** Samples of 100 Hz per value kept: 25 Hz. */
export const DECIMATION = 4;
/** Longest window, values: 4 s. */
const WINDOW = 100;
/** Shortest and longest period looked for, values: 0.28 s .. 1.76 s. */
const LAG_MIN = 7;
const LAG_MAX = 44;
/** Quarter octaves of a size below 2^26. */
const SIZES = 104;

/**
 * The first period by autocorrelation of the timing slope. Values arrive all the time (a store each); an analysis takes
 * one lag per call of `step`, so that its some 3,000 products are spread over samples.
 * Clipped at six times the median size, so that a transient ten times the pulse does not decide alone; then to seven
 * bits: sums of 100 products stay below 2^20.
 */
export class PeriodFinder {
  #count = 0;
  #lag = 0;
  #lagEnd = 0;
  #length = 0;
  readonly #ring = new Int32Array(RING);
  readonly #window = new Int32Array(WINDOW);
  readonly #sizes = new Uint8Array(SIZES);
  /** Correlation by lag, Q8, one more at either end than is looked for. */
  readonly #correlationQ8 = new Int32Array(LAG_MAX + 2);
  /** The result: period in samples at 100 Hz, 0 when there is none; its correlation. */
  period = 0;
  trustQ8 = 0;

  /** One value every fourth sample: the timing slope, magnitude below 2^26. */
  add(slope: number): void {
    this.#ring[this.#count & RING_MASK] = slope;
    this.#count = (this.#count + 1) | 0;
  }

  clear(): void {
    this.#count = 0;
    this.#lag = 0;
  }

  /** Values at hand, 0 .. 100. */
  get available(): number {
    return this.#count < WINDOW ? this.#count : WINDOW;
  }

  /** Values since the start. */
  get count(): number {
    return this.#count;
  }

  get busy(): boolean {
    return this.#lag > 0;
  }

  /** Begins an analysis of what is at hand. Periods of more than half of it are not looked for. */
  begin(): void {
    const length = this.available;
    const start = this.#count - length;
    const window = this.#window;
    const sizes = this.#sizes;
    sizes.fill(0);
    for (let i = 0; i < length; i++) {
      const value = this.#ring[(start + i) & RING_MASK]!; // masked
      window[i] = value;
      const size = log2Q8(value < 0 ? -value : value) >> 6;
      sizes[size] = sizes[size]! + 1; // size < SIZES as |value| < 2^26
    }
    let size = 0;
    for (let seen = sizes[0]!; seen <= length >> 1 && size < SIZES - 1; seen += sizes[size]!) size++;
    // 2^(size/4) to the octave below, times six; a full scale of 63 to that limit by a shift.
    const limit = 6 << (size >> 2);
    let shift = 0;
    while (limit >> shift > 63) shift++;
    for (let i = 0; i < length; i++) {
      const value = window[i]! >> shift; // i < length <= WINDOW
      window[i] = value > 63 ? 63 : value < -63 ? -63 : value;
    }
    this.#length = length;
    this.#lag = LAG_MIN - 1;
    this.#lagEnd = (length >> 1 < LAG_MAX ? length >> 1 : LAG_MAX) + 1;
  }

  /** One lag. True when the analysis has ended and `period` and `trustQ8` hold its result. Cost: about 90 products. */
  step(): boolean {
    const lag = this.#lag;
    const window = this.#window;
    const pairs = this.#length - lag;
    let product = 0;
    let energy = 0;
    for (let i = 0; i < pairs; i++) {
      const a = window[i]!; // i + lag < length <= WINDOW
      const b = window[i + lag]!;
      product += Math.imul(a, b);
      energy += Math.imul(a, a) + Math.imul(b, b);
    }
    // |2 a b| <= a a + b b, so the quotient stays within one. 2^20 << 9 = 2^29.
    this.#correlationQ8[lag] = energy > 0 ? quotient(product << 9, energy) : 0;
    this.#lag = lag + 1;
    if (lag < this.#lagEnd) return false;
    this.#lag = 0;
    this.#choose();
    return true;
  }

  /** The shortest peak within 80 % of the highest: a multiple of the period correlates as well as the period. */
  #choose(): void {
    const correlation = this.#correlationQ8;
    let highest = 0;
    for (let lag = LAG_MIN; lag < this.#lagEnd; lag++)
      if (isPeak(correlation, lag) && correlation[lag]! > highest) highest = correlation[lag]!; // lag <= LAG_MAX
    this.period = 0;
    this.trustQ8 = highest;
    if (highest === 0) return;
    for (let lag = LAG_MIN; lag < this.#lagEnd; lag++) {
      if (!isPeak(correlation, lag) || Math.imul(correlation[lag]!, 5) < Math.imul(highest, 4)) continue; // as above
      const before = correlation[lag - 1]!;
      const after = correlation[lag + 1]!;
      const bend = 2 * correlation[lag]! - before - after;
      // Vertex of the parabola through three correlations, in samples: DECIMATION / 2 * (after - before) / bend.
      const nudge = bend > 0 ? quotient((after - before) << 1, bend) : 0;
      this.period = Math.imul(lag, DECIMATION) + nudge;
      return;
    }
  }
}

function isPeak(correlation: Int32Array, lag: number): boolean {
  const here = correlation[lag]!; // LAG_MIN <= lag <= LAG_MAX, the array reaches one further
  return here > 0 && here >= correlation[lag - 1]! && here >= correlation[lag + 1]!;
}
