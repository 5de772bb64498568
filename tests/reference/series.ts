/** Interval series for the tests: from recordings, from planted rhythms, and fed to the band's own store. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { NnSeries } from "hrv/nn-series";
import { RandomStream } from "../../hosts/sim/board/random.js";

/** An interval as the band gets it: 1/1024 s. `joined` is false after a gap and for the first. */
export interface Interval {
  readonly rrTicks: number;
  readonly endTicks: number;
  readonly joined: boolean;
}

export interface NamedSeries {
  readonly name: string;
  readonly intervals: readonly Interval[];
}

/** Beat times in ms become intervals; one outside 300 .. 2000 ms, or over a stretch that `spoilt` names, is a gap. */
export function intervalsOf(
  beatsMs: readonly number[],
  spoilt: readonly (readonly [number, number])[] = [],
): Interval[] {
  const intervals: Interval[] = [];
  let joined = false;
  for (let i = 1; i < beatsMs.length; i++) {
    const fromMs = beatsMs[i - 1]!; // i - 1 and i are below the length
    const toMs = beatsMs[i]!;
    const endTicks = Math.round(toMs * 1.024);
    const rrTicks = endTicks - Math.round(fromMs * 1.024);
    const isSpoilt = spoilt.some(([startMs, endMs]) => fromMs < endMs && toMs > startMs);
    if (isSpoilt || rrTicks < 307 || rrTicks > 2048) joined = false;
    else {
      intervals.push({ rrTicks, endTicks, joined });
      joined = true;
    }
  }
  return intervals;
}

/** Feeds `intervals` as the band's pipeline would; `offsetTicks` moves the clock, for tests of its wrap. */
export function feed(series: NnSeries, intervals: readonly Interval[], offsetTicks = 0): void {
  for (const { rrTicks, endTicks, joined } of intervals) {
    if (!joined) series.gap();
    series.add(rrTicks, (endTicks + offsetTicks) | 0);
  }
}

export function storeOf(intervals: readonly Interval[], beatsMax = 1024): NnSeries {
  const series = new NnSeries(beatsMax);
  feed(series, intervals);
  return series;
}

export interface Rhythm {
  readonly seed: number;
  readonly seconds: number;
  readonly meanMs?: number;
  /** Swings added to the interval: half of peak to trough in ms, frequency in Hz, phase in turns. */
  readonly tones?: readonly { readonly ms: number; readonly hz: number; readonly turns?: number }[];
  /** Standard deviation of independent noise on each interval, ms. */
  readonly noiseMs?: number;
  /** Standard deviation of a random walk's step, ms a beat. */
  readonly driftMs?: number;
  /** Chance of a beat to be missed, 0 .. 1. */
  readonly missed?: number;
}

/** Beat times, ms, of a heart with that rhythm. A missed beat leaves a gap, not a long interval. */
export function rhythm(plan: Rhythm): Interval[] {
  const noise = new RandomStream(plan.seed, "noise");
  const drift = new RandomStream(plan.seed, "drift");
  const loss = new RandomStream(plan.seed, "loss");
  const beatsMs = [0];
  const spoilt: [number, number][] = [];
  let walkMs = 0;
  for (let atMs = 0; atMs < plan.seconds * 1000; ) {
    walkMs += drift.nextNormal() * (plan.driftMs ?? 0);
    let rrMs = (plan.meanMs ?? 800) + walkMs + noise.nextNormal() * (plan.noiseMs ?? 0);
    for (const tone of plan.tones ?? [])
      rrMs += tone.ms * Math.cos(2 * Math.PI * ((tone.hz * atMs) / 1000 - (tone.turns ?? 0)));
    rrMs = Math.min(1990, Math.max(305, rrMs));
    if (loss.between(0, 999_999) < (plan.missed ?? 0) * 1e6) spoilt.push([atMs - 1, atMs + 1]);
    atMs += rrMs;
    beatsMs.push(atMs);
  }
  return intervalsOf(beatsMs, spoilt);
}

/** Rhythms that between them show every metric something to find. */
export const SYNTHETIC: readonly NamedSeries[] = [
  {
    name: "rest, 15 breaths a minute",
    intervals: rhythm({ seed: 1, seconds: 330, tones: [{ ms: 20, hz: 0.25 }], noiseMs: 10, driftMs: 1 }),
  },
  {
    name: "paced at 6 a minute",
    intervals: rhythm({ seed: 2, seconds: 330, tones: [{ ms: 60, hz: 0.1 }], noiseMs: 8 }),
  },
  { name: "still heart, 3 ms of noise", intervals: rhythm({ seed: 3, seconds: 330, meanMs: 650, noiseMs: 3 }) },
  {
    name: "slow, strong swing",
    intervals: rhythm({ seed: 4, seconds: 330, meanMs: 1300, tones: [{ ms: 250, hz: 0.08 }], noiseMs: 20 }),
  },
  {
    name: "fast heart",
    intervals: rhythm({ seed: 5, seconds: 330, meanMs: 330, tones: [{ ms: 12, hz: 0.3 }], noiseMs: 4 }),
  },
  {
    name: "one beat in 60 missed",
    intervals: rhythm({
      seed: 6,
      seconds: 330,
      tones: [{ ms: 30, hz: 0.22 }],
      noiseMs: 15,
      driftMs: 2,
      missed: 1 / 60,
    }),
  },
  {
    name: "one beat in 8 missed",
    intervals: rhythm({ seed: 7, seconds: 330, tones: [{ ms: 30, hz: 0.22 }], noiseMs: 15, missed: 1 / 8 }),
  },
  {
    name: "two tones",
    intervals: rhythm({
      seed: 8,
      seconds: 330,
      meanMs: 900,
      tones: [
        { ms: 40, hz: 0.05 },
        { ms: 25, hz: 0.3 },
      ],
      noiseMs: 5,
    }),
  },
];

const numbersIn = (file: string): number[][] =>
  readFileSync(file, "utf8")
    .split("\n")
    .slice(1)
    .filter((line) => line !== "")
    .map((line) => line.split(",").map(Number));

/** Reference beats of every recording in the data folder (BAND_DATA, else ../shared/data); none if it is not there. */
function recordings(): NamedSeries[] {
  const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
  const folder = process.env.BAND_DATA ?? join(root, "..", "shared", "data");
  if (!existsSync(folder)) return [];
  const tail = ".beats.csv";
  const names = readdirSync(folder).filter((file) => file.endsWith(tail));
  return names.sort().map((file) => {
    const name = file.slice(0, -tail.length);
    const beatsMs = numbersIn(join(folder, file)).map(([atMs]) => atMs!); // a line has at least one column
    const mask = join(folder, `${name}.mask.csv`);
    const spoilt = existsSync(mask) ? numbersIn(mask).map(([from, to]) => [from!, to!] as const) : []; // two columns
    return { name, intervals: intervalsOf(beatsMs, spoilt) };
  });
}

export const RECORDED: readonly NamedSeries[] = recordings();
export const EVERY_SERIES: readonly NamedSeries[] = [...SYNTHETIC, ...RECORDED];
export const SOURCES =
  RECORDED.length > 0
    ? `${SYNTHETIC.length} synthetic series and ${RECORDED.length} recordings`
    : `${SYNTHETIC.length} synthetic series only: no folder of recordings (set BAND_DATA)`;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2; // not empty
};
