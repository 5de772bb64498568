/** Recovery of the heart rate in floating point: least squares over tau by golden section, rest and rise in closed form. */
export interface RecoveryFloat {
  readonly tauS: number;
  readonly rest: number;
  readonly rise: number;
  readonly squares: number;
}

/** Rest, rise and what is left, for one tau. Steps without a rate are undefined. */
export function regress(
  bpm: readonly (number | undefined)[],
  stepS: number,
  tauS: number,
): Omit<RecoveryFloat, "tauS"> {
  const rows = bpm.flatMap((y, i) => (y === undefined ? [] : [{ y, b: Math.exp((-i * stepS) / tauS) }]));
  const meanB = rows.reduce((sum, row) => sum + row.b, 0) / rows.length;
  const meanY = rows.reduce((sum, row) => sum + row.y, 0) / rows.length;
  const bb = rows.reduce((sum, row) => sum + (row.b - meanB) ** 2, 0);
  const by = rows.reduce((sum, row) => sum + (row.b - meanB) * (row.y - meanY), 0);
  const rise = by / bb;
  const rest = meanY - rise * meanB;
  return { rest, rise, squares: rows.reduce((sum, row) => sum + (row.y - rest - rise * row.b) ** 2, 0) };
}

export function recovery(bpm: readonly (number | undefined)[], stepS: number): RecoveryFloat {
  const squaresAt = (logTau: number): number => regress(bpm, stepS, Math.exp(logTau)).squares;
  let best = Math.log(10);
  for (let logTau = Math.log(10); logTau <= Math.log(640); logTau += 0.02)
    if (squaresAt(logTau) < squaresAt(best)) best = logTau;
  let [low, high] = [best - 0.02, best + 0.02];
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; i < 40; i++) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)];
    if (squaresAt(a) < squaresAt(b)) high = b;
    else low = a;
  }
  const tauS = Math.exp((low + high) / 2);
  return { tauS, ...regress(bpm, stepS, tauS) };
}
