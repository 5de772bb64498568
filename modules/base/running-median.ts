/**
 * Median of the last `length` values, kept sorted so that reading it is one look-up.
 * Values: int32 of magnitude below 2^30. Cost: no allocation after construction; about `length` moves per value.
 */
export class RunningMedian {
  readonly #length: number;
  /** The values sorted, then the same in the order in which they came, a ring. One array: each costs 112 bytes more. */
  readonly #values: Int32Array;
  #next = 0;
  #count = 0;

  constructor(length: number) {
    this.#length = length;
    this.#values = new Int32Array(2 * length);
  }

  get count(): number {
    return this.#count;
  }

  /** Median of what is held; the mean of the middle two, floored, when their number is even; 0 when empty. */
  get value(): number {
    const middle = this.#count >> 1;
    if (this.#count & 1) return this.#values[middle] ?? 0;
    return this.#count === 0 ? 0 : ((this.#values[middle - 1] ?? 0) + (this.#values[middle] ?? 0)) >> 1;
  }

  push(value: number): void {
    const sorted = this.#values;
    const length = this.#length;
    let at = this.#count;
    if (at === length) {
      const oldest = sorted[length + this.#next]!; // next < length
      at = 0;
      while (sorted[at]! < oldest) at++; // the oldest is among them, so at < length
      for (; at < length - 1; at++) sorted[at] = sorted[at + 1]!; // at + 1 < length
    } else this.#count++;
    while (at > 0 && sorted[at - 1]! > value) {
      sorted[at] = sorted[at - 1]!; // at >= 1
      at--;
    }
    sorted[at] = value;
    sorted[length + this.#next] = value;
    this.#next = this.#next + 1 === length ? 0 : this.#next + 1;
  }

  /** As if the last `length` values had all been this one. */
  fill(value: number): void {
    this.#values.fill(value);
    this.#count = this.#length;
  }

  clear(): void {
    this.#count = 0;
    this.#next = 0;
  }
}
