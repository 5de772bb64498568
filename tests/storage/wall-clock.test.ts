import assert from "node:assert/strict";
import { LogDating, type RecordDate } from "storage/log-dating";
import type { LogRecord } from "storage/log-reader";
import { type ClockRefusal, type ClockSetting, EPOCH_MS_MAX, EPOCH_MS_MIN, WallClock } from "storage/wall-clock";

const NOON = 1_764_000_000_000; // 2025-11-24 16:00:00 UTC
const setting = (change: Partial<ClockSetting> = {}): ClockSetting => ({
  epochMs: NOON,
  uncertaintyMs: 200,
  zoneMinutes: 60,
  ...change,
});

describe("WallClock", () => {
  it("knows no date before it is set", () => {
    const clock = new WallClock();
    assert.deepEqual(clock.at(5000), { ok: false, reason: "neverSet" });
    assert.equal(clock.dayAt(5000), undefined);
  });

  it("dates what came before and after, with an uncertainty that grows by 40 ppm", () => {
    const clock = new WallClock();
    assert.equal(clock.set(1_000_000, setting()), undefined);
    assert.deepEqual(clock.at(1_000_000), { ok: true, epochMs: NOON, uncertaintyMs: 200 });
    // an hour is 3600000 ms; 40 ppm of it are 144 ms
    assert.deepEqual(clock.at(4_600_000), { ok: true, epochMs: NOON + 3_600_000, uncertaintyMs: 344 });
    assert.deepEqual(clock.at(-2_600_000), { ok: true, epochMs: NOON - 3_600_000, uncertaintyMs: 344 });
  });

  it("goes on over the wrap of the host's clock, for months if it is kept", () => {
    const clock = new WallClock();
    let ticks = 2_147_483_647;
    clock.set(ticks, setting());
    assert.deepEqual(clock.at(-2_147_483_648), { ok: true, epochMs: NOON + 1, uncertaintyMs: 201 });
    const WEEK_MS = 604_800_000;
    for (let week = 1; week <= 10; week++) {
      ticks = (ticks + WEEK_MS) | 0;
      clock.keep(ticks);
    }
    // 40 ppm of a week are 24192 ms
    assert.deepEqual(clock.at(ticks), { ok: true, epochMs: NOON + 10 * WEEK_MS, uncertaintyMs: 200 + 241_920 });
  });

  it("begins a day at local midnight", () => {
    const clock = new WallClock();
    clock.set(0, setting({ zoneMinutes: 60 })); // 17:00 local; 1764000000 / 86400 = 20416.67: day 20416
    assert.equal(clock.dayAt(0), 20_416);
    assert.equal(clock.dayAt(7 * 3_600_000 - 1), 20_416);
    assert.equal(clock.dayAt(7 * 3_600_000), 20_417);
    clock.set(0, setting({ zoneMinutes: -840 }));
    assert.equal(clock.dayAt(-2 * 3_600_000 - 1), 20_415);
    assert.equal(clock.dayAt(-2 * 3_600_000), 20_416);
  });

  const edges: [Partial<ClockSetting>, ClockRefusal | undefined][] = [
    [{ epochMs: EPOCH_MS_MIN }, undefined],
    [{ epochMs: EPOCH_MS_MIN - 1 }, "dateOutOfRange"],
    [{ epochMs: EPOCH_MS_MAX - 1 }, undefined],
    [{ epochMs: EPOCH_MS_MAX }, "dateOutOfRange"],
    [{ epochMs: NOON + 0.5 }, "notWhole"],
    [{ epochMs: Number.NaN }, "notWhole"],
    [{ uncertaintyMs: 0 }, undefined],
    [{ uncertaintyMs: -1 }, "uncertaintyOutOfRange"],
    [{ uncertaintyMs: 86_400_000 }, undefined],
    [{ uncertaintyMs: 86_400_001 }, "uncertaintyOutOfRange"],
    [{ zoneMinutes: 840 }, undefined],
    [{ zoneMinutes: 841 }, "zoneOutOfRange"],
    [{ zoneMinutes: -840 }, undefined],
    [{ zoneMinutes: -841 }, "zoneOutOfRange"],
  ];
  for (const [change, refusal] of edges)
    it(`${refusal ?? "takes"}: ${JSON.stringify(change)}`, () => {
      const clock = new WallClock();
      assert.equal(clock.set(0, setting(change)), refusal);
      assert.equal(clock.at(0).ok, refusal === undefined, "what is refused changes nothing");
    });
});

