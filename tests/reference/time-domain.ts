/** The definitions in floating point, straight from the formulas (docs/hrv.md). Nothing here is shared with the band. */
import type { Interval } from "./series.js";

export interface TimeDomainFloat {
  readonly coverage: number;
  readonly windowMs: number;
  readonly n: number;
  readonly m: number;
  readonly meanNnMs: number;
  readonly sdnnMs: number;
  readonly rmssdMs: number;
  readonly lnRmssd: number;
  readonly pnn50Percent: number;
  readonly sd1Ms: number;
  /** 2 SDNN^2 - SD1^2, ms^2: SD2 is its root where it is not negative. */
  readonly sd2SquaredMs2: number;
  readonly rangeMs: number;
  readonly stress: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const sampleVariance = (values: readonly number[]): number => {
  const middle = mean(values);
  return sum(values.map((value) => (value - middle) ** 2)) / (values.length - 1);
};

/** All intervals that lie whole within the last `windowMsMax` before the last beat. */
export function timeDomain(all: readonly Interval[], windowMsMax: number): TimeDomainFloat {
  const end = all.at(-1)!.endTicks; // asked of series that have beats
  const first = all[0]!; // likewise
  const window = Math.min(Math.floor(windowMsMax * 1.024), end - (first.endTicks - first.rrTicks));
  const from = end - window;
  const inside = all.filter((one) => one.endTicks - one.rrTicks >= from);
  const nn = inside.map((one) => one.rrTicks / 1.024);
  const d = inside.flatMap((one, i) => (i > 0 && one.joined ? [nn[i]! - nn[i - 1]!] : [])); // i is inside nn
  const covered = sum(all.map((one) => Math.max(0, one.endTicks - Math.max(from, one.endTicks - one.rrTicks))));
  const bins = new Map<number, number>();
  for (const one of nn) bins.set(Math.floor(one / 50), (bins.get(Math.floor(one / 50)) ?? 0) + 1);
  const most = Math.max(...bins.values());
  const mode = Math.min(...[...bins].filter(([, count]) => count === most).map(([bin]) => bin));
  const rangeMs = Math.max(...nn) - Math.min(...nn);
  const rmssdMs = Math.sqrt(sum(d.map((one) => one * one)) / d.length);
  const sd1Squared = sampleVariance(d) / 2;
  return {
    coverage: covered / window,
    windowMs: window / 1.024,
    n: nn.length,
    m: d.length,
    meanNnMs: mean(nn),
    sdnnMs: Math.sqrt(sampleVariance(nn)),
    rmssdMs,
    lnRmssd: Math.log(rmssdMs),
    pnn50Percent: (100 * d.filter((one) => Math.abs(one) > 50).length) / d.length,
    sd1Ms: Math.sqrt(sd1Squared),
    sd2SquaredMs2: 2 * sampleVariance(nn) - sd1Squared,
    rangeMs,
    stress: (100 * most) / nn.length / (2 * ((mode * 50 + 25) / 1000) * (rangeMs / 1000)),
  };
}
