import { elapsedMs } from "base/elapsed";
import type { Clock } from "base/host-parts";
import { AdaptivePace } from "haptics/adaptive-pace";
import { BreathGuide } from "haptics/breath-guide";
import {
  BREATH_LIMITS,
  type BreathLimits,
  type BreathPlan,
  DEFAULT_PACE,
  type PaceRequest,
  planBreath,
} from "haptics/breath-plan";
import { countedAt, countGuide } from "haptics/count-guide";
import type { CuePlayer } from "haptics/cue-player";
import { FadingGain } from "haptics/fading-gain";
import { HeartGuide } from "haptics/heart-guide";
import { type BreathEdges, Pacer } from "haptics/pacer";
import { BREATH_STYLES } from "haptics/styles";
import type { TouchTrial } from "haptics/touch-trial";
import type { BodyReading } from "session/body";
import type { SafetyLimits } from "session/limits";
import type { Phase } from "session/programs";
import type { SessionSettings } from "session/session-settings";

/** A phase that is resumed after a pause lasts at least this long. */
const LEFT_MS_MIN = 1_000;

/** "Softer and a little faster": one more breath a minute. */
const EASE_CENTI_PER_MIN = 100;

/** One phase as it is felt and timed: the pacer, what leads the breath, and when the phase is over. */
export class PhaseRun {
  readonly pacer: Pacer;
  readonly #clock: Clock;
  readonly #player: CuePlayer;
  readonly #settings: SessionSettings;
  readonly #breathGuide: BreathGuide;
  readonly #heartGuide = new HeartGuide();
  readonly #fading = new FadingGain();
  readonly #adaptive = new AdaptivePace();
  readonly #edges: BreathEdges = { index: 0, startMs: 0, inhaleEndMs: 0, exhaleStartMs: 0, exhaleEndMs: 0, endMs: 0 };
  #phase: Phase | undefined;
  /** Host clock. */
  #beganMs = 0;
  #endsMs = 0;
  #heldMs = 0;
  #plannedMs = 0;
  #isPaced = false;
  #breath = 0;
  #followPermille: number | undefined;
  #swingMs: number | undefined;
  /** The wearer's pace in this session: the settings', until it is adapted or eased. */
  #pace: PaceRequest;
  readonly #trial: TouchTrial | undefined;
  #isTrying = false;
  #isHeld = false;
  /** Those of the session's beginning. */
  #limits: SafetyLimits;

  constructor(clock: Clock, player: CuePlayer, settings: SessionSettings, trial?: TouchTrial) {
    this.#clock = clock;
    this.#player = player;
    this.#settings = settings;
    this.#pace = settings.pace;
    this.#limits = settings.limits;
    this.#trial = trial;
    this.pacer = new Pacer(planned(DEFAULT_PACE, BREATH_LIMITS));
    this.#breathGuide = new BreathGuide(this.pacer, BREATH_STYLES.wave);
  }

  get beganMs(): number {
    return this.#beganMs;
  }

  get endsMs(): number {
    return this.#endsMs;
  }

  /** The breath is being led, and the phase's first moment is past. */
  get isPacing(): boolean {
    return this.#isPaced && elapsedMs(this.#clock.ticks, this.#beganMs) >= 0;
  }

