import type { RecordDate } from "storage/log-dating";
import type { LogEntry, LoggedBeat, LoggedBreath } from "storage/log-reader";
import { type UnmarkedBeat, withMarks } from "./marks.js";
import {
  type ExportBattery,
  type ExportBreath,
  type ExportEvent,
  type ExportMinute,
  type ExportSession,
  msFromTicks,
} from "./recording.js";
import { endReasonName, programName, ruleName, starterName, styleName } from "./words.js";

type Start = Extract<LogEntry, { kind: "sessionStart" }>;
type End = Extract<LogEntry, { kind: "sessionEnd" }>;

/** A session of the log while its records come in. Times go in since the boot. */
export class SessionDraft {
  #id: number;
  readonly #when: RecordDate;
  readonly #startMs: number;
  readonly #firmware: string | undefined;
  readonly #start: Start | undefined;
  #end: End | undefined;
  #lastMs: number;
  readonly #beats: UnmarkedBeat[] = [];
  readonly #breaths: ExportBreath[] = [];
  readonly #minutes: ExportMinute[] = [];
  readonly #events: ExportEvent[] = [];
  readonly #battery: ExportBattery[] = [];
  /** Of the last beat, since the boot. */
  #lastTicks: number | undefined;

  /** @param start  undefined if that record is lost */
  constructor(
    id: number,
    when: RecordDate,
    startMs: number,
    bootFirmware: string | undefined,
    start: Start | undefined,
  ) {
    this.#id = id;
    this.#when = when;
    this.#startMs = startMs;
    this.#lastMs = startMs;
    this.#start = start;
    this.#firmware = start?.firmware ?? bootFirmware;
  }

  /** @param firstTicks  of the first beat, since the boot; each interval leads to the next */
  addBeats(beats: readonly LoggedBeat[], firstTicks: number): void {
    const startTicks = Math.round(this.#startMs * 1.024);
    let ticks = firstTicks;
    for (const [i, { rrTicks, verdict, qualityQ8 }] of beats.entries()) {
      if (i > 0) ticks += rrTicks ?? 0;
      // A record between that is lost leaves a beat whose interval begins at one that nobody knows.
      const follows = rrTicks !== undefined && this.#lastTicks === ticks - rrTicks;
      this.#beats.push({ atTicks: ticks - startTicks, rrTicks, verdict, qualityQ8, follows });
      this.#lastTicks = ticks;
    }
    this.#seen(msFromTicks(ticks));
  }

  addBreaths(breaths: readonly LoggedBreath[], firstMs: number): void {
    let atMs = firstMs;
    for (const breath of breaths) {
      this.#breaths.push({ ...breath, atMs: atMs - this.#startMs });
      atMs += breath.periodMs;
    }
    this.#seen(atMs);
  }

  addMinute(minute: ExportMinute): void {
    this.#minutes.push({ ...minute, atMs: minute.atMs - this.#startMs });
    this.#seen(minute.atMs);
  }

  addEvent(event: ExportEvent): void {
    this.#events.push({ ...event, atMs: event.atMs - this.#startMs });
    this.#seen(event.atMs);
  }

  addBattery(battery: ExportBattery): void {
    this.#battery.push({ ...battery, atMs: battery.atMs - this.#startMs });
    this.#seen(battery.atMs);
  }

  end(end: End, atMs: number): void {
    this.#end = end;
    if (this.#start === undefined && end.startSeq !== undefined) this.#id = end.startSeq;
    this.#seen(atMs);
  }

  finish(): ExportSession {
    const start = this.#start;
    const end = this.#end;
    const missing = [
      ...(start === undefined ? (["start"] as const) : []),
      ...(end === undefined ? ["end" as const] : []),
    ];
    const atStart = start === undefined ? [] : [{ atMs: 0, percent: start.batteryPercent, mv: undefined }];
    return {
      id: this.#id,
      when: this.#when,
      startMs: this.#startMs,
      missing,
      program: start && programName(start.program),
      settings: start && {
        startedBy: starterName(start.startedBy),
        style: styleName(start.style),
        strengthQ8: start.strengthQ8,
        rateCentiPerMin: start.rateCentiPerMin,
        inhalePermille: start.inhalePermille,
        plannedMs: start.plannedMs === 0 ? undefined : start.plannedMs,
        restingBpm: start.restingBpm,
      },
      firmware: this.#firmware,
      ended: end && {
        reason: endReasonName(end.reason),
        rule: end.rule === undefined ? undefined : ruleName(end.rule),
        scoredMs: end.scoredMs,
      },
      lastedMs: end?.lastedMs ?? Math.round(this.#lastMs - this.#startMs),
      beats: withMarks(this.#beats),
      breaths: this.#breaths,
      minutes: this.#minutes,
      events: this.#events,
      battery: [...atStart, ...this.#battery],
    };
  }

  #seen(ms: number): void {
    this.#lastMs = Math.max(this.#lastMs, ms);
  }
}
