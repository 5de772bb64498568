import assert from "node:assert/strict";
import { programCode, styleCode } from "band/codes";
import { describe, it } from "mocha";
import { Settings } from "storage/settings";
import { SETTINGS } from "storage/settings-table";
import { Flash } from "../../hosts/sim/board/flash.js";
import { bootV8 } from "../../hosts/sim/boot-v8.node.js";
import { type Deed, LiveBand } from "../../hosts/sim/cli/live-band.js";
import { choicesFor, sourceOf, whoThereIs } from "../../hosts/sim/cli/source.js";
import { storeSettings } from "../../hosts/sim/cli/stored-settings.js";
import { PEOPLE } from "../../hosts/sim/person/people.js";
import { Person } from "../../hosts/sim/person/person.js";
import type { TrueEvent } from "../../web/messages.js";

const MINUTES_MS = 150_000;

function liveBand(person: string, deeds: readonly Deed[]) {
  const lines: string[] = [];
  const truth: TrueEvent[] = [];
  const live = new LiveBand({
    source: sourceOf({ person, seed: 3 }),
    seed: 3,
    boot: bootV8,
    durationMs: MINUTES_MS,
    deeds,
    tell: (line) => lines.push(JSON.stringify(line)),
    note: (text) => lines.push(text),
    glance: () => {},
    truth: (event) => truth.push(event),
  });
  return { live, lines, truth };
}

describe("band on a virtual person", function () {
  this.timeout(60_000);

  it("closes the loop: the motor is felt, the breath follows it, and the heart's truth is told", async () => {
    const { live, lines, truth } = liveBand("calm", [{ atMs: 20_000, deed: "press" }]);
    await live.run(MINUTES_MS, () => {});
    live.played.band.close();
    assert(live.person?.now().isFollowing, "follows at the end");
    const inhales = truth.flatMap(({ what, atMs, ...event }) =>
      what === "turn" && "to" in event && event.to === "inhale" && atMs > 60_000 ? [atMs] : [],
    );
    // Six a minute is the band's own default: nine whole breaths in 90 s, give or take the one that is cut.
    assert(inhales.length >= 8 && inhales.length <= 10, `${inhales.length} breaths`);
    const meanMs = (inhales.at(-1)! - inhales[0]!) / (inhales.length - 1); // 8 at least
    assert(Math.abs(meanMs - 10_000) < 200, `a breath of ${meanMs} ms`);
    assert(truth.some(({ what }) => what === "cue"));
    const beats = truth.filter(({ what }) => what === "beat").length;
    const told = lines.filter((line) => line.startsWith('{"type":"beat"')).length;
    assert(told > 0.9 * beats - 10 && told <= beats, `${told} of ${beats} beats`);
  });

  it("is the same whether something happens by hand or by plan", async () => {
    const byHand = liveBand("calm", [{ atMs: 5000, deed: "press" }]);
    await byHand.live.run(30_017, () => {});
    assert(byHand.live.happen({ what: "move", motion: "walking" }));
    await byHand.live.run(41_003, () => {});
    byHand.live.longPress();
    await byHand.live.run(60_000, () => {});
    byHand.live.played.band.close();
    assert.deepEqual(
      byHand.live.done.map(({ atMs }) => atMs),
      [5000, 30_017, 41_003],
    );
    const planned = liveBand("calm", byHand.live.done);
    await planned.live.run(60_000, () => {});
    planned.live.played.band.close();
    assert.deepEqual(planned.lines, byHand.lines);
    assert(byHand.lines.includes("30.017 s wearer: move walking"));
  });

  it("knows everybody by name, and nobody else", () => {
    for (const who of [...Object.keys(PEOPLE), "anybody"]) {
      new Person({ seed: 1, options: choicesFor(who, 1) });
      assert(whoThereIs().includes(who));
    }
    assert.throws(
      () => choicesFor("toString", 1),
      /--person toString: is none of calm, .*, anybody, nor a \.json file/,
    );
    assert.notDeepEqual(choicesFor("anybody", 1), choicesFor("anybody", 2));
  });

  it("breathes in the style that the band is set to", () => {
    const { person } = sourceOf({ person: "calm", seed: 1, style: "edges" });
    assert.deepEqual(person?.options.breathing, { how: "follow", style: "edges", told: { inhaleS: 4, exhaleS: 6 } });
  });
});

describe("settings stored before the start", () => {
  it("are what the firmware reads", () => {
    const flash = new Flash();
    storeSettings(flash, { program: "recover", style: "edges", sessionMs: 240_000 });
    const store = {
      read: (key: string) => {
        const bytes = flash.read("band", key);
        return bytes === undefined ? undefined : new Uint8Array(bytes).buffer;
      },
      write: () => assert.fail("nothing to write"),
      delete: () => assert.fail("nothing to delete"),
    };
    const read = new Settings(store, SETTINGS, { settingsReset: () => assert.fail("not as the firmware writes it") });
    assert.equal(read.get("program"), programCode("recover"));
    assert.equal(read.get("style"), styleCode("edges"));
    assert.equal(read.get("sessionMs"), 240_000);
    assert.equal(read.get("rateCentiPerMin"), 600);
  });

  it("refuse what the band would", () => assert.throws(() => storeSettings(new Flash(), { sessionMs: 1 }), RangeError));
});
