import assert from "node:assert/strict";
import { RunningMedian } from "base/running-median";

describe("running median", () => {
  it("is the middle one, or the floored mean of the middle two, of the last values", () => {
    const median = new RunningMedian(4);
    assert.equal(median.value, 0);
    const seen: number[] = [];
    for (const value of [5, -3, 8, 8, 1, 100]) {
      median.push(value);
      seen.push(median.value);
    }
    // 5 | -3 5 | -3 5 8 | -3 5 8 8 | -3 1 8 8 | 1 8 8 100
    assert.deepEqual(seen, [5, 1, 5, 6, 4, 8]);
  });

  it("starts afresh when cleared, and can be filled with one value", () => {
    const median = new RunningMedian(4);
    median.fill(7);
    assert.equal(median.value, 7);
    median.push(100);
    assert.equal(median.value, 7);
    median.clear();
    assert.equal(median.count, 0);
    median.push(3);
    assert.equal(median.value, 3);
  });
});
