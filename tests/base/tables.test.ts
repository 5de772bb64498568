import assert from "node:assert/strict";
import { turnQ16Of } from "base/arctangent";
import { decayQ15 } from "base/exponential";
import { naturalLogQ10 } from "base/natural-log";
import { cosineOfStepQ15, cosineQ15, SINE_STEPS, sineOfStepQ15, sineQ15 } from "base/sine";
import { msFromTicksFloor, msFromTicksNearest, ticksFromMsFloor } from "base/units";
import { describe, it } from "mocha";

describe("sine", () => {
  it("is the nearest Q15 number at each of 1024 steps, but 32767 for one", () => {
    for (let step = -SINE_STEPS; step < 2 * SINE_STEPS; step++) {
      const angle = (2 * Math.PI * step) / SINE_STEPS;
      const clip = (sine: number): number => Math.sign(sine) * Math.min(32767, Math.round(Math.abs(sine) * 32768));
      assert.equal(sineOfStepQ15(step), clip(Math.sin(angle)) + 0, `step ${step}`);
      assert.equal(cosineOfStepQ15(step), clip(Math.cos(angle)) + 0, `step ${step}`);
    }
  });

  it("is within 1.2 of 32768 between steps", () => {
    for (let turnQ16 = -70_000; turnQ16 < 70_000; turnQ16++) {
      const angle = (2 * Math.PI * turnQ16) / 65_536;
      assert.ok(Math.abs(sineQ15(turnQ16) - 32_768 * Math.sin(angle)) <= 1.2, `sine of ${turnQ16}`);
      assert.ok(Math.abs(cosineQ15(turnQ16) - 32_768 * Math.cos(angle)) <= 1.2, `cosine of ${turnQ16}`);
    }
  });
});

describe("arctangent", () => {
  it("gives the four axes", () => {
    assert.equal(turnQ16Of(0, 1000), 0);
    assert.equal(turnQ16Of(1000, 0), 0x4000);
    assert.equal(turnQ16Of(0, -1000), 0x8000);
    assert.equal(turnQ16Of(-1000, 0), 0xc000);
  });

  it("is within 1 of 65536 all around, for vectors short and long", () => {
    for (const length of [256, 5000, 400_000, 2 ** 29, 2 ** 30 - 1])
      for (let i = 0; i < 5000; i++) {
        const x = Math.round(length * Math.cos((2 * Math.PI * i) / 5000));
        const y = Math.round(length * Math.sin((2 * Math.PI * i) / 5000));
        const wanted = (Math.atan2(y, x) / (2 * Math.PI)) * 65_536;
        const error = ((((turnQ16Of(y, x) - wanted + 98_304) % 65_536) + 65_536) % 65_536) - 32_768;
        assert.ok(Math.abs(error) <= 1, `(${x}, ${y}): ${error}`);
      }
  });
});

describe("exponential and logarithm", () => {
  it("decay is within 5 of 32768, and 0 from 8 on", () => {
    for (let xQ20 = 0; xQ20 < 9 * 2 ** 20; xQ20 += 977) {
      const wanted = xQ20 < 8 * 2 ** 20 ? 32_768 * Math.exp(-xQ20 / 2 ** 20) : 0;
      assert.ok(Math.abs(decayQ15(xQ20) - wanted) <= 5, `exp(-${xQ20 / 2 ** 20})`);
    }
  });

  it("logarithm is within 1 of 1024 up to 2^22", () => {
    assert.equal(naturalLogQ10(1), 0);
    for (let x = 1; x < 2 ** 22; x += 1 + (x >> 9))
      assert.ok(Math.abs(naturalLogQ10(x) - 1024 * Math.log(x)) <= 1, `ln ${x} = ${naturalLogQ10(x) / 1024}`);
  });
});

describe("units", () => {
  it("turns 1024 ticks into 1000 ms and back, rounding as it says", () => {
    assert.equal(msFromTicksFloor(1024), 1000);
    assert.equal(ticksFromMsFloor(1000), 1024);
    assert.equal(ticksFromMsFloor(999), 1022); // 1022.976
    assert.equal(msFromTicksFloor(51), 49); // 49.8
    assert.equal(msFromTicksNearest(51), 50);
    assert.equal(msFromTicksNearest(-51), -50);
    assert.equal(ticksFromMsFloor(2 ** 24 - 1), Math.floor(((2 ** 24 - 1) * 128) / 125));
  });
});
