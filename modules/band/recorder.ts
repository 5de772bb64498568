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
import { quotientFloor, quotientNearest } from "base/divide";
import type { Clock, KeyValueStore } from "base/host-parts";
import type { Beat } from "hrv/beat";
import { Absence } from "hrv/reading";
import type { TimeDomain } from "hrv/time-domain";
import type { Recovered } from "session/findings";
import type { SessionEvent } from "session/session-log";
import type { SessionSettings } from "session/session-settings";
import { readLogBase } from "storage/factory-reset";
import type { FlashOptions } from "storage/flash-port";
import { EventCode, FindingKind, MinuteFlag } from "storage/log-records";
import { Prepare, RecordRing } from "storage/record-ring";
import { SessionLog } from "storage/session-log";

/** Blocks erased ahead of the head: what a 20 minute session fills, and one more. */
const BLOCKS_AHEAD = 4;
/** A band that crashes at every boot must not wear its flash out: nothing is written before this. */
const BOOT_SECONDS = 30;
const PREPARE_SECONDS = 10;
const MINUTE_SECONDS = 60;
const MINUTE_MS = 60_000;
/** ms in Q8, times 128, over this are 1/1024 s: 125 ms are 128 ticks. */
const TICK_PARTS = 125 * 256;

export interface RecorderOptions {
  readonly flash: FlashOptions | undefined;
  readonly store: KeyValueStore;
  readonly clock: Clock;
  readonly firmwareRevision: string;
  readonly settings: SessionSettings;
}

/** Writes what the band feels and does into its log. Nothing here throws; a band without a log goes on without. */
export class Recorder {
  readonly log: SessionLog;
  readonly ring: RecordRing;
  readonly #clock: Clock;
  readonly #settings: SessionSettings;
  #seconds = 0;
  #wornSeconds = 0;
  #inSession = false;
  /** Number of the program's phase that goes on. */
  #phase = 0;

  constructor(options: RecorderOptions) {
    this.#clock = options.clock;
    this.#settings = options.settings;
    this.ring = new RecordRing(options.flash, BLOCKS_AHEAD, readLogBase(options.store).startSeq);
    this.log = new SessionLog(this.ring, options.firmwareRevision);
  }

  /** Beats are kept for sessions; passive wear is kept by the minute. */
  beat(beat: Beat): void {
    if (this.#inSession) this.log.beat(beat.upstrokeTicks, beat.rrTicks, beat.verdict, beat.qualityQ8);
  }

  /** Once a second. `isQuiet`: the motor rests and no session goes on, so a block may be erased (45 ms, 400 at worst). */
  second(isWorn: boolean, hrv: TimeDomain, isQuiet: boolean): void {
    this.#seconds++;
    if (this.#seconds === BOOT_SECONDS) {
      if (isQuiet) this.ring.prepare();
      this.log.boot(this.#clock.ticks, 0);
    } else if (this.#seconds > BOOT_SECONDS && this.#seconds % PREPARE_SECONDS === 0 && isQuiet) this.ring.prepare();
    if (!isWorn) this.#wornSeconds = 0;
    else if (++this.#wornSeconds === MINUTE_SECONDS) {
      this.#wornSeconds = 0;
      this.#minute(hrv);
    }
  }

  battery(percent: number, mv: number, state: number): void {
    this.log.battery(this.#clock.ticks, percent, mv, state);
  }

  session(event: SessionEvent, batteryPercent: number): void {
    const { log } = this;
    switch (event.kind) {
      case "started": {
        while (this.ring.prepare() === Prepare.More); // while the start cue has not begun yet
        const { pace, style, wearer } = this.#settings;
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

  #minute({ rmssd, meanNn }: TimeDomain): void {
    const isKnown = rmssd.absence === Absence.None;
    this.log.minute(
      (this.#clock.ticks - MINUTE_MS) | 0,
      meanNn.absence === Absence.None ? quotientNearest(Math.imul(meanNn.msQ8, 128), TICK_PARTS) : undefined,
      isKnown ? rmssd.msQ8 >> 2 : undefined,
      rmssd.coveragePercent,
      rmssd.absence,
      MinuteFlag.Worn | (this.#inSession ? MinuteFlag.InSession : 0),
    );
  }
}
