import assert from "node:assert/strict";
import { Settings, SettingsTrouble } from "storage/settings";
import { SETTINGS, type SettingsTable } from "storage/settings-table";
import { hex, MemoryStore } from "./rig.js";

const open = (
  store = new MemoryStore(),
): { store: MemoryStore; settings: Settings<keyof typeof SETTINGS.rows>; troubles: [number, SettingsTrouble][] } => {
  const troubles: [number, SettingsTrouble][] = [];
  const settings = new Settings(store, SETTINGS, {
    settingsReset: (group, trouble) => troubles.push([group, trouble]),
  });
  return { store, settings, troubles };
};

describe("Settings", () => {
  it("are at their defaults in a new band, without an event", () => {
    const { settings, troubles } = open();
    assert.equal(settings.get("rateCentiPerMin"), 600);
    assert.equal(settings.get("inhalePermille"), 400);
    assert.equal(settings.find("restingBpm"), undefined);
    assert.deepEqual(troubles, []);
  });

  it("have defaults inside their own ranges, and a group with a version", () => {
    for (const [name, row] of Object.entries<{
      group: string;
      min: number;
      max: number;
      byDefault: number;
      none?: number;
    }>(SETTINGS.rows)) {
      assert(row.byDefault === row.none || (row.byDefault >= row.min && row.byDefault <= row.max), name);
      assert(row.group in SETTINGS.versions, name);
      assert(`set-${row.group}`.length <= 15, "keys of the store have at most 15 characters");
      assert(row.none === undefined || row.none < row.min || row.none > row.max, name);
    }
  });

  it("lie in the store as docs/data.md says", () => {
    const { store, settings } = open();
    settings.set({ rateCentiPerMin: 550 });
    const bytes = store.values.get("set-pace") ?? new Uint8Array();
    // version 2, 3 values, 550 = 0x226, 400 = 0x190, 0; the sum over the 16 bytes by zlib.crc32
    assert.equal(hex(bytes), "02 03 00 00 26 02 00 00 90 01 00 00 00 00 00 00 d3 7c f1 5c");
  });

  it("are there after a restart, and only the groups that were changed are written", () => {
    const { store, settings } = open();
    assert.deepEqual(settings.set({ rateCentiPerMin: 480, restingBpm: 58 }), { ok: true });
    assert.deepEqual([...store.values.keys()], ["set-pace", "set-body"]);
    const { settings: again, troubles } = open(store);
    assert.equal(again.get("rateCentiPerMin"), 480);
    assert.equal(again.find("restingBpm"), 58);
    assert.equal(again.get("strengthQ8"), 160);
    assert.deepEqual(troubles, []);
  });

  it("are not written when they do not change", () => {
    const { store, settings } = open();
    store.before = () => assert.fail("nothing to write");
    assert.deepEqual(settings.set({ rateCentiPerMin: 600 }), { ok: true });
    assert.deepEqual(settings.set({}), { ok: true });
  });

  for (const [name, row] of Object.entries(SETTINGS.rows))
    it(`take ${name} from ${row.min} to ${row.max} and nothing beside`, () => {
      const { settings } = open();
      for (const value of [row.min, row.max]) assert.deepEqual(settings.set({ [name]: value }), { ok: true });
      const refused = { ok: false, reason: "outOfRange", name };
      assert.deepEqual(settings.set({ [name]: row.max + 1 }), refused);
      if (!("none" in row && row.none === row.min - 1))
        assert.deepEqual(settings.set({ [name]: row.min - 1 }), refused);
      for (const value of [row.min + 0.5, Number.NaN, Number.POSITIVE_INFINITY])
        assert.deepEqual(settings.set({ [name]: value }), { ok: false, reason: "notWhole", name });
    });

  it("keep the paces within 4.00 to 10.00 breaths a minute", () => {
    const { settings } = open();
    assert.equal(settings.set({ rateCentiPerMin: 399 }).ok, false);
    assert.equal(settings.set({ rateCentiPerMin: 400 }).ok, true);
    assert.equal(settings.set({ rateCentiPerMin: 1000 }).ok, true);
    assert.equal(settings.set({ rateCentiPerMin: 1001 }).ok, false);
  });

  it("refuse names they do not have, those of objects too, and then change nothing at all", () => {
    const { store, settings } = open();
    for (const name of ["pace", "constructor", "__proto__", "toString"]) {
      const changes: Record<string, number> = Object.fromEntries([
        ["rateCentiPerMin", 500],
        [name, 1],
      ]);
      assert.deepEqual(settings.set(changes), { ok: false, reason: "unknownName", name });
    }
    assert.equal(settings.get("rateCentiPerMin"), 600);
    assert.equal(store.values.size, 0);
  });

  it("stay as they were when the store does not take them", () => {
    const { store, settings } = open();
    store.before = () => {
      throw new Error("full");
    };
    assert.deepEqual(settings.set({ rateCentiPerMin: 500 }), {
      ok: false,
      reason: "notStored",
      name: "rateCentiPerMin",
    });
    assert.equal(settings.get("rateCentiPerMin"), 600);
  });

  it("fall back to the defaults of their group for any bit that turned over, with an event", () => {
    const { store, settings } = open();
    settings.set({ rateCentiPerMin: 550, strengthQ8: 99 });
    const whole = store.values.get("set-pace") ?? new Uint8Array();
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const rotten = whole.slice();
      rotten[bit >> 3]! ^= 1 << (bit & 7);
      store.values.set("set-pace", rotten);
      const { settings: again, troubles } = open(store);
      assert.equal(again.get("rateCentiPerMin"), 600, `bit ${bit}`);
      assert.equal(again.get("strengthQ8"), 99);
      assert.deepEqual(troubles, [[0, SettingsTrouble.Corrupt]], `bit ${bit}`);
    }
  });

  it("fall back for a record of any wrong length", () => {
    const { store, settings } = open();
    settings.set({ rateCentiPerMin: 550 });
    const whole = store.values.get("set-pace") ?? new Uint8Array();
    for (let length = 0; length < whole.length + 8; length++) {
      if (length === whole.length) continue;
      const wrong = new Uint8Array(length);
      wrong.set(whole.subarray(0, length));
      store.values.set("set-pace", wrong);
      assert.deepEqual(open(store).troubles, [[0, SettingsTrouble.Corrupt]], `${length} bytes`);
    }
  });

  it("fall back when the store cannot be read", () => {
    const { store, settings } = open();
    settings.set({ rateCentiPerMin: 550 });
    store.readFails = true;
    const { settings: again, troubles } = open(store);
    assert.equal(again.get("rateCentiPerMin"), 600);
    assert.equal(troubles.length, 8);
    assert.deepEqual(troubles[0], [0, SettingsTrouble.Unreadable]);
  });

  it("are forgotten by a factory reset, in the store too", () => {
    const { store, settings } = open();
    settings.set({ rateCentiPerMin: 550, strengthQ8: 99 });
    assert.equal(settings.reset(), true);
    assert.equal(settings.get("rateCentiPerMin"), 600);
    assert.equal(store.values.size, 0);
    store.before = () => {
      throw new Error("no");
    };
    assert.equal(settings.reset(), false);
  });

  describe("of another version", () => {
    // A made-up band: version 1 kept whole breaths a minute and a strength; 2 has hundredths; 3 has one value more.
    const rows = {
      rateCenti: { group: "pace", min: 400, max: 1000, byDefault: 600, says: "" },
      strength: { group: "pace", min: 0, max: 256, byDefault: 160, says: "" },
      fade: { group: "pace", min: 0, max: 9, byDefault: 4, since: 3, says: "" },
    } as const;
    const migrations = [
      {
        group: "pace",
        version: 1,
        count: 2,
        moves: { rateCenti: { was: 1, times: 100 }, strength: { was: 0, times: 1 } },
      },
    ] as const;
    const table = (version: number): SettingsTable & { rows: typeof rows } => ({
      rows,
      versions: { pace: version },
      migrations,
    });
    const oldRows = {
      strength: { group: "pace", min: 0, max: 256, byDefault: 160, says: "" },
      rate: { group: "pace", min: 4, max: 99, byDefault: 6, says: "" },
    } as const;
    const ignore = { settingsReset: (): void => assert.fail("no trouble") };

    it("are moved and scaled as the table says", () => {
      const store = new MemoryStore();
      new Settings(store, { rows: oldRows, versions: { pace: 1 }, migrations: [] }, ignore).set({
        strength: 77,
        rate: 5,
      });
      const settings = new Settings(store, table(3), ignore);
      assert.equal(settings.get("rateCenti"), 500);
      assert.equal(settings.get("strength"), 77);
      assert.equal(settings.get("fade"), 4);
    });

    it("have what is new at its default, without a migration", () => {
      const store = new MemoryStore();
      const two = {
        rows: { rateCenti: rows.rateCenti, strength: rows.strength },
        versions: { pace: 2 },
        migrations: [],
      };
      new Settings(store, two, ignore).set({ strength: 77, rateCenti: 510 });
      const settings = new Settings(store, table(3), ignore);
      assert.deepEqual([settings.get("rateCenti"), settings.get("strength"), settings.get("fade")], [510, 77, 4]);
      settings.set({ fade: 9 });
      assert.equal(new Settings(store, table(3), ignore).get("fade"), 9);
    });

    it("put only that value at its default which is out of range now", () => {
      const store = new MemoryStore();
      new Settings(store, { rows: oldRows, versions: { pace: 1 }, migrations: [] }, ignore).set({
        strength: 77,
        rate: 11,
      });
      const troubles: SettingsTrouble[] = [];
      const settings = new Settings(store, table(3), { settingsReset: (_, trouble) => troubles.push(trouble) });
      assert.deepEqual(troubles, [SettingsTrouble.OutOfRange]);
      assert.deepEqual([settings.get("rateCenti"), settings.get("strength")], [600, 77]);
    });

    it("are not read if they have another number of values than their version has", () => {
      const store = new MemoryStore();
      new Settings(store, { rows: oldRows, versions: { pace: 2 }, migrations: [] }, ignore).set({ strength: 77 });
      const troubles: SettingsTrouble[] = [];
      const one = { rows: { strength: oldRows.strength }, versions: { pace: 2 }, migrations: [] };
      const settings = new Settings(store, one, { settingsReset: (_, trouble) => troubles.push(trouble) });
      assert.deepEqual(troubles, [SettingsTrouble.Corrupt]);
      assert.equal(settings.get("strength"), 160);
    });

    it("are not read if they are newer than the firmware", () => {
      const store = new MemoryStore();
      new Settings(store, table(3), ignore).set({ strength: 77 });
      const troubles: SettingsTrouble[] = [];
      const settings = new Settings(store, table(2), { settingsReset: (_, trouble) => troubles.push(trouble) });
      assert.deepEqual(troubles, [SettingsTrouble.TooNew]);
      assert.equal(settings.get("strength"), 160);
    });
  });
});
