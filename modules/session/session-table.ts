import { frozen } from "base/frozen";
import type { CueName } from "haptics/cues";

/**
 * The session engine as a table; `docs/programs.md` shows it and the exhaustive walk goes through it.
 * A pair of state and event that has no row does nothing.
 */
export const SESSION_STATES = Object.freeze(["idle", "opening", "running", "unscored", "pacedOnly", "paused"] as const);

/**
 * idle: nothing goes on, at most a last cue. opening: the start cue. running: a phase, scores count. unscored: the pulse
 * is lost, pacing goes on. pacedOnly: scores are over for this session, pacing goes on. paused: silent until resumed.
 */
export type SessionState = (typeof SESSION_STATES)[number];

export const SESSION_EVENTS = Object.freeze([
  "start",
  "opened",
  "shortPress",
  "stop",
  "notOk",
  "pause",
  "resume",
  "pausedTooLong",
  "phaseOver",
  "programOver",
  "sensorLost",
  "sensorBack",
  "scoringOver",
  "eased",
  "capReached",
  "ruleEnds",
  "batteryLow",
  "batteryEmpty",
  "fault",
  "nudge",
  "bell",
  "link",
] as const);

export type SessionEventName = (typeof SESSION_EVENTS)[number];

export type EndReason =
  | "completed"
  | "wearer"
  | "stopGesture"
  | "notOk"
  | "pausedTooLong"
  | "cap"
  | "rule"
  | "batteryEmpty"
  | "fault";

/**
 * silence: motor off and nothing to come, before anything else. begin: the program and its clock. nextPhase: the next
 * phase and its guide. endGuide: no more pacing. hold, goOn: stop and resume the phase. rest: no invitations for a while.
 * ease: a faster pace from the next breath on.
 */
export type SessionAction =
  | "silence"
  | "begin"
  | "nextPhase"
  | "endGuide"
  | "hold"
  | "goOn"
  | "rest"
  | "ease"
  | "endScoring";

export interface SessionRow {
  readonly from: readonly SessionState[];
  readonly on: SessionEventName;
  /** Absent: the state stays. */
  readonly to?: SessionState;
  /** In this order. */
  readonly does: readonly SessionAction[];
  /** After the actions. */
  readonly cue?: CueName;
  readonly ends?: EndReason;
}

const PACED = ["running", "unscored", "pacedOnly"] as const;
const ACTIVE = ["opening", ...PACED, "paused"] as const;
const ALL = SESSION_STATES;

export const SESSION_TABLE: readonly SessionRow[] = frozen([
  { from: ["idle"], on: "start", to: "opening", does: ["silence", "begin"], cue: "start" },
  { from: ["opening"], on: "opened", to: "running", does: ["nextPhase"] },
  { from: PACED, on: "phaseOver", does: ["nextPhase"] },
  { from: PACED, on: "programOver", to: "idle", does: ["endGuide"], cue: "end", ends: "completed" },

  { from: ACTIVE, on: "shortPress", to: "idle", does: ["silence"], cue: "end", ends: "wearer" },
  { from: ["idle"], on: "stop", does: ["silence"], cue: "stopAccepted" },
  { from: ACTIVE, on: "stop", to: "idle", does: ["silence"], cue: "stopAccepted", ends: "stopGesture" },
  { from: ["idle"], on: "notOk", does: ["silence", "rest"], cue: "grounding" },
  { from: ACTIVE, on: "notOk", to: "idle", does: ["silence", "rest"], cue: "grounding", ends: "notOk" },

  { from: PACED, on: "pause", to: "paused", does: ["silence", "hold"], cue: "paused" },
  { from: ["paused"], on: "resume", to: "running", does: ["goOn"], cue: "start" },
  { from: ["paused"], on: "pausedTooLong", to: "idle", does: ["silence"], cue: "end", ends: "pausedTooLong" },

  { from: ["running"], on: "sensorLost", to: "unscored", does: [], cue: "sensorLost" },
  { from: ["unscored"], on: "sensorBack", to: "running", does: [] },
  { from: ["running", "unscored"], on: "scoringOver", to: "pacedOnly", does: ["endScoring"] },

  { from: PACED, on: "eased", does: ["ease"], cue: "ease" },

  { from: ACTIVE, on: "capReached", to: "idle", does: ["endGuide"], cue: "end", ends: "cap" },
  { from: ACTIVE, on: "ruleEnds", to: "idle", does: ["endGuide"], cue: "end", ends: "rule" },
  { from: ALL, on: "batteryLow", does: [], cue: "batteryLow" },
  { from: ["idle"], on: "batteryEmpty", does: ["silence"] },
  { from: ACTIVE, on: "batteryEmpty", to: "idle", does: ["silence"], ends: "batteryEmpty" },
  { from: ["idle"], on: "fault", does: ["silence"] },
  { from: ACTIVE, on: "fault", to: "idle", does: ["silence"], ends: "fault" },

  { from: ["idle"], on: "nudge", does: [], cue: "nudge" },
  { from: ["idle"], on: "bell", does: [], cue: "bell" },
  { from: ["idle"], on: "link", does: [], cue: "link" },
] as const satisfies readonly SessionRow[]);

/** The row for a state and an event; undefined if there is none: nothing happens. */
export function rowFor(state: SessionState, event: SessionEventName): SessionRow | undefined {
  return SESSION_TABLE.find((row) => row.on === event && row.from.includes(state));
}
