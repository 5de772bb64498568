import { elapsedMs } from "base/elapsed";
import type { Clock, Timers } from "base/host-parts";
import { BreathGuide } from "haptics/breath-guide";
import { type BreathPlan, DEFAULT_PACE, type PaceRefusal, type PaceRequest, planBreath } from "haptics/breath-plan";
import { countedAt, countGuide } from "haptics/count-guide";
import type { CuePlayer } from "haptics/cue-player";
import { CUES, cueLengthMs } from "haptics/cues";
import { HeartGuide } from "haptics/heart-guide";
import { type BreathEdges, Pacer } from "haptics/pacer";
import { BREATH_STYLES, type GuideStyleName } from "haptics/styles";
import type { BodyReading } from "session/body";
import { type ButtonListener, Gesture } from "session/button";
import { type Measure, type Phase, PROGRAMS, type Program, type ProgramName } from "session/programs";
import { SESSION_CAPS, SESSIONS_A_DAY_MAX } from "session/safety";
import type { SessionLog, StartedBy, StartRefusal } from "session/session-log";
import {
  rowFor,
  type SessionAction,
  type SessionEventName,
  type SessionRow,
  type SessionState,
} from "session/session-table";

/** Without a pulse for this long the time is unscored; with one for this long it counts again. */
export const SENSOR_LOST_MS = 10_000;
export const SENSOR_BACK_MS = 3_000;
/** A pause longer than this ends the session. */
export const PAUSE_MS_MAX = 5 * 60_000;
/** After "not OK" nothing invites to a session for this long; the wearer may. */
export const REST_MS = 30 * 60_000;
/** From the start cue's end to the first phase, so that the cue is felt by itself. */
const OPENING_MS = cueLengthMs(CUES.start) + 600;
const LOOK_MS = 1_000;

/** What the wearer has chosen. */
export interface SessionSettings {
  program: ProgramName;
  style: GuideStyleName;
  pace: PaceRequest;
  /** Regions that are off by default and that the wearer wants, and those that the wearer leaves out. */
  regionsOn: readonly string[];
  regionsOff: readonly string[];
}

/** What the log knows of earlier days. */
export interface UseHistory {
  readonly isWeekOne: boolean;
  readonly sessionsToday: number;
}

export interface SessionOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly player: CuePlayer;
  readonly log: SessionLog;
  readonly settings: SessionSettings;
  readonly history: UseHistory;
}

export interface StartRequest {
  readonly program: ProgramName;
  readonly by: StartedBy;
  /** For the phases whose length can be chosen. */
  readonly chosenMs?: number;
}

/**
 * Interprets PROGRAMS by SESSION_TABLE: the only thing that starts and ends sessions. Everything it does happens in one
 * of its calls or in its own timer; there it looks once a second and at the end of a phase.
 */
export class Session implements ButtonListener {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #player: CuePlayer;
  readonly #log: SessionLog;
  readonly #settings: SessionSettings;
  readonly #history: UseHistory;
  readonly #pacer: Pacer;
  readonly #breathGuide: BreathGuide;
  readonly #heartGuide = new HeartGuide();
  readonly #edges: BreathEdges = { index: 0, startMs: 0, inhaleEndMs: 0, exhaleStartMs: 0, exhaleEndMs: 0, endMs: 0 };
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
  /** Host clock: the opening began, the first phase began, this phase began and ends, the pause began. */
  #openedMs = 0;
  #beganMs = 0;
  #phaseBeganMs = 0;
  #phaseEndsMs = 0;
  #phaseLastsMs = 0;
  #pausedMs = 0;
  #isPaced = false;
  #isScoringOver = false;
  #rule: string | undefined;
  #scoredMs = 0;
  #scoredSinceMs = 0;
  #pulseSeenMs = 0;
  #pulseLostMs = 0;

