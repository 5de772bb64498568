import assert from "node:assert/strict";
import { SensorClock } from "ppg/sensor-clock";
import { randomFrom } from "./fakes.js";

interface Run {
  rateHz?: number;
  /** How fast the sensor is, of its nominal rate. */
  fast: number;
  seconds: number;
  startMs?: number;
  /** How late each drain is, ms after the interrupt (every 17 samples). */
  lateMs?: () => number;
  clock?: SensorClock;
  /** After each drain: the newest sample, and true seconds since the start. */
  each?(clock: SensorClock, newest: number, seconds: number): void;
}

/** Sample k is taken at (k + 1) true periods; the host reads a clock of whole ms. */
function run({ rateHz = 100, fast, seconds, startMs = 1234, lateMs = () => 0.3, clock, each }: Run): SensorClock {
  const sensorClock = clock ?? new SensorClock(rateHz);
  const periodMs = 1000 / (rateHz * (1 + fast));
  let taken = 0;
  for (let interrupt = 17; interrupt * periodMs < seconds * 1000; interrupt += 17) {
    const nowMs = interrupt * periodMs + lateMs();
    const produced = Math.floor(nowMs / periodMs);
    const count = Math.min(32, produced - taken);
    if (count <= 0) continue;
    sensorClock.observe(taken, count, 0, Math.floor(startMs + nowMs) | 0);
    taken += count;
    each?.(sensorClock, taken - 1, nowMs / 1000);
    if (produced > taken) throw new Error("the test overran its FIFO");
    interrupt = Math.max(interrupt, taken);
  }
  return sensorClock;
}

const FAST = [-0.03, -0.015, 0, 0.0004, 0.015, 0.03];

/** Largest error, in parts of an interval of one true second that ends at the newest sample, from `fromS` on. */
function worstRr(fromS: number, options: Run): number {
  const rateHz = options.rateHz ?? 100;
  const truePerS = rateHz * (1 + options.fast);
  let worst = 0;
  run({
    ...options,
    each: (clock, newest, seconds) => {
      if (seconds < fromS) return;
      // 60 s of samples would be too coarse a look, one RR of 1 s is rounded to 1/1024 s: take 4 s.
      const samples = Math.round(4 * truePerS);
      const ticks = clock.ticksAt(newest, 0) - clock.ticksAt(newest - samples, 0);
      worst = Math.max(worst, Math.abs(ticks / 1024 / (samples / truePerS) - 1));
    },
  });
  return worst;
}
/** Two roundings of half a tick over 4 s. */
const ROUNDING = 1 / 4096;

describe("SensorClock, intervals", () => {
  for (const fast of FAST) {
    it(`are within 0.5 % after 10 s and 0.1 % after 60 s, sensor ${fast * 100} % fast, prompt drains`, () => {
      assert.ok(worstRr(10, { fast, seconds: 200 }) < 0.005 + ROUNDING);
      assert.ok(worstRr(60, { fast, seconds: 200 }) < 0.001);
    });

    it(`are so with drains 0 to 120 ms late, sensor ${fast * 100} % fast`, () => {
      for (let seed = 1; seed <= 20; seed++) {
        const random = randomFrom(0x5eed_0100 + seed);
        const lateMs = (): number => (random() < 0.5 ? random() * 120 : random() * 2);
        const after10 = worstRr(10, { fast, seconds: 120, lateMs });
        assert.ok(after10 < 0.005 + ROUNDING, `seed ${seed}: ${after10} after 10 s`);
        const after60 = worstRr(60, { fast, seconds: 120, lateMs });
        assert.ok(after60 < 0.001, `seed ${seed}: ${after60} after 60 s`);
      }
    });
  }

  it("are so at every rate", () => {
    for (const rateHz of [25, 50, 200, 400])
      for (const fast of [-0.03, 0.03]) {
        const lateMs = (): number => 0.1;
        assert.ok(worstRr(10, { rateHz, fast, seconds: 150, lateMs }) < 0.005 + ROUNDING, `${rateHz} Hz`);
        assert.ok(worstRr(60, { rateHz, fast, seconds: 150, lateMs }) < 0.001, `${rateHz} Hz`);
      }
  });

  it("are right from the first second when the error of this sensor is known from before", () => {
    const clock = new SensorClock(100, 30_000);
    let worst = 0;
    run({
      fast: 0.03,
      seconds: 20,
      clock,
      each: (_, newest) => {
        if (newest < 103) return;
        const ticks = clock.ticksAt(newest, 0) - clock.ticksAt(newest - 103, 0);
        worst = Math.max(worst, Math.abs(ticks - 1024));
      },
    });
    assert.ok(worst <= 2, `${worst} ticks`);
  });

  it("follow an oscillator that warms up by 2000 ppm in five minutes", () => {
    const clock = new SensorClock(100);
    let timeMs = 0;
    let taken = 0;
    let worst = 0;
    const startsMs: number[] = [];
    while (timeMs < 600_000) {
      for (let i = 0; i < 17; i++) {
        startsMs.push(timeMs);
        timeMs += 10 * (1 + 0.002 * Math.min(1, timeMs / 300_000));
      }
      clock.observe(taken, 17, 0, Math.floor(startsMs[taken + 16]! + 1.2));
      taken += 17;
      if (timeMs < 60_000) continue;
      const ticks = clock.ticksAt(taken - 1, 0) - clock.ticksAt(taken - 401, 0);
      const trueMs = startsMs[taken - 1]! - startsMs[taken - 401]!;
      worst = Math.max(worst, Math.abs(ticks / 1.024 / trueMs - 1));
    }
    assert.ok(worst < 0.001, `${worst}`);
  });
});

