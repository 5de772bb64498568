import assert from "node:assert/strict";
import { Battery, batteryDefaults } from "../../hosts/sim/board/battery.js";
import { VirtualClock } from "../../hosts/sim/board/clock.js";
import { DUTY_FULL_Q16, decay, Motor, type MotorOptions, motorDefaults } from "../../hosts/sim/board/motor.js";

const MS = 1000;

/** A motor on a stiff supply. */
function makeMotor(supplyMv = 3000, options: Partial<MotorOptions> = {}) {
  const clock = new VirtualClock();
  const load = new Battery(clock).addLoad("motor");
  return { clock, load, motor: new Motor(clock, () => supplyMv, load, { ...motorDefaults, ...options }) };
}

function assertNear(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected} within ${tolerance}`);
}

describe("Motor", () => {
  it("does not start from rest below the start voltage, however long", () => {
    const { clock, motor } = makeMotor();
    motor.setDutyQ16(32767); // 1499.95 mV of 1500
    clock.runUntil(10_000 * MS);
    assert.equal(motor.amplitude, 0);
  });

  it("starts at the start voltage after 10 ms of it", () => {
    const { clock, motor } = makeMotor();
    motor.setDutyQ16(32768);
    clock.runUntil(10 * MS);
    assert.equal(motor.speed, 0);
    clock.runUntil(11 * MS);
    assert.ok(motor.speed > 0);
  });

  it("does not start on pulses shorter than 10 ms", () => {
    const { clock, motor } = makeMotor();
    for (let i = 0; i < 20; i++) {
      motor.setDutyQ16(DUTY_FULL_Q16);
      clock.runUntil(clock.nowUs + 9 * MS);
      motor.setDutyQ16(0);
      clock.runUntil(clock.nowUs + 9 * MS);
    }
    assert.equal(motor.amplitude, 0);
  });

  it("counts the 10 ms across a change of duty that stays above the start voltage", () => {
    const { clock, motor } = makeMotor();
    motor.setDutyQ16(DUTY_FULL_Q16);
    clock.runUntil(6 * MS);
    motor.setDutyQ16(50_000);
    clock.runUntil(10 * MS);
    assert.equal(motor.speed, 0);
    clock.runUntil(11 * MS);
    assert.ok(motor.speed > 0);
  });

  it("rises with 50 ms to the speed of its voltage", () => {
    const { clock, motor } = makeMotor();
    motor.setDutyQ16(DUTY_FULL_Q16);
    clock.runUntil(60 * MS);
    assertNear(motor.speed, 0.632121, 1e-4, "speed one time constant after the start: 1 - 1/e");
    clock.runUntil(1000 * MS);
    assertNear(motor.amplitude, 1, 1e-4, "amplitude at the rated voltage");
  });

  it("turns at a low duty after a kick that starts it", () => {
    const { clock, motor } = makeMotor();
    motor.setDutyQ16(DUTY_FULL_Q16);
    clock.runUntil(40 * MS);
    motor.setDutyQ16(26_214); // 0.4 x 3000 = 1200 mV: above holding, below starting
    clock.runUntil(1000 * MS);
    assertNear(motor.speed, 0.4, 1e-3, "speed at 1200 of 3000 mV");
    motor.setDutyQ16(20_000); // 915 mV: does not hold
    clock.runUntil(2000 * MS);
    assert.equal(motor.speed, 0);
  });

  it("coasts to a tenth of its amplitude in 81 ms", () => {
    const { clock, motor } = makeMotor();
    motor.setDutyQ16(DUTY_FULL_Q16);
    clock.runUntil(1000 * MS);
    motor.setDutyQ16(0);
    clock.runUntil(1080 * MS);
    assert.ok(motor.amplitude > 0.1, `${motor.amplitude} after 80 ms`); // 70 ms x ln(10) / 2 = 80.6 ms
    clock.runUntil(1081 * MS);
    assert.ok(motor.amplitude < 0.1, `${motor.amplitude} after 81 ms`);
    clock.runUntil(1300 * MS);
    assert.equal(motor.amplitude, 0);
  });

  it("is not changed by being looked at", () => {
    const seen = makeMotor();
    const unseen = makeMotor();
    for (const { motor } of [seen, unseen]) motor.setDutyQ16(DUTY_FULL_Q16);
    for (let timeUs = 0; timeUs <= 73 * MS; timeUs += 137) {
      seen.clock.runUntil(timeUs);
      seen.motor.amplitude;
    }
    seen.clock.runUntil(73 * MS);
    unseen.clock.runUntil(73 * MS);
    assert.equal(seen.motor.speed, unseen.motor.speed);
  });

  it("draws 100 mA to start, 70 mA running, half the time at half duty, and nothing coasting", () => {
    const { clock, load, motor } = makeMotor();
    motor.setDutyQ16(DUTY_FULL_Q16);
    assertNear(load.currentMa, 100, 0.01, "3000 mV over 30 ohm");
    clock.runUntil(1000 * MS);
    assertNear(load.currentMa, 70, 1, "(3000 - 900) mV over 30 ohm");
    motor.setDutyQ16(0);
    assert.equal(load.currentMa, 0);
    clock.runUntil(2000 * MS);
    motor.setDutyQ16(32768);
    assertNear(load.currentMa, 50, 0.01, "half of 100 mA");
  });

  it("takes its voltage from the cell and makes it sag", () => {
    const clock = new VirtualClock();
    const battery = new Battery(clock, { ...batteryDefaults, percentAtStart: 50, resistanceOhm: 0.6 });
    const motor = new Motor(clock, () => battery.terminalMv, battery.addLoad("motor"));
    motor.setDutyQ16(DUTY_FULL_Q16);
    clock.runUntil(500 * MS);
    // Running: I = (V - 0.9 V x V/3 V) / 30 ohm = 0.7 x 3.78 V / 30 = 88 mA; 0.6 ohm x 88 mA = 53 mV.
    assertNear(3840 - battery.terminalMv, 53, 2, "sag, mV");
  });

  it("records what it did: intervals, duties, total", () => {
    const { clock, motor } = makeMotor();
    const changes: [number, number][] = [];
    motor.onDuty = (dutyQ16, timeUs) => changes.push([dutyQ16, timeUs]);
    clock.runUntil(5 * MS);
    motor.setDutyQ16(DUTY_FULL_Q16);
    clock.runUntil(45 * MS);
    motor.setDutyQ16(40_000);
    motor.setDutyQ16(40_000);
    clock.runUntil(100 * MS);
    assert.equal(motor.onUs, 95 * MS);
    motor.setDutyQ16(0);
    clock.runUntil(200 * MS);
    assert.deepEqual(motor.history, [
      { fromUs: 5 * MS, toUs: 45 * MS, dutyQ16: 65536 },
      { fromUs: 45 * MS, toUs: 100 * MS, dutyQ16: 40_000 },
    ]);
    assert.equal(motor.onUs, 95 * MS);
    assert.deepEqual(changes, [
      [65536, 5 * MS],
      [40_000, 45 * MS],
      [0, 100 * MS],
    ]);
  });

  it("forgets the oldest intervals beyond its limit, but not their time", () => {
    const { clock, motor } = makeMotor(3000, { historyMax: 2 });
    for (let i = 0; i < 5; i++) {
      motor.setDutyQ16(1000 + i);
      clock.runUntil(clock.nowUs + 10);
    }
    motor.setDutyQ16(0);
    assert.deepEqual(
      motor.history.map(({ dutyQ16 }) => dutyQ16),
      [1003, 1004],
    );
    assert.equal(motor.forgottenCount, 3);
    assert.equal(motor.onUs, 50);
  });

  it("stops when its pin floats, and refuses a duty out of range", () => {
    const { clock, motor } = makeMotor();
    motor.setDutyQ16(DUTY_FULL_Q16);
    clock.runUntil(100 * MS);
    motor.float();
    assert.equal(motor.dutyQ16, 0);
    for (const dutyQ16 of [-1, 65537, 0.5, Number.NaN]) assert.throws(() => motor.setDutyQ16(dutyQ16), RangeError);
  });

  it("leaves the clock alone once the speed has settled", () => {
    const { clock, motor } = makeMotor();
    motor.setDutyQ16(DUTY_FULL_Q16);
    clock.runUntil(1000 * MS);
    assert.equal(clock.pending, 0);
    motor.setDutyQ16(0);
    clock.runUntil(2000 * MS);
    assert.equal(clock.pending, 0);
  });
});

describe("decay", () => {
  it("is e to the minus x", () => {
    // Values of e^-x to six digits from a printed table.
    const table = [
      [0, 1],
      [0.1, 0.904837],
      [0.5, 0.606531],
      [1, 0.367879],
      [2, 0.135335],
      [5, 0.006738],
      [10, 0.000045],
      [30, 0],
    ] as const;
    for (const [x, expected] of table) assertNear(decay(x), expected, 1e-5, `decay(${x})`);
  });
});
