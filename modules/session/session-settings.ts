import type { Clock, KeyValueStore, Timers } from "base/host-parts";
import type { PaceRequest } from "haptics/breath-plan";
import type { CuePlayer } from "haptics/cue-player";
import type { GuideStyleName } from "haptics/styles";
import type { TouchTrial } from "haptics/touch-trial";
import type { PacePicker, RecoveryFinder } from "session/findings";
import type { InvitationSettings } from "session/invitations";
import type { SafetyLimits } from "session/limits";
import type { Calendar } from "session/nudge-memory";
import type { ProgramName } from "session/programs";
import type { SessionLog } from "session/session-log";
import type { UseHistory } from "session/start-rules";
import type { Wearer } from "session/stop-rules";

/** What the wearer has chosen; read when it is needed. */
export interface SessionSettings {
  program: ProgramName;
  style: GuideStyleName;
  /** Within the limits: change it by `Session.changePace`. */
  pace: PaceRequest;
  /** Length of `breathe` when the button starts it. */
  breatheMs: number;
  /** The pace may follow the swing of the heart. */
  isAdaptive: boolean;
  /** The touch may fade while the wearer follows. */
  isFading: boolean;
  /** Regions that are off by default and that the wearer wants, and those that the wearer leaves out. */
  regionsOn: readonly string[];
  regionsOff: readonly string[];
  invitations: InvitationSettings;
  wearer: Wearer;
  /** Of `usualLimits`, or of `supervise`. */
  limits: SafetyLimits;
  screening: Screening;
  /** A clinician has set the limits. */
  isSupervised: boolean;
}

/** What is known of the screening before first use: see start-rules. Which of its points applies, the band never learns. */
export type Screening = "notAsked" | "clear" | "applies";

export interface SessionOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly player: CuePlayer;
  readonly log: SessionLog;
  readonly settings: SessionSettings;
  readonly history: UseHistory;
  readonly calendar: Calendar;
  readonly store: KeyValueStore;
  /** Without them those programs go on and find nothing. */
  readonly recoveryFinder?: RecoveryFinder;
  readonly pacePicker?: PacePicker;
  /** Without it the program `feel` is refused. */
  readonly touchTrial?: TouchTrial;
}
