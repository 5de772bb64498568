import assert from "node:assert/strict";
import { CRC32_START, crc32, crc32Step, crc32StepUint32 } from "storage/crc32";

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe("CRC-32", () => {
  it("gives the check value of the catalogue for 123456789", () => {
    // CRC-32/ISO-HDLC: check 0xcbf43926 (reveng.sourceforge.io catalogue)
    assert.equal(crc32(ascii("123456789"), 0, 9) >>> 0, 0xcbf43926);
  });

  it("gives the sum that every PNG carries at its end", () => {
    assert.equal(crc32(ascii("IEND"), 0, 4) >>> 0, 0xae426082); // PNG specification: an IEND chunk's last four bytes
  });

  it("is 0 over nothing, and takes only the range it is given", () => {
    assert.equal(crc32(ascii("123"), 1, 1), 0);
    assert.equal(crc32(ascii("x123456789x"), 1, 10) >>> 0, 0xcbf43926);
  });

  it("goes on where it stopped, also over a number as its four bytes", () => {
    const bytes = Uint8Array.of(0x78, 0x56, 0x34, 0x92, 5, 6);
    const joined = ~crc32Step(crc32StepUint32(CRC32_START, 0x92345678), bytes, 4, 6);
    assert.equal(joined, crc32(bytes, 0, 6));
  });
});
