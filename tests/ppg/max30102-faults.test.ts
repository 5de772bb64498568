import assert from "node:assert/strict";
import { Max30102, type Max30102Options, SensorState } from "ppg/max30102";
import { ResetStuck, SensorMissing, SensorUnsteady, SettingRefused, WrongPart } from "ppg/max30102-errors";
import type { SampleBatch } from "ppg/samples";
import { FakeSensor, FakeTime, randomFrom } from "./fakes.js";

interface Bench {
  time: FakeTime;
  sensor: FakeSensor;
  driver: Max30102;
  errors: unknown[];
  batches: number;
  /** Samples handed on, and the gaps between them; every sample must come out whole and in its place. */
  samples: number;
  lost: number;
  /** Running numbers of samples marked LightStep, but for the first three. */
  marked: number[];
}

/**
 * A driver with a sensor that has run for a second. Sample k of the fake is red 100000 + k, so that what is handed on
 * can be held against its running number: the two differ by `shift`, which may only change across a gap.
 */
function bench(extra: Partial<Max30102Options> = {}, resetMs = 1): Bench {
  const time = new FakeTime();
  const sensor = new FakeSensor(time);
  sensor.resetMs = resetMs;
  let nextIndex = 0;
  let shift = 0;
  const onSamples = (batch: SampleBatch): void => {
    b.batches++;
    assert.equal(batch.firstIndex, nextIndex + batch.lostBefore, "the time line has no seam");
    assert.ok(batch.lostBefore >= 0);
    if (batch.lostBefore > 0) shift = batch.red[0]! - 100_000 - batch.firstIndex;
    for (let i = 0; i < batch.count; i++) {
      const k = (batch.firstIndex + i + shift) & 0xffff;
      if ((batch.flags[i]! & 1) !== 0 && batch.firstIndex + i > 2) b.marked.push(batch.firstIndex + i);
      assert.deepEqual([batch.red[i], batch.ir[i]], [100_000 + k, 150_000 + k], `sample ${batch.firstIndex + i}`);
    }
    nextIndex = batch.firstIndex + batch.count;
    b.samples += batch.count;
    b.lost += batch.lostBefore;
  };
  const errors: unknown[] = [];
  const driver = new Max30102({
    sensor: sensor.bus,
    alert: { io: sensor.alertIo },
    timers: time,
    clock: time,
    onSamples,
    onError: (error) => errors.push(error),
    ...extra,
  });
  const b: Bench = { time, sensor, driver, errors, batches: 0, samples: 0, lost: 0, marked: [] };
  time.run(1002);
  sensor.log.length = 0;
  return b;
}

