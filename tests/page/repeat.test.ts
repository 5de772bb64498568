import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { repeatLine } from "../../hosts/sim/page/repeat.node.js";

describe("line that repeats a run", () => {
  const person = { person: "calm", seed: 1, column: "ppg", speed: 1, engine: "xs" } as const;
  const options = { ...person, recording: "my pulse.csv" } as const;
  const pressAt = (atMs: number) => ({ atMs, deed: "press" }) as const;

  it("is short for what npm start does by itself", () => {
    assert.equal(repeatLine(person, [pressAt(20_000)]), "npx band sim");
    assert.equal(repeatLine(person, []), "npx band sim --no-press");
  });

  it("has what differs from the defaults, and what was done by hand", () => {
    assert.equal(
      repeatLine({ ...options, press: [5000] }, [pressAt(5000), pressAt(6187.805)]),
      "npx band sim --recording 'my pulse.csv' --press 5s --press 6.187805s",
    );
    assert.equal(
      repeatLine({ ...person, person: "anybody", seed: 7, program: "recover", minutes: 4, style: "edges" }, [
        pressAt(20_000),
        { atMs: 61_250, deed: { what: "move", motion: "walking" } },
      ]),
      "npx band sim --person anybody --seed 7 --program recover --minutes 4 --style edges --at '61.25s move walking'",
    );
    assert.equal(
      repeatLine(
        {
          ...options,
          recording: "a.csv",
          column: "ir",
          speed: Number.POSITIVE_INFINITY,
          duration: 90_000,
          engine: "v8",
        },
        [1000, 2500].map((atMs) => ({ atMs, deed: "hold" })),
      ),
      "npx band sim --recording a.csv --column ir --speed max --duration 90s --engine v8 --hold 1s --hold 2.5s",
    );
  });

  it("is safe to paste whatever the file is called", () => {
    assert.match(repeatLine({ ...options, recording: "it's; rm.csv" }, []), /--recording 'it'\\''s; rm\.csv'$/);
  });
});
