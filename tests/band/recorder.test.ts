import assert from "node:assert/strict";
import { Recorder } from "band/recorder";
import { RhythmSense } from "band/rhythm-sense";
import { sessionSettings } from "band/session-settings";
import { TickClock } from "base/tick-clock";
import type { BodyReading } from "session/body";
import { Settings } from "storage/settings";
import { SETTINGS } from "storage/settings-table";
import { FlashPartition } from "../../hosts/sim/board/flash-partition.js";
import { decodeAll, MemoryStore, optionsOf } from "../storage/rig.js";

const body: BodyReading = {
  worn: false,
  still: false,
  clean: false,
  bpm: undefined,
  irregularPercent: undefined,
  followPermille: undefined,
  swingMs: undefined,
};
const BLOCKS = 8;

/** A start of a band on what an earlier one left. */
function boot(contents: Uint8Array, store: MemoryStore) {
  const clock = { ticks: 0 };
  const settingsReset: number[] = [];
  const stored = new Settings(store, SETTINGS, {
    settingsReset: (group, trouble) => settingsReset.push(group, trouble),
  });
  const recorder = new Recorder({
    flash: optionsOf(new FlashPartition({ contents })),
    store,
    clock,
    firmwareRevision: "1.2.3",
    settings: sessionSettings(stored),
    settingsReset,
  });
  const rhythm = new RhythmSense(clock, new TickClock(clock), () => {});
  const run = (seconds: number, isQuiet = true): void => {
    for (let i = 0; i < seconds; i++) {
      clock.ticks += 1000;
      recorder.second(body, rhythm, isQuiet, 80, 3900);
    }
  };
  const session = (): void => {
    const atMs = clock.ticks;
    recorder.session({ kind: "started", atMs, program: "breathe", by: "button" }, 80);
    recorder.session(
      { kind: "ended", atMs, program: "breathe", reason: "completed", rule: undefined, lastedMs: 300_000, scoredMs: 0 },
      80,
    );
  };
  return { recorder, stored, run, session, kinds: () => decodeAll(recorder.ring).map(({ kind }) => kind) };
}

/** A band that was used: settings, a touch, a day, a history, a log. */
function used() {
  const contents = new Uint8Array(BLOCKS * 4096).fill(0xff);
  const store = new MemoryStore();
  const band = boot(contents, store);
  band.stored.set({ rateCentiPerMin: 500 });
  store.write("touch", new Uint8Array(4));
  store.write("nudges", new Uint8Array(4));
  band.run(40);
  assert.equal(band.recorder.setClock({ epochMs: 1_800_000_000_000, uncertaintyMs: 500, zoneMinutes: 60 }), undefined);
  band.session();
  band.run(60);
  assert.deepEqual([...store.values.keys()].sort(), ["days", "nudges", "set-pace", "touch", "use"]);
  return { contents, store, ...band };
}

describe("Recorder", () => {
  it("tells the log and the calendar what time a phone says it is, and refuses what cannot be", () => {
    const { recorder, kinds } = used();
    assert.equal(kinds().filter((kind) => kind === "clockSet").length, 1);
    // 1800000000 s is 2027-01-15 08:00 UTC: 30000000 min; an hour of zone and a minute since
    assert.equal(recorder.localMinutes, 30_000_061);
    assert.equal(recorder.setClock({ epochMs: 0, uncertaintyMs: 0, zoneMinutes: 0 }), "dateOutOfRange");
    assert.equal(kinds().filter((kind) => kind === "clockSet").length, 1);
  });

  it("tells the log half a minute after the start that how it was used was damaged", () => {
    const { contents, store } = used();
    store.values.set("use", new Uint8Array(3));
    const { recorder, run } = boot(contents, store);
    run(31);
    const last = decodeAll(recorder.ring).at(-1);
    assert(last?.kind === "event" && last.code === 20);
    assert.equal(recorder.history.isWeekOne, true);
  });

  it("tells the log of each group of settings that was damaged, and the wearer has the defaults", () => {
    const { contents, store } = used();
    const rotten = store.values.get("set-pace") ?? new Uint8Array(1);
    rotten[5]! ^= 1;
    store.values.set("set-body", new Uint8Array(3));
    const { recorder, stored, run } = boot(contents, store);
    run(31);
    const told = decodeAll(recorder.ring).flatMap((record) =>
      record.kind === "event" && record.code === 9 ? [record] : [],
    );
    // pace is group 0 and body group 3; 1 is damaged
    assert.deepEqual(
      told.map(({ a, b }) => [a, b]),
      [
        [0, 1],
        [3, 1],
      ],
    );
    assert.equal(stored.get("rateCentiPerMin"), 600);
  });

  it("erases all that the wearer left, block by block while it is quiet, and then says so", () => {
    const { contents, store, recorder, stored, run, kinds } = used();
    assert.equal(recorder.erase(stored), true);
    assert.deepEqual([...store.values.keys()], ["log-base"]);
    assert.equal(recorder.history.sessionsEver, 0);
    run(BLOCKS, false);
    assert(
      contents.some((byte) => byte !== 0xff),
      "not while the motor runs",
    );
    run(BLOCKS + 1);
    assert.deepEqual(kinds(), ["boot", "event"]);
    const again = boot(contents, store);
    assert.equal(again.recorder.isEraseCutOff, false);
    assert.equal(again.stored.get("rateCentiPerMin"), 600);
  });

  it("goes on at the next start when the power goes after any block, or at any write to the store", () => {
    for (let blocks = 0; blocks <= BLOCKS; blocks++) {
      const { contents, store, recorder, stored, run } = used();
      recorder.erase(stored);
      run(blocks);
      const again = boot(contents, store);
      assert.equal(again.recorder.isEraseCutOff, true, `after ${blocks} blocks`);
      assert.equal(again.recorder.erase(again.stored), true);
      again.run(31 + BLOCKS + 1);
      assert.deepEqual(again.kinds(), ["boot", "event"]);
      assert.deepEqual([...store.values.keys()], ["log-base"]);
    }
    let cuts = 0;
    for (const hook of ["before", "after"] as const)
      for (let writes = 0, isCut = true; isCut; writes++, cuts++) {
        const { contents, store, recorder, stored } = used();
        const frozen = new MemoryStore();
        isCut = false;
        let left = writes;
        store[hook] = () => {
          if (left-- !== 0) return;
          isCut = true; // what the store holds now is what the next start finds
          for (const [key, value] of store.values) frozen.values.set(key, value.slice());
        };
        recorder.erase(stored);
        if (!isCut) break;
        const wasBegun = frozen.values.has("log-base");
        const again = boot(contents, frozen);
        assert.equal(again.recorder.isEraseCutOff, wasBegun);
        if (!wasBegun) assert.equal(again.stored.get("rateCentiPerMin"), 500, "nothing was deleted before");
        else {
          again.recorder.erase(again.stored);
          assert.deepEqual([...frozen.values.keys()], ["log-base"]);
        }
      }
    assert(cuts >= 10, `${cuts} cuts`);
  });

  it("deletes nothing if it cannot note that it began", () => {
    const { store, recorder, stored, kinds } = used();
    const before = kinds().length;
    store.before = () => {
      throw new Error("full");
    };
    assert.equal(recorder.erase(stored), false);
    assert.equal(store.values.size, 5);
    assert.equal(kinds().length, before);
  });
});