  constructor(options: SessionOptions) {
    this.#clock = options.clock;
    this.#timers = options.timers;
    this.#player = options.player;
    this.#log = options.log;
    this.#settings = options.settings;
    this.#history = options.history;
    this.#pacer = new Pacer(planned(DEFAULT_PACE));
    this.#breathGuide = new BreathGuide(this.#pacer, BREATH_STYLES.wave);
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

  /** Running number of the phase, 0 for the first; undefined when there is none. */
  get phaseIndex(): number | undefined {
    return this.#phase === undefined ? undefined : this.#phaseIndex;
  }

  /** What is to be measured now; "nothing" whenever scores do not count. */
  get measures(): Measure {
    return this.#state === "running" && this.#phase !== undefined ? this.#phase.measures : "nothing";
  }

  /** The breath is being paced. */
  get isPacing(): boolean {
    const isGoing = this.#state === "running" || this.#state === "unscored" || this.#state === "pacedOnly";
    return this.#isPaced && isGoing && elapsedMs(this.#clock.ticks, this.#phaseBeganMs) >= 0;
  }

  /** Host clock of the pacing's time 0; counts only while `isPacing`. */
  get pacingSinceMs(): number {
    return this.#phaseBeganMs;
  }

  /** Read `turnQ16(atMs - pacingSinceMs)` only while `isPacing`, and for times since then. */
  get pacer(): Pacer {
    return this.#pacer;
  }

  get breathGuide(): BreathGuide {
    return this.#breathGuide;
  }

  /** Within half an hour of "not OK" or of a rest the rules asked for: nothing may invite. */
  get isResting(): boolean {
    if (this.#isResting && elapsedMs(this.#clock.ticks, this.#restSinceMs) >= REST_MS) this.#isResting = false;
    return this.#isResting;
  }

  /** A finger came down: silent until it is known what it means. */
  onPress(): void {
    this.#player.muted = true;
  }

  onGesture(gesture: Gesture, pressedAtMs: number): void {
    if (gesture === Gesture.Long) this.#fire("stop");
    else if (gesture === Gesture.Double) this.#fire("notOk");
    else if (gesture === Gesture.Short) this.#pressed(pressedAtMs);
    this.#player.muted = false;
  }

  /** Begins a program. Undefined is success; otherwise the reason, which the wearer is told by the cue `refused`. */
  start(request: StartRequest): StartRefusal | undefined {
    const reason = this.#refusal(request);
    if (reason === undefined) {
      this.#request = request;
      this.#fire("start");
    } else {
      this.#log.record({ kind: "refused", atMs: this.#clock.ticks, program: request.program, reason });
      if (this.#state === "idle" && request.by !== "nudge") this.#cue("refused");
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

  /**
   * The wearer's rate and ratio from the next breath on, and for later sessions. Undefined is success. Programs that
   * set the pace themselves go on with it.
   */
  changePace(request: PaceRequest): PaceRefusal | undefined {
    const result = planBreath(request);
    if (!result.ok) return result.reason;
    this.#settings.pace = request;
    if (this.#phase?.pace !== "personal" || this.#state === "paused") return undefined;
    const changeMs = this.#pacer.nextChangeMs;
    this.#pacer.change(result.plan);
    const lengthMs = changeMs + this.#lastBreathEndMs(this.#phaseLastsMs - changeMs);
    this.#phaseEndsMs = (this.#phaseBeganMs + lengthMs) | 0;
    this.#player.guideLengthMs = lengthMs;
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

  batteryLow(): void {
    this.#fire("batteryLow");
  }
  set isBatteryEmpty(isEmpty: boolean) {
    const isNew = isEmpty && !this.#isBatteryEmpty;
    this.#isBatteryEmpty = isEmpty;
    if (isNew) this.#fire("batteryEmpty");
  }

  /** Something threw: silent, ended, logged. Call it from the outermost handler, after the motor has been switched off. */
  fault(): void {
    this.#fire("fault");
  }

  /** Once a second, from whoever measures. */
  observe(reading: BodyReading): void {
    const nowMs = this.#clock.ticks;
    if (reading.worn && reading.bpm !== undefined) {
      this.#pulseSeenMs = nowMs;
      this.#heartGuide.bpm = reading.bpm;
    } else this.#pulseLostMs = nowMs;
  }

  #pressed(pressedAtMs: number): void {
    const phase = this.#phase;
    if (this.#state === "idle") this.start({ program: this.#settings.program, by: "button" });
    else if (phase === undefined || phase.press === "end" || this.#state === "paused") this.#fire("shortPress");
    else if (phase.press === "answer") {
      const rating = countedAt(elapsedMs(pressedAtMs, this.#phaseBeganMs));
      if (rating > 0) this.#answer(phase, rating);
      if (rating > 0) this.#phaseOver();
    } else if (elapsedMs(pressedAtMs, this.#phaseBeganMs) >= (phase.pressFromMs ?? 0)) this.#phaseOver();
  }

  #answer(phase: Phase, rating: number | undefined): void {
    this.#log.record({ kind: "answer", atMs: this.#clock.ticks, phase: phase.id, rating });
  }

  #refusal(request: StartRequest): StartRefusal | undefined {
    const program: Program = PROGRAMS[request.program];
    if (this.#state !== "idle") return "busy";
    if (this.#isBatteryEmpty) return "batteryEmpty";
    if (program.isAfterWeekOne && this.#history.isWeekOne) return "afterWeekOne";
    if (this.#history.sessionsToday >= SESSIONS_A_DAY_MAX) return "dayFull";
    if (this.isResting && request.by === "nudge") return "resting";
    if (!planBreath(this.#settings.pace).ok) return "pace";
    if (this.#phasesOf(program).length === 0) return "nothingLeft";
    const chosenMs = request.chosenMs;
    if (chosenMs === undefined) return undefined;
    const phase = program.phases.find((each) => each.chosenMsMin !== undefined);
    const fits = chosenMs >= (phase?.chosenMsMin ?? Infinity) && chosenMs <= (phase?.chosenMsMax ?? 0);
    return fits ? undefined : "lengthOutOfRange";
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

  /** Whatever threw, and wherever: silent and idle. */
  #collapse(): void {
    this.#player.stop();
    this.#state = "idle";
    this.#program = undefined;
    this.#phase = undefined;
    this.#isPaced = false;
    this.#disarm();
  }

  #cue(name: keyof typeof CUES): void {
    if (!this.#isBatteryEmpty && this.#player.play(name))
      this.#log.record({ kind: "cue", atMs: this.#clock.ticks, cue: name });
  }

  #enter(state: SessionState): void {
    if (state === this.#state) return;
    const nowMs = this.#clock.ticks;
    if (this.#state === "running") this.#scoredMs += elapsedMs(nowMs, this.#scoredSinceMs);
    if (state === "running") this.#scoredSinceMs = nowMs;
    this.#state = state;
    this.#log.record({ kind: "state", atMs: nowMs, state });
    if (state === "running" && this.#isScoringOver) this.#enter("pacedOnly");
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
        return;
      case "goOn":
        this.#goOn();
        return;
      case "rest":
        this.#isResting = true;
        this.#restSinceMs = this.#clock.ticks;
        this.#log.record({ kind: "notOk", atMs: this.#restSinceMs });
        return;
    }
  }

  #begin(): void {
    const { program, by } = this.#request;
    const nowMs = this.#clock.ticks;
    const chosen: Program = PROGRAMS[program];
    this.#program = chosen;
    this.#phases = this.#phasesOf(chosen);
    this.#phaseIndex = -1;
    this.#phase = undefined;
    this.#openedMs = nowMs;
    this.#beganMs = nowMs;
    this.#isScoringOver = false;
    this.#scoredMs = 0;
    this.#pulseSeenMs = nowMs;
    this.#pulseLostMs = nowMs;
    this.#log.record({ kind: "started", atMs: nowMs, program, by });
  }

  /** Without the regions that the wearer leaves out. */
  #phasesOf(program: Program): readonly Phase[] {
    const { regionsOn, regionsOff } = this.#settings;
    return program.phases.filter(({ region, isOffByDefault = false }) =>
      region === undefined ? true : isOffByDefault ? regionsOn.includes(region) : !regionsOff.includes(region),
    );
  }

  #finish(row: SessionRow): void {
    const nowMs = this.#clock.ticks;
    if (this.#state === "running") {
      this.#scoredMs += elapsedMs(nowMs, this.#scoredSinceMs);
      this.#scoredSinceMs = nowMs;
    }
    this.#log.record({
      kind: "ended",
      atMs: nowMs,
      program: this.#request.program,
      reason: row.ends ?? "completed",
      rule: this.#rule,
      lastedMs: this.#phase === undefined ? 0 : elapsedMs(nowMs, this.#beganMs),
      scoredMs: this.#scoredMs,
    });
    this.#program = undefined;
    this.#phase = undefined;
    this.#isPaced = false;
  }

  #phaseOver(): void {
    this.#fire(this.#phaseIndex + 1 < this.#phases.length ? "phaseOver" : "programOver");
  }

  #nextPhase(): void {
    const phase = this.#phases[++this.#phaseIndex];
    if (phase === undefined) throw new RangeError("no phase is left"); // #phaseOver fires this only if there is one
    const nowMs = this.#clock.ticks;
    if (this.#phaseIndex === 0) this.#beganMs = nowMs;
    this.#phase = phase;
    const chosenMs = phase.chosenMsMin === undefined ? undefined : this.#request.chosenMs;
    this.#startPhase(phase, chosenMs ?? phase.durationMs, nowMs);
    if (phase.cue !== undefined) this.#cue(phase.cue);
    this.#log.record({
      kind: "phase",
      atMs: nowMs,
      phase: phase.id,
      plannedMs: elapsedMs(this.#phaseEndsMs, nowMs),
    });
  }

  /** The phase from `fromMs` on, for `durationMs`, to the end of the breath if it is paced. */
  #startPhase(phase: Phase, durationMs: number, fromMs: number): void {
    const style = phase.style === "own" ? this.#settings.style : phase.style;
    this.#phaseBeganMs = fromMs;
    this.#phaseLastsMs = durationMs;
    this.#phaseEndsMs = (fromMs + durationMs) | 0;
    this.#isPaced = phase.pace !== "none" && style !== "beat" && style !== "count" && style !== "silent";
    if (phase.pace !== "none") {
      this.#pacer.begin(planned(phase.pace === "personal" ? this.#settings.pace : phase.pace));
      this.#phaseEndsMs = (fromMs + this.#lastBreathEndMs(durationMs)) | 0;
    }
    const lengthMs = elapsedMs(this.#phaseEndsMs, fromMs);
    if (style === "silent") this.#player.endGuide();
    else if (style === "count") this.#player.guide(countGuide, fromMs, lengthMs);
    else if (style === "beat") {
      this.#heartGuide.begin();
      this.#player.guide(this.#heartGuide, fromMs, lengthMs);
    } else {
      this.#breathGuide.style = BREATH_STYLES[style];
      this.#player.guide(this.#breathGuide, fromMs, lengthMs);
    }
  }

  /** End of the breath in which `durationMs` lies, from the phase's start; a copy of the pacer runs ahead. */
  #lastBreathEndMs(durationMs: number): number {
    const ahead = new Pacer(this.#pacer.plan);
    ahead.edgesAt(Math.max(0, durationMs - 1), this.#edges);
    return this.#edges.endMs;
  }

  /** After a pause: what is left of the phase; a step or slide of an assessment from its beginning. */
  #goOn(): void {
    const phase = this.#phase;
    if (phase === undefined) return;
    const nowMs = this.#clock.ticks;
    const leftMs = Math.max(1_000, elapsedMs(this.#phaseEndsMs, this.#pausedMs));
    this.#pulseSeenMs = nowMs;
    const lastsMs = phase.measures === "resonance" ? phase.durationMs : leftMs;
    this.#startPhase(phase, lastsMs, (nowMs + OPENING_MS) | 0);
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
    const isPhaseOver = !isPaused && elapsedMs(nowMs, this.#phaseEndsMs) >= 0;
    const isLast = this.#phaseIndex + 1 === this.#phases.length;
    if (elapsedMs(nowMs, this.#beganMs) >= this.#capMs() && !(isPhaseOver && isLast)) {
      this.#fire("capReached");
    } else if (isPaused) {
      if (elapsedMs(nowMs, this.#pausedMs) >= PAUSE_MS_MAX) this.#fire("pausedTooLong");
    } else if (isPhaseOver) {
      if (this.#phase?.press === "answer") this.#answer(this.#phase, undefined);
      this.#phaseOver();
    } else this.#lookAtPulse(nowMs);
  }

  #lookAtPulse(nowMs: number): void {
    const isMeasured = this.#phase?.measures !== "nothing";
    if (this.#state === "running" && isMeasured && elapsedMs(nowMs, this.#pulseSeenMs) >= SENSOR_LOST_MS)
      this.#fire("sensorLost");
    else if (
      this.#state === "unscored" &&
      elapsedMs(nowMs, this.#pulseSeenMs) < SENSOR_BACK_MS &&
      elapsedMs(nowMs, this.#pulseLostMs) >= SENSOR_BACK_MS
    )
      this.#fire("sensorBack");
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
      if (this.#state !== "paused") waitMs = Math.min(waitMs, elapsedMs(this.#phaseEndsMs, nowMs));
    }
    this.#timer = this.#timers.set(this.#onTimer, Math.max(0, waitMs));
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
  }
}

/** Plans come from tables that a test checks, or were checked by `#refusal`. */
function planned(request: PaceRequest): BreathPlan {
  const result = planBreath(request);
  if (!result.ok) throw new RangeError(`pace refused: ${result.reason}`);
  return result.plan;
}
