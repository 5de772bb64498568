import { MEDIUM_Q8, SOFT_Q8 } from "haptics/cues";
import type { DueTick, TickSource } from "haptics/tick-source";

/** 4 % under the wearer's own rate (arXiv 2507.02432, in physiology 6). */
const SLOWER_PERCENT = 4;
/** Between the two ticks of one felt beat. */
const SECOND_TICK_MS = 200;
const ON_MS = 45;
/** Bounds of the felt beat: 30 .. 120 per minute. */
const PERIOD_MS_MIN = 500;
const PERIOD_MS_MAX = 2_000;

/** Style `beat`: a slow heart, felt as a pair of ticks. For settling; it does not pace the breath. */
export class HeartGuide implements TickSource {
  #periodMs = 1_000;
  /** Start of the felt beat that the last answer belongs to; the period may change from beat to beat. */
  #beatAtMs = 0;

  /** Time 0 is a new beginning. */
  begin(): void {
    this.#beatAtMs = 0;
  }

  /** The wearer's heart rate, per minute; felt from the next beat on. */
  set bpm(bpm: number) {
    const periodMs = Math.round((60_000 * 100) / (bpm * (100 - SLOWER_PERCENT)));
    this.#periodMs = Math.min(PERIOD_MS_MAX, Math.max(PERIOD_MS_MIN, periodMs));
  }

  nextTick(afterMs: number, out: DueTick): boolean {
    const missed = Math.floor((afterMs - this.#beatAtMs) / this.#periodMs);
    if (missed > 1) this.#beatAtMs += (missed - 1) * this.#periodMs;
    while (this.#beatAtMs + SECOND_TICK_MS <= afterMs) this.#beatAtMs += this.#periodMs;
    const isFirst = this.#beatAtMs > afterMs;
    out.atMs = isFirst ? this.#beatAtMs : this.#beatAtMs + SECOND_TICK_MS;
    out.onMs = ON_MS;
    out.strengthQ8 = isFirst ? MEDIUM_Q8 : SOFT_Q8;
    out.shiftMsMax = 0;
    out.yields = false;
    return true;
  }
}
