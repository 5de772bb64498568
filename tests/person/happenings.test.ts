import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { HAPPENING_FORMS, happeningText, parseHappening } from "../../hosts/sim/person/happenings.js";
import type { Happening } from "../../hosts/sim/person/options.js";

/** By hand: words, and what they mean. */
const TABLE: readonly (readonly [string, Happening])[] = [
  ["breathe free", { what: "breathe", breathing: { how: "free" } }],
  ["breathe speech", { what: "breathe", breathing: { how: "speech" } }],
  ["breathe follow edges", { what: "breathe", breathing: { how: "follow", style: "edges" } }],
  [
    "breathe follow wave 4 6",
    { what: "breathe", breathing: { how: "follow", style: "wave", told: { inhaleS: 4, exhaleS: 6 } } },
  ],
  ["breathe paced 5.5 0.5", { what: "breathe", breathing: { how: "paced", perMin: 5.5, inhaleShare: 0.5 } }],
  ["breathe hold 20", { what: "breathe", breathing: { how: "hold", seconds: 20 } }],
  ["depth 1.6", { what: "depth", depth: 1.6 }],
  ["yawn", { what: "yawn" }],
  ["load 1.5 90", { what: "load", level: 1.5, seconds: 90 }],
  ["fibrillate on", { what: "fibrillate", on: true }],
  ["fibrillate off", { what: "fibrillate", on: false }],
  ["move walking", { what: "move", motion: "walking" }],
  ["place banana", { what: "place", place: "banana" }],
  ["strap 0.3", { what: "strap", pressure: 0.3 }],
  ["slip -0.05 20", { what: "slip", step: -0.05, recoveryS: 20 }],
  ["temperature 24", { what: "temperature", celsius: 24 }],
  ["light 20000", { what: "light", light: { lux: 20_000 } }],
  ["light 500 60 0.8", { what: "light", light: { lux: 500, mainsHz: 60, flicker: 0.8 } }],
];

describe("happening in words", () => {
  for (const [text, happening] of TABLE)
    it(`reads and writes "${text}"`, () => {
      assert.deepEqual(parseHappening(text), happening);
      assert.equal(happeningText(happening), text);
    });

  it("has one line of help for each kind, and no other", () => {
    const kinds = new Set(TABLE.map(([text]) => text.split(" ")[0]));
    assert.deepEqual(new Set(HAPPENING_FORMS.map((form) => form.split(" ")[0])), kinds);
  });

  it("lets breath by a clock inhale for 40 per cent unless told", () =>
    assert.deepEqual(parseHappening("breathe paced 6"), {
      what: "breathe",
      breathing: { how: "paced", perMin: 6, inhaleShare: 0.4 },
    }));

  it("does not mind spaces", () => assert.deepEqual(parseHappening("  strap   0 "), { what: "strap", pressure: 0 }));

  for (const [text, says] of [
    ["", /^nothing called "" happens to a person; what does is breathe, depth, yawn, /],
    ["explode", /^nothing called "explode" happens/],
    ["constructor", /^nothing called "constructor" happens/],
    ["strap", /^say strap <0 hangs loose/],
    ["strap 2.1", /^say strap /],
    ["strap -0.1", /^say strap /],
    ["strap 1e0", /^say strap /],
    ["strap Infinity", /^say strap /],
    ["strap 1 2", /^say strap /],
    ["move flying", /^say move still\|typing/],
    ["load 2.01 10", /^say load /],
    ["load 1 0", /^say load /],
    ["yawn twice", /^say yawn$/],
    ["breathe hold 61", /^say breathe free, or breathe follow/],
    ["breathe paced 2.9", /^say breathe /],
    ["light 1 55", /^say light /],
  ] as const)
    it(`refuses "${text}" and says what would be right`, () => {
      assert.throws(() => parseHappening(text), { name: "UnknownHappening", message: says });
    });
});
