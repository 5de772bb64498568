import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { bootV8 } from "../../hosts/sim/boot-v8.node.js";
import { faultAt } from "../../hosts/sim/cli/arguments.js";
import { type Deed, LiveBand } from "../../hosts/sim/cli/live-band.js";
import { playing, wearing } from "../../hosts/sim/cli/source.js";
import { repeatLine } from "../../hosts/sim/page/repeat.node.js";
import { PEOPLE } from "../../hosts/sim/person/people.js";
import { Person } from "../../hosts/sim/person/person.js";
import { readRecording } from "../../hosts/sim/person/recording-file.node.js";

function worn(deeds: readonly Deed[]) {
  const lines: string[] = [];
  const notes: string[] = [];
  const live = new LiveBand({
    source: wearing(new Person({ seed: 1, options: PEOPLE.calm.choices }), "calm"),
    boot: bootV8,
    durationMs: 120_000,
    deeds,
    tell: (line) => lines.push(JSON.stringify(line)),
    note: (text) => notes.push(text),
  });
  return { live, lines, notes };
}

describe("faults while one looks on", () => {
  it("rage for fifteen seconds, are told, and the same fault given before makes the same run", async () => {
    const byHand = worn([]);
    await byHand.live.run(20_000, () => {});
    assert.equal(byHand.live.break("resetNever"), undefined);
    await byHand.live.run(20_100, () => {});
    assert.deepEqual(byHand.live.raging, ["resetNever"]);
    await byHand.live.run(35_100, () => {});
    assert.deepEqual(byHand.live.raging, []);
    assert(byHand.notes.some((note) => note.startsWith("20.000 s fault resetNever begins: ")));
    assert(byHand.notes.some((note) => note.startsWith("35.000 s fault resetNever ends")));
    await byHand.live.run(70_000, () => {});
    byHand.live.played.band.close();

    const given = worn([{ atMs: 20_000, deed: { what: "fault", id: "resetNever" } }]);
    await given.live.run(70_000, () => {});
    given.live.played.band.close();
    assert.deepEqual(given.lines, byHand.lines);
  });

  it("that reset the processor are no failure of the firmware", async () => {
    const { live } = worn([{ atMs: 10_000, deed: { what: "fault", id: "unplug" } }]);
    await live.run(25_000, () => {});
    assert.equal(live.played.band.restarts.length, 1);
    assert.equal(live.played.failures, 0);
    live.played.band.close();
  });

  it("want a person, and a radio that nobody else has", () => {
    const options = { boot: bootV8, durationMs: 1000, deeds: [], tell: () => {}, note: () => {} };
    const recording = readRecording("recordings/neurokit_rest5min.csv.gz");
    const played = new LiveBand({ ...options, source: playing(recording) });
    assert.match(played.break("nackBurst") ?? "", /faults want a person/);
    const source = wearing(new Person({ seed: 1 }), "somebody");
    const heard = new LiveBand({ ...options, source, isHeardElsewhere: true });
    assert.match(heard.break("nackBurst") ?? "", /other devices/);
    assert.deepEqual(heard.raging, []);
  });

  it("can be asked for on the command line, and are in the line that repeats a run", () => {
    assert.deepEqual(faultAt("60s nackBurst"), [{ atMs: 60_000, id: "nackBurst" }]);
    for (const text of ["60s", "60s toString", "60s clockOff", "nackBurst 60s", "60s nackBurst now"])
      assert.throws(() => faultAt(text), /say when and what/, text);
    const options = { person: "calm", seed: 1, column: "ppg", speed: 1, engine: "xs" } as const;
    assert.equal(
      repeatLine(options, [
        { atMs: 20_000, deed: "press" },
        { atMs: 61_250, deed: { what: "fault", id: "sdaStuck" } },
      ]),
      "npx band sim --fault '61.25s sdaStuck'",
    );
  });
});
