import { elapsedMs } from "base/elapsed";
import type { Clock, Timers } from "base/host-parts";
import { type PaceRefusal, type PaceRequest, planBreath } from "haptics/breath-plan";
import type { CuePlayer } from "haptics/cue-player";
import { CUES, type CueName, cueLengthMs } from "haptics/cues";
import type { Pacer } from "haptics/pacer";
import type { GuideStyleName } from "haptics/styles";
import type { BodyReading } from "session/body";
import { type ButtonListener, Gesture } from "session/button";
import { PhaseRun } from "session/phase-run";
import { type Measure, type Phase, PROGRAMS, type Program, type ProgramName } from "session/programs";
import { PulseWatch } from "session/pulse-watch";
import { SESSION_CAPS } from "session/safety";
import type { SessionLog, StartRefusal } from "session/session-log";
import {
  rowFor,
  type SessionAction,
  type SessionEventName,
  type SessionRow,
  type SessionState,
} from "session/session-table";
import { phasesOf, type StartRequest, startRefusal, type UseHistory } from "session/start-rules";

/** A pause longer than this ends the session. */
export const PAUSE_MS_MAX = 5 * 60_000;
/** After "not OK" nothing invites to a session for this long; the wearer may (physiology 7.3). */
export const REST_MS = 30 * 60_000;
/** From the start cue's end to the first phase, so that the cue is felt by itself. */
const OPENING_MS = cueLengthMs(CUES.start) + 600;
const LOOK_MS = 1_000;

/** What the wearer has chosen; read when a session or phase begins. */
export interface SessionSettings {
  program: ProgramName;
  style: GuideStyleName;
  /** Within BREATH_LIMITS: change it by `Session.changePace`. */
  pace: PaceRequest;
  /** The pace may follow the swing of the heart. */
  isAdaptive: boolean;
  /** Regions that are off by default and that the wearer wants, and those that the wearer leaves out. */
  regionsOn: readonly string[];
  regionsOff: readonly string[];
}

export interface SessionOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly player: CuePlayer;
  readonly log: SessionLog;
  readonly settings: SessionSettings;
  readonly history: UseHistory;
}

/**
 * Interprets PROGRAMS by SESSION_TABLE: the only thing that starts and ends sessions. Everything it does happens in one
 * of its calls or in its own timer; there it looks once a second and at the end of a phase. Whatever throws, in here or
 * in what it calls, leaves it silent and idle.
 */
export class Session implements ButtonListener {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #player: CuePlayer;
  readonly #log: SessionLog;
  readonly #settings: SessionSettings;
  readonly #history: UseHistory;
  readonly #run: PhaseRun;
  readonly #pulse = new PulseWatch();
  readonly #onTimer: () => void;
  #timer: unknown;
  #state: SessionState = "idle";
  #isBatteryEmpty = false;
  #isResting = false;
  #restSinceMs = 0;

  #request: StartRequest = { program: "breathe", by: "app" };
  #program: Program | undefined;
  #phases: readonly Phase[] = [];
  #phaseIndex = -1;
  #phase: Phase | undefined;
  /** Host clock: the opening began, the first phase began, the pause began. */
  #openedMs = 0;
  #beganMs = 0;
  #pausedMs = 0;
  #isScoringOver = false;
  #rule: string | undefined;
  #scoredMs = 0;
  #scoredSinceMs = 0;

