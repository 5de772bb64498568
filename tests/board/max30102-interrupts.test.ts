import assert from "node:assert/strict";
import { ChipRig, numbered, SAMPLE_US } from "./chip-rig.js";

const A_FULL = 0x80;
const PPG_RDY = 0x40;
const ALC_OVF = 0x20;
const PWR_RDY = 0x01;

describe("MAX30102 interrupts", () => {
  it("hold INT low from power-up until the status is read", () => {
    const rig = new ChipRig();
    assert.equal(rig.alert.level, 0);
    rig.read(0x01);
    rig.read(0xff);
    assert.equal(rig.alert.level, 0);
    assert.equal(rig.read(0x00), PWR_RDY);
    assert.equal(rig.alert.level, 1);
    assert.equal(rig.read(0x00), 0);
  });

  it("show a brown-out by PWR_RDY, with every register at reset and the FIFO empty", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.write(0x02, 0x80);
    rig.sample(5);
    rig.chip.powerUp();
    assert.equal(rig.alert.level, 0);
    rig.sample(5);
    assert.equal(rig.read(0x00), PWR_RDY);
    assert.deepEqual([rig.read(0x02), rig.read(0x08), rig.read(0x09), rig.read(0x0a)], [0, 0, 0, 0]);
    assert.deepEqual(rig.pointers, [0, 0, 0]);
    assert.equal(rig.read(0xff), 0x15);
  });

  it("do not take a soft reset for a power-up", () => {
    const rig = new ChipRig();
    rig.read(0x00);
    rig.write(0x09, 0x40);
    rig.sample(1);
    assert.equal(rig.alert.level, 1);
    assert.equal(rig.read(0x00), 0);
  });

  it("raise A_FULL when as many slots are free as its field says: 17 unread for 0xF, 32 for 0x0", () => {
    for (const [field, unread] of [
      [0xf, 17],
      [0xe, 18],
      [0x1, 31],
      [0x0, 32],
    ] as const) {
      const rig = new ChipRig(numbered());
      rig.start(field);
      rig.write(0x02, A_FULL);
      rig.sample(unread - 1);
      assert.equal(rig.alert.level, 1, `${unread - 1} unread, field ${field}`);
      rig.sample(1);
      assert.equal(rig.alert.level, 0, `${unread} unread, field ${field}`);
      assert.equal(rig.read(0x00) & A_FULL, A_FULL);
      assert.equal(rig.alert.level, 1);
    }
  });

  it("release INT by the status, not by the FIFO, after A_FULL", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.write(0x02, A_FULL);
    rig.sample(17);
    rig.values(34);
    assert.equal(rig.alert.level, 0);
    rig.read(0x00);
    assert.equal(rig.alert.level, 1);
  });

  it("crossing: A_FULL does not come again while the FIFO is not drained, and does after a drain", () => {
    const rig = new ChipRig(numbered(), { aFullRefire: "crossing" });
    rig.start();
    rig.write(0x02, A_FULL);
    rig.sample(17);
    rig.read(0x00);
    rig.sample(60);
    assert.equal(rig.alert.level, 1, "status cleared, FIFO full: nothing more is heard");
    rig.values(64);
    rig.sample(16);
    assert.equal(rig.alert.level, 1);
    rig.sample(1);
    assert.equal(rig.alert.level, 0);
  });

  it("crossing: a full FIFO that rolls over stays full and says so once", () => {
    const rig = new ChipRig(numbered(), { aFullRefire: "crossing", rolloverPush: "rdPushed" });
    rig.start(0x10);
    rig.write(0x02, A_FULL);
    rig.sample(32);
    assert.equal(rig.read(0x00) & A_FULL, A_FULL);
    rig.sample(40);
    assert.equal(rig.alert.level, 1);
  });

  it("crossing: with RD left behind, A_FULL comes again each time round", () => {
    const rig = new ChipRig(numbered(), { aFullRefire: "crossing", rolloverPush: "rdStays" });
    rig.start(0x1f);
    rig.write(0x02, A_FULL);
    rig.sample(17);
    rig.read(0x00);
    rig.sample(31); // the pointers now show 16
    assert.equal(rig.alert.level, 1);
    rig.sample(1);
    assert.equal(rig.alert.level, 0);
  });

  it("level: A_FULL comes again with every sample stored while few slots are free", () => {
    const rig = new ChipRig(numbered(), { aFullRefire: "level" });
    rig.start();
    rig.write(0x02, A_FULL);
    rig.sample(16);
    assert.equal(rig.alert.level, 1);
    for (let unread = 17; unread <= 32; unread++) {
      rig.sample(1);
      assert.equal(rig.alert.level, 0, `${unread} unread`);
      rig.read(0x00);
    }
    rig.sample(1);
    assert.equal(rig.alert.level, 1, "a dropped sample is no push");
  });

  it("raise PPG_RDY with each sample; reading the status or the FIFO clears it", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.write(0x02, PPG_RDY);
    rig.sample(1);
    assert.equal(rig.alert.level, 0);
    rig.values(2);
    assert.equal(rig.alert.level, 1);
    assert.equal(rig.read(0x00), 0);
    rig.sample(1);
    assert.equal(rig.read(0x00), PPG_RDY);
    assert.equal(rig.alert.level, 1);
  });

  it("can be polled with the enables off, and then leave INT alone", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.sample(17);
    assert.equal(rig.alert.level, 1);
    assert.equal(rig.read(0x00), A_FULL | PPG_RDY);
  });

  it("pull INT as soon as a flag that is already set is enabled", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.sample(1);
    rig.write(0x02, PPG_RDY);
    assert.equal(rig.alert.level, 0);
    rig.write(0x02, 0);
    assert.equal(rig.alert.level, 1);
  });

  it("raise ALC_OVF when ambient light overruns the canceller", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.write(0x02, ALC_OVF);
    rig.sample(1);
    assert.equal(rig.alert.level, 1);
    rig.lamp.isOverrun = true;
    rig.sample(1);
    assert.equal(rig.alert.level, 0);
    assert.equal(rig.read(0x00) & ALC_OVF, ALC_OVF);
  });

  it("know no overflow of the FIFO", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.write(0x02, 0xe0);
    rig.sample(32);
    rig.read(0x00);
    rig.sample(50);
    assert.equal(rig.read(0x00), 0);
    assert.equal(rig.read(0x05), 31);
  });

  it("are all cleared by shutdown", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.write(0x02, A_FULL | PPG_RDY);
    rig.sample(17);
    rig.write(0x03, 0x02);
    rig.write(0x21, 1);
    rig.sample(3);
    rig.write(0x09, 0x83);
    assert.equal(rig.alert.level, 1);
    assert.deepEqual(rig.readMany(0x00, 2), [0, 0]);
  });

  it("come every 170 ms at the project's settings when each is served at once", () => {
    const rig = new ChipRig(numbered());
    rig.start();
    rig.write(0x02, A_FULL);
    const heardUs: number[] = [];
    rig.alert.onChange((level) => {
      if (level === 0) heardUs.push(rig.clock.nowUs);
    });
    for (let i = 0; i < 600; i++) {
      rig.sample(1);
      if (rig.alert.level === 1) continue;
      rig.read(0x00);
      rig.values(34);
    }
    assert.deepEqual(
      heardUs,
      Array.from({ length: 35 }, (_, i) => (i + 1) * 17 * SAMPLE_US),
    );
  });
});
