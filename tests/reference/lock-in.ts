/** Lock-in and phase coherence in floating point, straight from the formulas (docs/hrv.md). */
import type { Interval } from "./series.js";

/** Interval at a time, ticks: a straight line between beats that join; undefined where there is none. */
export function intervalAt(intervals: readonly Interval[], atTicks: number): number | undefined {
  const next = intervals.findIndex((one) => one.endTicks >= atTicks);
  const to = intervals[next];
  const from = intervals[next - 1];
  if (to === undefined || from === undefined || !to.joined) return undefined;
  return from.rrTicks + ((to.rrTicks - from.rrTicks) * (atTicks - from.endTicks)) / (to.endTicks - from.endTicks);
}

export interface Swing {
  readonly real: number;
  readonly imaginary: number;
  readonly mean: number;
  readonly explained: number;
  readonly presentCount: number;
}

/** Least squares of mean + a cos + b sin through the points that exist, of `count` even phases; Z = a - j b. */
export function leastSquaresSwing(
  intervals: readonly Interval[],
  startTicks: number,
  periodTicks: number,
  count: number,
): Swing {
  const rows: [number, number, number, number][] = [];
  for (let i = 0; i < count; i++) {
    const rr = intervalAt(intervals, startTicks + (periodTicks * i) / count);
    const phase = (2 * Math.PI * i) / count;
    if (rr !== undefined) rows.push([1, Math.cos(phase), Math.sin(phase), rr]);
  }
  const [mean, a, b] = solve3(rows);
  const middle = rows.reduce((sum, row) => sum + row[3], 0) / rows.length;
  const variance = rows.reduce((sum, row) => sum + (row[3] - middle) ** 2, 0) / rows.length;
  return { real: a, imaginary: -b, mean, explained: (a * a + b * b) / 2 / variance, presentCount: rows.length };
}

/** Normal equations of three unknowns, by Gauss's elimination. */
function solve3(rows: readonly (readonly [number, number, number, number])[]): [number, number, number] {
  const m = [0, 1, 2].map((i) => [0, 1, 2, 3].map((j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)));
  for (let i = 0; i < 3; i++)
    for (let r = 0; r < 3; r++) {
      if (r === i) continue;
      const share = m[r]![i]! / m[i]![i]!; // 3 by 4, here and below
      for (let j = i; j < 4; j++) m[r]![j]! -= share * m[i]![j]!;
    }
  return [m[0]![3]! / m[0]![0]!, m[1]![3]! / m[1]![1]!, m[2]![3]! / m[2]![2]!];
}

/** Z = (2/N) sum (x - mean) exp(-j phase) over a tachogram of `hz`, as the reference table was made. */
export function tachogramSwing(
  intervals: readonly Interval[],
  startTicks: number,
  periodTicks: number,
  hz: number,
): Swing {
  const step = 1024 / hz;
  const points: [number, number][] = [];
  for (let at = Math.ceil(startTicks / step) * step; at < startTicks + periodTicks; at += step) {
    const rr = intervalAt(intervals, at);
    if (rr !== undefined) points.push([rr, (2 * Math.PI * (at - startTicks)) / periodTicks]);
  }
  const mean = points.reduce((sum, [rr]) => sum + rr, 0) / points.length;
  const real = (2 / points.length) * points.reduce((sum, [rr, phase]) => sum + (rr - mean) * Math.cos(phase), 0);
  const imaginary = (-2 / points.length) * points.reduce((sum, [rr, phase]) => sum + (rr - mean) * Math.sin(phase), 0);
  const variance = points.reduce((sum, [rr]) => sum + (rr - mean) ** 2, 0) / points.length;
  return { real, imaginary, mean, explained: (real ** 2 + imaginary ** 2) / 2 / variance, presentCount: points.length };
}

/** PC = |sum Z|^2 / (K sum |Z|^2) */
export function phaseCoherence(swings: readonly Pick<Swing, "real" | "imaginary">[]): number {
  const real = swings.reduce((sum, z) => sum + z.real, 0);
  const imaginary = swings.reduce((sum, z) => sum + z.imaginary, 0);
  const powers = swings.reduce((sum, z) => sum + z.real ** 2 + z.imaginary ** 2, 0);
  return (real ** 2 + imaginary ** 2) / (swings.length * powers);
}