  constructor(options: SessionOptions) {
    this.#clock = options.clock;
    this.#timers = options.timers;
    this.#player = options.player;
    this.#log = options.log;
    this.#settings = options.settings;
    this.#history = options.history;
    this.#run = new PhaseRun(options.clock, options.player, options.settings);
    this.#onTimer = () => this.#awake();
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The program that is going on; undefined when idle. */
  get program(): Program | undefined {
    return this.#program;
  }

  get phase(): Phase | undefined {
    return this.#phase;
  }

  /** What is to be measured now; "nothing" whenever scores do not count. */
  get measures(): Measure {
    return this.#state === "running" && this.#phase !== undefined ? this.#phase.measures : "nothing";
  }

  /** The breath is being paced. */
  get isPacing(): boolean {
    const isGoing = this.#state === "running" || this.#state === "unscored" || this.#state === "pacedOnly";
    return isGoing && this.#run.isPacing;
  }

  /** Host clock of the pacing's time 0; counts only while `isPacing`. */
  get pacingSinceMs(): number {
    return this.#run.beganMs;
  }

  /** Read `turnQ16(atMs - pacingSinceMs)` only while `isPacing`, and for times since then. */
  get pacer(): Pacer {
    return this.#run.pacer;
  }

  /** Within half an hour of "not OK": nothing may invite. */
  get isResting(): boolean {
    if (this.#isResting && elapsedMs(this.#clock.ticks, this.#restSinceMs) >= REST_MS) this.#isResting = false;
    return this.#isResting;
  }

  /** A finger came down: silent until it is known what it means. */
  onPress(): void {
    this.#player.muted = true;
  }

  onGesture(gesture: Gesture, pressedAtMs: number): void {
    this.#player.muted = false;
    if (gesture === Gesture.Long) this.#fire("stop");
    else if (gesture === Gesture.Double) this.#fire("notOk");
    else if (gesture === Gesture.Short) this.#pressed(pressedAtMs);
  }

  /** Begins a program. Undefined is success; otherwise the reason, which the wearer is told by the cue `refused`. */
  start(request: StartRequest): StartRefusal | undefined {
    const isBusy = this.#state !== "idle";
    const reason = startRefusal(request, this.#settings, this.#history, isBusy, this.isResting, this.#isBatteryEmpty);
    if (reason === undefined) {
      this.#request = request;
      this.#fire("start");
    } else {
      this.#log.record({ kind: "refused", atMs: this.#clock.ticks, program: request.program, reason });
      if (!isBusy && request.by !== "nudge") this.#cue("refused");
    }
    return reason;
  }

  /** From the app: what the long press does. */
  stop(): void {
    this.#fire("stop");
  }
  notOk(): void {
    this.#fire("notOk");
  }
  pause(): void {
    this.#fire("pause");
  }
  resume(): void {
    this.#fire("resume");
  }
  link(): void {
    this.#fire("link");
  }
  bell(): void {
    this.#fire("bell");
  }
  nudge(): void {
    this.#fire("nudge");
  }
  batteryLow(): void {
    this.#fire("batteryLow");
  }
  set isBatteryEmpty(isEmpty: boolean) {
    const isNew = isEmpty && !this.#isBatteryEmpty;
    this.#isBatteryEmpty = isEmpty;
    if (isNew) this.#fire("batteryEmpty");
  }
  /** Something else threw. Call it from the outermost handler, after the motor has been switched off. */
  fault(): void {
    this.#fire("fault");
  }

  /**
   * The wearer's rate and ratio from the next breath on, and for later sessions; no more adapting in this one.
   * Undefined is success. Programs that set the pace themselves go on with theirs.
   */
  changePace(request: PaceRequest): PaceRefusal | undefined {
    const result = planBreath(request);
    if (!result.ok) return result.reason;
    this.#settings.pace = request;
    this.#run.endAdapting();
    if (this.#phase === undefined || this.#state === "paused") return undefined;
    this.#run.changePace(result.plan);
    this.#armNext();
    return undefined;
  }

  /** A stop rule speaks: the session ends gently, and its name goes to the log. */
  endByRule(rule: string): void {
    this.#rule = rule;
    this.#fire("ruleEnds");
    this.#rule = undefined;
  }
  /** Scores are over for this session; pacing goes on. */
  endScoring(): void {
    this.#isScoringOver = true;
    this.#fire("scoringOver");
  }

  /** Once a second, from whoever measures. */
  observe(reading: BodyReading): void {
    this.#pulse.observe(reading, this.#clock.ticks);
    this.#run.observe(reading);
  }

  #pressed(pressedAtMs: number): void {
    const phase = this.#phase;
    if (this.#state === "idle") this.start({ program: this.#settings.program, by: "button" });
    else if (phase === undefined || phase.press === "end" || this.#state === "paused") this.#fire("shortPress");
    else if (phase.press === "answer") {
      const rating = this.#run.countedAt(pressedAtMs);
      if (rating === 0) return;
      this.#answer(phase, rating);
      this.#phaseOver();
    } else if (elapsedMs(pressedAtMs, this.#run.beganMs) >= (phase.pressFromMs ?? 0)) this.#phaseOver();
  }

  #answer(phase: Phase, rating: number | undefined): void {
    this.#log.record({ kind: "answer", atMs: this.#clock.ticks, phase: phase.id, rating });
  }

  #phaseOver(): void {
    this.#fire(this.#phaseIndex + 1 < this.#phases.length ? "phaseOver" : "programOver");
  }

  #fire(event: SessionEventName): void {
    const row = rowFor(this.#state, event);
    if (row === undefined) return;
    try {
      for (const action of row.does) this.#do(action);
      if (row.ends !== undefined) this.#finish(row);
      if (row.to !== undefined) this.#enter(row.to);
      if (row.cue !== undefined) this.#cue(row.cue);
    } catch (cause) {
      this.#collapse();
      throw cause;
    }
    this.#armNext();
  }

  #do(action: SessionAction): void {
    switch (action) {
      case "silence":
        this.#player.stop();
        return;
      case "begin":
        this.#begin();
        return;
      case "nextPhase":
        this.#nextPhase();
        return;
      case "endGuide":
        this.#player.endGuide();
        return;
      case "hold":
        this.#pausedMs = this.#clock.ticks;
        this.#run.hold();
        return;
      case "goOn":
        this.#pulse.begin(this.#clock.ticks);
        this.#run.goOn(OPENING_MS);
        return;
      case "rest":
        this.#isResting = true;
        this.#restSinceMs = this.#clock.ticks;
        this.#log.record({ kind: "notOk", atMs: this.#restSinceMs });
        return;
    }
  }

  #cue(name: CueName): void {
    if (this.#isBatteryEmpty || !this.#player.play(name)) return;
    this.#log.record({ kind: "cue", atMs: this.#clock.ticks, cue: name });
  }

  #enter(state: SessionState): void {
    const nowMs = this.#clock.ticks;
    if (this.#state === "running") this.#scoredMs += elapsedMs(nowMs, this.#scoredSinceMs);
    if (state === "running") this.#scoredSinceMs = nowMs;
    this.#state = state;
    this.#log.record({ kind: "state", atMs: nowMs, state });
    if (state === "running" && this.#isScoringOver) this.#enter("pacedOnly");
  }

  #begin(): void {
    const { program, by } = this.#request;
    const nowMs = this.#clock.ticks;
    this.#program = PROGRAMS[program];
    this.#phases = phasesOf(this.#program, this.#settings);
    this.#phaseIndex = -1;
    this.#phase = undefined;
    this.#openedMs = nowMs;
    this.#isScoringOver = false;
    this.#scoredMs = 0;
    this.#log.record({ kind: "started", atMs: nowMs, program, by });
  }

  #nextPhase(): void {
    const phase = this.#phases[++this.#phaseIndex];
    if (phase === undefined) throw new RangeError("no phase is left"); // #phaseOver fires this only if there is one
    const nowMs = this.#clock.ticks;
    if (this.#phaseIndex === 0) {
      this.#beganMs = nowMs;
      this.#pulse.begin(nowMs);
    }
    this.#phase = phase;
    const chosenMs = phase.chosenMsMin === undefined ? undefined : this.#request.chosenMs;
    this.#run.start(phase, chosenMs ?? phase.durationMs);
    const plannedMs = elapsedMs(this.#run.endsMs, nowMs);
    this.#log.record({ kind: "phase", atMs: nowMs, phase: phase.id, plannedMs });
    if (phase.cue !== undefined) this.#cue(phase.cue);
  }

  #finish(row: SessionRow): void {
    const nowMs = this.#clock.ticks;
    const scoredNowMs = this.#state === "running" ? elapsedMs(nowMs, this.#scoredSinceMs) : 0;
    const lastedMs = this.#phase === undefined ? 0 : elapsedMs(nowMs, this.#beganMs);
    this.#program = undefined;
    this.#phase = undefined;
    this.#run.end();
    this.#log.record({
      kind: "ended",
      atMs: nowMs,
      program: this.#request.program,
      reason: row.ends ?? "completed",
      rule: this.#rule,
      lastedMs,
      scoredMs: this.#scoredMs + scoredNowMs,
    });
  }

  #collapse(): void {
    this.#player.stop();
    this.#state = "idle";
    this.#program = undefined;
    this.#phase = undefined;
    this.#run.end();
    this.#disarm();
  }

