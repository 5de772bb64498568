/**
 * What the records hold, one class of records each: the enumerations and places that the writer (session-log) and the
 * reader (log-reader) share. Offsets are from the record's first byte; docs/data.md shows the same as tables.
 * Numbers of enumerations are for ever.
 */

export const enum BootOffset {
  BootNumber = 10, // u32
  FirmwareMajor = 14,
  FirmwareMinor = 15,
  FirmwarePatch = 16,
  ResetReason = 17, // the host's code, 0 is power-on
}

export const enum SessionStartOffset {
  FirmwareMajor = 10,
  FirmwareMinor = 11,
  FirmwarePatch = 12,
  Program = 13, // ProgramCode
  StartedBy = 14, // StarterCode
  Style = 15, // StyleCode
  StrengthQ8 = 16, // u16, 0 .. 256
  RateCentiPerMin = 18, // u16
  InhalePermille = 20, // u16
  PlannedMs = 22, // u32
  RestingBpm = 26, // 0 is not known
  BatteryPercent = 27,
}

/** Up to 7 beats of 3 bytes: u16 of rrTicks (12 bits) and verdict (4 bits, `BeatVerdict`) above it, then u8 quality. */
export const enum BeatsOffset {
  Beats = 10,
}
export const BEATS_PER_RECORD = 7;
export const BEAT_BYTES = 3;
export const RR_TICKS_MAX = 0xfff;

/** Up to 2 breaths of 9 bytes, each following on the one before: u16 inhaleMs, u16 periodMs, 5 × u8. */
export const enum BreathsOffset {
  Breaths = 10,
}
export const BREATHS_PER_RECORD = 2;
export const BREATH_BYTES = 9;
export const enum BreathField {
  InhaleMs = 0,
  PeriodMs = 2,
  FollowPercent = 4, // NOT_KNOWN or 0 .. 100
  CoherencePercent = 5, // NOT_KNOWN or 0 .. 100
  Phase = 6, // number of the program's phase
  LagQ8 = 7, // where in the breath the interval is longest, 1/256 of it; counts only if there is an amplitude
  AmplitudeMs = 8, // half of the swing of the intervals, at most 254; NOT_KNOWN is none
}

/** Up to 3 minutes of 7 bytes, one after the other without a gap: 2 × u16, 3 × u8. */
export const enum MinutesOffset {
  Minutes = 10,
}
export const MINUTES_PER_RECORD = 3;
export const MINUTE_BYTES = 7;
export const enum MinuteField {
  MeanRrTicks = 0, // 1/1024 s; 0 is none
  RmssdMsQ6 = 2, // 1/64 ms; NOT_KNOWN_16 is none
  CoveragePercent = 4, // share of the minute with accepted intervals
  Absence = 5, // why there is no RMSSD, `Absence`; 0 if there is one
  Flags = 6, // MinuteFlag
}
export const enum MinuteFlag {
  Worn = 1,
  InSession = 2,
  Still = 4,
  /** Breathing was paced: not to be compared with resting minutes. */
  Paced = 8,
}

export const enum EventOffset {
  Code = 10, // u16, EventCode
  A = 12, // int32
  B = 16, // int32
}

export const enum EventCode {
  /** a: number of the program's phase, b: planned ms. */
  Phase = 1,
  /** a: number of the session's state. */
  State = 2,
  /** a: number of the stop rule. */
  StopRule = 3,
  NotOk = 4,
  /** a: number of the phase, b: 1 .. 5, or 0 for no answer. */
  Answer = 5,
  /** a: program, b: reason. */
  StartRefused = 6,
  /** a: contact state, b: reason. */
  Contact = 7,
  /** a: samples lost. */
  SamplesLost = 8,
  /** a: group of the settings, b: SettingsTrouble. */
  SettingsReset = 9,
  /** a: records dropped, b: slots that failed. */
  LogTrouble = 10,
  FactoryReset = 11,
  /** a: ppm. */
  SensorClock = 12,
  /** a: hundredths of a breath per minute, b: its spread, the same unit. */
  ResonanceRate = 13,
  /** a: recovery time constant of the heart rate, ms, b: ends of its interval, 1/10 s, the lower one + the upper * 2^16. */
  Recovery = 14,
  /** a: group of the settings that was changed. */
  SettingsChanged = 15,
  /** a: module's number, b: line or code: a fault of ours that was caught. */
  Fault = 16,
  /** a: FindingKind, b: `Absence` (of hrv/reading), or for Touch why there is no profile. */
  NothingFound = 17,
  /** As Recovery, of lnRMSSD. */
  RmssdRecovery = 18,
  /** The touch was fitted to the wrist. a: start drive + sustain drive * 2^16, 256 is full; b: strengths told apart. */
  TouchFitted = 19,
  /** How the band had been used was damaged: it counts as new. */
  UseForgotten = 20,
  /** The summaries of the days were damaged: they begin anew. */
  DaysForgotten = 21,
}

/** What NothingFound is about. */
export const enum FindingKind {
  PracticeRate = 0,
  Recovery = 1,
  RmssdRecovery = 2,
  Touch = 3,
}

export const enum BatteryOffset {
  Percent = 10,
  State = 11, // `BatteryState`
  Mv = 12, // u16
}

export const enum SessionEndOffset {
  StartSeq = 10, // u32, number of the session's start record; 0 if that was dropped
  Reason = 14, // EndCode
  Rule = 15, // number of the stop rule, NOT_KNOWN if none
  LastedMs = 16, // u32
  ScoredMs = 20, // u32
}

export const enum ClockSetOffset {
  EpochSeconds = 10, // u32, since 1970 UTC
  EpochMs = 14, // u16, 0 .. 999
  UncertaintyMs = 16, // u32
  ZoneMinutes = 20, // int16, local time minus UTC
}

export const enum DayOffset {
  DayNumber = 10, // u16, local days since 1970-01-01
  LnRmssdQ10 = 12, // u16; NOT_KNOWN_16 is none
  RestingBpm = 14, // NOT_KNOWN is none
  PracticeMinutes = 16, // u16
}

/** What stands for "none" in a byte and in two. On the flash only: inside the firmware it is an absence. */
export const NOT_KNOWN = 0xff;
export const NOT_KNOWN_16 = 0xffff;
