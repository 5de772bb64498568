import { Op } from "sim/ops";
import { bytes, call } from "sim/port";

const KEY_BYTES_MAX = 15; // NVS

/** `embedded:storage/key-value` over NVS: names of at most 15 characters, a write is on flash when it returns. */
class KeyValue {
  read(key: string): ArrayBuffer | undefined {
    const length = this.#select(key);
    if (length < 0) return undefined;
    const value = new Uint8Array(length);
    bytes(Op.StoreRead, 0, value);
    return value.buffer;
  }

  write(key: string, value: ArrayBuffer | Uint8Array): void {
    this.#select(key);
    const view = value instanceof Uint8Array ? value : new Uint8Array(value);
    if (bytes(Op.StoreWrite, 0, view) !== 0) throw new Error("write failed");
  }

  delete(key: string): void {
    this.#select(key);
    if (call(Op.StoreDelete, 0, 0, 0, 0) !== 0) throw new Error("delete failed");
  }

  close(): void {}

  *[Symbol.iterator](): Generator<string> {
    const buffer = new Uint8Array(KEY_BYTES_MAX);
    for (let position = 0; ; position++) {
      const length = bytes(Op.StoreKeyAt, position, buffer);
      if (length < 0) return;
      let key = "";
      for (let i = 0; i < length; i++) key += String.fromCharCode(buffer[i] ?? 0);
      yield key;
    }
  }

  /** Keys are plain ASCII by this firmware's own rule, so a byte is a character. */
  #select(key: string): number {
    if (key.length < 1 || key.length > KEY_BYTES_MAX) throw new RangeError("invalid key");
    const name = new Uint8Array(key.length);
    for (let i = 0; i < key.length; i++) name[i] = key.charCodeAt(i);
    return bytes(Op.StoreSelect, 0, name);
  }
}

export default { open: (_options: { path: string }): KeyValue => new KeyValue() };
