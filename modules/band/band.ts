import { AppLink } from "band/app-link";
import { BeatWatch } from "band/beat-watch";
import { stateCode } from "band/codes";
import { Findings } from "band/findings";
import type { HostParts } from "band/parts";
import { PulseSense } from "band/pulse-sense";
import { Recorder } from "band/recorder";
import { ResetGesture } from "band/reset-gesture";
import { RhythmSense } from "band/rhythm-sense";
import { sessionSettings } from "band/session-settings";
import { tellSpectrum } from "band/spectrum-sense";
import { BreathForecast } from "band/upstroke-forecast";
import { TickClock } from "base/tick-clock";
import { BatteryService } from "ble-gatt/battery";
import { DeviceInformationService } from "ble-gatt/device-information";
import { HeartRateService } from "ble-gatt/heart-rate";
import { BandServer } from "ble-gatt/server";
import { CuePlayer } from "haptics/cue-player";
import { ErmMotor } from "haptics/erm-motor";
import type { Beat } from "hrv/beat";
import { HeartRateAbsence } from "hrv/heart-rate";
import { Absence } from "hrv/reading";
import { BatteryGauge, BatteryState } from "power/battery-gauge";
import { type ContactReason, ContactState } from "ppg/contact";
import type { BodyReading } from "session/body";
import { Button } from "session/button";
import { PROGRAMS, type Program } from "session/programs";
import { Session } from "session/session";
import type { SessionEvent } from "session/session-log";
import type { SessionSettings } from "session/session-settings";
import { Settings } from "storage/settings";
import { SETTINGS, type SettingName } from "storage/settings-table";

const SECOND_MS = 1000;
/** The cell's voltage moves slowly; a measurement waits for a silent motor. */
const BATTERY_SECONDS = 30;
/** In the order of `programCode`. */
const PROGRAM_LIST: readonly Program[] = Object.freeze(Object.values(PROGRAMS));

/**
 * The whole band, put together from a host's parts: who tells whom, and what happens once a second. The motor is made
 * first, because making it stops it.
 */
