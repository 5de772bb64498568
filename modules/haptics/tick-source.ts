/** A tick to come; refilled by each call. Times are the source's own: ms since it was started. */
export interface DueTick {
  atMs: number;
  onMs: number;
  /** 0 .. 256 */
  strengthQ8: number;
  /** May be moved this much to keep clear of an upstroke; 0 is not at all. */
  shiftMsMax: number;
  /** Left out if there is no gap within reach. */
  yields: boolean;
}

/** A timetable of ticks, told one by one. It has no clock: the time that is asked for decides alone. */
export interface TickSource {
  /** The first tick later than `afterMs` into `out`; false if there is none. Cost: no allocation. */
  nextTick(afterMs: number, out: DueTick): boolean;
}
