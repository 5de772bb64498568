/**
 * A signed integer of up to 61 bits in two int32 words, for sums of products that int32 cannot hold. Made for work per
 * beat, breath or window: a product costs four multiplications. All results are exact; no double is ever involved.
 *
 * Value = high * 2^30 + low, 0 <= low < 2^30. Thirty bits a word keep every carry inside int32 with no unsigned trick.
 */
import { assert } from "base/assert";

const RADIX_BITS = 30;
const LOW_MASK = 0x3fff_ffff;

// Hoisted: a string literal that is evaluated makes garbage wherever byte code is not in flash.
const SCALE_RANGE = "a scaled wide is not negative";
const DIVISOR_RANGE = "a wide is divided by 1 .. 2^30-1";
const SHIFT_RANGE = "a wide shifted right fits 31 bits";
const ROOT_RANGE = "a square root's argument is 0 .. 2^56-1";
const RATIO_RANGE = "a ratio is of positive numbers";

export class Wide {
  #high = 0;
  #low = 0;

  clear(): this {
    this.#high = 0;
    this.#low = 0;
    return this;
  }

  copy(other: Wide): this {
    this.#high = other.#high;
    this.#low = other.#low;
    return this;
  }

  get isNegative(): boolean {
    return this.#high < 0;
  }

  get isZero(): boolean {
    return this.#high === 0 && this.#low === 0;
  }

  /** This plus `term`, any int32. */
  add(term: number): this {
    this.#addWords(term >> RADIX_BITS, term & LOW_MASK);
    return this;
  }

  addWide(term: Wide): this {
    this.#addWords(term.#high, term.#low);
    return this;
  }

  subtractWide(term: Wide): this {
    // -(h * 2^30 + l) = ~h * 2^30 + (2^30 - l), as ~h is -h - 1; the second word may be 2^30 itself, which the carry takes up.
    this.#addWords(~term.#high, (LOW_MASK + 1 - term.#low) | 0);
    return this;
  }

  negate(): this {
    const high = this.#high;
    const low = this.#low;
    this.#high = 0;
    this.#low = 0;
    this.#addWords(~high, (LOW_MASK + 1 - low) | 0);
    return this;
  }

  /** This plus `a * b`, each below 2^30 in magnitude. */
  addProduct(a: number, b: number): this {
    const aHigh = a >> 15; // -2^15 .. 2^15 - 1
    const aLow = a & 0x7fff;
    const bHigh = b >> 15;
    const bLow = b & 0x7fff;
    // Each product is at most 2^30 - 2^15, so their sum stays inside int32.
    const middle = (Math.imul(aHigh, bLow) + Math.imul(aLow, bHigh)) | 0;
    this.#addWords(Math.imul(aHigh, bHigh), Math.imul(aLow, bLow));
    this.#addWords(middle >> 15, (middle & 0x7fff) << 15);
    return this;
  }

  /** This times 2^bits, bits 0 .. 30; the result must stay below 2^60 in magnitude. */
  shiftLeft(bits: number): this {
    for (let i = 0; i < bits; i++) this.#addWords(this.#high, this.#low);
    return this;
  }

  /** This times `factor`, both not negative, factor below 2^30, the product below 2^60. */
  scale(factor: number): this {
    const high = this.#high;
    const low = this.#low;
    assert(high >= 0 && factor >= 0, SCALE_RANGE);
    this.clear().addProduct(low, factor);
    this.#high = (this.#high + Math.imul(high, factor)) | 0;
    return this;
  }

