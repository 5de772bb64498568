import type { Load } from "./battery.js";
import type { VirtualClock } from "./clock.js";
import type { Level, Line } from "./lines.js";

export interface LedOptions {
  readonly isActiveLow: boolean;
  readonly currentMa: number;
}

/** The XIAO's own LED hangs between the rail and the pin; 2 mA through 1k. */
export const ledDefaults: LedOptions = { isActiveLow: true, currentMa: 2 };

/** A light on a pin. */
export class Led {
  readonly #clock: VirtualClock;
  readonly #options: LedOptions;
  readonly #load: Load;
  #litSinceUs = 0;
  #litUs = 0;
  isLit = false;
  /** Told of every change. */
  onChange: ((isLit: boolean, timeUs: number) => void) | undefined;

  constructor(clock: VirtualClock, line: Line, load: Load, options: LedOptions = ledDefaults) {
    this.#clock = clock;
    this.#options = options;
    this.#load = load;
    line.onChange((level) => this.#onLevel(level));
    this.#onLevel(line.level);
  }

  /** Lit so far, µs. */
  get litUs(): number {
    return this.#litUs + (this.isLit ? this.#clock.nowUs - this.#litSinceUs : 0);
  }

  #onLevel(level: Level): void {
    const isLit = (level === 0) === this.#options.isActiveLow;
    if (isLit === this.isLit) return;
    if (isLit) this.#litSinceUs = this.#clock.nowUs;
    else this.#litUs = this.litUs;
    this.isLit = isLit;
    this.#load.setMa(isLit ? this.#options.currentMa : 0);
    this.onChange?.(isLit, this.#clock.nowUs);
  }
}
