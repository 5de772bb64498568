import { beatsCsv, breathsCsv, eventsCsv, minutesCsv } from "./csv-tables.js";
import { hrvLoggerEvents, hrvLoggerRr } from "./hrv-logger.js";
import { jsonOf } from "./json.js";
import type { ExportSession, Recording } from "./recording.js";
import { correctedRr, rawRr } from "./rr-text.js";

export interface Format {
  readonly says: string;
  /** One session a file; else any number, and what lies beside them. */
  readonly isSingle: boolean;
  /** @param recording  if all of it was asked for */
  make(sessions: readonly ExportSession[], recording: Recording | undefined): string | Uint8Array | Promise<Uint8Array>;
}

const single = (says: string, make: (session: ExportSession) => string | Promise<Uint8Array>): Format => ({
  says,
  isSingle: true,
  make: ([session]) => {
    if (session === undefined) throw new Error("a format of one session is given one");
    return make(session);
  },
});
const many = (says: string, make: (sessions: readonly ExportSession[], recording?: Recording) => string): Format => ({
  says,
  isSingle: false,
  make,
});

/** What a session can leave as. docs/data.md shows each. */
export const FORMATS = Object.freeze({
  csv: many("table of beats", (sessions) => beatsCsv(sessions)),
  "csv-breaths": many("table of paced breaths", (sessions) => breathsCsv(sessions)),
  "csv-minutes": many("table of minutes", minutesCsv),
  "csv-events": many("table of events", eventsCsv),
  json: many("everything", jsonOf),
  rr: single("each interval in ms on a line, as measured", rawRr),
  "rr-corrected": single("the same, only those that the band's rules mark clean", correctedRr),
  hrvlogger: single("date, rr, since start, as the app HRV Logger", hrvLoggerRr),
  "hrvlogger-events": single("the app's second file: events and gaps", hrvLoggerEvents),
  // The profile of the FIT SDK is over a megabyte: loaded when it is asked for.
  fit: single("FIT activity with intervals", async (session) => (await import("./fit.js")).fitOf(session)),
} satisfies Record<string, Format>);

export type FormatName = keyof typeof FORMATS;
