import { endCode, programCode, programOf, refusalCode, ruleCode, SETTING_KEYS, stateCode } from "band/codes";
import type { PulseSense } from "band/pulse-sense";
import type { Recorder } from "band/recorder";
import type { RhythmSense } from "band/rhythm-sense";
import { sessionSettings } from "band/session-settings";
import { quotientFloor } from "base/divide";
import type { Clock, KeyValueStore, Timers } from "base/host-parts";
import { type ControlPort, ControlStatus, outcome } from "ble-gatt/control-point";
import type { LiveState } from "ble-gatt/live-state";
import { ResilienceService } from "ble-gatt/resilience";
import type { BandServer } from "ble-gatt/server";
import { Trust } from "ble-gatt/trust";
import type { CuePlayer } from "haptics/cue-player";
import { HeartRateAbsence } from "hrv/heart-rate";
import { FOLLOWING_Q16 } from "hrv/lock-in";
import { Absence } from "hrv/reading";
import { type ContactReason, ContactState } from "ppg/contact";
import type { BodyReading } from "session/body";
import { PROGRAMS, type Program } from "session/programs";
import type { Session } from "session/session";
import type { SessionEvent } from "session/session-log";
import type { SessionSettings } from "session/session-settings";
import { EventCode } from "storage/log-records";
import type { Settings } from "storage/settings";
import { SETTINGS, type SettingName, type SettingRow } from "storage/settings-table";

export interface AppLinkOptions {
  readonly store: KeyValueStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly stored: Settings<SettingName>;
  /** Made from `stored`, and made anew when that changes. */
  readonly settings: SessionSettings;
  readonly session: Session;
  readonly player: CuePlayer;
  readonly recorder: Recorder;
  readonly sense: PulseSense;
  readonly rhythm: RhythmSense;
  readonly body: BodyReading;
}

/** What the band measures itself is not set from outside. */
const MEASURED_GROUP = "found";
/** What may change while a session goes on: all else would change its rules under way. */
const LIVE_GROUP = "touch";
const FLOOR_PERCENT = (FOLLOWING_Q16 * 100) >> 16;

/** The owner's app and the band: what the resilience service tells, and what it may do. */
export class AppLink implements ControlPort, LiveState {
  readonly service: ResilienceService;
  readonly #options: AppLinkOptions;
  readonly #trust: Trust;
  contact = ContactState.NotWorn;
  contactReason: ContactReason = 0;
  endReason = -1;
  rule = -1;

  constructor(options: AppLinkOptions) {
    this.#options = options;
    this.#trust = new Trust(options.store);
    const { timers, recorder } = options;
    this.service = new ResilienceService({
      trust: this.#trust,
      port: this,
      liveState: this,
      ring: recorder.ring,
      log: recorder.log,
      timers,
    });
  }

  /** Where the radio's class can refuse to pair, it does so but in the window. */
  serve(server: BandServer): void {
    this.#trust.gate = server;
  }

  /** The button's gesture, in idle. */
  openWindow(): void {
    this.#trust.openWindow();
    this.#options.session.link();
  }

  /** Whoever is there has to show the owner's key anew. */
  lock(): void {
    this.#trust.lock();
  }

  felt(state: ContactState, reason: ContactReason): void {
    this.contact = state;
    this.contactReason = reason;
  }

  sessionEvent(event: SessionEvent): void {
    if (event.kind === "started") this.endReason = this.rule = -1;
    else if (event.kind === "scoringOver" || event.kind === "eased") this.rule = ruleCode(event.rule);
    else if (event.kind === "ended") {
      this.endReason = endCode(event.reason);
      if (event.rule !== undefined) this.rule = ruleCode(event.rule);
    }
  }

  /** What was stored has changed: the session, the motor and everybody who reads settings go by it. */
  settingsChanged(): void {
    const { settings, stored, player } = this.#options;
    Object.assign(settings, sessionSettings(stored));
    player.guideStrengthQ8 = stored.get("strengthQ8");
  }

  // --- ControlPort ---

  get isInSession(): boolean {
    return this.#options.session.state !== "idle";
  }