export class Band {
  readonly #parts: HostParts;
  readonly #motor: ErmMotor;
  readonly #sense: PulseSense;
  readonly #watch = new BeatWatch();
  readonly #player: CuePlayer;
  readonly #session: Session;
  readonly #gauge: BatteryGauge;
  readonly #heartRateService = new HeartRateService();
  readonly #batteryService: BatteryService;
  readonly #appLink: AppLink;
  readonly #server: BandServer | undefined;
  readonly #body: BodyReading = {
    worn: false,
    still: false,
    clean: false,
    bpm: undefined,
    irregularPercent: undefined,
    followPermille: undefined,
    swingMs: undefined,
  };
  readonly #settings: SessionSettings;
  readonly #recorder: Recorder;
  readonly #findings: Findings;
  readonly #forecast: BreathForecast;
  #batterySeconds = 0;
  readonly #rhythm: RhythmSense;

  constructor(parts: HostParts) {
    const { clock, timers } = parts;
    const tickClock = new TickClock(clock);
    const settingsReset: number[] = []; // there is no log yet
    const stored = new Settings(parts.settings, SETTINGS, {
      settingsReset: (group, trouble) => settingsReset.push(group, trouble),
    });
    this.#settings = sessionSettings(stored);
    this.#recorder = new Recorder({
      flash: parts.log,
      store: parts.settings,
      clock,
      firmwareRevision: parts.identity.firmwareRevision,
      settings: this.#settings,
      settingsReset,
    });
    this.#parts = parts;
    this.#rhythm = new RhythmSense(clock, tickClock, () => this.#breath());
    this.#rhythm.isSpectrumRead = parts.observer?.spectrum !== undefined;
    this.#motor = new ErmMotor(parts.motor, {
      clock,
      timers,
      onShaken: (fromMs, toMs) => this.#sense.shaken(fromMs, toMs),
    });
    this.#sense = new PulseSense({
      sensor: parts.sensor,
      alert: parts.sensorAlert,
      clock,
      tickClock,
      timers,
      onBeat: (beat) => this.#beat(beat),
      onSamples: (batch) => this.#appLink.service.light.push(batch),
      onContact: (state, reason) => this.#contact(state, reason),
      onAlive: () => parts.watchdog?.feed(),
    });
    this.#forecast = new BreathForecast(clock, tickClock, this.#sense, this.#rhythm);
    this.#player = new CuePlayer({ motor: this.#motor, clock, timers, forecast: this.#forecast });
    this.#player.guideStrengthQ8 = stored.get("strengthQ8");
    this.#findings = new Findings({
      clock,
      tickClock,
      timers,
      series: this.#rhythm.series,
      motor: this.#motor,
      player: this.#player,
      settings: stored,
      store: parts.settings,
      log: this.#recorder.log,
    });
    this.#session = new Session({
      clock,
      timers,
      player: this.#player,
      log: { record: (event) => this.#sessionEvent(event) },
      settings: this.#settings,
      history: this.#recorder.history,
      calendar: this.#recorder,
      store: parts.settings,
      pacePicker: this.#findings.pacePicker,
      recoveryFinder: this.#findings.recoveryFinder,
      touchTrial: this.#findings.touchTrial,
    });
    this.#appLink = new AppLink({
      store: parts.settings,
      clock,
      timers,
      stored,
      settings: this.#settings,
      session: this.#session,
      player: this.#player,
      recorder: this.#recorder,
      sense: this.#sense,
      rhythm: this.#rhythm,
      body: this.#body,
    });
    const gesture = new ResetGesture({
      clock,
      session: this.#session,
      player: this.#player,
      onConfirmed: () => this.#erase(stored),
      onLink: () => this.#appLink.openWindow(),
    });
    new Button(parts.button, clock, timers, gesture);
    if (this.#recorder.isEraseCutOff) this.#erase(stored);
    this.#gauge = new BatteryGauge(parts.battery);
    this.#gauge.measure();
    this.#motor.cellMv = this.#gauge.mv;
    this.#batteryService = new BatteryService(this.#gauge.percent);
    if (parts.radio !== undefined)
      this.#server = new BandServer({
        radio: parts.radio,
        name: parts.identity.name,
        services: [
          this.#heartRateService,
          this.#batteryService,
          new DeviceInformationService(parts.identity),
          this.#appLink.service,
        ],
      });
    if (this.#server !== undefined) this.#appLink.serve(this.#server);
    timers.repeat(() => this.#second(), SECOND_MS);
  }

  /** Factory reset. What was fitted to the wrist holds until the next start, all else is as made at once. */
  #erase(stored: Settings<SettingName>): void {
    if (!this.#recorder.erase(stored)) {
      this.#player.play("refused");
      return;
    }
    this.#appLink.settingsChanged();
    this.#appLink.lock();
    this.#player.play("end");
  }

  #beat(beat: Beat): void {
    this.#watch.beat(beat);
    if (this.#sense.isWorn) this.#rhythm.beat(beat); // what may be an arm's swing is no variability of a heart
    this.#forecast.beat(beat);
    this.#recorder.beat(beat);
    this.#heartRateService.beat(beat);
    this.#parts.observer?.beat(beat.upstrokeTicks, beat.rrTicks, beat.verdict, beat.qualityQ8);
  }

  #breath(): void {
    this.#recorder.breath(this.#rhythm);
    const { rhythm, breath } = this.#rhythm.lockIn;
    this.#parts.observer?.breath(
      rhythm.absence,
      rhythm.absence === Absence.None ? rhythm.scorePercent : 0,
      breath.absence,
      breath.absence === Absence.None ? breath.amplitudeMsQ8 >> 8 : 0,
    );
  }

  #contact(state: ContactState, reason: ContactReason): void {
    this.#parts.observer?.contact(state, reason);
    this.#appLink.felt(state, reason);
    if (state !== ContactState.Worn) {
      this.#watch.reset();
      this.#rhythm.gap();
    }
    this.#tellHeartRate();
  }

  #second(): void {
    const { heartRate } = this.#sense;
    this.#sense.second();
    this.#watchBattery();
    const body = this.#body;
    body.worn = this.#sense.isWorn;
    body.clean = this.#watch.clean;
    body.still = body.clean; // no motion sensor: a clean pulse is the only sign of stillness there is
    body.bpm = this.#sense.absence === HeartRateAbsence.None ? heartRate.bpm : undefined;
    body.irregularPercent = this.#watch.irregularPercent;
    const rhythm = this.#rhythm;
    rhythm.second(this.#session, body);
    const { observer } = this.#parts;
    if (observer !== undefined && rhythm.spectrum !== undefined)
      tellSpectrum(rhythm.spectrumMade, rhythm.spectrum, observer);
    this.#session.observe(body);
    this.#findings.second();
    const isQuiet = this.#session.state === "idle" && !this.#motor.running;
    this.#recorder.second(body, this.#rhythm, isQuiet, this.#gauge.percent, this.#gauge.mv);
    this.#tellHeartRate();
    this.#batteryService.measured(this.#gauge.percent);
    this.#server?.second();
    this.#parts.observer?.second(heartRate.bpm, this.#sense.absence, this.#gauge.percent);
    if (this.#rhythm.breathBegan) this.#tellPace();
  }

  #tellPace(): void {
    const { startMs, inhaleEndMs, endMs } = this.#rhythm.edges;
    const atMs = (this.#session.pacingSinceMs + startMs) | 0;
    this.#parts.observer?.pace(atMs, (inhaleEndMs - startMs) | 0, (endMs - startMs) | 0);
  }

  #tellHeartRate(): void {
    const { absence } = this.#sense;
    const { bpm } = this.#sense.heartRate;
    this.#heartRateService.measured(this.#sense.isWorn, absence === HeartRateAbsence.None ? bpm : undefined);
  }

  #watchBattery(): void {
    if (++this.#batterySeconds < BATTERY_SECONDS || this.#motor.running) return;
    this.#batterySeconds = 0;
    const gauge = this.#gauge;
    const before = gauge.state;
    gauge.measure();
    this.#motor.cellMv = gauge.mv;
    if (gauge.state === before) return;
    this.#recorder.battery(gauge.percent, gauge.mv, gauge.state);
    this.#motor.permitted = gauge.state !== BatteryState.Empty;
    this.#session.isBatteryEmpty = gauge.state === BatteryState.Empty;
    if (gauge.state === BatteryState.Low) this.#session.batteryLow();
  }

  #sessionEvent(event: SessionEvent): void {
    this.#recorder.session(event, this.#gauge.percent);
    this.#findings.session(event, this.#recorder.wallClock.dayAt(event.atMs));
    this.#appLink.sessionEvent(event);
    if (event.kind !== "state" && event.kind !== "phase" && event.kind !== "ended") return;
    const { state, program, phase } = this.#session;
    const programIndex = program === undefined ? -1 : PROGRAM_LIST.indexOf(program);
    const phaseIndex = phase === undefined ? -1 : (program?.phases.indexOf(phase) ?? -1);
    this.#parts.observer?.session(stateCode(state), programIndex, phaseIndex);
  }
}
