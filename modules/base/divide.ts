/**
 * Division of integers without a double: the engine turns `a / b` into a float operation, `%` stays an integer.
 * Schoolbook division, one bit a turn: some 8 meter units a bit, so for once a drain or a second, not per sample.
 */
import { assert } from "base/assert";

// Hoisted: a string literal that is evaluated makes garbage wherever byte code is not in flash.
const DIVIDEND_RANGE = "dividend is not negative";
const DIVISOR_RANGE = "divisor is 1 .. 2^30-1";

/**
 * `dividend / divisor`, the rest thrown away.
 * @param dividend  0 .. 2^31-1
 * @param divisor   1 .. 2^30-1
 * Cost: no allocation, no double; turns = bits of the quotient
 */
export function quotientFloor(dividend: number, divisor: number): number {
  assert(dividend >= 0, DIVIDEND_RANGE);
  assert(divisor > 0 && divisor < 0x4000_0000, DIVISOR_RANGE);
  let shift = Math.clz32(divisor) - Math.clz32(dividend);
  let rest = dividend;
  let quotient = 0;
  for (; shift >= 0; shift--) {
    const part = divisor << shift;
    if (part <= rest) {
      rest = (rest - part) | 0;
      quotient |= 1 << shift;
    }
  }
  return quotient;
}

/** `dividend / divisor`, the rest thrown away, for both signs: rounded towards zero. Ranges as above. */
export function divideTrunc(dividend: number, divisor: number): number {
  return dividend < 0 ? 0 - quotientFloor(0 - dividend, divisor) : quotientFloor(dividend, divisor);
}

/** `dividend / divisor` to the nearest integer, halves away from zero. Both signs; ranges as above, dividend + divisor/2 < 2^31. */
export function quotientNearest(dividend: number, divisor: number): number {
  return dividend < 0
    ? 0 - quotientFloor(0 - dividend + (divisor >> 1), divisor)
    : quotientFloor(dividend + (divisor >> 1), divisor);
}

/**
 * `dividend / divisor` in Q`bits`, the rest thrown away: the division goes on for `bits` binary places.
 * @param dividend  0 .. 2^31-1, below `divisor << (31 - bits)` so that the result fits
 * @param divisor   1 .. 2^30-1
 * @param bits      0 .. 24
 */
export function quotientQ(dividend: number, divisor: number, bits: number): number {
  let quotient = quotientFloor(dividend, divisor);
  let rest = (dividend - Math.imul(quotient, divisor)) | 0;
  for (let i = 0; i < bits; i++) {
    rest = rest << 1; // below 2 * divisor < 2^31
    quotient = quotient << 1;
    if (rest >= divisor) {
      rest = (rest - divisor) | 0;
      quotient |= 1;
    }
  }
  return quotient;
}
