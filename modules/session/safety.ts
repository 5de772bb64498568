import { frozen } from "base/frozen";
import type { CueName } from "haptics/cues";
import type { LimitName } from "session/limits";
import type { SessionEvent } from "session/session-log";
import type { EndReason } from "session/session-table";

/** What a rule brings about. */
export type RuleAction =
  /** Silent within 200 ms, session over, no questions. */
  | "stop"
  /** The guide ends, then the end cue. */
  | "end"
  /** Scores are over for this session; pacing goes on. */
  | "endScoring"
  /** A faster pace, once in a session; if there is none or it does not help: end. */
  | "ease"
  /** Time is not scored until it is over. */
  | "unscore"
  /** It does not begin, or is not set. */
  | "refuse"
  /** The motor does not run. */
  | "silent";

/** One row of the safety table: `docs/safety.md` shows it, the session keeps it, a test compares the two. */
export interface SafetyRule {
  readonly when: string;
  readonly evidence: string;
  /** The numbers in it, by their names in LIMITS; a supervisor may tighten them. */
  readonly limits: readonly LimitName[];
  readonly action: RuleAction;
  readonly does: string;
  readonly cue: CueName | undefined;
  /** What the log then holds; undefined where nothing happens that could be logged. */
  readonly logs: SessionEvent["kind"] | undefined;
  readonly ends?: EndReason;
}

/** In a session, on skin, clean and still: what the heart rules ask for. */
const EVIDENCE = "worn, clean signal, still; a doubtful second neither counts nor clears, ten of them do clear";

export const SAFETY_RULES = frozen({
  stopGesture: {
    when: "long press, any time, any state",
    evidence: "the button alone; silent from the first contact on, recognised after 600 ms",
    limits: [],
    action: "stop",
    does: "motor off within 200 ms, session closed, no questions",
    cue: "stopAccepted",
    logs: "ended",
    ends: "stopGesture",
  },
  notOk: {
    when: "double press, any time, any state",
    evidence: "the button alone; silent from the first contact on",
    limits: ["restMs"],
    action: "stop",
    does: "stop, grounding cue (eyes open, name five things), nothing invites for a while; the wearer may start anew",
    cue: "grounding",
    logs: "ended",
    ends: "notOk",
  },
  heartHigh: {
    when: "the heart rate is far above the resting rate, or near the limit of the age, while at rest",
    evidence: EVIDENCE,
    limits: ["heartAboveRestBpm", "heartOfAgePercent", "heartHighForMs"],
    action: "end",
    does: "end gently, suggest rest",
    cue: "end",
    logs: "ended",
    ends: "rule",
  },
  heartLow: {
    when: "the heart rate is below its floor",
    evidence: EVIDENCE,
    limits: ["heartFloorBpm", "heartLowForMs"],
    action: "end",
    does: "end gently",
    cue: "end",
    logs: "ended",
    ends: "rule",
  },
  heartClimbs: {
    when: "the heart rate of half a minute is well above that of another in the three minutes before, breath paced",
    evidence: EVIDENCE,
    limits: ["heartClimbBpm"],
    action: "ease",
    does: "offer a faster, softer pace once; if three minutes later it is still up, or there is no faster one: end",
    cue: "ease",
    logs: "eased",
  },
  irregular: {
    when: "many beats come early or late by more than breathing explains",
    evidence: "worn, still",
    limits: ["irregularPercent", "irregularForMs"],
    action: "endScoring",
    does: "end scoring; pacing goes on without scores",
    cue: undefined,
    logs: "scoringOver",
  },
  sensorLost: {
    when: "no pulse in a phase that measures",
    evidence: "not worn, or no heart rate, or nobody tells",
    limits: ["sensorLostMs"],
    action: "unscore",
    does: "pacing goes on, this time is not scored",
    cue: "sensorLost",
    logs: "state",
  },
  cap: {
    when: "the session has lasted as long as it may, pauses included",
    evidence: "the clock alone",
    limits: ["sessionMs", "sessionWeekOneMs", "assessmentMs", "assessmentWeekOneMs"],
    action: "end",
    does: "end",
    cue: "end",
    logs: "ended",
    ends: "cap",
  },
  pause: {
    when: "a pause has lasted as long as it may",
    evidence: "the clock alone",
    limits: ["pauseMs"],
    action: "end",
    does: "end",
    cue: "end",
    logs: "ended",
    ends: "pausedTooLong",
  },
  dayFull: {
    when: "as many sessions today as there may be",
    evidence: "the log",
    limits: ["sessionsADay"],
    action: "refuse",
    does: "no more sessions today",
    cue: "refused",
    logs: "refused",
  },
  pace: {
    when: "a breathing pace beyond its bounds is asked for, by the page, the settings or a program",
    evidence: "the request",
    limits: [
      "rateCentiPerMinMin",
      "rateCentiPerMinMax",
      "exhaleMsMax",
      "holdMsMax",
      "inhalePermilleMin",
      "inhalePermilleMax",
    ],
    action: "refuse",
    does: "refused with its reason; nothing changes",
    cue: "refused",
    logs: "refused",
  },
  nudge: {
    when: "a nudge would come too often, or while not worn, moving, resting, in a session or in quiet hours",
    evidence: "off unless the wearer switched it on; never without the time of day",
    limits: ["nudgesADay", "nudgeApartMs", "restMs"],
    action: "silent",
    does: "no nudge",
    cue: undefined,
    logs: undefined,
  },
  batteryEmpty: {
    when: "the battery is empty",
    evidence: "the gauge",
    limits: [],
    action: "stop",
    does: "silent, session closed, no cues until it is charged",
    cue: undefined,
    logs: "ended",
    ends: "batteryEmpty",
  },
  fault: {
    when: "anything in the firmware throws",
    evidence: "the outermost handler",
    limits: [],
    action: "stop",
    does: "motor off first, session closed",
    cue: undefined,
    logs: "ended",
    ends: "fault",
  },
  screening: {
    when: "something of the screening applies and no clinician has set limits; or it was not answered and a breath is held",
    evidence: "the setting, which the page or an app makes",
    limits: [],
    action: "refuse",
    does: "nothing begins; while it is not answered the first week's limits hold as well",
    cue: "refused",
    logs: "refused",
  },
} as const satisfies Record<string, SafetyRule>);

export type RuleName = keyof typeof SAFETY_RULES;

/** No score is shown in the first sessions: a number invites striving before there is a habit (physiology 7.4). */
export const SESSIONS_WITHOUT_SCORE = 3;