describe("Max30102, transfers that fail", () => {
  it("tries a drain again after 5 ms, up to three times, and loses nothing", () => {
    for (const nacks of [1, 2, 3]) {
      const b = bench();
      b.sensor.nackNext(nacks);
      b.time.run(180);
      assert.equal(b.driver.state, SensorState.Sampling);
      const bytes = nacks === 1 ? 102 : 108; // after 10 ms there is one sample more
      assert.deepEqual(b.sensor.log, [...Array(nacks).fill("!r 00"), "r 00", "b 04 3", `b 07 ${bytes}`]);
      assert.deepEqual([b.driver.counters.nacks, b.driver.counters.reinits, b.lost], [nacks, 0, 0]);
    }
  });

  it("opens the bus anew and sets everything again after the fourth", () => {
    const b = bench();
    b.sensor.nackNext(4);
    b.time.run(400);
    assert.deepEqual(b.sensor.log.slice(0, 6), ["!r 00", "!r 00", "!r 00", "!r 00", "r ff", "w 09 40"]);
    assert.equal(b.sensor.opened, 2);
    assert.equal(b.sensor.open, 1);
    assert.equal(b.driver.state, SensorState.Sampling);
    assert.equal(b.driver.counters.reinits, 1);
    assert.ok(b.lost >= 17 && b.lost <= 21, `${b.lost} lost: what was unread, and 15 ms of trying`);
    assert.equal(b.driver.counters.samplesLost, b.lost);
    assert.deepEqual(b.errors, []);
  });

  it("takes a drain up where it broke, transfer by transfer", () => {
    for (const breakAt of ["r 00", "b 04 3", "b 07 102"]) {
      const b = bench();
      let times = 1;
      b.sensor.beforeTransfer = (entry) => {
        if (entry !== breakAt || times-- <= 0) return;
        if (entry.startsWith("b 07")) b.sensor.popBytes(44);
        throw new Error("read failed");
      };
      b.time.run(1000);
      assert.deepEqual([b.driver.counters.nacks, b.lost], [1, 0], breakAt);
      assert.ok(b.samples >= 170);
    }
  });

  it("retries a light that was half set, and until then marks what it may have touched", () => {
    const b = bench();
    let failures = 2;
    b.sensor.beforeTransfer = (entry) => {
      if (entry.startsWith("r 0d") && failures-- > 0) throw new Error("read failed");
    };
    b.driver.setLight(10, 20, 1); // sample 102 is being taken
    assert.equal(b.driver.state, SensorState.Retrying);
    b.time.run(20);
    assert.equal(b.driver.state, SensorState.Sampling);
    b.time.run(300);
    // Read to 84 so far: what came since may have seen it; the last try was at 1012 ms, while 101 was being taken.
    assert.deepEqual(
      b.marked,
      Array.from({ length: 19 }, (_, i) => 85 + i),
    );
    assert.deepEqual([b.sensor.registers[0x0c], b.sensor.registers[0x0d]], [10, 20]);
    // A register of which it is not known what it holds is written again, though the wish went back to the old value.
    failures = 1;
    b.driver.setLight(10, 30, 1);
    b.driver.setLight(10, 20, 1);
    b.time.run(20);
    assert.equal(b.sensor.registers[0x0d], 20);
    assert.equal(b.driver.counters.reinits, 0);
  });

  it("gives a light that cannot be set the same end as every failure: retries, a fresh start, then a report", () => {
    const b = bench();
    b.sensor.beforeTransfer = (entry) => {
      if (entry.startsWith("w 0d")) throw new Error("write failed");
    };
    b.driver.setLight(10, 20, 1);
    b.time.run(500);
    assert.equal(b.driver.state, SensorState.Absent);
    assert.equal(b.errors.length, 1);
    assert.match(String(b.errors[0]), /write failed/);
    assert.equal(b.driver.counters.reinits, 2);
    b.sensor.beforeTransfer = () => {};
    b.time.run(2000);
    assert.equal(b.driver.state, SensorState.Sampling);
    assert.equal(b.sensor.registers[0x0d], 20);
  });

  it("writes a register again that reads back otherwise, and reports one that never holds what was written", () => {
    const b = bench();
    let flips = 1;
    b.sensor.spoil = (register, bytes) => {
      if (register === 0x0d && flips-- > 0) bytes[0] = bytes[0]! ^ 1;
    };
    b.driver.setLight(10, 20, 1);
    assert.equal(b.driver.counters.bitFlips, 1);
    assert.equal(b.driver.state, SensorState.Sampling);
    flips = Number.POSITIVE_INFINITY;
    b.driver.setLight(10, 24, 1);
    b.time.run(1000);
    const [error] = b.errors;
    assert.ok(error instanceof SettingRefused);
    assert.deepEqual([error.register, error.wrote, error.found], [0x0d, 24, 25]);
  });

  it("keeps its place through an hour on a loose wire", () => {
    const random = randomFrom(0x5eed_0011);
    const b = bench();
    b.sensor.beforeTransfer = (entry) => {
      if (random() > 1 / 200) return;
      if (entry.startsWith("b 07")) b.sensor.popBytes(Math.floor(random() * Number(entry.slice(5))));
      throw new Error("nack");
    };
    b.time.run(3_600_000);
    const { counters } = b.driver;
    assert.ok(counters.nacks > 200 && counters.tornReads > 50, `${counters.nacks} nacks, ${counters.tornReads} torn`);
    assert.equal(counters.samplesLost, b.lost);
    assert.ok(Math.abs(b.samples + b.lost - 360_100) < 60, `${b.samples} and ${b.lost} lost`);
    assert.ok(b.lost < 100, `${b.lost} lost`);
  });
});

