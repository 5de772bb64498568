import { assert } from "base/assert";
import { CRC32_START, crc32Step } from "storage/crc32";
import { RECORD_BYTES, RecordOffset } from "storage/record-layout";
import { Append, type LogState, Read, type RecordRing } from "storage/record-ring";

/**
 * The log over a link, requests in and bytes out; knows nothing of Bluetooth. docs/data.md shows each byte.
 *
 * A reader asks for Info, then for Records from the number it needs up to `nextSeq - 1`, again from the number that the
 * answer names until that is past the end, then acknowledges. The same request gives the same bytes for as long as
 * nothing of it was overwritten. Nothing is remembered between requests: a link that breaks goes on where it was.
 */
export const SYNC_VERSION = 1;

export const enum SyncRequest {
  /** No more bytes. */
  Info = 1,
  /** u32 first number, u32 last number. */
  Records = 2,
  /** u32: the reader holds all up to this number for good. */
  Acknowledge = 3,
}

export const enum SyncStatus {
  Ok = 0,
  UnknownRequest = 1,
  WrongLength = 2,
  /** Numbers from 0, from beyond the log, or backwards. */
  OutOfRange = 3,
  /** There are no records; Info tells whether there is a log. */
  Empty = 4,
  /** The acknowledgement could not be written: ask again later. */
  NotKept = 5,
}

const ANSWER_BIT = 0x80;
const INFO_BYTES = 1;
const RECORDS_BYTES = 9;
const ACKNOWLEDGE_BYTES = 5;
const REQUEST_BYTES_MAX = RECORDS_BYTES;
/** In an answer to Records, before the records and after them. */
const RECORDS_HEAD_BYTES = 8;
const SUM_BYTES = 4;
export const RECORDS_PER_ANSWER = 15;
/** Numbers without a record that one request walks over, so that its time has a bound. */
const GAPS_PER_ANSWER = 127;
export const ANSWER_BYTES_MAX = RECORDS_HEAD_BYTES + RECORDS_PER_ANSWER * RECORD_BYTES + SUM_BYTES;
/** The type in place of a record that is damaged. */
export const DAMAGED_TYPE = 0;

const FRAGMENT_FIRST = 0x80;
const FRAGMENT_LAST = 0x40;
const FRAGMENT_NUMBER = 0x3f;

/** Cost: no allocation after construction; some 600 bytes. */
export class LogSync {
  readonly #ring: RecordRing;
  readonly #answer = new Uint8Array(ANSWER_BYTES_MAX);
  readonly #view: DataView;
  readonly #record = new Uint8Array(RECORD_BYTES);
  readonly #asked = new Uint8Array(REQUEST_BYTES_MAX);
  readonly #askedView: DataView;
  #length = 0;
  #sent = 0;
  #fragment = 0;

  constructor(ring: RecordRing) {
    this.#ring = ring;
    this.#view = new DataView(this.#answer.buffer);
    this.#askedView = new DataView(this.#asked.buffer);
  }

  /**
   * Takes a request, from anybody and of any length, and makes its answer ready; an answer half sent is given up.
   * Returns the answer's length, 3 .. 492 bytes.
   */
  request(bytes: Uint8Array): number {
    this.#sent = 0;
    this.#fragment = 0;
    this.#asked.set(bytes.length <= REQUEST_BYTES_MAX ? bytes : bytes.subarray(0, REQUEST_BYTES_MAX));
    const kind = bytes.length > 0 ? this.#asked[0]! : 0; // the array has 9
    this.#answer[0] = (kind & ~ANSWER_BIT) | ANSWER_BIT;
    this.#answer[1] = SYNC_VERSION;
    this.#answer[2] = SyncStatus.Ok;
    this.#length = 3;
    switch (kind) {
      case SyncRequest.Info:
        return bytes.length === INFO_BYTES ? this.#info() : this.#refuse(SyncStatus.WrongLength);
      case SyncRequest.Records:
        if (bytes.length !== RECORDS_BYTES) return this.#refuse(SyncStatus.WrongLength);
        return this.#records(this.#askedView.getUint32(1, true), this.#askedView.getUint32(5, true));
      case SyncRequest.Acknowledge:
        if (bytes.length !== ACKNOWLEDGE_BYTES) return this.#refuse(SyncStatus.WrongLength);
        return this.#acknowledge(this.#askedView.getUint32(1, true));
      default:
        return this.#refuse(SyncStatus.UnknownRequest);
    }
  }

