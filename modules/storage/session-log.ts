import {
  BatteryOffset,
  BEAT_BYTES,
  BEATS_PER_RECORD,
  BeatsOffset,
  BootOffset,
  BREATH_BYTES,
  BREATHS_PER_RECORD,
  BreathField,
  BreathsOffset,
  ClockSetOffset,
  DayOffset,
  type EventCode,
  EventOffset,
  MINUTE_BYTES,
  MINUTES_PER_RECORD,
  MinuteField,
  MinutesOffset,
  NOT_KNOWN,
  NOT_KNOWN_16,
  RR_TICKS_MAX,
  SessionEndOffset,
  SessionStartOffset,
} from "storage/log-records";
import { beginRecord, put16, put32, RECORD_BYTES, RecordOffset, RecordType } from "storage/record-layout";
import { Append, type RecordRing } from "storage/record-ring";

const MINUTE_MS = 60_000;
const RMSSD_MS_Q6_MAX = 0xfffe;

/** What a session begins with. Codes are those of the modules named in log-records. */
export interface SessionStart {
  readonly program: number;
  readonly startedBy: number;
  readonly style: number;
  /** 0 .. 256. */
  readonly strengthQ8: number;
  readonly rateCentiPerMin: number;
  readonly inhalePermille: number;
  readonly plannedMs: number;
  readonly restingBpm: number | undefined;
  readonly batteryPercent: number;
}

export interface SessionEnd {
  readonly reason: number;
  /** Number of the stop rule. */
  readonly rule: number | undefined;
  readonly lastedMs: number;
  readonly scoredMs: number;
}

export interface DaySummary {
  /** Local days since 1970-01-01, 0 .. 65534. */
  readonly dayNumber: number;
  /** Of the day's resting measurement, natural logarithm of ms in Q10; absent if there was none. */
  readonly lnRmssdQ10: number | undefined;
  readonly restingBpm: number | undefined;
  readonly practiceMinutes: number;
}

/** A record that fills up with entries before it is written. */
class Packer {
  readonly bytes = new Uint8Array(RECORD_BYTES);
  count = 0;

  begin(type: RecordType, at: number): void {
    beginRecord(this.bytes, type);
    put32(this.bytes, RecordOffset.At, at);
    this.count = 0;
  }
}

/**
 * Writes what happens into the log. Beats, breaths and minutes are packed, so that the flash is written about every
 * 5 s in a session; what is not yet written when the power goes is lost: up to 6 beats, 1 breath, 2 minutes.
 *
 * Times are `Clock.ticks` in ms, beats in 1/1024 s of the same clock; both are stored as u32 and read back so.
 * Errors:  none; a record that cannot be written is dropped and counted by the ring
 * Cost:    no allocation; a call that completes a record writes 32 bytes to the flash, which stalls for 3 ms at worst
 */
export class SessionLog {
  readonly #ring: RecordRing;
  readonly #firmware: readonly [number, number, number];
  readonly #beats = new Packer();
  readonly #breaths = new Packer();
  readonly #minutes = new Packer();
  readonly #one = new Packer();
  #breathEndMs = 0;
  #minuteEndMs = 0;
  #startSeq = 0;

  /** @param firmwareRevision  "1.2.3", each 0 .. 254; what is not a number there is stored as not known */
  constructor(ring: RecordRing, firmwareRevision: string) {
    this.#ring = ring;
    const parts = firmwareRevision.split(".");
    this.#firmware = [versionByte(parts[0]), versionByte(parts[1]), versionByte(parts[2])];
  }

