import assert from "node:assert/strict";
import { DayBook } from "band/day-book";
import { DayStore } from "storage/day-store";
import { SessionLog } from "storage/session-log";
import { WallClock } from "storage/wall-clock";
import { FlashPartition } from "../../hosts/sim/board/flash-partition.js";
import { decodeAll, MemoryStore, mount, prepareAll } from "../storage/rig.js";

const DAY_MS = 86_400_000;
const DAY = 20_523;

function boot(store: MemoryStore) {
  const clock = { ticks: 0 };
  const wall = new WallClock();
  const ring = mount(new FlashPartition({ blocks: 4 }));
  prepareAll(ring);
  const book = new DayBook(store, clock, wall, new SessionLog(ring, "1.2.3"));
  const setClock = (day: number): void => {
    assert.equal(wall.set(clock.ticks, { epochMs: day * DAY_MS, uncertaintyMs: 0, zoneMinutes: 0 }), undefined);
  };
  const rest = (ticks: number, lnQ10: number, minutes = 5): void => {
    for (let i = 0; i < minutes; i++) book.restingMinute(ticks, lnQ10);
  };
  return { clock, book, setClock, rest, ring, days: () => new DayStore(store).days };
}
const summary = (
  dayNumber: number,
  lnRmssdQ10: number | undefined,
  restingBpm: number | undefined,
  minutes: number,
) => ({
  dayNumber,
  lnRmssdQ10,
  restingBpm,
  practiceMinutes: minutes,
});

describe("DayBook", () => {
  it("keeps the quietest five minutes in a row, and nothing of fewer", () => {
    const { book, setClock, rest, days } = boot(new MemoryStore());
    setClock(DAY);
    rest(1024, 3000); // 61440 / 1024 = 60 a minute
    rest(1100, 3100, 4);
    book.broken();
    rest(960, 3300); // 64 a minute: not quieter
    book.minute();
    assert.deepEqual(days(), [summary(DAY, 3000, 60, 0)]);
    rest(1138, 3500); // 53.99
    book.minute();
    assert.deepEqual(days(), [summary(DAY, 3500, 54, 0)]);
  });

  it("takes the mean of the five", () => {
    const { book, setClock, days } = boot(new MemoryStore());
    setClock(DAY);
    for (const [ticks, ln] of [
      [1000, 3000],
      [1010, 3010],
      [1024, 3020],
      [1038, 3030],
      [1048, 3040],
    ] as const)
      book.restingMinute(ticks, ln);
    book.minute();
    assert.deepEqual(days(), [summary(DAY, 3020, 60, 0)]); // sum of ticks 5120
  });

  it("adds up practice in whole minutes, over a restart too, and carries what is left of one", () => {
    const store = new MemoryStore();
    const { book, setClock, days } = boot(store);
    setClock(DAY);
    book.practised(330_000); // 5.5 min
    book.minute();
    book.practised(330_000);
    book.minute();
    assert.deepEqual(days(), [summary(DAY, undefined, undefined, 11)]);
    const again = boot(store);
    again.setClock(DAY);
    again.book.practised(120_000);
    again.rest(1024, 3000);
    again.book.minute();
    assert.deepEqual(again.days(), [summary(DAY, 3000, 60, 13)]);
  });

  it("waits for the clock, and then counts what was before it as today's", () => {
    const { book, setClock, rest, days } = boot(new MemoryStore());
    book.practised(300_000);
    rest(1024, 3000);
    book.minute();
    assert.deepEqual(days(), []);
    setClock(DAY);
    book.minute();
    assert.deepEqual(days(), [summary(DAY, 3000, 60, 5)]);
  });

  it("begins anew at midnight, and tells the log of the day that is over", () => {
    const { clock, book, setClock, rest, ring, days } = boot(new MemoryStore());
    setClock(DAY);
    rest(1138, 3500);
    book.practised(600_000);
    book.minute();
    clock.ticks = DAY_MS;
    book.minute();
    rest(1024, 3000);
    book.minute();
    assert.deepEqual(days(), [summary(DAY, 3500, 54, 10), summary(DAY + 1, 3000, 60, 0)]);
    const [record] = decodeAll(ring);
    assert(record?.kind === "day");
    assert.deepEqual(
      [record.dayNumber, record.lnRmssdQ10, record.restingBpm, record.practiceMinutes],
      [DAY, 3500, 54, 10],
    );
  });

  it("tells the log when the summaries were damaged, once, and goes on with today's", () => {
    const store = new MemoryStore();
    const { book, setClock, ring, days } = boot(store);
    setClock(DAY);
    store.values.set("days", new Uint8Array([1, 1, 0, 0]));
    for (let i = 0; i < 2; i++) {
      book.practised(60_000);
      book.minute();
    }
    assert.deepEqual(
      decodeAll(ring).map((record) => record.kind === "event" && record.code),
      [21],
    );
    assert.deepEqual(days(), [summary(DAY, undefined, undefined, 2)]);
  });

  it("tries again when the store would not take it, and counts nothing twice", () => {
    const store = new MemoryStore();
    const { book, setClock, days } = boot(store);
    setClock(DAY);
    book.practised(300_000);
    store.before = () => {
      throw new Error("full");
    };
    book.minute();
    store.before = undefined;
    book.minute();
    book.minute();
    assert.deepEqual(days(), [summary(DAY, undefined, undefined, 5)]);
  });
});
