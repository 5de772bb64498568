import type { KeyValueStore } from "base/host-parts";
import { crc32 } from "storage/crc32";
import { Prepare, type RecordRing } from "storage/record-ring";

/** u32 where the log's numbers go on, u8 1 while erasing, 3 × 0, CRC-32. */
const KEY = "log-base";
const BYTES = 12;
const SUM_AT = 8;

/** Anything that can be set back to how it was made. */
export interface Resettable {
  reset(): boolean;
}

/** Values of the store that nobody holds in memory, or that only the next start reads again. */
export class StoredValues implements Resettable {
  readonly #store: KeyValueStore;
  readonly #keys: readonly string[];

  constructor(store: KeyValueStore, keys: readonly string[]) {
    this.#store = store;
    this.#keys = keys;
  }

  reset(): boolean {
    try {
      for (const key of this.#keys) this.#store.delete(key);
      return true;
    } catch {
      return false;
    }
  }
}

/** What an earlier factory reset left for this boot. Ask before the ring is made: it is told where numbers start. */
export interface LogBase {
  readonly startSeq: number;
  /** The power went while it was erasing: go on. */
  readonly isErasing: boolean;
}

/** A value that is damaged or cannot be read is as none: numbers then start at 1 on an empty flash. */
export function readLogBase(store: KeyValueStore): LogBase {
  try {
    const stored = store.read(KEY);
    if (stored?.byteLength === BYTES) {
      const bytes = new Uint8Array(stored);
      const view = new DataView(stored);
      const startSeq = view.getUint32(0, true);
      if (startSeq > 0 && view.getInt32(SUM_AT, true) === crc32(bytes, 0, SUM_AT))
        return { startSeq, isErasing: bytes[4] === 1 };
    }
  } catch {
    // As if it had never been written.
  }
  return { startSeq: 1, isErasing: false };
}

/**
 * Deletes everything that the wearer has left on the band: settings, days, log. Once begun it is finished, if need be
 * after the next start; the log's numbers go on, so that a phone does not take new records for those it has.
 */
export class FactoryReset {
  readonly #store: KeyValueStore;
  readonly #ring: RecordRing;
  readonly #choices: readonly Resettable[];
  #startSeq: number;
  #isRunning = false;

  /**
   * @param base     what `readLogBase` found at this start
   * @param choices  all else that the wearer has left
   */
  constructor(store: KeyValueStore, base: LogBase, ring: RecordRing, choices: readonly Resettable[]) {
    this.#store = store;
    this.#startSeq = base.startSeq;
    this.#ring = ring;
    this.#choices = choices;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Begins, or goes on after a start at which `isErasing` was found. False if the store will not note it. */
  begin(): boolean {
    // After a start in the middle of erasing, the newest records may be gone already and their numbers with them.
    this.#startSeq = Math.max(this.#startSeq, this.#ring.nextSeq);
    if (!this.#note(1)) return false;
    for (const choice of this.#choices) choice.reset();
    this.#ring.wipe(this.#startSeq);
    this.#isRunning = true;
    return true;
  }

  /** Erases one block a call, 400 ms at worst: with the motor at rest, until it says Done. */
  step(): Prepare {
    if (!this.#isRunning) return Prepare.Done;
    const outcome = this.#ring.prepare();
    if (outcome === Prepare.More) return outcome;
    this.#isRunning = false;
    this.#note(0);
    return outcome;
  }

  #note(erasing: 0 | 1): boolean {
    const bytes = new Uint8Array(BYTES);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, this.#startSeq, true);
    bytes[4] = erasing;
    view.setInt32(SUM_AT, crc32(bytes, 0, SUM_AT), true);
    try {
      this.#store.write(KEY, bytes);
      return true;
    } catch {
      return false;
    }
  }
}
