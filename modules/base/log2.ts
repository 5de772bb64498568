/** round(256 * log2(1 + (i + 0.5) / 128)), i = 0 .. 127: the middle of each step of the leading seven bits. */
const MANTISSA_Q8 = Object.freeze([
  1, 4, 7, 10, 13, 16, 18, 21, 24, 26, 29, 32, 34, 37, 40, 42, 45, 47, 50, 52, 55, 57, 60, 62, 65, 67, 69, 72, 74, 77,
  79, 81, 84, 86, 88, 90, 93, 95, 97, 99, 102, 104, 106, 108, 110, 112, 114, 117, 119, 121, 123, 125, 127, 129, 131,
  133, 135, 137, 139, 141, 143, 145, 147, 149, 151, 153, 155, 156, 158, 160, 162, 164, 166, 168, 169, 171, 173, 175,
  177, 178, 180, 182, 184, 185, 187, 189, 191, 192, 194, 196, 198, 199, 201, 203, 204, 206, 208, 209, 211, 212, 214,
  216, 217, 219, 220, 222, 224, 225, 227, 228, 230, 231, 233, 234, 236, 238, 239, 241, 242, 244, 245, 247, 248, 249,
  251, 252, 254, 255,
]);

/** round(256 * 2^(i / 32)), i = 0 .. 31. */
const POWER_Q8 = Object.freeze([
  256, 262, 267, 273, 279, 285, 292, 298, 304, 311, 318, 325, 332, 339, 347, 354, 362, 370, 378, 386, 395, 403, 412,
  421, 431, 440, 450, 459, 470, 480, 490, 501,
]);

/** log2 of one in Q8 of a Q8 number: subtract it after taking the logarithm of a Q8 ratio. */
export const LOG2_ONE_Q8 = 2048;

/**
 * 256 * log2(x), to within 0.6 % of x (1.5 of 256). Ratios become differences, so no division is needed to compare.
 * @param x   int32; below 1 gives 0
 * Cost:      no allocation; one table look-up
 */
export function log2Q8(x: number): number {
  if (x < 1) return 0;
  const shift = Math.clz32(x) - 1; // the sign bit stays clear
  // The shift moves the leading one to bit 30; the seven bits below it choose the entry.
  return ((30 - shift) << 8) + MANTISSA_Q8[((x << shift) >> 23) & 127]!; // 0 .. 127 by the mask
}

/**
 * 2^(x/256) in Q8, rounded down to the last 32nd of an octave: at most 2.2 % and one unit low.
 * @param x   Q8 logarithm; above 7 * 256 it saturates there, below -8 * 256 the answer is 0
 */
export function exp2Q8(x: number): number {
  if (x < -2048) return 0;
  const bounded = x > 1792 ? 1792 : x;
  const whole = bounded >> 8;
  const powerQ8 = POWER_Q8[(bounded & 255) >> 3]!; // 0 .. 31 by mask and shift
  return whole >= 0 ? powerQ8 << whole : powerQ8 >> -whole;
}
