import assert from "node:assert/strict";
import fc from "fast-check";
import { LogSync } from "storage/log-sync";
import { Append, Prepare, type RecordRing } from "storage/record-ring";
import { FlashPartition } from "../../hosts/sim/board/flash-partition.js";
import { hex, mount, readAll, testRecord } from "./rig.js";

const BLOCKS = 5;
const BLOCK_BYTES = 288;
const LAST_SLOT = 8;

type Step =
  | { readonly kind: "append"; readonly count: number }
  | { readonly kind: "prepare" }
  | { readonly kind: "reboot" }
  /** The power goes after so many bytes of the next operation, and comes back. */
  | { readonly kind: "cut"; readonly bytes: number; readonly inErase: boolean }
  | { readonly kind: "rot"; readonly offset: number; readonly bit: number }
  | { readonly kind: "sync"; readonly share: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("append" as const), count: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("prepare" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("reboot" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("cut" as const),
      bytes: fc.integer({ min: 0, max: 32 }),
      inErase: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("rot" as const),
      offset: fc.integer({ min: 0, max: BLOCKS * BLOCK_BYTES - 1 }),
      bit: fc.integer({ min: 0, max: 7 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("sync" as const), share: fc.integer({ min: 0, max: 100 }) }) },
);

/** A band, its flash, and what must be in it. */
class World {
  readonly flash: FlashPartition;
  ring: RecordRing;
  /** What append said it wrote and no rot has hit; those that came round are taken out. */
  readonly sure = new Map<number, number>();
  /** Every mark that ever had a number, also that of a write that was cut. */
  readonly ever = new Map<number, number>();
  acknowledged = 0;
  nextMark = 1;

  constructor(seed: number) {
    this.flash = new FlashPartition({ blocks: BLOCKS, blockBytes: BLOCK_BYTES, seed });
    this.ring = mount(this.flash, 2);
  }

  append(): void {
    const mark = this.nextMark++;
    const outcome = this.ring.append(testRecord(mark));
    if (outcome !== Append.Written) return;
    const seq = this.ring.nextSeq - 1;
    assert(!this.ever.has(seq), `number ${seq} is used twice`);
    this.sure.set(seq, mark);
    this.ever.set(seq, mark);
  }

  prepare(): void {
    this.ring.prepare();
  }

  /** The power is cut in the next write or erase, if there is one. */
  cut(bytes: number, inErase: boolean): void {
    const mark = this.nextMark;
    this.flash.powerCut = ({ kind, offset }) => {
      if (kind === "write") return bytes;
      this.#torn = offset / BLOCK_BYTES;
      return 0;
    };
    if (inErase) this.prepare();
    else this.append();
    this.flash.powerOn();
    if (this.#torn !== undefined) {
      this.flash.tearErase(this.#torn, "bySeed");
      this.flash.powerOn();
      this.#torn = undefined;
    }
    this.ring = mount(this.flash, 2);
    // The record in flight may be there after all; then its number is taken.
    for (const [seq, found] of readAll(this.ring).marks)
      if (found === mark && !this.ever.has(seq)) {
        this.ever.set(seq, mark);
        this.sure.set(seq, mark);
      }
  }
  #torn: number | undefined;

  reboot(): void {
    this.flash.powerOn();
    this.ring = mount(this.flash, 2);
  }

  rot(offset: number, bit: number): void {
    const block = Math.floor(offset / BLOCK_BYTES);
    const slot = Math.floor((offset % BLOCK_BYTES) / 32);
    const isHeader = slot === 0 || slot === LAST_SLOT;
    // That one of two headers rots is borne; that the second does as well, or was torn by a cut before, is not promised.
    if (isHeader && this.#slotText(block, 0) !== this.#slotText(block, LAST_SLOT)) return;
    this.flash.flipBit(offset, bit);
    this.ring = mount(this.flash, 2);
    const { marks } = readAll(this.ring);
    const missing = [...this.sure.keys()].filter((seq) => !marks.has(seq));
    assert(missing.length <= (isHeader ? 0 : 1), `one bit took ${missing.length} records`);
    for (const seq of missing) this.sure.delete(seq);
    // It may have been the record of an acknowledgement: then that is as if it had never come.
    this.acknowledged = Math.min(this.acknowledged, this.ring.acknowledgedThrough);
  }

  #slotText(block: number, slot: number): string {
    const from = block * BLOCK_BYTES + slot * 32;
    return hex(this.flash.contents.subarray(from, from + 32));
  }

  sync(share: number): void {
    const { ring } = this;
    const newest = ring.nextSeq - 1;
    const through = ring.oldestSeq + Math.floor(((newest - ring.oldestSeq) * share) / 100);
    if (newest < ring.oldestSeq) return;
    const sync = new LogSync(ring);
    const records = this.#pull(sync, newest);
    assert.deepEqual(this.#pull(new LogSync(mount(this.flash, 2)), newest), records, "the same bytes after a reboot");
    for (const [seq, mark] of this.sure)
      if (seq >= ring.oldestSeq) assert.equal(records.get(seq), mark, `record ${seq} arrives`);
    // Without a record of its own, as for the echo of the last one, it need not hold.
    const isWritten = through > this.acknowledged && ring.acknowledge(through) === Append.Written;
    if (isWritten && ring.nextSeq > newest + 1) this.acknowledged = through;
    for (let seq = newest + 1; seq < ring.nextSeq; seq++) this.ever.set(seq, 0);
  }

  #pull(sync: LogSync, through: number): Map<number, number> {
    const found = new Map<number, number>();
    const request = new Uint8Array(9);
    const ask = new DataView(request.buffer);
    request[0] = 2;
    ask.setUint32(5, through, true);
    for (let next = 1; next <= through; ) {
      ask.setUint32(1, next, true);
      const answer = new Uint8Array(sync.request(request));
      sync.copyAnswer(answer);
      const view = new DataView(answer.buffer);
      for (let i = 0; i < (answer[3] ?? 0); i++)
        if (answer[12 + 32 * i] === 0x70)
          found.set(view.getUint32(8 + 32 * i, true), view.getUint32(18 + 32 * i, true));
      assert(view.getUint32(4, true) > next, "a sync goes forward");
      next = view.getUint32(4, true);
    }
    return found;
  }

  check(): void {
    const { marks } = readAll(this.ring);
    const oldest = this.ring.oldestSeq;
    for (const seq of [...this.sure.keys()]) if (seq < oldest) this.sure.delete(seq);
    for (const [seq, mark] of this.sure) assert.equal(marks.get(seq), mark, `record ${seq} is there`);
    for (const [seq, mark] of marks) assert.equal(this.ever.get(seq), mark, `record ${seq} was written`);
    assert(this.ring.acknowledgedThrough >= this.acknowledged, "an acknowledgement holds");
    assert.equal(this.flash.misuseCount, 0, "nothing is written that is not blank");
  }
}

describe("a log in any sequence of writing, power cuts, rot and sync", () => {
  it("keeps what it said it had written, adds nothing, never uses a number twice", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 120 }), fc.integer(), (steps, seed) => {
        const world = new World(seed);
        while (world.ring.prepare() === Prepare.More);
        for (const one of steps) {
          switch (one.kind) {
            case "append":
              for (let i = 0; i < one.count; i++) world.append();
              break;
            case "prepare":
              world.prepare();
              break;
            case "reboot":
              world.reboot();
              break;
            case "cut":
              world.cut(one.bytes, one.inErase);
              break;
            case "rot":
              world.rot(one.offset, one.bit);
              break;
            case "sync":
              world.sync(one.share);
              break;
          }
          world.check();
        }
      }),
      { numRuns: 2500, seed: 0x5eed0008 },
    );
  }).timeout(20_000);
});
