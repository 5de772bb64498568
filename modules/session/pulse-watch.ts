import { elapsedMs } from "base/elapsed";
import type { BodyReading } from "session/body";

/** With a pulse for this long the time counts again. */
export const SENSOR_BACK_MS = 3_000;

/** Whether the pulse is lost, with some patience in both directions. Silence of whoever measures is a lost pulse too. */
export class PulseWatch {
  #seenMs = 0;
  #missedMs = 0;

  /** Patience begins anew. */
  begin(nowMs: number): void {
    this.#seenMs = nowMs;
    this.#missedMs = nowMs;
  }

  observe(reading: BodyReading, nowMs: number): void {
    if (reading.worn && reading.bpm !== undefined) this.#seenMs = nowMs;
    else this.#missedMs = nowMs;
  }

  isLost(nowMs: number, lostMs: number): boolean {
    return elapsedMs(nowMs, this.#seenMs) >= lostMs;
  }

  isBack(nowMs: number): boolean {
    return elapsedMs(nowMs, this.#seenMs) < SENSOR_BACK_MS && elapsedMs(nowMs, this.#missedMs) >= SENSOR_BACK_MS;
  }
}
