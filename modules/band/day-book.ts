import { quotientNearest } from "base/divide";
import type { Clock, KeyValueStore } from "base/host-parts";
import { DayStore } from "storage/day-store";
import { EventCode } from "storage/log-records";
import type { DaySummary, SessionLog } from "storage/session-log";
import type { WallClock } from "storage/wall-clock";

/** Minutes in a row that make one resting measurement (physiology 5.2: 5 min). */
const REST_MINUTES = 5;
const TICKS_PER_MINUTE = 61_440;
const MINUTE_MS = 60_000;

/**
 * The summary of the day that goes on: the quietest five minutes in a row that were worn, clean and not in a session,
 * by heart rate, with their lnRMSSD; and the minutes of practice. What comes before the clock is set in this start
 * counts for the day on which it is set. Kept in `DayStore` as it grows, so a restart loses nothing but a run of
 * minutes under way; the store is opened when something changes, for its 60 days would live on the heap.
 */
export class DayBook {
  readonly #store: KeyValueStore;
  readonly #clock: Clock;
  readonly #wallClock: WallClock;
  readonly #log: SessionLog;
  #day: number | undefined;
  /** Not yet in the store: practice, and the slowest run since the day began. 0 ticks is none. */
  #practiceMs = 0;
  #bestTicks = 0;
  #bestLnQ10 = 0;
  #isChanged = false;
  /** The run under way. */
  #count = 0;
  #sumTicks = 0;
  #sumLnQ10 = 0;

  constructor(store: KeyValueStore, clock: Clock, wallClock: WallClock, log: SessionLog) {
    this.#store = store;
    this.#clock = clock;
    this.#wallClock = wallClock;
    this.#log = log;
  }

  /** A minute of rest that is fit to be measured. @param lnQ10  ln of RMSSD in ms */
  restingMinute(meanRrTicks: number, lnQ10: number): void {
    this.#sumTicks += meanRrTicks;
    this.#sumLnQ10 += lnQ10;
    if (++this.#count < REST_MINUTES) return;
    const ticks = quotientNearest(this.#sumTicks, REST_MINUTES);
    const ln = quotientNearest(this.#sumLnQ10, REST_MINUTES);
    this.broken();
    if (ticks <= this.#bestTicks) return;
    this.#bestTicks = ticks;
    this.#bestLnQ10 = ln;
    this.#isChanged = true;
  }

  /** The run of resting minutes ends here. */
  broken(): void {
    this.#count = 0;
    this.#sumTicks = 0;
    this.#sumLnQ10 = 0;
  }

  practised(ms: number): void {
    this.#practiceMs += ms;
    this.#isChanged = true;
  }

  /** Once a minute, with the motor at rest: it may write. */
  minute(): void {
    const today = this.#wallClock.dayAt(this.#clock.ticks);
    if (today === undefined) return;
    if (this.#day !== undefined && today !== this.#day) {
      if (this.#isChanged) this.#keep(this.#day);
      this.#close(this.#day);
    }
    this.#day = today;
    if (this.#isChanged) this.#keep(today);
  }

  /** Factory reset. */
  reset(): boolean {
    this.#practiceMs = 0;
    this.#bestTicks = 0;
    this.#isChanged = false;
    this.broken();
    return new DayStore(this.#store).reset();
  }

  #keep(day: number): void {
    const kept = new DayStore(this.#store);
    if (kept.wasCorrupt) this.#log.event(this.#clock.ticks, EventCode.DaysForgotten);
    const before = summaryIn(kept, day);
    const bpm = this.#bestTicks === 0 ? undefined : quotientNearest(TICKS_PER_MINUTE, this.#bestTicks);
    const isQuieter = bpm !== undefined && (before?.restingBpm === undefined || bpm <= before.restingBpm);
    const minutes = Math.floor(this.#practiceMs / MINUTE_MS);
    const isKept = kept.put({
      dayNumber: day,
      lnRmssdQ10: isQuieter ? this.#bestLnQ10 : before?.lnRmssdQ10,
      restingBpm: isQuieter ? bpm : before?.restingBpm,
      practiceMinutes: Math.min(0xffff, (before?.practiceMinutes ?? 0) + minutes),
    });
    if (!isKept) return; // again in a minute
    this.#practiceMs -= minutes * MINUTE_MS;
    this.#isChanged = false;
  }

  #close(day: number): void {
    const summary = summaryIn(new DayStore(this.#store), day);
    if (summary !== undefined) this.#log.day(this.#clock.ticks, summary);
    this.#bestTicks = 0;
    this.#practiceMs = 0;
    this.#isChanged = false;
  }
}

const summaryIn = (kept: DayStore, day: number): DaySummary | undefined =>
  kept.days.find(({ dayNumber }) => dayNumber === day);