  #awake(): void {
    this.#timer = undefined;
    try {
      this.#look();
    } catch (cause) {
      this.#collapse();
      throw cause;
    }
    this.#armNext();
  }

  /** What time alone brings about. The cap comes before all but the regular end in the same moment. */
  #look(): void {
    const nowMs = this.#clock.ticks;
    if (this.#state === "idle") return;
    if (this.#state === "opening") {
      if (elapsedMs(nowMs, this.#openedMs) >= OPENING_MS) this.#fire("opened");
      return;
    }
    const isPaused = this.#state === "paused";
    const isPhaseOver = !isPaused && this.#run.isOver;
    const isLast = this.#phaseIndex + 1 === this.#phases.length;
    if (elapsedMs(nowMs, this.#beganMs) >= this.#capMs() && !(isPhaseOver && isLast)) {
      this.#fire("capReached");
    } else if (isPaused) {
      if (elapsedMs(nowMs, this.#pausedMs) >= PAUSE_MS_MAX) this.#fire("pausedTooLong");
    } else if (isPhaseOver) {
      if (this.#phase?.press === "answer") this.#answer(this.#phase, undefined);
      this.#phaseOver();
    } else {
      this.#lookAtPulse(nowMs);
      this.#run.look();
    }
  }

  #lookAtPulse(nowMs: number): void {
    const isMeasured = this.#phase?.measures !== "nothing";
    if (this.#state === "running" && isMeasured && this.#pulse.isLost(nowMs)) this.#fire("sensorLost");
    else if (this.#state === "unscored" && this.#pulse.isBack(nowMs)) this.#fire("sensorBack");
  }

  #capMs(): number {
    const cap = SESSION_CAPS[this.#program?.cap ?? "session"];
    return this.#history.isWeekOne ? cap.weekOneCapMs : cap.capMs;
  }

  /** One timer: the next look, or sooner if the opening, the phase or the cap ends sooner. */
  #armNext(): void {
    this.#disarm();
    if (this.#state === "idle") return;
    const nowMs = this.#clock.ticks;
    let waitMs = LOOK_MS;
    if (this.#state === "opening") waitMs = OPENING_MS - elapsedMs(nowMs, this.#openedMs);
    else {
      waitMs = Math.min(waitMs, this.#capMs() - elapsedMs(nowMs, this.#beganMs));
      if (this.#state !== "paused") waitMs = Math.min(waitMs, elapsedMs(this.#run.endsMs, nowMs));
    }
    this.#timer = this.#timers.set(this.#onTimer, Math.max(0, waitMs));
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
  }
}
