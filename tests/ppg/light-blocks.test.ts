import assert from "node:assert/strict";
import { LightBlocks } from "ppg/light-blocks";
import { type SampleBatch, SampleFlag } from "ppg/samples";

function batchOf(irs: readonly number[], flags: readonly number[] = [], reds: readonly number[] = irs): SampleBatch {
  const batch: SampleBatch = {
    count: irs.length,
    red: new Int32Array(32),
    ir: new Int32Array(32),
    flags: new Uint8Array(32),
    firstIndex: 0,
    lostBefore: 0,
    drainedAtMs: 0,
  };
  batch.red.set(reds);
  batch.ir.set(irs);
  batch.flags.set(flags);
  return batch;
}

/** Every block that the batches complete: [red, ir] in counts, and whether it is broken off from the one before. */
function blocksOf(blocks: LightBlocks, ...batches: readonly SampleBatch[]): [number, number, boolean][] {
  const found: [number, number, boolean][] = [];
  for (const batch of batches)
    for (let at = 0; at < batch.count; ) {
      at = blocks.gather(batch, at);
      if (blocks.isComplete) found.push([blocks.redQ2 / 4, blocks.irQ2 / 4, blocks.isBroken]);
    }
  return found;
}
const ramp = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

describe("LightBlocks", () => {
  it("hold 80 ms at every rate", () => {
    for (const [rateHz, size] of [
      [25, 2],
      [50, 4],
      [100, 8],
      [200, 16],
      [400, 32],
    ] as const) {
      const blocks = new LightBlocks(rateHz);
      assert.equal(blocks.size, size);
      const found = blocksOf(blocks, batchOf(ramp(1000, 32)));
      assert.equal(found.length, 32 / size);
      assert.equal(found[0]![1], 1000 + (size - 1) / 2);
    }
    for (const rateHz of [0, 10, 60, 800]) assert.throws(() => new LightBlocks(rateHz), RangeError);
  });

  it("go across the end of a batch, and keep the channels apart", () => {
    const found = blocksOf(
      new LightBlocks(100),
      batchOf(ramp(0, 5), [], ramp(100, 5)),
      batchOf(ramp(5, 17), [], ramp(105, 17)),
    );
    // 0 .. 7, 8 .. 15; 16 .. 21 wait
    assert.deepEqual(found, [
      [103.5, 3.5, true],
      [111.5, 11.5, false],
    ]);
  });

  it("begin anew behind a light step, whose samples count for nothing", () => {
    const flags = [0, 0, 0, SampleFlag.LightStep, SampleFlag.LightStep, 0, 0, 0, 0, 0, 0, 0, 0];
    const blocks = new LightBlocks(100);
    const found = blocksOf(blocks, batchOf(ramp(0, 13), flags));
    assert.deepEqual(found, [[8.5, 8.5, true]]); // 5 .. 12
    assert.equal(blocks.isNewLight, true);
    assert.deepEqual(blocksOf(blocks, batchOf(ramp(13, 8))), [[16.5, 16.5, false]]);
    assert.equal(blocks.isNewLight, false);
  });

  it("begin anew behind the later of two light steps", () => {
    const flags = [0, SampleFlag.LightStep, 0, 0, 0, SampleFlag.RedStep, 0];
    assert.deepEqual(blocksOf(new LightBlocks(100), batchOf(ramp(0, 14), flags)), [[9.5, 9.5, true]]); // 6 .. 13
  });

  it("begin anew behind a gap, under the same light", () => {
    const blocks = new LightBlocks(100);
    blocksOf(blocks, batchOf(ramp(0, 12)));
    blocks.gap();
    assert.deepEqual(blocksOf(blocks, batchOf(ramp(50, 8))), [[53.5, 53.5, true]]);
    assert.equal(blocks.isNewLight, false);
  });

  it("say that infrared was at the top, not at the bottom, and red when all of it was", () => {
    const top = 262_143;
    const S = SampleFlag.Saturated;
    const look = (irs: number[], flags: number[], reds: number[]): [boolean, boolean] => {
      const blocks = new LightBlocks(100);
      blocksOf(blocks, batchOf(irs, flags, reds));
      return [blocks.irHigh, blocks.redHigh];
    };
    const low = Array(8).fill(1000);
    assert.deepEqual(look([top, ...Array(7).fill(200_000)], [S], low), [true, false]);
    assert.deepEqual(look([0, ...Array(7).fill(10)], [S], low), [false, false]);
    assert.deepEqual(look(low, [], Array(8).fill(top)), [false, true]);
    assert.deepEqual(look(low, [], [...Array(7).fill(top), top - 1]), [false, false]);
  });
});
