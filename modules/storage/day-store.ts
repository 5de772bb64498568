import type { KeyValueStore } from "base/host-parts";
import { LONG_DAYS } from "storage/baseline";
import { crc32 } from "storage/crc32";
import type { DaySummary } from "storage/session-log";

const KEY = "days";
const VERSION = 1;
const HEAD_BYTES = 2;
const DAY_BYTES = 7;
const SUM_BYTES = 4;
const NONE_8 = 0xff;
const NONE_16 = 0xffff;

/**
 * The summaries of the last 60 days, in one value of the store: version, count, then 7 bytes a day (u16 day, u16
 * lnRMSSD, u8 resting rate, u16 minutes), then CRC-32. The log is no place for them: it forgets after about 40 days.
 */
export class DayStore {
  readonly #store: KeyValueStore;
  #days: DaySummary[] = [];
  /** There was a record and it was damaged: the days start anew. For the log. */
  readonly wasCorrupt: boolean;

  constructor(store: KeyValueStore) {
    this.#store = store;
    let stored: ArrayBuffer | undefined;
    let isReadable = true;
    try {
      stored = store.read(KEY);
    } catch {
      isReadable = false;
    }
    const days = stored === undefined ? [] : decodeDays(new Uint8Array(stored));
    this.wasCorrupt = !isReadable || days === undefined;
    this.#days = days ?? [];
  }

  get days(): readonly DaySummary[] {
    return this.#days;
  }

  /**
   * Replaces the day if it is there, and lets go of days that are too old for it. False if the store would not take it.
   */
  put(day: DaySummary): boolean {
    const kept = this.#days.filter(
      (one) => one.dayNumber !== day.dayNumber && one.dayNumber > day.dayNumber - LONG_DAYS,
    );
    kept.push(day);
    kept.sort((a, b) => a.dayNumber - b.dayNumber);
    // A clock that was set back leaves days of the future: of too many, the earliest go.
    this.#days = kept.slice(-LONG_DAYS);
    try {
      this.#store.write(KEY, encodeDays(this.#days));
      return true;
    } catch {
      return false;
    }
  }

  reset(): boolean {
    this.#days = [];
    try {
      this.#store.delete(KEY);
      return true;
    } catch {
      return false;
    }
  }
}

function encodeDays(days: readonly DaySummary[]): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + DAY_BYTES * days.length + SUM_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = VERSION;
  bytes[1] = days.length;
  for (const [i, day] of days.entries()) {
    const at = HEAD_BYTES + DAY_BYTES * i;
    view.setUint16(at, day.dayNumber, true);
    view.setUint16(at + 2, day.lnRmssdQ10 ?? NONE_16, true);
    bytes[at + 4] = day.restingBpm ?? NONE_8;
    view.setUint16(at + 5, day.practiceMinutes, true);
  }
  view.setInt32(bytes.length - SUM_BYTES, crc32(bytes, 0, bytes.length - SUM_BYTES), true);
  return bytes;
}

function decodeDays(bytes: Uint8Array): DaySummary[] | undefined {
  const count = bytes[1] ?? 0;
  if (bytes.length !== HEAD_BYTES + DAY_BYTES * count + SUM_BYTES || bytes[0] !== VERSION) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const sumAt = bytes.length - SUM_BYTES;
  if (view.getInt32(sumAt, true) !== crc32(bytes, 0, sumAt)) return undefined;
  const days: DaySummary[] = [];
  for (let i = 0; i < count; i++) {
    const at = HEAD_BYTES + DAY_BYTES * i;
    const ln = view.getUint16(at + 2, true);
    const resting = view.getUint8(at + 4);
    days.push({
      dayNumber: view.getUint16(at, true),
      lnRmssdQ10: ln === NONE_16 ? undefined : ln,
      restingBpm: resting === NONE_8 ? undefined : resting,
      practiceMinutes: view.getUint16(at + 5, true),
    });
  }
  return days;
}
