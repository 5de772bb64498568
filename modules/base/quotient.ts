/**
 * numerator / denominator, rounded towards zero, for the path of samples and beats: no double as `/` would be, and no
 * assertion as in `base/divide`, whose text costs memory each time the engine comes by it.
 * @param numerator     |numerator| < 2^30
 * @param denominator   1 .. 2^30
 * Cost:                no allocation; one turn per bit of the quotient
 */
export function quotient(numerator: number, denominator: number): number {
  let rest = numerator < 0 ? 0 - numerator : numerator;
  let turns = Math.clz32(denominator) - Math.clz32(rest);
  let result = 0;
  for (; turns >= 0; turns--) {
    const part = denominator << turns; // at most as many bits as rest, so below 2^31
    result <<= 1;
    if (rest >= part) {
      rest = (rest - part) | 0;
      result |= 1;
    }
  }
  return numerator < 0 ? 0 - result : result; // -0 would be a double
}
