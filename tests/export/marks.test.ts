import assert from "node:assert/strict";
import { IntervalMark } from "hrv/interval-ring";
import { describe, it } from "mocha";
import { type UnmarkedBeat, withMarks } from "../../hosts/sim/export/marks.js";

/** A first beat, then one after each interval. */
function train(intervals: readonly number[], verdicts: Readonly<Record<number, number>> = {}): UnmarkedBeat[] {
  let atTicks = 0;
  const beats: UnmarkedBeat[] = [{ atTicks, rrTicks: undefined, verdict: 1, qualityQ8: 256, follows: false }];
  for (const [i, rrTicks] of intervals.entries()) {
    atTicks += rrTicks;
    beats.push({ atTicks, rrTicks, verdict: verdicts[i] ?? 0, qualityQ8: 256, follows: true });
  }
  return beats;
}
const even = (count: number): number[] => Array.from({ length: count }, (_, i) => 820 + (i % 3) * 4);
const marksOf = (beats: readonly UnmarkedBeat[]): IntervalMark[] => withMarks(beats).map(({ mark }) => mark);

describe("marks of exported intervals", () => {
  it("are clean for an even rhythm, and a gap for the beat that begins it", () => {
    assert.deepEqual(marksOf(train(even(30))), [IntervalMark.Gap, ...even(30).map(() => IntervalMark.Clean)]);
  });

  it("tell a missed beat: an interval of twice the length", () => {
    const intervals = [...even(20), 1648, ...even(20)];
    const marks = marksOf(train(intervals));
    assert.equal(marks[21], IntervalMark.Missed);
    assert.equal(marks.filter((mark) => mark === IntervalMark.Clean).length, 40);
  });

  it("tell an extra beat: two intervals that are one", () => {
    const marks = marksOf(train([...even(20), 410, 412, ...even(20)]));
    assert.deepEqual(marks.slice(21, 23), [IntervalMark.Extra, IntervalMark.Extra]);
  });

  it("keep what the detector refused, also for the last two", () => {
    const marks = marksOf(train(even(20), { 5: 5, 19: 4 }));
    assert.equal(marks[6], IntervalMark.Refused);
    assert.equal(marks[20], IntervalMark.Refused);
    assert.equal(marks[19], IntervalMark.Clean);
  });

  it("are one a beat for none, one, two and three beats, and on both sides of a hole", () => {
    for (const count of [0, 1, 2]) assert.equal(marksOf(train(even(count))).length, count + 1);
    assert.deepEqual(marksOf([]), []);
    const before = train(even(20));
    const after = train(even(20)).map((beat) => ({ ...beat, atTicks: beat.atTicks + 100_000 }));
    // A record was lost: the first beat after it has an interval, and nobody knows the beat before.
    const [first, ...rest] = after;
    assert(first !== undefined);
    const marks = marksOf([...before, { ...first, rrTicks: 820, verdict: 0 }, ...rest]);
    assert.equal(marks.length, 42);
    assert.deepEqual([...new Set(marks.slice(1))], [IntervalMark.Clean]);
  });
});
