import { elapsedMs } from "base/elapsed";
import type { Clock } from "base/host-parts";
import { type PaceRefusal, type PaceRequest, planBreath } from "haptics/breath-plan";
import type { CuePlayer } from "haptics/cue-player";
import type { Pacer } from "haptics/pacer";
import type { BodyReading } from "session/body";
import { type ButtonListener, Gesture } from "session/button";
import { SessionEngine } from "session/engine";
import { Invitation, Invitations } from "session/invitations";
import type { ProgramRun } from "session/program-run";
import type { Measure, Phase, Program } from "session/programs";
import { SESSIONS_WITHOUT_SCORE } from "session/safety";
import type { SessionLog, StartRefusal } from "session/session-log";
import type { SessionOptions, SessionSettings } from "session/session-settings";
import type { SessionState } from "session/session-table";
import { type StartRequest, startRefusal, type UseHistory } from "session/start-rules";
import { RuleVerdict, StopRules } from "session/stop-rules";

/** A press this soon after a nudge or a bell takes up the invitation. */
const INVITED_MS = 60_000;

/**
 * The doors to a session: the button, the app, whoever measures, and time. Nothing else starts, changes or ends one.
 * Whatever throws behind them leaves the band silent and idle.
 */
export class Session implements ButtonListener {
  readonly #clock: Clock;
  readonly #player: CuePlayer;
  readonly #log: SessionLog;
  readonly #settings: SessionSettings;
  readonly #history: UseHistory;
  readonly #hasTrial: boolean;
  readonly #engine: SessionEngine;
  readonly #run: ProgramRun;
  readonly #rules = new StopRules();
  readonly #invitations: Invitations;
  /** Host clock: the last invitation. */
  #invitedMs: number | undefined;

  constructor(options: SessionOptions) {
    this.#clock = options.clock;
    this.#player = options.player;
    this.#log = options.log;
    this.#settings = options.settings;
    this.#history = options.history;
    this.#hasTrial = options.touchTrial !== undefined;
    this.#engine = new SessionEngine(options);
    this.#run = this.#engine.run;
    this.#invitations = new Invitations(options.calendar, options.store, options.clock.ticks);
  }

  get state(): SessionState {
    return this.#engine.state;
  }

  /** The program that is going on; undefined when idle. */
  get program(): Program | undefined {
    return this.#run.program;
  }

  get phase(): Phase | undefined {
    return this.#run.phase;
  }

  /** What is to be measured now; "nothing" whenever scores do not count. */
  get measures(): Measure {
    return (this.#engine.state === "running" ? this.#run.phase?.measures : undefined) ?? "nothing";
  }

  /** Not in the first three sessions: then the page shows what was done, not how well. */
  get showsScore(): boolean {
    return this.#history.sessionsEver >= SESSIONS_WITHOUT_SCORE;
  }

  /** The breath is being paced. */
  get isPacing(): boolean {
    return this.#engine.isGoing && this.#run.phases.isPacing;
  }

  /** Host clock of the pacing's time 0; counts only while `isPacing`. */
  get pacingSinceMs(): number {
    return this.#run.phases.beganMs;
  }

  /** Read `turnQ16(atMs - pacingSinceMs)` only while `isPacing`, and for times since then. */
  get pacer(): Pacer {
    return this.#run.phases.pacer;
  }

  /** Hundredths of a breath a minute; counts only while `isPacing`. */
  get rateCentiPerMin(): number {
    const pace = this.#run.phase?.pace;
    return typeof pace === "object" ? pace.rateCentiPerMin : this.#run.phases.pace.rateCentiPerMin;
  }

  /** For a while after "not OK": nothing may invite. */
  get isResting(): boolean {
    return this.#engine.isResting;
  }

  /** A finger came down: silent until it is known what it means. */
  onPress(): void {
    this.#player.muted = true;
  }

  onGesture(gesture: Gesture, pressedAtMs: number): void {
    this.#player.muted = false;
    if (gesture === Gesture.Long) this.#engine.fire("stop");
    else if (gesture === Gesture.Double) this.notOk();
    else if (gesture === Gesture.Short) this.#engine.guarded(() => this.#pressed(pressedAtMs));
  }

  /** Begins a program. Undefined is success; otherwise the reason, which the wearer is told by the cue `refused`. */
  start(request: StartRequest): StartRefusal | undefined {
    const reason = this.#refusal(request);
    this.#engine.guarded(() => {
      if (reason === undefined) {
        this.#invitedMs = undefined;
        this.#rules.begin(this.#clock.ticks);
        this.#engine.request = request;
        this.#engine.step("start");
        return;
      }
      this.#log.record({ kind: "refused", atMs: this.#clock.ticks, program: request.program, reason });
      if (this.#engine.state === "idle") this.#engine.cue("refused");
    });
    return reason;
  }

