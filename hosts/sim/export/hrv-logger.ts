import type { RecordDate } from "storage/log-dating";
import { type ExportSession, gapsOf, msFromTicks } from "./recording.js";
import { csv, isoDate } from "./text.js";

/**
 * The two files of the app HRV Logger: intervals in whole ms as that app has them, and events. Its readers take dates
 * for granted; a session without one leaves that column empty.
 */
export function hrvLoggerRr({ beats, when }: ExportSession): string {
  const rows = beats.flatMap(({ atTicks, rrTicks }) => {
    if (rrTicks === undefined) return [];
    const atMs = Math.round(msFromTicks(atTicks));
    return [[dateOf(when, atMs), Math.round(msFromTicks(rrTicks)), atMs]];
  });
  return csv(["date", "rr", "since start"], rows);
}

/** What happened, and each gap between beats at the moment it began. */
export function hrvLoggerEvents({ beats, events, when }: ExportSession): string {
  const gaps = gapsOf(beats).map(({ fromMs, toMs }) => ({
    atMs: fromMs,
    annotation: `gap of ${Math.round(toMs - fromMs)} ms`,
  }));
  const others = events.map(({ atMs, name, detail }) => ({
    atMs,
    annotation: detail === "" ? name : `${name}: ${detail}`,
  }));
  const rows = [...gaps, ...others]
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ atMs, annotation }) => {
      const roundMs = Math.round(atMs);
      return [dateOf(when, roundMs), roundMs, annotation, "false"];
    });
  return csv(["date", "timestamp", "annotation", "manual"], rows);
}

/** "2026-03-11 09:57:38 +0000" */
const dateOf = (when: RecordDate, atMs: number): string =>
  when.kind === "dated"
    ? `${isoDate(when.epochMs + atMs)
        .slice(0, 19)
        .replace("T", " ")} +0000`
    : "";