describe("LogDating", () => {
  const boot = (seq: number, bootLowByte: number, at = 0): LogRecord => ({
    kind: "boot",
    seq,
    bootLowByte,
    at,
    bootNumber: bootLowByte,
    firmware: undefined,
    resetReason: 0,
  });
  const event = (seq: number, bootLowByte: number, at: number): LogRecord => ({
    kind: "event",
    seq,
    bootLowByte,
    at,
    code: 4,
    a: 0,
    b: 0,
  });
  const clockSet = (seq: number, bootLowByte: number, at: number, epochMs: number, uncertaintyMs = 100): LogRecord => ({
    kind: "clockSet",
    seq,
    bootLowByte,
    at,
    epochMs,
    uncertaintyMs,
    zoneMinutes: 0,
  });
  const dates = (records: LogRecord[]): (RecordDate | undefined)[] => {
    const dating = new LogDating(records);
    return records.map((record) => dating.dateOf(record.seq));
  };
  const dated = (epochMs: number, uncertaintyMs: number): RecordDate => ({ kind: "dated", epochMs, uncertaintyMs });

  it("dates what was written before the clock was first set, when that comes", () => {
    assert.deepEqual(dates([boot(1, 1), event(2, 1, 1_000_000), clockSet(3, 1, 4_600_000, NOON)]), [
      dated(NOON - 4_600_000, 284), // 40 ppm of 4600 s: 184
      dated(NOON - 3_600_000, 244),
      dated(NOON, 100),
    ]);
  });

  it("takes the nearest of two settings", () => {
    const records = [
      clockSet(1, 1, 0, NOON),
      event(2, 1, 49),
      event(3, 1, 51),
      clockSet(4, 1, 100, NOON + 500, 1), // the phone's clock had been off
    ];
    assert.deepEqual(dates(records).slice(1, 3), [dated(NOON + 49, 101), dated(NOON + 451, 2)]);
  });

  it("gives bounds for a boot in which the clock was never set", () => {
    const records = [
      clockSet(1, 1, 1000, NOON),
      event(2, 1, 6000),
      boot(3, 2),
      event(4, 2, 70_000),
      boot(5, 3, 20),
      clockSet(6, 3, 2020, NOON + 90_000),
    ];
    const between: RecordDate = { kind: "between", afterEpochMs: NOON + 5000, beforeEpochMs: NOON + 88_000 };
    assert.deepEqual(dates(records).slice(2, 4), [between, between]);
    assert.deepEqual(dates([boot(1, 1), event(2, 1, 5)]), [
      { kind: "between", afterEpochMs: undefined, beforeEpochMs: undefined },
      { kind: "between", afterEpochMs: undefined, beforeEpochMs: undefined },
    ]);
  });

  it("sees a boot whose own record is lost by the low byte of its number", () => {
    const records = [clockSet(1, 1, 1000, NOON), event(2, 2, 5000)];
    assert.deepEqual(dates(records)[1], { kind: "between", afterEpochMs: NOON, beforeEpochMs: undefined });
  });

  it("reads beats in 1/1024 s, and goes on over both wraps", () => {
    const beats = (seq: number, at: number): LogRecord => ({ kind: "beats", seq, bootLowByte: 1, at, beats: [] });
    const DAY = 86_400_000;
    // After 49 days: ms start again after 4294967296, ticks after 4294967296 / 1.024 ms = 4194304000 ms.
    const records = [
      clockSet(1, 1, 0, NOON),
      event(2, 1, 30 * DAY),
      event(3, 1, 48 * DAY),
      beats(4, 48.75 * 86_400 * 1024 - 4_294_967_296),
      event(5, 1, 50 * DAY - 4_294_967_296),
    ];
    assert.deepEqual(
      dates(records).map((date) => date?.kind === "dated" && (date.epochMs - NOON) / DAY),
      [0, 30, 48, 48.75, 50],
    );
  });

  it("has no date for an acknowledgement or a number it was not given", () => {
    const dating = new LogDating([
      clockSet(1, 1, 0, NOON),
      { kind: "acknowledged", seq: 2, bootLowByte: 1, at: 0, through: 1 },
    ]);
    assert.equal(dating.dateOf(2), undefined);
    assert.equal(dating.dateOf(3), undefined);
  });
});
