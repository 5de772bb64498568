import type { FlashOptions, FlashPartition, FlashStatus } from "storage/flash-port";
import { decodeRecord, type LogRecord } from "storage/log-reader";
import { RECORD_BYTES } from "storage/record-layout";
import { Read, RecordRing } from "storage/record-ring";
import { BLOCK_BYTES } from "../board/flash-partition.js";
import type { Refusal } from "./recording.js";

const BLOCKS_MIN = 2;

export type LogImage =
  | { readonly ok: true; readonly records: readonly LogRecord[]; readonly damaged: number }
  | Refusal;

/**
 * All records that a log partition's bytes hold, by rising number; found by the band's own reader of its ring.
 * @param image  whole blocks of 4096 bytes; not changed
 */
export function readLogImage(image: Uint8Array): LogImage {
  if (image.length < BLOCKS_MIN * BLOCK_BYTES || image.length % BLOCK_BYTES !== 0)
    return refused(`${image.length} bytes are no log partition, which is whole blocks of ${BLOCK_BYTES}`);
  const ring = new RecordRing(flashOf(image), 0);
  const records: LogRecord[] = [];
  const record = new Uint8Array(RECORD_BYTES);
  let damaged = 0;
  for (let seq = ring.oldestSeq; seq < ring.nextSeq; seq++) {
    const read = ring.read(seq, record);
    if (read === Read.Found) records.push(decodeRecord(seq, record));
    else if (read === Read.Damaged) damaged++;
  }
  if (ring.oldestSeq === ring.nextSeq && image.some((byte) => byte !== 0xff))
    return refused("there is no block of a log in it");
  return { ok: true, records, damaged };
}

const refused = (problem: string): Refusal => ({
  ok: false,
  problem,
  remedy: "name the log of a band (band sim --log FILE) or the lines of band replay",
});

function flashOf(image: Uint8Array): FlashOptions {
  class ImageFlash implements FlashPartition {
    read(bytes: Uint8Array, byteOffset: number): void {
      bytes.set(image.subarray(byteOffset, byteOffset + bytes.length));
    }
    write(): never {
      throw new Error("an image is only read");
    }
    eraseBlock(): never {
      throw new Error("an image is only read");
    }
    status(): FlashStatus {
      return { size: image.length, blockLength: BLOCK_BYTES };
    }
    close(): void {}
  }
  return { io: ImageFlash };
}
