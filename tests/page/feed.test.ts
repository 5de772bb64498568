import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Feed } from "../../hosts/sim/page/feed.node.js";
import { repeatLine } from "../../hosts/sim/page/repeat.node.js";
import { History } from "../../web/history.js";
import type { BandState, Beat, Frame, Point } from "../../web/messages.js";

const stateAt = (nowMs: number): BandState => ({
  nowMs,
  durationMs: 300_000,
  speed: "1×",
  times: 1,
  isPaused: false,
  contact: "worn",
  bpm: 60,
  bpmReason: "",
  session: "idle",
  batteryPercent: 84,
  batteryMv: 4000,
  link: "advertising",
  engine: "",
  wearer: null,
  restarts: 0,
  command: "",
});
const pointAt = (atMs: number): Point => ({ atMs, light: 1000 + atMs, motor: 0, litres: null });
const beatAt = (atMs: number, rrMs: number | null, counts = true): Beat => ({
  atMs,
  rrMs,
  counts,
  verdict: counts ? "accepted" : "noisy",
});

function rig() {
  const frames: Frame[] = [];
  const world = { nowMs: 0, isWatched: true };
  const feed = new Feed({
    publish: (_, data) => frames.push(JSON.parse(data)),
    isWatched: () => world.isWatched,
    nowMs: () => world.nowMs,
  });
  return { frames, world, feed };
}

describe("feed of the page", () => {
  it("sends at most 20 frames a second, however often it is asked", () => {
    const { frames, world, feed } = rig();
    for (world.nowMs = 0; world.nowMs < 10_000; world.nowMs += 3) {
      feed.point(pointAt(world.nowMs));
      feed.tick(() => stateAt(world.nowMs));
    }
    assert(frames.length >= 195 && frames.length <= 200, `${frames.length} in 10 s`);
    // The last frame is due at 9950 and goes at 9951: of 3334 points the 16 after that wait for the next.
    assert.equal(frames.flatMap(({ points }) => points).length, 3334 - 16);
  });

  it("says once a second that it is there while nothing changes", () => {
    const { frames, world, feed } = rig();
    for (world.nowMs = 0; world.nowMs < 5000; world.nowMs += 50) feed.tick(() => stateAt(0));
    assert.equal(frames.length, 5);
  });

  it("thins the points of a fast run and says by how much", () => {
    const { frames, world, feed } = rig();
    for (let i = 0; i < 250; i++) feed.point(pointAt(20 * i)); // 5 s in one frame: 100×
    world.nowMs = 50;
    feed.tick(() => stateAt(5000));
    assert.equal(frames[0]?.thinnedBy, 3);
    assert.deepEqual(
      frames[0]?.points.map(({ atMs }) => atMs),
      Array.from({ length: 84 }, (_, i) => 60 * i),
    );
  });

  it("puts nothing together while nobody looks, and has the last windows for who comes", () => {
    const { frames, world, feed } = rig();
    world.isWatched = false;
    for (world.nowMs = 0; world.nowMs <= 200_000; world.nowMs += 20) {
      feed.point(pointAt(world.nowMs));
      if (world.nowMs % 1000 === 0) feed.beat(beatAt(world.nowMs, 1000));
      if (world.nowMs % 1000 === 0) feed.log(`line ${world.nowMs}`);
      feed.tick(() => stateAt(world.nowMs));
    }
    assert.equal(frames.length, 0);
    const hello = feed.hello(stateAt(200_000), { title: "t", version: "1" });
    assert.equal(hello.points.length, 500); // 10 s at 50 a second
    assert.deepEqual(hello.points.at(-1), pointAt(200_000));
    assert.equal(hello.beats.length, 121); // 2 min at 60 a minute, both ends
    assert.equal(hello.log.length, 100);
  });

  it("gives a page that comes nothing twice", () => {
    const { frames, world, feed } = rig();
    feed.tick(() => stateAt(0));
    feed.log("one");
    const hello = JSON.stringify(feed.hello(stateAt(10), { title: "t", version: "1" }).log);
    world.nowMs = 60;
    feed.log("two");
    feed.tick(() => stateAt(60));
    assert.equal(hello, '["one"]');
    assert.deepEqual(
      frames.map(({ log }) => log),
      [[], ["one"], ["two"]],
    );
  });
});

describe("history of the page", () => {
  const frame = (nowMs: number, points: Point[], beats: Beat[] = []): Frame => ({
    state: stateAt(nowMs),
    points,
    thinnedBy: 1,
    beats,
    truth: [],
    log: [],
  });

  it("counts time in seconds from now", () => {
    const history = new History();
    history.add(frame(10_000, [pointAt(9960), pointAt(9980), pointAt(10_000)]));
    assert.deepEqual(history.light(), { x: [-0.04, -0.02, 0], y: [10_960, 10_980, 11_000] });
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
    assert.deepEqual([history.points.length, history.beats.length], [0, 1]);
    history.add(frame(200_000, []));
    assert.equal(history.beats.length, 0);
  });
});

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
