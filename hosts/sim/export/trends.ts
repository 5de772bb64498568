import { type Baseline, type BaselineReading, baselineOf, LONG_DAYS, Usual } from "storage/baseline";
import type { DaySummary } from "storage/session-log";
import { NOTICE, type Recording, type RecoveryTime, type ResonanceFinding } from "./recording.js";
import { dateWords, decimal, isoDate } from "./text.js";

const DAY_MS = 86_400_000;

/** Scores of a questionnaire that somebody kept. */
export interface KeptScore {
  /** "2026-03-11", local. */
  readonly date: string;
  readonly scale: string;
  readonly scores: Readonly<Record<string, number>>;
}

export interface Trends {
  /** Local days since 1970-01-01: the last day of the baseline. Undefined if there is no day at all. */
  readonly today: number | undefined;
  readonly baseline: Baseline;
  readonly days: readonly DaySummary[];
  readonly resonance: readonly ResonanceFinding[];
  readonly recovery: readonly RecoveryTime[];
  readonly scores: readonly KeptScore[];
}

/**
 * What is usual for this person, by the band's own arithmetic (storage/baseline) over the summaries of the days.
 * @param today  the last day of the log if left out
 */
export function trendsOf(recording: Recording, scores: readonly KeptScore[] = [], today?: number): Trends {
  const { days, resonance, recovery } = recording;
  const last = today ?? days.at(-1)?.dayNumber;
  return { today: last, baseline: baselineOf(days, last ?? 0), days, resonance, recovery, scores };
}

export const dayNumberOf = (date: string): number => Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
export const dateOfDay = (dayNumber: number): string => isoDate(dayNumber * DAY_MS).slice(0, 10);

const USUAL: Readonly<Record<Usual, string>> = {
  [Usual.Below]: "below your usual",
  [Usual.Within]: "within your usual",
  [Usual.Above]: "above your usual",
};

/** The same for people. Says what there is too little of instead of leaving it out. */
export function trendLines(trends: Trends): string[] {
  const { today, baseline, days, resonance, recovery, scores } = trends;
  const { lnRmssd7, lnRmssd60, usual, resting7, resting60 } = baseline;
  const ln = (q10: number): string => (q10 / 1024).toFixed(2);
  return [
    today === undefined
      ? "no summary of a day: they begin once a phone has set the band's clock"
      : `${LONG_DAYS} days up to ${dateOfDay(today)}, PRV (pulse waves, not an ECG)`,
    `lnRMSSD, 7 days: ${told(lnRmssd7, ({ meanQ10 }) => ln(meanQ10))}`,
    `lnRMSSD, ${LONG_DAYS} days: ${told(
      lnRmssd60,
      ({ meanQ10, sdQ10, bandLowQ10, bandHighQ10 }) =>
        `${ln(meanQ10)}, SD ${ln(sdQ10)}, normal band ${ln(bandLowQ10)} to ${ln(bandHighQ10)}`,
    )}`,
    `this week: ${told(usual, (reading) => USUAL[reading.usual])}`,
    `resting heart rate, 7 days: ${told(resting7, ({ deciBpm }) => `${deciBpm / 10} bpm`)}`,
    `resting heart rate, ${LONG_DAYS} days: ${told(resting60, ({ deciBpm }) => `${deciBpm / 10} bpm`)}`,
    `practice: ${baseline.practiceMinutes7} min in 7 days, ${baseline.practiceMinutes60} min in ${LONG_DAYS} days`,
    ...history(
      "resonance rate",
      resonance.map(
        ({ when, rateCentiPerMin }) => `${dateWords(when)}: ${decimal(rateCentiPerMin / 100, 2)} per minute`,
      ),
    ),
    ...history(
      "recovery time constant",
      recovery.map(
        ({ when, tauMs, tauLowMs, tauHighMs }) =>
          `${dateWords(when)}: ${decimal(tauMs / 1000, 1)} s (${decimal(tauLowMs / 1000, 1)} to ${decimal(tauHighMs / 1000, 1)} s)`,
      ),
    ),
    ...(scores.length === 0 ? [] : history("questionnaires, beside that day's lnRMSSD", scores.map(besideOf(days)))),
    NOTICE,
  ];
}

function told<Value>(reading: BaselineReading<Value>, words: (value: Value) => string): string {
  if (reading.ok) return `${words(reading)} (${reading.days} days)`;
  return `too few days: ${reading.days}, and it takes ${reading.daysMin}`;
}

const history = (what: string, entries: readonly string[]): string[] =>
  entries.length === 0 ? [`${what}: none yet`] : [`${what}:`, ...entries.map((entry) => `  ${entry}`)];

const besideOf =
  (days: readonly DaySummary[]) =>
  ({ date, scale, scores }: KeptScore): string => {
    const sums = Object.entries(scores).map(([name, sum]) => `${name} ${sum}`);
    const ln = days.find(({ dayNumber }) => dateOfDay(dayNumber) === date)?.lnRmssdQ10;
    const beside = ln === undefined ? "no lnRMSSD of that day" : `lnRMSSD ${(ln / 1024).toFixed(2)}`;
    return `${date} ${scale}: ${sums.join(", ")}; ${beside}`;
  };