  /** This, not negative, divided by `divisor` (1 .. 2^30 - 1), rounded down. */
  divideFloor(divisor: number): this {
    assert(this.#high >= 0 && divisor > 0 && divisor <= LOW_MASK, DIVISOR_RANGE);
    let rest = 0;
    let high = 0;
    let low = 0;
    for (let bit = RADIX_BITS - 1; bit >= 0; bit--) {
      rest = (rest << 1) | ((this.#high >> bit) & 1); // rest < divisor <= 2^30 - 1, so this is below 2^31
      high <<= 1;
      if (rest >= divisor) {
        rest = (rest - divisor) | 0;
        high |= 1;
      }
    }
    for (let bit = RADIX_BITS - 1; bit >= 0; bit--) {
      rest = (rest << 1) | ((this.#low >> bit) & 1);
      low <<= 1;
      if (rest >= divisor) {
        rest = (rest - divisor) | 0;
        low |= 1;
      }
    }
    this.#high = high;
    this.#low = low;
    return this;
  }

  /** This, not negative, divided by `divisor`, to the nearest integer, halves up. */
  divideNearest(divisor: number): this {
    return this.add(divisor >> 1).divideFloor(divisor);
  }

  /** Bits needed for this, not negative: 0 for zero, 31 for 2^30. */
  get bitLength(): number {
    return this.#high > 0 ? 62 - Math.clz32(this.#high) : 32 - Math.clz32(this.#low);
  }

  /** floor(this / 2^bits) as an int32; it must fit. */
  shiftedRight(bits: number): number {
    if (bits >= RADIX_BITS) return this.#high >> (bits - RADIX_BITS);
    assert(bits >= this.bitLengthSigned - 31, SHIFT_RANGE);
    if (bits === 0) return (this.#high << RADIX_BITS) | this.#low | 0;
    return (this.#high << (RADIX_BITS - bits)) | (this.#low >> bits) | 0;
  }

  /** Bits of the magnitude, whatever the sign. */
  get bitLengthSigned(): number {
    return this.#high >= 0 ? this.bitLength : 62 - Math.clz32(~this.#high);
  }

  /** This as an int32; it must fit. */
  toInt32(): number {
    return this.shiftedRight(0);
  }

  /** sqrt(this) to the nearest integer, this 0 .. 2^56 - 1. */
  squareRoot(): number {
    assert(this.#high >= 0 && this.#high < 1 << 26, ROOT_RANGE);
    let rest = 0;
    let root = 0;
    for (let pair = 28; pair >= 0; pair -= 2) {
      rest = (rest << 2) | ((this.#high >> pair) & 3); // rest <= 2 * root < 2^29 before the shift
      const trial = (root << 2) | 1;
      root <<= 1;
      if (rest >= trial) {
        rest = (rest - trial) | 0;
        root |= 1;
      }
    }
    for (let pair = 28; pair >= 0; pair -= 2) {
      rest = (rest << 2) | ((this.#low >> pair) & 3);
      const trial = (root << 2) | 1;
      root <<= 1;
      if (rest >= trial) {
        rest = (rest - trial) | 0;
        root |= 1;
      }
    }
    return rest > root ? (root + 1) | 0 : root; // this >= (root + 1/2)^2 means rest > root
  }

  /**
   * round(2^bits * this / whole), neither negative, `whole` positive, the result below 2^30. Relative error below 2^-28.
   * This is used up by it.
   */
  ratioQ(whole: Wide, bits: number): number {
    assert(this.#high >= 0 && whole.#high >= 0 && !whole.isZero, RATIO_RANGE);
    const excess = whole.bitLength - RADIX_BITS;
    let shift = 0;
    if (excess > 0) shift = excess;
    const room = bits - shift; // a result below 2^30 over a divisor below 2^30: what is divided stays below 2^60
    if (room >= 0) this.shiftLeft(room);
    else this.#shiftDown(0 - room);
    return this.divideNearest(whole.shiftedRight(shift)).toInt32();
  }

  #shiftDown(bits: number): void {
    for (let i = 0; i < bits; i++) {
      this.#low = (this.#low >> 1) | ((this.#high & 1) << (RADIX_BITS - 1));
      this.#high >>= 1;
    }
  }

  #addWords(high: number, low: number): void {
    const sum = (this.#low + low) | 0; // both at most 2^30, so below 2^31
    this.#low = sum & LOW_MASK;
    this.#high = (this.#high + high + (sum >> RADIX_BITS)) | 0;
  }
}
