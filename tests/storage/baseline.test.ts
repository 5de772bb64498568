import assert from "node:assert/strict";
import { baselineOf, Usual } from "storage/baseline";
import { DayStore } from "storage/day-store";
import type { DaySummary } from "storage/session-log";
import { hex, MemoryStore } from "./rig.js";

const day = (dayNumber: number, lnRmssdQ10?: number, restingBpm?: number, practiceMinutes = 0): DaySummary => ({
  dayNumber,
  lnRmssdQ10,
  restingBpm,
  practiceMinutes,
});
const TODAY = 20_000;
const days = (values: readonly number[], restingBpm?: number): DaySummary[] =>
  values.map((value, i) => day(TODAY - values.length + 1 + i, value, restingBpm, 20));

describe("baselineOf", () => {
  it("says nothing below five days of data, and how many there are", () => {
    const base = baselineOf(days([3000, 3000, 3000, 3000], 60), TODAY);
    const few = { ok: false, reason: "tooFewDays", days: 4, daysMin: 5 };
    for (const reading of [base.lnRmssd7, base.lnRmssd60, base.usual, base.resting7, base.resting60])
      assert.deepEqual(reading, few);
    assert.equal(base.practiceMinutes7, 80);
  });

  it("gives mean, deviation with n - 1 and half of it on both sides as the band, from five days on", () => {
    // 3000, 3100, 3200, 3300, 3400: mean 3200, sum of squares 100000, over 4 is 25000, root 158.11
    const base = baselineOf(days([3000, 3100, 3200, 3300, 3400], 60), TODAY);
    assert.deepEqual(base.lnRmssd7, { ok: true, days: 5, meanQ10: 3200 });
    assert.deepEqual(base.lnRmssd60, {
      ok: true,
      days: 5,
      meanQ10: 3200,
      sdQ10: 158,
      bandLowQ10: 3121,
      bandHighQ10: 3279,
    });
    assert.deepEqual(base.usual, { ok: true, days: 5, usual: Usual.Within });
    assert.deepEqual(base.resting7, { ok: true, days: 5, deciBpm: 600 });
  });

  it("looks at today and six days before for the week, and fifty-nine for the long one", () => {
    const sixty = days(Array.from({ length: 61 }, (_, i) => (i === 0 ? 6000 : i <= 53 ? 3000 : 3700)));
    const base = baselineOf([...sixty, day(TODAY + 1, 1)], TODAY);
    // the 61st day back, 6000, and tomorrow's are left out: 53 of 3000 and 7 of 3700
    assert.deepEqual(base.lnRmssd7, { ok: true, days: 7, meanQ10: 3700 });
    // mean (53 * 3000 + 7 * 3700) / 60 = 3081.67; variance 700^2 * 53 * 7 / 60 / 59 = 51353, root 226.6
    assert.deepEqual(base.lnRmssd60, {
      ok: true,
      days: 60,
      meanQ10: 3082,
      sdQ10: 227,
      bandLowQ10: 2968,
      bandHighQ10: 3196,
    });
    assert.deepEqual(base.usual, { ok: true, days: 60, usual: Usual.Above });
    assert.equal(base.practiceMinutes7, 140);
    assert.equal(base.practiceMinutes60, 1200);
  });

  it("counts the band's edges as usual, and what is one below not", () => {
    // 5 days in the week at x, 5 before at 3200 and spread: band computed by hand for each
    const before = [3100, 3150, 3200, 3250, 3300].map((value, i) => day(TODAY - 20 + i, value));
    const week = (value: number): DaySummary[] => Array.from({ length: 5 }, (_, i) => day(TODAY - 4 + i, value));
    const usualAt = (value: number): Usual | undefined => {
      const reading = baselineOf([...before, ...week(value)], TODAY).usual;
      return reading.ok ? reading.usual : undefined;
    };
    // week at 3200: mean 3200 exactly, within. At 3100: mean 3150, squares 25000 + 5 * 2500 + 5 * 2500 = 50000 over 9
    // = 5555, root 74.5 → 75, half 38; 3100 - 3150 = -50: below. At 3300 the same above.
    assert.equal(usualAt(3200), Usual.Within);
    assert.equal(usualAt(3100), Usual.Below);
    assert.equal(usualAt(3300), Usual.Above);
    // At 3140: mean 3170; week 5 * 900, before (70, 20, 30, 80, 130)^2 = 4900 + 400 + 900 + 6400 + 16900 = 29500; 34000
    // over 9 = 3777, root 61.5 → 61, half 31; -30 is within. At 3138: mean 3169; 5 * 961 + 69² + 19² + 31² + 81² + 131² =
    // 4805 + 4761 + 361 + 961 + 6561 + 17161 = 34610 over 9 = 3845, root 62.0, half 31; -31 is the edge: within.
    // At 3136: mean 3168; 5 * 1024 + 68² + 18² + 32² + 82² + 132² = 5120 + 4624 + 324 + 1024 + 6724 + 17424 = 35240 over 9
    // = 3915, root 62.6 → 63, half 32; -32 is the edge. At 3134: mean 3167; -33; 5 * 1089 + 4489 + 289 + 1089 + 6889 + 17689
    // = 35890 over 9 = 3987, root 63.1 → 63, half 32: below.
    assert.equal(usualAt(3140), Usual.Within);
    assert.equal(usualAt(3138), Usual.Within);
    assert.equal(usualAt(3136), Usual.Within);
    assert.equal(usualAt(3134), Usual.Below);
  });

  it("is exact with equal days, and at the largest values", () => {
    const same = baselineOf(days(Array.from({ length: 60 }, () => 65_534)), TODAY).lnRmssd60;
    assert.deepEqual(same, { ok: true, days: 60, meanQ10: 65_534, sdQ10: 0, bandLowQ10: 65_534, bandHighQ10: 65_534 });
    // 30 of 0 and 30 of 65534: variance 32767^2 * 60 / 59 = 1091874192.2; 33043^2 = 1091839849 and 33044^2 = 1091905936
    const apart = baselineOf(days(Array.from({ length: 60 }, (_, i) => (i % 2) * 65_534)), TODAY).lnRmssd60;
    assert(apart.ok);
    assert.deepEqual([apart.meanQ10, apart.sdQ10], [32_767, 33_044]);
  });

  it("leaves out days without a measurement, and counts their practice", () => {
    const mixed = [...days([3000, 3000, 3000, 3000, 3000]), day(TODAY - 5, undefined, 66, 30), day(TODAY - 6)];
    const base = baselineOf(mixed, TODAY);
    assert.equal(base.lnRmssd7.days, 5);
    assert.equal(base.practiceMinutes7, 130);
    assert.equal(base.resting7.days, 1);
  });
});

