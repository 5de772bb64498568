import assert from "node:assert/strict";
import { BeatVerdict } from "hrv/beat";
import { BeatDetector } from "hrv/beat-detector";
import { SampleFlag } from "ppg/samples";
import { compare, exactClock, type Heard, Listener, listen, makeTrain, type Train } from "./pulse-train.js";

const MINUTE = 60;

const accepted = (heard: readonly Heard[]): Heard[] => heard.filter((h) => h.verdict === BeatVerdict.Accepted);

/** Runs a train and compares; the last beat may lie within the filters' reach of the end. */
function hear(train: Train, from = 3) {
  const made = makeTrain(train);
  return compare(made, listen(train), from, train.seconds - 0.6);
}

describe("beat detector", () => {
  it("refuses a sampling rate that its filters are not made for", () => {
    assert.throws(() => new BeatDetector({ rateHz: 50, clock: exactClock, onBeat: () => {} }), RangeError);
  });

  for (const bpm of [40, 45, 50, 60, 75, 100, 120, 150, 180, 200])
    it(`finds every beat at ${bpm}/min from the third second on, within 2 ms of the interval`, () => {
      const result = hear({ seconds: MINUTE, interval: () => 60 / bpm });
      assert.equal(result.found, result.expected);
      assert.equal(result.extra, 0);
      assert.equal(result.wrong, 0);
      assert.ok(result.accepted >= result.expected - 2, `${result.accepted} accepted of ${result.expected}`);
      assert.ok(result.meanMs <= 2, `${result.meanMs} ms`);
    });

  it("tells a beat within 0.75 s of its upstroke once it knows the rhythm, within 1.5 s at the start", () => {
    const heard = listen({ seconds: MINUTE, interval: () => 0.8 });
    for (const { at, reportedAt } of heard) {
      const limit = at < 3 ? 1.5 : 0.75;
      assert.ok(reportedAt - at <= limit, `beat at ${at} s told at ${reportedAt} s`);
    }
  });

  for (const bpm of [60, 75, 90])
    it(`lets 30 % of breathing through at six breaths a minute, ${bpm}/min`, () => {
      const interval = (t: number): number => (60 / bpm) * (1 + 0.15 * Math.sin(2 * Math.PI * 0.1 * t));
      const result = hear({ seconds: 2 * MINUTE, interval });
      assert.equal(result.found, result.expected);
      assert.equal(result.wrong, 0);
      assert.ok(result.accepted >= 0.98 * result.expected, `${result.accepted} of ${result.expected}`);
      assert.ok(result.meanMs <= 3, `${result.meanMs} ms`);
    });

  for (const [bpm, notch] of [
    [40, 0.7],
    [45, 0.7],
    [60, 0.7],
    [120, 0.5],
    [170, 0.5],
  ] as const)
    it(`is not doubled by a dicrotic wave of ${notch} of the pulse at ${bpm}/min`, () => {
      const result = hear({ seconds: MINUTE, interval: () => 60 / bpm, notch });
      assert.equal(result.found, result.expected);
      assert.equal(result.extra, 0);
      assert.equal(result.wrong, 0);
    });

  it("follows a rate that halves and one that doubles, without a wrong interval", () => {
    for (const [first, then] of [
      [0.5, 1],
      [1, 0.5],
    ] as const) {
      const result = hear({ seconds: MINUTE, interval: (t) => (t < 20 ? first : then) });
      assert.equal(result.found, result.expected);
      assert.equal(result.extra, 0);
      assert.equal(result.wrong, 0);
      assert.ok(result.accepted >= result.expected - 3);
    }
  });

  it("finds every beat in noise of a fifth of the pulse, accepted intervals within 12 ms on the mean", () => {
    for (const bpm of [50, 75, 120, 180]) {
      const result = hear({ seconds: MINUTE, interval: () => 60 / bpm, noise: 0.2 });
      assert.equal(result.found, result.expected, `${bpm}/min`);
      assert.equal(result.extra, 0, `${bpm}/min`);
      assert.equal(result.wrong, 0, `${bpm}/min`);
      assert.ok(result.meanMs <= 12, `${bpm}/min: ${result.meanMs} ms`);
    }
  });

  it("finds the beats on a drift of five pulse heights and accepts nothing wrong", () => {
    for (const interval of [0.8, 0.5]) {
      const result = hear({ seconds: MINUTE, interval: () => interval, drift: 5 });
      assert.equal(result.found, result.expected);
      assert.equal(result.extra, 0);
      assert.equal(result.wrong, 0);
      assert.ok(result.accepted >= 0.9 * result.expected, `${result.accepted} of ${result.expected}`);
    }
  });

  it("keeps the harm small on a drift of five pulse heights in step with one breath every four and a half beats", () => {
    // At 60/min the fall of the pulse and the drift's rise nearly cancel: the feet are false and bumps look like pulses.
    const result = hear({ seconds: MINUTE, interval: () => 1, drift: 5 });
    assert.ok(result.found >= 0.95 * result.expected, `${result.found} of ${result.expected}`);
    assert.ok(result.extra <= 8, `${result.extra} extra`);
    assert.ok(result.wrong <= 1, `${result.wrong} wrong`);
  });

  it("says nearly nothing on a drift of twenty pulse heights, whose slope exceeds the upstroke's", () => {
    for (const interval of [1, 0.8, 0.5]) {
      const result = hear({ seconds: MINUTE, interval: () => interval, drift: 20 });
      assert.ok(result.wrong <= 2, `${result.wrong} wrong in a minute at ${interval} s`);
    }
  });

  it("is indifferent to the height of the pulse, from 20 to 20,000 counts", () => {
    for (const pulseCounts of [20, 200, 2000, 20_000]) {
      const result = hear({ seconds: MINUTE, interval: () => 0.8, pulseCounts });
      assert.equal(result.found, result.expected, `${pulseCounts} counts`);
      assert.equal(result.extra, 0, `${pulseCounts} counts`);
    }
  });

  it("makes a pause a pause: no beat in it, and its interval is not accepted", () => {
    const train: Train = { seconds: MINUTE, interval: (_, i) => (i % 20 === 19 ? 1.8 : 0.8) };
    const result = hear(train);
    assert.equal(result.found, result.expected);
    assert.equal(result.extra, 0);
    const long = listen(train).filter((h) => h.rr > 1.5);
    assert.equal(long.length, 3); // beats 20, 40 and 60 end the pauses, at 17, 34 and 51 s
    assert.ok(long.every((h) => h.verdict === BeatVerdict.Ectopic || h.verdict === BeatVerdict.TooLong));
  });

  it("finds early beats of half the height as beats", () => {
    const result = hear({
      seconds: MINUTE,
      interval: (_, i) => (i % 10 === 8 ? 0.5 : i % 10 === 9 ? 1.1 : 0.8),
      height: (_, i) => (i % 10 === 9 ? 0.5 : 1),
    });
    assert.equal(result.found, result.expected);
    assert.equal(result.extra, 0);
    assert.equal(result.wrong, 0);
  });

  it("hears again within five seconds after a transient of thirty pulse heights", () => {
    const made = makeTrain({ seconds: MINUTE, interval: () => 0.8 });
    for (let i = 2000; i < 2040; i++) made.counts[i] = made.counts[i]! - 30_000 + 750 * (i - 2000); // inside the minute
    const heard = new Listener().push(made.counts).heard;
    const result = compare(made, heard, 25.4, 59);
    assert.equal(result.found, result.expected);
    assert.equal(result.extra, 0);
    assert.equal(
      heard.filter((h) => h.at > 20 && h.at < 25 && h.verdict === BeatVerdict.Accepted && h.rr > 1.2).length,
      0,
    );
  });

  it("measures no interval across lost samples, and counts them", () => {
    const made = makeTrain({ seconds: MINUTE, interval: () => 0.8 });
    const listener = new Listener().push(made.counts.subarray(0, 3000)).gap(130).push(made.counts.subarray(3130));
    const after = listener.heard.filter((h) => h.at > 30);
    assert.equal(after[0]?.verdict, BeatVerdict.FirstAfterGap);
    assert.equal(after[0]?.rr, 0);
    assert.ok(accepted(after).every((h) => Math.abs(h.rr - 0.8) < 0.02));
    const result = compare(made, after, 34, 59);
    assert.equal(result.found, result.expected); // times stay true, so the lost samples were counted
  });

  it("takes saturated samples for lost ones", () => {
    const made = makeTrain({ seconds: MINUTE, interval: () => 0.8 });
    const listener = new Listener()
      .push(made.counts.subarray(0, 3000))
      .push(new Int32Array(100).fill(2 ** 18 - 1), SampleFlag.Saturated)
      .push(made.counts.subarray(3100));
    const after = listener.heard.filter((h) => h.at > 30);
    assert.equal(after[0]?.verdict, BeatVerdict.FirstAfterGap);
    const result = compare(made, listener.heard, 34, 59);
    assert.equal(result.found, result.expected);
    assert.equal(result.extra, 0);
  });

  it("makes no beat of a light step and loses none to it", () => {
    const made = makeTrain({ seconds: MINUTE, interval: () => 0.8 });
    const step = 3050;
    for (let i = step; i < made.counts.length; i++) made.counts[i] = made.counts[i]! + 40_000; // i < length
    const listener = new Listener().push(made.counts.subarray(0, step));
    listener.push(made.counts.subarray(step, step + 1), SampleFlag.LightStep).push(made.counts.subarray(step + 1));
    const result = compare(made, listener.heard, 3, 59);
    assert.equal(result.found, result.expected);
    assert.equal(result.extra, 0);
    assert.equal(result.wrong, 0);
  });

  it("names a beat whose upstroke the motor shook", () => {
    const made = makeTrain({ seconds: 20, interval: () => 0.8 });
    const shaken = made.beats[15]!; // 12.3 s
    const from = Math.round(shaken * 100) - 5;
    const listener = new Listener().push(made.counts.subarray(0, from));
    listener.push(made.counts.subarray(from, from + 10), SampleFlag.Motor).push(made.counts.subarray(from + 10));
    const verdicts = listener.heard.filter((h) => Math.abs(h.at - shaken) < 0.4).map((h) => h.verdict);
    assert.deepEqual(verdicts, [BeatVerdict.MotorOverlap]);
  });

  it("falls silent with the pulse and forgets the wearer on reset", () => {
    const made = makeTrain({ seconds: 20, interval: () => 0.8 });
    const listener = new Listener().push(made.counts).push(new Int32Array(1000).fill(100_000));
    assert.equal(listener.heard.filter((h) => h.at > 20.6).length, 0);
    assert.equal(listener.detector.foresee(), false);
    listener.detector.reset();
    const before = listener.heard.length;
    listener.push(makeTrain({ seconds: 20, interval: () => 0.5 }).counts);
    const after = listener.heard.slice(before);
    assert.equal(after[0]?.verdict, BeatVerdict.FirstAfterGap);
    assert.ok((after[0]?.at ?? 99) <= 33, "a beat within three seconds of contact");
    assert.ok(accepted(after).every((h) => Math.abs(h.rr - 0.5) < 0.02));
  });

  it("foretells the next upstroke to a fiftieth of a second on a steady pulse", () => {
    const made = makeTrain({ seconds: 20, interval: () => 0.8 });
    const { detector } = new Listener().push(made.counts.subarray(0, 1500));
    const next = made.beats.find((beat) => beat > 15) ?? 0;
    assert.ok(detector.foresee());
    const newest = made.beats.filter((beat) => beat < 14.95).at(-1) ?? 0; // 50 ms suffice to see an upstroke
    assert.ok(Math.abs(detector.newestUpstrokeTicks / 1024 - newest) < 0.02, "the newest upstroke, not decided yet");
    const nextS = (detector.newestUpstrokeTicks + detector.intervalTicks) / 1024;
    assert.ok(Math.abs(nextS - next) < 0.02, `${nextS}, ${next}`);
  });
});
