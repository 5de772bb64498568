/** round(2^22 * atan(2^-i) / (2 pi)): turns in Q22. Printed by scripts/tables.mjs. */
const ANGLE_Q22 = Object.freeze([
  524288, 309505, 163534, 83012, 41667, 20854, 10430, 5215, 2608, 1304, 652, 326, 163, 81, 41, 20, 10, 5, 3, 1,
]);

const QUARTER_TURN_Q22 = 1 << 20;

/**
 * The angle of the vector (x, y) against the x axis, turning left, as a fraction of a turn in Q16; within 1 of 65536
 * once the vector is at least 256 long. The null vector has none: it gives 0, so ask before.
 * @param y, x   int32, below 2^30 in magnitude
 * @returns      0 .. 65535
 * Cost:         no allocation; 20 turns of shift and add (CORDIC, Volder 1959)
 */
export function turnQ16Of(y: number, x: number): number {
  // Into the right half plane by a quarter turn, then up to 28 bits so that the last shifts still see digits.
  let along = x;
  let across = y;
  let turnQ22 = 0;
  if (x < 0) {
    along = y < 0 ? 0 - y : y;
    across = y < 0 ? x : 0 - x;
    turnQ22 = y < 0 ? -QUARTER_TURN_Q22 : QUARTER_TURN_Q22;
  }
  const magnitude = along | (across < 0 ? 0 - across : across);
  if (magnitude === 0) return 0;
  const room = Math.clz32(magnitude) - 4;
  // CORDIC lengthens the vector by 1.65 and a sum of both parts by at most 1.42 more: 2^28 becomes less than 2^30.
  along = room >= 0 ? along << room : along >> (0 - room);
  across = room >= 0 ? across << room : across >> (0 - room);
  for (let i = 0; i < 20; i++) {
    const before = along;
    if (across > 0) {
      along = (along + (across >> i)) | 0;
      across = (across - (before >> i)) | 0;
      turnQ22 = (turnQ22 + ANGLE_Q22[i]!) | 0; // i is below 20, the table's length
    } else {
      along = (along - (across >> i)) | 0;
      across = (across + (before >> i)) | 0;
      turnQ22 = (turnQ22 - ANGLE_Q22[i]!) | 0; // likewise
    }
  }
  return ((turnQ22 + 32) >> 6) & 0xffff;
}
