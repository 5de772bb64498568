import assert from "node:assert/strict";
import { AdaptivePace } from "haptics/adaptive-pace";

/** Breathes at the proposed rates for `minutes`; the swing is a hill with its top at `bestCenti`. Returns the rates. */
function climb(pace: AdaptivePace, startCenti: number, bestCenti: number, minutes: number): number[] {
  const rates = [startCenti];
  for (let elapsedMs = 0; elapsedMs < minutes * 60_000; ) {
    const rate = rates.at(-1)!; // never empty
    const breathMs = 6_000_000 / rate;
    const away = (rate - bestCenti) / 100;
    const next = pace.breathed(breathMs, 80 / (1 + 4 * away * away));
    if (next !== undefined) rates.push(next);
    elapsedMs += breathMs;
  }
  return rates;
}

describe("adaptive pace", () => {
  it("does nothing before it has begun, nor after the wearer has chosen", () => {
    const pace = new AdaptivePace();
    assert.deepEqual(climb(pace, 600, 550, 10), [600]);
    pace.begin(600);
    pace.isOn = false;
    assert.deepEqual(climb(pace, 600, 550, 10), [600]);
  });

  it("takes its first step after two minutes, of 0.1 per minute, to the slower side", () => {
    const pace = new AdaptivePace();
    pace.begin(600);
    for (let breath = 0; breath < 11; breath++) assert.equal(pace.breathed(10_000, 50), undefined);
    assert.equal(pace.breathed(10_000, 50), 590);
  });

  for (const best of [570, 600, 640])
    it(`ends up within 0.2 per minute of a top at ${best / 100}, in steps of 0.1`, () => {
      const pace = new AdaptivePace();
      pace.begin(600);
      const rates = climb(pace, 600, best, 40);
      for (const rate of rates.slice(-6)) assert.ok(Math.abs(rate - best) <= 20, `${rates}`);
      for (let i = 1; i < rates.length; i++) assert.equal(Math.abs(rates[i]! - rates[i - 1]!), 10);
      assert.ok(rates.length <= 21, "at most one step in two minutes");
    });

  it("never goes farther than 0.5 per minute", () => {
    const pace = new AdaptivePace();
    pace.begin(600);
    for (const rate of climb(pace, 600, 400, 120)) assert.ok(rate >= 550 && rate <= 650);
  });

  it("waits when the swing cannot be told", () => {
    const pace = new AdaptivePace();
    pace.begin(600);
    for (let breath = 0; breath < 100; breath++) assert.equal(pace.breathed(10_000, undefined), undefined);
    for (let breath = 0; breath < 7; breath++) assert.equal(pace.breathed(10_000, 50), undefined);
    assert.equal(pace.breathed(10_000, 50), 590);
  });
});
