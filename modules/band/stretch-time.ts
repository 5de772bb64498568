import { divideTrunc } from "base/divide";
import { elapsedMs } from "base/elapsed";
import type { Clock } from "base/host-parts";
import type { TickClock } from "base/tick-clock";

/** A beat is told this long after it at most: two longest intervals, and two more until its interval is settled. */
export const TOLD_TICKS_MAX = 8192;

/** A moment of the host's clock, at most two hours away, in beats' time. */
export function ticksAt(atMs: number, clock: Clock, tickClock: TickClock): number {
  const nowTicks = tickClock.ticks;
  return (nowTicks + ticksOf(elapsedMs(atMs, clock.ticks))) | 0;
}

/** ms to 1/1024 s, both signs, below 2^24. */
export const ticksOf = (ms: number): number => divideTrunc(Math.imul(ms, 128), 125);
