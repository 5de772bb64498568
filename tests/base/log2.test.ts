import assert from "node:assert/strict";
import { exp2Q8, log2Q8 } from "base/log2";

describe("log2", () => {
  it("stays within 1.5/256 of the logarithm over int32", () => {
    for (let x = 1; x < 2 ** 31; x = Math.ceil(x * 1.01))
      assert.ok(Math.abs(log2Q8(x) - 256 * Math.log2(x)) <= 1.5 + 0.5, `log2Q8(${x}) = ${log2Q8(x)}`);
    assert.ok(log2Q8(2 ** 31 - 1) <= 31 * 256);
  });

  it("never falls", () => {
    for (let x = 1; x < 100_000; x++) assert.ok(log2Q8(x + 1) >= log2Q8(x), `${x}`);
  });

  it("says 0 below one", () => {
    assert.equal(log2Q8(0), 0);
    assert.equal(log2Q8(-5), 0);
  });

  it("is undone by exp2, which rounds down to a 32nd of an octave and a unit", () => {
    for (let x = -2048; x <= 1792; x++) {
      const exact = 256 * 2 ** (x / 256);
      const low = exact - exp2Q8(x);
      assert.ok(
        low >= -0.5 * Math.max(1, 2 ** Math.floor(x / 256)) && low <= 0.022 * exact + 1.5,
        `exp2Q8(${x}) = ${exp2Q8(x)}`,
      );
    }
    assert.equal(exp2Q8(-2049), 0);
    assert.equal(exp2Q8(5000), exp2Q8(1792));
  });
});
