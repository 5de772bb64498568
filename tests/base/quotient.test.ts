import assert from "node:assert/strict";
import { quotient } from "base/quotient";

describe("quotient", () => {
  it("rounds towards zero", () => {
    assert.equal(quotient(7, 2), 3);
    assert.equal(quotient(-7, 2), -3);
    assert.equal(quotient(6, 7), 0);
    assert.equal(quotient(0, 5), 0);
    assert.equal(quotient(5, 5), 1);
  });

  it("holds at the ends of its range", () => {
    assert.equal(quotient(2 ** 30 - 1, 1), 2 ** 30 - 1);
    assert.equal(quotient(1 - 2 ** 30, 1), 1 - 2 ** 30);
    assert.equal(quotient(2 ** 30 - 1, 2 ** 30), 0);
    assert.equal(quotient(2 ** 30 - 1, 2 ** 30 - 1), 1);
  });

  it("is the truncated division for numbers of every size", () => {
    for (let a = 1; a < 2 ** 30; a = a * 3 + 1)
      for (let b = 1; b < 2 ** 30; b = b * 5 + 2) assert.equal(quotient(a, b), Math.trunc(a / b), `${a} / ${b}`);
  });
});