  get isOver(): boolean {
    return elapsedMs(this.#clock.ticks, this.#endsMs) >= 0;
  }

  /** A session begins: the pace is the wearer's again. */
  open(limits: SafetyLimits): void {
    this.#limits = limits;
    this.#pace = this.#settings.pace;
  }

  /** From now on, for `durationMs`; if it is paced, to the end of the breath that is due then. */
  start(phase: Phase, durationMs: number): void {
    this.#endTrial(true);
    this.#phase = phase;
    this.#fading.begin();
    this.#adaptive.isOn = false;
    if (this.#settings.isAdaptive && phase.pace === "personal") this.#adaptive.begin(this.#pace.rateCentiPerMin);
    this.#startAt(this.#clock.ticks, durationMs);
  }

  /** @param isComplete  the phase was not left before its end */
  end(isComplete: boolean): void {
    this.#phase = undefined;
    this.#isPaced = false;
    this.#endTrial(isComplete);
  }

  hold(): void {
    this.#isHeld = true;
    this.#heldMs = this.#clock.ticks;
  }

  /** What is left, after `delayMs`; a step or slide of an assessment from its beginning. */
  goOn(delayMs: number): void {
    const phase = this.#phase;
    if (phase === undefined) return;
    const leftMs = Math.max(LEFT_MS_MIN, elapsedMs(this.#endsMs, this.#heldMs));
    const isWhole = phase.measures === "resonance" || phase.style === "trial";
    this.#startAt((this.#clock.ticks + delayMs) | 0, isWhole ? phase.durationMs : leftMs);
  }

  /** The wearer chose a pace: felt from the next breath on, and no more adapting in this session. */
  choosePace(request: PaceRequest, plan: BreathPlan): void {
    this.#adaptive.isOn = false;
    this.#changePace(request, plan);
  }

  /** A faster pace within the limits from the next breath on; false if there is none to be had. */
  ease(): boolean {
    if (this.#phase?.pace !== "personal") return false; // an assessment's pace is not to be eased
    const request = { ...this.#pace, rateCentiPerMin: this.#pace.rateCentiPerMin + EASE_CENTI_PER_MIN };
    const result = planBreath(request, this.#limits);
    if (result.ok) this.choosePace(request, result.plan);
    return result.ok;
  }

  /** The wearer's, as it is in this session by now. */
  get pace(): PaceRequest {
    return this.#pace;
  }

  #changePace(request: PaceRequest, plan: BreathPlan): void {
    this.#pace = request;
    if (this.#phase?.pace !== "personal" || this.#isHeld) return;
    const changeMs = this.pacer.nextChangeMs;
    this.pacer.change(plan);
    const lengthMs = changeMs + this.#lastBreathEndMs(this.#plannedMs - changeMs);
    this.#endsMs = (this.#beganMs + lengthMs) | 0;
    this.#player.guideLengthMs = lengthMs;
  }

  /** Number of ticks of the count that had been felt at `atMs`, host clock: 0 .. 5. */
  countedAt(atMs: number): number {
    return countedAt(elapsedMs(atMs, this.#beganMs));
  }

  /** A press in a trial of touch. */
  felt(atMs: number): void {
    this.#trial?.pressed(elapsedMs(atMs, this.#beganMs));
  }

  observe(reading: BodyReading): void {
    if (reading.bpm !== undefined) this.#heartGuide.bpm = reading.bpm;
    this.#followPermille = reading.followPermille;
    this.#swingMs = reading.swingMs;
  }

  /** About once a second: when a breath is over, strength and pace follow how it went. */
  look(): void {
    if (!this.isPacing) return;
    const atMs = elapsedMs(this.#clock.ticks, this.#beganMs);
    this.pacer.edgesAt(atMs, this.#edges);
    if (this.#edges.index === this.#breath) return;
    this.#breath = this.#edges.index;
    const breathMs = this.#edges.endMs - this.#edges.startMs;
    this.#fading.breathed(breathMs, this.#followPermille);
    if (this.#settings.isFading) this.#breathGuide.gainQ8 = this.#fading.gainQ8;
    const rateCentiPerMin = this.#adaptive.breathed(breathMs, this.#swingMs);
    if (rateCentiPerMin === undefined) return;
    const request = { ...this.#pace, rateCentiPerMin };
    const result = planBreath(request, this.#limits);
    if (result.ok) this.#changePace(request, result.plan); // beyond the bounds: the pace stays
  }

  #startAt(fromMs: number, durationMs: number): void {
    const phase = this.#phase;
    if (phase === undefined) return;
    const style = phase.style === "own" ? this.#settings.style : phase.style;
    this.#beganMs = fromMs;
    this.#isHeld = false;
    this.#plannedMs = durationMs;
    this.#breath = 0;
    this.#breathGuide.gainQ8 = this.#fading.gainQ8;
    const isBreath = style === "wave" || style === "exhale" || style === "edges";
    this.#isPaced = phase.pace !== "none" && isBreath;
    let lengthMs = durationMs;
    if (phase.pace !== "none") {
      this.pacer.begin(planned(phase.pace === "personal" ? this.#pace : phase.pace, this.#limits));
      lengthMs = this.#lastBreathEndMs(durationMs);
    }
    this.#endsMs = (fromMs + lengthMs) | 0;
    if (style === "silent") this.#player.endGuide();
    else if (style === "count") this.#player.guide(countGuide, fromMs, lengthMs);
    else if (style === "trial") {
      const trial = this.#trial;
      if (trial === undefined) throw new RangeError("no trial of touch was handed in"); // start-rules sees to it
      trial.begin(phase.id);
      this.#isTrying = true;
      this.#player.guide(trial, fromMs, lengthMs);
    } else if (style === "beat") {
      this.#heartGuide.begin();
      this.#player.guide(this.#heartGuide, fromMs, lengthMs);
    } else {
      this.#breathGuide.style = BREATH_STYLES[style];
      this.#player.guide(this.#breathGuide, fromMs, lengthMs);
    }
  }

  #endTrial(isComplete: boolean): void {
    if (!this.#isTrying) return;
    this.#isTrying = false;
    this.#trial?.end(isComplete);
  }

  /** End of the breath in which `durationMs` lies, if the pacer's plan began at 0; a copy of the pacer runs ahead. */
  #lastBreathEndMs(durationMs: number): number {
    const ahead = new Pacer(this.pacer.plan);
    ahead.edgesAt(Math.max(0, durationMs - 1), this.#edges);
    return this.#edges.endMs;
  }
}

/** Plans come from tables that a test checks, or were checked when the session was started. */
function planned(request: PaceRequest, limits: BreathLimits): BreathPlan {
  const result = planBreath(request, limits);
  if (!result.ok) throw new RangeError(`pace refused: ${result.reason}`);
  return result.plan;
}
