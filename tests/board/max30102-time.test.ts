import assert from "node:assert/strict";
import { ChipRig, Lamp, numbered } from "./chip-rig.js";

const MINUTE_US = 60_000_000;

describe("MAX30102 oscillator", () => {
  it("gives 6000 samples a minute at 100 Hz, 3 % more or fewer with the oscillator", () => {
    for (const [oscillatorPpm, count] of [
      [0, 6000],
      [15_000, 6090],
      [-15_000, 5910],
      [30_000, 6180],
      [-30_000, 5820],
      [1_000, 6006],
    ] as const) {
      const rig = new ChipRig(new Lamp(), { oscillatorPpm });
      rig.start();
      rig.clock.runUntil(MINUTE_US);
      assert.ok(Math.abs(rig.chip.sampler.conversionCount - count) <= 1, `${oscillatorPpm} ppm`);
    }
  });

  it("does not drift over hours: no rounding adds up", () => {
    const rig = new ChipRig(new Lamp(), { oscillatorPpm: 12_345 });
    rig.start();
    rig.clock.runUntil(120 * MINUTE_US);
    assert.equal(rig.chip.sampler.conversionCount, 728_888); // 720,000 x 1.012345 = 728,888.4
  });

  it("samples at the eight rates", () => {
    for (const [code, rateHz] of [50, 100, 200, 400, 800, 1000, 1600, 3200].entries()) {
      const rig = new ChipRig();
      rig.start(0x0f, 0x20 | (code << 2), 2); // one LED, 69 us: all rates fit
      rig.clock.runUntil(2_000_000);
      assert.equal(rig.chip.sampler.conversionCount, 2 * rateHz);
    }
  });

  it("takes a change of its error while it runs", () => {
    const rig = new ChipRig();
    rig.start();
    rig.clock.runUntil(MINUTE_US);
    rig.chip.sampler.oscillator.errorPpm = 10_000;
    rig.clock.runUntil(2 * MINUTE_US);
    assert.ok(Math.abs(rig.chip.sampler.conversionCount - 12_060) <= 1);
    assert.throws(() => {
      rig.chip.sampler.oscillator.errorPpm = 0.5;
    }, RangeError);
  });

  it("begins a new period when the rate or the mode changes, and not when the same is written again", () => {
    const rig = new ChipRig();
    rig.start();
    rig.clock.runUntil(9_000);
    rig.write(0x0a, 0x27);
    rig.write(0x09, 0x03);
    rig.write(0x0c, 0x30);
    rig.write(0x0a, 0x46); // another range and pulse width, the same rate
    rig.clock.runUntil(10_000);
    assert.equal(rig.chip.sampler.conversionCount, 1);
    rig.clock.runUntil(19_000);
    rig.write(0x0a, 0x23); // 50 Hz
    rig.clock.runUntil(38_999);
    assert.equal(rig.chip.sampler.conversionCount, 1);
    rig.clock.runUntil(39_000);
    assert.equal(rig.chip.sampler.conversionCount, 2);
  });
});

describe("MAX30102 shutdown and reset", () => {
  it("does not sample in shutdown, keeps its registers, and can be written to", () => {
    const rig = new ChipRig();
    rig.start();
    rig.sample(3);
    rig.write(0x09, 0x83);
    rig.sample(100);
    assert.equal(rig.chip.sampler.conversionCount, 3);
    assert.equal(rig.read(0x09), 0x83);
    assert.equal(rig.read(0x0a), 0x27);
    rig.write(0x0c, 0x55);
    assert.equal(rig.read(0x0c), 0x55);
    rig.write(0x09, 0x03);
    rig.sample(2);
    assert.equal(rig.chip.sampler.conversionCount, 5);
  });

  it("samples nothing before a mode is set", () => {
    const rig = new ChipRig();
    rig.write(0x0a, 0x27);
    rig.sample(10);
    assert.equal(rig.chip.sampler.conversionCount, 0);
  });

  it("RESET clears itself after 1 ms, and everything else at once", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.write(0x02, 0x80);
    rig.write(0x0c, 0x24, 0x24);
    rig.write(0x13, 0x00);
    rig.sample(20);
    rig.write(0x09, 0x40);
    assert.equal(rig.alert.level, 1);
    assert.equal(rig.read(0x09), 0x40);
    rig.clock.runUntil(rig.clock.nowUs + 999);
    assert.equal(rig.read(0x09), 0x40);
    rig.clock.runUntil(rig.clock.nowUs + 1);
    assert.equal(rig.read(0x09), 0x00);
    for (const [register, value] of [
      [0x00, 0],
      [0x02, 0],
      [0x04, 0],
      [0x05, 0],
      [0x06, 0],
      [0x08, 0],
      [0x0a, 0],
      [0x0c, 0],
      [0x0d, 0],
      [0x13, 0xff],
    ] as const)
      assert.equal(rig.read(register), value, `register 0x${register.toString(16)}`);
    rig.sample(10);
    assert.equal(rig.chip.unreadCount, 0);
  });

  it("resetMs: RESET may take longer, or never end; writes are lost meanwhile", () => {
    const slow = new ChipRig(new Lamp(), { resetMs: 60 });
    slow.write(0x09, 0x40);
    slow.write(0x0c, 0x24);
    slow.write(0x09, 0x03);
    slow.clock.runUntil(59_999);
    assert.equal(slow.read(0x09), 0x40);
    slow.clock.runUntil(60_000);
    assert.equal(slow.read(0x09), 0x00);
    assert.equal(slow.read(0x0c), 0x00);
    const never = new ChipRig(new Lamp(), { resetMs: Number.POSITIVE_INFINITY });
    never.write(0x09, 0x40);
    never.clock.runUntil(MINUTE_US);
    assert.equal(never.read(0x09), 0x40);
    never.chip.powerUp();
    assert.equal(never.read(0x09), 0x00);
  });

  it("keeps PWR_RDY through a soft reset until it is read", () => {
    const rig = new ChipRig();
    rig.write(0x09, 0x40);
    rig.sample(1);
    assert.equal(rig.alert.level, 0);
    assert.equal(rig.read(0x00), 0x01);
  });
});

