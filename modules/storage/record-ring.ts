import { FlashBlocks, isBlank, isWhole } from "storage/flash-blocks";
import type { FlashOptions } from "storage/flash-port";
import {
  ACKNOWLEDGED_THROUGH_OFFSET,
  HeaderOffset,
  LAYOUT_VERSION,
  RECORD_BYTES,
  RecordOffset,
  RecordType,
} from "storage/record-layout";
import { Block, HEADERS_PER_BLOCK, mountRing } from "storage/ring-mount";

/** Whether there is a log, or why not. What was written before the log failed can still be read. */
export const enum LogState {
  Ready = 0,
  /** The board has no partition for it, or it cannot be opened. */
  NoPartition = 1,
  /** Fewer blocks than are kept erased, the one being written and one of history. */
  TooSmall = 2,
  /** Two blocks in a row took nothing. */
  WriteFails = 3,
  /** No block is left that can be erased. */
  Worn = 4,
}

export const enum Append {
  Written = 0,
  /** The block is full and none has been erased ahead: the record is dropped. */
  NoBlock = 1,
  /** There is no log, or it just ceased: the record is dropped. */
  NoLog = 2,
}

export const enum Prepare {
  Done = 0,
  /** Call again: one block is erased a call. */
  More = 1,
  NoLog = 2,
}

export const enum Read {
  Found = 0,
  /** Something is there that is not whole: torn by a power cut, or rotten. */
  Damaged = 1,
  /** Overwritten, not yet written, or never. */
  Absent = 2,
}

/** Since the boot; all of them growing only. */
export interface RingCounters {
  recordsWritten: number;
  /** Records that were to be written and were not. */
  recordsDropped: number;
  /** Slots that do not hold what was written. */
  writeFailures: number;
  eraseFailures: number;
  /** Damaged slots met, each time that one is read. */
  damagedRead: number;
}

/** Failures in a row after which a block is left, and after which two blocks have taken nothing. */
const BLOCK_FAILURES = 3;
const FAILURES_MAX = 2 * BLOCK_FAILURES;

/**
 * An append-only log of 32-byte records, numbered from 1, over a ring of flash blocks: the block being written, some
 * that are erased ahead of it, then the oldest.
 *
 * A record's number is its place: the block's first number, which its header tells, plus the slot. A slot that failed
 * or was torn keeps its number, so numbers have gaps and none is used twice. Appending never erases: it stalls for one
 * page program (3 ms at worst, W25Q32JV tPP), three where a block begins. `prepare` erases, while the motor rests.
 *
 * Errors:  never throws, whatever the flash does: `state` and `counters` tell
 * Cost:    no allocation after construction; 4 bytes of memory a block and some 500 more
 */
export class RecordRing {
  readonly counters: RingCounters = {
    recordsWritten: 0,
    recordsDropped: 0,
    writeFailures: 0,
    eraseFailures: 0,
    damagedRead: 0,
  };
  state: LogState;
  /** The lowest number that the next record can get. */
  nextSeq: number;
  /** The other side has all up to this one. */
  acknowledgedThrough: number;
  /** Of this boot, from 1: one more than that of the last one that wrote something. */
  bootNumber = 1;
  readonly #flash: FlashBlocks;
  /** Slots for records in a block. */
  readonly #slots: number;
  /** The number of the first record by block, or Block; 4 bytes each. */
  readonly #first: Int32Array;
  readonly #blocksAhead: number;
  #blocksAheadWanted: number;
  #isWiping = false;
  /** The block being written; -1 before the first. */
  #head = -1;
  /** Of the block being written, the next slot, from 1; `#slots + 1` is full. */
  #slot = 1;
  #failuresInRow = 0;
  #lastRead = 0;
  readonly #own = new Uint8Array(RECORD_BYTES);
  readonly #ownView: DataView;
  readonly #buffer = new Uint8Array(RECORD_BYTES);
  readonly #bufferView: DataView;