describe("SensorClock, the map", () => {
  it("gives an index the same time for as long as it is asked about, and never runs back", () => {
    for (const fast of [-0.03, 0.03]) {
      const random = randomFrom(0x5eed_0200);
      const given = new Map<number, number>();
      run({
        fast,
        seconds: 120,
        lateMs: () => random() * 100,
        each: (clock, newest) => {
          let before = Number.NEGATIVE_INFINITY;
          for (let index = Math.max(0, newest - 300); index <= newest; index++)
            for (const fractionQ8 of [0, 128, 255]) {
              const ticks = clock.ticksAt(index, fractionQ8);
              assert.ok(ticks >= before, `index ${index}`);
              before = ticks;
              const key = index * 4 + (fractionQ8 >> 7) + (fractionQ8 & 1);
              // Later than the drain before last an index may lie on a piece that a bend has just ended.
              if (index <= newest - 17) {
                const first = given.get(key);
                if (first === undefined) given.set(key, ticks);
                else assert.equal(ticks, first, `index ${index}`);
              }
            }
        },
      });
    }
  });

  it("has no seam: neighbouring samples are one period apart, to 0.5 % and a rounding", () => {
    run({
      fast: 0.03,
      seconds: 100,
      each: (clock, newest, seconds) => {
        if (seconds < 1) return;
        for (let index = newest - 60; index < newest; index++) {
          const ticks = clock.ticksAt(index + 1, 0) - clock.ticksAt(index, 0);
          assert.ok(ticks >= 9 && ticks <= 11, `${ticks} ticks at ${index}`);
        }
      },
    });
  });

  it("is within 12 ms of the truth after 30 s, and stays so", () => {
    for (const fast of FAST) {
      let worst = 0;
      run({
        fast,
        seconds: 300,
        startMs: 5000,
        each: (clock, newest, seconds) => {
          if (seconds < 30) return;
          const trueMs = 5000 + ((newest + 1) * 10) / (1 + fast);
          worst = Math.max(worst, Math.abs(clock.ticksAt(newest, 0) / 1.024 - trueMs));
        },
      });
      assert.ok(worst < 12, `${worst} ms at ${fast}`);
    }
  });

  it("puts fractions between samples: 128/256 is half a period", () => {
    const clock = run({ fast: 0, seconds: 100 });
    // 10.24 ticks a sample: 100 half samples are 512 ticks.
    let sum = 0;
    for (let i = 0; i < 100; i++) sum += clock.ticksAt(9000 + i, 128) - clock.ticksAt(9000 + i, 0);
    assert.ok(Math.abs(sum - 512) <= 10, `${sum}`);
  });

  it("counts ticks since the host started, nearest", () => {
    const clock = new SensorClock(100);
    clock.observe(0, 1, 0, 1000);
    assert.equal(clock.ticksAt(0, 0), 1024);
    assert.equal(clock.ticksAt(100, 0), 2048);
    assert.equal(clock.ticksAt(1, 0), 1034); // 1034.24
    assert.equal(clock.ticksAt(-100, 0), 0);
    assert.equal(clock.ticksAt(-1, 128), 1019); // 1018.88
  });

  it("goes on where the host's ms wrap after 24.8 days, and where ticks wrap after 24.2", () => {
    for (const startMs of [0x7fff_ffff - 30_000, 2_097_152_000 - 30_000]) {
      let before = 0;
      let largest = 0;
      run({
        fast: 0.01,
        seconds: 60,
        startMs,
        each: (clock, newest, seconds) => {
          const ticks = clock.ticksAt(newest, 0);
          assert.equal(ticks, ticks | 0);
          if (seconds > 1) largest = Math.max(largest, Math.abs(((ticks - before) | 0) - 172.3));
          before = ticks;
        },
      });
      assert.ok(largest < 4, `${largest}`); // 17 samples at 1 % fast are 172.4 ticks
    }
  });

  it("gives times an hour back and ahead without leaving int32", () => {
    const clock = run({ fast: 0, seconds: 70 });
    const now = clock.ticksAt(7000, 0);
    assert.ok(Math.abs(clock.ticksAt(7000 - 360_000, 0) - (now - 3600 * 1024)) < 3600 * 1024 * 0.005);
    assert.ok(Math.abs(clock.ticksAt(7000 + 360_000, 0) - (now + 3600 * 1024)) < 3600 * 1024 * 0.001);
  });
});

