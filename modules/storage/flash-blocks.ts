import { CRC32_START, crc32Step, crc32StepUint32 } from "storage/crc32";
import type { FlashOptions, FlashPartition } from "storage/flash-port";
import { RECORD_BYTES, RecordOffset } from "storage/record-layout";

/** 1 MB of 4 KB blocks; what is beyond is not used. */
const BLOCKS_MAX = 256;
const ERASED_BYTE = 0xff;

/**
 * A flash partition as blocks of slots of one record each. The first and the last are for the block's header.
 * Errors:  none: what the flash throws comes back as false
 * Cost:    no allocation after construction
 */
export class FlashBlocks {
  /** 0 if there is no partition. */
  readonly blocks: number = 0;
  /** With those for headers. */
  readonly slots: number = 0;
  readonly #blockBytes: number = 0;
  readonly #flash: FlashPartition | undefined;
  readonly #held = new Uint8Array(RECORD_BYTES);
  /** Over the same bytes: looking at words takes a quarter of the turns. */
  readonly #words: Int32Array;

  constructor(options: FlashOptions | undefined) {
    this.#words = new Int32Array(this.#held.buffer);
    if (options === undefined) return;
    try {
      const flash = new options.io({});
      this.#flash = flash;
      const { size, blockLength } = flash.status();
      this.#blockBytes = blockLength;
      this.slots = blockLength >> 5; // RECORD_BYTES is 32
      this.blocks = Math.min(BLOCKS_MAX, Math.floor(size / blockLength));
    } catch {
      this.blocks = 0;
    }
  }

  /** Fills `out`, 32 bytes. */
  load(block: number, slot: number, out: Uint8Array): boolean {
    try {
      this.#flash?.read(out, this.#offset(block, slot));
      return this.#flash !== undefined;
    } catch {
      return false;
    }
  }

  /**
   * Seals `record` as number `seq` and writes it; true if the slot was blank before and holds it afterwards.
   * A write that threw and yet arrived counts as written: trying again would write the record twice.
   */
  store(block: number, slot: number, record: Uint8Array, seq: number): boolean {
    const held = this.#held;
    if (!this.load(block, slot, held) || !isBlank(held)) return false;
    const sum = sumOf(record, seq);
    for (let i = 0; i < 4; i++) record[i] = sum >> (i << 3);
    try {
      this.#flash?.write(record, this.#offset(block, slot));
    } catch {
      // Reading it back tells.
    }
    if (!this.load(block, slot, held)) return false;
    for (let i = 0; i < RECORD_BYTES; i++) if (held[i] !== record[i]) return false;
    return true;
  }

  /** True if all of the block is blank afterwards. */
  erase(block: number): boolean {
    try {
      this.#flash?.eraseBlock(block);
    } catch {
      return false;
    }
    for (let slot = 0; slot < this.slots; slot++) {
      if (!this.load(block, slot, this.#held)) return false;
      for (let i = 0; i < this.#words.length; i++) if (this.#words[i] !== -1) return false;
    }
    return true;
  }

  /** For a block that will not be erased and whose contents have to go: all bits to 0, in all slots that take it. */
  blacken(block: number): void {
    this.#held.fill(0);
    for (let slot = 0; slot < this.slots; slot++) {
      try {
        this.#flash?.write(this.#held, this.#offset(block, slot));
      } catch {
        // The next slot may take it.
      }
    }
  }

  close(): void {
    try {
      this.#flash?.close();
    } catch {
      // Each record was on the flash when its call returned: there is nothing to lose here.
    }
  }

  #offset(block: number, slot: number): number {
    return block * this.#blockBytes + slot * RECORD_BYTES;
  }
}

/** Nothing was written here since the block was erased. */
export function isBlank(record: Uint8Array): boolean {
  for (let i = 0; i < RECORD_BYTES; i++) if (record[i] !== ERASED_BYTE) return false;
  return true;
}

/** The record is what was written as number `seq`. */
export function isWhole(record: Uint8Array, seq: number): boolean {
  const sum = sumOf(record, seq);
  for (let i = 0; i < 4; i++) if (record[i] !== ((sum >> (i << 3)) & 0xff)) return false;
  return true;
}

function sumOf(record: Uint8Array, seq: number): number {
  return ~crc32Step(crc32StepUint32(CRC32_START, seq), record, RecordOffset.Type, RECORD_BYTES);
}
