import assert from "node:assert/strict";
import { LightChannel } from "../../hosts/sim/person/optical-source.js";
import { RecordedPulse, type Recording } from "../../hosts/sim/person/recording.js";
import { finger, NoContact, wrist } from "../../hosts/sim/person/skin.js";
import { CubicSpline } from "../../hosts/sim/person/spline.js";
import { SteadyPulse } from "../../hosts/sim/person/steady-pulse.js";

const SECOND_US = 1_000_000;

/** A triangle pulse of one second, 0 .. 1, up in 0.2 s and down in 0.8 s. */
const triangle = (timeUs: number): number => {
  const phase = (timeUs / SECOND_US) % 1;
  return phase < 0.2 ? phase / 0.2 : (1 - phase) / 0.8;
};

function record(
  options: Partial<Recording> & { seconds?: number; shape?: (timeUs: number) => number } = {},
): Recording {
  const { seconds = 60, shape = (timeUs) => 500 + 80 * triangle(timeUs), rateHz = 125 } = options;
  const values = Float64Array.from({ length: seconds * rateHz }, (_, i) => shape((i * SECOND_US) / rateHz));
  return { timesUs: undefined, rateHz, values, polarity: "up", ...options };
}

const irNa = (source: RecordedPulse | SteadyPulse | NoContact, timeUs: number): number =>
  source.photocurrentNa(LightChannel.Ir, 1, timeUs);

function irRange(source: RecordedPulse, fromUs: number, toUs: number, channel = LightChannel.Ir) {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (let timeUs = fromUs; timeUs < toUs; timeUs += 1000) {
    const na = source.photocurrentNa(channel, 1, timeUs);
    low = Math.min(low, na);
    high = Math.max(high, na);
  }
  return { low, high, mean: (low + high) / 2, fraction: (high - low) / ((low + high) / 2) };
}

function assertWithin(actual: number, expected: number, share: number, what: string): void {
  assert.ok(
    Math.abs(actual / expected - 1) <= share,
    `${what}: ${actual}, expected ${expected} within ${100 * share} %`,
  );
}

