import { BeatVerdict } from "hrv/beat";
import type { Fail } from "./verdict.js";

const BPM_16_BIT = 1;
const RR_PRESENT = 1 << 4;

/** Intervals told to observers and sent to the phone: each once, in order. */
export class IntervalWatch {
  readonly #fail: Fail;
  #lastTicks: number | undefined;
  /** Accepted since the link came up, and how far the phone has heard them. */
  #told: number[] = [];
  #heard = 0;

  constructor(fail: Fail) {
    this.#fail = fail;
  }

  booted(): void {
    this.#lastTicks = undefined;
    this.linked();
  }

  /** A new link: what was said before it is not said again. */
  linked(): void {
    this.#told = [];
    this.#heard = 0;
  }

  beat(upstrokeTicks: number, rrTicks: number, verdict: number): void {
    const last = this.#lastTicks;
    if (last !== undefined && ((upstrokeTicks - last) | 0) <= 0)
      this.#fail("no interval twice or out of order", `a beat at ${upstrokeTicks} ticks after one at ${last}`);
    if (verdict === BeatVerdict.Accepted) {
      if (last === undefined) this.#fail("no interval twice or out of order", "an interval without a beat before it");
      else if (((upstrokeTicks - last) | 0) !== rrTicks)
        this.#fail(
          "no interval twice or out of order",
          `${rrTicks} ticks, ${(upstrokeTicks - last) | 0} after the last`,
        );
      this.#told.push(rrTicks);
    }
    this.#lastTicks = upstrokeTicks;
  }

  /** A heart rate measurement, 2A37. Intervals may be left out (they were too old), but not told again. */
  packet(bytes: Uint8Array): void {
    const flags = bytes[0] ?? 0;
    if ((flags & RR_PRESENT) === 0) return;
    for (let at = (flags & BPM_16_BIT) !== 0 ? 3 : 2; at + 1 < bytes.length; at += 2) {
      const rrTicks = bytes[at]! | (bytes[at + 1]! << 8); // at + 1 < length
      const from = this.#heard;
      while (this.#heard < this.#told.length && this.#told[this.#heard] !== rrTicks) this.#heard++;
      if (this.#heard === this.#told.length)
        this.#fail(
          "no interval twice or out of order",
          `the phone hears ${rrTicks} ticks, not told after number ${from}`,
        );
      this.#heard++;
    }
  }
}
