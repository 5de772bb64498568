import assert from "node:assert/strict";
import { Central } from "../../hosts/sim/board/central.js";
import { AttError, type Radio, type RadioClock } from "../../hosts/sim/board/radio.js";

const uuidOf = (number: string): string => `5e11${number}ba4d4c618d3e9f0b7a2c6e10`;
export const STATE = uuidOf("0002");
export const CONTROL = uuidOf("0003");
export const LIGHT = uuidOf("0004");
export const SYNC = uuidOf("0005");

export const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255];
export const u32 = (value: number): number[] => [...u16(value), ...u16(value >>> 16)];

/** The owner's app, or somebody who wishes to be: bytes in and out of the resilience service. */
export class Phone {
  readonly central: Central;
  readonly #run: (us: number) => Promise<void>;
  readonly #heard = new Map<number, Uint8Array[]>();
  key: number[] = [];
  #tag = 0;

  /** @param run  lets time pass */
  constructor(radio: Radio, clock: RadioClock, run: (us: number) => Promise<void> | void, identity = "phone") {
    this.central = new Central(radio, clock, identity);
    this.central.onNotification = (handle, value) => this.#listOf(handle).push(value);
    this.#run = async (us) => run(us);
  }

  handle(uuid: string): number {
    const found = this.central.find(uuid);
    assert.ok(found, `${uuid} is served`);
    return found.valueHandle;
  }

  heard(uuid: string): Uint8Array[] {
    return this.#listOf(this.handle(uuid));
  }

  async connect(mtu = 247): Promise<void> {
    await this.#run(1000);
    assert.ok(this.central.connect(), "the band advertises");
    this.#heard.clear();
    this.central.exchangeMtu(mtu);
    await this.#run(10_000);
  }

  async subscribe(uuid: string): Promise<AttError> {
    const characteristic = this.central.find(uuid);
    assert.ok(characteristic, uuid);
    let said: AttError | undefined;
    this.central.subscribe(characteristic, (error) => {
      said = error;
    });
    await this.#run(10_000);
    assert.ok(said !== undefined, "the band answers");
    return said;
  }

  async write(uuid: string, bytes: readonly number[]): Promise<AttError> {
    let said: AttError | undefined;
    this.central.write(this.handle(uuid), Uint8Array.from(bytes), (error) => {
      said = error;
    });
    await this.#run(10_000);
    assert.ok(said !== undefined, "the band answers");
    return said;
  }

  async read(uuid: string): Promise<{ error: AttError; value: Uint8Array }> {
    let said: { error: AttError; value: Uint8Array } | undefined;
    this.central.read(this.handle(uuid), (error, value) => {
      said = { error, value };
    });
    await this.#run(10_000);
    assert.ok(said, "the band answers");
    return said;
  }

  /** A request to the control point, and its answer from the status on. */
  async ask(kind: number, ...args: number[]): Promise<number[]> {
    const tag = ++this.#tag & 255;
    const before = this.heard(CONTROL).length;
    assert.equal(await this.write(CONTROL, [kind, tag, ...args]), AttError.None);
    await this.#run(20_000);
    const [answer, ...more] = this.heard(CONTROL).slice(before);
    assert.ok(answer, `an answer to ${kind}`);
    assert.deepEqual(more, []);
    assert.deepEqual([...answer.slice(0, 2)], [kind | 0x80, tag]);
    return [...answer.slice(2)];
  }

  /** Within the band's pairing window: pairs, and gets the owner's key. */
  async becomeOwner(): Promise<void> {
    assert.equal(this.central.pair(), "accepted");
    assert.equal(await this.subscribe(CONTROL), AttError.None);
    const [status, ...key] = await this.ask(2);
    assert.equal(status, 0);
    assert.equal(key.length, 16);
    this.key = key;
  }

  /** A bonded phone that comes back. */
  async comeBack(mtu = 247): Promise<void> {
    await this.connect(mtu);
    assert.ok(this.central.encrypt(), "both have the keys");
    assert.equal(await this.subscribe(CONTROL), AttError.None);
    assert.deepEqual(await this.ask(3, ...this.key), [0]);
  }

  /** An answer of the log sync, put together from its pieces. */
  async sync(...request: number[]): Promise<Uint8Array> {
    const before = this.heard(SYNC).length;
    assert.equal(await this.write(SYNC, request), AttError.None);
    const pieces = (): Uint8Array[] => this.heard(SYNC).slice(before);
    for (let i = 0; i < 100 && ((pieces().at(-1)?.[0] ?? 0) & 0x40) === 0; i++) await this.#run(20_000);
    pieces().forEach((piece, i, all) => {
      const head = (i & 63) | (i === 0 ? 0x80 : 0) | (i === all.length - 1 ? 0x40 : 0);
      assert.equal(piece[0], head, `piece ${i} of ${all.length}`);
    });
    return Uint8Array.from(pieces().flatMap((piece) => [...piece.slice(1)]));
  }

  /** All records from a number on, as a reader gets them; stops after `most`. */
  async records(from: number, most = Number.POSITIVE_INFINITY): Promise<Uint8Array[]> {
    const info = await this.sync(1);
    const through = new DataView(info.buffer).getUint32(8, true) - 1;
    const found: Uint8Array[] = [];
    let next = from;
    while (next <= through && found.length < most) {
      const answer = await this.sync(2, ...u32(next), ...u32(through));
      const view = new DataView(answer.buffer);
      assert.equal(view.getUint8(2), 0, "status");
      for (let i = 0; i < view.getUint8(3); i++) found.push(answer.slice(8 + 32 * i, 40 + 32 * i));
      next = view.getUint32(4, true);
    }
    return found;
  }

  #listOf(handle: number): Uint8Array[] {
    const list = this.#heard.get(handle) ?? [];
    this.#heard.set(handle, list);
    return list;
  }
}
