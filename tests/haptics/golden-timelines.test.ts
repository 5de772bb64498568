import assert from "node:assert/strict";
import { BreathGuide } from "haptics/breath-guide";
import { DEFAULT_PACE, planBreath } from "haptics/breath-plan";
import { CuePlayer } from "haptics/cue-player";
import { CUES, type CueName } from "haptics/cues";
import { HeartGuide } from "haptics/heart-guide";
import { LimitedMotor } from "haptics/motor";
import { Pacer } from "haptics/pacer";
import { BREATH_STYLES } from "haptics/styles";
import type { TickSource } from "haptics/tick-source";
import { FakeDrive } from "./fake-motor.js";
import { FakeTime } from "./fake-time.js";

/** When the motor runs, ms from the cue's start: by hand, from what each cue is said to feel like in docs/haptics.md. */
const CUE_TIMELINES: Record<CueName, readonly (readonly [fromMs: number, toMs: number])[]> = {
  start: [
    [0, 60],
    [250, 310],
    [500, 560],
  ],
  end: [[0, 1200]],
  paused: [
    [0, 60],
    [700, 760],
  ],
  sensorLost: [
    [0, 300],
    [500, 560],
  ],
  batteryLow: [
    [0, 300],
    [550, 850],
  ],
  stopAccepted: [
    [500, 560],
    [750, 810],
  ],
  refused: [[0, 300]],
  link: [
    [0, 60],
    [250, 310],
    [500, 560],
    [750, 810],
  ],
  bell: [
    [0, 200],
    [1500, 1700],
    [3000, 3200],
  ],
  nudge: [[0, 750]],
  grounding: [
    [500, 560],
    [2500, 2560],
    [4500, 4560],
    [6500, 6560],
    [8500, 8560],
  ],
  ease: [
    [0, 60],
    [200, 500],
    [700, 760],
  ],
  zone: [[0, 60]],
  tense: [
    [0, 60],
    [200, 600],
  ],
  release: [
    [0, 300],
    [500, 560],
    [750, 810],
  ],
};

/**
 * On-edges in the first breath of 4 s in and 6 s out, by hand. wave in: each tick 700 - 350 t / 4000 after the one before;
 * out: 350 + 350 t / 6000, whole ms, rounded down; none in the last 250 ms of a part.
 */
const OUT = [4000, 4350, 4720, 5112, 5526, 5965, 6429, 6920, 7440, 7990, 8572, 9188];
const STYLE_TIMELINES = {
  wave: [0, 700, 1339, 1922, 2454, 2940, 3383, ...OUT],
  exhale: OUT,
  edges: [0, 4000, 4250],
} as const;

/** Stretches in which the drive is not 0. */
function runs(lengthMs: number, play: (player: CuePlayer) => void): (readonly [number, number])[] {
  const time = new FakeTime(0);
  const drive = new FakeDrive(time);
  const player = new CuePlayer({
    motor: new LimitedMotor(drive, { clock: time, timers: time }),
    clock: time,
    timers: time,
  });
  play(player);
  time.advance(lengthMs);
  const found: (readonly [number, number])[] = [];
  let onMs: number | undefined;
  for (const { atMs, levelQ8 } of drive.writes) {
    if (levelQ8 > 0) onMs ??= atMs;
    else if (onMs !== undefined) {
      found.push([onMs, atMs]);
      onMs = undefined;
    }
  }
  return found;
}

describe("golden timelines of the touch", () => {
  for (const name of Object.keys(CUES) as CueName[]) // its own keys
    it(`has the motor run for ${name} as written down by hand`, () => {
      assert.deepEqual(
        runs(12_000, (player) => player.play(name)),
        CUE_TIMELINES[name],
      );
    });

  const guided = (source: TickSource): number[] =>
    runs(10_000, (player) => player.guide(source, 0, 10_000)).map(([fromMs]) => fromMs);

  for (const style of ["wave", "exhale", "edges"] as const)
    it(`has the ticks of ${style} as written down by hand`, () => {
      const planned = planBreath(DEFAULT_PACE);
      assert.ok(planned.ok);
      assert.deepEqual(guided(new BreathGuide(new Pacer(planned.plan), BREATH_STYLES[style])), [
        ...STYLE_TIMELINES[style],
      ]);
    });

  it("has the felt heart at 64 per minute 4 % slower: pairs every 977 ms", () => {
    const heart = new HeartGuide();
    heart.begin();
    heart.bpm = 64; // 60 000 / (64 * 0.96) = 976.6
    assert.deepEqual(guided(heart).slice(0, 6), [0, 200, 977, 1177, 1954, 2154]);
  });
});
