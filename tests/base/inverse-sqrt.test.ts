import assert from "node:assert/strict";
import { inverseSqrtQ21 } from "base/inverse-sqrt";

describe("inverse square root", () => {
  it("is within 0.02 % or one unit for every 16-bit number", () => {
    for (let x = 1; x < 65_536; x++) {
      const exact = 2 ** 21 / Math.sqrt(x);
      const error = Math.abs(inverseSqrtQ21(x) - exact);
      assert.ok(error <= Math.max(1 << Math.max(0, (Math.clz32(x) - 16) >> 1), 2e-4 * exact), `${x}: ${error}`);
    }
  });

  it("takes what is below one for one", () => {
    assert.equal(inverseSqrtQ21(0), 2 ** 21);
    assert.equal(inverseSqrtQ21(1), 2 ** 21);
  });
});
