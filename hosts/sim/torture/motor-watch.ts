import { MOTOR_LIMITS } from "haptics/motor";
import { EventPriority } from "../board/clock.js";
import type { VirtualBand } from "../virtual-band.js";
import type { Fail, Figures } from "./verdict.js";

/** Timers are whole milliseconds, and the engine's work takes no virtual time: this is for rounding. */
const ROUNDING_US = 20_000;
/** Promised: silent this soon after the finger came down, and until it is known what it means. */
const SILENT_MS = 200;
const MEANING_MS = 590;
/** What a press means is known so long after its release, if it is the first of a gesture; if not, after a bounce. */
const FIRST_KNOWN_US = 290_000;
const KNOWN_US = 25_000;
/** A gesture is the first again after this. */
const FRESH_US = 1_000_000;
/** A press that follows a release by less may be taken for its bounce. */
const REST_US = 100_000;
/** The longest cue after the end of a session, grounding, and its quiet beginning. */
const LAST_CUE_US = 12_000_000;

/** A hold from idle is answered at 10 s and at 15 s: the way to a factory reset. The bell rings for 3.2 s. */
const HOLD_ANSWERED_US = 20_000_000;

/** Looks at every write to the motor: how long it runs, and whether it may. */
export class MotorWatch {
  readonly #band: VirtualBand;
  readonly #fail: Fail;
  readonly #figures: Figures;
  #isOn = false;
  /** The last write that set it running; the first on-edge without a pause before it; the last off-edge. */
  #writtenUs = 0;
  #unbrokenUs = 0;
  #offUs = Number.NEGATIVE_INFINITY;
  #stalledAtWriteUs = 0;
  #stalledAtOnUs = 0;
  #isIdle = true;
  /** Something that the band may answer with a cue although it is idle. */
  #calledUs = Number.NEGATIVE_INFINITY;
  #pressedUs = Number.NEGATIVE_INFINITY;
  #releasedUs = Number.NEGATIVE_INFINITY;

  constructor(band: VirtualBand, figures: Figures, fail: Fail) {
    this.#band = band;
    this.#fail = fail;
    this.#figures = figures;
    band.board.buttonLine.onChange((level) => (level === 0 ? this.#pressed() : this.#released()));
  }

  /** The firmware writes a duty to its PWM. */
  written(duty: number): void {
    const { nowUs } = this.#band.board.clock;
    this.look();
    if (duty > 0) {
      if (!this.#isOn && nowUs - this.#offUs >= MOTOR_LIMITS.pauseMsMin * 1000) {
        this.#unbrokenUs = nowUs;
        this.#stalledAtOnUs = this.#band.board.stalledUs;
      }
      this.#writtenUs = nowUs;
      this.#stalledAtWriteUs = this.#band.board.stalledUs;
      const isHeld = this.#band.board.buttonLine.level === 0 && nowUs - this.#pressedUs < HOLD_ANSWERED_US;
      if (this.#isIdle && !isHeld && nowUs - this.#calledUs > LAST_CUE_US + this.#band.board.stalledUs)
        this.#fail("motor silent when it must be", "runs while no session goes on and nobody has asked for anything");
    }
    this.#turned(duty > 0);
  }

  /** The pin floats: reset, or closed. */
  floated(): void {
    this.#turned(false);
  }

  /** At any time: has it been on for too long? */
  look(): void {
    if (!this.#isOn) return;
    const { nowUs } = this.#band.board.clock;
    const stalledUs = this.#band.board.stalledUs;
    const onceUs = nowUs - this.#writtenUs - (stalledUs - this.#stalledAtWriteUs);
    if (onceUs > MOTOR_LIMITS.onMsMax * 1000 + ROUNDING_US)
      this.#fail("motor within its limits", `on for ${ms(onceUs)} by one write`);
    const unbrokenUs = nowUs - this.#unbrokenUs - (stalledUs - this.#stalledAtOnUs);
    if (unbrokenUs > MOTOR_LIMITS.unbrokenMsMax * 1000 + ROUNDING_US)
      this.#fail("motor within its limits", `on for ${ms(unbrokenUs)} without a pause`);
  }

  session(isIdle: boolean): void {
    this.#isIdle = isIdle;
    this.called();
  }

  /** The band may say something by a cue. */
  called(): void {
    this.#calledUs = this.#band.board.clock.nowUs;
  }

  booted(): void {
    this.#isIdle = true;
    this.#calledUs = Number.NEGATIVE_INFINITY;
  }

  #turned(isOn: boolean): void {
    if (this.#isOn && !isOn) this.#offUs = this.#band.board.clock.nowUs;
    this.#isOn = isOn;
  }

  /** A hold of 3 to 8 s is answered when it ends: the window for a phone is open. */
  #released(): void {
    this.called();
    this.#releasedUs = this.#band.board.clock.nowUs;
  }

  #pressed(): void {
    const { clock, motor, buttonLine } = this.#band.board;
    const pressedUs = clock.nowUs;
    this.#pressedUs = pressedUs;
    this.called();
    if (pressedUs - this.#releasedUs < REST_US) return;
    const bootsBefore = this.#band.restarts.length;
    const knownUs = pressedUs - this.#releasedUs > FRESH_US ? FIRST_KNOWN_US : KNOWN_US;
    const stalledUs = this.#band.board.stalledUs;
    const wasOn = motor.dutyQ16 > 0;
    const look = (): void => {
      if (this.#band.restarts.length !== bootsBefore || this.#band.board.stalledUs !== stalledUs) return;
      if (buttonLine.level === 1 && clock.nowUs > this.#releasedUs + knownUs) return;
      if (motor.dutyQ16 > 0)
        this.#fail("motor silent when it must be", `runs ${ms(clock.nowUs - pressedUs)} after a finger came down`);
    };
    for (let afterMs = SILENT_MS; afterMs <= MEANING_MS; afterMs += 10)
      clock.at(pressedUs + afterMs * 1000, EventPriority.Observer, look);
    if (!wasOn) return;
    clock.at(pressedUs + SILENT_MS * 1000, EventPriority.Observer, () => {
      const last = motor.history.at(-1);
      if (motor.dutyQ16 === 0 && last !== undefined && last.toUs >= pressedUs && buttonLine.level === 0)
        this.#figures.stopMsMax = Math.max(this.#figures.stopMsMax, (last.toUs - pressedUs) / 1000);
    });
  }
}

const ms = (us: number): string => `${(us / 1000).toFixed(0)} ms`;
