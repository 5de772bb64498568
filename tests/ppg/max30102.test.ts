import assert from "node:assert/strict";
import type { DigitalOptions, SmbusOptions } from "base/host-parts";
import { Max30102, type Max30102Options, SensorState } from "ppg/max30102";
import { SensorCounters } from "ppg/max30102-counters";
import { SensorMissing, WrongPart } from "ppg/max30102-errors";
import { FakeSensor, FakeTime } from "./fakes.js";

/** By hand from the settings of hardware.md 1.8; every register is read back; pointers after the mode. */
const PROGRAM = [
  ..."w 09 83|r 09|w 08 0f|r 08|w 0a 27|r 0a|w 0c 24|r 0c|w 0d 24|r 0d|w 02 a0|r 02|w 03 00|r 03".split("|"),
  ..."w 04 00|w 05 00|w 06 00|r 00|w 09 03|r 09".split("|"),
];

interface Bench {
  time: FakeTime;
  sensor: FakeSensor;
  batches: { firstIndex: number; count: number; red: number[]; ir: number[]; flags: number[] }[];
  errors: unknown[];
  options: Max30102Options;
}

function bench(extra: Partial<Max30102Options> = {}): Bench {
  const time = new FakeTime();
  const sensor = new FakeSensor(time);
  const batches: Bench["batches"] = [];
  const errors: unknown[] = [];
  const options: Max30102Options = {
    sensor: sensor.bus,
    alert: { io: sensor.alertIo },
    timers: time,
    clock: time,
    onSamples: (b) =>
      batches.push({
        firstIndex: b.firstIndex,
        count: b.count,
        red: [...b.red.slice(0, b.count)],
        ir: [...b.ir.slice(0, b.count)],
        flags: [...b.flags.slice(0, b.count)],
      }),
    onError: (error) => errors.push(error),
    ...extra,
  };
  return { time, sensor, batches, errors, options };
}

describe("Max30102, starting", () => {
  it("identifies, resets, sets everything, empties the FIFO, and clears PWR_RDY", () => {
    const { time, sensor, options } = bench();
    const driver = new Max30102(options);
    assert.deepEqual(sensor.log, ["r ff", "w 09 40"]);
    assert.equal(driver.state, SensorState.Starting);
    time.run(2);
    assert.deepEqual(sensor.log, ["r ff", "w 09 40", "r 09", ...PROGRAM]);
    assert.equal(driver.state, SensorState.Sampling);
    assert.equal(sensor.registers[0x00], 0);
    assert.equal(sensor.alertLevel, 1);
  });

  it("asks every 2 ms for the end of a slow reset", () => {
    const { time, sensor, options } = bench();
    sensor.resetMs = 60;
    const driver = new Max30102(options);
    time.run(59);
    assert.equal(driver.state, SensorState.Starting);
    time.run(3);
    assert.equal(driver.state, SensorState.Sampling);
    assert.equal(sensor.log.filter((entry) => entry === "r 09").length, 30 + 2); // 2 .. 60 ms, and two read-backs
  });

  it("passes the caller's bus options on, and its own first", () => {
    const seen: object[] = [];
    const sensor = {
      io: class {
        constructor(options: object) {
          seen.push(options);
          throw new Error("no such bus");
        }
      } as unknown as SmbusOptions["io"], // never gets as far as being one
      data: 21,
      hz: 100_000,
    };
    assert.throws(() => new Max30102({ ...bench().options, sensor }), /no such bus/);
    assert.deepEqual(seen, [{ hz: 100_000, address: 0x57, timeout: 50, io: sensor.io, data: 21 }]);
  });

  for (const [found, words] of [
    [0x11, /0x11, a MAX30100/],
    [0xff, /0xff, a bus that nobody drives/],
    [0x42, /0x42; a MAX30102 says 0x15/],
  ] as const)
    it(`refuses part 0x${found.toString(16)}, says so, and leaves nothing open`, () => {
      const { time, sensor, options } = bench();
      sensor.registers[0xff] = found;
      assert.throws(
        () => new Max30102(options),
        (error) => error instanceof WrongPart && error.found === found && words.test(error.message),
      );
      assert.deepEqual(sensor.log, ["r ff", "r ff", "r ff"]); // nothing is written to a stranger
      assert.deepEqual([sensor.open, sensor.alertOpen, time.pending], [0, 0, 0]);
    });

  it("says that the sensor is missing, with the bus's own words, and leaves nothing open", () => {
    const { time, sensor, options } = bench();
    sensor.nackNext(1000);
    assert.throws(
      () => new Max30102(options),
      (error) => error instanceof SensorMissing && /write failed/.test(error.message) && error.cause instanceof Error,
    );
    assert.deepEqual([sensor.open, sensor.alertOpen, time.pending], [0, 0, 0]);
  });

  it("takes no single NACK or flipped bit for a missing or a wrong part", () => {
    const { time, sensor, options } = bench();
    sensor.nackNext(1);
    let flips = 1;
    sensor.spoil = (register, bytes) => {
      if (register === 0xff && flips-- > 0) bytes[0] = bytes[0]! ^ 0x04;
    };
    const driver = new Max30102(options);
    assert.deepEqual(sensor.log, ["!r ff", "r ff", "r ff", "w 09 40"]);
    time.run(2);
    assert.equal(driver.state, SensorState.Sampling);
  });

  it("closes the bus when the interrupt pin cannot be opened, and the first cause survives a close that throws", () => {
    const { time, sensor, options } = bench();
    const alert = {
      io: class {
        constructor() {
          throw new Error("pin in use");
        }
      } as unknown as DigitalOptions["io"], // never gets as far as being one
    };
    const { io } = sensor.bus;
    const bus = class extends io {
      override close(): void {
        super.close();
        throw new Error("close failed");
      }
    };
    assert.throws(() => new Max30102({ ...options, alert, sensor: { io: bus } }), /pin in use/);
    assert.deepEqual([sensor.open, time.pending], [0, 0]);
  });

  it("refuses wrong settings before it opens anything", () => {
    const { sensor, options } = bench({ redCode: 300 });
    assert.throws(() => new Max30102(options), RangeError);
    assert.equal(sensor.opened, 0);
  });

  it("works without an interrupt line", () => {
    const { alert: _, ...options } = bench().options;
    const { time, batches } = bench();
    const sensor = new FakeSensor(time);
    new Max30102({
      ...options,
      timers: time,
      clock: time,
      sensor: sensor.bus,
      onSamples: (b) => batches.push({ ...b, red: [], ir: [], flags: [] }),
    });
    time.run(1002);
    assert.ok(batches.length >= 8, `${batches.length} batches`);
    assert.equal(batches[0]!.firstIndex, 0);
    assert.ok(batches.every((b) => b.count <= 15)); // due after 100 ms, looked at every 50 ms
  });
});

