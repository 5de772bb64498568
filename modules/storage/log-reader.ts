/**
 * Records as objects, for the page, export and tests: the reverse of session-log. Allocates; the band itself has no
 * need of it. A record comes in as the sync sends it or as the ring reads it; its sum has been checked by then.
 */
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
import { ACKNOWLEDGED_THROUGH_OFFSET, RECORD_BYTES, RecordOffset, RecordType } from "storage/record-layout";

export interface LoggedBeat {
  /** Since the beat before it; undefined if it does not follow on one. */
  readonly rrTicks: number | undefined;
  readonly verdict: number;
  readonly qualityQ8: number;
}
export interface LoggedBreath {
  readonly inhaleMs: number;
  readonly periodMs: number;
  readonly phase: number;
  readonly followPercent: number | undefined;
  readonly coherencePercent: number | undefined;
  /** Where in the breath the interval is longest, 1/256 of it; undefined with the amplitude. */
  readonly lagQ8: number | undefined;
  /** Half of the swing of the intervals. */
  readonly amplitudeMs: number | undefined;
}
export interface LoggedMinute {
  readonly meanRrTicks: number | undefined;
  readonly rmssdMsQ6: number | undefined;
  readonly coveragePercent: number;
  readonly absence: number;
  readonly flags: number;
}
/** "0.1.0", or undefined if the firmware did not know. */
export type FirmwareVersion = string | undefined;

export type LogEntry =
  | {
      readonly kind: "boot";
      readonly bootNumber: number;
      readonly firmware: FirmwareVersion;
      readonly resetReason: number;
    }
  | {
      readonly kind: "sessionStart";
      readonly firmware: FirmwareVersion;
      readonly program: number;
      readonly startedBy: number;
      readonly style: number;
      readonly strengthQ8: number;
      readonly rateCentiPerMin: number;
      readonly inhalePermille: number;
      readonly plannedMs: number;
      readonly restingBpm: number | undefined;
      readonly batteryPercent: number;
    }
  | { readonly kind: "beats"; readonly beats: readonly LoggedBeat[] }
  | { readonly kind: "breaths"; readonly breaths: readonly LoggedBreath[] }
  | { readonly kind: "minutes"; readonly minutes: readonly LoggedMinute[] }
  | { readonly kind: "event"; readonly code: number; readonly a: number; readonly b: number }
  | { readonly kind: "battery"; readonly percent: number; readonly mv: number; readonly state: number }
  | {
      readonly kind: "sessionEnd";
      readonly startSeq: number | undefined;
      readonly reason: number;
      readonly rule: number | undefined;
      readonly lastedMs: number;
      readonly scoredMs: number;
    }
  | {
      readonly kind: "clockSet";
      readonly epochMs: number;
      readonly uncertaintyMs: number;
      readonly zoneMinutes: number;
    }
  | {
      readonly kind: "day";
      readonly dayNumber: number;
      readonly lnRmssdQ10: number | undefined;
      readonly restingBpm: number | undefined;
      readonly practiceMinutes: number;
    }
  | { readonly kind: "acknowledged"; readonly through: number }
  /** Written by a newer firmware: kept, passed on, not understood. */
  | { readonly kind: "unknown"; readonly type: number };

export type LogRecord = LogEntry & {
  readonly seq: number;
  readonly bootLowByte: number;
  /** Since the boot, unsigned: ms, in "beats" 1/1024 s of the first beat. */
  readonly at: number;
};

/** @param bytes  32, of which the first four are not looked at */
export function decodeRecord(seq: number, bytes: Uint8Array): LogRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, RECORD_BYTES);
  const bootLowByte = view.getUint8(RecordOffset.Boot);
  return { seq, bootLowByte, at: view.getUint32(RecordOffset.At, true), ...entryOf(view) };
}

