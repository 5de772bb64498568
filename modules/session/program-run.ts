import { elapsedMs } from "base/elapsed";
import type { Clock } from "base/host-parts";
import type { MeasuredStretch } from "session/findings";
import { capMs, type SafetyLimits } from "session/limits";
import { PhaseRun } from "session/phase-run";
import { type Phase, PROGRAMS, type Program } from "session/programs";
import type { SessionEvent } from "session/session-log";
import type { SessionOptions } from "session/session-settings";
import { isEarly, phasesOf, type StartRequest } from "session/start-rules";

/** One session from its opening to its end: which phase it is in, how long it lasted, what counted, what was found. */
export class ProgramRun {
  readonly phases: PhaseRun;
  readonly #clock: Clock;
  readonly #options: SessionOptions;
  #request: StartRequest = { program: "breathe", by: "app" };
  #program: Program | undefined;
  #list: readonly Phase[] = [];
  #index = -1;
  #phase: Phase | undefined;
  #limits: SafetyLimits;
  #capMs = 0;
  /** Host clock: the opening began, the first phase began, the time that counts began. */
  #openedMs = 0;
  #beganMs = 0;
  #scoredSinceMs: number | undefined;
  #scoredMs = 0;

  constructor(options: SessionOptions) {
    this.#clock = options.clock;
    this.#options = options;
    this.#limits = options.settings.limits;
    this.phases = new PhaseRun(options.clock, options.player, options.settings, options.touchTrial);
  }

  get program(): Program | undefined {
    return this.#program;
  }

  get phase(): Phase | undefined {
    return this.#phase;
  }

  /** Those of the session's beginning; when none goes on, those of the last. */
  get limits(): SafetyLimits {
    return this.#limits;
  }

  get isInLastPhase(): boolean {
    return this.#index + 1 >= this.#list.length;
  }

  get openForMs(): number {
    return elapsedMs(this.#clock.ticks, this.#openedMs);
  }

  /** Until the cap, ms; at most 0 when it is reached. */
  get leftMs(): number {
    return this.#capMs - elapsedMs(this.#clock.ticks, this.#beganMs);
  }

  open(request: StartRequest): SessionEvent {
    const { history, settings } = this.#options;
    const nowMs = this.#clock.ticks;
    const program = PROGRAMS[request.program];
    this.#request = request;
    this.#program = program;
    this.#limits = settings.limits;
    this.#capMs = capMs(settings.limits, program.cap, isEarly(settings, history));
    this.#list = phasesOf(program, settings);
    this.#index = -1;
    this.#phase = undefined;
    this.#openedMs = nowMs;
    this.#scoredMs = 0;
    this.#scoredSinceMs = undefined;
    this.phases.open(settings.limits);
    return { kind: "started", atMs: nowMs, program: request.program, by: request.by };
  }

  /** On to the next phase; the session only asks for it if there is one. */
  next(): SessionEvent {
    const phase = this.#list[++this.#index];
    if (phase === undefined) throw new RangeError("no phase is left");
    const nowMs = this.#clock.ticks;
    if (this.#index === 0) this.#beganMs = nowMs;
    this.#phase = phase;
    const chosenMs = phase.chosenMsMin === undefined ? undefined : this.#request.chosenMs;
    this.phases.start(phase, chosenMs ?? phase.durationMs);
    this.#tellStretch();
    const index = this.#program?.phases.indexOf(phase) ?? 0;
    return { kind: "phase", atMs: nowMs, phase: phase.id, index, plannedMs: elapsedMs(this.phases.endsMs, nowMs) };
  }

  hold(): void {
    this.phases.hold();
    this.#tellGap();
  }

  goOn(delayMs: number): void {
    this.phases.goOn(delayMs);
    this.#tellStretch();
  }

  /** Scores count, or do not, from now on. */
  score(counts: boolean): void {
    const nowMs = this.#clock.ticks;
    if (this.#scoredSinceMs !== undefined) this.#scoredMs += elapsedMs(nowMs, this.#scoredSinceMs);
    this.#scoredSinceMs = counts ? nowMs : undefined;
  }

  /** What is measured has a gap here. */
  #tellGap(): void {
    this.#finder()?.onGap(this.#clock.ticks);
  }

  /** The session is over. */
  close(reason: Extract<SessionEvent, { kind: "ended" }>["reason"], rule: string | undefined): SessionEvent {
    const nowMs = this.#clock.ticks;
    this.score(false);
    const { program } = this.#request;
    const lastedMs = this.#phase === undefined ? 0 : elapsedMs(nowMs, this.#beganMs);
    this.drop(reason === "completed");
    return { kind: "ended", atMs: nowMs, program, reason, rule, lastedMs, scoredMs: this.#scoredMs };
  }

  /**
   * Findings count only when the program went to its end and nothing spoilt the time. Call it before `close`.
   * @param found  told at once or some seconds later, when a session may go on again
   */
  find(isComplete: boolean, found: (event: SessionEvent) => void): void {
    const { recoveryFinder, pacePicker } = this.#options;
    const finds = this.#program?.finds;
    const atMs = this.#clock.ticks;
    if (!isComplete) this.#finder()?.drop();
    else if (finds === "recovery")
      recoveryFinder?.finish(atMs, (finding) => found({ kind: "recovery", atMs, finding }));
    else if (finds === "pace") pacePicker?.finish(atMs, (finding) => found({ kind: "pace", atMs, finding }));
  }

  /** No session any more, without a word. */
  drop(isComplete: boolean): void {
    this.#program = undefined;
    this.#phase = undefined;
    this.phases.end(isComplete);
  }

  #finder() {
    const { recoveryFinder, pacePicker } = this.#options;
    if (this.#program?.finds === "recovery") return recoveryFinder;
    return this.#program?.finds === "pace" ? pacePicker : undefined;
  }

  #tellStretch(): void {
    const phase = this.#phase;
    if (phase === undefined || this.#finder() === undefined) return;
    const { measures } = phase;
    if (measures === "nothing" || measures === "follow") {
      this.#tellGap();
      return;
    }
    const pace = phase.pace === "none" ? undefined : phase.pace === "personal" ? this.phases.pace : phase.pace;
    const stretch: MeasuredStretch = { measures, fromMs: this.phases.beganMs, pace };
    this.#finder()?.onStretch(stretch);
  }
}
