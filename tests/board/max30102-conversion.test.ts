import assert from "node:assert/strict";
import { ChipRig, Lamp, numbered } from "./chip-rig.js";

/** One sample of SpO2 mode at the given SPO2_CONFIG, [red, IR]. */
function measure(lamp: Lamp, spo2Config: number, options: ConstructorParameters<typeof ChipRig>[1] = {}): number[] {
  const rig = new ChipRig(lamp, options);
  rig.write(0x0c, 0x24, 0x24);
  rig.start(0x0f, spo2Config);
  rig.clock.runUntil(20_000); // one period of the slowest rate
  return rig.values(2);
}

describe("MAX30102 conversion", () => {
  it("scales by the ADC range: 7.8125, 15.625, 31.25, 62.5 pA a count", () => {
    // 1000 nA over 2048, 4096, 8192, 16384 nA of 262144 counts
    for (const [range, counts] of [128_000, 64_000, 32_000, 16_000].entries())
      assert.deepEqual(measure(new Lamp(() => 1000), (range << 5) | 0x07), [counts, counts], `range ${range}`);
  });

  it("is left-justified in 18 bits: 3, 2, 1, 0 empty bits for 15, 16, 17, 18", () => {
    // 1000.1 nA at 4096 nA are 64006.4 counts; in steps of 8, 4, 2, 1: nearest
    for (const [pulse, counts] of [64_008, 64_008, 64_006, 64_006].entries())
      assert.deepEqual(measure(new Lamp(() => 1000.1), 0x20 | 0x04 | pulse), [counts, counts], `pulse ${pulse}`);
  });

  it("saturates flat at full scale of its resolution, each channel by itself", () => {
    const lamp = new Lamp(
      () => 4095.999,
      () => 4100,
    );
    assert.deepEqual(measure(lamp, 0x27), [262_143, 262_143]);
    assert.deepEqual(measure(new Lamp(() => 4095.95), 0x27)[0], 262_141); // 50 pA below: 3.2 counts
    assert.deepEqual(measure(lamp, 0x24), [262_136, 262_136]); // 15 bits: 32767 x 8
    assert.deepEqual(measure(new Lamp(() => 1e9), 0x67), [262_143, 262_143]);
    assert.deepEqual(
      measure(
        new Lamp(
          () => 100,
          () => 5000,
        ),
        0x27,
      ),
      [6400, 262_143],
    );
  });

  it("never goes below 0", () => {
    const rig = new ChipRig(new Lamp(() => 0), { noiseCountsRms: 50 });
    rig.start();
    let zeroCount = 0;
    for (let i = 0; i < 200; i++) {
      rig.sample(1);
      for (const value of rig.values(2)) {
        assert.ok(value >= 0 && value < 200, `${value}`);
        if (value === 0) zeroCount++;
      }
    }
    assert.ok(zeroCount > 100, "about half of the noise is below 0");
  });

  it("drives the LEDs by 0.2 mA a step of LED1_PA (red) and LED2_PA (IR)", () => {
    const seenMa: number[] = [];
    const note = (ledMa: number) => {
      seenMa.push(Math.round(ledMa * 10) / 10);
      return 0;
    };
    for (const [red, ir] of [
      [0x00, 0x1f],
      [0x24, 0x3f],
      [0x7f, 0xff],
    ] as const) {
      const rig = new ChipRig(new Lamp(note));
      rig.write(0x0c, red, ir);
      rig.start();
      rig.sample(1);
    }
    assert.deepEqual(seenMa, [0, 6.2, 7.2, 12.6, 25.4, 51]);
  });

  it("has a gain of its own in each LED of each unit", () => {
    const lamp = new Lamp((ledMa) => ledMa * 100);
    // 7.2 mA x 0.7 x 100 = 504 nA, x 1.3 = 936 nA; x 64
    assert.deepEqual(measure(lamp, 0x27, { redGain: 0.7, irGain: 1.3 }), [32_256, 59_904]);
  });

  it("reads a fingertip near 129,000 counts at 7.2 mA, 4096 nA", () => {
    const [, ir] = measure(new Lamp((ledMa) => 280 * ledMa), 0x27);
    assert.equal(ir, 129_024); // 280 x 7.2 x 64
  });

  it("ledsSwapped: LED1 is the infra-red one, so IR comes first", () => {
    const seen: [string, number][] = [];
    const lamp = new Lamp(
      (ledMa) => seen.push(["red", ledMa]) && 1000,
      (ledMa) => seen.push(["ir", ledMa]) && 2000,
    );
    const rig = new ChipRig(lamp, { ledsSwapped: true });
    rig.write(0x0c, 5, 10); // 1 and 2 mA
    rig.start();
    rig.sample(1);
    assert.deepEqual(rig.values(2), [128_000, 64_000]);
    assert.deepEqual(seen, [
      ["ir", 1],
      ["red", 2],
    ]);
  });

  it("adds the ambient leak to both channels", () => {
    const lamp = new Lamp(() => 1000);
    lamp.leakNa = 10;
    assert.deepEqual(measure(lamp, 0x27), [64_640, 64_640]);
  });

  it("reads 30 counts in the dark at 8192 nA, 60 at 4096, 120 at 2048", () => {
    for (const [range, counts] of [
      [2, 30],
      [1, 60],
      [0, 120],
    ] as const)
      assert.deepEqual(measure(new Lamp(), (range << 5) | 0x07, { darkNa: 0.9375 }), [counts, counts]);
  });

  it("measures IR later than red by the spacing of the pulse width", () => {
    for (const [pulse, spacingUs] of [427, 525, 720, 1107].entries()) {
      const timesUs: number[] = [];
      const rig = new ChipRig(new Lamp((_ledMa, timeUs) => timesUs.push(timeUs) && 0));
      rig.start(0x0f, 0x24 | pulse);
      rig.sample(1);
      assert.equal((timesUs[1] ?? 0) - (timesUs[0] ?? 0), spacingUs, `pulse ${pulse}`);
    }
  });

  it("has white noise that doubles per step down in pulse width and halves with 4 averaged", () => {
    const deviation = (fifoConfig: number, spo2Config: number): number => {
      const rig = new ChipRig(new Lamp(() => 1000), { noiseCountsRms: 15 });
      rig.start(fifoConfig, spo2Config);
      let sum = 0;
      let squares = 0;
      const count = 4000;
      for (let i = 0; i < count; i++) {
        rig.sample(1);
        const [red = 0] = rig.values(2);
        sum += red - 64_000;
        squares += (red - 64_000) ** 2;
      }
      return Math.sqrt(squares / count - (sum / count) ** 2);
    };
    const within = (actual: number, expected: number) =>
      assert.ok(Math.abs(actual / expected - 1) < 0.05, `${actual}, expected ${expected}`);
    within(deviation(0x0f, 0x27), 15); // 100 Hz, 18 bits
    within(deviation(0x0f, 0x26), 30);
    within(deviation(0x0f, 0x25), 60);
    within(deviation(0x4f, 0x2f), 7.5); // 400 Hz averaged by 4
  });

  it("has the same noise for the same seed", () => {
    const run = () => {
      const rig = new ChipRig(numbered(), { noiseCountsRms: 15 });
      rig.start();
      rig.sample(32);
      return rig.values(64);
    };
    assert.deepEqual(run(), run());
  });
});

