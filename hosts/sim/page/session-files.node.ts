import { IntervalMark } from "hrv/interval-ring";
import type { SessionTold } from "../../../web/messages.js";
import type { Format, FormatName } from "../export/formats.js";
import { gapsOf, msFromTicks } from "../export/recording.js";
import { dateWords } from "../export/text.js";
import type { KeptSession, LogBook } from "./log-book.node.js";
import { Refusal } from "./refusal.node.js";
import type { Answer } from "./routes.node.js";

const EXTENSIONS: Readonly<Record<string, string>> = {
  json: "json",
  rr: "txt",
  "rr-corrected": "txt",
  fit: "fit",
};
export const extensionOf = (format: string): string => EXTENSIONS[format] ?? "csv";

/** FIT needs Garmin's SDK, whose licence is its own: it is a development dependency and may be missing. */
export const hasFit = ((): boolean => {
  try {
    import.meta.resolve("@garmin/fitsdk");
    return true;
  } catch {
    return false;
  }
})();

/** The newest first. */
export function sessionsOf(logBook: LogBook): readonly SessionTold[] {
  return logBook.sessions().map(told).reverse();
}

function told({ run, session, comparison }: KeptSession): SessionTold {
  const { id, when, startMs, program, lastedMs, ended, missing, settings, beats, breaths, events } = session;
  return {
    run,
    id,
    date: dateWords(when),
    startMs,
    program: program ?? null,
    lastedMs,
    scoredMs: ended?.scoredMs ?? null,
    endedBy: ended === undefined ? null : (ended.rule ?? ended.reason),
    isCutShort: missing.length > 0,
    pacePerMin: settings === undefined ? null : settings.rateCentiPerMin / 100,
    beats: beats.length,
    withInterval: beats.filter(({ rrTicks }) => rrTicks !== undefined).length,
    gaps: gapsOf(beats).length,
    intervals: beats.map(({ atTicks, rrTicks, mark }) => [
      Math.round(msFromTicks(atTicks)),
      rrTicks === undefined || mark !== IntervalMark.Clean ? null : Math.round(msFromTicks(rrTicks)),
    ]),
    breaths: breaths.map(({ atMs, followPercent, coherencePercent }) => ({
      atMs,
      followPercent: followPercent ?? null,
      coherencePercent: coherencePercent ?? null,
    })),
    events: events.map(({ atMs, name, detail }) => ({ atMs, name, detail })),
    comparison,
  };
}

/**
 * @param name  "RUN-ID" of a session
 * Errors: Refusal
 */
export async function exportOf(
  logBook: LogBook,
  name: string,
  [formatName, format]: readonly [FormatName, Format],
): Promise<Answer> {
  const kept = logBook.sessions().find(({ run, session }) => `${run}-${session.id}` === name);
  if (kept === undefined) throw new Refusal(404, "the band's log has no such session (any more)");
  if (formatName === "fit" && !hasFit)
    throw new Refusal(409, "FIT needs @garmin/fitsdk, which is not installed here: npm install --include=dev");
  const bytes = await format.make([kept.session], undefined);
  const fileName = `session-${name}-${formatName}.${extensionOf(formatName)}`;
  return { type: "application/octet-stream", bytes, fileName };
}
