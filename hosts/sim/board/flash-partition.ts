/**
 * A partition of NOR flash, as the ESP32 sees one of a W25Q32: blocks that are erased to 0xFF as a whole, and bytes in
 * which a write can only clear bits.
 *
 * Fault model, all of it by seed or by the test's own choice:
 * - power: a write of n bytes stops after any k of them; the byte in between may have any of its bits cleared. An erase
 *   leaves the block untouched, half erased, scrambled, or blank to look at but weak: what is written into a weak block
 *   is there until the next `powerOn`. After the cut every call throws PowerCut until then.
 * - wear: a block that throws when erased, keeps bits at 0, throws when written, or loses bits of what is written.
 * - rot: any bit turns over.
 * What must survive is the log's business: docs/data.md.
 */
import { FlashOp } from "sim/flash-ops";
import { RandomStream } from "./random.js";

export const BLOCK_BYTES = 4096;

/** The firmware asked for what NOR flash cannot do: a bug of ours, and the run fails. */
export class FlashMisuse extends Error {
  override name = "FlashMisuse";
}

/** The power is gone. */
export class PowerCut extends Error {
  override name = "PowerCut";
}

/** What a worn block does instead of its duty. */
export type Wear = "eraseThrows" | "eraseLeavesBits" | "writeThrows" | "writeLosesBits";

/** An operation that is about to happen. `length` is in bytes; an erase has the block's. */
export interface FlashOperation {
  readonly kind: "write" | "erase";
  readonly offset: number;
  readonly length: number;
}

export interface FlashPartitionOptions {
  readonly blocks?: number;
  readonly blockBytes?: number;
  readonly seed?: number;
  /** What is in it; blank if left out. Taken over, not copied. */
  readonly contents?: Uint8Array;
}

/** How an erase can be left when the power goes. */
const TORN_ERASES = ["untouched", "begun", "nearly done", "scrambled", "weak"] as const;

export class FlashPartition {
  readonly contents: Uint8Array;
  readonly blockBytes: number;
  readonly blocks: number;
  /** Per block, growing only. */
  readonly eraseCounts: Uint32Array;
  readonly writeCounts: Uint32Array;
  readCount = 0;
  /** Misuses so far: who catches what the flash throws must not get away with one. */
  misuseCount = 0;
  /** Asked before each write and erase: how many bytes of it still happen before the power goes. Undefined: all. */
  powerCut: ((operation: FlashOperation) => number | undefined) | undefined;
  readonly #random: RandomStream;
  readonly #worn = new Map<number, Wear>();
  readonly #weak = new Set<number>();
  #hasPower = true;

  constructor(options: FlashPartitionOptions = {}) {
    this.blockBytes = options.blockBytes ?? BLOCK_BYTES;
    this.contents = options.contents ?? new Uint8Array((options.blocks ?? 256) * this.blockBytes).fill(0xff);
    this.blocks = this.contents.length / this.blockBytes;
    if (!Number.isInteger(this.blocks)) throw new RangeError("a partition is whole blocks");
    this.eraseCounts = new Uint32Array(this.blocks);
    this.writeCounts = new Uint32Array(this.blocks);
    this.#random = new RandomStream(options.seed ?? 0, "flash");
  }

  status(): { readonly size: number; readonly blockLength: number } {
    return { size: this.contents.length, blockLength: this.blockBytes };
  }

  read(bytes: Uint8Array, offset: number): void {
    this.#admit("read", offset, bytes.length);
    this.readCount++;
    bytes.set(this.contents.subarray(offset, offset + bytes.length));
  }

  /** Errors: FlashMisuse for a bit that would have to be set; PowerCut; a plain Error from a worn block */
  write(bytes: Uint8Array, offset: number): void {
    this.#admit("write", offset, bytes.length);
    const block = Math.floor(offset / this.blockBytes);
    for (let i = 0; i < bytes.length; i++)
      if ((bytes[i]! & ~this.contents[offset + i]!) !== 0)
        throw this.#misuse(`write at ${offset + i} would set bits, erase block ${block} first`);
    const done = this.powerCut?.({ kind: "write", offset, length: bytes.length });
    if (done !== undefined) {
      this.tearWrite(bytes, offset, done);
      this.#cut();
    }
    this.writeCounts[block]!++;
    const wear = this.#worn.get(block);
    if (wear === "writeThrows") throw new Error("write failed");
    for (let i = 0; i < bytes.length; i++) this.contents[offset + i]! &= bytes[i]!;
    if (wear === "writeLosesBits") this.#loseBit(offset, bytes.length);
  }

