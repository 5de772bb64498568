import { type FlashBlocks, isBlank, isWhole } from "storage/flash-blocks";
import {
  ACKNOWLEDGED_THROUGH_OFFSET,
  HeaderOffset,
  LAYOUT_VERSION,
  RECORD_BYTES,
  RecordOffset,
  RecordType,
} from "storage/record-layout";

/** Of a block in the ring's table; above 0 it is the number of the block's first record. */
export const enum Block {
  /** Not in use, and not to be written before it is erased. */
  Unknown = 0,
  /** Erased and looked over in this boot: never trusted across one, since a torn erase can look blank. */
  Erased = -1,
  /** Would not be erased or written in this boot. */
  Bad = -2,
}

const SEQ_MAX = 0x7fff_0000;

/** The first slot and the last: if one rots, the other one says what the block is. */
export const HEADERS_PER_BLOCK = 2;

/** Where a log ends. */
export interface RingEnd {
  /** The block written last; -1 if there is none. */
  readonly head: number;
  /** Its slot after the last that is not blank. */
  readonly slot: number;
  readonly lastBoot: number;
  readonly acknowledgedThrough: number;
}

/**
 * Finds the blocks in use and the end of the log.
 * @param first  by block, all 0; filled with the numbers of their first records
 * Cost: reads 32 bytes of each block, twice as many where they are no header, and all of one block
 */
export function mountRing(flash: FlashBlocks, first: Int32Array): RingEnd {
  const record = new Uint8Array(RECORD_BYTES);
  const view = new DataView(record.buffer);
  const slots = flash.slots - HEADERS_PER_BLOCK;
  const blocks = first.length;
  let lastBoot = 0;
  let acknowledgedThrough = 0;
  for (let block = 0; block < blocks; block++) {
    const firstSeq = headerAt(flash, block, 0, record, view) || headerAt(flash, block, flash.slots - 1, record, view);
    if (firstSeq === 0) continue;
    first[block] = firstSeq;
    lastBoot = Math.max(lastBoot, view.getUint32(HeaderOffset.BootNumber, true));
    acknowledgedThrough = Math.max(acknowledgedThrough, view.getUint32(HeaderOffset.AcknowledgedThrough, true));
  }
  let head = -1;
  for (let block = 0; block < blocks; block++)
    if (first[block]! > 0 && (head < 0 || first[block]! > first[head]!)) head = block; // inside the table
  let slot = 1;
  for (let at = 1; head >= 0 && at <= slots; at++) {
    const isLoaded = flash.load(head, at, record);
    if (isLoaded && isBlank(record)) continue;
    slot = at + 1;
    if (!isLoaded || !isWhole(record, first[head]! + at - 1)) continue; // head is in the table
    // Only the low byte is there; a block has fewer slots than a byte has values, and each boot writes at least one.
    lastBoot += (record[RecordOffset.Boot]! - lastBoot) & 0xff; // within the 32 bytes
    if (record[RecordOffset.Type] === RecordType.Acknowledged)
      acknowledgedThrough = Math.max(acknowledgedThrough, view.getUint32(ACKNOWLEDGED_THROUGH_OFFSET, true));
  }
  return { head, slot, lastBoot, acknowledgedThrough };
}

/** The number of the block's first record; 0 if no whole header of this layout is there. */
function headerAt(flash: FlashBlocks, block: number, slot: number, record: Uint8Array, view: DataView): number {
  if (!flash.load(block, slot, record)) return 0;
  if (record[RecordOffset.Type] !== RecordType.BlockHeader || record[RecordOffset.Boot] !== LAYOUT_VERSION) return 0;
  const firstSeq = view.getUint32(HeaderOffset.FirstSeq, true);
  return firstSeq > 0 && firstSeq <= SEQ_MAX && isWhole(record, firstSeq) ? firstSeq : 0;
}
