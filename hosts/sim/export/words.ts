// The log's numbers in words. A number that this version does not know is shown as it is.
import { endCode, programCode, refusalCode, ruleCode, starterCode, stateCode, styleCode } from "band/codes";
import { BeatVerdict } from "hrv/beat";
import { IntervalMark } from "hrv/interval-ring";
import { Absence } from "hrv/reading";
import { PROGRAMS, type ProgramName } from "session/programs";
import { SAFETY_RULES } from "session/safety";
import type { StartRefusal } from "session/session-log";
import { type EndReason, SESSION_STATES } from "session/session-table";
import { EventCode, FindingKind } from "storage/log-records";

const byCode = <Name extends string>(names: readonly Name[], codeOf: (name: Name) => number): Map<number, Name> =>
  new Map(names.map((name) => [codeOf(name), name]));

const PROGRAM_NAMES = byCode(Object.keys(PROGRAMS) as ProgramName[], programCode); // its own keys
const STYLES = byCode(["wave", "exhale", "edges", "beat"] as const, styleCode);
const STARTERS = byCode(["button", "app", "nudge"] as const, starterCode);
const RULES = byCode(Object.keys(SAFETY_RULES), ruleCode);
const STATES = byCode(SESSION_STATES, stateCode);
/** Records, so that the compiler misses a name that is new. */
const END_REASONS = byCode(
  Object.keys({
    completed: 0,
    wearer: 0,
    stopGesture: 0,
    notOk: 0,
    pausedTooLong: 0,
    cap: 0,
    rule: 0,
    batteryEmpty: 0,
    fault: 0,
  } satisfies Record<EndReason, 0>) as EndReason[], // its own keys
  endCode,
);
const REFUSALS = byCode(
  Object.keys({
    busy: 0,
    batteryEmpty: 0,
    afterWeekOne: 0,
    dayFull: 0,
    resting: 0,
    lengthOutOfRange: 0,
    nothingLeft: 0,
    noTrial: 0,
    pace: 0,
    screening: 0,
  } satisfies Record<StartRefusal, 0>) as StartRefusal[], // its own keys
  refusalCode,
);

const named = (names: ReadonlyMap<number, string>, what: string, code: number): string =>
  names.get(code) ?? `${what} ${code}`;

export const programName = (code: number): string => named(PROGRAM_NAMES, "program", code);
export const styleName = (code: number): string => named(STYLES, "style", code);
export const starterName = (code: number): string => named(STARTERS, "starter", code);
export const ruleName = (code: number): string => named(RULES, "rule", code);
export const endReasonName = (code: number): string => named(END_REASONS, "reason", code);

/** Whether a beat's interval counts, or why not: the words of `band replay`'s lines too, which read back as codes. */
const VERDICTS: Readonly<Record<BeatVerdict, string>> = {
  [BeatVerdict.Accepted]: "accepted",
  [BeatVerdict.FirstAfterGap]: "first",
  [BeatVerdict.TooShort]: "too short",
  [BeatVerdict.TooLong]: "too long",
  [BeatVerdict.Unlike]: "unlike",
  [BeatVerdict.MotorOverlap]: "motor",
  [BeatVerdict.Ectopic]: "ectopic",
  [BeatVerdict.Noisy]: "noisy",
};
export const verdictName = (verdict: number): string => VERDICTS[verdict as BeatVerdict] ?? `verdict ${verdict}`; // ditto

const VERDICT_CODES: ReadonlyMap<string, BeatVerdict> = new Map(
  Object.entries(VERDICTS).map(([code, words]) => [words, Number(code)]),
);
export const verdictCode = (words: string): BeatVerdict | undefined => VERDICT_CODES.get(words);

const MARKS: Readonly<Record<IntervalMark, string>> = {
  [IntervalMark.Clean]: "clean",
  [IntervalMark.Gap]: "gap",
  [IntervalMark.Refused]: "refused",
  [IntervalMark.Missed]: "missed",
  [IntervalMark.Extra]: "extra",
  [IntervalMark.Ectopic]: "ectopic",
};
export const markName = (mark: IntervalMark): string => MARKS[mark];