describe("DayStore", () => {
  it("keeps days as docs/data.md says", () => {
    const store = new MemoryStore();
    new DayStore(store).put(day(20_417, 3296, 58, 300));
    // version 1, 1 day: 20417 = 0x4fc1, 3296 = 0x0ce0, 58 = 0x3a, 300 = 0x012c; the sum over the 9 bytes by zlib.crc32
    assert.equal(hex(store.values.get("days") ?? []), "01 01 c1 4f e0 0c 3a 2c 01 ec 6f 74 ac");
  });

  it("has them at the next start, absences as absences", () => {
    const store = new MemoryStore();
    const kept = new DayStore(store);
    assert.equal(kept.put(day(10, undefined, undefined, 5)), true);
    kept.put(day(11, 3000, 60, 0));
    const again = new DayStore(store);
    assert.deepEqual(again.days, [day(10, undefined, undefined, 5), day(11, 3000, 60, 0)]);
    assert.equal(again.wasCorrupt, false);
  });

  it("replaces a day, and lets go of those sixty days older, however many are put", () => {
    const kept = new DayStore(new MemoryStore());
    for (let number = 1; number <= 200; number++) kept.put(day(number, number));
    kept.put(day(200, 7));
    assert.equal(kept.days.length, 60);
    assert.deepEqual(kept.days[0], day(141, 141));
    assert.deepEqual(kept.days[59], day(200, 7));
  });

  it("holds at most 60 days when the clock was set back", () => {
    const store = new MemoryStore();
    const kept = new DayStore(store);
    for (let number = 1000; number < 1060; number++) kept.put(day(number, 1));
    for (let number = 1; number < 60; number++) kept.put(day(number, 2));
    assert.equal(kept.days.length, 60);
    assert.equal((store.values.get("days") ?? []).length, 2 + 60 * 7 + 4);
  });

  it("begins anew when any bit of it turned over, and says so", () => {
    const store = new MemoryStore();
    new DayStore(store).put(day(20_417, 3296, 58, 300));
    const whole = store.values.get("days") ?? new Uint8Array();
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const rotten = whole.slice();
      rotten[bit >> 3]! ^= 1 << (bit & 7);
      store.values.set("days", rotten);
      const again = new DayStore(store);
      assert.equal(again.wasCorrupt, true, `bit ${bit}`);
      assert.deepEqual(again.days, []);
    }
  });

  it("bears a store that fails", () => {
    const store = new MemoryStore();
    store.readFails = true;
    const kept = new DayStore(store);
    assert.equal(kept.wasCorrupt, true);
    store.before = () => {
      throw new Error("full");
    };
    assert.equal(kept.put(day(1, 1)), false);
    assert.equal(kept.reset(), false);
  });
});
