import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { absenceWords, contactWords, sessionWords } from "../../hosts/sim/cli/words.js";
import { verdictName } from "../../hosts/sim/export/words.js";

describe("words", () => {
  it("name every verdict and every absence, each by its own", () => {
    for (const [words, count] of [
      [verdictName, 8],
      [absenceWords, 5],
    ] as const) {
      const all = Array.from({ length: count }, (_, i) => words(i));
      assert.equal(new Set(all).size, count);
      assert(all.every((word) => typeof word === "string"));
    }
    assert.equal(verdictName(0), "accepted");
    assert.equal(absenceWords(0), "");
  });

  it("say whether it is worn, and why not", () => {
    const all = [0, 1, 2].map((state) => contactWords(state, 0));
    assert.deepEqual(all.at(-1), { state: "worn", reason: null });
    assert.equal(new Set(all.map(({ state }) => state)).size, 3);
  });

  it("say what session goes on", () => {
    assert.equal(sessionWords(0, -1, -1), "idle");
    assert.match(sessionWords(2, 0, 0), /^Breathe, running, [a-z]+/);
    assert.equal(sessionWords(1, 0, -1), "Breathe, opening");
  });
});
