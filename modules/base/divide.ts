/**
 * numerator / denominator, rounded towards zero, by shift and subtract: `/` would be a double, which the sample path
 * must not touch.
 * @param numerator     int32, |numerator| < 2^30
 * @param denominator   int32, 1 .. 2^30
 * Cost:                no allocation; one turn per bit of the quotient
 */
export function divideTrunc(numerator: number, denominator: number): number {
  let rest = numerator < 0 ? -numerator : numerator;
  let turns = Math.clz32(denominator) - Math.clz32(rest);
  let quotient = 0;
  for (; turns >= 0; turns--) {
    const part = denominator << turns; // at most as many bits as rest, so below 2^31
    quotient <<= 1;
    if (rest >= part) {
      rest = (rest - part) | 0;
      quotient |= 1;
    }
  }
  return numerator < 0 ? -quotient : quotient;
}
