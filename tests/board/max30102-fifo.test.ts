import assert from "node:assert/strict";
import { ChipRig, numbered, SAMPLE_US } from "./chip-rig.js";

describe("MAX30102 FIFO", () => {
  it("gives red, then IR, most significant byte first, oldest sample first", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.sample(3);
    assert.deepEqual(rig.pointers, [3, 0, 0]);
    assert.deepEqual(rig.readMany(0x07, 6), [0x00, 0x03, 0xe9, 0x00, 0x07, 0xd1]); // 1001 and 2001
    assert.deepEqual(rig.values(4), [1002, 2002, 1003, 2003]);
    assert.deepEqual(rig.pointers, [3, 0, 3]);
    assert.equal(rig.chip.unreadCount, 0);
  });

  it("has equal pointers both when empty and when exactly full", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.sample(31);
    assert.deepEqual(rig.pointers, [31, 0, 0]);
    rig.sample(1);
    assert.deepEqual(rig.pointers, [0, 0, 0]);
    assert.equal(rig.chip.unreadCount, 32);
    const values = rig.values(64);
    assert.deepEqual(values.slice(0, 2), [1001, 2001]);
    assert.deepEqual(values.slice(62), [1032, 2032]);
    assert.deepEqual(rig.pointers, [0, 0, 0]);
    assert.equal(rig.chip.unreadCount, 0);
  });

  it("without rollover drops new samples and counts them to 31, no further", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.sample(33);
    assert.deepEqual(rig.pointers, [0, 1, 0]);
    rig.sample(30);
    assert.deepEqual(rig.pointers, [0, 31, 0]);
    rig.sample(100);
    assert.deepEqual(rig.pointers, [0, 31, 0]);
    assert.equal(rig.chip.droppedCount, 131);
    assert.deepEqual(rig.values(2), [1001, 2001], "the oldest sample is still there");
  });

  it("zeroes the overflow counter as soon as one sample is popped", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.sample(40);
    assert.equal(rig.read(0x05), 8);
    rig.readMany(0x07, 1);
    assert.equal(rig.read(0x05), 0);
    rig.sample(1);
    assert.deepEqual(rig.pointers, [1, 0, 1], "one slot was free again");
  });

  it("wraps its pointers at 32", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.sample(20);
    rig.values(40);
    rig.sample(20);
    assert.deepEqual(rig.pointers, [8, 0, 20]);
    assert.deepEqual(rig.values(40).slice(38), [1040, 2040]);
    assert.deepEqual(rig.pointers, [8, 0, 8]);
  });

  it("has spent a sample with its first byte: the rest of a cut transfer is gone", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.sample(3);
    rig.readMany(0x07, 1);
    assert.deepEqual(rig.pointers, [3, 0, 1]);
    assert.deepEqual(rig.values(2), [1002, 2002]);
  });

  it("gives a sample again when RD is written back", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.sample(3);
    rig.readMany(0x07, 8);
    assert.deepEqual(rig.pointers, [3, 0, 2]);
    rig.write(0x06, 1);
    assert.deepEqual(rig.values(4), [1002, 2002, 1003, 2003]);
  });

  it("is empty after zeroes to its three pointer registers", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.sample(45);
    rig.write(0x04, 0, 0, 0);
    assert.deepEqual(rig.pointers, [0, 0, 0]);
    assert.equal(rig.chip.unreadCount, 0);
    rig.sample(1);
    assert.deepEqual(rig.values(2), [1046, 2046]);
  });

  it("takes no pointer writes before a mode is set", () => {
    const rig = new ChipRig();
    rig.write(0x04, 5, 6, 7);
    assert.deepEqual(rig.pointers, [0, 0, 0]);
    rig.write(0x09, 0x83);
    rig.write(0x04, 5, 6, 7);
    assert.deepEqual(rig.pointers, [5, 6, 7]);
  });

  it("keeps its data through a change of mode and through shutdown", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.sample(2);
    rig.write(0x09, 0x83);
    rig.sample(50);
    assert.deepEqual(rig.pointers, [2, 0, 0]);
    rig.write(0x09, 0x82);
    assert.deepEqual(rig.values(2), [1001, 1002], "red only: three bytes a sample");
  });

  it("has three bytes a sample for one LED, and three for each slot of multi-LED mode", () => {
    const one = new ChipRig(numbered());
    one.start(0x0f, 0x27, 2);
    one.sample(2);
    assert.deepEqual(one.values(2), [1001, 1002]);
    const irOnly = new ChipRig(numbered());
    irOnly.write(0x11, 0x02);
    irOnly.start(0x0f, 0x27, 7);
    irOnly.sample(2);
    assert.deepEqual(irOnly.values(2), [2001, 2002]);
    const three = new ChipRig(numbered());
    three.write(0x11, 0x12, 0x02); // IR, red, IR
    three.start(0x0f, 0x27, 7);
    three.sample(2);
    assert.deepEqual(three.values(6), [2001, 1001, 2001, 2002, 1002, 2002]);
  });

  describe("with rollover, once full", () => {
    it("rdStays: the write pointer passes RD, and only the backlog modulo 32 shows", () => {
      const rig = new ChipRig(numbered(), { rolloverPush: "rdStays" });
      rig.start(0x1f);
      rig.sample(35);
      assert.deepEqual(rig.pointers, [3, 0, 0]);
      assert.equal(rig.chip.unreadCount, 3);
      assert.deepEqual(rig.values(6), [1033, 2033, 1034, 2034, 1035, 2035]);
    });

    it("rdPushed: RD goes along, and the overflow counter counts to 31", () => {
      const rig = new ChipRig(numbered(), { rolloverPush: "rdPushed" });
      rig.start(0x1f);
      rig.sample(35);
      assert.deepEqual(rig.pointers, [3, 3, 3]);
      assert.equal(rig.chip.unreadCount, 32);
      assert.deepEqual(rig.values(64).slice(0, 2), [1004, 2004]);
      rig.sample(32 + 40);
      assert.equal(rig.read(0x05), 31);
    });
  });

  describe("read when empty", () => {
    const make = (emptyRead: "stale" | "advance" | "zero") => {
      const rig = new ChipRig(numbered(), { emptyRead });
      rig.start();
      rig.sample(33); // one dropped
      rig.values(64);
      return rig;
    };
    it("stale: repeats memory, RD stays", () => {
      const rig = make("stale");
      assert.deepEqual(rig.values(4), [1001, 2001, 1001, 2001]);
      assert.deepEqual(rig.pointers, [0, 0, 0]);
      assert.equal(rig.chip.unreadCount, 0);
    });
    it("advance: repeats memory, RD moves, and the count then shows 31", () => {
      const rig = make("advance");
      assert.deepEqual(rig.values(2), [1001, 2001]);
      assert.deepEqual(rig.pointers, [0, 0, 1]);
      assert.equal(rig.chip.unreadCount, 31);
    });
    it("zero: gives zeros, RD stays", () => {
      const rig = make("zero");
      assert.deepEqual(rig.values(2), [0, 0]);
      assert.deepEqual(rig.pointers, [0, 0, 0]);
    });
  });

  it("keeps its order when it is drained while samples keep coming, 90,000 times", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    let expected = 1;
    for (let drain = 0; drain < 5000; drain++) {
      rig.sample(18);
      const [write = 0, overflow = 0, read = 0] = rig.pointers;
      assert.equal(overflow, 0);
      const count = (write - read) & 31;
      assert.equal(count, 18);
      const values = rig.values(2 * count);
      for (let i = 0; i < count; i++, expected++) assert.equal(values[2 * i], 1000 + expected);
    }
    assert.equal(rig.clock.nowUs, 90_000 * SAMPLE_US);
  });
});
