/**
 * Numbers by which names are kept in the log and told to observers. A number, once given, never changes its meaning:
 * new names are appended. `tests/band/codes.test.ts` has them all by hand.
 */
import type { GuideStyleName } from "haptics/styles";
import { PROGRAMS, type ProgramName } from "session/programs";
import { SAFETY_RULES } from "session/safety";
import type { StartedBy, StartRefusal } from "session/session-log";
import { type EndReason, SESSION_STATES, type SessionState } from "session/session-table";

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
