import assert from "node:assert/strict";
import { DayStore } from "storage/day-store";
import { FactoryReset, readLogBase } from "storage/factory-reset";
import { Prepare, type RecordRing } from "storage/record-ring";
import { Settings } from "storage/settings";
import { SETTINGS } from "storage/settings-table";
import { FlashPartition } from "../../hosts/sim/board/flash-partition.js";
import { MemoryStore, mount, prepareAll, readAll, testRecord } from "./rig.js";

/** A band as `main` puts it together at a start. */
function start(
  flash: FlashPartition,
  store: MemoryStore,
): {
  ring: RecordRing;
  reset: FactoryReset;
  isErasing: boolean;
  days: DayStore;
  settings: Settings<keyof typeof SETTINGS.rows>;
} {
  const base = readLogBase(store);
  const ring = mount(flash, 1, base.startSeq);
  const settings = new Settings(store, SETTINGS, { settingsReset: () => {} });
  const days = new DayStore(store);
  return {
    ring,
    settings,
    days,
    reset: new FactoryReset(store, base, ring, [settings, days]),
    isErasing: base.isErasing,
  };
}

function used(): { flash: FlashPartition; store: MemoryStore } {
  const flash = new FlashPartition({ blocks: 4, blockBytes: 288 });
  const store = new MemoryStore();
  const { ring, settings, days } = start(flash, store);
  // The newest are in the first block, which is erased first: their numbers must not go with them.
  for (let mark = 1; mark <= 30; mark++) {
    prepareAll(ring);
    ring.append(testRecord(mark));
  }
  settings.set({ rateCentiPerMin: 500 });
  days.put({ dayNumber: 1, lnRmssdQ10: 3000, restingBpm: 60, practiceMinutes: 5 });
  return { flash, store };
}

describe("FactoryReset", () => {
  it("leaves nothing of the wearer's, and numbers that go on", () => {
    const { flash, store } = used();
    const { reset, days, settings } = start(flash, store);
    assert.equal(reset.begin(), true);
    let steps = 1;
    while (reset.step() === Prepare.More) steps++;
    assert.equal(steps, 5);
    assert.equal(reset.isRunning, false);
    assert(flash.contents.every((byte) => byte === 0xff));
    assert.deepEqual([...store.values.keys()], ["log-base"]);
    assert.equal(settings.get("rateCentiPerMin"), 600);
    assert.deepEqual(days.days, []);
    const { ring, isErasing } = start(flash, store);
    assert.equal(isErasing, false);
    assert.equal(ring.nextSeq, 31);
    prepareAll(ring);
    ring.append(testRecord(31));
    const later = start(flash, store);
    assert.deepEqual([...readAll(later.ring).marks], [[31, 31]]);
    assert.equal(later.ring.nextSeq, 32);
    assert.equal(later.ring.lostCount, 0);
  });

  it("is finished at the next start when the power goes at any step, without using a number twice", () => {
    for (let stepsBefore = 0; stepsBefore <= 4; stepsBefore++)
      for (let seed = 0; seed < 10; seed++) {
        const { flash, store } = used();
        const { reset } = start(flash, store);
        reset.begin();
        for (let i = 0; i < stepsBefore; i++) reset.step();
        if (stepsBefore < 4)
          new FlashPartition({ contents: flash.contents, blockBytes: 288, seed }).tearErase(stepsBefore, "bySeed");
        const again = start(flash, store);
        assert.equal(again.isErasing, true);
        again.reset.begin();
        while (again.reset.step() === Prepare.More);
        assert(flash.contents.every((byte) => byte === 0xff));
        assert.equal(again.ring.nextSeq, 31, `${stepsBefore} steps, seed ${seed}`);
        assert.equal(start(flash, store).isErasing, false);
      }
  });

  it("does not begin if it cannot be noted: half a reset would look whole", () => {
    const { flash, store } = used();
    const { reset, settings } = start(flash, store);
    store.before = () => {
      throw new Error("full");
    };
    assert.equal(reset.begin(), false);
    assert.equal(settings.get("rateCentiPerMin"), 500);
    assert.equal(reset.step(), Prepare.Done);
  });

  it("takes a damaged note for none", () => {
    const { flash, store } = used();
    start(flash, store).reset.begin();
    const note = store.values.get("log-base") ?? new Uint8Array();
    assert.deepEqual(readLogBase(store), { startSeq: 31, isErasing: true });
    note[0]! ^= 1;
    assert.deepEqual(readLogBase(store), { startSeq: 1, isErasing: false });
    store.readFails = true;
    assert.deepEqual(readLogBase(store), { startSeq: 1, isErasing: false });
  });
});
