import type { CueStyle } from "./options.js";
import { Turn } from "./truth.js";

/** Told when a cue was given, in the wearer's opinion, which may be some seconds after it. */
export type OnCue = (timeUs: number, turn: Turn) => void;

/** Longer runs of the motor are strokes: signals, not ticks of the breath. A tick of 60 ms coasts for 100. */
const TICK_US_MAX = 250_000;
/** The band greets before it leads: three ticks within this, after a long silence, are no breath. */
const GREETING_TICKS = 3;
const GREETING_US = 650_000;
const GREETING_AFTER_US = 25_000_000;
/** "edges": two ticks within this mean out; the second is wished for 250 ms later and may be moved by 360. */
const PAIR_US_MAX = 700_000;
/** "exhale": ticks are up to 700 ms apart, twice that when one is left out. Longer silence is the breath in. */
const SILENCE_US = 1_600_000;
/** The train of ticks ends this long before the breath does, on average. */
const TRAIN_END_US = 780_000;
/** "wave": strength, squared (attention goes to the stronger ticks; chosen), smoothed twice over this long. */
const SMOOTH_TAU_US = 1_400_000;
/** Its turning point is known when it has come back by this share of the last swing, and by this much at least. */
const TURN_SHARE = 0.15;
const SWING_MIN = 0.02;
/**
 * How long before the smoothed strength's own turn the ticks turned, at 10 s a breath: between what evenly spaced ticks
 * ask for and those that the band moves out of the way of the pulse.
 */
const PEAK_LAG_US = 2_000_000;
const TROUGH_LAG_US = 1_650_000;

/** Turns the motor's movement into cues, by the one rule that the wearer was told. */
export class CueReader {
  readonly #feltSpeed: number;
  readonly #onCue: OnCue;
  #style: CueStyle = "edges";
  /** Start of the tick that goes on or went on last; its strongest moment. */
  #tickUs = Number.NEGATIVE_INFINITY;
  #isTicking = false;
  #strength = 0;
  #lastTickUs = Number.NEGATIVE_INFINITY;
  /** The first ticks after a long silence, until it is clear that they are no greeting. */
  readonly #waking: { readonly atUs: number; readonly strength: number }[] = [];
  /** "edges": a tick that waits for a second one. */
  #singleUs: number | undefined;
  #isSilent = true;
  /** "wave": strength smoothed once and twice, and when; its extreme since the last turn; the swing before. */
  #once = 0;
  #twice = 0;
  #smoothedUs = 0;
  #isRising = true;
  #extreme = 0;
  #extremeUs = 0;
  #swing = 0;

  constructor(feltSpeed: number, onCue: OnCue) {
    this.#feltSpeed = feltSpeed;
    this.#onCue = onCue;
  }

  set style(style: CueStyle) {
    this.#style = style;
    this.#singleUs = undefined;
    this.#isSilent = true;
    this.#isRising = true;
    this.#once = this.#twice = this.#extreme = this.#swing = 0;
  }

  feel(speed: number, timeUs: number): void {
    if (speed >= this.#feltSpeed) {
      if (!this.#isTicking) {
        this.#isTicking = true;
        this.#tickUs = timeUs;
        this.#strength = 0;
      }
      this.#strength = Math.max(this.#strength, speed * speed);
    } else if (this.#isTicking) {
      this.#isTicking = false;
      if (timeUs - this.#tickUs <= TICK_US_MAX) this.#felt(this.#tickUs, this.#strength);
    }
  }

  wait(nowUs: number): void {
    const first = this.#waking[0];
    if (first !== undefined && nowUs - first.atUs > GREETING_US) {
      for (const { atUs, strength } of this.#waking) this.#tick(atUs, strength);
      this.#waking.length = 0;
    }
    if (this.#style === "edges") {
      if (this.#singleUs !== undefined && nowUs - this.#singleUs > PAIR_US_MAX) {
        this.#onCue(this.#singleUs, Turn.Inhale);
        this.#singleUs = undefined;
      }
    } else if (this.#style === "exhale") {
      if (!this.#isSilent && nowUs - this.#lastTickUs > SILENCE_US) {
        this.#isSilent = true;
        this.#onCue(this.#lastTickUs + TRAIN_END_US, Turn.Inhale);
      }
    } else this.#watchStrength(nowUs);
  }

  #felt(atUs: number, strength: number): void {
    const first = this.#waking[0];
    if (first === undefined && atUs - this.#lastTickUs <= GREETING_AFTER_US) this.#tick(atUs, strength);
    else if (first === undefined || atUs - first.atUs <= GREETING_US) {
      this.#waking.push({ atUs, strength });
      if (this.#waking.length === GREETING_TICKS) {
        this.#waking.length = 0;
        this.#lastTickUs = atUs;
      }
    } else {
      this.wait(atUs);
      this.#tick(atUs, strength);
    }
  }

  #tick(atUs: number, strength: number): void {
    this.#lastTickUs = atUs;
    if (this.#style === "edges") {
      if (this.#singleUs === undefined) this.#singleUs = atUs;
      else {
        this.#onCue(this.#singleUs, Turn.Exhale);
        this.#singleUs = undefined;
      }
    } else if (this.#style === "exhale") {
      if (this.#isSilent) this.#onCue(atUs, Turn.Exhale);
      this.#isSilent = false;
    } else this.#once += strength * strength;
  }

  #watchStrength(nowUs: number): void {
    const share = Math.min(1, (nowUs - this.#smoothedUs) / SMOOTH_TAU_US);
    this.#smoothedUs = nowUs;
    this.#once -= this.#once * share;
    this.#twice += (this.#once - this.#twice) * share;
    const back = this.#isRising ? this.#extreme - this.#twice : this.#twice - this.#extreme;
    if (back <= 0) {
      this.#extreme = this.#twice;
      this.#extremeUs = nowUs;
    } else if (back > Math.max(SWING_MIN, TURN_SHARE * this.#swing)) {
      const turnedUs = this.#extremeUs - (this.#isRising ? PEAK_LAG_US : TROUGH_LAG_US);
      this.#onCue(turnedUs, this.#isRising ? Turn.Exhale : Turn.Inhale);
      this.#swing = this.#isRising ? this.#extreme : this.#swing;
      this.#isRising = !this.#isRising;
      this.#extreme = this.#twice;
      this.#extremeUs = nowUs;
    }
  }
}
