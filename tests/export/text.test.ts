import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { clockWords, csv, dateWords, decimal } from "../../hosts/sim/export/text.js";

describe("text of exports", () => {
  it("quotes cells as RFC 4180 asks, and leaves what is not known empty", () => {
    assert.equal(
      csv(
        ["a", "b"],
        [
          ["x,y", 'say "hm"'],
          ["two\nlines", undefined],
          [true, false],
        ],
      ),
      'a,b\n"x,y","say ""hm"""\n"two\nlines",\n1,0\n',
    );
  });
  it("writes decimals without zeros at the end", () => {
    assert.deepEqual(
      [832.03125, 1000, 0.5, -0.25].map((number) => decimal(number, 3)),
      ["832.031", "1000", "0.5", "-0.25"],
    );
  });
  it("writes minutes and seconds", () => {
    assert.deepEqual([0, 499, 59_500, 83_500].map(clockWords), ["0:00", "0:00", "1:00", "1:24"]);
  });
  it("says how sure a date is, rounded up, or what is known instead", () => {
    const epochMs = Date.UTC(2026, 2, 11, 9, 57, 38);
    assert.equal(dateWords({ kind: "dated", epochMs, uncertaintyMs: 501 }), "2026-03-11 09:57 UTC ± 0.6 s");
    assert.equal(dateWords({ kind: "between", afterEpochMs: undefined, beforeEpochMs: undefined }), "undated");
    assert.equal(
      dateWords({ kind: "between", afterEpochMs: epochMs, beforeEpochMs: undefined }),
      "undated, after 2026-03-11 09:57 UTC",
    );
  });
});
