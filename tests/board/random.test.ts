import assert from "node:assert/strict";
import { RandomStream } from "../../hosts/sim/board/random.js";

describe("RandomStream", () => {
  it("repeats for the same seed and name, and differs for another of either", () => {
    const draw = (seed: number, name: string) => {
      const stream = new RandomStream(seed, name);
      return Array.from({ length: 8 }, () => stream.next32());
    };
    assert.deepEqual(draw(1, "noise"), draw(1, "noise"));
    assert.notDeepEqual(draw(1, "noise"), draw(2, "noise"));
    assert.notDeepEqual(draw(1, "noise"), draw(1, "bounce"));
  });

  it("covers a closed range, both ends, about evenly", () => {
    const stream = new RandomStream(3, "range");
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[stream.between(5, 10) - 5]!++; // between gives 5 .. 10
    for (const count of counts) assert.ok(count > 9_600 && count < 10_400, `${counts}`); // 4 sigma of 10,000 is 365
  });

  it("has noise of mean 0 and standard deviation 1", () => {
    const stream = new RandomStream(4, "noise");
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < 100_000; i++) {
      const value = stream.nextNormal();
      sum += value;
      squares += value * value;
    }
    assert.ok(Math.abs(sum / 100_000) < 0.013, `mean ${sum / 100_000}`); // 4 sigma: 4 / sqrt(100,000)
    assert.ok(Math.abs(squares / 100_000 - 1) < 0.018, `variance ${squares / 100_000}`);
  });
});
