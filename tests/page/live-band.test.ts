import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { bootV8 } from "../../hosts/sim/boot-v8.node.js";
import { LiveBand } from "../../hosts/sim/cli/live-band.js";
import { playing } from "../../hosts/sim/cli/source.js";
import { readRecording } from "../../hosts/sim/person/recording-file.node.js";
import type { Point } from "../../web/messages.js";

const recording = readRecording("recordings/neurokit_rest5min.csv.gz", "ppg");

function liveBand(pressesMs: readonly number[]) {
  const deeds = pressesMs.map((atMs) => ({ atMs, deed: "press" }) as const);
  const lines: string[] = [];
  const points: Point[] = [];
  const live = new LiveBand({
    source: playing(recording, 0),
    boot: bootV8,
    durationMs: 40_000,
    deeds,
    tell: (line) => lines.push(JSON.stringify(line)),
    note: () => {},
    glance: (point) => points.push(point),
  });
  return { live, lines, points };
}
const sessions = (lines: readonly string[]): string[] =>
  lines.map((line) => JSON.parse(line)).flatMap(({ type, state }) => (type === "session" ? [state] : []));

describe("live band under a page", () => {
  it("is looked at every 20 ms", async () => {
    const { live, points } = liveBand([]);
    await live.run(10_000, () => {});
    live.played.band.close();
    assert.equal(points.length, 500);
    assert.deepEqual([points[0]?.atMs, points[499]?.atMs], [20, 10_000]);
    assert.equal(points[499]?.motor, 0);
    assert(points.slice(100).every(({ light }) => light !== null));
  });

  it("hears a double press, and the same presses given before make the same run", async () => {
    const byHand = liveBand([5000]);
    await byHand.live.run(20_050, () => {});
    assert.match(sessions(byHand.lines).at(-1) ?? "", /running/);
    byHand.live.doublePress();
    assert.deepEqual(byHand.live.planned, [{ atMs: 20_350, deed: "press" }]);
    await byHand.live.run(30_000, () => {});
    byHand.live.played.band.close();
    assert.doesNotMatch(sessions(byHand.lines).at(-1) ?? "", /running/);

    const given = liveBand([5000, 20_050, 20_350]);
    await given.live.run(30_000, () => {});
    given.live.played.band.close();
    assert.deepEqual(given.lines, byHand.lines);
  });
});
