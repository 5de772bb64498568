/** What leaves the band, whatever it came from: the log of a band, or the lines of `band replay`. */
import type { BeatVerdict } from "hrv/beat";
import type { IntervalMark } from "hrv/interval-ring";
import type { RecordDate } from "storage/log-dating";
import type { LoggedBreath, LoggedMinute } from "storage/log-reader";
import type { DaySummary } from "storage/session-log";

/** Intervals between pulse waves are not those between R peaks: everything that leaves says so (physiology 5.4). */
export const MEASURE = "PRV: intervals between pulse waves, not those of an ECG";
/** Physiology 7.1. */
export const NOTICE =
  "A breathing and awareness practice aid: not a medical device; it does not diagnose, treat or prevent any condition.";
export const CORRECTION =
  "hrv/interval-ring: intervals that are not marked clean are left out; none is filled in or moved";

/** Ticks are 1/1024 s. */
export const msFromTicks = (ticks: number): number => (ticks * 1000) / 1024;

export interface ExportBeat {
  /** Since the session began. Beats are told late, so the first may lie before it. */
  readonly atTicks: number;
  /** Since the beat before it, 1 .. 4095; undefined if there is none to measure from. */
  readonly rrTicks: number | undefined;
  readonly verdict: BeatVerdict;
  /** 0 .. 256. */
  readonly qualityQ8: number;
  /** The interval begins at the beat before it in the list. */
  readonly follows: boolean;
  readonly mark: IntervalMark;
}

/** Times are ms since the session began, outside of sessions ms since the boot. */
export interface ExportBreath extends LoggedBreath {
  readonly atMs: number;
}
export interface ExportMinute extends LoggedMinute {
  readonly atMs: number;
  readonly when: RecordDate;
}
export interface ExportBattery {
  readonly atMs: number;
  readonly percent: number;
  readonly mv: number | undefined;
}
export interface ExportEvent {
  readonly atMs: number;
  readonly when: RecordDate;
  readonly name: string;
  /** In words; empty if there is no more to say. */
  readonly detail: string;
}

/** What was set when the session began. */
export interface ExportSettings {
  readonly startedBy: string;
  readonly style: string;
  readonly strengthQ8: number;
  readonly rateCentiPerMin: number;
  readonly inhalePermille: number;
  /** Undefined if it was not planned. */
  readonly plannedMs: number | undefined;
  readonly restingBpm: number | undefined;
}

/** Why a session is not there from end to end. */
export type Missing = "start" | "end";

export interface ExportSession {
  /** Its name: the number of the record that began it; of lines, counted from 1. */
  readonly id: number;
  readonly when: RecordDate;
  /** ms from the boot to its start. */
  readonly startMs: number;
  readonly missing: readonly Missing[];
  /** Undefined if the record of the start is lost. */
  readonly program: string | undefined;
  readonly settings: ExportSettings | undefined;
  readonly firmware: string | undefined;
  readonly ended: { readonly reason: string; readonly rule: string | undefined; readonly scoredMs: number } | undefined;
  /** As the band says it, or up to the last that is known. */
  readonly lastedMs: number;
  readonly beats: readonly ExportBeat[];
  readonly breaths: readonly ExportBreath[];
  readonly minutes: readonly ExportMinute[];
  readonly events: readonly ExportEvent[];
  readonly battery: readonly ExportBattery[];
}

/** A finding of a program, for trends. */
export interface ResonanceFinding {
  readonly when: RecordDate;
  readonly rateCentiPerMin: number;
  readonly spreadCentiPerMin: number;
}
export interface RecoveryTime {
  readonly when: RecordDate;
  readonly tauMs: number;
  /** Ends of the interval that holds the true one in 95 of 100 cases. */
  readonly tauLowMs: number;
  readonly tauHighMs: number;
}

export interface Recording {
  readonly source: "log" | "lines";
  readonly sessions: readonly ExportSession[];
  /** Worn, and no session going on. */
  readonly minutes: readonly ExportMinute[];
  readonly events: readonly ExportEvent[];
  readonly battery: readonly ExportBattery[];
  readonly days: readonly DaySummary[];
  readonly resonance: readonly ResonanceFinding[];
  readonly recovery: readonly RecoveryTime[];
  /** Records that are there and cannot be read. */
  readonly damaged: number;
}

/** Why there is no recording: what is wrong, and what to do about it. */
export interface Refusal {
  readonly ok: false;
  readonly problem: string;
  readonly remedy: string;
}
export type RecordingResult = { readonly ok: true; readonly recording: Recording } | Refusal;

export const UNDATED: RecordDate = { kind: "between", afterEpochMs: undefined, beforeEpochMs: undefined };

/** A beat that does not follow on the one before it: what lies between is not known. */
export interface Gap {
  /** ms since the session began. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Stretches between beats that no interval covers. */
export function gapsOf(beats: readonly ExportBeat[]): Gap[] {
  const gaps: Gap[] = [];
  for (const [i, beat] of beats.entries()) {
    const before = beats[i - 1];
    if (before === undefined || beat.follows) continue;
    const toTicks = beat.atTicks - (beat.rrTicks ?? 0);
    if (toTicks > before.atTicks) gaps.push({ fromMs: msFromTicks(before.atTicks), toMs: msFromTicks(toTicks) });
  }
  return gaps;
}
