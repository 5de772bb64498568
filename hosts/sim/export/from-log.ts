import { LogDating, type RecordDate } from "storage/log-dating";
import type { LogRecord } from "storage/log-reader";
import { EventCode } from "storage/log-records";
import type { DaySummary } from "storage/session-log";
import { readLogImage } from "./log-image.js";
import {
  type ExportBattery,
  type ExportEvent,
  type ExportMinute,
  type ExportSession,
  msFromTicks,
  type Recording,
  type RecordingResult,
  type RecoveryTime,
  type ResonanceFinding,
  UNDATED,
} from "./recording.js";
import { SessionDraft } from "./session-draft.js";
import { eventWords } from "./words.js";

const MINUTE_MS = 60_000;
/** When the u32 of a record starts again. */
const WRAP = 2 ** 32;

/** @param image  the bytes of a band's log partition */
export function recordingFromImage(image: Uint8Array): RecordingResult {
  const read = readLogImage(image);
  return read.ok ? { ok: true, recording: recordingFromRecords(read.records, read.damaged) } : read;
}

/** @param records  all that there are, by rising number */
export function recordingFromRecords(records: readonly LogRecord[], damaged = 0): Recording {
  const sorter = new Sorter(new LogDating(records));
  for (const record of records) sorter.take(record);
  return { source: "log", ...sorter.finish(), damaged };
}

/** Puts records to their session, or beside the sessions. */
class Sorter {
  readonly #dating: LogDating;
  readonly #sessions: ExportSession[] = [];
  readonly #minutes: ExportMinute[] = [];
  readonly #events: ExportEvent[] = [];
  readonly #battery: ExportBattery[] = [];
  readonly #days = new Map<number, DaySummary>();
  readonly #resonance: ResonanceFinding[] = [];
  readonly #recovery: RecoveryTime[] = [];
  #draft: SessionDraft | undefined;
  #bootLowByte: number | undefined;
  #bootFirmware: string | undefined;
  #bootMs = 0;

  constructor(dating: LogDating) {
    this.#dating = dating;
  }

  take(record: LogRecord): void {
    if (record.kind === "acknowledged") return; // carries no time
    if (record.kind === "boot" || record.bootLowByte !== this.#bootLowByte) {
      this.#close(); // the power went in the middle of it
      this.#bootLowByte = record.bootLowByte;
      this.#bootFirmware = record.kind === "boot" ? record.firmware : undefined;
      this.#bootMs = 0;
    }
    // Records are at most a few hours apart, so the turn of the u32 is the one nearest to the record before.
    const isTicks = record.kind === "beats";
    const lastHere = isTicks ? this.#bootMs * 1.024 : this.#bootMs;
    const at = record.at + Math.max(0, Math.round((lastHere - record.at) / WRAP)) * WRAP;
    const atMs = isTicks ? msFromTicks(at) : at;
    this.#bootMs = Math.max(this.#bootMs, atMs);
    this.#sort(record, at, atMs);
  }

  finish(): Omit<Recording, "source" | "damaged"> {
    this.#close();
    return {
      sessions: this.#sessions,
      minutes: this.#minutes,
      events: this.#events,
      battery: this.#battery,
      days: [...this.#days.values()].sort((a, b) => a.dayNumber - b.dayNumber),
      resonance: this.#resonance,
      recovery: this.#recovery,
    };
  }

  #sort(record: LogRecord, at: number, atMs: number): void {
    const when = this.#whenOf(record);
    switch (record.kind) {
      case "sessionStart":
        this.#close();
        this.#draft = new SessionDraft(record.seq, when, atMs, this.#bootFirmware, record);
        return;
      case "sessionEnd":
        this.#draft?.end(record, atMs);
        this.#close();
        return;
      case "beats":
        this.#open(record, atMs).addBeats(record.beats, at);
        return;
      case "breaths":
        this.#open(record, atMs).addBreaths(record.breaths, atMs);
        return;
      case "minutes":
        for (const [i, minute] of record.minutes.entries())
          this.#minute({ ...minute, atMs: atMs + i * MINUTE_MS, when: later(when, i * MINUTE_MS) });
        return;
      case "battery":
        this.#reading({ atMs, percent: record.percent, mv: record.mv });
        return;
      case "event":
        this.#event(record.code, record.a, record.b, atMs, when);
        return;
      case "day": {
        const { dayNumber, lnRmssdQ10, restingBpm, practiceMinutes } = record;
        this.#days.set(dayNumber, { dayNumber, lnRmssdQ10, restingBpm, practiceMinutes }); // the last one counts
        return;
      }
      default: // boot and clockSet are the dating's; what is unknown is passed over
    }
  }

  /** The session that goes on; one without a start if that record is lost. */
  #open(record: LogRecord, atMs: number): SessionDraft {
    this.#draft ??= new SessionDraft(record.seq, this.#whenOf(record), atMs, this.#bootFirmware, undefined);
    return this.#draft;
  }

  #close(): void {
    if (this.#draft !== undefined) this.#sessions.push(this.#draft.finish());
    this.#draft = undefined;
  }

  #minute(minute: ExportMinute): void {
    if (this.#draft === undefined) this.#minutes.push(minute);
    else this.#draft.addMinute(minute);
  }

  #reading(reading: ExportBattery): void {
    if (this.#draft === undefined) this.#battery.push(reading);
    else this.#draft.addBattery(reading);
  }

  #event(code: number, a: number, b: number, atMs: number, when: RecordDate): void {
    if (code === EventCode.ResonanceRate) this.#resonance.push({ when, rateCentiPerMin: a, spreadCentiPerMin: b });
    if (code === EventCode.Recovery) this.#recovery.push({ when, tauMs: a, ...intervalOf(b) });
    const event: ExportEvent = { atMs, when, ...eventWords(code, a, b) };
    if (this.#draft === undefined) this.#events.push(event);
    else this.#draft.addEvent(event);
  }

  #whenOf(record: LogRecord): RecordDate {
    return this.#dating.dateOf(record.seq) ?? UNDATED;
  }
}

/** The two ends of a recovery's interval, as EventCode.Recovery packs them. */
const intervalOf = (packed: number) => ({ tauLowMs: (packed & 0xffff) * 100, tauHighMs: (packed >>> 16) * 100 });

/** Within minutes of a record its uncertainty is the same. */
const later = (when: RecordDate, byMs: number): RecordDate =>
  when.kind === "dated" ? { ...when, epochMs: when.epochMs + byMs } : when;
