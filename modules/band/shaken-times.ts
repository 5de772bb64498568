import { SampleFlag } from "ppg/samples";

/** More stretches than the ticks of one FIFO batch (0.2 s) and its delay can hold. */
const STRETCHES = 8;
/** From the start of a stretch to its end in the array. */
const TO = STRETCHES;

/** When the motor shook the sensor lately: samples are drained later than they were taken. Cost: no allocation. */
export class ShakenTimes {
  /** Host clock, ms: starts, then ends. */
  readonly #edgesMs = new Int32Array(2 * STRETCHES);
  #next = 0;

  /** Host clock, ms. */
  add(fromMs: number, toMs: number): void {
    this.#edgesMs[this.#next] = fromMs;
    this.#edgesMs[TO + this.#next] = toMs;
    this.#next = (this.#next + 1) & (STRETCHES - 1);
  }

  /**
   * Flags the samples that were taken while the motor shook. @param firstMs  when sample 0 was taken, host clock
   * Cost: 50 operations, and 15 for every sample before the end of a stretch that has not passed
   */
  mark(flags: Uint8Array, count: number, firstMs: number, periodMs: number): void {
    const edgesMs = this.#edgesMs;
    for (let stretch = 0; stretch < STRETCHES; stretch++) {
      const untilMs = (edgesMs[TO + stretch]! - firstMs) | 0; // stretch is bounded by the loop; the clock wraps
      if (untilMs <= 0) continue;
      const fromMs = (edgesMs[stretch]! - firstMs) | 0; // as above
      for (let i = 0, atMs = 0; i < count && atMs < untilMs; i++, atMs += periodMs)
        if (atMs >= fromMs) flags[i] = flags[i]! | SampleFlag.Motor; // i < count
    }
  }
}
