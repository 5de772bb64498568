import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { decodeAll, mount } from "../storage/rig.js";
import { bootOn, SECOND_US, shippedPulse, WatchedBand } from "./rig.js";

const SHORT_PRESS_US = 150_000;

describe("the session log on XS", () => {
  it("keeps a session from the button to its end, with every beat that was told in it", async () => {
    const watched = new WatchedBand(await bootOn("xs"), shippedPulse());
    const { band } = watched;
    await band.run(40 * SECOND_US); // past the first half minute, in which a crash loop would wear the flash
    watched.press(SHORT_PRESS_US);
    await band.run(80 * SECOND_US);
    watched.press(SHORT_PRESS_US);
    await band.run(85 * SECOND_US);
    band.close();
    assert.equal(band.restarts.length, 0, JSON.stringify(band.restarts));

    const records = decodeAll(mount(band.board.logFlash));
    const start = records.find((record) => record.kind === "sessionStart");
    const end = records.find((record) => record.kind === "sessionEnd");
    assert(start?.kind === "sessionStart" && end?.kind === "sessionEnd");
    assert.equal(start.program, 0, "breathe");
    assert.equal(start.startedBy, 0, "the button");
    assert.equal(start.rateCentiPerMin, 600);
    assert.equal(end.startSeq, start.seq);
    assert.equal(end.reason, 1, "the wearer ended it");

    const logged = records.flatMap((record) => (record.kind === "beats" ? record.beats : []));
    const told = watched.lines
      .map((line) => line.split(" "))
      .filter(([us, kind]) => kind === "beat" && Number(us) >= start.at * 1000 && Number(us) <= end.at * 1000);
    assert(told.length > 40, `${told.length} beats in the session`);
    assert.equal(logged.length, told.length);

    const rows = records.filter((record) => record.kind === "breaths");
    const breaths = rows.flatMap((record) => record.breaths);
    assert(breaths.length >= 2, "40 s at six breaths a minute, less the opening and the breath under way");
    for (const { inhaleMs, periodMs, phase } of breaths)
      assert.deepEqual([inhaleMs, periodMs, phase], [4000, 10_000, 0]);
    for (const { at } of rows) assert.equal((at - rows[0]!.at) % 10_000, 0, "each follows on the one before"); // there are some
    assert(
      breaths.some(({ amplitudeMs }) => amplitudeMs !== undefined),
      "the heart was seen to swing",
    );
  });

  it("is given up, and the session is not, when the flash is worn out", async () => {
    const watched = new WatchedBand(await bootOn("xs"), shippedPulse());
    const { band } = watched;
    const { logFlash } = band.board;
    for (let block = 0; block < logFlash.blocks; block++) logFlash.wearOut(block, "eraseThrows");
    await band.run(40 * SECOND_US);
    watched.press(SHORT_PRESS_US);
    await band.run(60 * SECOND_US);
    band.close();
    assert.equal(band.restarts.length, 0, JSON.stringify(band.restarts));
    assert(band.board.motor.history.length > 5, "the wearer was paced all the same");
  });
});
