// How detections are scored against reference beats. Definitions: docs/algorithms.md, "How beats are scored".
import type { Stretch } from "./records.js";

/** One emitted beat. Times in ms from the first sample. */
export interface Detection {
  readonly tMs: number;
  /** Interval since the beat before as the band states it, or null when it has none to measure from. */
  readonly rrMs: number | null;
  /** True when the band would use `rrMs`. */
  readonly accepted: boolean;
}

/** What the band said its heart rate was, once a second; null is silence. */
export interface StatedRate {
  readonly tMs: number;
  readonly bpm: number | null;
}

export interface Reference {
  readonly beatsMs: readonly number[];
  readonly mask: readonly Stretch[];
}

/** Counts, not ratios, so that records can be pooled by adding. */
export interface Score {
  readonly lagMs: number;
  readonly truePositives: number;
  readonly missed: number;
  readonly extra: number;
  /** |error| of accepted intervals between matched, successive beats, ms. */
  readonly ibiErrorsMs: readonly number[];
  /** Successive reference pairs: what full coverage would be. */
  readonly ibiPossible: number;
  readonly acceptedCount: number;
  /** Accepted intervals off by more than 100 ms, or ending at no beat. */
  readonly wrongCount: number;
  readonly scoredMs: number;
  readonly rmssdTrueMs: number | null;
  readonly rmssdMs: number | null;
  /** The same from every emitted beat, accepted or not. */
  readonly rmssdAllMs: number | null;
  /** |error| of the mean rate in 10 s windows every 5 s, bpm, from accepted intervals. */
  readonly hrErrorsBpm: readonly number[];
  readonly ratesSaid: number;
  readonly ratesWrong: number;
  readonly ratesPossible: number;
}

const SETTLE_MS = 3000;
const PAIR_MS = 150;
const WRONG_MS = 100;
const RATE_WRONG_BPM = 10;

/** Index pairs (reference, detection), one to one, nearest first, |difference| <= 150 ms. */
export function matchBeats(refMs: readonly number[], detMs: readonly number[]): Array<[number, number]> {
  const options: Array<[number, number, number]> = [];
  for (let i = 0, low = 0; i < refMs.length; i++) {
    while (low < detMs.length && detMs[low]! < refMs[i]! - PAIR_MS) low++;
    for (let j = low; j < detMs.length && detMs[j]! <= refMs[i]! + PAIR_MS; j++)
      options.push([Math.abs(detMs[j]! - refMs[i]!), i, j]);
  }
  options.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const usedRef = new Set<number>();
  const usedDet = new Set<number>();
  const pairs: Array<[number, number]> = [];
  for (const [, i, j] of options) {
    if (usedRef.has(i) || usedDet.has(j)) continue;
    usedRef.add(i);
    usedDet.add(j);
    pairs.push([i, j]);
  }
  return pairs.sort((a, b) => a[0] - b[0]);
}

/**
 * The constant lag (detection minus reference), 0 .. `lagMaxMs`: the one that makes most pairs; lags that make nearly
 * as many (a beat apart, a regular heart gives the same count but for the ends) are settled by the smaller interval
 * disagreement; then the median residual.
 */
export function constantLag(refMs: readonly number[], detMs: readonly number[], lagMaxMs = 1000): number {
  const trials: Array<{ lag: number; pairs: number }> = [];
  for (let lag = 0; lag <= lagMaxMs; lag += 20) trials.push({ lag, pairs: countPairs(refMs, detMs, lag) });
  const most = Math.max(...trials.map((trial) => trial.pairs));
  if (most === 0) return 0;
  let best = 0;
  let bestDisagreement = Number.POSITIVE_INFINITY;
  for (const { lag, pairs } of trials) {
    if (pairs < most * 0.98 - 1) continue;
    const shifted = detMs.map((t) => t - lag);
    const matched = matchBeats(refMs, shifted);
    const residual = median(matched.map(([i, j]) => shifted[j]! - refMs[i]!));
    const disagreement = mean(successive(matched).map(([a, b]) => Math.abs(interval(detMs, refMs, a, b))));
    const cost = disagreement + (most - pairs) / most + Math.abs(residual) / 1e6;
    if (cost < bestDisagreement) {
      bestDisagreement = cost;
      best = lag + residual;
    }
  }
  const shifted = detMs.map((t) => t - best);
  return best + median(matchBeats(refMs, shifted).map(([i, j]) => shifted[j]! - refMs[i]!));
}