  eraseBlock(block: number): void {
    const offset = block * this.blockBytes;
    this.#admit("erase", offset, this.blockBytes);
    const done = this.powerCut?.({ kind: "erase", offset, length: this.blockBytes });
    if (done !== undefined) {
      this.tearErase(block, done);
      this.#cut();
    }
    this.eraseCounts[block]!++;
    this.#weak.delete(block);
    const wear = this.#worn.get(block);
    if (wear === "eraseThrows") throw new Error("erase failed");
    this.contents.fill(0xff, offset, offset + this.blockBytes);
    if (wear === "eraseLeavesBits") this.#loseBit(offset, this.blockBytes);
  }

  close(): void {}

  /** The wall's operations. A misuse fails the run; what else goes wrong is the firmware's to bear. */
  handleCall(op: number, a: number): number {
    switch (op) {
      case FlashOp.Size:
        return this.contents.length;
      case FlashOp.BlockLength:
        return this.blockBytes;
      case FlashOp.EraseBlock:
        return attempt(() => this.eraseBlock(a));
      default:
        throw new RangeError(`operation ${op} is none of the flash's`);
    }
  }

  handleBytes(op: number, a: number, view: Uint8Array): number {
    switch (op) {
      case FlashOp.Read:
        return attempt(() => this.read(view, a));
      case FlashOp.Write:
        return attempt(() => this.write(view, a));
      default:
        throw new RangeError(`operation ${op} is none of the flash's`);
    }
  }

  /** The first `count` bytes arrive; of the next, those bits that the seed chooses. */
  tearWrite(bytes: Uint8Array, offset: number, count: number): void {
    for (let i = 0; i < count; i++) this.contents[offset + i]! &= bytes[i]!;
    if (count < bytes.length) this.contents[offset + count]! &= bytes[count]! | (this.#random.next32() & 0xff);
  }

  /** An erase that was cut off after `count` of the block's bytes, or in one of TORN_ERASES by the seed. */
  tearErase(block: number, count: number | "bySeed"): void {
    const from = block * this.blockBytes;
    const to = from + this.blockBytes;
    if (count !== "bySeed") {
      this.contents.fill(0xff, from, from + count);
      return;
    }
    switch (TORN_ERASES[this.#random.between(0, TORN_ERASES.length - 1)]) {
      case "begun": // bits that were 0 turn to 1, some
        for (let i = from; i < to; i++) this.contents[i]! |= this.#random.next32() & this.#random.next32() & 0xff;
        return;
      case "nearly done":
        for (let i = from; i < to; i++) this.contents[i]! |= this.#random.next32() | this.#random.next32();
        return;
      case "scrambled":
        for (let i = from; i < to; i++) this.contents[i] = this.#random.next32();
        return;
      case "weak":
        this.contents.fill(0xff, from, to);
        this.#weak.add(block);
        return;
      default:
        return;
    }
  }

  powerOn(): void {
    this.#hasPower = true;
    this.powerCut = undefined;
    for (const block of this.#weak) {
      const from = block * this.blockBytes;
      for (let i = from; i < from + this.blockBytes; i++)
        if (this.contents[i] !== 0xff) this.contents[i] = this.#random.next32();
    }
  }

  wearOut(block: number, wear: Wear): void {
    this.#worn.set(block, wear);
  }

  flipBit(offset: number, bit: number): void {
    this.contents[offset]! ^= 1 << bit;
  }

  /** Turns over bits at random places; says which bytes they are in. */
  rot(bitCount: number): readonly number[] {
    const offsets: number[] = [];
    for (let i = 0; i < bitCount; i++) {
      const offset = this.#random.between(0, this.contents.length - 1);
      this.flipBit(offset, this.#random.between(0, 7));
      offsets.push(offset);
    }
    return offsets;
  }

  /** One bit of the range that was 1 turns 0, if there is any. */
  #loseBit(offset: number, length: number): void {
    const start = this.#random.between(0, length - 1);
    for (let i = 0; i < length; i++) {
      const at = offset + ((start + i) % length);
      const byte = this.contents[at]!;
      if (byte === 0) continue;
      this.contents[at] = byte & (byte - 1);
      return;
    }
  }

  #admit(what: string, offset: number, length: number): void {
    if (!this.#hasPower) throw new PowerCut(`flash: ${what} without power`);
    const fits = Number.isInteger(offset) && offset >= 0 && length > 0 && offset + length <= this.contents.length;
    if (!fits) throw this.#misuse(`${what} of ${length} bytes at ${offset} is outside`);
  }

  #misuse(why: string): FlashMisuse {
    this.misuseCount++;
    return new FlashMisuse(`flash: ${why}`);
  }

  #cut(): never {
    this.#hasPower = false;
    throw new PowerCut("flash: the power was cut");
  }
}

/** 0 if it worked, 1 if not. */
function attempt(act: () => void): 0 | 1 {
  try {
    act();
    return 0;
  } catch (error) {
    if (error instanceof FlashMisuse) throw error;
    return 1;
  }
}
