import assert from "node:assert/strict";
import { UseBook } from "band/use-book";
import type { SessionEvent } from "session/session-log";
import { WallClock } from "storage/wall-clock";
import { hex, MemoryStore } from "../storage/rig.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** 2026-03-11 00:00 UTC is day 20523. */
const EPOCH_MS = 20_523 * DAY_MS;
const REST_MS = 30 * 60_000;
const PER_DAY = 4;

const started: SessionEvent = { kind: "started", atMs: 0, program: "breathe", by: "button" };
const ended = (reason: "completed" | "wearer"): SessionEvent => ({
  kind: "ended",
  atMs: 0,
  program: "breathe",
  reason,
  rule: undefined,
  lastedMs: 1,
  scoredMs: 1,
});
const notOk: SessionEvent = { kind: "notOk", atMs: 0 };

/** A start of a band: its own clock begins at 0 and nobody has told the time. */
function boot(store: MemoryStore) {
  const clock = { ticks: 0 };
  const wall = new WallClock();
  const book = new UseBook(store, clock, wall, PER_DAY);
  const setClock = (day: number): void => {
    assert.equal(
      wall.set(clock.ticks, { epochMs: EPOCH_MS + day * DAY_MS, uncertaintyMs: 0, zoneMinutes: 0 }),
      undefined,
    );
  };
  return { clock, book, setClock, tell: (event: SessionEvent) => book.session(event, REST_MS) };
}

describe("UseBook", () => {
  it("counts what begins as today's and what is completed as ever's, across a restart", () => {
    const store = new MemoryStore();
    const { tell } = boot(store);
    for (const event of [started, ended("completed"), started, ended("wearer")]) tell(event);
    const { book } = boot(store);
    assert.equal(book.sessionsToday, 2);
    assert.equal(book.sessionsEver, 1);
  });

  it("keeps them as docs/data.md says", () => {
    const store = new MemoryStore();
    const { tell, setClock } = boot(store);
    setClock(0);
    for (const event of [started, ended("completed"), notOk]) tell(event);
    // 20523 = 0x502b, 30 = 0x1e
    assert.equal(
      hex((store.values.get("use") ?? new Uint8Array()).slice(0, 16)),
      "01 01 00 00 01 00 00 00 2b 50 2b 50 1e 00 00 00",
    );
  });

  it("begins a new day at local midnight, and 24 h on where the day is not known", () => {
    const { clock, tell, book, setClock } = boot(new MemoryStore());
    tell(started);
    clock.ticks = 24 * HOUR_MS - 1;
    assert.equal(book.sessionsToday, 1);
    clock.ticks = 24 * HOUR_MS;
    assert.equal(book.sessionsToday, 0);
    tell(started);
    setClock(0); // sessions before it are taken for today's
    assert.equal(book.sessionsToday, 1);
    clock.ticks += 24 * HOUR_MS - 1;
    assert.equal(book.sessionsToday, 1);
    clock.ticks += 1;
    assert.equal(book.sessionsToday, 0);
  });

  it("knows after a restart whether it is still the day, once the clock is set", () => {
    for (const [day, sessions] of [
      [0, 2],
      [1, 0],
    ] as const) {
      const store = new MemoryStore();
      const before = boot(store);
      before.setClock(0);
      before.tell(started);
      before.tell(started);
      const { book, setClock } = boot(store);
      setClock(day);
      assert.equal(book.sessionsToday, sessions);
    }
  });

  it("leaves one session after a restart without a clock: nobody is locked out for ever", () => {
    const store = new MemoryStore();
    const { tell } = boot(store);
    for (let i = 0; i < PER_DAY; i++) tell(started);
    assert.equal(boot(store).book.sessionsToday, PER_DAY - 1);
  });

  it("ends the first week seven days after the first session, or after fourteen completed ones", () => {
    const store = new MemoryStore();
    const first = boot(store);
    first.setClock(0);
    first.tell(started);
    for (const [day, isWeekOne] of [
      [6, true],
      [7, false],
    ] as const) {
      const { book, setClock } = boot(store);
      setClock(day);
      book.minute();
      assert.equal(book.isWeekOne, isWeekOne, `day ${day}`);
    }
    assert.equal(boot(store).book.isWeekOne, false, "also while the clock is not set");
    const { book, tell } = boot(new MemoryStore());
    for (let i = 0; i < 13; i++) tell(ended("completed"));
    assert.equal(book.isWeekOne, true);
    tell(ended("completed"));
    assert.equal(book.isWeekOne, false);
  });

  it("goes on with a rest where it was, five minutes off at most, and lets it end", () => {
    const store = new MemoryStore();
    const { clock, book, tell } = boot(store);
    tell(notOk);
    assert.equal(boot(store).book.restLeftMs, REST_MS);
    for (let minute = 1; minute <= 12; minute++) {
      clock.ticks = minute * 60_000;
      book.minute();
    }
    assert.equal(boot(store).book.restLeftMs, 20 * 60_000); // 30 - 12 is 18; what was written is that of minute 10
    for (let minute = 13; minute <= 30; minute++) {
      clock.ticks = minute * 60_000;
      book.minute();
    }
    assert.equal(boot(store).book.restLeftMs, 0);
  });

  it("counts as new when any bit of it turned over, and says so", () => {
    const store = new MemoryStore();
    const { tell } = boot(store);
    for (let i = 0; i < 14; i++) tell(ended("completed"));
    const whole = store.values.get("use") ?? new Uint8Array();
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const rotten = whole.slice();
      rotten[bit >> 3]! ^= 1 << (bit & 7);
      store.values.set("use", rotten);
      const { book } = boot(store);
      assert.equal(book.wasCorrupt, true, `bit ${bit}`);
      assert.deepEqual([book.isWeekOne, book.sessionsEver, book.sessionsToday, book.restLeftMs], [true, 0, 0, 0]);
    }
  });

  it("is old or new when the power goes at a write, and bears a store that fails", () => {
    for (const hook of ["before", "after"] as const) {
      const store = new MemoryStore();
      const { tell } = boot(store);
      tell(started);
      store[hook] = () => {
        throw new Error("power");
      };
      tell(started);
      store[hook] = undefined;
      assert.equal(boot(store).book.sessionsToday, hook === "before" ? 1 : 2);
    }
    const dead = new MemoryStore();
    dead.readFails = true;
    assert.equal(boot(dead).book.isWeekOne, true);
  });

  it("is gone after a factory reset", () => {
    const store = new MemoryStore();
    const { book, tell } = boot(store);
    for (const event of [started, ended("completed"), notOk]) tell(event);
    assert.equal(book.reset(), true);
    assert.equal(store.values.size, 0);
    assert.deepEqual([book.sessionsToday, book.sessionsEver, book.restLeftMs], [0, 0, 0]);
  });
});