describe("Max30102, sampling", () => {
  it("drains 17 samples at the interrupt: status, pointers, data, and nothing else", () => {
    const { time, sensor, batches, options } = bench();
    new Max30102(options);
    time.run(2);
    sensor.log.length = 0;
    time.run(171);
    assert.deepEqual(sensor.log, ["r 00", "b 04 3", "b 07 102"]);
    assert.equal(batches.length, 1);
    const [first] = batches;
    assert.deepEqual(
      first!.red,
      Array.from({ length: 17 }, (_, k) => 100_000 + k),
    );
    assert.deepEqual(
      first!.ir,
      Array.from({ length: 17 }, (_, k) => 150_000 + k),
    );
    assert.equal(first!.firstIndex, 0);
  });

  it("marks the first three samples, whose light has just come on", () => {
    const { time, batches, options } = bench();
    new Max30102(options);
    time.run(400);
    assert.deepEqual(batches[0]!.flags, [1, 1, 1, ...Array(14).fill(0)]);
    assert.deepEqual(batches[1]!.flags, Array(17).fill(0));
  });

  it("keeps every sample of ten minutes, in order, at either end of the oscillator", () => {
    for (const periodUs of [9_700, 10_000, 10_300]) {
      const { time, sensor, batches, options } = bench();
      sensor.periodUs = periodUs;
      const driver = new Max30102(options);
      time.run(600_000);
      let k = 0;
      for (const batch of batches) {
        assert.equal(batch.firstIndex, k);
        for (const red of batch.red) assert.equal(red, 100_000 + k++);
      }
      assert.ok(k > 600_000_000 / periodUs - 20, `${k} samples`);
      assert.deepEqual({ ...driver.counters }, { ...new SensorCounters() }); // nothing went wrong
    }
  });

  it("stamps a batch with the time at which its newest sample was less than a period old", () => {
    const { time, sensor, options } = bench();
    const stamps: [number, number][] = [];
    const driver = new Max30102({
      ...options,
      onSamples: (b) => stamps.push([b.firstIndex + b.count - 1, b.drainedAtMs]),
    });
    time.run(2);
    const startUs = time.nowUs;
    time.run(30_000);
    for (const [newest, stampMs] of stamps) {
      const sampledUs = startUs + (newest + 1) * sensor.periodUs;
      assert.ok(stampMs * 1000 >= sampledUs - 1000 && stampMs * 1000 < sampledUs + 10_000, `sample ${newest}`);
    }
    assert.equal(driver.counters.missedInterrupts, 0);
  });

  it("flags infrared at both ends of the converter's range, a zero only where its light is on, and red at neither", () => {
    const pairs = [
      [0, 5],
      [262_143, 5],
      [5, 0],
      [5, 262_143],
      [262_142, 1],
      [1, 262_142],
    ] as const;
    for (const [irCode, flags] of [
      [36, [0, 0, 2, 2, 0, 0]],
      [0, [0, 0, 0, 2, 0, 0]],
    ] as const) {
      const { time, sensor, batches, options } = bench({ irCode });
      sensor.light = (k) => [...pairs[k % 6]!]; // six pairs
      new Max30102(options);
      time.run(400);
      assert.deepEqual(batches.flatMap((b) => b.flags).slice(6, 12), flags);
    }
  });

  it("marks ambient overflow for a second and keeps its interrupt from storming", () => {
    const { time, sensor, batches, options } = bench();
    new Max30102(options);
    time.run(300);
    sensor.log.length = 0;
    const bright = time.repeat(() => {
      sensor.registers[0x00] = sensor.registers[0x00]! | 0x20;
    }, 10);
    batches.length = 0;
    time.run(700);
    time.clear(bright);
    const over = batches.length;
    assert.ok(batches.slice(0, 4).every((b) => b.flags.every((f) => f === 8)));
    assert.equal(sensor.log.filter((entry) => entry === "w 02 80").length, 1);
    time.run(1400);
    assert.equal(sensor.log.filter((entry) => entry === "w 02 a0").length, 1);
    assert.ok(batches.slice(over, over + 5).every((b) => b.flags.every((f) => f === 8))); // 0.85 s more
    assert.deepEqual(batches.at(-1)!.flags, Array(17).fill(0));
    const drains = sensor.log.filter((entry) => entry === "b 04 3").length;
    assert.ok(drains <= 16, `${drains} drains in 2.1 s`);
  });

  it("gives a batch on request, and none while it starts, sleeps or is closed", () => {
    const { time, batches, options } = bench();
    const driver = new Max30102(options);
    assert.equal(driver.sample(), undefined);
    time.run(57);
    assert.equal(driver.sample()!.count, 5);
    assert.equal(driver.sample()!.count, 0);
    assert.equal(batches.length, 1); // an empty batch is not handed on
    driver.configure({ asleep: true });
    assert.equal(driver.sample(), undefined);
    driver.close();
    assert.equal(driver.sample(), undefined);
  });

  it("puts the channels the other way round on a board with swapped LEDs, and their currents too", () => {
    const { time, sensor, batches, options } = bench({ ledsSwapped: true, redCode: 1, irCode: 2 });
    new Max30102(options);
    time.run(200);
    assert.equal(batches[0]!.red[0], 150_000);
    assert.equal(batches[0]!.ir[0], 100_000);
    assert.deepEqual([sensor.registers[0x0c], sensor.registers[0x0d]], [2, 1]);
  });
});

