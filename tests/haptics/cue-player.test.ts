import assert from "node:assert/strict";
import { CuePlayer, type CuePlayerOptions } from "haptics/cue-player";
import type { TickSource } from "haptics/tick-source";
import { FakeMotor } from "./fake-motor.js";
import { FakeTime } from "./fake-time.js";

function playerAt(startMs: number, more: Partial<CuePlayerOptions> = {}) {
  const time = new FakeTime(startMs);
  const motor = new FakeMotor(time);
  const player = new CuePlayer({ motor, clock: time, timers: time, ...more });
  return { time, motor, player };
}

/** A tick of 40 ms every `periodMs`. */
const metronome = (periodMs: number, shiftMsMax = 0, yields = false): TickSource => ({
  nextTick(afterMs, out) {
    out.atMs = Math.max(0, Math.floor(afterMs / periodMs) + 1) * periodMs;
    out.onMs = 40;
    out.strengthQ8 = 200;
    out.shiftMsMax = shiftMsMax;
    out.yields = yields;
    return true;
  },
});

/** Upstrokes every `rrMs`, one of them at 0. */
const heart = (rrMs: number) => ({
  nextUpstrokeMs: (afterMs: number) => (Math.floor(afterMs / rrMs) + 1) * rrMs,
});

const times = (motor: FakeMotor): number[] => motor.pulses.map((pulse) => pulse.atMs);

