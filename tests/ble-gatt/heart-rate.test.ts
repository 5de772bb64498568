import assert from "node:assert/strict";
import { encodeHeartRate, rrSentIn } from "ble-gatt/heart-rate";

const MTU_23 = 20; // an ATT notification has a header of 3 bytes
const MTU_247 = 244;

function encoded(inContact: boolean, bpm: number | undefined, rr: number[], bytesMax = MTU_23): Uint8Array {
  const out = new Uint8Array(256);
  const rrTicks = Uint16Array.from(rr);
  return out.slice(0, encodeHeartRate(out, bytesMax, { inContact, bpm, rrTicks, rrCount: rr.length }));
}
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

// All bytes by hand from the layout of 2A37: flags (bit 0 UINT16, 1 contact, 2 contact supported, 3 energy, 4 RR),
// heart rate, RR intervals in 1/1024 s, everything little endian.
describe("heart rate measurement 2A37", () => {
  it("puts two intervals, oldest first, after an 8-bit rate", () => {
    assert.equal(hex(encoded(true, 72, [852, 864])), "16 48 54 03 60 03");
  });

  it("says no contact and no reading in two bytes, whatever else is known", () => {
    assert.equal(hex(encoded(false, undefined, [])), "04 00");
    assert.equal(hex(encoded(false, 72, [852])), "04 00");
    assert.equal(hex(encoded(false, 300, [852])), "04 00");
  });

  it("says contact without a reading", () => {
    assert.equal(hex(encoded(true, undefined, [])), "06 00");
  });

  it("has one interval, the shortest and the longest that it can carry", () => {
    assert.equal(hex(encoded(true, 60, [1])), "16 3c 01 00");
    assert.equal(hex(encoded(true, 60, [65535])), "16 3c ff ff");
  });

  it("turns to 16 bits above 255", () => {
    assert.equal(hex(encoded(true, 255, [])), "06 ff");
    assert.equal(hex(encoded(true, 256, [])), "07 00 01");
    assert.equal(hex(encoded(true, 255, [240])), "16 ff f0 00");
    assert.equal(hex(encoded(true, 256, [240])), "17 00 01 f0 00");
  });

  it("carries 9 intervals at MTU 23 and leaves the tenth", () => {
    const nine = "16 3c 01 02 02 02 03 02 04 02 05 02 06 02 07 02 08 02 09 02";
    const rr = [0x201, 0x202, 0x203, 0x204, 0x205, 0x206, 0x207, 0x208, 0x209];
    assert.equal(hex(encoded(true, 60, rr)), nine);
    assert.equal(hex(encoded(true, 60, [...rr, 0x20a])), nine);
  });

  it("carries 8 intervals at MTU 23 after a 16-bit rate: 19 bytes", () => {
    const rr = [0x201, 0x202, 0x203, 0x204, 0x205, 0x206, 0x207, 0x208, 0x209];
    assert.equal(
      hex(encoded(true, 0x101, rr)),
      "17 01 01 01 02 02 02 03 02 04 02 05 02 06 02 07 02 08 02", //
    );
  });

  it("carries all 41 intervals of 10 s at 250 ms each at MTU 247", () => {
    assert.equal(encoded(true, 240, new Array(41).fill(250), MTU_247).length, 2 + 2 * 41);
  });

  it("agrees with itself over the cross product of what can be absent", () => {
    for (const inContact of [false, true])
      for (const bpm of [undefined, 1, 254, 255, 256, 257, 65535])
        for (let rrCount = 0; rrCount <= 12; rrCount++)
          for (const bytesMax of [20, 21, 22, 23, 244]) {
            const rr = Array.from({ length: rrCount }, (_, i) => 0x1234 + 0x111 * i);
            const bytes = encoded(inContact, bpm, rr, bytesMax);
            const told = `contact ${inContact} bpm ${bpm} rr ${rrCount} in ${bytesMax}: ${hex(bytes)}`;
            const view = new DataView(bytes.buffer);
            const flags = view.getUint8(0);
            const wide = (flags & 1) !== 0;
            const header = wide ? 3 : 2;
            const decoded: number[] = [];
            for (let at = header; at < bytes.length; at += 2) decoded.push(view.getUint16(at, true));
            const expectedBpm = inContact ? (bpm ?? 0) : 0;
            const fits = Math.floor((bytesMax - (expectedBpm > 255 ? 3 : 2)) / 2);
            assert.equal(flags & 0b1110_1000, 0, told);
            assert.equal(flags & 0b110, inContact ? 0b110 : 0b100, told);
            assert.equal(wide, expectedBpm > 255, told);
            assert.equal(wide ? view.getUint16(1, true) : view.getUint8(1), expectedBpm, told);
            assert.deepEqual(decoded, inContact ? rr.slice(0, fits) : [], told);
            assert.equal((flags & 0x10) !== 0, decoded.length > 0, told);
            assert.equal(rrSentIn(bytes, bytes.length), decoded.length, told);
            assert.ok(bytes.length <= bytesMax, told);
          }
  });

  it("stays within its buffer when the link would carry more", () => {
    const out = new Uint8Array(5);
    const rrTicks = Uint16Array.of(1, 2, 3);
    assert.equal(encodeHeartRate(out, MTU_247, { inContact: true, bpm: 60, rrTicks, rrCount: 3 }), 4);
    assert.equal(hex(out), "16 3c 01 00 00");
  });
});