describe("RecordedPulse", () => {
  it("gives a fingertip's level and pulse whatever the recording's unit", () => {
    for (const [offset, height] of [
      [500, 80],
      [0, 1e-3],
      [-1e6, 12_345],
    ] as const) {
      const pulse = new RecordedPulse(record({ shape: (timeUs) => offset + height * triangle(timeUs) }));
      const { mean, fraction } = irRange(pulse, 10 * SECOND_US, 20 * SECOND_US);
      assertWithin(mean, 280, 0.005, "nA per mA");
      // The middle nine tenths of a triangle are 0.9 of its height: its whole height is 0.8 % / 0.9.
      assertWithin(fraction, 0.008 / 0.9, 0.02, "pulse over mean");
    }
  });

  it("gives red a smaller level and half the pulse", () => {
    const pulse = new RecordedPulse(record());
    const red = irRange(pulse, 10 * SECOND_US, 20 * SECOND_US, LightChannel.Red);
    const ir = irRange(pulse, 10 * SECOND_US, 20 * SECOND_US);
    assertWithin(red.mean, 240, 0.005, "nA per mA");
    assertWithin(red.fraction / ir.fraction, 0.5, 0.01, "ratio of red to IR");
  });

  it("is weaker at the wrist", () => {
    const { mean, fraction } = irRange(new RecordedPulse(record(), { site: wrist }), 10 * SECOND_US, 20 * SECOND_US);
    assertWithin(mean, 150, 0.005, "nA per mA");
    assertWithin(fraction, 0.003 / 0.9, 0.02, "pulse over mean");
  });

  it("turns it as the sensor sees it: light falls at systole, for either polarity", () => {
    const up = new RecordedPulse(record());
    const down = new RecordedPulse(record({ polarity: "down", shape: (timeUs) => 500 - 80 * triangle(timeUs) }));
    for (const pulse of [up, down]) {
      assert.ok(irNa(pulse, 10.2 * SECOND_US) < irNa(pulse, 10 * SECOND_US) - 1, "less light at the peak of blood");
      assertWithin(irNa(pulse, 10.2 * SECOND_US), irNa(up, 10.2 * SECOND_US), 1e-9, "the same light");
    }
  });

  it("scales with the LED's current", () => {
    const pulse = new RecordedPulse(record());
    assertWithin(pulse.photocurrentNa(LightChannel.Ir, 7.2, 12_345_678), 7.2 * irNa(pulse, 12_345_678), 1e-12, "light");
  });

  it("is not put off its scale by motion in a fifth of the recording", () => {
    const calm = new RecordedPulse(record());
    const shaken = new RecordedPulse(
      record({
        shape: (timeUs) => {
          const isShaken = timeUs % (20 * SECOND_US) > 16 * SECOND_US;
          return 500 + 80 * triangle(timeUs) + (isShaken ? 3000 * triangle(timeUs * 1.7) : 0);
        },
      }),
    );
    const { fraction } = irRange(shaken, 10 * SECOND_US, 15 * SECOND_US);
    assertWithin(fraction, irRange(calm, 10 * SECOND_US, 15 * SECOND_US).fraction, 0.05, "pulse over mean");
  });

  it("never gives negative light, however wild the recording", () => {
    const pulse = new RecordedPulse(
      record({ shape: (timeUs) => 80 * triangle(timeUs) + (timeUs > 55 * SECOND_US ? 1e6 : 0) }),
    );
    assert.equal(irNa(pulse, 58 * SECOND_US), 0);
  });

  it("keeps slow drift in its proportion to the pulse", () => {
    // A rise of 10 pulse heights over the minute, the other way round in light.
    const pulse = new RecordedPulse(
      record({ shape: (timeUs) => 80 * triangle(timeUs) + (800 * timeUs) / (60 * SECOND_US) }),
    );
    const first = irRange(pulse, 1 * SECOND_US, 3 * SECOND_US).high;
    const last = irRange(pulse, 57 * SECOND_US, 59 * SECOND_US).high;
    assertWithin((first - last) / 280, (0.008 / 0.9) * 10 * (56 / 60), 0.06, "drift over mean");
  });

  it("takes times that are not even", () => {
    const timesUs = Float64Array.from({ length: 1800 }, (_, i) => i * 33_333 + (i % 3) * 5_000);
    const values = timesUs.map((timeUs) => 100 - 5 * triangle(timeUs));
    const uneven = new RecordedPulse({ timesUs, rateHz: 0, values, polarity: "down" });
    const even = new RecordedPulse(record());
    for (let timeUs = 10.3 * SECOND_US; timeUs < 10.9 * SECOND_US; timeUs += 10_000)
      assertWithin(irNa(uneven, timeUs), irNa(even, timeUs), 5e-4, `light at ${timeUs} us`);
  });

  it("starts at its start time, held before it, and loses contact at its end", () => {
    const pulse = new RecordedPulse(record({ seconds: 10 }), { startUs: 2 * SECOND_US });
    assert.equal(pulse.endUs, 2 * SECOND_US + 9.992 * SECOND_US);
    const first = irNa(pulse, 2 * SECOND_US);
    assert.ok(first > 200);
    assert.equal(irNa(pulse, 0), first);
    assertWithin(irNa(pulse, 7 * SECOND_US), first, 0.001, "the foot of a beat, five seconds later");
    assert.ok(irNa(pulse, pulse.endUs) > 200);
    assert.equal(irNa(pulse, pulse.endUs + 1), irNa(new NoContact(), 0));
  });

  it("comes from the air if asked to, in contact from its first sample on", () => {
    const pulse = new RecordedPulse(record({ seconds: 10 }), { startUs: 2 * SECOND_US, before: "air" });
    const held = new RecordedPulse(record({ seconds: 10 }), { startUs: 2 * SECOND_US });
    assert.equal(irNa(pulse, 1 * SECOND_US), irNa(new NoContact(), 0));
    const half = irNa(pulse, 1.6 * SECOND_US);
    assertWithin(half, (20 + irNa(held, 0)) / 2, 1e-9, "half way through the touch");
    assert.equal(irNa(pulse, 2 * SECOND_US), irNa(held, 2 * SECOND_US));
    assert.equal(irNa(pulse, 3.21 * SECOND_US), irNa(held, 3.21 * SECOND_US));
  });

  it("stays flat if the recording is", () => {
    const pulse = new RecordedPulse(record({ shape: () => 7 }));
    for (const timeUs of [0, 1_234_567, 30 * SECOND_US]) assert.equal(irNa(pulse, timeUs), finger.irNaPerMa);
  });

  it("gives the same answer whatever was asked before", () => {
    const pulse = new RecordedPulse(record());
    const first = irNa(pulse, 20_123_456);
    for (const timeUs of [55_000_000, 1_000, 20_100_000, 59_000_000, 20_300_000]) irNa(pulse, timeUs);
    assert.equal(irNa(pulse, 20_123_456), first);
  });

  it("refuses what is no recording", () => {
    const values = Float64Array.of(1, 2, 3);
    const base = { timesUs: undefined, rateHz: 100, values, polarity: "up" } as const;
    const refuse = (recording: Recording, pattern: RegExp) =>
      assert.throws(() => new RecordedPulse(recording), pattern);
    refuse({ ...base, rateHz: 0 }, /0 samples a second/);
    refuse({ ...base, rateHz: Number.NaN }, /samples a second/);
    refuse({ ...base, values: Float64Array.of(1) }, /1 values/);
    refuse({ ...base, values: Float64Array.of(1, Number.NaN, 3) }, /sample 1 /);
    refuse({ ...base, timesUs: Float64Array.of(0, 2, 2) }, /time of sample 2 /);
    refuse({ ...base, timesUs: Float64Array.of(0, 2) }, /3 values and 2 times/);
  });
});

