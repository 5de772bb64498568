/**
 * When to drain by the clock. An edge that was missed never comes again while the line stays low, so the FIFO is
 * emptied anyway before it overruns; a line that fails again and again is called dead, polled around, and now and then
 * given another chance.
 */
import type { SensorCounters } from "ppg/max30102-counters";

/** Due after so many sample periods: with a working interrupt (which comes at 17), and without. The FIFO holds 32. */
const DUE_WATCHDOG_PERIODS = 20;
const DUE_POLL_PERIODS = 10;
/** How often to look, periods and ms at most: 5 periods late from 20 still leave 7. */
const LOOK_PERIODS = 5;
const LOOK_MS_MAX = 50;
/** Late interrupts in a row before the line is called dead, and polls before another chance (1 min at 100 Hz). */
const MISSED_MAX = 3;
const POLLS_BEFORE_TRUST = 600;

export class DrainWatchdog {
  readonly #counters: SensorCounters;
  readonly #hasLine: boolean;
  #periodQuarterMs = 0;
  #missed = 0;
  #polls = 0;

  constructor(counters: SensorCounters, hasLine: boolean, periodQuarterMs: number) {
    this.#counters = counters;
    this.#hasLine = hasLine;
    this.setPeriod(periodQuarterMs);
  }

  setPeriod(periodQuarterMs: number): void {
    this.#periodQuarterMs = periodQuarterMs;
  }

  /** How often `isDue` should be asked. */
  get lookMs(): number {
    const ms = Math.imul(this.#periodQuarterMs, LOOK_PERIODS) >> 2;
    return ms < LOOK_MS_MAX ? ms : LOOK_MS_MAX; // Math.min would make it a double in XS, for good
  }

  /** Does the interrupt line work, as far as is known? */
  get trustsLine(): boolean {
    return this.#hasLine && this.#missed < MISSED_MAX;
  }

  onInterrupt(): void {
    this.#missed = 0;
    this.#polls = 0;
  }

  /** Must the FIFO be drained, so long after the last drain? Counts what that says about the interrupt line. */
  isDue(elapsedMs: number): boolean {
    const duePeriods = this.trustsLine ? DUE_WATCHDOG_PERIODS : DUE_POLL_PERIODS;
    if (elapsedMs << 2 < Math.imul(this.#periodQuarterMs, duePeriods)) return false;
    if (this.trustsLine) {
      this.#counters.missedInterrupts++;
      this.#missed++;
    } else if (this.#hasLine && ++this.#polls >= POLLS_BEFORE_TRUST) {
      this.#polls = 0;
      this.#missed = MISSED_MAX - 1;
    }
    return true;
  }
}
