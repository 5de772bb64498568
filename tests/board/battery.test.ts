import assert from "node:assert/strict";
import { Battery, batteryDefaults } from "../../hosts/sim/board/battery.js";
import { VirtualClock } from "../../hosts/sim/board/clock.js";

const HOUR_US = 3_600_000_000;

function makeBattery(options: Partial<typeof batteryDefaults> = {}) {
  const clock = new VirtualClock();
  return { clock, battery: new Battery(clock, { ...batteryDefaults, ...options }) };
}

describe("Battery", () => {
  it("rests at the voltages of the reference's table A", () => {
    const { battery } = makeBattery();
    const table = [
      [100, 4200],
      [95, 4150],
      [90, 4110],
      [80, 4020],
      [70, 3950],
      [60, 3890],
      [50, 3840],
      [40, 3800],
      [30, 3770],
      [20, 3730],
      [15, 3710],
      [10, 3690],
      [5, 3610],
      [3, 3500],
      [1, 3350],
      [0, 3270],
    ] as const;
    for (const [percent, millivolts] of table) {
      battery.percent = percent;
      assert.ok(Math.abs(battery.restMv - millivolts) < 1e-6, `${percent} %: ${battery.restMv} mV`);
    }
    battery.percent = 75;
    assert.ok(Math.abs(battery.restMv - 3985) < 1e-6, `half way between 70 and 80 %: ${battery.restMv} mV`);
  });

  it("sags by current times resistance and comes back", () => {
    const { battery } = makeBattery({ percentAtStart: 50, resistanceOhm: 0.3 });
    const motor = battery.addLoad("motor");
    const radio = battery.addLoad("radio");
    motor.setMa(80);
    assert.ok(Math.abs(battery.terminalMv - (3840 - 24)) < 1e-6);
    radio.setMa(300);
    assert.ok(Math.abs(battery.terminalMv - (3840 - 114)) < 1e-6);
    motor.setMa(0);
    radio.setMa(0);
    assert.ok(Math.abs(battery.terminalMv - 3840) < 1e-6);
  });

  it("loses the charge that its loads take", () => {
    const { clock, battery } = makeBattery({ percentAtStart: 100, capacityMah: 150 });
    const load = battery.addLoad("base");
    load.setMa(15);
    clock.runUntil(HOUR_US);
    load.setMa(30);
    clock.runUntil(2 * HOUR_US);
    assert.ok(Math.abs(battery.percent - 70) < 1e-9, `45 of 150 mAh gone: ${battery.percent} %`);
  });

  it("stops at empty and at full", () => {
    const { clock, battery } = makeBattery({ percentAtStart: 10, capacityMah: 150 });
    const load = battery.addLoad("base");
    load.setMa(15);
    clock.runUntil(3 * HOUR_US);
    assert.equal(battery.percent, 0);
    load.setMa(0);
    battery.setChargerMa(75);
    assert.equal(battery.isCharging, true);
    clock.runUntil(4 * HOUR_US);
    assert.ok(Math.abs(battery.percent - 50) < 1e-9, `75 of 150 mAh: ${battery.percent} %`);
    assert.ok(Math.abs(battery.terminalMv - (3840 + 22.5)) < 1e-6, `charging lifts it: ${battery.terminalMv} mV`);
    clock.runUntil(6 * HOUR_US);
    assert.equal(battery.percent, 100);
    assert.equal(battery.isCharging, false);
  });

  it("reads as counts of the host's full scale", () => {
    const { battery } = makeBattery({ percentAtStart: 50, adcBits: 12, adcFullScaleMv: 6200 });
    assert.equal(battery.adcCounts, 2536); // 3840 x 4095 / 6200 = 2536.26
    battery.percent = 100;
    assert.equal(battery.adcCounts, 2774); // 4200 x 4095 / 6200 = 2774.03
    const low = makeBattery({ percentAtStart: 100, adcBits: 10, adcFullScaleMv: 4000 });
    assert.equal(low.battery.adcCounts, 1023); // above full scale
  });

  it("refuses currents and states of charge that cannot be", () => {
    const { battery } = makeBattery();
    const load = battery.addLoad("base");
    for (const currentMa of [-1, Number.NaN, 1e6]) assert.throws(() => load.setMa(currentMa), RangeError);
    for (const percent of [-1, 101, Number.NaN])
      assert.throws(() => {
        battery.percent = percent;
      }, RangeError);
    assert.throws(() => battery.setChargerMa(-1), RangeError);
    assert.throws(() => makeBattery({ cell: { percents: [100, 50], millivolts: [4200, 3800] } }), RangeError);
  });
});
