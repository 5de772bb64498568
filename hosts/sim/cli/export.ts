import { FORMATS, type Format, type FormatName } from "../export/formats.js";
import { readRecordingFile } from "../export/read.js";
import { type ExportSession, gapsOf, MEASURE, type Recording } from "../export/recording.js";
import { clockWords, dateWords } from "../export/text.js";
import { BadInput } from "./bad-input.js";
import { ExitCode } from "./exit-code.js";
import { readWhole, writeWhole } from "./whole-file.js";

export interface ExportOptions {
  readonly format?: FormatName;
  /** A session's name, or all of them. */
  readonly session?: number | "all";
  /** A file, or "-" for standard output. */
  readonly out: string;
  readonly list?: boolean;
}

/** A band's log or the lines of a replay. Errors: BadInput */
export function openRecording(file: string): Recording {
  const read = readRecordingFile(readWhole(file));
  if (!read.ok) throw new BadInput(`${file}: ${read.problem}; ${read.remedy}`);
  if (read.recording.damaged > 0)
    process.stderr.write(`${file}: ${read.recording.damaged} damaged records are left out\n`);
  return read.recording;
}

/** `band export`: sessions of a log, or of a replay's lines, in a format that others read. */
export async function exportSessions(file: string, options: ExportOptions): Promise<ExitCode> {
  const { format: name, list = false, out } = options;
  if (list === (name !== undefined))
    throw new BadInput(`${file}: say one of --format and --list; --format takes ${Object.keys(FORMATS).join(", ")}`);
  const recording = openRecording(file);
  if (name === undefined) {
    await writeWhole(out, listOf(recording), file);
    return ExitCode.Fine;
  }
  const format: Format = FORMATS[name];
  if (name === "fit" && out === "-" && process.stdout.isTTY)
    throw new BadInput("fit: is not for a terminal; say --out FILE");
  const isAll = options.session === "all";
  const sessions = chosen(file, recording, options.session, format);
  const content = await format.make(sessions, isAll ? recording : undefined);
  await writeWhole(out, content, file);
  process.stderr.write(`${sessions.map(summary).join("\n")}\n${MEASURE}\n`);
  return ExitCode.Fine;
}

function chosen(
  file: string,
  { sessions }: Recording,
  session: number | "all" | undefined,
  { isSingle }: Format,
): readonly ExportSession[] {
  const last = sessions.at(-1);
  if (last === undefined)
    throw new BadInput(`${file}: there is no session in it; band export --list shows what there is`);
  if (session === "all") {
    if (!isSingle) return sessions;
    throw new BadInput(`${file}: this format holds one session a file; name one of ${idsOf(sessions)} by --session`);
  }
  if (session === undefined) return [last];
  const found = sessions.find(({ id }) => id === session);
  if (found === undefined) throw new BadInput(`${file}: there is no session ${session}; there are ${idsOf(sessions)}`);
  return [found];
}

const IDS_SHOWN = 20;
const idsOf = (sessions: readonly ExportSession[]): string => {
  const ids = sessions.slice(-IDS_SHOWN).map(({ id }) => id);
  return `${sessions.length > IDS_SHOWN ? "…, " : ""}${ids.join(", ")}`;
};

function listOf({ sessions, days, minutes }: Recording): string {
  const lines = sessions.map(summary);
  const beside = `${sessions.length} sessions, ${minutes.length} minutes beside them, ${days.length} days`;
  return `${[...lines, beside].join("\n")}\n`;
}

/** "session 4711, 2026-03-11 09:57 UTC ± 0.5 s, breathe, 5:00, 372 beats, 371 with an interval, 2 gaps, …" */
function summary(session: ExportSession): string {
  const { id, when, program, lastedMs, beats, missing, ended, firmware, battery } = session;
  const withInterval = beats.filter(({ rrTicks }) => rrTicks !== undefined).length;
  const percent = battery[0]?.percent;
  const parts = [
    `session ${id}`,
    dateWords(when),
    program ?? (missing.includes("start") ? "its start is lost" : "all that was felt"),
    clockWords(lastedMs),
    `${beats.length} beats, ${withInterval} with an interval`,
    `${gapsOf(beats).length} gaps`,
    ...(ended === undefined ? [] : [`ended by ${ended.rule ?? ended.reason}`]),
    ...(missing.includes("end") ? ["its end is missing"] : []),
    ...(firmware === undefined ? [] : [`firmware ${firmware}`]),
    ...(percent === undefined ? [] : [`battery ${percent} %`]),
  ];
  return parts.join(", ");
}
