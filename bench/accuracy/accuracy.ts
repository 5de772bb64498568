// `npm run bench:accuracy`: every recording with a reference, scored, beside the published detectors on the same files.
import { type Detect, detectWith } from "./detect.js";
import { dataFolder, readRecording, recordIds, type Samples, toSamples } from "./records.js";
import { median, type Score, score } from "./scorer.js";

export interface RecordResult {
  readonly samples: Samples;
  readonly score: Score;
  readonly delaysMs: readonly number[];
}

export function loadSamples(ids?: readonly string[], pulseCounts = 1000): Samples[] {
  const folder = dataFolder();
  return (ids ?? recordIds(folder))
    .map((id) => readRecording(folder, id))
    .filter((recording) => recording.beatsMs.length > 0)
    .map((recording) => toSamples(recording, pulseCounts));
}

/** Pooled figures of a set of records. Percent and ms. */
export interface Summary {
  readonly f1: number;
  readonly sensitivity: number;
  readonly ppv: number;
  readonly ibiMs: number;
  readonly coverage: number;
  readonly wrong: number;
  readonly wrongPerMinute: number;
  readonly rmssdMs: number;
  readonly rmssdAllMs: number;
  readonly hrBpm: number;
  readonly ratesSaid: number;
  readonly ratesWrong: number;
  readonly delayMs: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const percent = (part: number, whole: number): number => (whole > 0 ? (100 * part) / whole : 0);

export function summarise(results: readonly RecordResult[]): Summary {
  const scores = results.map((result) => result.score);
  const hits = sum(scores.map((s) => s.truePositives));
  const missed = sum(scores.map((s) => s.missed));
  const extra = sum(scores.map((s) => s.extra));
  const errors = scores.flatMap((s) => s.ibiErrorsMs);
  const wrong = sum(scores.map((s) => s.wrongCount));
  const rmssdErrors = (pick: (s: Score) => number | null): number =>
    median(
      scores.flatMap((s) => {
        const ours = pick(s);
        return s.rmssdTrueMs === null || s.rmssdTrueMs < 15 || ours === null ? [] : [Math.abs(ours - s.rmssdTrueMs)];
      }),
    );
  const said = sum(scores.map((s) => s.ratesSaid));
  return {
    f1: percent(2 * hits, 2 * hits + missed + extra),
    sensitivity: percent(hits, hits + missed),
    ppv: percent(hits, hits + extra),
    ibiMs: errors.length > 0 ? sum(errors) / errors.length : 0,
    coverage: percent(errors.length, sum(scores.map((s) => s.ibiPossible))),
    wrong: percent(wrong, sum(scores.map((s) => s.acceptedCount))),
    wrongPerMinute: wrong / Math.max(1e-9, sum(scores.map((s) => s.scoredMs)) / 60_000),
    rmssdMs: rmssdErrors((s) => s.rmssdMs),
    rmssdAllMs: rmssdErrors((s) => s.rmssdAllMs),
    hrBpm: median(scores.flatMap((s) => s.hrErrorsBpm)),
    ratesSaid: percent(said, sum(scores.map((s) => s.ratesPossible))),
    ratesWrong: percent(sum(scores.map((s) => s.ratesWrong)), said),
    delayMs: Math.max(0, ...results.flatMap((result) => result.delaysMs)),
  };
}

export function runAccuracy(samples: readonly Samples[], detect: Detect): RecordResult[] {
  return samples.map((record) => {
    const trace = detect(record);
    return {
      samples: record,
      score: score(record, trace.detections, trace.rates),
      delaysMs: trace.detections.map((detection) => detection.reportedMs - detection.tMs),
    };
  });
}

const bySet = (results: readonly RecordResult[]): Map<string, RecordResult[]> => {
  const sets = new Map<string, RecordResult[]>();
  for (const result of results) sets.set(result.samples.set, [...(sets.get(result.samples.set) ?? []), result]);
  return sets;
};

function row(name: string, s: Summary): string {
  const cells = [
    s.f1.toFixed(2),
    s.sensitivity.toFixed(2),
    s.ppv.toFixed(2),
    s.ibiMs.toFixed(2),
    s.coverage.toFixed(1),
    s.wrong.toFixed(2),
    s.wrongPerMinute.toFixed(2),
    s.rmssdMs.toFixed(2),
    s.rmssdAllMs.toFixed(2),
    s.hrBpm.toFixed(2),
    s.ratesSaid.toFixed(0),
    s.ratesWrong.toFixed(1),
    s.delayMs.toFixed(0),
  ];
  return name.padEnd(34) + cells.map((cell) => cell.padStart(8)).join("");
}

if (import.meta.filename === process.argv[1] || process.argv[1]?.endsWith("accuracy.js")) {
  const only = process.argv.includes("--record")
    ? [process.argv[process.argv.indexOf("--record") + 1] ?? ""]
    : undefined;
  const tuning = JSON.parse(process.env.TUNE ?? "{}");
  const results = runAccuracy(loadSamples(only), detectWith(tuning));
  console.log(
    `${"".padEnd(34)}      F1    sens     ppv  ibi ms   cov %  wrong%   /min rmssdAc rmssdAl   hr    said%  hrwrong delay`,
  );
  if (process.argv.includes("--records"))
    for (const result of results) console.log(row(result.samples.id, summarise([result])));
  for (const [set, part] of bySet(results)) console.log(row(set, summarise(part)));
}