function countPairs(refMs: readonly number[], detMs: readonly number[], lag: number): number {
  let count = 0;
  for (let i = 0, j = 0; i < refMs.length && j < detMs.length; ) {
    const difference = detMs[j]! - lag - refMs[i]!;
    if (difference < -PAIR_MS) j++;
    else if (difference > PAIR_MS) i++;
    else {
      count++;
      i++;
      j++;
    }
  }
  return count;
}

type Pair = readonly [number, number];

function successive(pairs: readonly Pair[]): Array<[Pair, Pair]> {
  const out: Array<[Pair, Pair]> = [];
  for (let k = 1; k < pairs.length; k++) {
    const a = pairs[k - 1]!;
    const b = pairs[k]!;
    if (b[0] === a[0] + 1 && b[1] === a[1] + 1) out.push([a, b]);
  }
  return out;
}

const interval = (detMs: readonly number[], refMs: readonly number[], a: Pair, b: Pair): number =>
  detMs[b[1]]! - detMs[a[1]]! - (refMs[b[0]]! - refMs[a[0]]!);

const mean = (values: readonly number[]): number =>
  values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;

export function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Scores one record. `stated` may be empty; then no rate is counted as said. */
export function score(reference: Reference, detections: readonly Detection[], stated: readonly StatedRate[]): Score {
  const refMs = reference.beatsMs;
  const lagMs = constantLag(
    refMs,
    detections.map((d) => d.tMs),
  );
  const detMs = detections.map((d) => d.tMs - lagMs);
  const fromMs = Math.max(SETTLE_MS, refMs[0] ?? 0);
  const toMs = refMs.at(-1) ?? 0;
  const masked = (from: number, to: number): boolean =>
    reference.mask.some((stretch) => stretch.startMs <= to && stretch.endMs >= from);
  const counts = (t: number): boolean => t >= fromMs && t <= toMs && !masked(t, t);

  const pairs = matchBeats(refMs, detMs);
  const refOf = new Map(pairs.map(([i, j]) => [j, i]));
  const detOf = new Map(pairs);
  // A detection belongs where its reference belongs; one without a reference where it stands.
  const detCounts = (j: number): boolean => counts(refMs[refOf.get(j) ?? -1] ?? detMs[j]!);
  const truePositives = pairs.filter(([i]) => counts(refMs[i]!)).length;
  const missed = refMs.filter((t, i) => counts(t) && !detOf.has(i)).length;
  const extra = detMs.filter((_, j) => !refOf.has(j) && detCounts(j)).length;

  const ibiErrorsMs: number[] = [];
  let ibiPossible = 0;
  const pairCounts = (i: number): boolean =>
    counts(refMs[i - 1]!) && counts(refMs[i]!) && !masked(refMs[i - 1]!, refMs[i]!);
  for (let i = 1; i < refMs.length; i++) {
    if (!pairCounts(i)) continue;
    ibiPossible++;
    const j = detOf.get(i);
    const detection = j === undefined ? undefined : detections[j];
    if (j === undefined || detection === undefined || detOf.get(i - 1) !== j - 1) continue;
    if (detection.accepted && detection.rrMs !== null)
      ibiErrorsMs.push(Math.abs(detection.rrMs - (refMs[i]! - refMs[i - 1]!)));
  }

  let acceptedCount = 0;
  let wrongCount = 0;
  detections.forEach((detection, j) => {
    if (!detection.accepted || detection.rrMs === null || !detCounts(j)) return;
    const i = refOf.get(j);
    if (i !== undefined && (i === 0 || !pairCounts(i))) return;
    acceptedCount++;
    if (i === undefined || Math.abs(detection.rrMs - (refMs[i]! - refMs[i - 1]!)) > WRONG_MS) wrongCount++;
  });

  const inScore = (j: number): boolean =>
    j > 0 && detCounts(j) && detCounts(j - 1) && !masked(detMs[j - 1]!, detMs[j]!);
  const trueRr = refMs.map((t, i) => (i > 0 && pairCounts(i) ? t - refMs[i - 1]! : null));
  const acceptedRr = detections.map((d, j) => (inScore(j) && d.accepted ? d.rrMs : null));
  const allRr = detMs.map((t, j) => (inScore(j) ? t - detMs[j - 1]! : null));

  let ratesSaid = 0;
  let ratesWrong = 0;
  let ratesPossible = 0;
  for (const { tMs, bpm } of stated) {
    const truth = trueRate(refMs, tMs - lagMs - 10_000, tMs - lagMs, masked);
    if (truth === null || tMs - lagMs > toMs) continue;
    ratesPossible++;
    if (bpm === null) continue;
    ratesSaid++;
    if (Math.abs(bpm - truth) > RATE_WRONG_BPM) ratesWrong++;
  }

  const hrErrorsBpm: number[] = [];
  for (let start = fromMs; start + 10_000 <= toMs; start += 5000) {
    const truth = trueRate(refMs, start, start + 10_000, masked);
    const ours = acceptedRr.filter((rr, j) => rr !== null && detMs[j]! >= start && detMs[j]! <= start + 10_000);
    if (truth === null || ours.length < 3) continue;
    hrErrorsBpm.push(Math.abs((60_000 * ours.length) / ours.reduce<number>((sum, rr) => sum + (rr ?? 0), 0) - truth));
  }

  return {
    lagMs,
    truePositives,
    missed,
    extra,
    ibiErrorsMs,
    ibiPossible,
    acceptedCount,
    wrongCount,
    scoredMs: Math.max(0, toMs - fromMs),
    rmssdTrueMs: rmssd(trueRr),
    rmssdMs: rmssd(acceptedRr),
    rmssdAllMs: rmssd(allRr),
    hrErrorsBpm,
    ratesSaid,
    ratesWrong,
    ratesPossible,
  };
}

