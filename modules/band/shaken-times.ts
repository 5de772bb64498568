import { elapsedMs } from "base/elapsed";

/** More stretches than the ticks of one FIFO batch (0.2 s) and its delay can hold. */
const STRETCHES = 8;

/** When the motor shook the sensor lately: samples are drained later than they were taken. Cost: no allocation. */
export class ShakenTimes {
  readonly #fromMs = new Int32Array(STRETCHES);
  readonly #toMs = new Int32Array(STRETCHES);
  #next = 0;

  /** Host clock, ms. */
  add(fromMs: number, toMs: number): void {
    this.#fromMs[this.#next] = fromMs;
    this.#toMs[this.#next] = toMs;
    this.#next = (this.#next + 1) & (STRETCHES - 1);
  }

  covers(atMs: number): boolean {
    for (let i = 0; i < STRETCHES; i++) {
      // i is bounded by the loop
      if (elapsedMs(atMs, this.#fromMs[i]!) >= 0 && elapsedMs(atMs, this.#toMs[i]!) < 0) return true;
    }
    return false;
  }

  /** Does any stretch reach beyond this time? Then a batch that ends there need not be looked at sample by sample. */
  reachBeyond(atMs: number): boolean {
    for (let i = 0; i < STRETCHES; i++) if (elapsedMs(this.#toMs[i]!, atMs) > 0) return true; // i is bounded by the loop
    return false;
  }
}
