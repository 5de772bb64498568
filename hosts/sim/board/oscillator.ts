import { type EventHandle, EventPriority, type VirtualClock } from "./clock.js";

/**
 * A part's own clock, off by some ppm from true time. Ticks are rounded down to whole microseconds one by one, from an
 * exact running fraction: after any number of ticks the last one is less than 1 µs early.
 */
export class Oscillator {
  readonly #clock: VirtualClock;
  readonly #onTick: () => void;
  #errorPpm = 0;
  #rateHz = 1;
  #next: EventHandle = 0;
  /** The period is `#wholeUs + #restNumerator / #divisor` µs; `#rest` of a microsecond is left over so far. */
  #divisor = 1;
  #wholeUs = 0;
  #restNumerator = 0;
  #rest = 0;

  constructor(clock: VirtualClock, errorPpm: number, onTick: () => void) {
    this.#clock = clock;
    this.errorPpm = errorPpm;
    this.#onTick = () => {
      this.#schedule(); // first: what hears the tick may stop it
      onTick();
    };
  }

  get errorPpm(): number {
    return this.#errorPpm;
  }

  /** How much too fast, whole ppm; counts from the tick after the next. Errors: RangeError beyond 100,000 */
  set errorPpm(errorPpm: number) {
    if (!Number.isInteger(errorPpm) || errorPpm < -100_000 || errorPpm > 100_000)
      throw new RangeError(`oscillator error of ${errorPpm} ppm`);
    this.#errorPpm = errorPpm;
    this.#settlePeriod();
  }

  /** Nominal ticks a second, counting from the tick after the next. */
  set rateHz(rateHz: number) {
    if (rateHz === this.#rateHz) return;
    this.#rateHz = rateHz;
    this.#settlePeriod();
  }

  /** The first tick comes one period from now. */
  restart(): void {
    this.stop();
    this.#schedule();
  }

  stop(): void {
    if (this.#next !== 0) this.#clock.cancel(this.#next);
    this.#next = 0;
    this.#rest = 0;
  }

  #settlePeriod(): void {
    this.#divisor = this.#rateHz * (1_000_000 + this.#errorPpm);
    this.#wholeUs = Math.floor(1_000_000_000_000 / this.#divisor);
    this.#restNumerator = 1_000_000_000_000 - this.#wholeUs * this.#divisor;
    this.#rest = 0;
  }

  #schedule(): void {
    let dueUs = this.#clock.nowUs + this.#wholeUs;
    this.#rest += this.#restNumerator;
    if (this.#rest >= this.#divisor) {
      this.#rest -= this.#divisor;
      dueUs++;
    }
    this.#next = this.#clock.at(dueUs, EventPriority.Part, this.#onTick);
  }
}
