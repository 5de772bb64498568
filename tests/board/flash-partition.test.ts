import assert from "node:assert/strict";
import { FlashMisuse, FlashPartition, PowerCut } from "../../hosts/sim/board/flash-partition.js";

const bytesAt = (flash: FlashPartition, offset: number, length: number): number[] => {
  const bytes = new Uint8Array(length);
  flash.read(bytes, offset);
  return [...bytes];
};
const setBits = (byte: number): number => byte.toString(2).replaceAll("0", "").length;

describe("FlashPartition", () => {
  it("is 256 blank blocks of 4096 bytes", () => {
    const flash = new FlashPartition();
    assert.deepEqual(flash.status(), { size: 1_048_576, blockLength: 4096 });
    assert(flash.contents.every((byte) => byte === 0xff));
  });

  it("clears bits by writing and sets them by erasing the block, and only that", () => {
    const flash = new FlashPartition({ blocks: 3 });
    flash.write(Uint8Array.of(0xfe, 0xfc), 4095);
    flash.write(Uint8Array.of(0xf0, 0xe0), 4095);
    assert.deepEqual(bytesAt(flash, 4094, 4), [0xff, 0xf0, 0xe0, 0xff]);
    flash.eraseBlock(1);
    assert.deepEqual(bytesAt(flash, 4095, 2), [0xf0, 0xff]);
    flash.eraseBlock(0);
    assert.deepEqual(bytesAt(flash, 4095, 2), [0xff, 0xff]);
    assert.deepEqual([...flash.eraseCounts], [1, 1, 0]);
    assert.deepEqual([...flash.writeCounts], [2, 0, 0]);
  });

  it("fails the run for a bit that would have to be set, and changes nothing", () => {
    const flash = new FlashPartition({ blocks: 1 });
    flash.write(Uint8Array.of(0xf0), 7);
    assert.throws(() => flash.write(Uint8Array.of(0x00, 0xf1), 6), FlashMisuse);
    assert.deepEqual(bytesAt(flash, 6, 2), [0xff, 0xf0]);
    assert.throws(() => flash.handleBytes(74, 7, Uint8Array.of(0xff)), FlashMisuse);
    assert.equal(flash.misuseCount, 2);
  });

  it("fails the run for what is outside, by one byte", () => {
    const flash = new FlashPartition({ blocks: 1 });
    flash.write(Uint8Array.of(1), 4095);
    assert.throws(() => flash.write(Uint8Array.of(1, 1), 4095), FlashMisuse);
    assert.throws(() => flash.read(new Uint8Array(1), 4096), FlashMisuse);
    assert.throws(() => flash.read(new Uint8Array(1), -1), FlashMisuse);
    flash.eraseBlock(0);
    assert.throws(() => flash.eraseBlock(1), FlashMisuse);
  });

  it("stops a write after as many bytes as it is told, with the next one between old and new", () => {
    for (let seed = 0; seed < 50; seed++) {
      const flash = new FlashPartition({ blocks: 1, seed });
      flash.powerCut = ({ kind, offset, length }) => (kind === "write" && offset === 8 && length === 4 ? 2 : undefined);
      flash.write(Uint8Array.of(0x55), 0);
      assert.throws(() => flash.write(Uint8Array.of(1, 2, 0x0f, 4), 8), PowerCut);
      assert.throws(() => flash.read(new Uint8Array(1), 0), PowerCut, "there is no power any more");
      flash.powerOn();
      const [one, two, torn, after] = bytesAt(flash, 8, 4);
      assert.deepEqual([one, two, after], [1, 2, 0xff]);
      assert.equal((torn ?? 0) & 0x0f, 0x0f, "bits that stay 1 are not touched");
    }
  });

  it("tears a byte in different ways by the seed", () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const flash = new FlashPartition({ blocks: 1, seed });
      flash.tearWrite(Uint8Array.of(0), 0, 0);
      seen.add(bytesAt(flash, 0, 1)[0] ?? 0);
    }
    assert(seen.size > 100, `${seen.size} of 256 values`);
  });

  it("stops an erase after as many bytes as it is told", () => {
    const flash = new FlashPartition({ blocks: 2 });
    flash.write(new Uint8Array(8192), 0);
    flash.powerCut = ({ kind }) => (kind === "erase" ? 3 : undefined);
    assert.throws(() => flash.eraseBlock(1), PowerCut);
    flash.powerOn();
    assert.deepEqual(bytesAt(flash, 4094, 6), [0, 0, 0xff, 0xff, 0xff, 0]);
  });

  it("leaves a torn erase in all of its states, by the seed, and never another block", () => {
    const states = { untouched: 0, between: 0, blank: 0 };
    for (let seed = 0; seed < 100; seed++) {
      const flash = new FlashPartition({ blocks: 2, seed });
      flash.write(new Uint8Array(8192).fill(0x0f), 0);
      flash.tearErase(0, "bySeed");
      const block = bytesAt(flash, 0, 4096);
      if (block.every((byte) => byte === 0x0f)) states.untouched++;
      else if (block.every((byte) => byte === 0xff)) states.blank++;
      else states.between++;
      assert(bytesAt(flash, 4096, 4096).every((byte) => byte === 0x0f));
    }
    assert(states.untouched > 5 && states.blank > 5 && states.between > 20, JSON.stringify(states));
  });

  it("loses what is written into a block that looks blank after a torn erase, unless it is erased again", () => {
    const flash = new FlashPartition({ blocks: 1, seed: seedOfWeakErase() });
    flash.tearErase(0, "bySeed");
    flash.write(new Uint8Array(32), 0);
    assert(bytesAt(flash, 0, 32).every((byte) => byte === 0));
    flash.powerOn();
    assert(bytesAt(flash, 0, 32).some((byte) => byte !== 0));
    flash.eraseBlock(0);
    flash.write(new Uint8Array(32), 0);
    flash.powerOn();
    assert(bytesAt(flash, 0, 32).every((byte) => byte === 0));
  });

  it("wears out in four ways", () => {
    const flash = new FlashPartition({ blocks: 4 });
    flash.wearOut(0, "eraseThrows");
    flash.wearOut(1, "eraseLeavesBits");
    flash.wearOut(2, "writeThrows");
    flash.wearOut(3, "writeLosesBits");
    assert.throws(() => flash.eraseBlock(0), /erase failed/);
    assert.equal(flash.handleCall(72, 0), 1);
    flash.eraseBlock(1);
    assert.equal(bytesAt(flash, 4096, 4096).filter((byte) => byte !== 0xff).length, 1);
    assert.throws(() => flash.write(Uint8Array.of(0), 8192), /write failed/);
    assert.equal(flash.handleBytes(74, 8192, Uint8Array.of(0)), 1);
    assert.deepEqual(bytesAt(flash, 8192, 1), [0xff]);
    flash.write(Uint8Array.of(0x55, 0x55), 12288);
    const bits = bytesAt(flash, 12288, 2).reduce((sum, byte) => sum + setBits(byte), 0);
    assert.equal(bits, 7, "one bit of eight is lost");
  });

  it("turns over as many bits as it is told to, where it says", () => {
    const flash = new FlashPartition({ blocks: 1, seed: 3 });
    const offsets = flash.rot(2);
    assert.equal(offsets.length, 2);
    for (let offset = 0; offset < 4096; offset++)
      assert.equal(flash.contents[offset] !== 0xff, offsets.includes(offset), `byte ${offset}`);
    flash.flipBit(100, 3);
    flash.flipBit(100, 3);
    assert.equal(flash.contents[100] !== 0xff, offsets.includes(100));
  });
});

function seedOfWeakErase(): number {
  for (let seed = 0; seed < 100; seed++) {
    const flash = new FlashPartition({ blocks: 1, seed });
    flash.write(new Uint8Array(4096), 0);
    flash.tearErase(0, "bySeed");
    if (flash.contents.every((byte) => byte === 0xff)) return seed;
  }
  throw new Error("none of 100 seeds leaves a block blank");
}
