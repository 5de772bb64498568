import {
  absenceCode,
  endCode,
  programCode,
  refusalCode,
  ruleCode,
  starterCode,
  stateCode,
  styleCode,
} from "band/codes";
import { DayBook } from "band/day-book";
import type { RhythmSense } from "band/rhythm-sense";
import { UseBook } from "band/use-book";
import { quotientFloor, quotientNearest } from "base/divide";
import type { Clock, KeyValueStore } from "base/host-parts";
import type { Beat } from "hrv/beat";
import { Absence } from "hrv/reading";
import type { BodyReading } from "session/body";
import type { Recovered } from "session/findings";
import type { Calendar } from "session/nudge-memory";
import type { SessionEvent } from "session/session-log";
import type { SessionSettings } from "session/session-settings";
import { FactoryReset, type LogBase, type Resettable, readLogBase, StoredValues } from "storage/factory-reset";
import type { FlashOptions } from "storage/flash-port";
import { EventCode, FindingKind, MinuteFlag } from "storage/log-records";
import { Prepare, RecordRing } from "storage/record-ring";
import { SessionLog } from "storage/session-log";
import { type ClockRefusal, type ClockSetting, WallClock } from "storage/wall-clock";

/** Blocks erased ahead of the head: what a 20 minute session fills, and one more. */
const BLOCKS_AHEAD = 4;
/** A band that crashes at every boot must not wear its flash out: nothing is written before this. */
const BOOT_SECONDS = 30;
const PREPARE_SECONDS = 10;
const MINUTE_SECONDS = 60;
const MINUTE_MS = 60_000;
/** The anchor of the wall clock moves along, for the host's clock wraps after 24 days. */
const KEEP_MINUTES = 60;
/** The cell's state of charge is kept this often, and whenever its state changes. */
const BATTERY_MINUTES = 60;
/** What a factory reset deletes beside what the recorder itself keeps: the touch that was fitted, nudges, the owner's key. */
const OTHER_KEYS: readonly string[] = Object.freeze(["touch", "nudges", "owner"]);
/** ms in Q8, times 128, over this are 1/1024 s: 125 ms are 128 ticks. */
const TICK_PARTS = 125 * 256;

export interface RecorderOptions {
  readonly flash: FlashOptions | undefined;
  readonly store: KeyValueStore;
  readonly clock: Clock;
  readonly firmwareRevision: string;
  readonly settings: SessionSettings;
  /** What was wrong with the settings at this start: group, trouble, group, trouble and so on. */
  readonly settingsReset?: readonly number[];
}

/**
 * Writes what the band feels and does into its log, and keeps what must be known without it: how the band was used, and
 * a summary a day. Nothing here throws; a band without a log goes on without.
 */
export class Recorder implements Calendar {
  readonly log: SessionLog;
  readonly ring: RecordRing;
  /** What time it is; set by `setClock`. */
  readonly wallClock = new WallClock();
  /** What the session's start rules ask for. */
  readonly history: UseBook;
  readonly days: DayBook;
  readonly #clock: Clock;
  readonly #store: KeyValueStore;
  readonly #base: LogBase;
  #erasing: FactoryReset | undefined;
  #settingsReset: readonly number[] | undefined;
  readonly #settings: SessionSettings;
  #seconds = 0;
  #minutes = 0;
  #wornSeconds = 0;
  /** Seconds of the minute that was worn in which breathing was paced, and in which the wearer was not still. */
  #pacedSeconds = 0;
  #restlessSeconds = 0;
  #batteryState = 0;
  #inSession = false;
  /** Number of the program's phase that goes on. */
  #phase = 0;