  /** First thing after the ring was prepared: it separates the clock of this boot from those before. */
  boot(atMs: number, resetReason: number): void {
    const { bytes } = this.#begin(RecordType.Boot, atMs);
    put32(bytes, BootOffset.BootNumber, this.#ring.bootNumber);
    bytes.set(this.#firmware, BootOffset.FirmwareMajor);
    bytes[BootOffset.ResetReason] = resetReason;
    this.#write();
  }

  sessionStart(atMs: number, start: SessionStart): void {
    this.flush();
    const { bytes } = this.#begin(RecordType.SessionStart, atMs);
    bytes.set(this.#firmware, SessionStartOffset.FirmwareMajor);
    bytes[SessionStartOffset.Program] = start.program;
    bytes[SessionStartOffset.StartedBy] = start.startedBy;
    bytes[SessionStartOffset.Style] = start.style;
    put16(bytes, SessionStartOffset.StrengthQ8, start.strengthQ8);
    put16(bytes, SessionStartOffset.RateCentiPerMin, start.rateCentiPerMin);
    put16(bytes, SessionStartOffset.InhalePermille, start.inhalePermille);
    put32(bytes, SessionStartOffset.PlannedMs, start.plannedMs);
    bytes[SessionStartOffset.RestingBpm] = start.restingBpm ?? 0;
    bytes[SessionStartOffset.BatteryPercent] = start.batteryPercent;
    // A slot that fails passes its number on to the next: the record's is known only afterwards.
    this.#startSeq = this.#write() ? this.#ring.nextSeq - 1 : 0;
  }

  /**
   * A beat as the detector tells it, whatever the verdict. One that does not follow on the beat before (rrTicks 0, or
   * above 4095) begins a record, so that within a record each time is the sum of the intervals.
   */
  beat(upstrokeTicks: number, rrTicks: number, verdict: number, qualityQ8: number): void {
    const beats = this.#beats;
    const follows = rrTicks > 0 && rrTicks <= RR_TICKS_MAX;
    if (beats.count > 0 && !follows) this.#flush(beats);
    if (beats.count === 0) beats.begin(RecordType.Beats, upstrokeTicks);
    const offset = BeatsOffset.Beats + BEAT_BYTES * beats.count++;
    put16(beats.bytes, offset, (follows ? rrTicks : 0) | (verdict << 12));
    beats.bytes[offset + 2] = qualityQ8 < 256 ? qualityQ8 : 255; // Math.min would make a double of it
    if (beats.count === BEATS_PER_RECORD) this.#flush(beats);
  }

  /**
   * A breath that was paced. What cannot be told is undefined. Percentages are 0 .. 100.
   * @param lagQ8        where the interval is longest, 1/256 of the breath
   * @param amplitudeMs  half of the swing of the intervals; without it the lag does not count
   */
  breath(
    startMs: number,
    inhaleMs: number,
    periodMs: number,
    phase: number,
    followPercent: number | undefined,
    coherencePercent: number | undefined,
    lagQ8: number,
    amplitudeMs: number | undefined,
  ): void {
    const breaths = this.#breaths;
    if (breaths.count > 0 && ((startMs - this.#breathEndMs) | 0) !== 0) this.#flush(breaths);
    if (breaths.count === 0) breaths.begin(RecordType.Breaths, startMs);
    const offset = BreathsOffset.Breaths + BREATH_BYTES * breaths.count++;
    put16(breaths.bytes, offset + BreathField.InhaleMs, inhaleMs);
    put16(breaths.bytes, offset + BreathField.PeriodMs, periodMs);
    breaths.bytes[offset + BreathField.FollowPercent] = followPercent ?? NOT_KNOWN;
    breaths.bytes[offset + BreathField.CoherencePercent] = coherencePercent ?? NOT_KNOWN;
    breaths.bytes[offset + BreathField.Phase] = phase;
    breaths.bytes[offset + BreathField.LagQ8] = lagQ8 & 0xff;
    const isSeen = amplitudeMs !== undefined;
    breaths.bytes[offset + BreathField.AmplitudeMs] = !isSeen ? NOT_KNOWN : amplitudeMs < NOT_KNOWN ? amplitudeMs : 254;
    this.#breathEndMs = (startMs + periodMs) | 0;
    if (breaths.count === BREATHS_PER_RECORD) this.#flush(breaths);
  }

  /**
   * One minute, worn. Minutes that follow each other within a second are taken as one row.
   * @param rmssdMsQ6  1/64 ms; undefined if there is none, and then `absence` (of hrv/reading) says why
   */
  minute(
    startMs: number,
    meanRrTicks: number | undefined,
    rmssdMsQ6: number | undefined,
    coveragePercent: number,
    absence: number,
    flags: number,
  ): void {
    const minutes = this.#minutes;
    const gapMs = (startMs - this.#minuteEndMs) | 0;
    if (minutes.count > 0 && (gapMs < -1000 || gapMs > 1000)) this.#flush(minutes);
    if (minutes.count === 0) {
      minutes.begin(RecordType.Minutes, startMs);
      this.#minuteEndMs = startMs;
    }
    const offset = MinutesOffset.Minutes + MINUTE_BYTES * minutes.count++;
    put16(minutes.bytes, offset + MinuteField.MeanRrTicks, meanRrTicks ?? 0);
    const isShown = rmssdMsQ6 !== undefined && rmssdMsQ6 <= RMSSD_MS_Q6_MAX;
    put16(minutes.bytes, offset + MinuteField.RmssdMsQ6, isShown ? rmssdMsQ6 : NOT_KNOWN_16);
    minutes.bytes[offset + MinuteField.CoveragePercent] = coveragePercent;
    minutes.bytes[offset + MinuteField.Absence] = absence;
    minutes.bytes[offset + MinuteField.Flags] = flags;
    this.#minuteEndMs = (this.#minuteEndMs + MINUTE_MS) | 0;
    if (minutes.count === MINUTES_PER_RECORD) this.#flush(minutes);
  }

  event(atMs: number, code: EventCode, a = 0, b = 0): void {
    const { bytes } = this.#begin(RecordType.Event, atMs);
    put16(bytes, EventOffset.Code, code);
    put32(bytes, EventOffset.A, a);
    put32(bytes, EventOffset.B, b);
    this.#write();
  }

  battery(atMs: number, percent: number, mv: number, state: number): void {
    const { bytes } = this.#begin(RecordType.Battery, atMs);
    bytes[BatteryOffset.Percent] = percent;
    bytes[BatteryOffset.State] = state;
    put16(bytes, BatteryOffset.Mv, mv);
    this.#write();
  }

  sessionEnd(atMs: number, end: SessionEnd): void {
    this.flush();
    const { bytes } = this.#begin(RecordType.SessionEnd, atMs);
    put32(bytes, SessionEndOffset.StartSeq, this.#startSeq);
    bytes[SessionEndOffset.Reason] = end.reason;
    bytes[SessionEndOffset.Rule] = end.rule ?? NOT_KNOWN;
    put32(bytes, SessionEndOffset.LastedMs, end.lastedMs);
    put32(bytes, SessionEndOffset.ScoredMs, end.scoredMs);
    this.#startSeq = 0;
    this.#write();
  }

  /** The phone has set the clock; see WallClock, which checked the values. */
  clockSet(atMs: number, epochMs: number, uncertaintyMs: number, zoneMinutes: number): void {
    const { bytes } = this.#begin(RecordType.ClockSet, atMs);
    const seconds = Math.floor(epochMs / 1000);
    put32(bytes, ClockSetOffset.EpochSeconds, seconds);
    put16(bytes, ClockSetOffset.EpochMs, epochMs - seconds * 1000);
    put32(bytes, ClockSetOffset.UncertaintyMs, uncertaintyMs);
    put16(bytes, ClockSetOffset.ZoneMinutes, zoneMinutes);
    this.#write();
  }

  day(atMs: number, day: DaySummary): void {
    const { bytes } = this.#begin(RecordType.Day, atMs);
    put16(bytes, DayOffset.DayNumber, day.dayNumber);
    put16(bytes, DayOffset.LnRmssdQ10, day.lnRmssdQ10 ?? NOT_KNOWN_16);
    bytes[DayOffset.RestingBpm] = day.restingBpm ?? NOT_KNOWN;
    put16(bytes, DayOffset.PracticeMinutes, day.practiceMinutes);
    this.#write();
  }

  /** Writes what is packed and waits. Before a restart that is wanted, and before a sync. */
  flush(): void {
    this.#flush(this.#beats);
    this.#flush(this.#breaths);
    this.#flush(this.#minutes);
  }

  #begin(type: RecordType, atMs: number): Packer {
    this.#one.begin(type, atMs);
    return this.#one;
  }

  #write(): boolean {
    return this.#ring.append(this.#one.bytes) === Append.Written;
  }

  #flush(packer: Packer): void {
    if (packer.count === 0) return;
    packer.count = 0;
    this.#ring.append(packer.bytes);
  }
}

function versionByte(text: string | undefined): number {
  const number = Number.parseInt(text ?? "", 10);
  return number >= 0 && number < NOT_KNOWN ? number : NOT_KNOWN;
}
