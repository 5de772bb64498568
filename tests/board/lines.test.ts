import assert from "node:assert/strict";
import { VirtualClock } from "../../hosts/sim/board/clock.js";
import { Edge, Line } from "../../hosts/sim/board/lines.js";

const LATENCY_US = 50;

function makeLine() {
  const clock = new VirtualClock();
  return { clock, line: new Line(clock, "test", 1, LATENCY_US) };
}

describe("Line", () => {
  it("is at its pull resistor's level until driven, and again when released", () => {
    const { line } = makeLine();
    assert.equal(line.level, 1);
    line.set(0);
    assert.equal(line.level, 0);
    line.release();
    assert.equal(line.level, 1);
    assert.equal(line.edgeCount, 2);
  });

  it("calls a reader of falling edges after the latency, for a falling edge only", () => {
    const { clock, line } = makeLine();
    const calledUs: number[] = [];
    line.watch(Edge.Falling, () => calledUs.push(clock.nowUs));
    clock.runUntil(100);
    line.set(0);
    clock.runUntil(149);
    assert.deepEqual(calledUs, []);
    clock.runUntil(200);
    line.set(1);
    clock.runUntil(1000);
    assert.deepEqual(calledUs, [150]);
  });

  it("merges edges into the one call that is pending", () => {
    const { clock, line } = makeLine();
    let callCount = 0;
    const reader = line.watch(Edge.Falling, () => callCount++);
    for (let i = 0; i < 5; i++) {
      line.set(0);
      line.set(1);
    }
    clock.runUntil(1000);
    assert.equal(callCount, 1);
    assert.equal(reader.coalescedCount, 4);
    assert.equal(line.level, 1); // the call comes when the level is long gone
  });

  it("calls again for an edge during the call", () => {
    const { clock, line } = makeLine();
    const calledUs: number[] = [];
    line.watch(Edge.Falling, () => {
      calledUs.push(clock.nowUs);
      if (calledUs.length > 1) return;
      line.set(1);
      line.set(0);
    });
    line.set(0);
    clock.runUntil(1000);
    assert.deepEqual(calledUs, [50, 100]);
  });

  it("never calls for a level that stays", () => {
    const { clock, line } = makeLine();
    line.set(0);
    let callCount = 0;
    line.watch(Edge.Both, () => callCount++);
    line.set(0);
    clock.runUntil(1_000_000);
    assert.equal(callCount, 0);
  });

  it("gives each reader its own pending call, and both edges to who wants them", () => {
    const { clock, line } = makeLine();
    const calls: string[] = [];
    line.watch(Edge.Both, () => calls.push(`both ${clock.nowUs}`));
    line.watch(Edge.Rising, () => calls.push(`rising ${clock.nowUs}`));
    line.watch(Edge.None, () => calls.push("none"));
    line.set(0);
    clock.runUntil(100);
    line.set(1);
    clock.runUntil(200);
    assert.deepEqual(calls, ["both 50", "both 150", "rising 150"]);
  });

  it("delivers nothing after close, not even what was pending", () => {
    const { clock, line } = makeLine();
    let callCount = 0;
    const reader = line.watch(Edge.Falling, () => callCount++);
    line.set(0);
    reader.close();
    reader.close();
    line.set(1);
    line.set(0);
    clock.runUntil(1000);
    assert.equal(callCount, 0);
    assert.equal(clock.pending, 0);
  });

  it("drops the host's readers but not the parts on the wire", () => {
    const { clock, line } = makeLine();
    const levels: number[] = [];
    let callCount = 0;
    line.onChange((level) => levels.push(level));
    line.watch(Edge.Both, () => callCount++);
    line.watch(Edge.Both, () => callCount++);
    line.set(0);
    line.dropReaders();
    line.set(1);
    clock.runUntil(1000);
    assert.equal(callCount, 0);
    assert.deepEqual(levels, [0, 1]);
  });
});
