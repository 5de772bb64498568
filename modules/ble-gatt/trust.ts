/**
 * Who may steer the band. The ESP32's class pairs with whoever asks, at any time, and does not tell a handler whose
 * link it is; so an encrypted link is not enough. The owner's phone shows a key, which the band gives out only while
 * the button has opened its window. docs/ble.md, "Security".
 */
import type { KeyValueStore } from "base/host-parts";

export const OWNER_KEY_BYTES = 16;
const STORE_KEY = "owner";
/** From the gesture on. */
const WINDOW_SECONDS = 60;
/** Writes that are looked at in one second; a phone makes a few, a log sync some 30. */
const WRITES_PER_SECOND = 64;

export interface PairingGate {
  mayPair: boolean;
}

/** Errors: none; a store that fails gives no key and takes none. Cost: no allocation but in `claim` and `unlock`. */
export class Trust {
  /** Hears whether the radio may pair. */
  gate: PairingGate | undefined;
  /** Writes that were not looked at or not carried out: too many, too long, of the wrong form, or without the key. */
  refusedCount = 0;
  readonly #store: KeyValueStore;
  #isOpen = false;
  #windowSeconds = 0;
  #writesLeft = WRITES_PER_SECOND;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  /** The other side of this link has shown the owner's key. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isWindowOpen(): boolean {
    return this.#windowSeconds > 0;
  }

  get hasOwner(): boolean {
    return this.#read() !== undefined;
  }

  /** By the button alone. */
  openWindow(): void {
    this.#windowSeconds = WINDOW_SECONDS;
    if (this.gate !== undefined) this.gate.mayPair = true;
  }

  /** Once a second. */
  second(): void {
    this.#writesLeft = WRITES_PER_SECOND;
    if (this.#windowSeconds === 0 || --this.#windowSeconds > 0 || this.gate === undefined) return;
    this.gate.mayPair = false;
  }

  /** A link begins or ends, or the band was set back: who is there has shown nothing. */
  lock(): void {
    this.#isOpen = false;
  }

  /** A write came. False: there were too many in this second; counted. */
  admit(): boolean {
    if (this.#writesLeft === 0) {
      this.refused();
      return false;
    }
    this.#writesLeft--;
    return true;
  }

  refused(): void {
    this.refusedCount = (this.refusedCount + 1) & 0xffff;
  }

  /**
   * Gives the owner's key to whoever asks within the window, makes it if there is none, and opens the link.
   * False: no window, or the key could not be kept.
   */
  claim(out: Uint8Array, at: number): boolean {
    if (!this.isWindowOpen) return false;
    const key = this.#read() ?? this.#make();
    if (key === undefined) return false;
    out.set(key, at);
    this.#isOpen = true;
    return true;
  }

  /** `bytes` has the key from `at` on? Then the link is open. Takes as long for a wrong key as for a right one. */
  unlock(bytes: Uint8Array, at: number): boolean {
    const key = this.#read();
    if (key === undefined) return false;
    let difference = 0;
    for (let i = 0; i < OWNER_KEY_BYTES; i++) difference |= key[i]! ^ bytes[at + i]!; // both have that many
    this.#isOpen = difference === 0;
    return this.#isOpen;
  }

  #read(): Uint8Array | undefined {
    try {
      const stored = this.#store.read(STORE_KEY);
      return stored?.byteLength === OWNER_KEY_BYTES ? new Uint8Array(stored) : undefined;
    } catch {
      return undefined;
    }
  }

  /** On the ESP32 Math.random is the hardware's generator, whose noise is the radio's while that is on. */
  #make(): Uint8Array | undefined {
    const key = new Uint8Array(OWNER_KEY_BYTES);
    for (let i = 0; i < OWNER_KEY_BYTES; i++) key[i] = Math.random() * 256;
    try {
      this.#store.write(STORE_KEY, key);
      return key;
    } catch {
      return undefined;
    }
  }
}
