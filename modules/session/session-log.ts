import type { CueName } from "haptics/cues";
import type { PaceFinding, RecoveryFinding } from "session/findings";
import type { ProgramName } from "session/programs";
import type { EndReason, SessionState } from "session/session-table";

/** Why a session was not started. */
export type StartRefusal =
  | "busy"
  | "batteryEmpty"
  | "afterWeekOne"
  | "dayFull"
  | "resting"
  | "lengthOutOfRange"
  | "nothingLeft"
  | "noTrial"
  | "pace"
  | "screening";

/** What happens in sessions, for storage, page and tests. `atMs` is the host clock. */
export type SessionEvent =
  | { readonly kind: "refused"; readonly atMs: number; readonly program: ProgramName; readonly reason: StartRefusal }
  | { readonly kind: "started"; readonly atMs: number; readonly program: ProgramName; readonly by: StartedBy }
  | {
      readonly kind: "phase";
      readonly atMs: number;
      readonly phase: string;
      /** Its place in the program's table, skipped ones counted. */
      readonly index: number;
      readonly plannedMs: number;
    }
  | { readonly kind: "state"; readonly atMs: number; readonly state: SessionState }
  | { readonly kind: "cue"; readonly atMs: number; readonly cue: CueName }
  /** One to five, or no answer. */
  | { readonly kind: "answer"; readonly atMs: number; readonly phase: string; readonly rating: number | undefined }
  | {
      readonly kind: "ended";
      readonly atMs: number;
      readonly program: ProgramName;
      readonly reason: EndReason;
      /** Name of the stop rule, if one ended it. */
      readonly rule: string | undefined;
      /** From the first phase on; of these, those in which scores count. */
      readonly lastedMs: number;
      readonly scoredMs: number;
    }
  | { readonly kind: "notOk"; readonly atMs: number }
  /** Scores are over for this session: the stop rule's name. */
  | { readonly kind: "scoringOver"; readonly atMs: number; readonly rule: string }
  /** The pace was made easier by the stop rule. */
  | { readonly kind: "eased"; readonly atMs: number; readonly rule: string; readonly rateCentiPerMin: number }
  | { readonly kind: "recovery"; readonly atMs: number; readonly finding: RecoveryFinding }
  | { readonly kind: "pace"; readonly atMs: number; readonly finding: PaceFinding };

export type StartedBy = "button" | "app" | "nudge";

/** Storage, the resilience service and tests listen in; called in the order of events, must be quick. */
export interface SessionLog {
  record(event: SessionEvent): void;
}
