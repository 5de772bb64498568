import { BeatVerdict } from "hrv/beat";
import type { Comparison } from "../../../web/messages.js";
import type { LiveBand } from "../cli/live-band.js";
import { type ExportSession, msFromTicks } from "../export/recording.js";

/** A pulse is found this far from where it was planted at most. */
const NEAR_MS = 150;

interface Pair {
  readonly rrMs: number;
  readonly trueRrMs: number;
}

/**
 * A session of the log beside what was planted in its wearer. Empty where nobody knows it.
 * @param fromMs  virtual time at which it began
 */
export function compare(session: ExportSession, live: LiveBand, fromMs: number): readonly Comparison[] {
  const truth = live.person?.truth;
  if (truth === undefined) return [];
  const toMs = fromMs + session.lastedMs;
  const arrivals = truth.beats.arrivalUs;
  const first = arrivals.countUpTo(fromMs * 1000);
  const last = arrivals.countUpTo(toMs * 1000);
  if (last - first < 2) return [];
  const trueMs = Array.from({ length: last - first }, (_, i) => arrivals.at(first + i) / 1000);
  const beats = session.beats.filter(({ verdict }) => verdict === BeatVerdict.Accepted);
  const offsetMs = middle(beats.map(({ atTicks }) => nearestMs(trueMs, fromMs + msFromTicks(atTicks)).awayMs));
  const pairs: Pair[] = [];
  for (const { atTicks, rrTicks } of beats) {
    if (rrTicks === undefined) continue;
    const { index, awayMs } = nearestMs(trueMs, fromMs + msFromTicks(atTicks) - offsetMs);
    const at = trueMs[index];
    const before = trueMs[index - 1];
    if (at === undefined || before === undefined || Math.abs(awayMs) > NEAR_MS) continue;
    pairs.push({ rrMs: msFromTicks(rrTicks), trueRrMs: at - before });
  }
  const errors = pairs.map(({ rrMs, trueRrMs }) => Math.abs(rrMs - trueRrMs)).sort((a, b) => a - b);
  const span = (trueMs.at(-1) ?? 0) - (trueMs[0] ?? 0);
  return [
    row("beats with an interval that counts", String(pairs.length), `${trueMs.length - 1}`),
    row(
      "heart rate, mean",
      rateOf(pairs.map(({ rrMs }) => rrMs)),
      `${((60_000 * (trueMs.length - 1)) / span).toFixed(1)} bpm`,
    ),
    row(
      "error of an interval",
      errors.length === 0
        ? "– (none counts)"
        : `${middle(errors).toFixed(1)} ms, 95 in 100 below ${(errors[Math.floor(0.95 * (errors.length - 1))] ?? 0).toFixed(1)} ms`,
      "0 ms",
    ),
    row(
      "breaths a minute",
      session.settings === undefined ? "– (not led)" : `${session.settings.rateCentiPerMin / 100} led`,
      breathsOf(live, fromMs, toMs),
    ),
  ];
}

const row = (what: string, band: string, truth: string): Comparison => ({ what, band, truth });

function rateOf(rrMs: readonly number[]): string {
  if (rrMs.length === 0) return "– (no interval counts)";
  return `${((60_000 * rrMs.length) / rrMs.reduce((sum, rr) => sum + rr, 0)).toFixed(1)} bpm`;
}

function breathsOf(live: LiveBand, fromMs: number, toMs: number): string {
  const inhales = live.person?.truth.inhalesUs;
  if (inhales === undefined) return "–";
  const first = inhales.countUpTo(fromMs * 1000);
  const last = inhales.countUpTo(toMs * 1000) - 1;
  if (last - first < 1) return "– (too short)";
  return `${((60_000_000 * (last - first)) / (inhales.at(last) - inhales.at(first))).toFixed(2)} taken`;
}

function nearestMs(sorted: readonly number[], atMs: number): { readonly index: number; readonly awayMs: number } {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const half = (low + high) >> 1;
    if (sorted[half]! < atMs) low = half + 1;
    else high = half;
  }
  const after = sorted[low] ?? atMs;
  const before = sorted[low - 1];
  const isBefore = before !== undefined && atMs - before < after - atMs;
  return isBefore ? { index: low - 1, awayMs: atMs - before } : { index: low, awayMs: atMs - after };
}

const middle = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1] ?? 0;
