/** Numbers that only become more. */
export class Growing {
  #values = new Float64Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** Errors: RangeError beyond both ends */
  at(index: number): number {
    const value = index < this.#length ? this.#values[index] : undefined;
    if (value === undefined) throw new RangeError(`value ${index} of ${this.#length}`);
    return value;
  }

  /** All so far, as a view that stays valid but does not grow. */
  values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  /** How many of the values are <= `limit`; they must be in rising order. */
  countUpTo(limit: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#values[middle]! <= limit)
        low = middle + 1; // middle < length
      else high = middle;
    }
    return low;
  }
}
