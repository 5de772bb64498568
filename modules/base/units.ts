import { quotientFloor } from "base/divide";

/** Milliseconds to 1/1024 s, rounded down. 0 .. 2^24 - 1 ms (4.6 hours). */
export function ticksFromMsFloor(ms: number): number {
  return quotientFloor(ms << 7, 125);
}

/** 1/1024 s to milliseconds, rounded down. 0 .. 2^24 - 1 ticks. */
export function msFromTicksFloor(ticks: number): number {
  return Math.imul(ticks, 125) >> 7;
}

/** 1/1024 s to milliseconds in any one Q format, to the nearest. Below 2^24 in magnitude. */
export function msFromTicksNearest(ticks: number): number {
  return (Math.imul(ticks, 125) + 64) >> 7;
}