describe("Max30102, a sensor that goes away", () => {
  it("reports it once, tries after 1, 2, 4, 8, 8 s, and comes back with a gap of the right length", () => {
    const b = bench();
    const before = b.samples;
    b.sensor.nackNext(1_000_000);
    b.time.run(16_500);
    assert.equal(b.driver.state, SensorState.Absent);
    assert.equal(b.errors.length, 1);
    assert.ok(b.errors[0] instanceof SensorMissing);
    const tries = b.sensor.log.filter((entry) => entry === "!r ff").length / 3;
    assert.equal(tries, 5); // at once, and after 1, 3, 7, 15 s
    b.sensor.nackNext(0);
    b.time.run(8000);
    assert.equal(b.driver.state, SensorState.Sampling);
    assert.equal(b.errors.length, 1);
    const expected = (b.time.nowUs - 2_000) / 10_000;
    assert.ok(Math.abs(b.samples + b.lost - expected) <= 18, `${b.samples} + ${b.lost} of ${expected}`);
    assert.ok(b.samples > before);
  });

  it("reports the next outage again", () => {
    const b = bench();
    for (const outages of [1, 2]) {
      b.sensor.nackNext(7); // four of a drain, three of the first attempt to identify it
      b.time.run(2000);
      assert.equal(b.driver.state, SensorState.Sampling);
      assert.equal(b.errors.length, outages);
    }
  });

  it("names another part that answers in its place", () => {
    const b = bench();
    b.sensor.nackNext(4);
    b.sensor.registers[0xff] = 0x11;
    b.time.run(300);
    assert.ok(b.errors[0] instanceof WrongPart);
  });

  it("does not open the bus twice, nor close it twice, when opening fails too", () => {
    const time = new FakeTime();
    const sensor = new FakeSensor(time);
    let refuse = false;
    const { io } = sensor.bus;
    const bus = class extends io {
      constructor(options: { hz: number; address: number }) {
        if (refuse) throw new Error("bus in use");
        super(options);
      }
    };
    const errors: unknown[] = [];
    const driver = new Max30102({
      sensor: { io: bus },
      timers: time,
      clock: time,
      onSamples: () => {},
      onError: (error) => errors.push(error),
    });
    time.run(500);
    refuse = true;
    sensor.nackNext(4);
    time.run(5000);
    assert.match(String(errors[0]), /bus in use/);
    assert.equal(sensor.open, 0);
    refuse = false;
    time.run(5000);
    assert.equal(driver.state, SensorState.Sampling);
    assert.equal(sensor.open, 1);
    driver.close();
    assert.equal(sensor.open, 0);
  });
});

