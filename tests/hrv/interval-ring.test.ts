import assert from "node:assert/strict";
import { BeatVerdict } from "hrv/beat";
import { IntervalMark, IntervalRing } from "hrv/interval-ring";

const { Clean, Gap, Refused, Missed, Extra, Ectopic } = {
  Clean: IntervalMark.Clean,
  Gap: IntervalMark.Gap,
  Refused: IntervalMark.Refused,
  Missed: IntervalMark.Missed,
  Extra: IntervalMark.Extra,
  Ectopic: IntervalMark.Ectopic,
};

/** Marks of the intervals, ms, all accepted unless a verdict stands instead of a number. Two more settle the last. */
function marks(intervalsMs: ReadonlyArray<number | BeatVerdictName>): IntervalMark[] {
  const ring = new IntervalRing(512);
  const out: IntervalMark[] = [];
  let upstrokeTicks = 0;
  for (const interval of [...intervalsMs, "FirstAfterGap", "FirstAfterGap"] as const) {
    const rrTicks = typeof interval === "number" ? Math.round(interval * 1.024) : 820;
    upstrokeTicks += rrTicks;
    const verdict = typeof interval === "number" ? BeatVerdict.Accepted : VERDICTS[interval];
    if (ring.push({ upstrokeTicks, rrTicks, verdict, qualityQ8: 256 })) out.push(ring.settled.mark);
  }
  return out;
}

const VERDICTS = { FirstAfterGap: BeatVerdict.FirstAfterGap, Unlike: BeatVerdict.Unlike, Ectopic: BeatVerdict.Ectopic };
type BeatVerdictName = keyof typeof VERDICTS;

/** 30 % of breathing, six breaths a minute, at 60/min: 850 .. 1150 ms. */
function breathing(count: number): number[] {
  const out: number[] = [];
  for (let t = 0; out.length < count; ) {
    const interval = 1000 * (1 + 0.15 * Math.sin((2 * Math.PI * t) / 10_000));
    out.push(interval);
    t += interval;
  }
  return out;
}

describe("interval ring", () => {
  it("lets breathing of 30 % through, from the first interval on", () => {
    assert.deepEqual(marks(breathing(120)), new Array(120).fill(Clean));
  });

  it("marks a missed beat amid that breathing", () => {
    const intervals = breathing(120);
    const planted = [...intervals.slice(0, 80), (intervals[80] ?? 0) + (intervals[81] ?? 0), ...intervals.slice(82)];
    const found = marks(planted).flatMap((mark, i) => (mark === Clean ? [] : [[i, mark]]));
    assert.deepEqual(found, [[80, Missed]]);
  });

  it("marks a missed beat on a steady pulse", () => {
    const steady = new Array<number>(30).fill(800);
    assert.deepEqual(marks([...steady, 1600, ...steady]), [
      ...steady.map(() => Clean),
      Missed,
      ...steady.map(() => Clean),
    ]);
  });

  it("marks both halves of an interval that an extra beat cut in two", () => {
    const steady = new Array<number>(30).fill(800);
    const clean = steady.map(() => Clean);
    assert.deepEqual(marks([...steady, 320, 480, ...steady]), [...clean, Extra, Extra, ...clean]);
  });

  it("marks an early beat and the pause after it", () => {
    const steady = new Array<number>(30).fill(800);
    const clean = steady.map(() => Clean);
    assert.deepEqual(marks([...steady, 520, 1080, ...steady]), [...clean, Ectopic, Ectopic, ...clean]);
  });

  it("passes on what the detector refused, and measures nothing across it", () => {
    const before = new Array<number>(30).fill(800);
    const after = new Array<number>(30).fill(1000); // a step of 200 ms, but no difference is taken across the gap
    const all = [...before, "FirstAfterGap", ...after, "Unlike", ...after, "Ectopic", ...after] as const;
    const clean = before.map(() => Clean);
    assert.deepEqual(marks(all), [...clean, Gap, ...clean, Refused, ...clean, Ectopic, ...clean]);
  });

  it("keeps the newest intervals when it is full, with their ends", () => {
    const ring = new IntervalRing(8);
    for (let i = 1; i <= 20; i++)
      ring.push({ upstrokeTicks: 800 * i, rrTicks: 800 + i, verdict: BeatVerdict.Accepted, qualityQ8: 256 });
    assert.equal(ring.count, 8);
    assert.equal(ring.rrTicks(0), 820);
    assert.equal(ring.rrTicks(7), 813);
    assert.equal(ring.endTicks(7), 800 * 13);
    ring.clear();
    assert.equal(ring.count, 0);
  });
});