describe("SensorClock, gaps", () => {
  it("steps over lost samples whose number does not fit the time, forward only, and keeps its period", () => {
    for (const [lost, gapMs] of [
      [500, 5400],
      [500, 4600],
      [30_000, 330_000],
      [100, 10_000_000],
      [1000, 20],
    ] as const) {
      const clock = run({ fast: 0.03, seconds: 70 });
      const ppm = clock.errorPpm;
      const last = 7205;
      const startMs = 1234 + 70_000;
      const before = clock.ticksAt(last, 0);
      const first = last + 1 + lost;
      let nowMs = startMs + gapMs;
      for (let i = 0; i < 20; i++) {
        clock.observe(first + i * 17, 17, i === 0 ? lost : 0, Math.floor(nowMs));
        nowMs += 170 / 1.03;
      }
      assert.equal(clock.ticksAt(last, 0), before);
      let previous = before;
      for (let index = last; index <= first + 300; index += index < first - 20 ? 7 : 1) {
        const ticks = clock.ticksAt(index, 0);
        assert.ok(ticks >= previous, `index ${index} after ${lost} lost`);
        previous = ticks;
      }
      const rr = clock.ticksAt(first + 103 + 103, 0) - clock.ticksAt(first + 103, 0);
      assert.ok(Math.abs(rr - 1024) <= 2, `${rr} ticks for a second after ${lost} lost`);
      assert.equal(clock.errorPpm, ppm);
    }
  });

  it("trusts what it knew of the period more than the first seconds after a step", () => {
    const clock = run({ fast: 0.03, seconds: 70 });
    const first = 20_000;
    for (let i = 0; i < 60; i++) {
      const lateMs = i < 8 ? 0 : 9; // as if the period had changed
      clock.observe(first + i * 17, 17, i === 0 ? 12_000 : 0, Math.floor(400_000 + (i * 170) / 1.03 + lateMs));
      if (i < 20) continue;
      const from = first + i * 17 - 103;
      const ticks = clock.ticksAt(from + 103, 0) - clock.ticksAt(from, 0);
      assert.ok(Math.abs(ticks - 1024) <= 2, `${ticks} after ${i} drains`);
    }
  });

  it("does not step for a gap of known length", () => {
    const clock = run({ fast: 0, seconds: 70 });
    const from = clock.ticksAt(6900, 0);
    // Drains end at sample 6986 (411 x 17); 20 are lost.
    clock.observe(6987 + 20, 17, 20, 1234 + (6987 + 20 + 17) * 10);
    assert.ok(Math.abs(clock.ticksAt(6987 + 36, 0) - from - 123 * 10.24) <= 1);
  });
});

describe("SensorClock, long gaps of known length", () => {
  it("do not overrun the fit: what lies before them is not looked at", () => {
    const clock = new SensorClock(25);
    let index = 0;
    for (const lost of [0, 17_648, 400_000, 0]) {
      index += lost;
      for (let drains = 0; drains < 60; drains++) {
        clock.observe(index, 20, drains === 0 ? lost : 0, 5000 + (index + 20) * 40);
        index += 20;
      }
    }
    assert.ok(Math.abs(clock.errorPpm) <= 5, `${clock.errorPpm}`);
    assert.equal(clock.ticksAt(index - 1, 0) - clock.ticksAt(index - 26, 0), 1024);
  });
});

describe("SensorClock, its own error", () => {
  it("is known after 10 s, in ppm with a bound, and keeps the bound", () => {
    for (const fast of FAST)
      for (const late of [0.3, 9]) {
        const random = randomFrom(0x5eed_0300);
        const knownAt: number[] = [];
        run({
          fast,
          seconds: 150,
          lateMs: () => random() * late,
          each: (clock, _, seconds) => {
            if (!clock.isKnown) return;
            knownAt.push(seconds);
            const off = Math.abs(clock.errorPpm - fast * 1e6);
            assert.ok(off <= clock.errorPpmBound + 3, `${off} of ${clock.errorPpmBound} ppm at ${seconds} s`);
          },
        });
        assert.ok(knownAt[0]! > 10 && knownAt[0]! < 14, `known at ${knownAt[0]} s`);
      }
  });

  it("is within 30 ppm after a minute of prompt drains", () => {
    for (const fast of FAST) {
      const clock = run({ fast, seconds: 70 });
      assert.ok(Math.abs(clock.errorPpm - fast * 1e6) <= 30, `${clock.errorPpm} at ${fast}`);
      assert.ok(clock.errorPpmBound <= 260, `${clock.errorPpmBound}`);
    }
  });

  it("says nothing before", () => {
    const clock = run({ fast: 0.03, seconds: 9 });
    assert.deepEqual([clock.isKnown, clock.errorPpm, clock.errorPpmBound], [false, 0, 0]);
  });

  it("refuses rates and errors that it was not made for", () => {
    for (const rateHz of [0, 60, 101, Number.NaN]) assert.throws(() => new SensorClock(rateHz), RangeError);
    for (const ppm of [60_000, -60_000, Number.NaN]) assert.throws(() => new SensorClock(100, ppm), RangeError);
  });

  it("calls it a bug of ours when a time is asked for before any drain", () => {
    assert.throws(() => new SensorClock(100).ticksAt(0, 0), /after its drain/);
  });
});
