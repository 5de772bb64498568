import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { pacerAt } from "../../web/breath.js";
import { History } from "../../web/history.js";
import type { Beat, Frame, Point, TrueEvent } from "../../web/messages.js";
import { beatAt, pointAt, stateAt } from "./page-states.js";

describe("history of the page", () => {
  const frame = (nowMs: number, points: Point[], beats: Beat[] = []): Frame => ({
    state: stateAt(nowMs),
    points,
    thinnedBy: 1,
    beats,
    truth: [],
    breaths: [],
    paced: [],
    log: [],
  });

  it("has columns of virtual seconds", () => {
    const history = new History();
    history.add(frame(10_000, [pointAt(9960), pointAt(9980), pointAt(10_000)]));
    assert.deepEqual(history.light(), { x: [9.96, 9.98, 10], y: [10_960, 10_980, 11_000] });
  });

  it("has a gap where the sensor did not sample, and where looks are missing", () => {
    const history = new History();
    history.add(
      frame(1000, [pointAt(900), { atMs: 920, light: null, motor: 0, litres: null }, pointAt(940), pointAt(1000)]),
    );
    assert.deepEqual(history.light().y, [1900, null, 1940, null, 2000]);
  });

  it("has a gap where frames were dropped", () => {
    const history = new History();
    history.add(frame(1000, [], [beatAt(0, 800), beatAt(800, 800)]));
    history.hole();
    history.add(frame(3000, [], [beatAt(2400, 800)]));
    assert.deepEqual(history.intervals().y, [800, 800, null, 800]);
  });

  it("draws intervals that count only, and no line across the others", () => {
    const history = new History();
    history.add(frame(20_000, [], [beatAt(1000, 800), beatAt(1800, 810, false), beatAt(2600, 790), beatAt(9000, 800)]));
    assert.deepEqual(history.intervals().y, [800, null, 790, null, 800]);
  });

  it("forgets what has left its windows", () => {
    const history = new History();
    history.add(frame(1000, [pointAt(1000)], [beatAt(1000, 800)]));
    history.add(frame(60_000, []));
    assert.equal(history.version, 2);
    assert.deepEqual([history.points.length, history.beats.length], [0, 1]);
    history.add(frame(200_000, []));
    assert.equal(history.beats.length, 0);
  });
});

describe("history of the truth", () => {
  const beat = (atMs: number, rrMs: number | null) => ({ what: "beat", atMs, rrMs, kind: "sinus" }) as const;
  const inhale = (atMs: number) => ({ what: "turn", atMs, to: "inhale" }) as const;
  const frame = (truth: TrueEvent[], beats: Beat[] = []): Frame => ({
    state: stateAt(20_000),
    thinnedBy: 1,
    truth,
    beats,
    points: [],
    breaths: [],
    paced: [],
    log: [],
  });

  it("has the rate of the same beats as the band's own: five intervals, up to the last that was told", () => {
    const history = new History();
    assert.equal(history.trueBpm(), undefined);
    const truth = [1000, 1000, 1000, 1000, 1000, 500].map((rrMs, i) => beat(10_000 + 1000 * i, rrMs));
    history.add(frame(truth, [beatAt(14_020, 1000)]));
    assert.equal(history.trueBpm(), 60);
    history.add(frame([], [beatAt(15_010, 500)]));
    assert.equal(history.trueBpm(), (60_000 * 5) / 4500);
  });

  it("has the breath of the last two whole ones", () => {
    const history = new History();
    history.add(frame([inhale(1000), { what: "turn", atMs: 3000, to: "exhale" }]));
    assert.equal(history.trueBreathPerMin(), undefined);
    history.add(frame([inhale(6000), inhale(13_000)]));
    assert.equal(history.trueBreathPerMin(), 10); // 12 s for two
  });
});

describe("led breath", () => {
  // 4 s in, 6 s out, from second 10 on.
  const paced = [{ startMs: 10_000, inhaleMs: 4000, periodMs: 10_000 }];

  it("fills and empties, slowly where it turns", () => {
    assert.deepEqual(pacerAt(paced, 10_000), { part: "in", fullness: 0, leftMs: 4000 });
    const half = pacerAt(paced, 12_000);
    assert.equal(half?.part, "in");
    assert(Math.abs((half?.fullness ?? 0) - 0.5) < 1e-9);
    const full = pacerAt(paced, 14_000);
    assert.deepEqual([full?.part, full?.leftMs], ["out", 6000]);
    assert(Math.abs((full?.fullness ?? 0) - 1) < 1e-9);
  });

  it("is taken to go on for a quarter, because the next one is told late; then there is none", () => {
    assert.equal(pacerAt(paced, 20_500)?.part, "in");
    assert.equal(pacerAt(paced, 22_500), undefined);
    assert.equal(pacerAt(paced, 9999), undefined);
    assert.equal(pacerAt([], 0), undefined);
  });
});