describe("the cue player", () => {
  it("plays a cue's ticks at their times", () => {
    const { time, motor, player } = playerAt(5000);
    assert.equal(player.play("start"), true);
    time.advance(3000);
    assert.deepEqual(motor.pulses, [
      { atMs: 5000, strengthQ8: 96, onMs: 60 },
      { atMs: 5250, strengthQ8: 160, onMs: 60 },
      { atMs: 5500, strengthQ8: 256, onMs: 60 },
    ]);
    assert.equal(player.isCueing, false);
    assert.equal(time.pendingCount, 0);
  });

  it("keeps absolute time when every timer is late", () => {
    const { time, motor, player } = playerAt(0);
    time.latenessMs = 7;
    player.guide(metronome(500), 0, 2_000_000);
    time.advance(1_200_000);
    assert.equal(motor.pulses.length, 2400); // at 0, 500, .. 1 199 500
    assert.equal(motor.pulses.at(-1)?.atMs, 1_199_507);
  });

  it("never has more than one timer", () => {
    const { time, player } = playerAt(0);
    player.guide(metronome(300), 0, 2_000_000);
    for (let i = 0; i < 200; i++) {
      if (i % 20 === 0) player.play(i % 40 === 0 ? "paused" : "end");
      time.advance(47);
      assert.ok(time.pendingCount <= 1);
    }
  });

  it("plays a tick that is 80 ms late and drops one that is 81 ms late", () => {
    const { time, motor, player } = playerAt(0);
    player.guide(metronome(1000), 0, 2_000_000);
    time.advance(10);
    time.ticks = 1080;
    time.advance(0);
    assert.deepEqual(times(motor), [0, 1080]);
    time.ticks = 2081;
    time.advance(0);
    assert.deepEqual([times(motor), player.droppedCount], [[0, 1080], 1]);
    time.advance(919);
    assert.deepEqual(times(motor), [0, 1080, 3000]);
  });

  it("does not catch up after a standstill", () => {
    const { time, motor, player } = playerAt(0);
    player.guide(metronome(100), 0, 2_000_000);
    time.advance(50);
    time.ticks = 10_050;
    time.advance(100);
    assert.deepEqual(times(motor), [0, 10_050, 10_100]); // the tick of 10 000 is 50 ms late
  });

  it("plays no tick of the guide at its end or later, not even one that may move", () => {
    const { time, motor, player } = playerAt(0, { forecast: heart(1000) });
    player.guide(metronome(700, 180), 0, 2100);
    time.advance(5000);
    assert.equal(motor.pulses.length, 3); // wished for at 0, 700, 1400
    assert.equal(time.pendingCount, 0);
  });

  it("joins the parts of a stroke without a break, also when a timer is late", () => {
    const { time, motor, player } = playerAt(0);
    time.latenessMs = 15;
    player.play("end");
    time.advance(3000);
    // 400 ms each; the first two last 80 ms longer so that the next one takes over.
    assert.deepEqual(
      motor.pulses.map(({ atMs, onMs }) => [atMs, onMs]),
      [
        [15, 480],
        [415, 480],
        [815, 400],
      ],
    );
  });

  it("is silent at once and for good when stopped", () => {
    const { time, motor, player } = playerAt(0);
    player.guide(metronome(200), 0, 2_000_000);
    player.play("end");
    time.advance(10);
    player.stop();
    assert.equal(motor.running, false);
    const before = motor.pulses.length;
    time.advance(10_000);
    assert.equal(motor.pulses.length, before);
    assert.equal(time.pendingCount, 0);
  });

  it("lets ticks pass while muted and goes on in rhythm afterwards", () => {
    const { time, motor, player } = playerAt(0);
    player.guide(metronome(500), 0, 2_000_000);
    time.advance(20);
    player.muted = true;
    assert.equal(motor.offsMs.at(-1), 20);
    time.advance(1200);
    player.muted = false;
    time.advance(400);
    assert.deepEqual(times(motor), [0, 1500]);
  });

  it("plays a cue over the guide, which goes on 400 ms after it", () => {
    const { time, motor, player } = playerAt(0);
    player.guide(metronome(500), 0, 2_000_000);
    time.advance(1100);
    player.play("paused"); // ticks at 1100 and 1800, over at 1860, quiet until 2260
    time.advance(1500);
    assert.deepEqual(times(motor), [0, 500, 1000, 1100, 1800, 2500]);
  });

  it("does not let an informing cue talk over the confirmation of a stop, but the other way round", () => {
    const { time, motor, player } = playerAt(0);
    player.play("stopAccepted");
    time.advance(600);
    assert.equal(player.play("batteryLow"), false);
    time.advance(1000);
    assert.deepEqual(times(motor), [500, 750]);
    player.play("batteryLow");
    time.advance(100);
    assert.equal(player.play("stopAccepted"), true);
    time.advance(3000);
    assert.deepEqual(times(motor), [500, 750, 1600, 2200, 2450]);
  });

  it("starts a guide that lies in the past with its next tick", () => {
    const { time, motor, player } = playerAt(1250);
    player.guide(metronome(500), 0, 2_000_000);
    time.advance(600);
    assert.deepEqual(times(motor), [1500]);
  });

  it("stops the motor when a source throws", () => {
    const { time, motor, player } = playerAt(0);
    let calls = 0;
    player.guide(
      {
        nextTick(afterMs, out) {
          if (++calls > 2) throw new Error("bad source");
          return metronome(300).nextTick(afterMs, out);
        },
      },
      0,
      10_000,
    );
    assert.throws(() => time.advance(1000), /bad source/);
    assert.equal(motor.running, false);
    assert.equal(time.pendingCount, 0);
  });
});