const ABSENCES: Readonly<Record<Absence, string>> = {
  [Absence.None]: "",
  [Absence.TooShort]: "too short",
  [Absence.TooFew]: "too few intervals",
  [Absence.LowCoverage]: "too few of them clean",
  [Absence.LongGap]: "a gap too long",
  [Absence.NoVariation]: "no variation",
  [Absence.NoPeak]: "no peak",
  [Absence.AtEdge]: "at the edge",
  [Absence.AboveBeatNyquist]: "heart too slow for the breath",
  [Absence.NotElevated]: "not elevated",
  [Absence.PoorFit]: "poor fit",
  [Absence.NotFollowing]: "not following",
};
export const absenceName = (absence: number): string => ABSENCES[absence as Absence] ?? `reason ${absence}`; // of a log

const FINDINGS = ["practice rate", "recovery", "recovery of lnRMSSD", "touch profile"];
const TOUCH = ["guessed", "unsettled", "left before its end"];
const recoveryWords = (tauMs: number, packed: number): string =>
  `time constant ${tauMs} ms, ${(packed & 0xffff) / 10} to ${(packed >>> 16) / 10} s`;

/** What an event is called, and its two numbers in words. */
export function eventWords(code: number, a: number, b: number): { name: string; detail: string } {
  switch (code) {
    case EventCode.Phase:
      return { name: "phase", detail: `phase ${a}, planned for ${b} ms` };
    case EventCode.State:
      return { name: "state", detail: named(STATES, "state", a) };
    case EventCode.StopRule:
      return { name: "stop rule", detail: ruleName(a) };
    case EventCode.NotOk:
      return { name: "not ok", detail: "" };
    case EventCode.Answer:
      return { name: "answer", detail: b === 0 ? `phase ${a}: none` : `phase ${a}: ${b} of 5` };
    case EventCode.StartRefused:
      return { name: "start refused", detail: `${programName(a)}: ${named(REFUSALS, "reason", b)}` };
    case EventCode.Contact:
      return { name: "contact", detail: `state ${a}, reason ${b}` };
    case EventCode.SamplesLost:
      return { name: "samples lost", detail: `${a}` };
    case EventCode.SettingsReset:
      return { name: "settings reset", detail: `group ${a}, trouble ${b}` };
    case EventCode.LogTrouble:
      return { name: "log trouble", detail: `${a} records dropped, ${b} slots failed` };
    case EventCode.FactoryReset:
      return { name: "factory reset", detail: "" };
    case EventCode.SensorClock:
      return { name: "sensor clock", detail: `${a} ppm` };
    case EventCode.ResonanceRate:
      return { name: "resonance rate", detail: `${(a / 100).toFixed(2)} ± ${(b / 200).toFixed(2)} breaths per minute` };
    case EventCode.Recovery:
      return { name: "recovery", detail: recoveryWords(a, b) };
    case EventCode.RmssdRecovery:
      return { name: "recovery of lnRMSSD", detail: recoveryWords(a, b) };
    case EventCode.NothingFound:
      return {
        name: `no ${FINDINGS[a] ?? `finding ${a}`}`,
        detail: a === FindingKind.Touch ? (TOUCH[b] ?? `reason ${b}`) : absenceName(b),
      };
    case EventCode.TouchFitted:
      return { name: "touch fitted", detail: `starts at ${a & 0xffff}, goes on at ${a >>> 16} of 256; ${b} strengths` };
    case EventCode.UseForgotten:
      return { name: "how it was used was damaged", detail: "counts as a new band" };
    case EventCode.DaysForgotten:
      return { name: "summaries of days were damaged", detail: "they begin anew" };
    case EventCode.SettingsChanged:
      return { name: "settings changed", detail: `group ${a}` };
    case EventCode.Fault:
      return { name: "fault", detail: `module ${a}, ${b}` };
    default:
      return { name: `event ${code}`, detail: `${a}, ${b}` };
  }
}
