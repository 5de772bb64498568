import assert from "node:assert/strict";
import { EndlessLoop, EventPriority, VirtualClock } from "../../hosts/sim/board/clock.js";

describe("VirtualClock", () => {
  it("fires by time, then priority, then order of scheduling", () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    const add = (timeUs: number, priority: number, name: string) => clock.at(timeUs, priority, () => fired.push(name));
    add(20, EventPriority.Part, "late");
    add(10, EventPriority.Host, "host 1");
    add(10, EventPriority.Line, "line");
    add(10, EventPriority.Host, "host 2");
    add(10, EventPriority.Part, "part");
    add(10, EventPriority.Host, "host 3");
    clock.runUntil(20);
    assert.deepEqual(fired, ["part", "line", "host 1", "host 2", "host 3", "late"]);
  });

  it("keeps that order under thousands of events that are added and taken back", () => {
    const clock = new VirtualClock();
    const expected: { timeUs: number; priority: number; sequence: number }[] = [];
    const fired: typeof expected = [];
    const handles: number[] = [];
    let state = 12345;
    const next = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return (state >> 8) % below;
    };
    for (let sequence = 0; sequence < 3000; sequence++) {
      const event = { timeUs: next(200), priority: next(4), sequence };
      handles.push(clock.at(event.timeUs, event.priority, () => fired.push(event)));
      expected.push(event);
    }
    for (let cancelledCount = 0; cancelledCount < 2000; cancelledCount++) {
      const victim = next(expected.length);
      assert.equal(clock.cancel(handles.splice(victim, 1)[0] ?? 0), true);
      expected.splice(victim, 1);
    }
    expected.sort((a, b) => a.timeUs - b.timeUs || a.priority - b.priority || a.sequence - b.sequence);
    assert.equal(clock.pending, 1000);
    clock.runUntil(199);
    assert.deepEqual(fired, expected);
    assert.equal(clock.pending, 0);
  });

  it("fires an event scheduled for the same instant from within one, after those already waiting", () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    clock.at(5, 0, () => {
      fired.push("first");
      clock.at(5, 0, () => fired.push("third"));
    });
    clock.at(5, 0, () => fired.push("second"));
    clock.runUntil(5);
    assert.deepEqual(fired, ["first", "second", "third"]);
  });

  it("keeps the rest of the queue when an event schedules itself again from its own callback", () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    const again = () => {
      fired.push(`again ${clock.nowUs}`);
      if (clock.nowUs < 30) clock.at(clock.nowUs + 10, 0, again);
    };
    clock.at(10, 0, again);
    clock.at(15, 0, () => fired.push("between"));
    clock.runUntil(100);
    assert.deepEqual(fired, ["again 10", "between", "again 20", "again 30"]);
    assert.equal(clock.nowUs, 100);
  });

  it("does not fire what was cancelled, and says whether there was something to cancel", () => {
    const clock = new VirtualClock();
    let firedCount = 0;
    const handle = clock.at(1, 0, () => firedCount++);
    assert.equal(clock.cancel(handle), true);
    assert.equal(clock.cancel(handle), false);
    clock.runUntil(2);
    assert.equal(firedCount, 0);
  });

  it("leaves a later event alone when the handle of one that has fired is cancelled", () => {
    const clock = new VirtualClock();
    let firedCount = 0;
    const old = clock.at(1, 0, () => {});
    clock.runUntil(1);
    clock.at(2, 0, () => firedCount++); // takes the pooled node of the first
    assert.equal(clock.cancel(old), false);
    clock.runUntil(2);
    assert.equal(firedCount, 1);
  });

  it("takes one event at a time with step, moving time to it", () => {
    const clock = new VirtualClock();
    clock.at(7, 0, () => {});
    assert.equal(clock.nextUs, 7);
    assert.equal(clock.step(), true);
    assert.equal(clock.nowUs, 7);
    assert.equal(clock.nextUs, undefined);
    assert.equal(clock.step(), false);
  });

  it("lets a callback move time on, and does not go back after it", () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    clock.at(10, 0, () => {
      clock.runUntil(40);
      fired.push(`slow until ${clock.nowUs}`);
    });
    clock.at(25, 0, () => fired.push(`meanwhile ${clock.nowUs}`));
    clock.runUntil(30);
    assert.deepEqual(fired, ["meanwhile 25", "slow until 40"]);
    assert.equal(clock.nowUs, 40);
  });

  it("refuses the past and fractions of a microsecond", () => {
    const clock = new VirtualClock();
    clock.runUntil(10);
    assert.throws(() => clock.at(9, 0, () => {}), /event at 9 us, but now is 10 us/);
    assert.throws(() => clock.at(10.5, 0, () => {}), RangeError);
    assert.throws(() => clock.at(Number.NaN, 0, () => {}), RangeError);
    assert.throws(() => clock.runUntil(9), RangeError);
  });

  it("names an endless loop, its time and its function", () => {
    const clock = new VirtualClock(100);
    const spin = () => {
      clock.at(clock.nowUs, EventPriority.Host, spin);
    };
    clock.at(3, 0, spin);
    assert.throws(
      () => clock.runUntil(4),
      (error) =>
        error instanceof EndlessLoop && /endless loop.*100 events at 3 us.*priority 2.*"spin"/.test(error.message),
    );
  });

  it("allows the cap at one instant, and as many again at the next", () => {
    const clock = new VirtualClock(100);
    for (const timeUs of [1, 2]) for (let i = 0; i < 100; i++) clock.at(timeUs, 0, () => {});
    clock.runUntil(2);
    assert.equal(clock.eventCount, 200);
  });
});
