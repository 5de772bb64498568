// Recordings with reference beats, brought to what the band's sensor would have given: 100 Hz, integers, a pulse is a dip.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

/** A stretch to leave out of any score, ms from the first sample. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** One recording as published: its own sampling, its own units. */
export interface Recording {
  readonly id: string;
  readonly set: string;
  readonly polarity: "up" | "down";
  /** ms from the first sample, strictly rising. */
  readonly tMs: Float64Array;
  readonly ppg: Float64Array;
  /** R peaks, ms; empty when the recording has no reference. */
  readonly beatsMs: readonly number[];
  readonly mask: readonly Stretch[];
}

/** A recording as a MAX30102 at 100 Hz would have delivered it. */
export interface Samples {
  readonly id: string;
  readonly set: string;
  readonly rateHz: number;
  /** ADC counts, 0 .. 2^18-1; sample 0 at 0 ms. */
  readonly counts: Int32Array;
  readonly beatsMs: readonly number[];
  readonly mask: readonly Stretch[];
  /** What it was made from. */
  readonly recording: Recording;
}

export const RATE_HZ = 100;
const DC_COUNTS = 100_000;
const COUNTS_MAX = 2 ** 18 - 1;

/** BAND_DATA, else `shared/data` beside the repository, else the small part that the repository carries. */
export function dataFolder(): string {
  const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
  const places = [process.env.BAND_DATA, join(root, "..", "shared", "data"), join(root, "recordings")];
  for (const place of places) if (place !== undefined && existsSync(place)) return place;
  throw new Error(`no recordings found; looked in ${places.filter((place) => place !== undefined).join(", ")}`);
}

/** Names of all recordings in `folder`, sorted. */
export function recordIds(folder: string): string[] {
  const tail = ".csv.gz";
  return readdirSync(folder)
    .filter((name) => name.endsWith(tail))
    .map((name) => name.slice(0, -tail.length))
    .sort();
}

/** First line `# key=value ...`, second line column names, then samples; see the folder's README. */
export function readRecording(folder: string, id: string): Recording {
  const lines = gunzipSync(readFileSync(join(folder, `${id}.csv.gz`)))
    .toString("utf8")
    .split("\n");
  const header = new Map<string, string>();
  for (const pair of (lines[0] ?? "").slice(1).trim().split(/\s+/)) {
    const equals = pair.indexOf("=");
    if (equals > 0) header.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  const columns = (lines[1] ?? "").trim().split(",");
  const ppgColumn = columns.indexOf("ppg");
  const timeColumn = columns.indexOf("t_ms");
  const rateHz = Number(header.get("fs"));
  if (ppgColumn < 0) throw new Error(`${id}: no column named ppg`);
  if (timeColumn < 0 && !(rateHz > 0)) throw new Error(`${id}: neither t_ms nor a sampling rate`);
  const tMs: number[] = [];
  const ppg: number[] = [];
  for (let i = 2; i < lines.length; i++) {
    const line = lines[i]?.trim();
    if (!line) continue;
    const cells = line.split(",");
    const at = timeColumn < 0 ? (ppg.length * 1000) / rateHz : Number(cells[timeColumn]);
    const value = Number(cells[ppgColumn]);
    if (!Number.isFinite(value) || at <= (tMs.at(-1) ?? -1)) continue;
    tMs.push(at);
    ppg.push(value);
  }
  return {
    id,
    set: header.get("set") ?? id.replace(/_.*/, ""),
    polarity: header.get("polarity") === "down" ? "down" : "up",
    tMs: Float64Array.from(tMs),
    ppg: Float64Array.from(ppg),
    beatsMs: readNumbers(folder, `${id}.beats.csv`).map((row) => row[0] ?? 0),
    mask: readNumbers(folder, `${id}.mask.csv`).map((row) => ({ startMs: row[0] ?? 0, endMs: row[1] ?? 0 })),
  };
}

function readNumbers(folder: string, name: string): number[][] {
  const path = join(folder, name);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(1);
  return lines.filter((line) => line.trim() !== "").map((line) => line.split(",").map(Number));
}

/**
 * The recording through the sensor: natural cubic spline to 100 Hz, a pulse is a dip on 100,000 counts, the typical
 * swing within two seconds (median) scaled to `pulseCounts`, rounded, clamped to the converter's 18 bits.
 */
export function toSamples(recording: Recording, pulseCounts = 1000): Samples {
  const even = splineAt(recording.tMs, recording.ppg, 1000 / RATE_HZ);
  const swing = typicalSwing(even, 2 * RATE_HZ);
  const gain = ((recording.polarity === "up" ? -1 : 1) * pulseCounts) / swing;
  const mean = even.reduce((sum, value) => sum + value, 0) / even.length;
  const counts = Int32Array.from(even, (value) =>
    Math.min(COUNTS_MAX, Math.max(0, Math.round(DC_COUNTS + gain * (value - mean)))),
  );
  const { id, set, beatsMs, mask } = recording;
  return { id, set, rateHz: RATE_HZ, counts, beatsMs, mask, recording };
}

/** Median over windows of (highest - lowest); 1 for a flat line. */
function typicalSwing(values: Float64Array, window: number): number {
  const swings: number[] = [];
  for (let start = 0; start + window <= values.length; start += window) {
    const part = values.subarray(start, start + window);
    swings.push(Math.max(...part) - Math.min(...part));
  }
  swings.sort((a, b) => a - b);
  return swings[swings.length >> 1] || 1;
}

/** Natural cubic spline through (x, y), read every `step` from x[0] on. Thomas algorithm for the second derivatives. */
export function splineAt(x: Float64Array, y: Float64Array, step: number): Float64Array {
  const n = x.length;
  const curvature = new Float64Array(n);
  const upper = new Float64Array(n);
  for (let i = 1; i < n - 1; i++) {
    const before = x[i]! - x[i - 1]!;
    const after = x[i + 1]! - x[i]!;
    const bend = (6 * ((y[i + 1]! - y[i]!) / after - (y[i]! - y[i - 1]!) / before)) / (before + after);
    const lowerShare = before / (before + after);
    const pivot = lowerShare * upper[i - 1]! + 2;
    upper[i] = (lowerShare - 1) / pivot;
    curvature[i] = (bend - lowerShare * curvature[i - 1]!) / pivot;
  }
  for (let i = n - 2; i > 0; i--) curvature[i] = curvature[i]! + upper[i]! * curvature[i + 1]!;
  const count = n === 0 ? 0 : Math.floor((x[n - 1]! - x[0]!) / step) + 1;
  const out = new Float64Array(count);
  for (let k = 0, i = 0; k < count; k++) {
    const at = x[0]! + k * step;
    while (i < n - 2 && x[i + 1]! < at) i++;
    const h = x[i + 1]! - x[i]!;
    const a = (x[i + 1]! - at) / h;
    const b = (at - x[i]!) / h;
    out[k] =
      a * y[i]! + b * y[i + 1]! + (((a ** 3 - a) * curvature[i]! + (b ** 3 - b) * curvature[i + 1]!) * h * h) / 6;
  }
  return out;
}
