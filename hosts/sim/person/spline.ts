/** A hole in the samples longer than this is crossed on a straight line: a curve would swing out. */
const GAP_US = 500_000;

/** A natural cubic spline through samples at any increasing times. Sums and products only: the same on every engine. */
export class CubicSpline {
  readonly #timesUs: Float64Array;
  readonly #values: Float64Array;
  /** Second derivative at each sample, per µs². */
  readonly #bends: Float64Array;
  /** Where the last look-up was: the next one is mostly there or just after. */
  #interval = 0;

  /** @param timesUs  increasing, two or more; kept, not copied, as `values` are */
  constructor(timesUs: Float64Array, values: Float64Array) {
    this.#timesUs = timesUs;
    this.#values = values;
    this.#bends = bendsOf(timesUs, values);
  }

  /** Before the first and after the last sample: the level of that one. */
  at(timeUs: number): number {
    const times = this.#timesUs;
    const last = times.length - 1;
    if (timeUs <= times[0]!) return this.#values[0]!; // not empty, as below
    if (timeUs >= times[last]!) return this.#values[last]!;
    const i = this.#find(timeUs); // 0 <= i < last
    const widthUs = times[i + 1]! - times[i]!;
    const b = (timeUs - times[i]!) / widthUs;
    const a = 1 - b;
    const bend = (a * a * a - a) * this.#bends[i]! + (b * b * b - b) * this.#bends[i + 1]!;
    return a * this.#values[i]! + b * this.#values[i + 1]! + (bend * widthUs * widthUs) / 6;
  }

  /** The interval that holds `timeUs`, which lies inside. */
  #find(timeUs: number): number {
    const times = this.#timesUs;
    let low = this.#interval;
    if (times[low]! <= timeUs) {
      for (
        let steps = 0;
        steps < 4;
        steps++, low++ // 4 intervals on are still inside, or found
      )
        if (timeUs < (times[low + 1] ?? Number.POSITIVE_INFINITY)) {
          this.#interval = low;
          return low;
        }
    } else low = 0;
    let high = times.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (times[middle]! <= timeUs)
        low = middle; // low < middle < high
      else high = middle;
    }
    this.#interval = low;
    return low;
  }
}

/** Solves the tridiagonal system of a natural spline; the ends and the edges of gaps have no bend. */
function bendsOf(timesUs: Float64Array, values: Float64Array): Float64Array {
  const count = timesUs.length;
  const bends = new Float64Array(count);
  const upper = new Float64Array(count);
  for (let i = 1; i < count - 1; i++) {
    const before = timesUs[i]! - timesUs[i - 1]!; // 0 < i < count - 1, in this loop
    const after = timesUs[i + 1]! - timesUs[i]!;
    if (before > GAP_US || after > GAP_US) continue; // row "bend = 0": upper and bends stay 0
    const slopeChange = (values[i + 1]! - values[i]!) / after - (values[i]! - values[i - 1]!) / before;
    const pivot = 2 * (before + after) - before * upper[i - 1]!;
    upper[i] = after / pivot;
    bends[i] = (6 * slopeChange - before * bends[i - 1]!) / pivot;
  }
  for (let i = count - 2; i > 0; i--) bends[i]! -= upper[i]! * bends[i + 1]!; // 0 < i < count - 1
  return bends;
}
