import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Feed } from "../../hosts/sim/page/feed.node.js";
import type { Frame } from "../../web/messages.js";
import { beatAt, introduction, pointAt, stateAt } from "./page-states.js";

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
    const hello = feed.hello(stateAt(200_000), introduction);
    assert.equal(hello.points.length, 1500); // 30 s at 50 a second
    assert.deepEqual(hello.points.at(-1), pointAt(200_000));
    assert.equal(hello.beats.length, 121); // 2 min at 60 a minute, both ends
    assert.equal(hello.log.length, 200);
  });

  it("gives a page that comes nothing twice", () => {
    const { frames, world, feed } = rig();
    feed.tick(() => stateAt(0));
    feed.log("one");
    const hello = JSON.stringify(feed.hello(stateAt(10), introduction).log);
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
