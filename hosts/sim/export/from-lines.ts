import { type UnmarkedBeat, withMarks } from "./marks.js";
import {
  type ExportBattery,
  type ExportEvent,
  type ExportSession,
  type Recording,
  type RecordingResult,
  type Refusal,
  UNDATED,
} from "./recording.js";
import { verdictCode } from "./words.js";

/** A line that this reader uses, checked: see hosts/sim/cli/felt.ts for who writes them. */
type Line =
  | {
      readonly type: "beat";
      readonly tMs: number;
      readonly rrTicks: number | undefined;
      readonly verdict: number;
      readonly qualityQ8: number;
    }
  | { readonly type: "second"; readonly tMs: number; readonly batteryPercent: number }
  | { readonly type: "contact" | "session" | "restart"; readonly tMs: number; readonly detail: string }
  | { readonly type: "end"; readonly tMs: number };

/** The state of a band that does nothing, as the lines have it. */
const IDLE = "idle";
/** tMs has tenths, and beats are told to 1/1024 s: two times may differ by so much and mean the same. */
const JOINT_TICKS_MAX = 1;

/**
 * The lines of `band replay` and `band sim --json`: session 1 is all that was felt, those after it are the programs that
 * ran meanwhile. Lines have no date and no firmware version.
 */
export function recordingFromLines(text: string): RecordingResult {
  const lines: Line[] = [];
  for (const [i, source] of text.split("\n").entries()) {
    if (source.trim() === "") continue;
    const line = lineOf(source);
    if (line === "bad") return refused(`line ${i + 1} is not one that band replay writes`);
    if (line !== undefined) lines.push(line);
  }
  const first = lines[0];
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return refused("there is no line of band replay in it");
  const whole = sessionOf(1, undefined, lines, first.tMs, latestMs(lines), last.type === "end");
  const sessions = [whole, ...programsOf(lines)];
  const recording: Recording = {
    source: "lines",
    sessions,
    minutes: [],
    events: [],
    battery: [],
    days: [],
    resonance: [],
    recovery: [],
    damaged: 0,
  };
  return { ok: true, recording };
}

/** In turns: thousands of arguments are too many for Math.max. */
const latestMs = (lines: readonly Line[]): number =>
  lines.reduce((latest, { tMs }) => (tMs > latest ? tMs : latest), Number.NEGATIVE_INFINITY);

function programsOf(lines: readonly Line[]): ExportSession[] {
  const found: ExportSession[] = [];
  let opened: { readonly tMs: number; readonly detail: string } | undefined;
  const close = (toMs: number, isEnded: boolean): void => {
    if (opened === undefined) return;
    const { tMs, detail } = opened;
    const inside = lines.filter((line) => line.tMs >= tMs && line.tMs <= toMs);
    found.push(sessionOf(found.length + 2, detail.split(",")[0], inside, tMs, toMs, isEnded));
    opened = undefined;
  };
  for (const line of lines) {
    if (line.type !== "session") continue;
    if (line.detail === IDLE) close(line.tMs, true);
    else opened ??= line;
  }
  close(latestMs(lines), false);
  return found;
}

function sessionOf(
  id: number,
  program: string | undefined,
  lines: readonly Line[],
  fromMs: number,
  toMs: number,
  isEnded: boolean,
): ExportSession {
  const beats: UnmarkedBeat[] = [];
  const events: ExportEvent[] = [];
  const battery: ExportBattery[] = [];
  for (const line of lines) {
    const atMs = line.tMs - fromMs;
    if (line.type === "beat") {
      const { rrTicks, verdict, qualityQ8 } = line;
      const before = beats.at(-1);
      const told = Math.round(atMs * 1.024);
      // The interval is exact, the time is rounded to a tenth: where beats follow each other, the sum tells.
      const summed = before !== undefined && rrTicks !== undefined ? before.atTicks + rrTicks : undefined;
      const follows = summed !== undefined && Math.abs(summed - told) <= JOINT_TICKS_MAX;
      beats.push({ atTicks: follows ? summed : told, rrTicks, verdict, qualityQ8, follows });
    } else if (line.type === "second") {
      const percent = line.batteryPercent;
      if (percent !== battery.at(-1)?.percent) battery.push({ atMs, percent, mv: undefined });
    } else if (line.type !== "end") events.push({ atMs, when: UNDATED, name: line.type, detail: line.detail });
  }
  return {
    id,
    when: UNDATED,
    startMs: fromMs,
    missing: isEnded ? [] : ["end"],
    program,
    settings: undefined,
    firmware: undefined,
    ended: undefined,
    lastedMs: Math.round(toMs - fromMs),
    beats: withMarks(beats),
    breaths: [],
    minutes: [],
    events,
    battery,
  };
}

/** Undefined for lines that are passed over: those of a newer simulator. */
function lineOf(source: string): Line | "bad" | undefined {
  let read: unknown;
  try {
    read = JSON.parse(source);
  } catch {
    return "bad";
  }
  if (typeof read !== "object" || read === null || !("type" in read) || !("tMs" in read)) return "bad";
  const fields: Record<string, unknown> = { ...read };
  const { type, tMs } = fields;
  if (typeof tMs !== "number" || !Number.isFinite(tMs)) return "bad";
  switch (type) {
    case "beat":
      return beatLine(tMs, fields);
    case "second": {
      const percent = fields.batteryPercent;
      return typeof percent === "number" ? { type, tMs, batteryPercent: percent } : "bad";
    }
    case "contact":
    case "session":
    case "restart":
      return { type, tMs, detail: detailOf(fields) };
    case "end":
      return { type, tMs };
    default:
      return undefined;
  }
}

function beatLine(tMs: number, { rrTicks, verdict, qualityQ8 }: Record<string, unknown>): Line | "bad" {
  const code = typeof verdict === "string" ? verdictCode(verdict) : undefined;
  const isInterval = rrTicks === null || (Number.isSafeInteger(rrTicks) && Number(rrTicks) > 0);
  if (code === undefined || !isInterval || typeof qualityQ8 !== "number") return "bad";
  return { type: "beat", tMs, rrTicks: rrTicks === null ? undefined : Number(rrTicks), verdict: code, qualityQ8 };
}

const detailOf = ({ state, reason, message }: Record<string, unknown>): string =>
  [state, reason, message].filter((part): part is string => typeof part === "string" && part !== "").join(", ");

const refused = (problem: string): Refusal => ({
  ok: false,
  problem,
  remedy: "name the lines of band replay or band sim --json, or the log of a band",
});