function entryOf(view: DataView): LogEntry {
  const byte = (offset: number): number => view.getUint8(offset);
  const word = (offset: number): number => view.getUint16(offset, true);
  const long = (offset: number): number => view.getUint32(offset, true);
  const type = byte(RecordOffset.Type);
  switch (type) {
    case RecordType.Boot:
      return {
        kind: "boot",
        bootNumber: long(BootOffset.BootNumber),
        firmware: versionText(view, BootOffset.FirmwareMajor),
        resetReason: byte(BootOffset.ResetReason),
      };
    case RecordType.SessionStart:
      return {
        kind: "sessionStart",
        firmware: versionText(view, SessionStartOffset.FirmwareMajor),
        program: byte(SessionStartOffset.Program),
        startedBy: byte(SessionStartOffset.StartedBy),
        style: byte(SessionStartOffset.Style),
        strengthQ8: word(SessionStartOffset.StrengthQ8),
        rateCentiPerMin: word(SessionStartOffset.RateCentiPerMin),
        inhalePermille: word(SessionStartOffset.InhalePermille),
        plannedMs: long(SessionStartOffset.PlannedMs),
        restingBpm: unless(0, byte(SessionStartOffset.RestingBpm)),
        batteryPercent: byte(SessionStartOffset.BatteryPercent),
      };
    case RecordType.Beats:
      return { kind: "beats", beats: entries(view, BeatsOffset.Beats, BEAT_BYTES, BEATS_PER_RECORD, beatAt) };
    case RecordType.Breaths:
      return {
        kind: "breaths",
        breaths: entries(view, BreathsOffset.Breaths, BREATH_BYTES, BREATHS_PER_RECORD, breathAt),
      };
    case RecordType.Minutes:
      return {
        kind: "minutes",
        minutes: entries(view, MinutesOffset.Minutes, MINUTE_BYTES, MINUTES_PER_RECORD, minuteAt),
      };
    case RecordType.Event:
      return {
        kind: "event",
        code: word(EventOffset.Code),
        a: view.getInt32(EventOffset.A, true),
        b: view.getInt32(EventOffset.B, true),
      };
    case RecordType.Battery:
      return {
        kind: "battery",
        percent: byte(BatteryOffset.Percent),
        mv: word(BatteryOffset.Mv),
        state: byte(BatteryOffset.State),
      };
    case RecordType.SessionEnd:
      return {
        kind: "sessionEnd",
        startSeq: unless(0, long(SessionEndOffset.StartSeq)),
        reason: byte(SessionEndOffset.Reason),
        rule: unless(NOT_KNOWN, byte(SessionEndOffset.Rule)),
        lastedMs: long(SessionEndOffset.LastedMs),
        scoredMs: long(SessionEndOffset.ScoredMs),
      };
    case RecordType.ClockSet:
      return {
        kind: "clockSet",
        epochMs: long(ClockSetOffset.EpochSeconds) * 1000 + word(ClockSetOffset.EpochMs),
        uncertaintyMs: long(ClockSetOffset.UncertaintyMs),
        zoneMinutes: view.getInt16(ClockSetOffset.ZoneMinutes, true),
      };
    case RecordType.Day:
      return {
        kind: "day",
        dayNumber: word(DayOffset.DayNumber),
        lnRmssdQ10: unless(NOT_KNOWN_16, word(DayOffset.LnRmssdQ10)),
        restingBpm: unless(NOT_KNOWN, byte(DayOffset.RestingBpm)),
        practiceMinutes: word(DayOffset.PracticeMinutes),
      };
    case RecordType.Acknowledged:
      return { kind: "acknowledged", through: long(ACKNOWLEDGED_THROUGH_OFFSET) };
    default:
      return { kind: "unknown", type };
  }
}

function beatAt(view: DataView, offset: number): LoggedBeat {
  const packed = view.getUint16(offset, true);
  return {
    rrTicks: unless(0, packed & RR_TICKS_MAX),
    verdict: packed >> 12,
    qualityQ8: view.getUint8(offset + 2),
  };
}

function breathAt(view: DataView, offset: number): LoggedBreath {
  const amplitudeMs = unless(NOT_KNOWN, view.getUint8(offset + BreathField.AmplitudeMs));
  return {
    amplitudeMs,
    lagQ8: amplitudeMs === undefined ? undefined : view.getUint8(offset + BreathField.LagQ8),
    inhaleMs: view.getUint16(offset + BreathField.InhaleMs, true),
    periodMs: view.getUint16(offset + BreathField.PeriodMs, true),
    phase: view.getUint8(offset + BreathField.Phase),
    followPercent: unless(NOT_KNOWN, view.getUint8(offset + BreathField.FollowPercent)),
    coherencePercent: unless(NOT_KNOWN, view.getUint8(offset + BreathField.CoherencePercent)),
  };
}

function minuteAt(view: DataView, offset: number): LoggedMinute {
  return {
    meanRrTicks: unless(0, view.getUint16(offset + MinuteField.MeanRrTicks, true)),
    rmssdMsQ6: unless(NOT_KNOWN_16, view.getUint16(offset + MinuteField.RmssdMsQ6, true)),
    coveragePercent: view.getUint8(offset + MinuteField.CoveragePercent),
    absence: view.getUint8(offset + MinuteField.Absence),
    flags: view.getUint8(offset + MinuteField.Flags),
  };
}

/** Entries from the first on; one whose first two bytes are 0xFFFF is not used, and neither are those after it. */
function entries<Entry>(
  view: DataView,
  from: number,
  bytes: number,
  countMax: number,
  at: (view: DataView, offset: number) => Entry,
): Entry[] {
  const found: Entry[] = [];
  for (let i = 0; i < countMax && view.getUint16(from + i * bytes, true) !== NOT_KNOWN_16; i++)
    found.push(at(view, from + i * bytes));
  return found;
}

function unless(none: number, value: number): number | undefined {
  return value === none ? undefined : value;
}

function versionText(view: DataView, offset: number): FirmwareVersion {
  const parts = [view.getUint8(offset), view.getUint8(offset + 1), view.getUint8(offset + 2)];
  return parts.includes(NOT_KNOWN) ? undefined : parts.join(".");
}