  /** The whole answer. */
  copyAnswer(out: Uint8Array): void {
    for (let i = 0; i < this.#length; i++) out[i] = this.#answer[i]!; // length is within the array
  }

  /**
   * The next piece of the answer: a byte that numbers it, then what fits.
   * @param out       at least `bytesMax` long
   * @param bytesMax  2 or more: the link's MTU less 3
   * @returns         bytes put into `out`; 0 when all has been sent
   */
  nextFragment(out: Uint8Array, bytesMax: number): number {
    assert(bytesMax >= 2, "a fragment carries at least one byte of the answer");
    const left = this.#length - this.#sent;
    if (left === 0) return 0;
    const count = Math.min(left, bytesMax - 1);
    let head = this.#fragment & FRAGMENT_NUMBER;
    if (this.#sent === 0) head |= FRAGMENT_FIRST;
    if (count === left) head |= FRAGMENT_LAST;
    out[0] = head;
    for (let i = 0; i < count; i++) out[1 + i] = this.#answer[this.#sent + i]!; // sent + count is at most the length
    this.#sent += count;
    this.#fragment++;
    return 1 + count;
  }

  #refuse(status: SyncStatus): number {
    this.#answer[2] = status;
    return this.#length;
  }

  #info(): number {
    const ring = this.#ring;
    const state: LogState = ring.state;
    this.#answer[3] = state;
    this.#view.setUint32(4, ring.oldestSeq, true);
    this.#view.setUint32(8, ring.nextSeq, true);
    this.#view.setUint32(12, ring.acknowledgedThrough, true);
    this.#view.setUint32(16, ring.lostCount, true);
    this.#view.setUint32(20, ring.counters.recordsDropped, true);
    this.#length = 24;
    return this.#length;
  }

  #records(from: number, through: number): number {
    const ring = this.#ring;
    const oldest = ring.oldestSeq;
    if (oldest === ring.nextSeq) return this.#refuse(SyncStatus.Empty);
    if (from === 0 || from > through || through >= ring.nextSeq) return this.#refuse(SyncStatus.OutOfRange);
    const record = this.#record;
    let seq = Math.max(from, oldest);
    let count = 0;
    let gaps = 0;
    for (; seq <= through && count < RECORDS_PER_ANSWER && gaps < GAPS_PER_ANSWER; seq++) {
      const read = ring.read(seq, record);
      if (read === Read.Absent) {
        gaps++;
        continue;
      }
      const at = RECORDS_HEAD_BYTES + count * RECORD_BYTES;
      this.#view.setUint32(at, seq, true);
      for (let i = RecordOffset.Type; i < RECORD_BYTES; i++)
        this.#answer[at + i] = read === Read.Found ? record[i]! : DAMAGED_TYPE; // i < RECORD_BYTES
      count++;
    }
    this.#answer[3] = count;
    this.#view.setUint32(4, seq, true);
    const end = RECORDS_HEAD_BYTES + count * RECORD_BYTES;
    this.#view.setInt32(end, ~crc32Step(CRC32_START, this.#answer, 0, end), true);
    this.#length = end + SUM_BYTES;
    return this.#length;
  }

  #acknowledge(through: number): number {
    if (through === 0 || through >= this.#ring.nextSeq) return this.#refuse(SyncStatus.OutOfRange);
    if (this.#ring.acknowledge(through) !== Append.Written) return this.#refuse(SyncStatus.NotKept);
    this.#answer[3] = 0;
    this.#view.setUint32(4, this.#ring.acknowledgedThrough, true);
    this.#length = 8;
    return this.#length;
  }
}
