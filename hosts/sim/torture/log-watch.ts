import { decodeRecord } from "storage/log-reader";
import { LogState, Read, type RecordRing } from "storage/record-ring";
import { FlashPartition } from "../board/flash-partition.js";
import { mountOn } from "../faults/injector.js";
import type { Fail, Figures } from "./verdict.js";

const RECORD_BYTES = 32;

interface Kept {
  readonly seq: number;
  readonly bytes: string;
}

/** Mounts a copy of the log's partition now and then: nothing that was in it may have changed, but the oldest. */
export class LogWatch {
  readonly #flash: FlashPartition;
  readonly #figures: Figures;
  readonly #fail: Fail;
  #before: readonly Kept[];
  /** A block that is being erased is lost, whatever is left of it; and so are its neighbours in age. */
  #erases = 0;

  constructor(flash: FlashPartition, figures: Figures, fail: Fail) {
    this.#flash = flash;
    this.#figures = figures;
    this.#fail = fail;
    this.#before = this.#read();
    this.#erases = this.#eraseCount();
  }

  /** Between any two operations. */
  look(): void {
    const now = this.#read();
    const erases = this.#eraseCount();
    const recordsPerBlock = this.#flash.blockBytes / RECORD_BYTES;
    const mayBeGone = (erases - this.#erases + 1) * recordsPerBlock; // and one erase that was cut off
    const oldest = this.#before[0]?.seq ?? 0;
    const found = new Map(now.map((one) => [one.seq, one.bytes]));
    this.#figures.logChecks++;
    for (const { seq, bytes } of this.#before) {
      const is = found.get(seq);
      if (is === undefined && seq >= oldest + mayBeGone)
        this.#fail("log intact", `record ${seq} is gone, of ${oldest} to ${this.#before.at(-1)?.seq}`);
      if (is !== undefined && is !== bytes) this.#fail("log intact", `record ${seq} has changed`);
    }
    this.#before = now;
    this.#erases = erases;
  }

  /** Something was spoilt on purpose. */
  accept(): void {
    this.#before = this.#read();
    this.#erases = this.#eraseCount();
  }

  /** Whether the log takes records: a new boot that mounts it could write. */
  get count(): number {
    return this.#before.length;
  }

  #eraseCount(): number {
    let sum = 0;
    for (const count of this.#flash.eraseCounts) sum += count;
    return sum;
  }

  #read(): Kept[] {
    const copy = new FlashPartition({ contents: this.#flash.contents.slice(), blockBytes: this.#flash.blockBytes });
    const ring: RecordRing = mountOn(copy, 1);
    const kept: Kept[] = [];
    if (ring.state !== LogState.Ready) return kept;
    const record = new Uint8Array(RECORD_BYTES);
    for (let seq = ring.oldestSeq; seq < ring.nextSeq; seq++) {
      if (ring.read(seq, record) !== Read.Found) continue;
      kept.push({ seq, bytes: String.fromCharCode(...record) });
      decodeRecord(seq, record); // whatever is whole can be read
    }
    return kept;
  }
}
