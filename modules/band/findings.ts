import { touchRefusalCode } from "band/codes";
import { PaceFinder } from "band/pace-finder";
import { BeatRecoveryFinder } from "band/recovery-finder";
import type { Clock, KeyValueStore, Timers } from "base/host-parts";
import type { TickClock } from "base/tick-clock";
import type { CuePlayer } from "haptics/cue-player";
import { decodeProfile, encodeProfile, type HapticProfile } from "haptics/haptic-profile";
import { HapticStaircase, type StaircaseResult } from "haptics/haptic-staircase";
import type { MotorProfile } from "haptics/motor";
import type { NnSeries } from "hrv/nn-series";
import type { SessionEvent } from "session/session-log";
import { EventCode, FindingKind } from "storage/log-records";
import type { SessionLog } from "storage/session-log";
import type { Settings } from "storage/settings";
import type { SettingName } from "storage/settings-table";

/** The touch that fits this wrist, as `encodeProfile` writes it. */
const TOUCH_KEY = "touch";

export interface FindingsOptions {
  readonly clock: Clock;
  readonly tickClock: TickClock;
  readonly timers: Timers;
  readonly series: NnSeries;
  readonly motor: { profile: MotorProfile };
  readonly player: CuePlayer;
  readonly settings: Settings<SettingName>;
  readonly store: KeyValueStore;
  readonly log: SessionLog;
}

/** What the programs find about their wearer: how it is found, and where it is kept. */
export class Findings {
  readonly pacePicker: PaceFinder;
  readonly recoveryFinder: BeatRecoveryFinder;
  readonly touchTrial: HapticStaircase;
  readonly #options: FindingsOptions;

  /** The profile of an earlier day holds from here on. */
  constructor(options: FindingsOptions) {
    const { clock, tickClock, timers, series, motor } = options;
    this.#options = options;
    this.pacePicker = new PaceFinder(clock, tickClock, timers, series);
    this.recoveryFinder = new BeatRecoveryFinder(clock, tickClock, timers, series);
    const kept = this.#keptProfile();
    if (kept !== undefined) this.#apply(kept);
    this.touchTrial = new HapticStaircase(motor, (result) => this.#felt(result), kept?.motor);
  }

  /** Once a second. */
  second(): void {
    this.pacePicker.second();
    this.recoveryFinder.second();
  }

  /** The practice rate of today is what the wearer breathes at from now on, also after a restart. */
  session(event: SessionEvent, localDay: number | undefined): void {
    if (event.kind === "ended") {
      this.pacePicker.rest();
      this.recoveryFinder.rest();
    }
    if (event.kind !== "pace" || !event.finding.ok) return;
    const { rateCentiPerMin, spreadCentiPerMin } = event.finding;
    this.#options.settings.set({
      rateCentiPerMin,
      foundCentiPerMin: rateCentiPerMin,
      foundSpreadCenti: spreadCentiPerMin,
      foundDay: localDay ?? 0, // not known: the log's dates may tell it later
    });
  }

  #felt(result: StaircaseResult): void {
    const { clock, log, store } = this.#options;
    const atMs = clock.ticks;
    if (!result.ok) {
      log.event(atMs, EventCode.NothingFound, FindingKind.Touch, touchRefusalCode(result.reason));
      return;
    }
    const { startLevelQ8, sustainLevelQ8 } = result.profile.motor;
    this.#apply(result.profile);
    log.event(atMs, EventCode.TouchFitted, startLevelQ8 | (sustainLevelQ8 << 16), result.profile.strengthsQ8.length);
    try {
      store.write(TOUCH_KEY, encodeProfile(result.profile));
    } catch {} // it holds until the next restart, and the log has it
  }

  #apply(profile: HapticProfile): void {
    this.#options.motor.profile = profile.motor;
    this.#options.player.strengthsQ8 = profile.strengthsQ8;
  }

  #keptProfile(): HapticProfile | undefined {
    try {
      const kept = this.#options.store.read(TOUCH_KEY);
      return kept === undefined ? undefined : decodeProfile(new Uint8Array(kept));
    } catch {
      return undefined; // a store that fails: the defaults work on every wrist
    }
  }
}