describe("Max30102, reset", () => {
  it("that never ends is limited to three times 100 ms, reported, and tried again later", () => {
    const b = bench({}, Number.POSITIVE_INFINITY);
    assert.equal(b.driver.state, SensorState.Absent);
    assert.equal(b.errors.length, 1);
    assert.ok(b.errors[0] instanceof ResetStuck);
    b.sensor.resetMs = 1;
    b.time.run(2000);
    assert.equal(b.driver.state, SensorState.Sampling);
  });

  it("asks again in between: two more resets, 100 ms apart", () => {
    const time = new FakeTime();
    const sensor = new FakeSensor(time);
    sensor.resetMs = Number.POSITIVE_INFINITY;
    const at: number[] = [];
    sensor.beforeTransfer = (entry) => {
      if (entry === "w 09 40") at.push(time.ticks);
    };
    new Max30102({ sensor: sensor.bus, timers: time, clock: time, onSamples: () => {}, onError: () => {} });
    time.run(900);
    assert.deepEqual(at, [0, 100, 200]);
  });

  it("outlives a sensor that does not listen while it resets", () => {
    const time = new FakeTime();
    const sensor = new FakeSensor(time);
    sensor.resetMs = 30;
    sensor.beforeTransfer = () => {
      if (time.nowUs > 0 && time.ticks < 30) throw new Error("nack");
    };
    const driver = new Max30102({
      sensor: sensor.bus,
      timers: time,
      clock: time,
      onSamples: () => {},
      onError: () => {},
    });
    time.run(40);
    assert.equal(driver.state, SensorState.Sampling);
    assert.equal(driver.counters.nacks, 14); // at 2, 4 .. 28 ms
  });

  it("is repeated when its own write was refused", () => {
    const time = new FakeTime();
    const sensor = new FakeSensor(time);
    let refusals = 2;
    sensor.beforeTransfer = (entry) => {
      if (entry === "w 09 40" && refusals-- > 0) throw new Error("nack");
    };
    const driver = new Max30102({
      sensor: sensor.bus,
      timers: time,
      clock: time,
      onSamples: () => {},
      onError: () => {},
    });
    time.run(10);
    assert.deepEqual(sensor.log.slice(0, 5), ["r ff", "!w 09 40", "!w 09 40", "w 09 40", "r 09"]);
    assert.equal(driver.state, SensorState.Sampling);
  });
});

describe("Max30102, a sensor that lost its supply", () => {
  it("is set up again as soon as PWR_RDY shows, with the light that was wanted", () => {
    const b = bench();
    b.driver.setLight(10, 20, 2);
    b.time.run(300);
    b.sensor.powerUp(); // pulls INT low
    b.time.run(10);
    assert.equal(b.driver.state, SensorState.Sampling);
    assert.deepEqual(
      [0x08, 0x09, 0x0a, 0x0c, 0x0d, 0x02].map((register) => b.sensor.registers[register]),
      [0x0f, 0x03, 0x47, 10, 20, 0xa0],
    );
    assert.deepEqual([b.driver.counters.brownouts, b.driver.counters.reinits], [1, 1]);
    b.time.run(1000);
    assert.ok(b.lost > 0 && b.lost < 20, `${b.lost} lost`);
  });

  it("is found out by the clock when neither PWR_RDY nor an interrupt tells", () => {
    const b = bench();
    b.sensor.powerUp();
    b.sensor.registers[0x00] = 0;
    b.time.run(260);
    assert.equal(b.driver.state, SensorState.Sampling);
    assert.equal(b.driver.counters.reinits, 1);
    assert.equal(b.sensor.registers[0x09], 0x03);
  });

  it("is found out though the status that told was read in a drain that failed", () => {
    const b = bench();
    b.sensor.powerUp();
    let times = 1;
    b.sensor.beforeTransfer = (entry) => {
      if (entry === "r 09" && times-- > 0) throw new Error("nack");
    };
    b.time.run(20);
    assert.equal(b.driver.counters.brownouts, 1);
  });

  it("is not supposed on a flipped status bit alone", () => {
    const b = bench();
    let flips = 1;
    b.sensor.spoil = (register, bytes) => {
      if (register === 0x00 && flips-- > 0) bytes[0] = bytes[0]! | 1;
    };
    b.time.run(500);
    assert.deepEqual([b.driver.counters.brownouts, b.driver.counters.bitFlips, b.lost], [0, 1, 0]);
  });

  it("again and again is reported as unsteady, and left alone for a second", () => {
    const b = bench();
    const sag = b.time.repeat(() => b.sensor.powerUp(), 20);
    b.time.run(500);
    assert.equal(b.driver.state, SensorState.Absent);
    assert.ok(b.errors[0] instanceof SensorUnsteady);
    assert.equal(b.driver.counters.reinits, 2);
    b.time.clear(sag);
    b.time.run(2000);
    assert.equal(b.driver.state, SensorState.Sampling);
  });
});

