import { STRONG_Q8, TICK_MS_MAX } from "haptics/cues";
import type { DueTick, TickSource } from "haptics/tick-source";

/** Ticks to choose from by a press: one every two seconds, five in all. */
export const COUNT_SPACING_MS = 2_000;
export const COUNT_MAX = 5;

/** The band counts slowly to five: the wearer presses at the number meant. */
export const countGuide: TickSource = Object.freeze({
  nextTick(afterMs: number, out: DueTick): boolean {
    const count = Math.floor(Math.max(0, afterMs) / COUNT_SPACING_MS) + 1;
    out.atMs = count * COUNT_SPACING_MS;
    out.onMs = TICK_MS_MAX;
    out.strengthQ8 = STRONG_Q8;
    out.shiftMsMax = 0;
    out.yields = false;
    return count <= COUNT_MAX;
  },
});

/** How many ticks had been felt `atMs` after the count began: 0 (too early for an answer) .. 5. */
export function countedAt(atMs: number): number {
  return Math.min(COUNT_MAX, Math.max(0, Math.floor(atMs / COUNT_SPACING_MS)));
}
