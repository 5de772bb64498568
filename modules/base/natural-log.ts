/** round(2^15 * ln 2). */
const LN_2_Q15 = 22713;

/**
 * ln(x) in Q10, within 1 of 1024.
 * @param x   1 .. 2^22 - 1, an integer
 * Cost:      no allocation; twelve squarings, one for each binary place of log2(x)
 */
export function naturalLogQ10(x: number): number {
  const zeros = Math.clz32(x);
  // The mantissa, 1 .. 2 in Q14: its square stays below 2^30, and each squaring brings out one place of the logarithm.
  let mantissaQ14 = zeros >= 17 ? x << (zeros - 17) : x >> (17 - zeros);
  let log2Q12 = 31 - zeros;
  for (let i = 0; i < 12; i++) {
    mantissaQ14 = (Math.imul(mantissaQ14, mantissaQ14) + 0x2000) >> 14;
    log2Q12 <<= 1;
    if (mantissaQ14 >= 0x8000) {
      mantissaQ14 >>= 1;
      log2Q12 |= 1;
    }
  }
  return (Math.imul(log2Q12, LN_2_Q15) + 0x1_0000) >> 17; // 22 * 4096 * 22713 is below 2^31
}