  /**
   * Opens the partition and finds the end of the log: see `mountRing` for what that costs.
   * @param blocksAhead  kept erased: what can be written between two times that `prepare` may be called
   * @param startSeq     the first number if the flash holds no record
   */
  constructor(flash: FlashOptions | undefined, blocksAhead: number, startSeq = 1) {
    this.#ownView = new DataView(this.#own.buffer);
    this.#bufferView = new DataView(this.#buffer.buffer);
    this.#flash = new FlashBlocks(flash);
    const blocks = this.#flash.blocks;
    this.#slots = this.#flash.slots - HEADERS_PER_BLOCK;
    this.#first = new Int32Array(blocks);
    this.#blocksAhead = blocksAhead;
    this.#blocksAheadWanted = blocksAhead;
    this.nextSeq = startSeq;
    this.acknowledgedThrough = startSeq - 1;
    if (blocks === 0) this.state = LogState.NoPartition;
    else this.state = blocks < blocksAhead + 2 || this.#slots < 1 ? LogState.TooSmall : LogState.Ready;
    if (this.state !== LogState.Ready) return;
    const end = mountRing(this.#flash, this.#first);
    this.#head = end.head;
    this.#slot = end.slot;
    this.bootNumber = end.lastBoot + 1;
    this.acknowledgedThrough = Math.max(this.acknowledgedThrough, end.acknowledgedThrough);
    if (end.head >= 0) this.nextSeq = this.#first[end.head]! + end.slot - 1; // head is in the table
  }

  /** The number of the oldest record that may be there; `nextSeq` if the log is empty. */
  get oldestSeq(): number {
    let oldest = this.nextSeq;
    for (let block = 0; block < this.#first.length; block++) {
      const first = this.#first[block]!; // inside the table
      if (first > 0 && first < oldest) oldest = first;
    }
    return oldest;
  }

  /** Numbers overwritten before they were acknowledged, from the last that was up to the oldest that is there. */
  get lostCount(): number {
    return Math.max(0, this.oldestSeq - 1 - this.acknowledgedThrough);
  }

  /**
   * Erases at most one block, and with it the oldest records if the ring is full, acknowledged or not. Call it while
   * the motor rests until it says Done: after the boot, before a session, and now and then between sessions.
   * Cost: up to 400 ms in which nothing else runs (W25Q32JV tSE), then a look over the block
   */
  prepare(): Prepare {
    if (this.state !== LogState.Ready) return Prepare.NoLog;
    const blocks = this.#first.length;
    let ahead = 0;
    for (let n = 1; n <= blocks && ahead < this.#blocksAheadWanted; n++) {
      const block = (this.#head + n) % blocks;
      if (block === this.#head) break;
      const first = this.#first[block]!; // inside the table by the remainder
      if (first === Block.Erased) ahead++;
      else if (first !== Block.Bad) {
        this.#erase(block);
        return Prepare.More;
      }
    }
    this.#blocksAheadWanted = this.#blocksAhead;
    this.#isWiping = false;
    if (ahead === 0 && this.#isFull) {
      this.state = LogState.Worn;
      return Prepare.NoLog;
    }
    return Prepare.Done;
  }

  /**
   * Writes a record and reads it back; a slot that does not hold it is left for the next one.
   * @param record  32 bytes, type, time and data set; sum and boot are filled in here
   * Cost: no erase
   */
  append(record: Uint8Array): Append {
    record[RecordOffset.Boot] = this.bootNumber & 0xff;
    while (this.state === LogState.Ready) {
      if (this.#failuresInRow >= FAILURES_MAX) this.state = LogState.WriteFails;
      else if (this.#isFull) {
        // Not opened: none is ready, or those that were would not take their header.
        if (!this.#openBlock() && this.#failuresInRow < FAILURES_MAX) return this.#drop(Append.NoBlock);
      } else if (this.#flash.store(this.#head, this.#slot++, record, this.nextSeq++)) {
        this.#failuresInRow = 0;
        this.counters.recordsWritten++;
        return Append.Written;
      } else {
        this.counters.writeFailures++;
        if (++this.#failuresInRow % BLOCK_FAILURES === 0) this.#slot = this.#slots + 1;
      }
    }
    return this.#drop(Append.NoLog);
  }

  /**
   * The record of a number.
   * @param out  32 bytes; they mean something only if the record was found
   */
  read(seq: number, out: Uint8Array): Read {
    const block = seq < this.nextSeq ? this.#blockOf(seq) : -1;
    if (block < 0) return Read.Absent;
    const slot = 1 + seq - this.#first[block]!; // blockOf gave a block of the table
    if (this.#flash.load(block, slot, out)) {
      if (isBlank(out)) return Read.Absent;
      if (isWhole(out, seq)) return Read.Found;
    }
    this.counters.damagedRead++;
    return Read.Damaged;
  }

  /**
   * The other side has everything up to `through`: from now on that is no loss when it is overwritten. Kept in a record
   * of its own, so it holds across a power cut; if that cannot be written, nothing is acknowledged. Only the echo, an
   * acknowledgement of the last such record and nothing more, is not written.
   * @param through  below `nextSeq`
   */
  acknowledge(through: number): Append {
    if (through <= this.acknowledgedThrough) return Append.Written;
    if (!this.#isOwnEcho(through)) {
      const record = this.#own;
      record.fill(0xff);
      record[RecordOffset.Type] = RecordType.Acknowledged;
      this.#ownView.setUint32(RecordOffset.At, 0, true);
      this.#ownView.setUint32(ACKNOWLEDGED_THROUGH_OFFSET, through, true);
      const outcome = this.append(record);
      if (outcome !== Append.Written) return outcome;
    }
    this.acknowledgedThrough = through;
    return Append.Written;
  }

  /**
   * Forgets all records. `prepare` then erases every block before it says Done, also of a log that had failed; a block
   * that will not be erased is overwritten with zeros.
   * @param startSeq  the next record's number: at least `nextSeq`, so that none is used twice
   */
  wipe(startSeq: number): void {
    if (this.state === LogState.NoPartition || this.state === LogState.TooSmall) return;
    this.state = LogState.Ready;
    this.#failuresInRow = 0;
    this.#first.fill(Block.Unknown);
    this.#head = -1;
    this.#isWiping = true;
    this.#blocksAheadWanted = this.#first.length;
    this.nextSeq = startSeq;
    this.acknowledgedThrough = startSeq - 1;
  }

  close(): void {
    this.#flash.close();
    this.state = LogState.NoPartition;
  }

  get #isFull(): boolean {
    return this.#head < 0 || this.#slot > this.#slots;
  }

  #drop(outcome: Append): Append {
    this.counters.recordsDropped++;
    return outcome;
  }

  /** Two idle sides would write for ever, each sync finding the record of the one before. */
  #isOwnEcho(through: number): boolean {
    return (
      through === this.acknowledgedThrough + 1 &&
      this.read(through, this.#buffer) === Read.Found &&
      this.#buffer[RecordOffset.Type] === RecordType.Acknowledged
    );
  }

  #erase(block: number): void {
    this.#first[block] = Block.Unknown; // gone, whatever comes of it
    if (this.#flash.erase(block)) {
      this.#first[block] = Block.Erased;
      return;
    }
    this.#first[block] = Block.Bad;
    this.counters.eraseFailures++;
    if (this.#isWiping) this.#flash.blacken(block);
  }

  /** Begins the next block that was erased ahead. False if there is none, or if too many took no header. */
  #openBlock(): boolean {
    const blocks = this.#first.length;
    // By the head's number and not by nextSeq: also a block that was left early is followed by a whole block's numbers.
    const firstSeq = this.#head < 0 ? this.nextSeq : this.#first[this.#head]! + this.#slots; // head is in the table
    for (let n = 1; n <= blocks && this.#failuresInRow < FAILURES_MAX; n++) {
      const block = (this.#head + n) % blocks;
      const state = this.#first[block]!; // inside the table by the remainder
      if (state === Block.Bad) continue;
      if (state !== Block.Erased) return false;
      const header = this.#buffer;
      header.fill(0xff);
      header[RecordOffset.Type] = RecordType.BlockHeader;
      header[RecordOffset.Boot] = LAYOUT_VERSION;
      this.#bufferView.setUint32(HeaderOffset.FirstSeq, firstSeq, true);
      this.#bufferView.setUint32(HeaderOffset.AcknowledgedThrough, this.acknowledgedThrough, true);
      this.#bufferView.setUint32(HeaderOffset.BootNumber, this.bootNumber, true);
      if (this.#flash.store(block, 0, header, firstSeq)) {
        // One header is enough to go on; the other one is for when it rots.
        if (!this.#flash.store(block, this.#slots + 1, header, firstSeq)) this.counters.writeFailures++;
        this.#first[block] = firstSeq;
        this.#head = block;
        this.#slot = 1;
        this.nextSeq = firstSeq;
        return true;
      }
      this.counters.writeFailures++;
      this.#first[block] = Block.Bad;
      this.#failuresInRow += BLOCK_FAILURES;
    }
    return false;
  }

  #blockOf(seq: number): number {
    for (let n = 0; n < this.#first.length; n++) {
      const block = (this.#lastRead + n) % this.#first.length;
      const first = this.#first[block]!; // inside the table by the remainder
      if (first > 0 && seq >= first && seq < first + this.#slots) {
        this.#lastRead = block;
        return block;
      }
    }
    return -1;
  }
}
