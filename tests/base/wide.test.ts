import assert from "node:assert/strict";
import { Wide } from "base/wide";
import fc from "fast-check";
import { describe, it } from "mocha";

const factor = fc.integer({ min: -(2 ** 30) + 1, max: 2 ** 30 - 1 });
const positive = fc.bigInt({ min: 0n, max: 2n ** 60n - 1n });
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

/** `number`, below 2^60 in magnitude, put together from products. */
function wide(number: bigint): Wide {
  const made = new Wide();
  const magnitude = number < 0n ? -number : number;
  const sign = number < 0n ? -1 : 1;
  made.addProduct(Number(magnitude >> 31n), 1 << 15).shiftLeft(16); // at most 29 bits and 15, then 16: 60 bits
  made.add(Number(magnitude & 0x7fff_ffffn));
  return sign === 1 ? made : new Wide().subtractWide(made);
}

/** Read back bit by bit: 16 at a time from the top. */
function big(number: Wide): bigint {
  const rest = new Wide().copy(number);
  const isNegative = rest.isNegative;
  if (isNegative) rest.clear().subtractWide(number);
  const high = rest.shiftedRight(30);
  const low = new Wide().copy(rest).subtractWide(new Wide().add(high).shiftLeft(30)).toInt32();
  const magnitude = BigInt(high) * 2n ** 30n + BigInt(low);
  return isNegative ? -magnitude : magnitude;
}

describe("wide integers", () => {
  it("hold by hand: 2^40 + 5, from a product and a sum", () => {
    const made = new Wide().addProduct(1 << 20, 1 << 20).add(5);
    assert.equal(made.shiftedRight(20), 1 << 20);
    assert.equal(made.bitLength, 41);
    assert.equal(made.divideFloor(1 << 20).toInt32(), 1 << 20);
  });

  it("add products and terms exactly, whatever the signs", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(factor, factor, int32), { maxLength: 2 }), (terms) => {
        const sum = new Wide();
        let wanted = 0n;
        for (const [a, b, c] of terms) {
          sum.addProduct(a >> 1, b).add(c);
          wanted += BigInt(a >> 1) * BigInt(b) + BigInt(c);
        }
        assert.equal(big(sum), wanted);
      }),
    );
  });

  it("subtract exactly", () => {
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        assert.equal(big(wide(a).subtractWide(wide(b))), a - b);
      }),
    );
  });

  it("scale and divide exactly", () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 2n ** 40n),
        fc.integer({ min: 0, max: 2 ** 20 - 1 }),
        fc.integer({ min: 1, max: 2 ** 30 - 1 }),
        (a, times, by) => {
          assert.equal(big(wide(a).scale(times)), a * BigInt(times));
          assert.equal(big(wide(a).divideFloor(by)), a / BigInt(by));
          assert.equal(big(wide(a).divideNearest(by)), (a + BigInt(by >> 1)) / BigInt(by));
        },
      ),
    );
  });

  it("take the square root to the nearest", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 56n - 1n), (a) => {
        const root = BigInt(wide(a).squareRoot());
        // |root - sqrt a| <= 1/2 means (2 root - 1)^2 <= 4 a <= (2 root + 1)^2
        assert.ok((2n * root - 1n) ** 2n <= 4n * a || root === 0n);
        assert.ok(4n * a <= (2n * root + 1n) ** 2n);
      }),
    );
  });

  it("count their bits", () => {
    for (const bits of [0, 1, 29, 30, 31, 32, 45, 59]) {
      assert.equal(wide(2n ** BigInt(bits)).bitLength, bits + 1);
      assert.equal(wide(2n ** BigInt(bits) - 1n).bitLength, bits);
    }
  });

  it("give ratios in any Q, for wholes on either side of 30 bits", () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 2n ** 59n),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 24 }),
        (whole, share, bits) => {
          const part = BigInt(Math.floor(Number(whole) * share));
          const wanted = (Number(part) / Number(whole)) * 2 ** bits;
          assert.ok(Math.abs(wide(part).ratioQ(wide(whole), bits) - wanted) <= 0.51 + wanted * 2 ** -28);
        },
      ),
    );
  });

  it("refuse what does not fit", () => {
    assert.throws(() => wide(2n ** 31n).toInt32());
    assert.throws(() => wide(-1n).squareRoot());
    assert.throws(() => wide(2n ** 56n).squareRoot());
    assert.throws(() => wide(5n).divideFloor(0));
    assert.throws(() => wide(5n).ratioQ(wide(0n), 8));
    assert.equal(wide(2n ** 31n - 1n).toInt32(), 2 ** 31 - 1);
  });
});
