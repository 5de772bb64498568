import assert from "node:assert/strict";
import { ResetGesture } from "band/reset-gesture";
import { Gesture } from "session/button";
import type { SessionState } from "session/session-table";

function rig(state: SessionState = "idle") {
  const heard: string[] = [];
  const clock = { ticks: 0 };
  const names = ["none", "short", "long", "double", "warning", "veryLong", "link"];
  const session = {
    state,
    onPress: () => {},
    onGesture: (gesture: Gesture) => void heard.push(names[gesture] ?? "?"),
  };
  const player = { play: (name: string) => heard.push(`cue ${name}`) > 0 };
  const listener = new ResetGesture({
    clock,
    session,
    player,
    onConfirmed: () => heard.push("ERASE"),
    onLink: () => heard.push("LINK"),
  });
  const hold = (): void => {
    listener.onPress(clock.ticks);
    for (const [afterMs, gesture] of [
      [600, Gesture.Long],
      [9400, Gesture.Warning],
      [5000, Gesture.VeryLong],
    ] as const) {
      clock.ticks += afterMs;
      listener.onGesture(gesture, clock.ticks - afterMs);
      if (gesture === Gesture.Long) session.state = "idle"; // what a long press does
    }
  };
  const gesture = (what: Gesture, afterMs: number): void => {
    clock.ticks += afterMs;
    listener.onPress(clock.ticks);
    listener.onGesture(what, clock.ticks);
  };
  return { heard, hold, gesture, listener };
}
const HELD = ["long", "cue refused", "cue bell"];

describe("the gesture for a factory reset", () => {
  it("is a hold of 15 s, with a warning on the way, and a short press within 10 s", () => {
    const { heard, hold, gesture } = rig();
    hold();
    assert.deepEqual(heard, HELD);
    gesture(Gesture.Short, 9999);
    assert.deepEqual(heard, [...HELD, "none", "ERASE"]);
  });

  it("opens the pairing window by a shorter hold from idle, and not by one that stopped a session", () => {
    for (const [state, expected] of [
      ["idle", ["long", "LINK"]],
      ["running", ["long"]],
    ] as const) {
      const { heard, listener } = rig(state);
      listener.onPress(0);
      listener.onGesture(Gesture.Long, 0);
      listener.onGesture(Gesture.Link, 0);
      assert.deepEqual(heard, expected);
    }
  });

  it("erases once only", () => {
    const { heard, hold, gesture } = rig();
    hold();
    gesture(Gesture.Short, 1000);
    gesture(Gesture.Short, 1000);
    assert.deepEqual(heard, [...HELD, "none", "ERASE", "short"]);
  });

  it("is called off by time and by every other gesture, which then means what it always does", () => {
    for (const [what, afterMs, said] of [
      [Gesture.Short, 10_000, "short"],
      [Gesture.Long, 1000, "long"],
      [Gesture.Double, 1000, "double"],
    ] as const) {
      const { heard, hold, gesture } = rig();
      hold();
      gesture(what, afterMs);
      gesture(Gesture.Short, 100);
      assert.deepEqual(heard, [...HELD, said, "short"]);
    }
  });

  it("does not come of a press that began in a session, and a bounce neither confirms nor calls off", () => {
    for (const state of ["running", "paused", "opening"] as const) {
      const { heard, hold, gesture } = rig(state);
      hold();
      gesture(Gesture.Short, 1000);
      assert.deepEqual(heard, ["long", "short"]);
    }
    const { heard, hold, gesture } = rig();
    hold();
    gesture(Gesture.None, 100);
    gesture(Gesture.Short, 100);
    assert.deepEqual(heard, [...HELD, "none", "none", "ERASE"]);
  });
});
