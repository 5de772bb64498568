/**
 * A flash partition, as Moddable's `embedded:storage/flash` gives it, cut down to what the log calls.
 *
 * NOR rules: erasing a block sets all its bytes to 0xFF; a write only clears bits, what is 0 stays 0 until the block is
 * erased. A write that the power cuts off leaves some first bytes written, one in between, and the rest as it was; an
 * erase that is cut off leaves the block in no state that means anything. Every call may throw.
 */
export interface FlashPartition {
  /** Fills the whole of `bytes`, from `byteOffset` of the partition on. */
  read(bytes: Uint8Array, byteOffset: number): unknown;
  write(bytes: Uint8Array, byteOffset: number): unknown;
  /** By number, from 0. Stops the processor for some 45 ms, 400 ms at worst (W25Q32JV, tSE). */
  eraseBlock(block: number): unknown;
  status(): FlashStatus;
  close(): void;
}

export interface FlashStatus {
  /** Bytes in all. */
  readonly size: number;
  /** Bytes that are erased together: 4096 on every part in use. */
  readonly blockLength: number;
}

/** Throws if the board has no such partition. */
export interface FlashOptions {
  readonly io: new (options: object) => FlashPartition;
}