describe("MAX30102 thermometer", () => {
  const READY_US = 29_000;

  it("gives whole degrees signed and sixteenths that are always added", () => {
    for (const [celsius, whole, sixteenths] of [
      [31.5, 31, 8],
      [25.0625, 25, 1],
      [0, 0, 0],
      [-0.5, 0xff, 8],
      [-127.5, 0x80, 8],
    ] as const) {
      const rig = new ChipRig(new Lamp(), { dieTemperatureC: celsius });
      rig.write(0x21, 1);
      rig.clock.runUntil(READY_US);
      assert.deepEqual(rig.readMany(0x1f, 2), [whole, sixteenths], `${celsius} C`);
    }
  });

  it("needs 29 ms; before that the old value is there", () => {
    const rig = new ChipRig(new Lamp(), { dieTemperatureC: 30 });
    rig.write(0x21, 1);
    rig.clock.runUntil(READY_US - 1);
    assert.equal(rig.read(0x1f), 0);
    rig.clock.runUntil(READY_US);
    assert.equal(rig.read(0x1f), 30);
  });

  it("tempEnClearsEarly: TEMP_EN reads 0 at once, or only when it is done", () => {
    const early = new ChipRig(new Lamp(), { tempEnClearsEarly: true });
    early.write(0x21, 1);
    assert.equal(early.read(0x21), 0);
    const late = new ChipRig(new Lamp(), { tempEnClearsEarly: false });
    late.write(0x21, 1);
    late.clock.runUntil(READY_US - 1);
    assert.equal(late.read(0x21), 1);
    late.clock.runUntil(READY_US);
    assert.equal(late.read(0x21), 0);
  });

  it("tempFlagNeedsEnable: DIE_TEMP_RDY stays 0 without its enable, or does not", () => {
    const strict = new ChipRig(new Lamp(), { tempFlagNeedsEnable: true });
    strict.write(0x21, 1);
    strict.clock.runUntil(READY_US);
    assert.equal(strict.read(0x01), 0);
    const free = new ChipRig(new Lamp(), { tempFlagNeedsEnable: false });
    free.read(0x00);
    free.write(0x21, 1);
    free.clock.runUntil(READY_US);
    assert.equal(free.alert.level, 1);
    assert.equal(free.read(0x01), 0x02);
  });

  it("pulls INT when enabled; reading the status or the fraction releases it", () => {
    for (const release of [0x01, 0x20]) {
      const rig = new ChipRig();
      rig.read(0x00);
      rig.write(0x03, 0x02);
      rig.write(0x21, 1);
      rig.clock.runUntil(READY_US);
      assert.equal(rig.alert.level, 0);
      rig.read(0x1f);
      assert.equal(rig.alert.level, 0);
      rig.read(release);
      assert.equal(rig.alert.level, 1);
      assert.equal(rig.read(0x01), 0);
    }
  });

  it("does not convert in shutdown", () => {
    const rig = new ChipRig(new Lamp(), { dieTemperatureC: 30, tempFlagNeedsEnable: false });
    rig.write(0x09, 0x83);
    rig.write(0x21, 1);
    rig.clock.runUntil(1_000_000);
    assert.equal(rig.read(0x1f), 0);
    assert.equal(rig.read(0x01), 0);
  });
});

describe("MAX30102 supply current", () => {
  const near = (actual: number, expected: number) =>
    assert.ok(Math.abs(actual - expected) < 0.006, `${actual} mA, expected ${expected}`);

  it("is 0.7 mA and the LEDs' share of time, by the rate before averaging", () => {
    for (const [rateCode, ledMa] of [
      [0, 0.3],
      [1, 0.59],
      [2, 1.18],
      [3, 2.37],
    ] as const) {
      const rig = new ChipRig();
      rig.write(0x0c, 0x24, 0x24);
      rig.start(0x4f, 0x23 | (rateCode << 2));
      near(rig.currentMa, 0.7 + ledMa);
    }
  });

  it("follows LED currents and pulse width as they are written", () => {
    const rig = new ChipRig();
    rig.start();
    near(rig.currentMa, 0.7);
    rig.write(0x0d, 0x24);
    near(rig.currentMa, 0.7 + 0.3); // IR only
    rig.write(0x0c, 0x3f);
    rig.write(0x0d, 0x3f);
    near(rig.currentMa, 0.7 + 1.04);
    rig.write(0x0a, 0x26);
    near(rig.currentMa, 0.7 + 0.543); // 25.2 mA x 215.44 us x 100
  });

  it("is 0.7 uA in shutdown", () => {
    const rig = new ChipRig();
    rig.write(0x0c, 0x24, 0x24);
    rig.start();
    rig.write(0x09, 0x83);
    assert.equal(rig.currentMa, 0.0007);
  });
});