describe("beat-aware ticks", () => {
  // A tick of 40 ms takes 40 + 150 ms of tail; 140 ms are kept on both sides of an upstroke. So with an upstroke at u a
  // tick may not start later than u - 330 and not earlier than u + 140.
  it("leaves a tick alone that is clear already", () => {
    const { time, motor, player } = playerAt(0, { forecast: heart(1000) });
    player.guide(metronome(1000, 240), 660, 2_000_000);
    time.advance(800);
    assert.deepEqual(times(motor), [660]); // 1000 - 330 = 670
  });

  it("moves it to the nearer edge of the gap", () => {
    for (const [wishedMs, playedMs] of [
      [1671, 1670],
      [1800, 1670],
      [1904, 1670], // 234 early against 236 late
      [1906, 2140], // 236 early against 234 late
      [2000, 2140],
      [2139, 2140],
      [2140, 2140],
    ] as const) {
      const { time, motor, player } = playerAt(1500, { forecast: heart(1000) });
      player.guide(metronome(5000, 240), wishedMs, 2_000_000);
      time.advance(1000);
      assert.deepEqual(times(motor), [playedMs], `wished ${wishedMs}`);
    }
  });

  it("keeps every tick of a fast train clear of every upstroke, from 50 to 125 beats per minute", () => {
    for (let bpm = 50; bpm <= 125; bpm += 3) {
      const rrMs = 60_000 / bpm;
      const { time, motor, player } = playerAt(0, { forecast: heart(rrMs) });
      player.guide(metronome(470, 240, true), 0, 2_000_000);
      time.advance(60_000);
      for (const { atMs, onMs } of motor.pulses) {
        const nextMs = heart(rrMs).nextUpstrokeMs(atMs - 129);
        assert.ok(nextMs >= atMs + onMs + 150 + 129, `${bpm} bpm: tick at ${atMs}, upstroke at ${nextMs}`);
      }
      assert.ok(motor.pulses.length >= 0.7 * 128, `${bpm} bpm: only ${motor.pulses.length} of 128 ticks`);
    }
  });

  it("leaves a yielding tick out when the heart is too fast for a gap, and plays one that marks a turn", () => {
    const yielding = playerAt(0, { forecast: heart(340) });
    yielding.player.guide(metronome(1000, 180, true), 0, 2_000_000);
    yielding.time.advance(5500);
    assert.deepEqual([times(yielding.motor).length, yielding.player.yieldedCount], [0, 6]);
    const marking = playerAt(0, { forecast: heart(340) });
    marking.player.guide(metronome(1000, 180, false), 0, 2_000_000);
    marking.time.advance(5500);
    assert.deepEqual([times(marking.motor).length, marking.player.overlapCount], [6, 6]);
  });

  it("looks again when the tick is due: a beat that came since then has changed the forecast", () => {
    for (const [yields, played] of [
      [true, []],
      [false, [2000]],
    ] as const) {
      let upstrokeMs: number | undefined;
      const forecast = { nextUpstrokeMs: (afterMs: number) => ((upstrokeMs ?? 0) > afterMs ? upstrokeMs : undefined) };
      const { time, motor, player } = playerAt(1700, { forecast });
      player.guide(metronome(5000, 100, yields), 2000, 1);
      time.advance(250);
      upstrokeMs = 2100; // seen only now; the way round it is 220 ms
      time.advance(1000);
      assert.deepEqual(times(motor), played);
      assert.equal(player.yieldedCount, yields ? 1 : 0);
    }
  });

  it("puts a tick off when its timer was late and a clear time is within reach", () => {
    const { time, motor, player } = playerAt(1500, { forecast: heart(1000) });
    player.guide(metronome(5000, 240), 1890, 1);
    time.latenessMs = 40;
    time.advance(1000);
    // Its timer of 1650 comes at 1690, too late for 1670. At its own time it is looked at again, with 130 ms to keep:
    // after the upstroke, at 2130, which a timer makes 2170.
    assert.deepEqual(times(motor), [2170]);
  });

  it("plays on time when nothing can be foreseen", () => {
    const { time, motor, player } = playerAt(0, { forecast: { nextUpstrokeMs: () => undefined } });
    player.guide(metronome(500, 180, true), 0, 2_000_000);
    time.advance(1600);
    assert.deepEqual(times(motor), [0, 500, 1000, 1500]);
  });
});

describe("strengths", () => {
  it("plays the table's strengths at those that this wrist tells apart, in even steps", () => {
    const { time, motor, player } = playerAt(0);
    // Four of them: the table's 96, 160 and 256 of 256 lie at 1.125, 1.875 and 3 of their three steps.
    player.strengthsQ8 = [0, 48, 128, 256];
    player.play("start");
    time.advance(3000);
    // 48 + 80 / 8 = 58; 48 + 80 * 7 / 8 = 118; 256.
    assert.deepEqual(
      motor.pulses.map(({ strengthQ8 }) => strengthQ8),
      [58, 118, 256],
    );
  });

  it("plays a guide at the wearer's own strength, and cues as they are", () => {
    const { time, motor, player } = playerAt(0);
    player.guideStrengthQ8 = 128;
    player.guide(metronome(1000), 0, 3_000);
    time.advance(2_500);
    player.play("zone");
    time.advance(1_000);
    assert.deepEqual(
      motor.pulses.map(({ strengthQ8 }) => strengthQ8),
      [100, 100, 100, 256], // at 0, 1 and 2 s
    );
  });
});
