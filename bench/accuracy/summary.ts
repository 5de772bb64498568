// Figures of a set of records, and the table that puts them beside the published detectors.
import type { Samples } from "./records.js";
import { median, type Score } from "./scorer.js";

export interface RecordResult {
  readonly samples: Samples;
  readonly score: Score;
  readonly delaysMs: readonly number[];
}

/** Pooled figures of a set of records. Percent and ms; null where there is nothing to take a figure from. */
export interface Summary {
  readonly f1: number;
  readonly ibiMs: number | null;
  readonly coverage: number;
  readonly wrong: number | null;
  readonly wrongPerMinute: number;
  readonly rmssdMs: number | null;
  readonly rmssdAllMs: number | null;
  readonly hrBpm: number | null;
  readonly ratesSaid: number;
  readonly ratesWrong: number | null;
  readonly delayMs: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const middle = (values: readonly number[]): number | null => (values.length > 0 ? median(values) : null);
const percent = (part: number, whole: number): number => (whole > 0 ? (100 * part) / whole : 0);

export function summarise(results: readonly RecordResult[]): Summary {
  const scores = results.map((result) => result.score);
  const hits = sum(scores.map((s) => s.truePositives));
  const missed = sum(scores.map((s) => s.missed));
  const extra = sum(scores.map((s) => s.extra));
  const errors = scores.flatMap((s) => s.ibiErrorsMs);
  const wrong = sum(scores.map((s) => s.wrongCount));
  const rmssdErrors = (pick: (s: Score) => number | null): number | null =>
    middle(
      scores.flatMap((s) => {
        const ours = pick(s);
        return s.rmssdTrueMs === null || s.rmssdTrueMs < 15 || ours === null ? [] : [Math.abs(ours - s.rmssdTrueMs)];
      }),
    );
  const accepted = sum(scores.map((s) => s.acceptedCount));
  const said = sum(scores.map((s) => s.ratesSaid));
  return {
    f1: percent(2 * hits, 2 * hits + missed + extra),
    ibiMs: errors.length > 0 ? sum(errors) / errors.length : null,
    coverage: percent(errors.length, sum(scores.map((s) => s.ibiPossible))),
    wrong: accepted > 0 ? percent(wrong, accepted) : null,
    wrongPerMinute: wrong / Math.max(1e-9, sum(scores.map((s) => s.scoredMs)) / 60_000),
    rmssdMs: rmssdErrors((s) => s.rmssdMs),
    rmssdAllMs: rmssdErrors((s) => s.rmssdAllMs),
    hrBpm: middle(scores.flatMap((s) => s.hrErrorsBpm)),
    ratesSaid: percent(said, sum(scores.map((s) => s.ratesPossible))),
    ratesWrong: said > 0 ? percent(sum(scores.map((s) => s.ratesWrong)), said) : null,
    delayMs: results.reduce((longest, result) => Math.max(longest, ...result.delaysMs), 0),
  };
}

/** What each set must reach; undefined where there is no such demand. */
interface Target {
  readonly f1?: number;
  readonly ibiMs?: number;
  readonly coverage?: number;
  readonly wrong?: number;
  readonly rmssdMs?: number;
  readonly wrongPerMinute?: number;
  readonly ratesWrong?: number;
}

export const TARGETS: Readonly<Record<string, Target>> = Object.freeze({
  bidmc: { f1: 99.2, ibiMs: 6.0, coverage: 97, wrong: 0.6, rmssdMs: 2.0 },
  neurokit: { f1: 99.8, ibiMs: 4.2, coverage: 98.5, wrong: 0.3, rmssdMs: 3 },
  welltory: { f1: 96.0, ibiMs: 11, coverage: 88, wrong: 1.5, rmssdMs: 7.5 },
  wristex: { wrongPerMinute: 2, ratesWrong: 5 },
});

/**
 * Published detectors on the same files with the same scoring: pooled F1 %, pooled interval error ms. Off-line ones saw
 * each record whole. Measured with NeuroKit2, HeartPy, WFDB's qppg and the embedded ones compiled from their sources.
 */
const PEERS: ReadonlyArray<readonly [string, Readonly<Record<string, string>>]> = Object.freeze([
  [
    "Elgendi (NeuroKit)",
    { bidmc: "99.2 / 8.9", neurokit: "99.9 / 4.9", welltory: "92.6 / 16.6", wristex: "46.7 / 88" },
  ],
  [
    "MSPTDfast v2 (NeuroKit)",
    { bidmc: "98.9 / 8.8", neurokit: "99.8 / 4.9", welltory: "91.9 / 17.6", wristex: "40.6 / 69" },
  ],
  ["qppg, onset", { bidmc: "98.4 / 9.8", neurokit: "97.1 / 22.0", welltory: "88.6 / 17.5", wristex: "49.1 / 82" }],
  ["qppg, peak", { bidmc: "98.9 / 8.7", neurokit: "99.6 / 4.7", welltory: "88.0 / 14.3", wristex: "51.3 / 69" }],
  [
    "HeartPy, accepted peaks",
    { bidmc: "98.4 / 6.3", neurokit: "99.9 / 5.0", welltory: "82.1 / 12.3", wristex: "43.4 / 79" },
  ],
  [
    "SparkFun checkForBeat",
    { bidmc: "98.5 / 13.3", neurokit: "99.4 / 6.4", welltory: "76.5 / 58.5", wristex: "47.7 / 92" },
  ],
  [
    "Espruino heartrate.c",
    { bidmc: "89.1 / 20.7", neurokit: "97.4 / 22.5", welltory: "60.7 / 29.3", wristex: "50.3 / 88" },
  ],
] as const);

export function bySet(results: readonly RecordResult[]): Map<string, RecordResult[]> {
  const sets = new Map<string, RecordResult[]>();
  for (const result of results) sets.set(result.samples.set, [...(sets.get(result.samples.set) ?? []), result]);
  return sets;
}

const HEADINGS =
  "| | F1 % | IBI ms | coverage % | wrong RR % | wrong a min | RMSSD ms | RMSSD all ms | HR bpm | HR said % | HR off % | delay ms |";

/** Value, its bound if there is one, and a mark if the bound does not hold. */
function cell(value: number | null, digits: number, bound?: number, atLeast = false): string {
  if (value === null) return "-";
  const text = value.toFixed(digits);
  if (bound === undefined) return text;
  const holds = atLeast ? value >= bound : value <= bound;
  return `${holds ? text : `**${text}**`} (${atLeast ? "≥" : "≤"} ${bound})`;
}

function line(name: string, s: Summary, target: Target = {}): string {
  const cells = [
    cell(s.f1, 2, target.f1, true),
    cell(s.ibiMs, 2, target.ibiMs),
    cell(s.coverage, 1, target.coverage, true),
    cell(s.wrong, 2, target.wrong),
    cell(s.wrongPerMinute, 2, target.wrongPerMinute),
    cell(s.rmssdMs, 2, target.rmssdMs),
    cell(s.rmssdAllMs, 2),
    cell(s.hrBpm, 2),
    cell(s.ratesSaid, 1),
    cell(s.ratesWrong, 1, target.ratesWrong),
    cell(s.delayMs, 0),
  ];
  return `| ${name} | ${cells.join(" | ")} |`;
}

/** Markdown: ours by set with targets (missed ones bold), each record if wanted, and the peers. */
export function table(results: readonly RecordResult[], withRecords: boolean): string {
  const lines = [HEADINGS, `|${"---|".repeat(12)}`];
  const sets = bySet(results);
  for (const [set, part] of sets) lines.push(line(`${set} (${part.length})`, summarise(part), TARGETS[set]));
  if (withRecords) for (const result of results) lines.push(line(result.samples.id, summarise([result])));
  const names = [...sets.keys()].filter((set) => PEERS.some(([, figures]) => figures[set] !== undefined));
  lines.push("", `| F1 % / IBI ms, pooled | ${names.join(" | ")} |`, `|---|${"---|".repeat(names.length)}`);
  const ours = names.map((set) => {
    const s = summarise(sets.get(set) ?? []);
    return `${s.f1.toFixed(1)} / ${s.ibiMs?.toFixed(1) ?? "-"}`;
  });
  lines.push(`| **this band, on-line** (accepted IBI) | ${ours.join(" | ")} |`);
  for (const [name, figures] of PEERS)
    lines.push(`| ${name} | ${names.map((set) => figures[set] ?? "-").join(" | ")} |`);
  return lines.join("\n");
}
