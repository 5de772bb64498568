import type { KeyValueStore } from "base/host-parts";
import type { FlashOptions, FlashPartition as FlashPort } from "storage/flash-port";
import { decodeRecord, type LogRecord } from "storage/log-reader";
import { RecordOffset } from "storage/record-layout";
import { Prepare, Read, RecordRing } from "storage/record-ring";
import type { FlashPartition } from "../../hosts/sim/board/flash-partition.js";

/** A virtual partition handed in as a host hands it in. */
export function optionsOf(flash: FlashPort): FlashOptions {
  return {
    io: class implements FlashPort {
      read = (bytes: Uint8Array, offset: number): unknown => flash.read(bytes, offset);
      write = (bytes: Uint8Array, offset: number): unknown => flash.write(bytes, offset);
      eraseBlock = (block: number): unknown => flash.eraseBlock(block);
      status = (): { readonly size: number; readonly blockLength: number } => flash.status();
      close = (): void => flash.close();
    },
  };
}

export function mount(flash: FlashPartition, blocksAhead = 1, startSeq = 1): RecordRing {
  return new RecordRing(optionsOf(flash), blocksAhead, startSeq);
}

/** Erases ahead as `main` does between sessions. Returns how many calls it took; fails if it has no end. */
export function prepareAll(ring: RecordRing): number {
  for (let calls = 1; calls < 1000; calls++) if (ring.prepare() !== Prepare.More) return calls;
  throw new Error("prepare has no end");
}

/** A record of the test's own: a type that nobody uses and a number that tells it from all others. */
export function testRecord(mark: number): Uint8Array {
  const record = new Uint8Array(32).fill(0xff);
  record[RecordOffset.Type] = 0x70;
  new DataView(record.buffer).setUint32(RecordOffset.Data, mark, true);
  return record;
}

export function markOf(record: Uint8Array): number {
  return new DataView(record.buffer).getUint32(RecordOffset.Data, true);
}

/** Everything that can be read: mark by number, and how many slots were damaged. */
export function readAll(ring: RecordRing): { marks: Map<number, number>; damaged: number } {
  const marks = new Map<number, number>();
  const record = new Uint8Array(32);
  let damaged = 0;
  for (let seq = ring.oldestSeq; seq < ring.nextSeq; seq++) {
    const read = ring.read(seq, record);
    if (read === Read.Found && record[RecordOffset.Type] === 0x70) marks.set(seq, markOf(record));
    if (read === Read.Damaged) damaged++;
  }
  return { marks, damaged };
}

/** All records as objects, in order. */
export function decodeAll(ring: RecordRing): LogRecord[] {
  const found: LogRecord[] = [];
  const record = new Uint8Array(32);
  for (let seq = ring.oldestSeq; seq < ring.nextSeq; seq++)
    if (ring.read(seq, record) === Read.Found) found.push(decodeRecord(seq, record));
  return found;
}

export const hex = (bytes: Uint8Array | readonly number[]): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** A store in memory that can be told to fail. */
export class MemoryStore implements KeyValueStore {
  readonly values = new Map<string, Uint8Array>();
  /** Asked before each write and delete; what it throws stops it. */
  before: ((key: string) => void) | undefined;
  /** The same after it was done. */
  after: ((key: string) => void) | undefined;
  readFails = false;

  read(key: string): ArrayBuffer | undefined {
    if (this.readFails) throw new Error("read failed");
    const value = this.values.get(key);
    return value === undefined ? undefined : new Uint8Array(value).buffer;
  }
  write(key: string, value: ArrayBuffer | Uint8Array): void {
    this.before?.(key);
    this.values.set(key, value instanceof Uint8Array ? value.slice() : new Uint8Array(value.slice(0)));
    this.after?.(key);
  }
  delete(key: string): void {
    this.before?.(key);
    this.values.delete(key);
    this.after?.(key);
  }
}
