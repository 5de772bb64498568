/**
 * A load that is like the firmware's: fixed-point filters, rings with running sums, a threshold, a hash over every
 * output. The same samples give the same hash in V8 and in XS, without a double and without an allocation.
 */

const RING = 32;

class Biquad {
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;

  constructor(
    readonly b0Q14: number,
    readonly b1Q14: number,
    readonly b2Q14: number,
    readonly a1Q14: number,
    readonly a2Q14: number,
  ) {}

  /** Input within ±2^15, so that the five products stay within int32. */
  step(x: number): number {
    const sum =
      (Math.imul(this.b0Q14, x) +
        Math.imul(this.b1Q14, this.#x1) +
        Math.imul(this.b2Q14, this.#x2) -
        Math.imul(this.a1Q14, this.#y1) -
        Math.imul(this.a2Q14, this.#y2)) |
      0;
    const y = sum >> 14;
    this.#x2 = this.#x1;
    this.#x1 = x;
    this.#y2 = this.#y1;
    this.#y1 = y;
    return y;
  }
}

export class Pipeline {
  /** FNV-1a over the outputs, int32. */
  hash = 0x811c9dc5 | 0;
  beats = 0;
  #state = 12345;
  #baselineQ8 = 0;
  #sum = 0;
  #at = 0;
  #above = false;
  readonly #high = new Biquad(15900, -31800, 15900, -31785, 15430);
  readonly #low = new Biquad(160, 320, 160, -29140, 13396);
  readonly #ring = new Int32Array(RING);

  /** One sample of a repeatable noise. */
  step(): void {
    this.#state = (Math.imul(this.#state, 1103515245) + 12345) | 0;
    const raw = (this.#state >> 18) & 0x3fff;
    this.#baselineQ8 = (this.#baselineQ8 + ((((raw << 8) - this.#baselineQ8) | 0) >> 6)) | 0;
    const x = (raw - (this.#baselineQ8 >> 8)) >> 2;
    const y = this.#low.step(this.#high.step(x));
    const slot = this.#at & (RING - 1);
    this.#sum = (this.#sum + y - this.#ring[slot]!) | 0; // slot is masked
    this.#ring[slot] = y;
    this.#at = (this.#at + 1) | 0;
    const above = y > this.#sum >> 5;
    if (above && !this.#above) this.beats = (this.beats + 1) | 0;
    this.#above = above;
    this.hash = Math.imul(this.hash ^ (y & 0xffff), 0x01000193);
  }

  run(samples: number): void {
    for (let i = 0; i < samples; i++) this.step();
  }
}
