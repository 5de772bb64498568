import { elapsedMs } from "base/elapsed";
import type { Clock, KeyValueStore } from "base/host-parts";
import type { SessionEvent } from "session/session-log";
import type { UseHistory } from "session/start-rules";
import { crc32 } from "storage/crc32";
import type { WallClock } from "storage/wall-clock";

/** docs/data.md has it byte by byte. */
const KEY = "use";
const VERSION = 1;
const BYTES = 20;
const SUM_AT = 16;
const NO_DAY = 0xffff;
const enum Place {
  Version = 0,
  SessionsToday = 1,
  IsWeekOneOver = 2,
  SessionsEver = 4,
  Day = 8,
  FirstDay = 10,
  RestLeftMinutes = 12,
}

const WEEK_DAYS = 7;
/** Without a clock nobody knows when a week is over: two sessions a day of it. */
const WEEK_SESSIONS = 14;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** What is left of a rest is written this often: a restart adds at most as much to it. */
const REST_STEP_MINUTES = 5;

/**
 * How the band was used: sessions today and ever, the first week, the rest after "not OK". Kept across restarts.
 *
 * A day that is not known, since the clock was not set after this start, goes on from the day before the restart and
 * ends when the band has been on for 24 h; but it always leaves one session, or a band without a phone that is switched
 * off each night would refuse for ever. A rest goes on where it was: time in which the band was off is not known.
 * Errors: none thrown; a value that is damaged or cannot be read counts as a new band's, the strictest there is
 */
export class UseBook implements UseHistory {
  readonly #store: KeyValueStore;
  readonly #clock: Clock;
  readonly #wallClock: WallClock;
  #sessionsToday = 0;
  #sessionsEver = 0;
  #isWeekOneOver = false;
  /** Local days since 1970; NO_DAY while not known. */
  #day = NO_DAY;
  #firstDay = NO_DAY;
  /** Host clock: when a day that is not known began. */
  #dayBeganMs: number;
  #restMinutes = 0;
  #restBeganMs: number;
  #restWhole = 0;
  /** There was a record and it was damaged: for the log. */
  readonly wasCorrupt: boolean;

  /** @param sessionsADay  the limit: of a day that is not known, one session is left */
  constructor(store: KeyValueStore, clock: Clock, wallClock: WallClock, sessionsADay: number) {
    this.#store = store;
    this.#clock = clock;
    this.#wallClock = wallClock;
    this.#dayBeganMs = clock.ticks;
    this.#restBeganMs = clock.ticks;
    this.wasCorrupt = !this.#load();
    if (this.#sessionsToday >= sessionsADay) this.#sessionsToday = sessionsADay - 1;
    this.#restWhole = this.#restMinutes;
  }

  get isWeekOne(): boolean {
    return !this.#isWeekOneOver;
  }
  get sessionsToday(): number {
    this.#turn();
    return this.#sessionsToday;
  }
  get sessionsEver(): number {
    return this.#sessionsEver;
  }
  get restLeftMs(): number {
    return this.#restMinutes * MINUTE_MS;
  }

  /** @param restMs  how long "not OK" keeps invitations away */
  session(event: SessionEvent, restMs: number): void {
    if (event.kind === "started") {
      this.#turn();
      if (this.#sessionsToday < 0xff) this.#sessionsToday++;
      if (this.#firstDay === NO_DAY) this.#firstDay = this.#day;
    } else if (event.kind === "ended" && event.reason === "completed") {
      this.#sessionsEver++;
      if (this.#sessionsEver >= WEEK_SESSIONS) this.#isWeekOneOver = true;
    } else if (event.kind === "notOk") {
      this.#restBeganMs = this.#clock.ticks;
      this.#restWhole = this.#restMinutes = Math.ceil(restMs / MINUTE_MS);
    } else return;
    this.#save();
  }

  /** Once a minute. */
  minute(): void {
    this.#turn();
    if (this.#restMinutes === 0) return;
    const passed = Math.floor(elapsedMs(this.#clock.ticks, this.#restBeganMs) / MINUTE_MS);
    const left = Math.max(0, this.#restWhole - passed);
    if (left > 0 && this.#restMinutes - left < REST_STEP_MINUTES) return;
    this.#restMinutes = left;
    this.#save();
  }

  /** Factory reset: as a band that was never used. */
  reset(): boolean {
    this.#sessionsToday = 0;
    this.#sessionsEver = 0;
    this.#isWeekOneOver = false;
    this.#day = NO_DAY;
    this.#firstDay = NO_DAY;
    this.#restMinutes = 0;
    try {
      this.#store.delete(KEY);
      return true;
    } catch {
      return false;
    }
  }

  /** Another day may have begun. */
  #turn(): void {
    const nowMs = this.#clock.ticks;
    const today = this.#wallClock.dayAt(nowMs);
    if (today === undefined) {
      if (elapsedMs(nowMs, this.#dayBeganMs) < DAY_MS) return;
      this.#dayBeganMs = nowMs;
      this.#day = NO_DAY;
      this.#sessionsToday = 0;
    } else {
      if (today === this.#day) return;
      // Sessions of a day that was not known are taken for today's: too many rather than too few.
      if (this.#day !== NO_DAY) this.#sessionsToday = 0;
      this.#day = today;
      this.#dayBeganMs = nowMs;
      if (this.#firstDay === NO_DAY && (this.#sessionsToday > 0 || this.#sessionsEver > 0)) this.#firstDay = today;
      if (this.#firstDay !== NO_DAY && today - this.#firstDay >= WEEK_DAYS) this.#isWeekOneOver = true;
    }
    this.#save();
  }

  #load(): boolean {
    try {
      const stored = this.#store.read(KEY);
      if (stored === undefined) return true;
      const bytes = new Uint8Array(stored);
      const view = new DataView(stored);
      if (bytes.length !== BYTES || bytes[Place.Version] !== VERSION) return false;
      if (view.getInt32(SUM_AT, true) !== crc32(bytes, 0, SUM_AT)) return false;
      this.#sessionsToday = view.getUint8(Place.SessionsToday);
      this.#isWeekOneOver = view.getUint8(Place.IsWeekOneOver) === 1;
      this.#sessionsEver = view.getUint32(Place.SessionsEver, true);
      this.#day = view.getUint16(Place.Day, true);
      this.#firstDay = view.getUint16(Place.FirstDay, true);
      this.#restMinutes = view.getUint16(Place.RestLeftMinutes, true);
      return true;
    } catch {
      return false;
    }
  }

  #save(): void {
    const bytes = new Uint8Array(BYTES);
    const view = new DataView(bytes.buffer);
    bytes[Place.Version] = VERSION;
    bytes[Place.SessionsToday] = this.#sessionsToday;
    bytes[Place.IsWeekOneOver] = this.#isWeekOneOver ? 1 : 0;
    view.setUint32(Place.SessionsEver, this.#sessionsEver, true);
    view.setUint16(Place.Day, this.#day, true);
    view.setUint16(Place.FirstDay, this.#firstDay, true);
    view.setUint16(Place.RestLeftMinutes, this.#restMinutes, true);
    view.setInt32(SUM_AT, crc32(bytes, 0, SUM_AT), true);
    try {
      this.#store.write(KEY, bytes);
    } catch {} // it holds until the next restart; a band must not stop for it
  }
}
