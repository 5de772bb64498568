import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { bootV8 } from "../../hosts/sim/boot-v8.node.js";
import { LiveBand } from "../../hosts/sim/cli/live-band.js";
import { wearing } from "../../hosts/sim/cli/source.js";
import { Listener } from "../../hosts/sim/page/listener.node.js";
import { LogBook } from "../../hosts/sim/page/log-book.node.js";
import { Person } from "../../hosts/sim/person/person.js";

describe("session beside the truth", () => {
  it("has the planted beats, rate and breath", async () => {
    const listener = new Listener(0);
    const person = new Person({ seed: 5, options: { breathing: { how: "paced", perMin: 6, inhaleShare: 0.4 } } });
    const live = new LiveBand({
      source: wearing(person, "planted"),
      boot: bootV8,
      durationMs: 110_000,
      deeds: [
        { atMs: 40_000, deed: "press" },
        { atMs: 105_000, deed: "hold" },
      ],
      tell: (line) => listener.hear(line),
      note: () => {},
    });
    await live.run(110_000, () => {});
    const kept = new LogBook(live, listener.startsMs).sessions().at(-1);
    live.played.band.close();
    assert(kept !== undefined);
    const rows = new Map(kept.comparison.map(({ what, band, truth }) => [what, { band, truth }]));
    const number = (text: string | undefined): number => Number.parseFloat(text ?? "");
    const rate = rows.get("heart rate, mean");
    assert(Math.abs(number(rate?.band) - number(rate?.truth)) < 4, `${rate?.band}, planted ${rate?.truth}`);
    assert(Math.abs(number(rate?.truth) - 66) < 8, rate?.truth); // 66 at rest
    const beats = rows.get("beats with an interval that counts");
    assert(
      number(beats?.band) <= number(beats?.truth) && number(beats?.band) > 30,
      `${beats?.band} of ${beats?.truth}`,
    );
    assert(number(rows.get("error of an interval")?.band) < 12, rows.get("error of an interval")?.band);
    assert.equal(rows.get("breaths a minute")?.truth, "6.00 taken");
  });
});