describe("CubicSpline", () => {
  it("goes through its points and is exact for a straight line", () => {
    const spline = new CubicSpline(Float64Array.of(0, 10, 25, 30), Float64Array.of(1, 3, 6, 7));
    for (const [timeUs, value] of [
      [0, 1],
      [10, 3],
      [25, 6],
      [30, 7],
    ] as const)
      assert.ok(Math.abs(spline.at(timeUs) - value) < 1e-12);
    const line = new CubicSpline(Float64Array.of(0, 10, 25, 30), Float64Array.of(0, 20, 50, 60));
    for (const timeUs of [1, 9.5, 17, 29]) assert.ok(Math.abs(line.at(timeUs) - 2 * timeUs) < 1e-12);
  });

  it("is the natural spline of three points", () => {
    // Through (0,0), (1,1), (2,0): bend at 1 is -3, so at 0.5 the value is 0.5 + (0.125 - 0.5) x -3 / 6 = 0.6875.
    const spline = new CubicSpline(Float64Array.of(0, 1, 2), Float64Array.of(0, 1, 0));
    assert.equal(spline.at(0.5), 0.6875);
    assert.equal(spline.at(1.5), 0.6875);
  });

  it("follows a wave to a thousandth at ten points a period", () => {
    const timesUs = Float64Array.from({ length: 101 }, (_, i) => i * 100_000);
    const spline = new CubicSpline(
      timesUs,
      timesUs.map((timeUs) => Math.sin((2 * Math.PI * timeUs) / SECOND_US)),
    );
    for (let timeUs = 2 * SECOND_US; timeUs < 8 * SECOND_US; timeUs += 7_777)
      assert.ok(Math.abs(spline.at(timeUs) - Math.sin((2 * Math.PI * timeUs) / SECOND_US)) < 1e-3);
  });

  it("crosses a gap on a straight line", () => {
    const timesUs = Float64Array.of(0, 30_000, 60_000, 90_000, 2_090_000, 2_120_000, 2_150_000);
    const spline = new CubicSpline(timesUs, Float64Array.of(0, 5, 20, 50, 60, 20, 0));
    for (const [timeUs, value] of [
      [590_000, 52.5],
      [1_090_000, 55],
      [1_590_000, 57.5],
    ] as const)
      assert.ok(Math.abs(spline.at(timeUs) - value) < 1e-9, `${spline.at(timeUs)}`);
  });

  it("stays at its end points beyond them", () => {
    const spline = new CubicSpline(Float64Array.of(10, 20, 30), Float64Array.of(4, 9, 6));
    assert.equal(spline.at(0), 4);
    assert.equal(spline.at(31), 6);
  });
});

