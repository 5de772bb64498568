import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { SamplePath } from "../../bench/sample-path.js";
import { bootOn, SECOND_US, shippedPulse, WatchedBand } from "./rig.js";

const SAMPLES = 10_000;

describe("the sample path on XS", () => {
  it("adds no slot, no chunk byte, no collection and no double in 10,000 samples", async () => {
    const path = new SamplePath();
    const watched = new WatchedBand(path.watch(await bootOn("xs")), shippedPulse());
    await watched.band.run(20 * SECOND_US);
    watched.band.collectGarbage();
    const samplesBefore = watched.band.board.counters().sensor.samples;
    path.counting = true;
    await watched.band.run(20 * SECOND_US + SAMPLES * 10_000);
    const samples = watched.band.board.counters().sensor.samples - samplesBefore;
    watched.band.close();
    assert(samples >= SAMPLES - 1, `${samples} samples`);
    const { meter, ...rest } = path.added;
    assert.deepEqual(rest, { slots: 0, chunkBytes: 0, collections: 0, floatOperations: 0 });
    assert(meter / samples <= 2000, `${meter / samples} meter units a sample`);
    assert(meter / samples > 100, "the counters count");
  });
});
