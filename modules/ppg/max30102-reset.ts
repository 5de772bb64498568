/**
 * Waits for the sensor's RESET to end, without blocking and without waiting for ever: asks every 2 ms, resets again
 * after 100 ms, and gives up at the third time.
 */
import type { Clock, Timers } from "base/host-parts";
import type { Max30102Chip } from "ppg/max30102-chip";
import type { SensorCounters } from "ppg/max30102-counters";

export const RESET_POLL_MS = 2;
export const RESET_LIMIT_MS = 100;
export const RESET_TRIES = 3;

export class ResetWait {
  readonly #timers: Timers;
  readonly #clock: Clock;
  readonly #counters: SensorCounters;
  readonly #onReady: () => void;
  readonly #onStuck: () => void;
  #chip: Max30102Chip | undefined;
  #timer: unknown;
  /** Has the sensor acknowledged that it shall reset? */
  #asked = false;
  #tries = 0;
  #sinceMs = 0;

  constructor(timers: Timers, clock: Clock, counters: SensorCounters, onReady: () => void, onStuck: () => void) {
    this.#timers = timers;
    this.#clock = clock;
    this.#counters = counters;
    this.#onReady = onReady;
    this.#onStuck = onStuck;
  }

  /** Resets `chip`; one of the callbacks follows, unless `cancel` comes first. */
  start(chip: Max30102Chip): void {
    this.cancel();
    this.#chip = chip;
    this.#tries = 1;
    this.#ask(chip);
    this.#timer = this.#timers.set(this.#poll, RESET_POLL_MS);
  }

  cancel(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = this.#chip = undefined;
  }

  readonly #poll = (): void => {
    const chip = this.#chip;
    this.#timer = undefined;
    if (chip === undefined) return;
    if (this.#isOver(chip)) {
      this.#chip = undefined;
      this.#onReady();
      return;
    }
    if (((this.#clock.ticks - this.#sinceMs) | 0) >= RESET_LIMIT_MS) {
      if (this.#tries === RESET_TRIES) {
        this.#chip = undefined;
        this.#onStuck();
        return;
      }
      this.#tries++;
      this.#ask(chip);
    }
    this.#timer = this.#timers.set(this.#poll, RESET_POLL_MS);
  };

  #ask(chip: Max30102Chip): void {
    this.#sinceMs = this.#clock.ticks;
    this.#asked = false;
    try {
      chip.reset();
      this.#asked = true;
    } catch {
      this.#counters.nacks++;
    }
  }

  #isOver(chip: Max30102Chip): boolean {
    try {
      if (this.#asked) return !chip.isResetting;
      chip.reset();
      this.#asked = true;
    } catch {
      this.#counters.nacks++; // it may not listen while it resets
    }
    return false;
  }
}
