import { decay } from "../board/motor.js";
import { sineOfTurns } from "./curves.js";
import type { SkinOptions } from "./options.js";

/** How fast the skin gives way when the motor starts. */
const ON_TAU_US = 25_000;
/** Below this part of the mean nothing is left of the tail. */
const STILL = 1e-6;

/**
 * What the motor does to the light: a step of the mean while it turns, with a tail after it, and the line of its own
 * turning, both as the square of the speed (hardware reference 2.1 and 5, "motorCoupling"). Sampled a hundred times a
 * second the line appears at its alias.
 */
export class MotorShake {
  readonly #options: SkinOptions;
  #speed = 0;
  #sinceUs = 0;
  /** Rounds at `#sinceUs`, without whole ones. */
  #rounds = 0;
  #step = 0;

  constructor(options: SkinOptions) {
    this.#options = options;
  }

  /** The motor turns at `speed` from now on. */
  turn(speed: number, timeUs: number): void {
    this.#step = this.#stepAt(timeUs);
    const rounds = this.#roundsAt(timeUs);
    this.#rounds = rounds - Math.floor(rounds);
    this.#speed = speed;
    this.#sinceUs = timeUs;
    if (speed === 0 && Math.abs(this.#step) < STILL) this.#step = 0;
  }

  /** Change of the light as a part of its mean; exactly 0 with the motor at rest and the tail gone. */
  at(timeUs: number): number {
    if (this.#speed === 0 && this.#step === 0) return 0;
    const step = this.#stepAt(timeUs);
    if (this.#speed === 0) {
      if (Math.abs(step) < STILL) this.#step = 0;
      return step;
    }
    return step + this.#options.motorLine * this.#speed * this.#speed * sineOfTurns(this.#roundsAt(timeUs));
  }

  /** The tail is down to a twentieth after `motorTailMs`. */
  #stepAt(timeUs: number): number {
    const goal = -this.#options.motorDc * this.#speed * this.#speed;
    const tauUs = Math.abs(goal) > Math.abs(this.#step) ? ON_TAU_US : (this.#options.motorTailMs * 1000) / 3;
    return goal + (this.#step - goal) * decay(Math.max(0, timeUs - this.#sinceUs) / tauUs);
  }

  #roundsAt(timeUs: number): number {
    return this.#rounds + (this.#speed * this.#options.motorHz * (timeUs - this.#sinceUs)) / 1_000_000;
  }
}
