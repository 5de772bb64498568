import assert from "node:assert/strict";
import type { FlashPartition as FlashPort } from "storage/flash-port";
import { Append, LogState, Prepare, Read, RecordRing } from "storage/record-ring";
import { FlashPartition, type Wear } from "../../hosts/sim/board/flash-partition.js";
import { hex, mount, optionsOf, prepareAll, readAll, testRecord } from "./rig.js";

/** Four blocks of 9 slots: 7 records a block. */
const small = (seed = 0): FlashPartition => new FlashPartition({ blocks: 4, blockBytes: 288, seed });
const fill = (ring: RecordRing, from: number, count: number): void => {
  for (let mark = from; mark < from + count; mark++) {
    prepareAll(ring);
    assert.equal(ring.append(testRecord(mark)), Append.Written, `record ${mark}`);
  }
};
const expected = (from: number, through: number): Map<number, number> =>
  new Map(Array.from({ length: through - from + 1 }, (_, i) => [from + i, from + i]));

describe("RecordRing", () => {
  it("lays out a block's header and a record as docs/data.md says", () => {
    const flash = small();
    const ring = mount(flash);
    prepareAll(ring);
    ring.append(testRecord(0x0403_0201));
    // By hand; the sums are CRC-32 over the number 01 00 00 00 and the 28 bytes shown, by zlib.crc32.
    assert.equal(
      hex(flash.contents.subarray(4, 32)),
      "b1 01 01 00 00 00 00 00 00 00 01 00 00 00 ff ff ff ff ff ff ff ff ff ff ff ff ff ff",
    );
    assert.equal(hex(flash.contents.subarray(0, 4)), "cf 07 92 ba");
    assert.equal(
      hex(flash.contents.subarray(36, 64)),
      "70 01 ff ff ff ff 01 02 03 04 ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff",
    );
    assert.equal(hex(flash.contents.subarray(32, 36)), "8e 77 33 79");
  });

  it("numbers records from 1 and finds them all again at the next boot, exactly full and one more", () => {
    for (const count of [1, 6, 7, 8, 14, 15]) {
      const flash = small();
      fill(mount(flash), 1, count);
      const again = mount(flash);
      assert.equal(again.nextSeq, count + 1);
      assert.deepEqual(readAll(again), { marks: expected(1, count), damaged: 0 });
    }
  });

  it("counts boots that wrote something", () => {
    const flash = small();
    for (let boot = 1; boot <= 300; boot++) {
      const ring = mount(flash);
      assert.equal(ring.bootNumber, boot);
      fill(ring, boot, 1);
    }
    assert.equal(mount(flash).bootNumber, 301);
    assert.equal(mount(flash).bootNumber, 301, "a boot that wrote nothing leaves no trace");
  });

  it("overwrites the oldest block when it comes round, for lap after lap", () => {
    const flash = small();
    const ring = mount(flash);
    fill(ring, 1, 100);
    // 100 = 14 blocks of 7 and 2: block 15 is being written, one is erased ahead, two hold 7 each: 85 .. 98, and 99, 100.
    assert.deepEqual(readAll(ring), { marks: expected(85, 100), damaged: 0 });
    assert.equal(ring.oldestSeq, 85);
    assert.deepEqual([...flash.eraseCounts], [4, 4, 4, 4], "every block is erased equally often");
  });

  it("never erases in append, and says when no block is ready", () => {
    const flash = small();
    const ring = mount(flash, 2);
    assert.equal(ring.append(testRecord(0)), Append.NoBlock);
    assert.equal(prepareAll(ring), 3);
    const erasesBefore = flash.eraseCounts.reduce((sum, count) => sum + count, 0);
    assert.equal(erasesBefore, 2);
    for (let mark = 1; mark <= 14; mark++) assert.equal(ring.append(testRecord(mark)), Append.Written);
    assert.equal(ring.append(testRecord(15)), Append.NoBlock);
    assert.equal(ring.append(testRecord(15)), Append.NoBlock);
    assert.equal(
      flash.eraseCounts.reduce((sum, count) => sum + count, 0),
      erasesBefore,
    );
    assert.equal(ring.counters.recordsDropped, 3);
    assert.equal(ring.prepare(), Prepare.More);
    assert.equal(ring.append(testRecord(15)), Append.Written);
    assert.equal(ring.nextSeq, 16, "a record that was dropped has no number");
  });

  it("does not trust a blank block after a boot: it is erased again", () => {
    const flash = small();
    prepareAll(mount(flash));
    assert.equal(flash.eraseCounts[0], 1);
    const ring = mount(flash);
    assert.equal(ring.append(testRecord(1)), Append.NoBlock);
    prepareAll(ring);
    assert.equal(flash.eraseCounts[0], 2);
  });

  it("has nothing to erase when it is prepared", () => {
    const flash = small();
    const ring = mount(flash);
    prepareAll(ring);
    for (let i = 0; i < 5; i++) assert.equal(ring.prepare(), Prepare.Done);
    assert.deepEqual([...flash.eraseCounts], [1, 0, 0, 0]);
  });

  it("reads nothing at 0, before the oldest, at the next and beyond", () => {
    const ring = mount(small());
    fill(ring, 1, 40);
    const out = new Uint8Array(32);
    assert.equal(ring.read(ring.oldestSeq, out), Read.Found);
    for (const seq of [0, ring.oldestSeq - 1, ring.nextSeq, 0x7fff_ffff])
      assert.equal(ring.read(seq, out), Read.Absent, `number ${seq}`);
  });

  describe("acknowledgement", () => {
    it("holds across a boot, from the newest block's header or a record in it", () => {
      const flash = small();
      const ring = mount(flash);
      fill(ring, 1, 5);
      assert.equal(ring.acknowledge(4), Append.Written);
      assert.equal(mount(flash).acknowledgedThrough, 4);
      fill(ring, 6, 8); // into the next block
      assert.equal(mount(flash).acknowledgedThrough, 4);
    });

    it("goes only forward", () => {
      const ring = mount(small());
      fill(ring, 1, 5);
      ring.acknowledge(4);
      const { nextSeq } = ring;
      assert.equal(ring.acknowledge(2), Append.Written);
      assert.equal(ring.acknowledgedThrough, 4);
      assert.equal(ring.nextSeq, nextSeq, "nothing was written");
    });

    it("writes no record for its own echo, so that two idle sides come to rest", () => {
      const ring = mount(small());
      fill(ring, 1, 3);
      ring.acknowledge(3);
      assert.equal(ring.nextSeq, 5);
      ring.acknowledge(4);
      assert.equal(ring.acknowledgedThrough, 4);
      assert.equal(ring.nextSeq, 5);
    });

    it("does not acknowledge what it cannot keep", () => {
      const ring = mount(small());
      prepareAll(ring);
      for (let mark = 1; mark <= 7; mark++) ring.append(testRecord(mark));
      assert.equal(ring.acknowledge(7), Append.NoBlock);
      assert.equal(ring.acknowledgedThrough, 0);
      prepareAll(ring);
      assert.equal(ring.acknowledge(7), Append.Written);
    });

    it("counts as lost what was overwritten without it, oldest first", () => {
      const ring = mount(small());
      fill(ring, 1, 14);
      ring.acknowledge(10); // number 15
      fill(ring, 16, 13); // through number 28: four blocks are full
      assert.equal(ring.lostCount, 0);
      prepareAll(ring); // erases 1 .. 7, acknowledged
      assert.equal(ring.oldestSeq, 8);
      assert.equal(ring.lostCount, 0);
      fill(ring, 29, 7);
      prepareAll(ring); // erases 8 .. 14, of which 11 .. 14 were not
      assert.equal(ring.lostCount, 4);
      ring.acknowledge(20);
      assert.equal(ring.lostCount, 0);
    });
  });

  describe("rot", () => {
    it("skips a record with one bit turned over, wherever it is, and reads the others", () => {
      for (let bit = 0; bit < 256; bit++) {
        const flash = small();
        fill(mount(flash), 1, 10);
        flash.flipBit(3 * 32 + (bit >> 3), bit & 7); // record 3
        const found = readAll(mount(flash));
        assert.equal(found.damaged, 1, `bit ${bit}`);
        const rest = expected(1, 10);
        rest.delete(3);
        assert.deepEqual(found.marks, rest);
      }
    });

    it("reads a block whose first header is rotten by its last slot, the only block too", () => {
      for (const [block, count] of [
        [0, 3],
        [0, 17],
        [1, 17],
        [2, 17],
      ] as const)
        for (let bit = 0; bit < 256; bit++) {
          const flash = small();
          fill(mount(flash), 1, count);
          flash.flipBit(block * 288 + (bit >> 3), bit & 7);
          const ring = mount(flash);
          assert.deepEqual(readAll(ring), { marks: expected(1, count), damaged: 0 }, `block ${block}, bit ${bit}`);
          assert.equal(ring.bootNumber, 2);
          fill(ring, count + 1, 5);
          assert.deepEqual(readAll(ring).marks, expected(1, count + 5));
        }
    });

    it("does without the last slot", () => {
      for (const block of [0, 1, 2]) {
        const flash = small();
        fill(mount(flash), 1, 17);
        flash.flipBit(block * 288 + 8 * 32 + 7, 3);
        assert.deepEqual(readAll(mount(flash)), { marks: expected(1, 17), damaged: 0 });
      }
    });

    it("reads the other blocks when both headers of one are rotten", () => {
      const flash = small();
      fill(mount(flash), 1, 17);
      flash.flipBit(288 + 6, 0);
      flash.flipBit(288 + 8 * 32 + 6, 0);
      const rest = expected(1, 17);
      for (let seq = 8; seq <= 14; seq++) rest.delete(seq);
      assert.deepEqual(readAll(mount(flash)), { marks: rest, damaged: 0 });
    });

    it("writes after a bit that turned over in the blank part, while running and across a boot", () => {
      const running = small();
      const ring = mount(running);
      fill(ring, 1, 2);
      running.flipBit(3 * 32 + 9, 0);
      fill(ring, 3, 2);
      assert.equal(ring.counters.writeFailures, 1);
      assert.equal(running.misuseCount, 0, "it looks before it writes");
      assert.deepEqual([...readAll(mount(running)).marks.values()], [1, 2, 3, 4]);

      const off = small();
      fill(mount(off), 1, 2);
      off.flipBit(3 * 32 + 9, 0);
      fill(mount(off), 3, 2);
      assert.deepEqual([...readAll(mount(off)).marks.values()], [1, 2, 3, 4]);
    });

    it("finds no log in anything else: noise, zeros, another version", () => {
      const noise = new FlashPartition({ blocks: 4, blockBytes: 288, seed: 5 });
      for (let i = 0; i < 1152; i++) noise.contents[i] = Math.imul(i * 2 + 1, 0x9e3779b1) >>> 24;
      const zeros = new FlashPartition({ contents: new Uint8Array(1152), blockBytes: 288 });
      for (const flash of [noise, zeros]) {
        const ring = mount(flash);
        assert.equal(ring.state, LogState.Ready);
        assert.equal(ring.nextSeq, 1);
        fill(ring, 1, 10);
        assert.deepEqual(readAll(mount(flash)).marks, expected(1, 10));
      }
    });
  });

  describe("worn flash", () => {
    for (const wear of ["eraseThrows", "eraseLeavesBits"] as const)
      it(`leaves out a block of which it is true that ${wear}`, () => {
        const flash = small();
        flash.wearOut(2, wear);
        const ring = mount(flash);
        fill(ring, 1, 50);
        assert.equal(ring.state, LogState.Ready);
        assert.equal(ring.counters.eraseFailures, 1, "tried once a boot");
        const { marks } = readAll(mount(flash));
        assert.equal([...marks.values()].at(-1), 50);
        assert(marks.size >= 8, `${marks.size} records in two blocks`);
      });

    for (const wear of ["writeThrows", "writeLosesBits"] as const)
      it(`goes on in the next block when ${wear}`, () => {
        const flash = small(1);
        flash.wearOut(1, wear);
        const ring = mount(flash, 2);
        fill(ring, 1, 30);
        assert.equal(ring.state, LogState.Ready);
        const { marks } = readAll(ring);
        const values = [...marks.values()];
        assert.equal(values.at(-1), 30);
        for (let i = 1; i < values.length; i++) assert.equal(values[i], (values[i - 1] ?? 0) + 1, "none is missing");
      });

    it("goes on in the next block when one wears out while it is written", () => {
      const flash = small();
      const ring = mount(flash, 2);
      prepareAll(ring);
      for (let mark = 1; mark <= 3; mark++) ring.append(testRecord(mark));
      flash.wearOut(0, "writeThrows");
      assert.equal(ring.append(testRecord(4)), Append.Written);
      assert.equal(ring.nextSeq, 9, "the second block begins with number 8");
      assert.deepEqual(
        [...readAll(mount(flash)).marks],
        [
          [1, 1],
          [2, 2],
          [3, 3],
          [8, 4],
        ],
      );
    });

    it("ceases when two blocks in a row take nothing, and does not erase the old ones for it", () => {
      for (const wear of ["writeThrows", "writeLosesBits"] as const) {
        const flash = small();
        const ring = mount(flash, 2);
        fill(ring, 1, 9);
        for (let block = 0; block < 4; block++) flash.wearOut(block, wear);
        let outcome = Append.Written;
        for (let i = 0; i < 10 && outcome !== Append.NoLog; i++) {
          outcome = ring.append(testRecord(99));
          if (ring.state === LogState.Ready) ring.prepare();
        }
        assert.equal(outcome, Append.NoLog);
        assert.equal(ring.state, LogState.WriteFails);
        assert.equal(ring.prepare(), Prepare.NoLog);
        assert.deepEqual(readAll(ring).marks, expected(1, 9), "what is there can be read");
      }
    });

    it("bears any number of failures that do not follow on one another", () => {
      const flash = small();
      const ring = mount(flash, 2);
      for (let mark = 1; mark <= 20; mark++) {
        prepareAll(ring);
        flash.flipBit((flash.contents.lastIndexOf(0x70) & ~31) + 32 + 9, 0); // in the slot after the last record
        ring.append(testRecord(mark));
      }
      assert(ring.counters.writeFailures >= 8, `${ring.counters.writeFailures} failures`);
      assert.equal(ring.state, LogState.Ready);
    });

    it("finds what comes after a slot that stayed blank because its write failed", () => {
      const flash = small();
      const ring = mount(flash);
      fill(ring, 1, 2);
      const write = flash.write.bind(flash);
      flash.write = () => {
        flash.write = write;
        throw new Error("write failed");
      };
      fill(ring, 3, 2);
      const again = mount(flash);
      assert.deepEqual(
        [...readAll(again).marks],
        [
          [1, 1],
          [2, 2],
          [4, 3],
          [5, 4],
        ],
      );
      assert.equal(again.nextSeq, 6);
    });

    it("ceases when no block can be erased any more", () => {
      const flash = small();
      const ring = mount(flash);
      prepareAll(ring);
      for (let block = 0; block < 4; block++) flash.wearOut(block, "eraseThrows");
      for (let mark = 1; mark <= 7; mark++) assert.equal(ring.append(testRecord(mark)), Append.Written);
      assert.equal(ring.append(testRecord(8)), Append.NoBlock);
      prepareAll(ring);
      assert.equal(ring.state, LogState.Worn);
      assert.equal(ring.append(testRecord(8)), Append.NoLog);
      assert.deepEqual(readAll(ring).marks, expected(1, 7));
    });

    it("does not write a record twice when a write arrives and throws all the same", () => {
      const flash = small();
      const lying: FlashPort = {
        read: (bytes, offset) => flash.read(bytes, offset),
        write: (bytes, offset) => {
          flash.write(bytes, offset);
          throw new Error("write failed");
        },
        eraseBlock: (block) => flash.eraseBlock(block),
        status: () => flash.status(),
        close: () => {},
      };
      const ring = new RecordRing(optionsOf(lying), 1);
      fill(ring, 1, 9);
      assert.deepEqual(readAll(mount(flash)).marks, expected(1, 9));
    });
  });

  describe("no log", () => {
    const broken = (what: keyof FlashPort): FlashPort => {
      const flash = small();
      const fail = (): never => {
        throw new Error(`${what} failed`);
      };
      const port: FlashPort = {
        read: (bytes, offset) => flash.read(bytes, offset),
        write: (bytes, offset) => flash.write(bytes, offset),
        eraseBlock: (block) => flash.eraseBlock(block),
        status: () => flash.status(),
        close: () => {},
      };
      return { ...port, [what]: fail };
    };

    it("is what a board without the partition has, and one that cannot open it", () => {
      const none = new RecordRing(undefined, 1);
      const failing = new RecordRing(
        {
          io: class {
            constructor() {
              throw new Error("can't find partition");
            }
            read(): void {}
            write(): void {}
            eraseBlock(): void {}
            status(): { size: number; blockLength: number } {
              return { size: 0, blockLength: 0 };
            }
            close(): void {}
          },
        },
        1,
      );
      const statusless = new RecordRing(optionsOf(broken("status")), 1);
      for (const ring of [none, failing, statusless]) {
        assert.equal(ring.state, LogState.NoPartition);
        assert.equal(ring.append(testRecord(1)), Append.NoLog);
        assert.equal(ring.prepare(), Prepare.NoLog);
        assert.equal(ring.read(1, new Uint8Array(32)), Read.Absent);
        assert.equal(ring.acknowledge(1), Append.NoLog);
        assert.equal(ring.oldestSeq, ring.nextSeq);
        ring.wipe(1);
        ring.close();
      }
    });

    it("is what a partition of one block too few gives", () => {
      const three = new FlashPartition({ blocks: 3, blockBytes: 288 });
      assert.equal(mount(three, 2).state, LogState.TooSmall);
      assert.equal(mount(three, 1).state, LogState.Ready);
    });

    for (const what of ["read", "write", "eraseBlock", "close"] as const)
      it(`never throws when ${what} does`, () => {
        const ring = new RecordRing(optionsOf(broken(what)), 1);
        for (let i = 0; i < 30; i++) {
          ring.prepare();
          ring.append(testRecord(i));
        }
        readAll(ring);
        ring.acknowledge(1);
        assert.equal(ring.state !== LogState.Ready, what !== "close");
        ring.close();
      });
  });

  describe("wiping", () => {
    it("leaves no byte of a record and goes on with the numbers", () => {
      const flash = small();
      const ring = mount(flash);
      fill(ring, 1, 25);
      ring.wipe(ring.nextSeq);
      assert.equal(ring.oldestSeq, ring.nextSeq);
      assert.equal(prepareAll(ring), 5, "four blocks and Done");
      assert(flash.contents.every((byte) => byte === 0xff));
      fill(ring, 26, 2);
      assert.deepEqual(
        [...readAll(mount(flash)).marks],
        [
          [26, 26],
          [27, 27],
        ],
      );
      assert.equal(ring.lostCount, 0);
      assert.equal(mount(flash).lostCount, 0);
    });

    it("blackens a block that will not be erased", () => {
      const wears: Wear[] = ["eraseThrows", "eraseLeavesBits"];
      for (const wear of wears) {
        const flash = small();
        const ring = mount(flash);
        fill(ring, 1, 25);
        flash.wearOut(1, wear);
        ring.wipe(ring.nextSeq);
        prepareAll(ring);
        assert(
          flash.contents.subarray(288, 576).every((byte) => byte === 0),
          wear,
        );
        assert(flash.contents.subarray(576).every((byte) => byte === 0xff));
      }
    });

    it("works for a log that had ceased", () => {
      const flash = small();
      const ring = mount(flash);
      fill(ring, 1, 7);
      for (let block = 0; block < 4; block++) flash.wearOut(block, "writeThrows");
      prepareAll(ring);
      for (let i = 0; i < 5; i++) {
        ring.append(testRecord(0));
        ring.prepare();
      }
      assert.equal(ring.state, LogState.WriteFails);
      ring.wipe(ring.nextSeq);
      prepareAll(ring);
      assert(flash.contents.every((byte) => byte === 0xff));
    });
  });
});
