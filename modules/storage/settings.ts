import type { KeyValueStore } from "base/host-parts";
import { crc32 } from "storage/crc32";
import type { Migration, SettingRow, SettingsTable } from "storage/settings-table";

/** What became of a group at the boot, for the log. */
export const enum SettingsTrouble {
  /** The record did not carry its own checksum, or not the length it says. */
  Corrupt = 1,
  /** Written by a firmware newer than this one. */
  TooNew = 2,
  /** A value outside its range; only that one is at its default. */
  OutOfRange = 3,
  /** The store threw. */
  Unreadable = 4,
}

export type SettingRefusal = "unknownName" | "notWhole" | "outOfRange" | "notStored";
export type SettingOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: SettingRefusal; readonly name: string };

export interface SettingsListener {
  /** @param group  its number, by the order of the table's versions */
  settingsReset(group: number, trouble: SettingsTrouble): void;
}

const KEY_PREFIX = "set-";
/** Version, count, 2 × 0; then the values as int32, then the sum over all before it. Numbers are little endian. */
const HEAD_BYTES = 4;
const VALUE_BYTES = 4;
const SUM_BYTES = 4;

/**
 * The settings of a table, one record a group in the key-value store. A write of the store is done or not done, so a
 * group is old or new after a power cut, never mixed; a record that is damaged all the same is known by its sum.
 * Errors:  none thrown; `set` refuses with a reason, a store that fails while reading leaves the defaults
 */
export class Settings<Name extends string> {
  readonly #store: KeyValueStore;
  readonly #table: SettingsTable;
  readonly #groups: readonly string[];
  readonly #values: Record<string, number> = {};

  constructor(
    store: KeyValueStore,
    table: SettingsTable & { readonly rows: Readonly<Record<Name, unknown>> },
    listener: SettingsListener,
  ) {
    this.#store = store;
    this.#table = table;
    this.#groups = Object.keys(table.versions);
    for (const name of Object.keys(table.rows)) this.#values[name] = table.rows[name]!.byDefault; // its own key
    for (const [number, group] of this.#groups.entries()) {
      const trouble = this.#load(group);
      if (trouble !== undefined) listener.settingsReset(number, trouble);
    }
  }

  get(name: Name): number {
    return this.#values[name]!; // the constructor set all names of the table
  }

  /** The same for a setting that may not be known. */
  find(name: Name): number | undefined {
    const value = this.get(name);
    return value === this.#table.rows[name]?.none ? undefined : value;
  }

  /** The group's number, for the log. */
  groupOf(name: Name): number {
    return this.#groups.indexOf(this.#table.rows[name]!.group); // a name of the table
  }

  /**
   * Changes settings, all of them or none of each group. For values from outside: names and ranges are checked here.
   * With names of several groups and a power cut in between, the groups that were first in the table are new.
   */
  set(changes: Readonly<Record<string, number>>): SettingOutcome {
    for (const name of Object.keys(changes)) {
      const row = Object.hasOwn(this.#table.rows, name) ? this.#table.rows[name] : undefined;
      const value = changes[name]!; // its own key
      if (row === undefined) return refuse("unknownName", name);
      if (!Number.isSafeInteger(value)) return refuse("notWhole", name);
      if (!isAllowed(row, value)) return refuse("outOfRange", name);
    }
    for (const group of this.#groups) {
      const names = this.#names(group).filter((name) => Object.hasOwn(changes, name));
      if (names.every((name) => this.#values[name] === changes[name])) continue;
      const values = this.#names(group).map((name) => changes[name] ?? this.#values[name]!); // all names have a value
      try {
        this.#store.write(KEY_PREFIX + group, this.#encode(group, values));
      } catch {
        return refuse("notStored", names[0] ?? group);
      }
      for (const name of names) this.#values[name] = changes[name]!; // filtered for those that are there
    }
    return { ok: true };
  }

  /** All of the wearer's choices are gone: factory reset. False if the store would not let go of them. */
  reset(): boolean {
    for (const name of Object.keys(this.#table.rows)) this.#values[name] = this.#table.rows[name]!.byDefault; // own key
    try {
      for (const group of this.#groups) this.#store.delete(KEY_PREFIX + group);
      return true;
    } catch {
      return false;
    }
  }

  #names(group: string): string[] {
    return Object.keys(this.#table.rows).filter((name) => this.#table.rows[name]?.group === group);
  }

  #encode(group: string, values: readonly number[]): Uint8Array {
    const bytes = new Uint8Array(HEAD_BYTES + VALUE_BYTES * values.length + SUM_BYTES);
    const view = new DataView(bytes.buffer);
    bytes[0] = this.#table.versions[group]!; // group is a key of versions
    bytes[1] = values.length;
    for (const [i, value] of values.entries()) view.setInt32(HEAD_BYTES + VALUE_BYTES * i, value, true);
    view.setInt32(bytes.length - SUM_BYTES, crc32(bytes, 0, bytes.length - SUM_BYTES), true);
    return bytes;
  }

  #load(group: string): SettingsTrouble | undefined {
    let stored: ArrayBuffer | undefined;
    try {
      stored = this.#store.read(KEY_PREFIX + group);
    } catch {
      return SettingsTrouble.Unreadable;
    }
    if (stored === undefined) return undefined; // never changed
    const bytes = new Uint8Array(stored);
    const count = (bytes.length - HEAD_BYTES - SUM_BYTES) / VALUE_BYTES;
    if (!Number.isInteger(count) || count < 0 || bytes[1] !== count) return SettingsTrouble.Corrupt;
    const view = new DataView(stored);
    const sumAt = bytes.length - SUM_BYTES;
    if (view.getInt32(sumAt, true) !== crc32(bytes, 0, sumAt)) return SettingsTrouble.Corrupt;
    const version = bytes[0]!; // HEAD_BYTES are there: count is not negative
    if (version > this.#table.versions[group]!) return SettingsTrouble.TooNew; // a key of versions
    const migration = this.#table.migrations.find((one) => one.group === group && one.version === version);
    const names = this.#names(group);
    const expected = migration?.count ?? names.filter((name) => (this.#table.rows[name]?.since ?? 1) <= version).length;
    if (count !== expected) return SettingsTrouble.Corrupt;
    let trouble: SettingsTrouble | undefined;
    for (const [place, name] of names.entries()) {
      const row = this.#table.rows[name]!; // a name of the table
      const move = moveOf(migration, name, place, count);
      if (move === undefined) continue;
      const value = view.getInt32(HEAD_BYTES + VALUE_BYTES * move.was, true) * move.times;
      if (isAllowed(row, value)) this.#values[name] = value;
      else trouble = SettingsTrouble.OutOfRange;
    }
    return trouble;
  }
}

/** Where a setting is in a stored record: by the migration if there is one, else at its place if the record has it. */
function moveOf(
  migration: Migration | undefined,
  name: string,
  place: number,
  count: number,
): { readonly was: number; readonly times: number } | undefined {
  if (migration === undefined) return place < count ? { was: place, times: 1 } : undefined;
  return Object.hasOwn(migration.moves, name) ? migration.moves[name] : undefined;
}

function isAllowed(row: SettingRow, value: number): boolean {
  return value === row.none || (value >= row.min && value <= row.max);
}

function refuse(reason: SettingRefusal, name: string): SettingOutcome {
  return { ok: false, reason, name };
}
