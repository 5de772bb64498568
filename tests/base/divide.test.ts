import assert from "node:assert/strict";
import { quotientFloor, quotientNearest, quotientQ } from "base/divide";
import fc from "fast-check";

describe("integer division", () => {
  it("throws the rest away", () => {
    assert.equal(quotientFloor(0, 7), 0);
    assert.equal(quotientFloor(6, 7), 0);
    assert.equal(quotientFloor(7, 7), 1);
    assert.equal(quotientFloor(13, 7), 1);
    assert.equal(quotientFloor(14, 7), 2);
  });

  it("takes the largest dividend by the smallest and the largest divisor", () => {
    assert.equal(quotientFloor(0x7fff_ffff, 1), 0x7fff_ffff);
    assert.equal(quotientFloor(0x7fff_ffff, 0x3fff_ffff), 2);
    assert.equal(quotientFloor(0x3fff_fffe, 0x3fff_ffff), 0);
  });

  it("refuses a divisor of 0, one of 2^30 and a negative dividend", () => {
    assert.throws(() => quotientFloor(1, 0), /divisor/);
    assert.throws(() => quotientFloor(1, 0x4000_0000), /divisor/);
    assert.throws(() => quotientFloor(-1, 2), /dividend/);
  });

  it("rounds to the nearest, halves away from zero, alike for both signs", () => {
    assert.equal(quotientNearest(5, 10), 1);
    assert.equal(quotientNearest(4, 10), 0);
    assert.equal(quotientNearest(-5, 10), -1);
    assert.equal(quotientNearest(-4, 10), 0);
    assert.equal(quotientNearest(-149, 100), -1);
    assert.equal(quotientNearest(-150, 100), -2);
  });

  it("goes on for binary places", () => {
    assert.equal(quotientQ(1, 3, 16), 21845); // 65536 / 3 = 21845.33
    assert.equal(quotientQ(2, 3, 24), 11184810); // 2 * 2^24 / 3 = 11184810.67
    assert.equal(quotientQ(1024, 100, 16), 671088); // 10.24 * 65536 = 671088.64
    assert.equal(quotientQ(5, 1, 0), 5);
  });

  it("agrees with big integers over the whole range", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7fff_ffff }), fc.integer({ min: 1, max: 0x3fff_ffff }), (n, d) => {
        assert.equal(quotientFloor(n, d), Number(BigInt(n) / BigInt(d)));
      }),
      { seed: 0x5eed_0001, numRuns: 5000 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x3fff_ffff }), fc.integer({ min: 0, max: 24 }), (d, bits) => {
        const divisor = Math.max(1, d);
        const dividend = (divisor >> 1) + (divisor >> 2); // below 1, so every Q fits
        assert.equal(quotientQ(dividend, divisor, bits), Number((BigInt(dividend) << BigInt(bits)) / BigInt(divisor)));
      }),
      { seed: 0x5eed_0002, numRuns: 2000 },
    );
  });
});
