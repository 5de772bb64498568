/**
 * Small values that survive a reset, with the rules of the ESP32's NVS: keys and domains of at most 15 characters,
 * values of at most 4000 bytes, each write committed at once and atomic, room for what a 24 KB partition holds.
 */

export const KEY_LENGTH_MAX = 15;
export const VALUE_BYTES_MAX = 4000;
/** 24 KB are 6 pages of 126 entries of 32 bytes; one page is kept free for collecting. */
const ENTRIES_MAX = 5 * 126;
const ENTRY_BYTES = 32;

export type FlashRefusal = "key too long" | "key empty" | "value too long" | "full" | "power cut";

export class FlashError extends Error {
  override name = "FlashError";
  readonly reason: FlashRefusal;
  constructor(reason: FlashRefusal, domain: string, key: string) {
    super(`flash: ${reason}: "${key}" in "${domain}"`);
    this.reason = reason;
  }
}

export class Flash {
  readonly #domains = new Map<string, Map<string, Uint8Array>>();
  /** Asked before a write or delete is committed. True cuts the power: the old value stays and FlashError is thrown. */
  powerCut: ((domain: string, key: string, byteCount: number) => boolean) | undefined;
  /** Commits so far: wear, and the stalls that go with it. */
  writeCount = 0;
  writtenBytes = 0;

  /** A copy, or undefined if there is no such key. Errors: FlashError */
  read(domain: string, key: string): Uint8Array | undefined {
    checkKey(domain, key);
    return this.#domains.get(domain)?.get(key)?.slice();
  }

  /** Commits before it returns. Errors: FlashError, and then the old value stays */
  write(domain: string, key: string, bytes: Uint8Array): void {
    checkKey(domain, key);
    if (bytes.length > VALUE_BYTES_MAX) throw new FlashError("value too long", domain, key);
    const old = this.#domains.get(domain)?.get(key);
    const isNewDomain = !this.#domains.has(domain);
    // The new value is written before the old one is dropped, so both need room.
    if (this.#usedEntries() + entriesOf(bytes.length) + (isNewDomain ? 1 : 0) > ENTRIES_MAX)
      throw new FlashError("full", domain, key);
    if (this.powerCut?.(domain, key, bytes.length)) throw new FlashError("power cut", domain, key);
    this.writeCount++;
    this.writtenBytes += bytes.length;
    if (old !== undefined && isSame(old, bytes)) return; // NVS leaves a value alone that is there already
    let values = this.#domains.get(domain);
    if (values === undefined) {
      values = new Map();
      this.#domains.set(domain, values);
    }
    values.set(key, bytes.slice());
  }

  /** Returns false if there was no such key. Errors: FlashError */
  delete(domain: string, key: string): boolean {
    checkKey(domain, key);
    if (this.#domains.get(domain)?.has(key) !== true) return false;
    if (this.powerCut?.(domain, key, 0)) throw new FlashError("power cut", domain, key);
    this.writeCount++;
    return this.#domains.get(domain)?.delete(key) === true;
  }

  /** Keys of one domain, in the order of their first write. */
  keys(domain: string): readonly string[] {
    return [...(this.#domains.get(domain)?.keys() ?? [])];
  }

  #usedEntries(): number {
    let used = this.#domains.size;
    for (const values of this.#domains.values()) for (const bytes of values.values()) used += entriesOf(bytes.length);
    return used;
  }
}

/** A value takes its data, a header for it, and an index. */
function entriesOf(byteCount: number): number {
  return 2 + Math.ceil(byteCount / ENTRY_BYTES);
}

function checkKey(domain: string, key: string): void {
  if (key.length === 0 || domain.length === 0) throw new FlashError("key empty", domain, key);
  if (key.length > KEY_LENGTH_MAX || domain.length > KEY_LENGTH_MAX) throw new FlashError("key too long", domain, key);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
