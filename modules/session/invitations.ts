import { elapsedMs } from "base/elapsed";
import type { KeyValueStore } from "base/host-parts";
import type { BodyReading } from "session/body";
import type { SafetyLimits } from "session/limits";
import { type Calendar, DAY_MINUTES, NudgeMemory } from "session/nudge-memory";
import { OwnRange } from "session/own-range";
import { Sustained } from "session/sustained";

/** Hysteresis on the person's own percentiles: above the first for so long, and once below the second in between. */
export const NUDGE = Object.freeze({ startPercent: 85, stopPercent: 60, forMs: 180_000 } as const);
export const BELL_EVERY_MIN = 15;

const KEY = "ownRange";
const MINUTE_MS = 60_000;
/** The flash is spared: a restart forgets at most this much. */
const SAVE_MINUTES = 60;

/** What the wearer allows; times in minutes since midnight, local. Everything is off unless it was switched on. */
export interface InvitationSettings {
  isNudgeOn: boolean;
  /** From this minute to before that one; across midnight if it is later. The same minute twice is all day. */
  quietFromMin: number;
  quietToMin: number;
  isBellOn: boolean;
  bellFromMin: number;
  bellToMin: number;
  /** At least BELL_EVERY_MIN; a smaller one never rings. */
  bellEveryMin: number;
}

export const INVITATIONS_OFF: Readonly<InvitationSettings> = Object.freeze({
  isNudgeOn: false,
  quietFromMin: 21 * 60,
  quietToMin: 8 * 60,
  isBellOn: false,
  bellFromMin: 9 * 60,
  bellToMin: 18 * 60,
  bellEveryMin: 60,
});

export const enum Invitation {
  None = 0,
  Nudge = 1,
  Bell = 2,
}

/** Decides alone when the band may speak up by itself; the session asks it once a second and obeys. */
export class Invitations {
  readonly #calendar: Calendar;
  readonly #store: KeyValueStore;
  readonly #memory: NudgeMemory;
  readonly #range = new OwnRange();
  readonly #above = new Sustained();
  #startBpm: number | undefined;
  #stopBpm: number | undefined;
  /** Was below the stop percentile since the last nudge; after a restart that is to be seen anew. */
  #isArmed = false;
  #minuteSinceMs: number;
  #minutesUnsaved = 0;
  /** The last bell, while another would still come too soon after it, whatever the calendar says. */
  #rungMs: number | undefined;

  constructor(calendar: Calendar, store: KeyValueStore, nowMs: number) {
    this.#calendar = calendar;
    this.#store = store;
    this.#memory = new NudgeMemory(store);
    this.#minuteSinceMs = nowMs;
    const kept = store.read(KEY);
    if (kept !== undefined) this.#range.decode(new Uint8Array(kept));
    this.#learned();
  }

  /**
   * Once a second. A nudge that is returned has been counted: play it.
   * @param mayInvite  idle, not resting after "not OK", another session is allowed today, battery not empty
   */
  second(
    reading: BodyReading,
    settings: Readonly<InvitationSettings>,
    limits: SafetyLimits,
    mayInvite: boolean,
    nowMs: number,
  ): Invitation {
    const { worn, still, clean, bpm } = reading;
    const isKnown = worn && still && clean && bpm !== undefined && mayInvite;
    if (isKnown) this.#learn(bpm, nowMs);
    const isAbove = isKnown && this.#startBpm !== undefined && bpm > this.#startBpm;
    const aboveMs = this.#above.look(isKnown, isAbove, nowMs);
    if (isKnown && this.#stopBpm !== undefined && bpm < this.#stopBpm) this.#isArmed = true;

    if (this.#rungMs !== undefined && elapsedMs(nowMs, this.#rungMs) >= (BELL_EVERY_MIN - 1) * MINUTE_MS)
      this.#rungMs = undefined;
    const minutes = this.#calendar.localMinutes;
    if (minutes === undefined) return Invitation.None;
    this.#memory.look(minutes, nowMs);
    const minuteOfDay = ((minutes % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
    const isQuiet =
      settings.quietFromMin === settings.quietToMin ||
      isWithin(minuteOfDay, settings.quietFromMin, settings.quietToMin);
    if (!mayInvite || !worn || isQuiet) return Invitation.None;
    if (this.#isBellDue(minuteOfDay, settings, nowMs)) return Invitation.Bell;
    if (!settings.isNudgeOn || !isKnown || !isAbove || !this.#isArmed || aboveMs < NUDGE.forMs) return Invitation.None;
    if (this.#memory.countToday(minutes) >= limits.nudgesADay) return Invitation.None;
    if (this.#memory.minutesSince(minutes) * MINUTE_MS < limits.nudgeApartMs) return Invitation.None;
    this.#isArmed = false;
    this.#memory.add(minutes);
    return Invitation.Nudge;
  }

  /** On the minute, and only then: one that was missed is not made up for. */
  #isBellDue(minuteOfDay: number, settings: Readonly<InvitationSettings>, nowMs: number): boolean {
    const { isBellOn, bellFromMin, bellToMin, bellEveryMin } = settings;
    if (!isBellOn || bellEveryMin < BELL_EVERY_MIN || !isWithin(minuteOfDay, bellFromMin, bellToMin)) return false;
    const sinceMin = (minuteOfDay - bellFromMin + DAY_MINUTES) % DAY_MINUTES;
    if (sinceMin % bellEveryMin !== 0 || this.#rungMs !== undefined) return false;
    this.#rungMs = nowMs;
    return true;
  }

  /** One value a minute; what is learned in a session would be about breathing, not about the day. */
  #learn(bpm: number, nowMs: number): void {
    const sinceMs = elapsedMs(nowMs, this.#minuteSinceMs);
    if (sinceMs >= 0 && sinceMs < MINUTE_MS) return; // negative after 24 days off the wrist
    this.#minuteSinceMs = nowMs;
    this.#range.add(bpm);
    this.#learned();
    if (++this.#minutesUnsaved < SAVE_MINUTES) return;
    this.#minutesUnsaved = 0;
    this.#store.write(KEY, this.#range.encode());
  }

  #learned(): void {
    this.#startBpm = this.#range.percentileBpm(NUDGE.startPercent);
    this.#stopBpm = this.#range.percentileBpm(NUDGE.stopPercent);
  }
}

/** From `from` to before `to`, across midnight if `to` is earlier; nothing if they are the same. */
function isWithin(minuteOfDay: number, from: number, to: number): boolean {
  return from <= to ? minuteOfDay >= from && minuteOfDay < to : minuteOfDay >= from || minuteOfDay < to;
}
