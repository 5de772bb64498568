import assert from "node:assert/strict";
import { SensorCounters } from "ppg/max30102-counters";
import { type FifoBatch, FifoOutcome, Max30102Fifo } from "ppg/max30102-fifo";
import { FakeSensor, FakeTime } from "./fakes.js";

interface Bench {
  time: FakeTime;
  sensor: FakeSensor;
  counters: SensorCounters;
  fifo: Max30102Fifo;
  batch: FifoBatch;
  /** Takes, and returns the numbers of the samples; each must come out whole. */
  take(almostFull?: boolean): number[];
  outcome(): FifoOutcome;
}

/** A FIFO that has just been emptied; samples are pushed by hand, `ms` passes by hand. */
function bench(lost = 0): Bench {
  const time = new FakeTime(0x7fff_fff0 - 100_000); // the clock wraps in some of these tests
  const sensor = new FakeSensor(time);
  sensor.registers[0x08] = 0x0f;
  sensor.registers[0x09] = 0x03;
  sensor.registers[0x00] = 0;
  const counters = new SensorCounters();
  const io = new sensor.bus.io({ hz: 400_000, address: 0x57 });
  const fifo = new Max30102Fifo(io, time, counters, 0x03, 40, lost);
  const batch: FifoBatch = {
    count: 0,
    red: new Int32Array(32),
    ir: new Int32Array(32),
    flags: new Uint8Array(32),
    firstIndex: 0,
    lostBefore: 0,
    drainedAtMs: 0,
  };
  const outcome = (): FifoOutcome => fifo.take(batch, false, 0, 1, false);
  const take = (almostFull = false): number[] => {
    assert.equal(fifo.take(batch, almostFull, 0, 1, false), FifoOutcome.Taken);
    const numbers = [...batch.red.slice(0, batch.count)].map((red) => red - 100_000);
    assert.deepEqual(
      [...batch.ir.slice(0, batch.count)].map((ir) => ir - 150_000),
      numbers,
    );
    return numbers;
  };
  return { time, sensor, counters, fifo, batch, take, outcome };
}

/** `count` samples, 10 ms apart. */
function sample({ time, sensor }: Bench, count: number): void {
  for (let i = 0; i < count; i++) {
    time.run(10);
    sensor.push();
  }
}
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("Max30102Fifo, counting", () => {
  for (const count of [1, 2, 16, 17, 18, 30, 31])
    it(`takes ${count} unread, from any slot`, () => {
      for (let before = 0; before < 32; before++) {
        const b = bench();
        sample(b, before % 16);
        b.take();
        sample(b, before - (before % 16));
        b.take();
        sample(b, count);
        assert.deepEqual(b.take(), numbers(before, before + count - 1));
        assert.deepEqual(b.take(), []);
        assert.equal(b.counters.samplesLost, 0);
      }
    });

  it("reads equal pointers as empty when nothing can have come", () => {
    const b = bench();
    sample(b, 5);
    b.take();
    b.sensor.log.length = 0;
    b.time.run(9);
    assert.deepEqual(b.take(), []);
    assert.deepEqual(b.sensor.log, ["b 04 3"]); // not one byte out of an empty FIFO
  });

  it("reads equal pointers as full after the time of 32 samples, when the mode is still set", () => {
    const b = bench();
    sample(b, 7);
    b.take();
    sample(b, 32);
    b.sensor.log.length = 0;
    assert.deepEqual(b.take(), numbers(7, 38));
    assert.deepEqual(b.sensor.log, ["b 04 3", "r 09", "b 07 192"]);
    assert.equal(b.fifo.lostBefore, 0);
    assert.equal(b.counters.samplesLost, 0);
  });

  it("reads equal pointers as full with A_FULL, though the sensor runs fast", () => {
    const b = bench();
    for (let i = 0; i < 32; i++) {
      b.time.run(9); // 32 samples in 288 ms: sooner than the clock alone would believe
      b.sensor.push();
    }
    assert.deepEqual(b.take(true), numbers(0, 31));
  });

  it("is suspicious of equal pointers when the mode is gone, and pops nothing", () => {
    const b = bench();
    sample(b, 32);
    b.sensor.registers[0x09] = 0;
    b.sensor.log.length = 0;
    assert.equal(b.outcome(), FifoOutcome.Suspect);
    assert.ok(b.sensor.log.every((entry) => !entry.startsWith("b 07")));
  });

  it("is suspicious when samples stop coming, and pops nothing", () => {
    for (const ms of [100, 290, 370, 5000]) {
      const b = bench();
      sample(b, 3);
      b.take();
      b.time.run(ms);
      b.sensor.log.length = 0;
      assert.equal(b.outcome(), FifoOutcome.Suspect, `after ${ms} ms`);
      assert.ok(b.sensor.log.every((entry) => !entry.startsWith("b 07")));
    }
  });

  it("is suspicious of more samples than can have come", () => {
    const b = bench();
    b.time.run(20);
    for (let i = 0; i < 25; i++) b.sensor.push();
    assert.equal(b.outcome(), FifoOutcome.Suspect);
  });

  it("allows a clock of 6 per cent to either side, whatever the length", () => {
    for (const periodMs of [9.4, 10.6])
      for (const count of [1, 5, 17, 31]) {
        const b = bench();
        for (let i = 0; i < count; i++) {
          b.time.run(periodMs);
          b.sensor.push();
        }
        assert.deepEqual(b.take(), numbers(0, count - 1), `${count} at ${periodMs} ms`);
      }
  });

  it("reads the pointers again when a bit of them flipped", () => {
    for (const [at, bit] of [
      [0, 0x80],
      [0, 0x10],
      [1, 0x01],
      [2, 0x20],
      [2, 0x01],
    ] as const) {
      const b = bench();
      sample(b, 17);
      let flips = 1;
      b.sensor.spoil = (register, bytes) => {
        if (register === 0x04 && flips-- > 0) bytes[at] = bytes[at]! ^ bit;
      };
      assert.deepEqual(b.take(), numbers(0, 16), `byte ${at} bit ${bit}`);
      assert.equal(b.counters.bitFlips, 1);
    }
  });
});

