import { elapsedMs } from "base/elapsed";
import type { Clock, Timers } from "base/host-parts";
import { planBreath } from "haptics/breath-plan";
import type { CuePlayer } from "haptics/cue-player";
import { CUES, type CueName, cueLengthMs } from "haptics/cues";
import { ProgramRun } from "session/program-run";
import type { Phase } from "session/programs";
import { PulseWatch } from "session/pulse-watch";
import type { SessionEvent, SessionLog } from "session/session-log";
import type { SessionOptions, SessionSettings } from "session/session-settings";
import {
  type EndReason,
  rowFor,
  type SessionAction,
  type SessionEventName,
  type SessionState,
} from "session/session-table";
import type { StartRequest } from "session/start-rules";

/** From the start cue's end to the first phase, so that the cue is felt by itself. */
const OPENING_MS = cueLengthMs(CUES.start) + 600;
const LOOK_MS = 1_000;

/**
 * Interprets PROGRAMS by SESSION_TABLE. Everything it does happens in `guarded` work or in its own timer; there it looks
 * once a second and at the end of a phase. Whatever throws, in here or in what it calls, leaves it silent and idle.
 */
export class SessionEngine {
  readonly run: ProgramRun;
  readonly pulse = new PulseWatch();
  /** What `start` begins. */
  request: StartRequest = { program: "breathe", by: "app" };
  /** No cue is played while it is. */
  isBatteryEmpty = false;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #player: CuePlayer;
  readonly #log: SessionLog;
  readonly #settings: SessionSettings;
  readonly #onTimer: () => void;
  readonly #lookNow: () => void;
  #timer: unknown;
  #state: SessionState = "idle";
  /** Host clock: the next look is due, the pause began, rest after "not OK" until then. */
  #lookMs = 0;
  #pausedMs = 0;
  #restUntilMs: number | undefined;
  #isScoringOver = false;
  /** Name of the stop rule that speaks. */
  #rule: string | undefined;