  #refusal(request: StartRequest): StartRefusal | undefined {
    return startRefusal(request, this.#settings, this.#history, {
      isBusy: this.#engine.state !== "idle",
      isResting: this.isResting,
      isBatteryEmpty: this.#engine.isBatteryEmpty,
      hasTrial: this.#hasTrial,
    });
  }

  /** From the app: what the long press does. */
  stop(): void {
    this.#engine.fire("stop");
  }
  notOk(): void {
    this.#invitedMs = undefined;
    this.#engine.fire("notOk");
  }
  pause(): void {
    this.#engine.fire("pause");
  }
  resume(): void {
    this.#engine.fire("resume");
  }
  link(): void {
    this.#engine.fire("link");
  }
  batteryLow(): void {
    this.#engine.fire("batteryLow");
  }
  set isBatteryEmpty(isEmpty: boolean) {
    const isNew = isEmpty && !this.#engine.isBatteryEmpty;
    this.#engine.isBatteryEmpty = isEmpty;
    if (isNew) this.#engine.fire("batteryEmpty");
  }
  /** Something else threw. Call it from the outermost handler, after the motor has been switched off. */
  fault(): void {
    this.#engine.fire("fault");
  }

  /**
   * The wearer's rate and ratio from the next breath on, and for later sessions; no more adapting in this one.
   * Undefined is success. Programs that set the pace themselves go on with theirs.
   */
  changePace(request: PaceRequest): PaceRefusal | undefined {
    const result = planBreath(request, this.#settings.limits);
    if (!result.ok) return result.reason;
    this.#settings.pace = request;
    if (this.#run.phase !== undefined) this.#engine.guarded(() => this.#run.phases.choosePace(request, result.plan));
    return undefined;
  }

  /** Once a second, from whoever measures. */
  observe(reading: BodyReading): void {
    this.#engine.guarded(() => {
      const nowMs = this.#clock.ticks;
      this.#engine.pulse.observe(reading, nowMs);
      this.#run.phases.observe(reading);
      if (this.#engine.isGoing) this.#judge(reading);
      this.#invite(reading);
    });
  }

  #judge(reading: BodyReading): void {
    const { limits, phases } = this.#run;
    const verdict = this.#rules.second(reading, limits, this.#settings.wearer, phases.isPacing, this.#clock.ticks);
    if (verdict === RuleVerdict.None) return;
    const { rule } = this.#rules;
    if (verdict === RuleVerdict.EndScoring) this.#engine.step("scoringOver", rule);
    else if (verdict === RuleVerdict.Ease && phases.ease()) this.#engine.step("eased", rule);
    else this.#engine.step("ruleEnds", rule);
  }

  /** The only way to a nudge or a bell. */
  #invite(reading: BodyReading): void {
    const { invitations, limits } = this.#settings;
    const isFree = this.#engine.state === "idle" && !this.#player.isCueing && !this.#player.muted;
    // Asked last: it makes garbage, and mostly nobody wants to be invited.
    const isWanted = invitations.isNudgeOn || invitations.isBellOn;
    const mayInvite = isWanted && isFree && this.#refusal({ program: "moment", by: "nudge" }) === undefined;
    const invitation = this.#invitations.second(reading, invitations, limits, mayInvite, this.#clock.ticks);
    if (invitation === Invitation.None) return;
    this.#invitedMs = this.#clock.ticks;
    this.#engine.step(invitation === Invitation.Nudge ? "nudge" : "bell");
  }

  /** What the button starts. */
  #chosen(): StartRequest {
    const { program, breatheMs } = this.#settings;
    return program === "breathe" ? { program, by: "button", chosenMs: breatheMs } : { program, by: "button" };
  }

  #pressed(pressedAtMs: number): void {
    const { phase, phases } = this.#run;
    if (this.#engine.state === "idle") {
      const isInvited = this.#invitedMs !== undefined && elapsedMs(pressedAtMs, this.#invitedMs) < INVITED_MS;
      this.start(isInvited ? { program: "moment", by: "nudge" } : this.#chosen());
    } else if (phase === undefined || phase.press === "end" || this.#engine.state === "paused")
      this.#engine.step("shortPress");
    else if (phase.press === "felt") phases.felt(pressedAtMs);
    else if (phase.press === "answer") {
      const rating = phases.countedAt(pressedAtMs);
      if (rating === 0) return;
      this.#engine.answer(phase, rating);
      this.#engine.phaseOver();
    } else if (elapsedMs(pressedAtMs, phases.beganMs) >= (phase.pressFromMs ?? 0)) this.#engine.phaseOver();
  }
}
