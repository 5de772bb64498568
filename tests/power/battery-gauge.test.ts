import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { BatteryGauge, BatteryState, percentOf } from "power/battery-gauge";

const RESOLUTION = 12;
const FULL_SCALE_MV = 4095; // one count is one millivolt

/** An ADC that reads the listed millivolts in turn, for ever. */
const gaugeReading = (millivolts: number[]): BatteryGauge => {
  let next = 0;
  class ScriptedAnalog {
    readonly resolution = RESOLUTION;
    read(): number {
      return millivolts[next++ % millivolts.length] ?? 0;
    }
    close(): void {}
  }
  return new BatteryGauge({ io: ScriptedAnalog, fullScaleMv: FULL_SCALE_MV });
};

describe("battery gauge", () => {
  it("reads the cell table at its points and half way between", () => {
    // hardware reference 3.1, table A
    assert.equal(percentOf(4200), 100);
    assert.equal(percentOf(3840), 50);
    assert.equal(percentOf(3820), 45); // half way from 3.80 V (40 %) to 3.84 V (50 %)
    assert.equal(percentOf(3730), 20);
    assert.equal(percentOf(3270), 0);
    assert.equal(percentOf(2900), 0);
    assert.equal(percentOf(4300), 100);
  });

  it("ignores a radio spike in a minority of its readings", () => {
    const readings = Array.from({ length: 16 }, (_, i) => (i < 7 ? 3500 : 3840));
    const gauge = gaugeReading(readings);
    gauge.measure();
    assert.equal(gauge.mv, 3840);
    assert.equal(gauge.percent, 50);
  });

  it("only falls while the cell is discharging, and rises on the charger", () => {
    const script: number[] = [];
    for (const mv of [3840, 3890, 4020]) script.push(...new Array<number>(16).fill(mv));
    const gauge = gaugeReading(script);
    gauge.measure();
    assert.equal(gauge.percent, 50);
    gauge.measure(); // 50 mV up: rest after a load
    assert.equal(gauge.percent, 50);
    gauge.measure(); // 130 mV up: the charger
    assert.equal(gauge.percent, 80);
  });

  it("warns, stops and recovers with hysteresis", () => {
    const script: number[] = [];
    const steps: [mv: number, state: BatteryState][] = [
      [3600, BatteryState.Good],
      [3599, BatteryState.Low],
      [3620, BatteryState.Low],
      [3500, BatteryState.Low],
      [3499, BatteryState.Empty],
      [3600, BatteryState.Empty],
      [3649, BatteryState.Empty],
      [3650, BatteryState.Good],
    ];
    for (const [mv] of steps) script.push(...new Array<number>(16).fill(mv));
    const gauge = gaugeReading(script);
    for (const [mv, state] of steps) {
      gauge.measure();
      assert.equal(gauge.state, state, `at ${mv} mV`);
    }
  });
});