describe("Max30102Fifo, overrun", () => {
  it("puts a gap of the counted length behind the 32 oldest", () => {
    for (const over of [1, 2, 30]) {
      const b = bench();
      sample(b, 32 + over);
      b.sensor.log.length = 0;
      assert.deepEqual(b.take(), numbers(0, 31));
      assert.deepEqual(b.sensor.log, ["b 04 3", "b 07 192"]); // the counter before the first pop
      assert.equal(b.fifo.lostBefore, 0);
      assert.equal(b.fifo.lostNext, over);
      sample(b, 4);
      assert.deepEqual(b.take(), numbers(32 + over, 35 + over));
      assert.equal(b.fifo.lostBefore, over);
      sample(b, 4);
      b.take();
      assert.equal(b.fifo.lostBefore, 0);
      assert.equal(b.counters.samplesLost, over);
      assert.equal(b.counters.overflows, 1);
    }
  });

  it("allows a clock of 9 per cent to either side, up to the longest gap that is counted", () => {
    for (const periodMs of [9.1, 10.9]) {
      const b = bench();
      for (let i = 0; i < 32 + 30; i++) {
        b.time.run(periodMs);
        b.sensor.push();
      }
      assert.deepEqual(b.take(), numbers(0, 31));
      assert.equal(b.fifo.lostNext, 30);
    }
  });

  it("says when the newest of the 32 came, not when they were read", () => {
    const b = bench();
    sample(b, 32 + 20);
    b.time.run(4);
    const nowMs = b.time.ticks;
    b.take();
    assert.equal(b.fifo.newestMs, nowMs - 200);
  });

  it("takes the length from the clock when the counter stopped at 31", () => {
    for (const over of [31, 32, 500, 30_000]) {
      const b = bench();
      sample(b, 32 + over);
      assert.deepEqual(b.take(), numbers(0, 31));
      assert.equal(b.fifo.lostNext, over);
      assert.equal(b.counters.samplesLost, over);
    }
  });

  it("never believes in fewer than 31 lost then, though the sensor is fast", () => {
    const b = bench();
    for (let i = 0; i < 64; i++) {
      b.time.run(9.5);
      b.sensor.push();
    }
    b.take();
    assert.equal(b.fifo.lostNext, 31);
  });

  it("does not believe a counter that is not at its place: not full, or too early", () => {
    const b = bench();
    sample(b, 17);
    b.sensor.registers[0x05] = 3;
    assert.equal(b.outcome(), FifoOutcome.Suspect);
    const early = bench();
    early.time.run(50);
    early.sensor.registers[0x05] = 3;
    assert.equal(early.outcome(), FifoOutcome.Suspect);
  });

  it("does not believe a counter beside pointers that say less than full", () => {
    const b = bench();
    sample(b, 28);
    b.sensor.registers[0x05] = 3;
    assert.equal(b.outcome(), FifoOutcome.Suspect);
  });

  it("counts what is missing when it is given up", () => {
    const b = bench(12);
    assert.equal(b.fifo.lostIfGivenUp, 12);
    sample(b, 17);
    assert.equal(b.fifo.lostIfGivenUp, 29);
    b.take();
    assert.equal(b.fifo.lostBefore, 12);
    b.time.run(995);
    assert.equal(b.fifo.lostIfGivenUp, 100);
  });
});

