import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { bootV8 } from "../../hosts/sim/boot-v8.node.js";
import { LiveBand } from "../../hosts/sim/cli/live-band.js";
import { wearing } from "../../hosts/sim/cli/source.js";
import { recordingFromImage } from "../../hosts/sim/export/from-log.js";
import { Person } from "../../hosts/sim/person/person.js";

describe("record of the boot", () => {
  it("does not cut a session in two that begins before it is due, at 30 s", async () => {
    const live = new LiveBand({
      source: wearing(new Person({ seed: 1 }), "somebody"),
      boot: bootV8,
      durationMs: 60_000,
      deeds: [
        { atMs: 20_000, deed: "press" },
        { atMs: 50_000, deed: "hold" },
      ],
      tell: () => {},
      note: () => {},
    });
    await live.run(60_000, () => {});
    live.played.band.close();
    const read = recordingFromImage(live.played.band.board.logFlash.contents);
    assert(read.ok);
    const [session, ...others] = read.recording.sessions;
    assert.equal(others.length, 0);
    assert.deepEqual([session?.missing, session?.program, session?.ended?.reason], [[], "breathe", "stopGesture"]);
    assert(session !== undefined && session.beats.length > 20);
    assert.equal(session.firmware, "0.1.0"); // what the boot's record says
  });
});