  constructor(options: RecorderOptions) {
    this.#clock = options.clock;
    this.#settings = options.settings;
    this.#settingsReset = options.settingsReset;
    this.#store = options.store;
    this.#base = readLogBase(options.store);
    this.ring = new RecordRing(options.flash, BLOCKS_AHEAD, this.#base.startSeq);
    this.log = new SessionLog(this.ring, options.firmwareRevision);
    const { store, clock, settings } = options;
    this.history = new UseBook(store, clock, this.wallClock, settings.limits.sessionsADay);
    this.days = new DayBook(store, clock, this.wallClock, this.log);
  }

  /** The power went in the middle of a factory reset: `erase` is to go on with it. */
  get isEraseCutOff(): boolean {
    return this.#base.isErasing && this.#erasing === undefined;
  }

  /**
   * Factory reset: what is in the store goes at once, the log's blocks one a second while the band is quiet. Nothing is
   * logged until it is done. False if the store would not note it; then nothing was deleted.
   */
  erase(settings: Resettable): boolean {
    const others = new StoredValues(this.#store, OTHER_KEYS);
    const erasing = new FactoryReset(this.#store, this.#base, this.ring, [settings, this.history, this.days, others]);
    if (!erasing.begin()) return false;
    this.#erasing = erasing;
    return true;
  }

  get localMinutes(): number | undefined {
    return this.wallClock.localMinutesAt(this.#clock.ticks);
  }

  /** A phone tells the time. Undefined: it is taken and written into the log; otherwise why not. */
  setClock(setting: ClockSetting): ClockRefusal | undefined {
    const nowMs = this.#clock.ticks;
    const refusal = this.wallClock.set(nowMs, setting);
    if (refusal === undefined) this.log.clockSet(nowMs, setting.epochMs, setting.uncertaintyMs, setting.zoneMinutes);
    return refusal;
  }

  /** Beats are kept for sessions; passive wear is kept by the minute. */
  beat(beat: Beat): void {
    if (this.#inSession) this.log.beat(beat.upstrokeTicks, beat.rrTicks, beat.verdict, beat.qualityQ8);
  }

  /** A paced breath was judged. */
  breath({ lockIn, breathStartMs, breathInhaleMs, breathPeriodMs }: RhythmSense): void {
    if (!this.#inSession) return;
    const { breath, rhythm, following } = lockIn;
    const isSeen = breath.absence === Absence.None;
    this.log.breath(
      breathStartMs,
      breathInhaleMs,
      breathPeriodMs,
      this.#phase,
      following.absence === Absence.None ? Math.imul(following.coherenceQ16, 100) >> 16 : undefined,
      rhythm.absence === Absence.None ? rhythm.scorePercent : undefined,
      isSeen ? (breath.longestAtTurnQ16 >> 8) & 0xff : 0,
      isSeen ? (breath.amplitudeMsQ8 + 128) >> 8 : undefined,
    );
  }

  /**
   * Once a second.
   * @param isQuiet  the motor rests and no session goes on, so a block may be erased (45 ms, 400 at worst)
   */
  second(body: BodyReading, rhythm: RhythmSense, isQuiet: boolean, batteryPercent: number, batteryMv: number): void {
    this.#seconds++;
    if (this.#erasing?.isRunning === true) {
      // Not before the half minute is over: a band that crashes at every boot must not erase each time.
      if (isQuiet && this.#seconds > BOOT_SECONDS && this.#erasing.step() !== Prepare.More) {
        this.log.boot(this.#clock.ticks, 0);
        this.log.event(this.#clock.ticks, EventCode.FactoryReset);
      }
    } else if (this.#seconds === BOOT_SECONDS) {
      if (isQuiet) this.ring.prepare();
      this.log.boot(this.#clock.ticks, 0);
      this.#tellSettingsReset();
      if (this.history.wasCorrupt) this.log.event(this.#clock.ticks, EventCode.UseForgotten);
    } else if (this.#seconds > BOOT_SECONDS && this.#seconds % PREPARE_SECONDS === 0 && isQuiet) this.ring.prepare();
    if (!body.worn) {
      this.#wornSeconds = 0;
      this.days.broken();
    } else {
      if (this.#wornSeconds === 0) this.#pacedSeconds = this.#restlessSeconds = 0;
      if (rhythm.isPacing) this.#pacedSeconds++;
      if (!body.still) this.#restlessSeconds++;
      if (++this.#wornSeconds === MINUTE_SECONDS) {
        this.#wornSeconds = 0;
        this.#wornMinute(rhythm);
      }
    }
    if (this.#seconds % MINUTE_SECONDS !== 0) return;
    this.#minutes++;
    if (this.#minutes % KEEP_MINUTES === 0) this.wallClock.keep(this.#clock.ticks);
    if (this.#minutes % BATTERY_MINUTES === 0) this.battery(batteryPercent, batteryMv, this.#batteryState);
    this.history.minute();
    if (isQuiet) this.days.minute();
  }

  battery(percent: number, mv: number, state: number): void {
    this.#batteryState = state;
    this.log.battery(this.#clock.ticks, percent, mv, state);
  }

  session(event: SessionEvent, batteryPercent: number): void {
    const { log } = this;
    this.history.session(event, this.#settings.limits.restMs);
    if (event.kind === "ended") this.days.practised(event.lastedMs);
    switch (event.kind) {
      case "started": {
        // While the start cue has not begun yet; but not all blocks at once, if a factory reset is still erasing.
        if (this.#erasing?.isRunning !== true) while (this.ring.prepare() === Prepare.More);
        const { pace, style, wearer } = this.#settings;
        if (this.#seconds < BOOT_SECONDS) {
          this.#seconds = BOOT_SECONDS; // somebody wears it: the boot's record comes now, not in the middle of the session
          log.boot(this.#clock.ticks, 0);
        }
        log.sessionStart(event.atMs, {
          program: programCode(event.program),
          startedBy: starterCode(event.by),
          style: styleCode(style),
          strengthQ8: 256,
          rateCentiPerMin: pace.rateCentiPerMin,
          inhalePermille: pace.inhalePermille,
          plannedMs: 0,
          restingBpm: wearer.restingBpm,
          batteryPercent,
        });
        this.#inSession = true;
        return;
      }
      case "ended":
        this.#inSession = false;
        log.sessionEnd(event.atMs, {
          reason: endCode(event.reason),
          rule: event.rule === undefined ? undefined : ruleCode(event.rule),
          lastedMs: event.lastedMs,
          scoredMs: event.scoredMs,
        });
        return;
      case "refused":
        log.event(event.atMs, EventCode.StartRefused, programCode(event.program), refusalCode(event.reason));
        return;
      case "state":
        log.event(event.atMs, EventCode.State, stateCode(event.state));
        return;
      case "notOk":
        log.event(event.atMs, EventCode.NotOk);
        return;
      case "scoringOver":
      case "eased":
        log.event(event.atMs, EventCode.StopRule, ruleCode(event.rule));
        return;
      case "pace": {
        const { finding } = event;
        if (finding.ok)
          log.event(event.atMs, EventCode.ResonanceRate, finding.rateCentiPerMin, finding.spreadCentiPerMin);
        else log.event(event.atMs, EventCode.NothingFound, FindingKind.PracticeRate, absenceCode(finding.reason));
        return;
      }
      case "recovery":
        this.#recovered(event.atMs, event.finding, EventCode.Recovery, FindingKind.Recovery);
        this.#recovered(event.atMs, event.finding.rmssd, EventCode.RmssdRecovery, FindingKind.RmssdRecovery);
        return;
      case "answer":
        log.event(event.atMs, EventCode.Answer, this.#phase, event.rating ?? 0);
        return;
      case "phase":
        this.#phase = event.index;
        log.event(event.atMs, EventCode.Phase, event.index, event.plannedMs);
        return;
      default: // cues are the observer's
    }
  }

  #recovered(atMs: number, finding: Recovered, code: EventCode, kind: FindingKind): void {
    if (!finding.ok) {
      this.log.event(atMs, EventCode.NothingFound, kind, absenceCode(finding.reason));
      return;
    }
    // Outwards: the interval that is written holds the one that was found. 640 s are below 2^13 tenths.
    const low = quotientFloor(finding.tauLowMs, 100);
    const high = quotientFloor(finding.tauHighMs + 99, 100);
    this.log.event(atMs, code, finding.tauMs, low | (high << 16));
  }

  /** Not before there is a boot record, which says to whom it belongs. */
  #tellSettingsReset(): void {
    const all = this.#settingsReset ?? [];
    this.#settingsReset = undefined;
    for (let i = 0; i + 1 < all.length; i += 2)
      this.log.event(this.#clock.ticks, EventCode.SettingsReset, all[i], all[i + 1]);
  }

  #wornMinute(rhythm: RhythmSense): void {
    const { rmssd, lnRmssd, meanNn } = rhythm.hrv;
    const isKnown = rmssd.absence === Absence.None;
    const meanRrTicks =
      meanNn.absence === Absence.None ? quotientNearest(Math.imul(meanNn.msQ8, 128), TICK_PARTS) : undefined;
    const isPaced = this.#pacedSeconds > 0;
    const isStill = this.#restlessSeconds === 0;
    this.log.minute(
      (this.#clock.ticks - MINUTE_MS) | 0,
      meanRrTicks,
      isKnown ? rmssd.msQ8 >> 2 : undefined,
      rmssd.coveragePercent,
      rmssd.absence,
      MinuteFlag.Worn |
        (this.#inSession ? MinuteFlag.InSession : 0) |
        (isStill ? MinuteFlag.Still : 0) |
        (isPaced ? MinuteFlag.Paced : 0),
    );
    const isResting = isStill && !isPaced && !this.#inSession && !rhythm.hrv.isProvisional;
    if (isResting && meanRrTicks !== undefined && lnRmssd.absence === Absence.None)
      this.days.restingMinute(meanRrTicks, lnRmssd.lnMsQ10);
    else this.days.broken();
  }
}
