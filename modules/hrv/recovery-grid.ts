/** The time constants that a recovery is tried with: round(10 000 * 2^(i / 8)) ms. Printed by scripts/tables.mjs. */
export const TAU_GRID_MS = Object.freeze([
  10000, 10905, 11892, 12968, 14142, 15422, 16818, 18340, 20000, 21810, 23784, 25937, 28284, 30844, 33636, 36680, 40000,
  43620, 47568, 51874, 56569, 61688, 67272, 73360, 80000, 87241, 95137, 103747, 113137, 123377, 134543, 146721, 160000,
  174481, 190273, 207494, 226274, 246754, 269087, 293441, 320000, 348962, 380546, 414989, 452548, 493507, 538174,
  586883, 640000,
]);

export const TAU_COUNT = 49;

/**
 * Time constant between two of the grid, ms, on the line between them: within 0.1 % of the grid's own curve.
 * @param placeQ8   index in the grid, Q8: 0 .. 48 * 256
 */
export function tauMsAt(placeQ8: number): number {
  const index = placeQ8 >> 8;
  const lowMs = TAU_GRID_MS[index]!; // 0 .. 48
  if (index === TAU_COUNT - 1) return lowMs;
  return (lowMs + (Math.imul(TAU_GRID_MS[index + 1]! - lowMs, placeQ8 & 255) >> 8)) | 0; // at most 48
}