  constructor(options: SessionOptions) {
    const { clock, history } = options;
    this.#clock = clock;
    this.#timers = options.timers;
    this.#player = options.player;
    this.#log = options.log;
    this.#settings = options.settings;
    this.run = new ProgramRun(options);
    this.#lookNow = () => this.#look();
    this.#onTimer = () => {
      this.#timer = undefined;
      this.guarded(this.#lookNow);
    };
    if (history.restLeftMs > 0) this.#restUntilMs = (clock.ticks + history.restLeftMs) | 0;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** A phase is going on, scored or not. */
  get isGoing(): boolean {
    return this.#state === "running" || this.#state === "unscored" || this.#state === "pacedOnly";
  }

  /** For a while after "not OK": nothing may invite. Ask it every minute or so, for the clock wraps after 24 days. */
  get isResting(): boolean {
    if (this.#restUntilMs !== undefined && elapsedMs(this.#clock.ticks, this.#restUntilMs) >= 0)
      this.#restUntilMs = undefined;
    return this.#restUntilMs !== undefined;
  }

  /** Whatever throws in here leaves the band silent and idle; in every other case the next look is set. */
  guarded(work: () => void): void {
    try {
      work();
    } catch (cause) {
      this.#collapse();
      throw cause;
    }
    this.#armNext();
  }

  fire(event: SessionEventName): void {
    this.guarded(() => this.step(event));
  }

  /** Within `guarded` only. @param rule  name of the stop rule that speaks, for the log */
  step(event: SessionEventName, rule?: string): void {
    const row = rowFor(this.#state, event);
    if (row === undefined) return;
    this.#rule = rule;
    for (const action of row.does) this.#do(action);
    if (row.ends !== undefined) this.#finish(row.ends);
    if (row.to !== undefined) this.#enter(row.to);
    if (row.cue !== undefined) this.cue(row.cue);
  }

  cue(name: CueName): void {
    if (this.isBatteryEmpty || !this.#player.play(name)) return;
    this.#log.record({ kind: "cue", atMs: this.#clock.ticks, cue: name });
  }

  answer(phase: Phase, rating: number | undefined): void {
    this.#log.record({ kind: "answer", atMs: this.#clock.ticks, phase: phase.id, rating });
  }

  phaseOver(): void {
    this.step(this.run.isInLastPhase ? "programOver" : "phaseOver");
  }

  #do(action: SessionAction): void {
    const nowMs = this.#clock.ticks;
    switch (action) {
      case "silence":
        this.#player.stop();
        return;
      case "begin":
        this.#isScoringOver = false;
        this.#log.record(this.run.open(this.request));
        this.pulse.begin(nowMs);
        return;
      case "nextPhase":
        this.#nextPhase();
        return;
      case "endGuide":
        this.#player.endGuide();
        return;
      case "hold":
        this.#pausedMs = nowMs;
        this.run.hold();
        return;
      case "goOn":
        this.pulse.begin(nowMs);
        this.run.goOn(OPENING_MS);
        return;
      case "rest":
        this.#restUntilMs = (nowMs + this.#settings.limits.restMs) | 0;
        this.#log.record({ kind: "notOk", atMs: nowMs });
        return;
      case "endScoring":
        this.#isScoringOver = true;
        this.#log.record({ kind: "scoringOver", atMs: nowMs, rule: this.#rule ?? "" });
        return;
      case "ease": {
        const { rateCentiPerMin } = this.run.phases.pace;
        this.#log.record({ kind: "eased", atMs: nowMs, rule: this.#rule ?? "", rateCentiPerMin });
        return;
      }
    }
  }

  #nextPhase(): void {
    this.#log.record(this.run.next());
    const cue = this.run.phase?.cue;
    if (cue !== undefined) this.cue(cue);
  }

  #enter(to: SessionState): void {
    const state = to === "running" && this.#isScoringOver ? "pacedOnly" : to;
    this.run.score(state === "running");
    this.#state = state;
    this.#log.record({ kind: "state", atMs: this.#clock.ticks, state });
  }

  #finish(reason: EndReason): void {
    this.run.find(reason === "completed", (event) => this.#found(event));
    this.#log.record(this.run.close(reason, this.#rule));
  }

  /** Perhaps some seconds after the end: a rate is the practice rate of today from the next session on. */
  #found(event: SessionEvent): void {
    this.#log.record(event);
    if (event.kind !== "pace" || !event.finding.ok) return;
    const request = { ...this.#settings.pace, rateCentiPerMin: event.finding.rateCentiPerMin };
    if (planBreath(request, this.#settings.limits).ok) this.#settings.pace = request;
  }

  /** The state first: if the motor's listener throws here, the band is idle all the same. */
  #collapse(): void {
    this.#state = "idle";
    this.#disarm();
    try {
      this.#player.stop();
    } finally {
      this.run.drop(false);
    }
  }

  /** What time alone brings about. The cap comes before all but the regular end in the same moment. */
  #look(): void {
    const nowMs = this.#clock.ticks;
    this.#lookMs = (nowMs + LOOK_MS) | 0;
    const { phase, phases, limits, leftMs } = this.run;
    if (this.#state === "idle") return;
    if (this.#state === "opening") {
      if (this.run.openForMs >= OPENING_MS) this.step("opened");
      return;
    }
    const isPaused = this.#state === "paused";
    const isPhaseOver = !isPaused && phases.isOver;
    if (leftMs <= 0 && !(isPhaseOver && this.run.isInLastPhase)) this.step("capReached");
    else if (isPaused) {
      if (elapsedMs(nowMs, this.#pausedMs) >= limits.pauseMs) this.step("pausedTooLong");
    } else if (isPhaseOver) {
      if (phase?.press === "answer") this.answer(phase, undefined);
      this.phaseOver();
    } else {
      const isMeasured = phase?.measures !== "nothing";
      if (this.#state === "running" && isMeasured && this.pulse.isLost(nowMs, limits.sensorLostMs))
        this.step("sensorLost");
      else if (this.#state === "unscored" && this.pulse.isBack(nowMs)) this.step("sensorBack");
      phases.look();
    }
  }

  /** One timer: the next look, whose time other calls do not put off, or sooner if something ends sooner. */
  #armNext(): void {
    this.#disarm();
    if (this.#state === "idle") return;
    let waitMs = this.#state === "opening" ? OPENING_MS - this.run.openForMs : this.run.leftMs;
    if (this.#state !== "opening") waitMs = earlier(waitMs, elapsedMs(this.#lookMs, this.#clock.ticks));
    if (this.isGoing) waitMs = earlier(waitMs, elapsedMs(this.run.phases.endsMs, this.#clock.ticks));
    this.#timer = this.#timers.set(this.#onTimer, waitMs > 0 ? waitMs : 0);
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
  }
}

/** Not Math.min, which makes a double of what it returns in XS. */
const earlier = (aMs: number, bMs: number): number => (aMs < bMs ? aMs : bMs);
