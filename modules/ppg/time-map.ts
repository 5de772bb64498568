/** Pieces kept, for beats found late: one a second at first, then one every 4 s. */
const PIECES = 8;

/**
 * Sample numbers to time: a chain of straight pieces, each beginning where the one before ends unless told otherwise.
 * A time is whole ticks of 1/1024 s (int32, wraps after 24 days) and a fraction in Q16; a period is ticks in Q16,
 * 2^17.3 (400 Hz) .. 2^21.4 (25 Hz). What is asked for comes in `ticks` and `subQ16`. Cost: no allocation, no division.
 */
export class TimeMap {
  ticks = 0;
  /** 0 .. 65535. */
  subQ16 = 0;

  // From `#knotIndex` on, this time and this period; a ring.
  readonly #knotIndex = new Int32Array(PIECES);
  readonly #knotTicks = new Int32Array(PIECES);
  readonly #knotSubQ16 = new Int32Array(PIECES);
  readonly #periodQ16 = new Int32Array(PIECES);
  #newest = 0;
  #pieces = 0;

  get isEmpty(): boolean {
    return this.#pieces === 0;
  }

  /** From `index` on, `periodQ16` a sample; `index` itself is at this time. */
  add(index: number, ticks: number, subQ16: number, periodQ16: number): void {
    this.#newest = this.#pieces === 0 ? 0 : (this.#newest + 1) & (PIECES - 1);
    if (this.#pieces < PIECES) this.#pieces++;
    this.#knotIndex[this.#newest] = index;
    this.#knotTicks[this.#newest] = ticks;
    this.#knotSubQ16[this.#newest] = subQ16;
    this.#periodQ16[this.#newest] = periodQ16;
  }

  /** From `index` on, another period; its time stays. */
  bend(index: number, periodQ16: number): void {
    this.find(index, 0);
    this.add(index, this.ticks, this.subQ16, periodQ16);
  }

  /**
   * Time of a sample and a fraction, 0 .. 255, of the way to the next, on the piece that was made for it.
   * 256 periods in Q16 are period / 256 ticks: with the number split there, int32 holds for 2^17.5 samples at 25 Hz and
   * 2^19.6 at 100 Hz, more than 2 h. The fraction sums to less than 2^16 + 2^16 + 2^29.5 + 2^21.5.
   */
  find(index: number, fractionQ8: number): void {
    let piece = this.#newest;
    for (
      let i = 1;
      i < this.#pieces && ((index - this.#knotIndex[piece]!) | 0) < 0;
      i++ // piece < PIECES, here and below
    )
      piece = (piece - 1) & (PIECES - 1);
    const periodQ16 = this.#periodQ16[piece]!;
    const samples = (index - this.#knotIndex[piece]!) | 0;
    const blocks = Math.imul(samples >> 8, periodQ16);
    const subQ16 =
      this.#knotSubQ16[piece]! +
      ((blocks & 255) << 8) +
      Math.imul(samples & 255, periodQ16) +
      (Math.imul(fractionQ8, periodQ16) >> 8);
    this.ticks = (this.#knotTicks[piece]! + (blocks >> 8) + (subQ16 >> 16)) | 0;
    this.subQ16 = subQ16 & 0xffff;
  }
}
