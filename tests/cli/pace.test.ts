import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Pace } from "../../hosts/sim/cli/pace.js";

describe("pace", () => {
  let nowMs = 1000;
  const pace = (speed: number): Pace => new Pace(speed, () => nowMs);

  it("goes on by what has passed, times the speed, and waits for the next frame", () => {
    const twice = pace(2);
    nowMs += 50;
    assert.equal(twice.step(), 100);
    nowMs += 20;
    assert.equal(twice.restMs, 30); // of 50
    nowMs += 40;
    assert.equal(twice.restMs, 0);
    assert.equal(twice.step(), 120);
    assert.equal(twice.text, "2×");
  });

  it("does not race after a sleep, nor after a pause", () => {
    const once = pace(1);
    nowMs += 3_600_000;
    assert.equal(once.step(), 250);
    nowMs += 5000;
    once.stand();
    nowMs += 50;
    assert.equal(once.step(), 50);
  });

  it("goes in steps of two seconds as fast as it can, and says how fast that is", () => {
    const fast = pace(Number.POSITIVE_INFINITY);
    assert.equal(fast.text, "as fast as it goes");
    for (let i = 0; i < 11; i++) {
      nowMs += 100;
      assert.equal(fast.step(), 2000);
      assert.equal(fast.restMs, 0);
    }
    assert.equal(fast.text, "18×"); // nine steps of 2 s in the first second: the tenth call looks back on them
  });

  it("keeps a speed that is asked for, and does not race after a pause of the laptop", () => {
    const high = pace(100);
    nowMs += 50;
    assert.equal(high.step(), 5000); // 50 ms, a hundred times
    nowMs += 60_000;
    assert.equal(high.step(), 25_000); // no more than 250 ms are caught up with
  });
});
