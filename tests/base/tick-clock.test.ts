import assert from "node:assert/strict";
import { TickClock } from "base/tick-clock";
import { describe, it } from "mocha";

describe("tick clock", () => {
  it("counts 1024 ticks a second, rounded down, from the host's 0", () => {
    const clock = { ticks: 0 };
    const tickClock = new TickClock(clock);
    const expected: [ms: number, ticks: number][] = [
      [0, 0],
      [1, 1], // 1.024
      [125, 128],
      [1000, 1024],
      [1040, 1064], // 1064.96
      [60_000, 61_440],
    ];
    for (const [ms, ticks] of expected) {
      clock.ticks = ms;
      assert.equal(tickClock.ticks, ticks, `${ms} ms`);
    }
  });

  it("does not drift in an hour of odd steps, and goes on across the wrap of the milliseconds", () => {
    const clock = { ticks: 0 };
    const tickClock = new TickClock(clock);
    for (let ms = 0; ms <= 3_600_000; ms += 7) {
      clock.ticks = ms;
      tickClock.ticks;
    }
    clock.ticks = 3_600_000;
    assert.equal(tickClock.ticks, 3_686_400); // 3600 x 1024
    const hourMs = 3_600_000;
    for (let hours = 2; hours <= 600; hours++) {
      clock.ticks = (hours * hourMs) | 0; // wraps at hour 597
      assert.equal(tickClock.ticks, (hours * 3_686_400) | 0, `hour ${hours}`);
    }
  });
});
