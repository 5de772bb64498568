import { RandomStream } from "../board/random.js";
import { uniformBetween } from "./chance.js";
import { sineOfTurns } from "./curves.js";
import type { Motion } from "./options.js";
import { noiseScale, Resonator } from "./resonator.js";

/** In the order of the codes in the ground truth. */
export const MOTIONS: readonly Motion[] = ["still", "typing", "walking", "running"];

interface Kind {
  /** Swings a second of the arm. */
  readonly hz: number;
  /** Of the swing and its second harmonic, in heights of an ordinary pulse, half of peak to peak. */
  readonly swing: number;
  readonly second: number;
  /** Irregular part, standard deviation, pulse heights, while it goes on. */
  readonly noise: number;
  /** Share of the time that it goes on. */
  readonly busy: number;
  /** Rise of the heart rate, 1 = 100 a minute. */
  readonly effort: number;
}

/**
 * Walking: arm swing 0.8 .. 2 Hz, 2 .. 20 times the pulse, the same in both channels (hardware reference 5). Running:
 * chosen: twice a walk, at half of a cadence of 165. Typing: chosen: bursts of the pulse's own size.
 */
const KINDS: Readonly<Record<Motion, Kind>> = {
  still: { hz: 1, swing: 0, second: 0, noise: 0, busy: 0, effort: 0 },
  typing: { hz: 2.5, swing: 0, second: 0, noise: 0.7, busy: 0.5, effort: 0.03 },
  walking: { hz: 0.95, swing: 2.5, second: 1.5, noise: 0.8, busy: 1, effort: 0.3 },
  running: { hz: 1.4, swing: 5, second: 4, noise: 2, busy: 1, effort: 0.75 },
};
const NOISE_HZ = 2.5;
const NOISE_QUALITY = 0.7;
const WANDER_TAU_S = 4;

/** What moving the arm does to the light. */
export class ArmMotion {
  readonly #stepS: number;
  readonly #random: RandomStream;
  readonly #noise: Resonator;
  readonly #noiseScale: number;
  #kind: Kind = KINDS.still;
  #turns = 0;
  /** Slow changes of pace and size, standard deviation 1. */
  #wander = 0;
  #burstS = 0;
  #isBusy = false;
  /** Change of the light, in heights of an ordinary pulse. */
  value = 0;

  constructor(seed: number, stepS: number) {
    this.#stepS = stepS;
    this.#random = new RandomStream(seed, "person motion");
    this.#noise = new Resonator(NOISE_HZ, NOISE_QUALITY, stepS);
    this.#noiseScale = noiseScale(NOISE_HZ, NOISE_QUALITY, stepS);
  }

  set motion(motion: Motion) {
    this.#kind = KINDS[motion];
    this.#burstS = 0;
    this.#isBusy = false;
  }

  get effort(): number {
    return this.#kind.effort;
  }

  step(): void {
    const { hz, swing, second, noise, busy } = this.#kind;
    if (busy === 0) {
      this.value = 0;
      return;
    }
    const keep = 1 - this.#stepS / WANDER_TAU_S;
    this.#wander = this.#wander * keep + this.#random.nextNormal() * Math.sqrt(1 - keep * keep);
    const irregular = this.#noise.step(this.#random.nextNormal() * this.#noiseScale);
    this.#burstS -= this.#stepS;
    if (this.#burstS <= 0) {
      this.#isBusy = busy === 1 || !this.#isBusy;
      this.#burstS = uniformBetween(this.#random, 1, 5) * (this.#isBusy ? busy : 1 - busy);
    }
    this.#turns += hz * (1 + 0.05 * this.#wander) * this.#stepS;
    this.#turns -= Math.floor(this.#turns);
    const size = Math.max(0.3, 1 + 0.25 * this.#wander);
    const swings = swing * sineOfTurns(this.#turns) + second * sineOfTurns(2 * this.#turns + 0.15);
    this.value = size * swings + (this.#isBusy ? noise * irregular : 0);
  }
}
