import assert from "node:assert/strict";
import { LimitedMotor, type MotorProfile } from "haptics/motor";
import { FakeDrive } from "./fake-motor.js";
import { FakeTime } from "./fake-time.js";

const profile: MotorProfile = { kickMs: 30, startLevelQ8: 200, sustainLevelQ8: 100 };

function motorAt(startMs: number) {
  const time = new FakeTime(startMs);
  const drive = new FakeDrive(time);
  const shaken: [number, number][] = [];
  const motor = new LimitedMotor(drive, {
    clock: time,
    timers: time,
    profile,
    onShaken: (fromMs, toMs) => shaken.push([fromMs, toMs]),
  });
  return { time, drive, motor, shaken };
}

describe("a limited motor", () => {
  it("stops the hardware before anything else", () => {
    const { drive } = motorAt(7);
    assert.deepEqual(drive.writes, [{ atMs: 7, levelQ8: 0 }]);
  });

  it("kicks at full drive, holds at the strength, and stops by itself", () => {
    const { time, drive, motor } = motorAt(1000);
    assert.equal(motor.pulse(128, 60), true);
    time.advance(200);
    // hold: 100 + (256 - 100) * 128 / 256 = 178
    assert.deepEqual(drive.writes.slice(1), [
      { atMs: 1000, levelQ8: 256 },
      { atMs: 1030, levelQ8: 178 },
      { atMs: 1060, levelQ8: 0 },
    ]);
    assert.equal(motor.running, false);
    assert.equal(time.pendingCount, 0);
  });

  it("is all kick when the pulse is as short as that", () => {
    const { time, drive, motor } = motorAt(0);
    motor.pulse(10, 30);
    time.advance(100);
    assert.deepEqual(drive.writes.slice(1), [
      { atMs: 0, levelQ8: 256 },
      { atMs: 30, levelQ8: 0 },
    ]);
  });

  it("goes from pulse to pulse without a kick while it turns", () => {
    const { time, drive, motor } = motorAt(0);
    motor.pulse(256, 200);
    time.advance(100);
    motor.pulse(0, 200);
    time.advance(300);
    assert.deepEqual(drive.writes.slice(1), [
      { atMs: 0, levelQ8: 256 },
      { atMs: 30, levelQ8: 256 },
      { atMs: 100, levelQ8: 100 },
      { atMs: 300, levelQ8: 0 },
    ]);
  });

  it("cuts a pulse at two seconds", () => {
    const { time, drive, motor } = motorAt(0);
    motor.pulse(256, 1_000_000);
    time.advance(5000);
    assert.deepEqual(drive.writes.at(-1), { atMs: 2000, levelQ8: 0 });
    assert.equal(motor.cutCount, 1);
  });

  it("never vibrates for more than 20 s without a pause of 200 ms", () => {
    const { time, drive, motor } = motorAt(0);
    for (let atMs = 0; atMs < 25_000; atMs += 250) {
      motor.pulse(256, 100); // gaps of 150 ms are not a pause
      time.advance(250);
    }
    const onsMs = drive.writes.filter((each, i) => each.levelQ8 > 0 && drive.writes[i - 1]?.levelQ8 === 0);
    const blocked = onsMs.filter((each) => each.atMs >= 20_000);
    // Pulses at 0, 250 .. 19750 play (80). At 20000 the bound is reached; the last off-edge was at 19850, so 20000 is
    // 150 ms after it and is refused; at 20250 there have been 400 ms of silence.
    assert.equal(onsMs.filter((each) => each.atMs < 20_000).length, 80);
    assert.equal(motor.refusedCount, 1);
    assert.equal(blocked[0]?.atMs, 20_250);
  });

  it("is cut at 20 s when pulses follow each other without a break", () => {
    const { time, drive, motor } = motorAt(0);
    for (let i = 0; i < 15; i++) {
      motor.pulse(256, 2000);
      time.advance(1900);
    }
    const firstOff = drive.writes.slice(1).find((each) => each.levelQ8 === 0);
    assert.equal(firstOff?.atMs, 20_000);
  });

  it("plays nothing while it is not permitted", () => {
    const { time, drive, motor } = motorAt(0);
    motor.pulse(256, 1000);
    time.advance(10);
    motor.permitted = false;
    assert.equal(drive.levelQ8, 0);
    assert.equal(motor.pulse(256, 50), false);
    time.advance(2000);
    assert.equal(drive.levelQ8, 0);
    motor.permitted = true;
    assert.equal(motor.pulse(256, 50), true);
  });

  it("tells the shaken time with its tail at the on-edge", () => {
    const { time, motor, shaken } = motorAt(500);
    motor.pulse(256, 60);
    assert.deepEqual(shaken, [[500, 710]]);
    time.advance(100);
    assert.deepEqual(shaken, [[500, 710]]);
  });

  it("tells it again when the off-edge came late", () => {
    const { time, motor, shaken } = motorAt(0);
    motor.pulse(256, 30);
    time.ticks = 47; // the loop was held up by 17 ms
    time.advance(0);
    assert.deepEqual(shaken, [
      [0, 180],
      [0, 197],
    ]);
  });

  it("tries a refused stop again until the hardware takes it, and plays nothing before", () => {
    const { time, drive, motor } = motorAt(0);
    motor.pulse(256, 50);
    time.advance(40);
    drive.nackCount = 5; // two at 40, two at 50, one at 60
    motor.off();
    assert.equal(motor.pulse(256, 50), false);
    time.advance(19);
    assert.equal(drive.levelQ8 > 0, true);
    time.advance(1);
    assert.deepEqual(drive.writes.at(-1), { atMs: 60, levelQ8: 0 });
    assert.equal(motor.driveErrorCount, 5);
    assert.equal(motor.pulse(256, 50), true);
  });

  it("stops when a start is not taken: it may have been heard", () => {
    const { drive, motor } = motorAt(0);
    drive.nackCount = 1;
    assert.equal(motor.pulse(256, 50), false);
    assert.equal(drive.levelQ8, 0);
    assert.equal(motor.running, false);
  });

  it("takes a drive that throws for one that does not hear, and goes on trying to stop it", () => {
    const { time, drive, motor } = motorAt(0);
    motor.pulse(256, 50);
    drive.throwCount = 3;
    motor.off();
    time.advance(30);
    assert.deepEqual(drive.writes.at(-1), { atMs: 10, levelQ8: 0 });
    assert.equal(motor.driveErrorCount, 3);
    drive.throwCount = 1;
    assert.equal(motor.pulse(256, 50), false);
    assert.equal(drive.levelQ8, 0);
  });

  it("does not run when no timer can be had for its end", () => {
    const { time, drive, motor } = motorAt(0);
    time.set = () => {
      throw new Error("no timer");
    };
    assert.throws(() => motor.pulse(256, 50), /no timer/);
    assert.equal(drive.levelQ8, 0);
  });

  it("stops when a timer cannot be had in the middle of a pulse", () => {
    const { time, drive, motor } = motorAt(0);
    motor.pulse(100, 500);
    time.set = () => {
      throw new Error("no timer");
    };
    assert.throws(() => time.advance(30), /no timer/); // the kick is over
    assert.equal(drive.levelQ8, 0);
  });

  it("keeps its bounds when the clock wraps", () => {
    const { time, drive, motor } = motorAt(0x7fff_ffff - 20);
    motor.pulse(256, 60);
    time.advance(20);
    time.ticks = -0x8000_0000 + 10; // 31 ms after the start
    motor.pulse(0, 60);
    assert.equal(drive.levelQ8, 100);
    assert.equal(motor.running, true);
  });
});
