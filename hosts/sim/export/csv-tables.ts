import type { RecordDate } from "storage/log-dating";
import { MinuteFlag } from "storage/log-records";
import { type ExportSession, msFromTicks, type Recording } from "./recording.js";
import { type Cell, csv, decimal, isoDate } from "./text.js";
import { absenceName, markName, verdictName } from "./words.js";

/** All tables begin with these; docs/data.md says what each column is. */
const HEAD = ["session", "dating", "date_utc", "date_uncertainty_ms", "since_start_ms"];

function head(session: ExportSession | undefined, when: RecordDate, atMs: number): Cell[] {
  const at = decimal(atMs, 3);
  if (when.kind !== "dated") return [session?.id, "undated", undefined, undefined, at];
  return [session?.id, "dated", isoDate(when.epochMs), when.uncertaintyMs, at];
}

/** The date of a moment in a session: its start's, moved on. */
const dateAt = ({ when }: ExportSession, atMs: number): RecordDate =>
  when.kind === "dated" ? { ...when, epochMs: when.epochMs + atMs } : when;

/** One row a beat. */
export function beatsCsv(sessions: readonly ExportSession[]): string {
  const columns = [...HEAD, "prv_rr_ms", "prv_rr_ticks", "verdict", "mark", "quality", "follows"];
  const rows = sessions.flatMap((session) =>
    session.beats.map(({ atTicks, rrTicks, verdict, qualityQ8, follows, mark }) => {
      const atMs = msFromTicks(atTicks);
      const rrMs = rrTicks === undefined ? undefined : decimal(msFromTicks(rrTicks), 3);
      const judged = [verdictName(verdict), markName(mark), decimal(qualityQ8 / 256, 3), follows];
      return [...head(session, dateAt(session, atMs), atMs), rrMs, rrTicks, ...judged];
    }),
  );
  return csv(columns, rows);
}

/** One row a paced breath. */
export function breathsCsv(sessions: readonly ExportSession[]): string {
  const columns = [
    ...HEAD,
    "inhale_ms",
    "period_ms",
    "phase",
    "follow_percent",
    "coherence_percent",
    "longest_at_percent",
    "swing_prv_ms",
  ];
  const rows = sessions.flatMap((session) =>
    session.breaths.map(({ atMs, inhaleMs, periodMs, phase, followPercent, coherencePercent, lagQ8, amplitudeMs }) => [
      ...head(session, dateAt(session, atMs), atMs),
      ...[inhaleMs, periodMs, phase, followPercent, coherencePercent],
      lagQ8 === undefined ? undefined : decimal((lagQ8 * 100) / 256, 1),
      amplitudeMs === undefined ? undefined : amplitudeMs * 2,
    ]),
  );
  return csv(columns, rows);
}

/** One row a minute that the band was worn; outside of sessions the first column is empty. */
export function minutesCsv(sessions: readonly ExportSession[], recording: Recording | undefined): string {
  const columns = [...HEAD, "mean_prv_rr_ms", "prv_rmssd_ms", "coverage_percent", "absence"];
  const flags = ["worn", "in_session", "still", "paced"];
  const outside = (recording?.minutes ?? []).map((minute) => ({ session: undefined, minute }));
  const inside = sessions.flatMap((session) => session.minutes.map((minute) => ({ session, minute })));
  const rows = [...outside, ...inside].map(({ session, minute }) => [
    ...head(session, minute.when, minute.atMs),
    minute.meanRrTicks === undefined ? undefined : decimal(msFromTicks(minute.meanRrTicks), 3),
    minute.rmssdMsQ6 === undefined ? undefined : decimal(minute.rmssdMsQ6 / 64, 3),
    minute.coveragePercent,
    absenceName(minute.absence),
    ...[MinuteFlag.Worn, MinuteFlag.InSession, MinuteFlag.Still, MinuteFlag.Paced].map(
      (flag) => (minute.flags & flag) !== 0,
    ),
  ]);
  return csv([...columns, ...flags], rows);
}

/** One row an event; outside of sessions the first column is empty. */
export function eventsCsv(sessions: readonly ExportSession[], recording: Recording | undefined): string {
  const outside = (recording?.events ?? []).map((event) => ({ session: undefined, event }));
  const inside = sessions.flatMap((session) => session.events.map((event) => ({ session, event })));
  const rows = [...outside, ...inside].map(({ session, event }) => [
    ...head(session, event.when, event.atMs),
    event.name,
    event.detail,
  ]);
  return csv([...HEAD, "event", "detail"], rows);
}
