import { elapsedMs } from "base/elapsed";
import type { KeyValueStore } from "base/host-parts";
import { LIMITS } from "session/limits";

/** The time of day, from whoever knows it: a phone, a page. */
export interface Calendar {
  /** Local time in minutes since a midnight; undefined while it is not known. May be set anew at any time. */
  readonly localMinutes: number | undefined;
}

export const DAY_MINUTES = 1_440;
const KEY = "nudges";
const KEPT = LIMITS.nudgesADay.loosest;
const MINUTE_MS = 60_000;
/** A calendar that moves this much against the host's clock was set anew. */
const SET_MINUTES = 2;

/** When the last nudges were, in local minutes; survives a restart and a calendar that is set anew. */
export class NudgeMemory {
  readonly #store: KeyValueStore;
  #minutes: number[];
  #lookedMs: number | undefined;
  #lookedMinutes = 0;

  constructor(store: KeyValueStore) {
    this.#store = store;
    this.#minutes = decoded(store.read(KEY));
  }

  /** About once a minute or more often: keeps the ages of nudges right when the calendar is set. */
  look(minutes: number, nowMs: number): void {
    if (this.#lookedMs === undefined) {
      // After a restart only the calendar tells ages: what seems to come is taken for just now.
      this.#minutes = this.#minutes.map((each) => Math.min(each, minutes));
    } else {
      const expected = this.#lookedMinutes + Math.floor(elapsedMs(nowMs, this.#lookedMs) / MINUTE_MS);
      const jump = minutes - expected;
      if (Math.abs(jump) <= SET_MINUTES && elapsedMs(nowMs, this.#lookedMs) < MINUTE_MS) return;
      if (Math.abs(jump) > SET_MINUTES) {
        this.#minutes = this.#minutes.map((each) => each + jump);
        this.#save();
      }
    }
    this.#lookedMs = nowMs;
    this.#lookedMinutes = minutes;
  }

  /** Nudges within the last 24 hours. */
  countToday(minutes: number): number {
    return this.#minutes.filter((each) => minutes - each < DAY_MINUTES).length;
  }

  /** Since the last nudge; Infinity if there was none. */
  minutesSince(minutes: number): number {
    return minutes - Math.max(-Infinity, ...this.#minutes);
  }

  /** Call it before the nudge is felt: one that cannot be remembered must not be. Errors: those of the store. */
  add(minutes: number): void {
    this.#minutes = [...this.#minutes, minutes].slice(-KEPT);
    this.#save();
  }

  #save(): void {
    this.#store.write(KEY, new Uint8Array(Int32Array.from(this.#minutes).buffer));
  }
}

function decoded(bytes: ArrayBuffer | undefined): number[] {
  if (bytes === undefined || bytes.byteLength % 4 !== 0 || bytes.byteLength > 4 * KEPT) return [];
  return [...new Int32Array(bytes)];
}
