import assert from "node:assert/strict";
import { FlashMisuse, FlashPartition } from "../../hosts/sim/board/flash-partition.js";

/** The class that the firmware meets, over a wall of which only the flash is there. */
async function open(flash: FlashPartition | undefined) {
  const globals = globalThis as unknown as Record<string, unknown>; // the globals that io/port.ts reads
  globals.hostCall = (op: number, a: number) => flash?.handleCall(op, a) ?? 0;
  globals.hostBytes = (op: number, a: number, view: Uint8Array) => flash?.handleBytes(op, a, view) ?? 1;
  // A number of its own for each wall, far from those of other tests.
  const loaded = await import(`sim/flash?band=${2_000_000 + walls++}`);
  return loaded.default.open({ path: "log", mode: "r+" });
}
let walls = 0;

describe("embedded:storage/flash of the simulator", () => {
  it("reads, writes and erases as the SDK's own test of the class does", async () => {
    const flash = new FlashPartition({ blocks: 3 });
    const partition = await open(flash);
    assert.deepEqual(partition.status(), { size: 12_288, blockLength: 4096, blocks: 3 });
    partition.write(new ArrayBuffer(8192), 0);
    partition.eraseBlock(0, 2);
    partition.write(Uint8Array.of(0xfe, 0xfc), 4095);
    partition.write(Uint8Array.of(0xf0, 0xe0), 4095);
    const pair = new Uint8Array(2);
    assert.equal(partition.read(pair, 4095), 2);
    assert.deepEqual([...pair], [0xf0, 0xe0]);
    partition.eraseBlock(1);
    partition.read(pair, 4095);
    assert.deepEqual([...pair], [0xf0, 0xff]);
    assert.deepEqual([...flash.eraseCounts], [1, 2, 0]);
    partition.close();
  });

  it("throws when the board has no partition", async () => {
    await assert.rejects(open(undefined), /can't find partition/);
  });

  it("throws as the ESP32's does for a worn block, and fails the run for a misuse", async () => {
    const flash = new FlashPartition({ blocks: 2 });
    flash.wearOut(0, "writeThrows");
    flash.wearOut(1, "eraseThrows");
    const partition = await open(flash);
    assert.throws(() => partition.write(Uint8Array.of(1), 0), /write failed/);
    assert.throws(() => partition.eraseBlock(1), /erase failed/);
    partition.write(Uint8Array.of(0), 4096);
    assert.throws(() => partition.write(Uint8Array.of(1), 4096), FlashMisuse);
    flash.powerCut = () => 0;
    assert.throws(() => partition.write(Uint8Array.of(0), 4097), /write failed/);
    assert.throws(() => partition.read(new Uint8Array(1), 0), /read failed/);
  });
});
