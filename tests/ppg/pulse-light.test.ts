import assert from "node:assert/strict";
import { LedOrder, LedOrderVote } from "ppg/led-order";
import { LightBlocks } from "ppg/light-blocks";
import { PulseLight } from "ppg/pulse-light";
import { SampleFlag } from "ppg/samples";

/** A look at levels made by hand, one a block: [red, infrared] in counts. 17 levels make 16 falls. */
function look(levels: (block: number) => [number, number], light = new PulseLight()): PulseLight {
  const blocks = new LightBlocks(25);
  const batch = {
    count: 2,
    red: new Int32Array(2),
    ir: new Int32Array(2),
    flags: new Uint8Array(2),
    firstIndex: 0,
    lostBefore: 0,
    drainedAtMs: 0,
  };
  let looks = 0;
  for (let block = 0; block < 18; block++) {
    const [red, ir] = levels(block);
    batch.red.fill(red);
    batch.ir.fill(ir);
    batch.flags.fill(block === 0 ? SampleFlag.LightStep : 0);
    blocks.gather(batch, 0);
    if (block > 0 && light.push(blocks)) looks++;
  }
  assert.equal(looks, 1);
  return light;
}

describe("PulseLight", () => {
  it("tells the deepest fall within 80 ms, in counts and over the level", () => {
    // 160000 but for one block that is 640 lower: 640 over 159960 (the mean of 16), 262 in Q16.
    const light = look((block) => [100_000, block === 8 ? 159_360 : 160_000]);
    assert.equal(light.depthCounts, 640);
    assert.equal(light.depthQ16, 262);
  });

  it("tells the ratio of the pulses, squared: half as deep in red is a quarter", () => {
    // Red 0.4 % of 80000 = 320, infrared 0.8 % of 160000 = 1280, in step.
    const light = look((block) => [block % 4 === 2 ? 79_680 : 80_000, block % 4 === 2 ? 158_720 : 160_000]);
    assert.equal(light.isClear, true);
    assert.ok(Math.abs(light.ratioSquaredQ12 - 1024) <= 12, `${light.ratioSquaredQ12}`);
    assert.equal(light.swingSquaredQ12, 256); // (320 / 1280)^2
  });

  it("says nothing of the ratio of noise, of channels that go their own ways, or of steps", () => {
    assert.equal(look((block) => [80_000 + (block % 2) * 9, 160_000 + (block % 2) * 9]).isClear, false);
    assert.equal(look((block) => [80_000 + (block % 2) * 300, 160_000 + (block % 3) * 300]).isClear, false);
    assert.equal(look((block) => [80_000 + (block % 2) * 300, 160_000 - (block % 2) * 300]).isClear, false);
    assert.equal(look((block) => [80_000 + (block % 2) * 300, 160_000 + (block % 2) * 5000]).isClear, false);
    assert.equal(look(() => [0, 0]).isClear, false);
  });

  it("tells channels that swing strongly and not together from noise and from a pulse", () => {
    const isApart = (levels: (block: number) => [number, number]): boolean => look(levels).isApart;
    // Falls of 300 counts, 16 of them: 1,440,000; what is asked for is 16 x 32^2 = 16,384.
    assert.equal(
      isApart((block) => [80_000 + (block % 2) * 300, 160_000 + (block % 3) * 300]),
      true,
    );
    assert.equal(
      isApart((block) => [80_000 + (block % 2) * 300, 160_000 - (block % 2) * 300]),
      true,
    );
    assert.equal(
      isApart((block) => [80_000 + (block % 2) * 31, 160_000 - (block % 2) * 31]),
      false,
    );
    assert.equal(
      isApart((block) => [80_000 + (block % 2) * 300, 160_000 + (block % 2) * 600]),
      false,
    );
  });

  it("forgets", () => {
    const light = look((block) => [block % 4 === 2 ? 79_680 : 80_000, block % 4 === 2 ? 158_720 : 160_000]);
    light.forget();
    assert.equal(light.isClear, false);
  });

  it("stays within 32 bits at the loudest that it takes for a pulse", () => {
    const light = look((block) => [(block % 2) * 4095 + 1000, (block % 2) * 4095 + 1000]);
    assert.equal(light.isClear, true);
    assert.equal(light.ratioSquaredQ12, 4096);
  });
});

describe("LedOrderVote", () => {
  const seen = (ratio: number, isClear = true): PulseLight =>
    Object.assign(new PulseLight(), { isClear, ratioSquaredQ12: Math.round(ratio * ratio * 4096) });
  const vote = (ratios: readonly number[]): LedOrder => {
    const order = new LedOrderVote();
    for (const ratio of ratios) order.look(seen(ratio));
    return order.order;
  };

  it("takes 16 looks, all but two of one mind", () => {
    assert.equal(vote(Array(15).fill(0.5)), LedOrder.Unknown);
    assert.equal(vote(Array(16).fill(0.5)), LedOrder.AsWired);
    assert.equal(vote(Array(16).fill(2)), LedOrder.Swapped);
    assert.equal(vote([0.5, 0.5, ...Array(14).fill(2)]), LedOrder.Swapped);
    assert.equal(vote([0.5, 0.5, 0.5, ...Array(13).fill(2)]), LedOrder.Unknown);
    assert.equal(vote([2, 2, ...Array(14).fill(0.5)]), LedOrder.AsWired);
  });

  it("lets a ratio from 0.8 to 1.25 and one that is not clear have no vote", () => {
    assert.equal(vote(Array(100).fill(0.801)), LedOrder.Unknown);
    assert.equal(vote(Array(100).fill(1.249)), LedOrder.Unknown);
    assert.equal(vote(Array(16).fill(0.799)), LedOrder.AsWired);
    assert.equal(vote(Array(16).fill(1.251)), LedOrder.Swapped);
    const order = new LedOrderVote();
    for (let i = 0; i < 100; i++) order.look(seen(2, false));
    assert.equal(order.order, LedOrder.Unknown);
  });

  it("tells of a change once", () => {
    const order = new LedOrderVote();
    let changes = 0;
    for (let i = 0; i < 64; i++) if (order.look(seen(2))) changes++;
    assert.equal(changes, 1);
    order.reset();
    assert.equal(order.order, LedOrder.Unknown);
  });
});
