/** Tachogram, spectrum and what is read from it, in floating point, straight from the recipe (docs/hrv.md). */
import { intervalAt } from "./lock-in.js";
import type { Interval } from "./series.js";

/** `count` points at `hz` that end at `endTicks`, ms; holes drawn across, ends held. Undefined if all is a hole. */
export function tachogramMs(intervals: readonly Interval[], endTicks: number, count: number, hz = 2): number[] {
  const raw = Array.from({ length: count }, (_, i) => intervalAt(intervals, endTicks - ((count - 1 - i) * 1024) / hz));
  const known = raw.flatMap((rr, i) => (rr === undefined ? [] : [{ i, ms: rr / 1.024 }]));
  return raw.map((_, i) => {
    const next = known.find((one) => one.i >= i);
    const last = known.filter((one) => one.i <= i).at(-1);
    if (next === undefined || last === undefined) return (next ?? last ?? { ms: Number.NaN }).ms;
    return next.i === last.i ? next.ms : last.ms + ((next.ms - last.ms) * (i - last.i)) / (next.i - last.i);
  });
}

/** What is left of `x` without its least-squares line. */
export function detrended(x: readonly number[]): number[] {
  const middle = (x.length - 1) / 2;
  const mean = x.reduce((sum, one) => sum + one, 0) / x.length;
  const squares = x.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const slope = x.reduce((sum, one, i) => sum + (i - middle) * one, 0) / squares;
  return x.map((one, i) => one - mean - slope * (i - middle));
}

export type Window = "hann" | "rectangle";

/** One-sided power density at k/padded of the sampling rate, k = 0 .. padded / 2: unit^2/Hz. */
export function powerDensity(x: readonly number[], padded: number, hz = 2, window: Window = "hann"): number[] {
  const weight = x.map((_, i) => (window === "hann" ? 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / x.length) : 1));
  const squares = weight.reduce((sum, one) => sum + one * one, 0);
  const weighted = detrended(x).map((one, i) => one * weight[i]!); // same length
  return Array.from({ length: padded / 2 + 1 }, (_, k) => {
    let re = 0;
    let im = 0;
    for (let i = 0; i < weighted.length; i++) {
      re += weighted[i]! * Math.cos((2 * Math.PI * k * i) / padded); // i is below the length
      im -= weighted[i]! * Math.sin((2 * Math.PI * k * i) / padded);
    }
    return (2 * (re * re + im * im)) / (hz * squares);
  });
}

/** Integral over lowHz <= k * binHz < highHz (or <= with `inclusive`): unit^2. */
export function bandPower(
  density: readonly number[],
  binHz: number,
  lowHz: number,
  highHz: number,
  inclusive = false,
): number {
  return density.reduce((sum, one, k) => {
    const inside = k * binHz >= lowHz && (inclusive ? k * binHz <= highHz + 1e-9 : k * binHz < highHz);
    return inside ? sum + one * binHz : sum;
  }, 0);
}

export interface CoherenceFloat {
  readonly peakHz: number;
  readonly fraction: number;
  readonly ratio: number;
  /** Bins that the window about the peak takes in. */
  readonly binsInPeak: number;
}

/** F and CR: peak in 0.04 .. 0.26 Hz, +-`reachHz` about it, of the whole 0.0033 .. 0.4 Hz. */
export function coherence(density: readonly number[], binHz: number, reachHz = 0.015): CoherenceFloat {
  let peak = -1;
  let binsInPeak = 0;
  density.forEach((one, k) => {
    if (k * binHz >= 0.04 && k * binHz <= 0.26 && (peak < 0 || one > density[peak]!)) peak = k; // peak is a k before
  });
  let near = 0;
  let total = 0;
  density.forEach((one, k) => {
    if (k * binHz < 0.0033 || k * binHz > 0.4) return;
    total += one;
    if (Math.abs(k - peak) * binHz > reachHz + 1e-9) return;
    near += one;
    binsInPeak++;
  });
  return { peakHz: peak * binHz, fraction: near / total, ratio: near / (total - near), binsInPeak };
}