/** Mean rate from the reference intervals that end in the window; null with fewer than 3 or with a mask in it. */
function trueRate(
  refMs: readonly number[],
  fromMs: number,
  toMs: number,
  masked: (from: number, to: number) => boolean,
): number | null {
  const inside = refMs.filter((t) => t >= fromMs && t <= toMs);
  if (inside.length < 4 || masked(fromMs, toMs)) return null;
  return (60_000 * (inside.length - 1)) / (inside.at(-1)! - inside[0]!); // at least 4 beats, checked above
}

/**
 * RMSSD of one side's own series after the plain rule: 0.3 .. 2.0 s and within 20 % of the running median of 11
 * (the interval, five before, five after, absent ones skipped). A difference counts only between neighbours that both
 * stand. null with fewer than 10 differences.
 */
export function rmssd(rrMs: ReadonlyArray<number | null>): number | null {
  const stands = rrMs.map((rr, k) => {
    if (rr === null || rr < 300 || rr > 2000) return false;
    const around = rrMs.slice(Math.max(0, k - 5), k + 6).filter((value) => value !== null);
    const middle = median(around);
    return Math.abs(rr - middle) <= 0.2 * middle;
  });
  let sum = 0;
  let count = 0;
  for (let k = 1; k < rrMs.length; k++) {
    if (!stands[k] || !stands[k - 1]) continue;
    sum += ((rrMs[k] ?? 0) - (rrMs[k - 1] ?? 0)) ** 2;
    count++;
  }
  return count < 10 ? null : Math.sqrt(sum / count);
}