  start(program: number, chosenMs: number): number {
    const name = programOf(program);
    if (programCode(name) !== program) return ControlStatus.OutOfRange; // an unknown number gives another name
    const refusal = this.#options.session.start(
      chosenMs === 0 ? { program: name, by: "app" } : { program: name, by: "app", chosenMs },
    );
    return refusal === undefined ? ControlStatus.Ok : outcome(ControlStatus.Refused, refusalCode(refusal));
  }

  stop(): void {
    this.#options.session.stop();
  }

  notOk(): void {
    this.#options.session.notOk();
  }

  pause(): boolean {
    const { session } = this.#options;
    session.pause();
    return session.state === "paused";
  }

  resume(): boolean {
    const { session } = this.#options;
    if (session.state !== "paused") return false;
    session.resume();
    return true;
  }

  changePace(rateCentiPerMin: number, inhalePermille: number): number {
    const refusal = this.#options.session.changePace({ rateCentiPerMin, inhalePermille });
    return refusal === undefined ? ControlStatus.Ok : ControlStatus.OutOfRange;
  }

  getSetting(key: number, view: DataView, at: number): number {
    const name = SETTING_KEYS[key];
    if (name === undefined) return ControlStatus.OutOfRange;
    const { min, max } = SETTINGS.rows[name];
    view.setInt32(at, this.#options.stored.get(name), true);
    view.setInt32(at + 4, min, true);
    view.setInt32(at + 8, max, true);
    return ControlStatus.Ok;
  }

  setSetting(key: number, value: number): number {
    const { stored, recorder, clock } = this.#options;
    const name = SETTING_KEYS[key];
    if (name === undefined) return ControlStatus.OutOfRange;
    const { group }: SettingRow = SETTINGS.rows[name];
    if (group === MEASURED_GROUP) return ControlStatus.Refused;
    if (this.isInSession && group !== LIVE_GROUP) return outcome(ControlStatus.Refused, refusalCode("busy"));
    if (stored.get(name) === value) return ControlStatus.Ok; // nothing is written for it
    const said = stored.set({ [name]: value });
    if (!said.ok) return said.reason === "notStored" ? ControlStatus.NotKept : ControlStatus.OutOfRange;
    this.settingsChanged();
    recorder.log.event(clock.ticks, EventCode.SettingsChanged, stored.groupOf(name));
    return ControlStatus.Ok;
  }

  setClock(epochMs: number, uncertaintyMs: number, zoneMinutes: number): number {
    const refusal = this.#options.recorder.setClock({ epochMs, uncertaintyMs, zoneMinutes });
    return refusal === undefined ? ControlStatus.Ok : ControlStatus.OutOfRange;
  }

  setLightRate(hz: number): boolean {
    return this.service.light.setRate(hz);
  }

  // --- LiveState ---

  get isWorn(): boolean {
    return this.#options.sense.isWorn;
  }
  get isClean(): boolean {
    return this.#options.body.clean;
  }
  get isPacing(): boolean {
    return this.#options.session.isPacing;
  }
  get isResting(): boolean {
    return this.#options.session.isResting;
  }
  get showsScore(): boolean {
    return this.#options.session.showsScore;
  }
  get session(): number {
    return stateCode(this.#options.session.state);
  }
  get program(): number {
    const { program } = this.#options.session;
    return program === undefined ? -1 : PROGRAM_LIST.indexOf(program);
  }
  get phase(): number {
    const { program, phase } = this.#options.session;
    return program === undefined || phase === undefined ? -1 : program.phases.indexOf(phase);
  }
  get bpm(): number {
    const { sense } = this.#options;
    return sense.absence === HeartRateAbsence.None ? sense.heartRate.bpm : 0;
  }
  get bpmAbsence(): number {
    return this.#options.sense.absence;
  }
  get rateCentiPerMin(): number {
    return this.isPacing ? this.#options.session.rateCentiPerMin : 0;
  }
  get scorePercent(): number {
    const { rhythm } = this.#options.rhythm.lockIn;
    return rhythm.absence === Absence.None ? rhythm.scorePercent : 0;
  }
  get scoreAbsence(): number {
    return this.#options.rhythm.lockIn.rhythm.absence;
  }
  get followPercent(): number {
    const { followPermille } = this.#options.body;
    return followPermille === undefined ? -1 : quotientFloor(followPermille, 10);
  }
  get floorPercent(): number {
    return FLOOR_PERCENT;
  }
  get irregularPercent(): number {
    return this.#options.body.irregularPercent ?? -1;
  }
  get strengthQ8(): number {
    return this.#options.stored.get("strengthQ8");
  }
}

/** In the order of `programCode`. */
const PROGRAM_LIST: readonly Program[] = Object.freeze(Object.values(PROGRAMS));