describe("SteadyPulse", () => {
  const beatsUs = [1_000_000, 1_900_000, 2_700_000];

  it("is still before its first beat, and dips to its deepest 160 ms after each foot", () => {
    const pulse = new SteadyPulse(beatsUs);
    assert.equal(irNa(pulse, 0), irNa(pulse, 999_999));
    for (const beatUs of beatsUs) {
      let deepestUs = beatUs;
      for (let timeUs = beatUs; timeUs < beatUs + 800_000; timeUs += 1_000)
        if (irNa(pulse, timeUs) < irNa(pulse, deepestUs)) deepestUs = timeUs;
      assert.equal(deepestUs - beatUs, 160_000);
    }
  });

  it("swings by the site's pulse fraction around the site's level", () => {
    const pulse = new SteadyPulse(beatsUs);
    const foot = irNa(pulse, 1_000_000);
    const peak = irNa(pulse, 1_160_000);
    assert.ok(Math.abs(foot - peak - 280 * 0.008) < 1e-9);
    assert.ok(Math.abs((foot + peak) / 2 - 280) < 1e-9);
  });

  it("joins one beat to the next without a step", () => {
    const pulse = new SteadyPulse(beatsUs);
    for (const beatUs of [...beatsUs, 3_500_000])
      assert.ok(Math.abs(irNa(pulse, beatUs - 1) - irNa(pulse, beatUs)) < 1e-3, `at ${beatUs}`);
    assert.equal(irNa(pulse, 10_000_000), irNa(pulse, 0), "at rest after the last one");
  });

  it("refuses beats too close to be a heart's", () => {
    assert.throws(() => new SteadyPulse([0, 249_999]), RangeError);
    assert.throws(() => new SteadyPulse([0, 500_000, 400_000]), RangeError);
  });
});

describe("a recording's end", () => {
  const source = { timesUs: undefined, rateHz: 10, values: Float64Array.of(1, 2, 3, 2, 1), polarity: "up" } as const;
  const lastUs = 400_000; // 5 samples at 10 Hz

  it("loses contact at once, or after the finger has lain still as long as asked", () => {
    const inAir = new NoContact().photocurrentNa(LightChannel.Ir, 1, 0);
    const ends = new RecordedPulse(source);
    assert.notEqual(ends.photocurrentNa(LightChannel.Ir, 1, lastUs), inAir);
    assert.equal(ends.photocurrentNa(LightChannel.Ir, 1, lastUs + 1), inAir);
    const held = new RecordedPulse(source, { heldUs: 1_000_000 });
    const atEnd = held.photocurrentNa(LightChannel.Ir, 1, lastUs);
    assert.equal(held.photocurrentNa(LightChannel.Ir, 1, lastUs + 700_000), atEnd);
    assert.equal(held.endUs, lastUs + 1_000_000);
    assert.equal(held.photocurrentNa(LightChannel.Ir, 1, held.endUs + 1), inAir);
  });
});