describe("Max30102Fifo, torn reads", () => {
  /** The burst throws after the sensor has given `bytes` of it; `after` happens before the next try. */
  function tear(b: Bench, bytes: number, after: () => void = () => {}): void {
    b.sensor.beforeTransfer = (entry) => {
      if (!entry.startsWith("b 07")) return;
      b.sensor.popBytes(bytes);
      b.sensor.beforeTransfer = () => {};
      throw new Error("read failed");
    };
    assert.throws(() => b.outcome(), /read failed/);
    after();
  }

  it("goes back to the start and reads again, wherever it broke", () => {
    for (const bytes of [1, 3, 5, 6, 7, 50, 101, 102]) {
      const b = bench();
      sample(b, 9);
      b.take();
      sample(b, 17);
      tear(b, bytes, () => b.time.run(5));
      b.sensor.log.length = 0;
      assert.deepEqual(b.take(), numbers(9, 25), `broke at byte ${bytes}`);
      assert.deepEqual(b.sensor.log, ["b 04 3", "w 06 09", "b 07 102"]);
      assert.equal(b.counters.samplesLost, 0);
      assert.equal(b.counters.tornReads, 1);
    }
  });

  it("goes back with 29, 30 or 31 unread and what comes in meanwhile, and gives up no more than it must", () => {
    for (const [count, meanwhile, gone] of [
      [29, 0, 0],
      [29, 1, 0],
      [30, 0, 0],
      [30, 1, 0],
      [31, 0, 0],
      [31, 1, 1],
      [31, 2, 2],
    ] as const) {
      const b = bench();
      sample(b, count);
      tear(b, 50, () => sample(b, meanwhile));
      assert.deepEqual(b.take(), numbers(gone, count - 1), `${count} and ${meanwhile}`);
      assert.equal(b.fifo.lostBefore, gone);
      assert.deepEqual(b.take(), numbers(count, count + meanwhile - 1));
    }
  });

  it("just reads on when the sensor has given nothing", () => {
    const b = bench();
    sample(b, 17);
    tear(b, 0, () => b.time.run(5));
    b.sensor.log.length = 0;
    assert.deepEqual(b.take(), numbers(0, 16));
    assert.deepEqual(b.sensor.log, ["b 04 3", "b 07 102"]);
    assert.equal(b.counters.tornReads, 0);
  });

  it("leaves what came in meanwhile for the next take", () => {
    const b = bench();
    sample(b, 17);
    tear(b, 40, () => sample(b, 2));
    assert.deepEqual(b.take(), numbers(0, 16));
    assert.deepEqual(b.take(), numbers(17, 18));
    assert.equal(b.counters.samplesLost, 0);
  });

  it("survives breaking twice", () => {
    const b = bench();
    sample(b, 17);
    tear(b, 40, () => sample(b, 1));
    tear(b, 90, () => sample(b, 1));
    assert.deepEqual(b.take(), numbers(0, 16));
    assert.deepEqual(b.take(), numbers(17, 18));
    assert.equal(b.counters.tornReads, 2);
  });

  it("gives up the oldest of a full FIFO, so that full and empty stay apart, and counts it as lost before", () => {
    for (const bytes of [6, 100, 192]) {
      const b = bench();
      sample(b, 32);
      tear(b, bytes, () => b.time.run(5));
      assert.deepEqual(b.take(), numbers(1, 31), `broke at byte ${bytes}`);
      assert.equal(b.fifo.lostBefore, 1);
      assert.equal(b.counters.samplesLost, 1);
      sample(b, 3);
      assert.deepEqual(b.take(), numbers(32, 34));
      assert.equal(b.fifo.lostBefore, 0);
    }
  });

  it("gives up what was overwritten meanwhile, and keeps the rest in its place", () => {
    const b = bench();
    sample(b, 32);
    tear(b, 100, () => sample(b, 2)); // two come into slots of samples 0 and 1
    assert.deepEqual(b.take(), numbers(3, 31));
    assert.equal(b.fifo.lostBefore, 3);
    assert.deepEqual(b.take(), numbers(32, 33));
    assert.equal(b.fifo.lostBefore, 0);
  });

  it("keeps the overflow that it had read before the burst broke", () => {
    const b = bench();
    sample(b, 32 + 9);
    tear(b, 60, () => b.time.run(5));
    assert.deepEqual(b.take(), numbers(1, 31));
    assert.equal(b.fifo.lostBefore, 1);
    assert.equal(b.fifo.lostNext, 9);
    sample(b, 2);
    assert.deepEqual(b.take(), numbers(41, 42));
    assert.equal(b.fifo.lostBefore, 9);
    assert.equal(b.counters.samplesLost, 10);
  });

  it("counts an overflow once when the sensor refused the whole burst", () => {
    const b = bench();
    sample(b, 32 + 9);
    tear(b, 0, () => sample(b, 1));
    assert.deepEqual(b.take(), numbers(0, 31));
    assert.equal(b.fifo.lostNext, 10);
  });

  it("reads again what has bits where there can be none", () => {
    for (const spoil of [
      (bytes: Uint8Array) => bytes.fill(bytes[30]! | 0x40, 30, 31),
      (bytes: Uint8Array) => bytes.fill(0xff, 50),
    ]) {
      const b = bench();
      sample(b, 17);
      let times = 2;
      b.sensor.spoil = (register, bytes) => {
        if (register === 0x07 && times-- > 0) spoil(bytes);
      };
      assert.equal(b.outcome(), FifoOutcome.Again);
      assert.equal(b.batch.count, 0);
      assert.equal(b.outcome(), FifoOutcome.Again);
      assert.deepEqual(b.take(), numbers(0, 16));
      assert.equal(b.counters.bitFlips, 2);
      assert.equal(b.counters.samplesLost, 0);
    }
  });

  it("reads again what came short, without being told", () => {
    for (const short of [3, 4, 6, 50, 100]) {
      const b = bench();
      for (let round = 0; round < 3; round++) {
        sample(b, 17);
        b.sensor.burstBytesMax = 17 * 6 - short;
        assert.equal(b.outcome(), FifoOutcome.Again, `short by ${short}`);
        b.sensor.burstBytesMax = Number.POSITIVE_INFINITY;
        assert.deepEqual(b.take(), numbers(17 * round, 17 * round + 16));
      }
      assert.equal(b.counters.samplesLost, 0);
    }
  });

  it("hands a value on as not known when it stays damaged", () => {
    const b = bench();
    sample(b, 4);
    b.sensor.spoil = (register, bytes) => {
      if (register === 0x07) bytes[6] = bytes[6]! | 0x80; // red of the second sample
    };
    assert.equal(b.outcome(), FifoOutcome.Again);
    assert.equal(b.outcome(), FifoOutcome.Again);
    assert.equal(b.outcome(), FifoOutcome.Taken);
    assert.equal(b.batch.count, 4);
    assert.deepEqual([...b.batch.flags.slice(0, 4)], [0, 2, 0, 0]);
    assert.ok(b.batch.red.every((red) => red >= 0 && red <= 262_143));
  });
});