describe("Max30102, interrupts that fail", () => {
  it("drains by the clock when an edge is missed, before anything is lost, and counts it", () => {
    const b = bench();
    const onAlert = b.sensor.onAlert;
    b.sensor.onAlert = undefined;
    b.time.run(250); // to 1252 ms: the edge of 1022 ms is missed, the next would come 170 ms after a drain
    b.sensor.onAlert = onAlert;
    b.time.run(1000);
    assert.equal(b.lost, 0);
    assert.equal(b.driver.counters.missedInterrupts, 1);
    assert.ok(b.samples > 210);
  });

  it("polls every 100 ms around a line that is cut, loses nothing, and tries it again after a minute", () => {
    const b = bench();
    b.sensor.onAlert = undefined;
    b.sensor.alertForced = 1;
    b.time.run(10_000);
    assert.equal(b.driver.counters.missedInterrupts, 3);
    assert.ok(b.batches > 70, `${b.batches} batches`);
    assert.equal(b.lost, 0);
    b.time.run(80_000);
    assert.equal(b.driver.counters.missedInterrupts, 4);
    assert.equal(b.lost, 0);
  });

  it("polls around a line that is stuck low", () => {
    const b = bench();
    b.sensor.alertForced = 0;
    b.sensor.onAlert = undefined;
    b.sensor.log.length = 0;
    b.time.run(10_000);
    assert.equal(b.lost, 0);
    assert.equal(b.driver.counters.stuckInterrupts, 2); // while the line was still trusted
    const statusReads = b.sensor.log.filter((entry) => entry === "r 00").length;
    assert.ok(statusReads < 110, `${statusReads} status reads`);
  });

  it("goes back to the interrupt when it works again", () => {
    const b = bench();
    const onAlert = b.sensor.onAlert;
    b.sensor.onAlert = undefined;
    b.time.run(70_000);
    b.sensor.onAlert = onAlert;
    b.time.run(60_000); // 600 polls until it is tried again
    b.sensor.log.length = 0;
    b.time.run(10_000);
    assert.equal(b.sensor.log.filter((entry) => entry === "b 04 3").length, Math.round(10_000 / 170));
  });

  it("goes round again while INT stays low after a drain", () => {
    const b = bench();
    let times = 1;
    b.sensor.spoil = (register) => {
      if (register === 0x07 && times-- > 0) b.sensor.registers[0x00] = 0x80; // A_FULL again, as some silicon may do
    };
    b.time.run(170);
    assert.deepEqual(b.sensor.log, ["r 00", "b 04 3", "b 07 102", "r 00", "b 04 3"]);
    assert.equal(b.driver.counters.stuckInterrupts, 0);
  });
});

describe("Max30102, a host that stalls", () => {
  it("loses nothing up to the FIFO's length, then exactly what the counter says, then what the clock says", () => {
    for (const [stallMs, lost] of [
      [315, 0], // 31 in the FIFO
      [325, 0], // 32, and the pointers are equal
      [335, 1],
      [400, 8],
      [625, 30],
      [635, 31],
      [5005, 468],
    ] as const) {
      const b = bench();
      b.time.run(20); // the sixth drain is at 2 + 6 x 170 = 1022 ms
      b.time.stall(stallMs);
      b.time.run(1000);
      assert.equal(b.lost, lost, `stalled for ${stallMs} ms`);
      assert.equal(b.driver.counters.samplesLost, lost);
      assert.equal(b.driver.counters.reinits, 0);
    }
  });
});
