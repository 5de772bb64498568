import assert from "node:assert/strict";
import { ChipMisuse } from "../../hosts/sim/board/chip-misuse.js";
import { ChipRig } from "./chip-rig.js";

/** Typed from the datasheet's register map as hardware.md 1.2 gives it. */
function assertForbidden(act: () => void, pattern: RegExp): void {
  assert.throws(act, (error) => error instanceof ChipMisuse && pattern.test(error.message), String(pattern));
}

describe("MAX30102 registers", () => {
  it("read as the datasheet's reset values after power-up", () => {
    const rig = new ChipRig();
    assert.equal(rig.read(0x00), 0x01, "INT_STATUS_1: PWR_RDY");
    for (let register = 0x01; register <= 0x30; register++) {
      const expected = register >= 0x13 && register <= 0x17 ? 0xff : 0x00;
      assert.equal(rig.read(register), expected, `register 0x${register.toString(16)}`);
    }
    assert.equal(rig.read(0xfe), 0x03, "REV_ID");
    assert.equal(rig.read(0xff), 0x15, "PART_ID");
  });

  it("keep what is written to their bits, and drop the bits that are not there", () => {
    const rig = new ChipRig();
    const table = [
      [0x02, 0xf0, 0xf0],
      [0x03, 0x02, 0x02],
      [0x08, 0xff, 0xff],
      [0x0b, 0xa5, 0xa5],
      [0x0c, 0xff, 0xff],
      [0x0d, 0x24, 0x24],
      [0x0e, 0x5a, 0x5a],
      [0x0f, 0x5a, 0x5a],
      [0x10, 0x7f, 0x7f],
      [0x11, 0xa9, 0x21],
      [0x12, 0x88, 0x00],
      [0x13, 0x00, 0x00],
      [0x17, 0x55, 0x55],
      [0x22, 0x01, 0x01],
      [0x30, 0xff, 0xff],
      [0x0a, 0x7f, 0x7f],
    ] as const;
    for (const [register, written, expected] of table) {
      rig.write(register, written);
      assert.equal(rig.read(register), expected, `register 0x${register.toString(16)}`);
    }
  });

  it("go from all ones to zero, field by field", () => {
    const rig = new ChipRig();
    for (const register of [0x08, 0x0c, 0x0d, 0x0b, 0x13, 0x22]) {
      rig.write(register, 0xff);
      for (let bit = 0; bit < 8; bit++) {
        rig.write(register, 0xff & ~(1 << bit));
        assert.equal(rig.read(register), 0xff & ~(1 << bit));
      }
    }
  });

  it("cannot be written where they are read-only or not there", () => {
    for (const register of [0x00, 0x01, 0x18, 0x1e, 0x1f, 0x20, 0xfe, 0xff])
      assertForbidden(() => new ChipRig().write(register, 0), /read-only/);
    for (const register of [0x31, 0x80, 0xfd]) {
      assertForbidden(() => new ChipRig().write(register, 0), /no such register/);
      assertForbidden(() => new ChipRig().read(register), /no such register/);
    }
    assertForbidden(() => new ChipRig().write(0x07, 0), /FIFO_DATA/);
  });

  it("refuse ones where the datasheet prints zeros", () => {
    assertForbidden(() => new ChipRig().write(0x0a, 0x80), /must be 0/);
    assertForbidden(() => new ChipRig().write(0x02, 0x01), /must be 0/);
    assertForbidden(() => new ChipRig().write(0x02, 0x08), /must be 0/);
    assertForbidden(() => new ChipRig().write(0x03, 0x80), /must be 0/);
  });

  it("refuse the mode codes that are not to be used, and leaving a mode for none", () => {
    for (const mode of [1, 4, 5, 6]) {
      assertForbidden(() => new ChipRig().write(0x09, mode), /do not use/);
      assertForbidden(() => new ChipRig().write(0x09, 0x80 | mode), /do not use/);
    }
    const rig = new ChipRig();
    rig.write(0x09, 0x80); // shut down before the first mode
    rig.write(0x09, 0x00);
    for (const mode of [2, 3, 7]) rig.write(0x09, mode);
    assertForbidden(() => rig.write(0x09, 0x80), /mode 0/);
  });

  it("refuse reserved slot codes and slots out of order", () => {
    for (const code of [5, 6, 7]) {
      assertForbidden(() => new ChipRig().write(0x11, code), /slot/);
      assertForbidden(() => new ChipRig().write(0x12, code << 4), /slot/);
    }
    const rig = new ChipRig();
    rig.write(0x11, 0x20); // slot 2 without slot 1, as yet without effect
    assertForbidden(() => rig.write(0x09, 0x07), /order/);
  });

  it("name register, value and time of a misuse, and keep it", () => {
    const rig = new ChipRig();
    rig.clock.runUntil(1234);
    assert.throws(
      () => rig.write(0xff, 0x42),
      (error) =>
        error instanceof ChipMisuse && error.register === 0xff && error.value === 0x42 && error.timeUs === 1234,
    );
    assert.match(rig.chip.misuse?.message ?? "", /^MAX30102: write of 0x42 to 0xff at 1234 us: read-only$/);
  });

  it("advance their address over a burst, on writes and on reads", () => {
    const rig = new ChipRig();
    rig.write(0x0c, 0x11, 0x22, 0x33);
    assert.deepEqual(rig.readMany(0x0b, 5), [0x00, 0x11, 0x22, 0x33, 0x00]);
  });

  it("keep their address over a STOP", () => {
    const rig = new ChipRig();
    rig.write(0x0c, 0x11, 0x22);
    rig.bus.write(0x57, Uint8Array.of(0x0c));
    const into = new Uint8Array(2);
    rig.bus.read(0x57, into);
    assert.deepEqual([...into], [0x11, 0x22]);
  });

  it("do not wrap behind 0xFF: that is a misuse", () => {
    const rig = new ChipRig();
    assert.deepEqual(rig.readMany(0xfe, 2), [0x03, 0x15]);
    assertForbidden(() => rig.readMany(0xfe, 3), /no such register/);
  });

  it("stick at 0x07: a burst from below pops samples", () => {
    const rig = new ChipRig();
    rig.start();
    rig.sample(3);
    rig.readMany(0x04, 3 + 6); // pointers, then one whole sample
    assert.equal(rig.chip.unreadCount, 2);
  });

  it("clamp the rate to the highest that fits the pulse width, and show it", () => {
    // Rows SR code 0 .. 7, columns LED_PW code 0 .. 3: the SR code that is read back.
    const twoLeds = ["0000", "1111", "2222", "3333", "4443", "5543", "6543", "6543"];
    const oneLed = ["0000", "1111", "2222", "3333", "4444", "5555", "6665", "7665"];
    const modes = [
      ["SpO2", 3, twoLeds, 0],
      ["heart rate", 2, oneLed, 0],
      ["multi-LED, one slot", 7, oneLed, 0x02],
      ["multi-LED, two slots", 7, twoLeds, 0x21],
    ] as const;
    for (const [name, mode, table, slots] of modes)
      for (let rate = 0; rate < 8; rate++)
        for (let pulse = 0; pulse < 4; pulse++) {
          const expected = Number(table[rate]?.[pulse]);
          for (const modeFirst of [true, false]) {
            const rig = new ChipRig();
            rig.write(0x11, slots);
            if (modeFirst) rig.write(0x09, mode);
            rig.write(0x0a, 0x60 | (rate << 2) | pulse);
            if (!modeFirst) rig.write(0x09, mode);
            const readBack = rig.read(0x0a);
            const what = `${name}, SR ${rate}, PW ${pulse}${modeFirst ? "" : ", mode last"}`;
            assert.equal((readBack >> 2) & 7, expected, what);
            assert.equal(readBack & 0x63, 0x60 | pulse, `${what}: the other fields`);
          }
        }
  });
});