describe("Max30102, configured on the way", () => {
  it("writes and reads back only the light registers that change", () => {
    const { time, sensor, options } = bench();
    const driver = new Max30102(options);
    time.run(175);
    sensor.log.length = 0;
    driver.configure({ irCode: 0x30 });
    assert.deepEqual(sensor.log, ["w 0d 30", "r 0d", "b 04 3"]);
    sensor.log.length = 0;
    driver.setLight(0x24, 0x30, 2);
    assert.deepEqual(sensor.log, ["w 0a 47", "r 0a", "b 04 3"]);
    sensor.log.length = 0;
    driver.configure({ irCode: 0x30 });
    assert.deepEqual(sensor.log, []);
  });

  it("marks the samples from the first under the new light to the second that saw nothing else", () => {
    const { time, sensor, batches, options } = bench();
    const driver = new Max30102(options);
    time.run(2);
    time.run(45); // samples 0 .. 3 are in the FIFO, 4 is being taken
    driver.sample();
    time.run(30); // 4, 5, 6 are in the FIFO, 7 is being taken
    driver.setLight(0x24, 0x48, 1);
    sensor.light = (k) => [100_000 + k, 250_000 + k];
    time.run(400);
    const flags = batches.flatMap((b) => b.flags);
    assert.deepEqual(flags.slice(0, 12), [1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0]);
    const irs = batches.flatMap((b) => b.ir);
    assert.deepEqual(
      irs.flatMap((ir, k) => (ir > 200_000 && irs[k - 1]! < 200_000 ? [k] : [])),
      [7], // the step is inside the marks
    );
  });

  it("marks a change of red alone as such, and leaves infrared's samples as comparable as they are", () => {
    for (const ledsSwapped of [false, true]) {
      const { time, batches, options } = bench({ ledsSwapped });
      const driver = new Max30102(options);
      time.run(2);
      time.run(95);
      driver.sample(); // 0 .. 8; 9 is being taken
      driver.setLight(0, 0x24, 1);
      time.run(400);
      assert.deepEqual(batches.flatMap((b) => b.flags).slice(8, 14), [0, 16, 16, 16, 0, 0]);
    }
  });

  it("applies what was asked for while it started or slept", () => {
    const { time, sensor, options } = bench();
    const driver = new Max30102(options);
    driver.configure({ redCode: 5, rangeCode: 0 });
    driver.setLight(6, 7, 0);
    time.run(10);
    assert.deepEqual([sensor.registers[0x0c], sensor.registers[0x0d], sensor.registers[0x0a]], [6, 7, 0x07]);
    driver.configure({ asleep: true });
    driver.configure({ irCode: 9 });
    assert.equal(sensor.registers[0x0d], 7);
    driver.configure({ asleep: false });
    assert.equal(sensor.registers[0x0d], 9);
  });

  it("sleeps with no light and no wake-up, and wakes with a gap of the length that it slept", () => {
    const { time, sensor, batches, options } = bench();
    const driver = new Max30102(options);
    time.run(1002);
    driver.configure({ asleep: true });
    assert.equal(driver.state, SensorState.Asleep);
    assert.equal(sensor.registers[0x09], 0x83);
    const before = batches.length;
    sensor.log.length = 0;
    time.run(5000);
    assert.deepEqual(sensor.log, []);
    driver.configure({ asleep: false });
    time.run(200);
    const last = batches[before - 1]!;
    const gap = batches[before]!.firstIndex - (last.firstIndex + last.count);
    assert.ok(Math.abs(gap - 515) <= 1, `gap of ${gap}`); // 150 ms unread and 5000 ms asleep
    assert.equal(driver.counters.samplesLost, gap);
    assert.equal(driver.counters.reinits, 0);
  });

  it("changes the rate with an empty FIFO", () => {
    const { time, sensor, batches, options } = bench();
    const driver = new Max30102(options);
    time.run(500);
    sensor.log.length = 0;
    sensor.periodUs = 2_500;
    driver.configure({ rateHz: 400 });
    assert.deepEqual(sensor.log.slice(0, 6), ["w 09 83", "r 09", "w 08 0f", "r 08", "w 0a 2f", "r 0a"]);
    const before = batches.length;
    time.run(1000);
    assert.equal(driver.counters.overflows, 0);
    const samples = batches.slice(before).reduce((sum, b) => sum + b.count, 0);
    assert.ok(samples > 380 && samples <= 400, `${samples} samples`);
  });

  it("refuses wrong settings and changes nothing", () => {
    const { time, sensor, options } = bench();
    const driver = new Max30102(options);
    time.run(10);
    sensor.log.length = 0;
    assert.throws(() => driver.configure({ rateHz: 60 }), RangeError);
    assert.deepEqual(sensor.log, []);
  });
});

describe("Max30102, closing", () => {
  it("puts the sensor to sleep and lets go of everything, once", () => {
    const { time, sensor, options } = bench();
    const driver = new Max30102(options);
    time.run(100);
    sensor.log.length = 0;
    driver.close();
    driver.close();
    assert.deepEqual(sensor.log, ["w 09 83"]);
    assert.deepEqual([sensor.open, sensor.alertOpen, time.pending - Number(sensor.isSampling)], [0, 0, 0]);
    assert.equal(driver.state, SensorState.Closed);
  });

  it("closes in every state, within the callbacks too", () => {
    const { time, sensor, options } = bench();
    const early = new Max30102(options);
    early.close();
    const inside: Max30102 = new Max30102({ ...options, onSamples: () => inside.close() });
    time.run(400);
    assert.equal(inside.state, SensorState.Closed);
    assert.deepEqual([sensor.open, sensor.alertOpen, time.pending], [0, 0, 0]);
  });

  it("lets go of the bus though the sensor does not listen any more", () => {
    const { time, sensor, options } = bench();
    const driver = new Max30102(options);
    time.run(100);
    sensor.nackNext(1000);
    driver.close();
    assert.equal(sensor.open, 0);
    assert.equal(driver.counters.nacks, 1);
  });
});
