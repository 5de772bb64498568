/**
 * Numbers by which names are kept in the log and told to observers. A number, once given, never changes its meaning:
 * new names are appended. `tests/band/codes.test.ts` has them all by hand.
 */
import type { GuideStyleName } from "haptics/styles";
import type { Absence } from "hrv/reading";
import { PROGRAMS, type ProgramName } from "session/programs";
import { SAFETY_RULES } from "session/safety";
import type { StartedBy, StartRefusal } from "session/session-log";
import { type EndReason, SESSION_STATES, type SessionState } from "session/session-table";
import type { SettingName } from "storage/settings-table";

const PROGRAM_NAMES = Object.freeze(Object.keys(PROGRAMS)) as readonly ProgramName[]; // its own keys
const STYLE_NAMES: readonly GuideStyleName[] = Object.freeze(["wave", "exhale", "edges", "beat"] as const);
const STARTERS: readonly StartedBy[] = Object.freeze(["button", "app", "nudge"] as const);
const RULE_NAMES: readonly string[] = Object.freeze(Object.keys(SAFETY_RULES));
const END_REASONS: readonly EndReason[] = Object.freeze([
  "completed",
  "wearer",
  "stopGesture",
  "notOk",
  "pausedTooLong",
  "cap",
  "rule",
  "batteryEmpty",
  "fault",
] as const);
const REFUSALS: readonly StartRefusal[] = Object.freeze([
  "busy",
  "batteryEmpty",
  "afterWeekOne",
  "dayFull",
  "resting",
  "lengthOutOfRange",
  "nothingLeft",
  "noTrial",
  "pace",
  "screening",
] as const);
/** By `Absence`, whose numbers are the log's too. */
const ABSENCE_NAMES = Object.freeze([
  "none",
  "tooShort",
  "tooFew",
  "lowCoverage",
  "longGap",
  "noVariation",
  "noPeak",
  "atEdge",
  "aboveBeatNyquist",
  "notElevated",
  "poorFit",
  "notFollowing",
] as const);
const TOUCH_REFUSALS = Object.freeze(["guessed", "unsettled", "left"] as const);

export const absenceName = (absence: Absence): string => ABSENCE_NAMES[absence] ?? "none";
/** -1 if it is not such a name. */
export const absenceCode = (name: string): number => (ABSENCE_NAMES as readonly string[]).indexOf(name);
export const touchRefusalCode = (reason: (typeof TOUCH_REFUSALS)[number]): number => TOUCH_REFUSALS.indexOf(reason);
/** Keys of settings over the radio. Not the table's order, which changes when a group gets a new one. */
export const SETTING_KEYS: readonly SettingName[] = Object.freeze([
  "rateCentiPerMin",
  "inhalePermille",
  "strengthQ8",
  "style",
  "program",
  "sessionMs",
  "regionsOn",
  "regionsOff",
  "restingBpm",
  "floorBpm",
  "ageYears",
  "isSupervised",
  "sessionsADayMax",
  "sessionMinutesMax",
  "nudgesADayMax",
  "quietFromMinute",
  "quietToMinute",
  "isAdaptive",
  "isFading",
  "bellEveryMin",
  "bellFromMinute",
  "bellToMinute",
  "screening",
  "foundCentiPerMin",
  "foundSpreadCenti",
  "foundDay",
] as const);

export const programCode = (name: ProgramName): number => PROGRAM_NAMES.indexOf(name);
export const programOf = (code: number): ProgramName => PROGRAM_NAMES[code] ?? "breathe";
export const styleCode = (name: GuideStyleName): number => STYLE_NAMES.indexOf(name);
export const styleOf = (code: number): GuideStyleName => STYLE_NAMES[code] ?? "wave";
export const starterCode = (name: StartedBy): number => STARTERS.indexOf(name);
export const ruleCode = (name: string): number => RULE_NAMES.indexOf(name);
export const endCode = (name: EndReason): number => END_REASONS.indexOf(name);
export const refusalCode = (name: StartRefusal): number => REFUSALS.indexOf(name);
export const stateCode = (name: SessionState): number => SESSION_STATES.indexOf(name);
