import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { recordingFromImage } from "../../hosts/sim/export/from-log.js";
import { bootOn, SECOND_US, shippedPulse, WatchedBand } from "../sim/rig.js";
import { onlySession } from "./rig.js";

const SHORT_PRESS_US = 150_000;

describe("what leaves a band that ran on XS", () => {
  it("is the session with every interval as it was told", async () => {
    const watched = new WatchedBand(await bootOn("xs"), shippedPulse());
    const { band } = watched;
    await band.run(40 * SECOND_US); // nothing is written in the first half minute
    watched.press(SHORT_PRESS_US);
    await band.run(80 * SECOND_US);
    watched.press(SHORT_PRESS_US);
    await band.run(85 * SECOND_US);
    band.close();

    const read = recordingFromImage(band.board.logFlash.contents);
    assert(read.ok);
    const session = onlySession(read.recording);
    assert.equal(session.program, "breathe");
    assert.equal(session.settings?.startedBy, "button");
    assert.equal(session.ended?.reason, "wearer");
    assert.deepEqual(session.missing, []);
    assert.equal(session.when.kind, "between", "nobody has set its clock");

    // "us beat upstrokeTicks rrTicks verdict qualityQ8"
    const told = watched.lines.map((line) => line.split(" ")).filter(([, kind]) => kind === "beat");
    const intervals = told.map((line) => Number(line[3]));
    const left = session.beats.map(({ rrTicks }) => rrTicks ?? 0);
    assert(left.length > 40, `${left.length} beats in 40 s`);
    const at = intervals.findIndex((_, i) => left.every((rr, k) => rr === intervals[i + k]));
    assert(at > 0, "they are a stretch of what was told");
    const first = session.beats[0];
    assert(first !== undefined);
    const startTicks = Number(told[at]?.[2]) - first.atTicks;
    assert.equal(startTicks, Math.round(session.startMs * 1.024));
    assert(session.beats.slice(1).every(({ follows, rrTicks }) => follows || rrTicks === undefined));
  });
});