describe("MAX30102 averaging", () => {
  it("averages 1, 2, 4, 8, 16, 32 by its code, and 32 for codes 6 and 7, then gives one sample", () => {
    for (const [code, average] of [1, 2, 4, 8, 16, 32, 32, 32].entries()) {
      const rig = new ChipRig(new Lamp(() => 1000));
      rig.start(code << 5, 0x27);
      rig.sample(average - 1);
      assert.equal(rig.chip.sampleCount, 0, `code ${code}`);
      rig.sample(1);
      assert.equal(rig.chip.sampleCount, 1, `code ${code}`);
      rig.sample(7 * average);
      assert.equal(rig.chip.sampleCount, 8, `code ${code}`);
    }
  });

  it("gives the mean of what it averaged", () => {
    const rig = new ChipRig(numbered());
    rig.start(0x40); // by 4
    rig.sample(8);
    // 1001 .. 1004 have a mean of 1002.5, 1005 .. 1008 of 1006.5; a part of a count is cut off
    assert.deepEqual(rig.values(4), [1002, 2002, 1006, 2006]);
  });

  it("gives 100 samples a second at 400 averaged by 4", () => {
    const rig = new ChipRig();
    rig.start(0x4f, 0x2f);
    rig.clock.runUntil(10_000_000);
    assert.equal(rig.chip.sampleCount + rig.chip.droppedCount, 1000);
    assert.equal(rig.chip.sampler.conversionCount, 4000);
  });

  it("does not mix what was measured before a change of settings into the mean", () => {
    const rig = new ChipRig(new Lamp(() => 1000));
    rig.start(0x40);
    rig.sample(3);
    rig.write(0x0a, 0x47); // 8192 nA: half the counts
    rig.sample(4);
    assert.deepEqual(rig.pointers, [1, 0, 0]);
    assert.deepEqual(rig.values(2), [32_000, 32_000]);
  });
});
