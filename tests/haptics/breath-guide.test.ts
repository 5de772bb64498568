import assert from "node:assert/strict";
import { BreathGuide } from "haptics/breath-guide";
import { BREATH_LIMITS, DEFAULT_PACE, type PaceRequest, planBreath } from "haptics/breath-plan";
import { Pacer } from "haptics/pacer";
import { BREATH_STYLES, type BreathStyleName } from "haptics/styles";
import type { DueTick } from "haptics/tick-source";

function ticksOf(style: BreathStyleName, request: PaceRequest, untilMs: number, gainQ8 = 256): DueTick[] {
  const result = planBreath(request);
  assert.ok(result.ok);
  const guide = new BreathGuide(new Pacer(result.plan), BREATH_STYLES[style]);
  guide.gainQ8 = gainQ8;
  const ticks: DueTick[] = [];
  const due: DueTick = { atMs: 0, onMs: 0, strengthQ8: 0, shiftMsMax: 0, yields: false };
  for (let afterMs = -1; guide.nextTick(afterMs, due) && due.atMs < untilMs; afterMs = due.atMs) ticks.push({ ...due });
  return ticks;
}

describe("a breath guide", () => {
  it("marks the turns in style edges: one in, two out", () => {
    const atMs = ticksOf("edges", DEFAULT_PACE, 20_000).map((tick) => tick.atMs);
    assert.deepEqual(atMs, [0, 4000, 4250, 10_000, 14_000, 14_250]);
  });

  it("gathers and grows through the inhalation in style wave", () => {
    const inhale = ticksOf("wave", DEFAULT_PACE, 4000);
    // Spacing 700 - 350 t/4000: 0, 700, 1339 (639 after), 1922 (583), 2454 (532), 2940 (486), 3383 (443); 3788 is
    // later than 250 ms before the turn.
    assert.deepEqual(
      inhale.map((tick) => tick.atMs),
      [0, 700, 1339, 1922, 2454, 2940, 3383],
    );
    // Strength 96 + 160 t/4000
    assert.deepEqual(
      inhale.map((tick) => tick.strengthQ8),
      [96, 124, 149, 172, 194, 213, 231],
    );
  });

  it("is silent through the inhalation in style exhale", () => {
    const ticks = ticksOf("exhale", DEFAULT_PACE, 10_000);
    assert.equal(ticks[0]?.atMs, 4000);
    assert.ok(ticks.length > 8);
  });

  it("runs the motor for at most 15 % of the time, in every style at every rate and ratio", () => {
    for (const style of ["wave", "exhale", "edges"] as const)
      for (let rateCentiPerMin = BREATH_LIMITS.rateCentiPerMinMin; rateCentiPerMin <= 1000; rateCentiPerMin += 50)
        for (const inhalePermille of [200, 400, 500, 600]) {
          const request = { rateCentiPerMin, inhalePermille };
          if (!planBreath(request).ok) continue;
          const breathMs = 6_000_000 / rateCentiPerMin;
          const onMs = ticksOf(style, request, breathMs - 1).reduce((sum, tick) => sum + tick.onMs, 0);
          assert.ok(
            onMs <= 0.15 * breathMs,
            `${style} ${rateCentiPerMin} ${inhalePermille}: ${onMs} of ${breathMs} ms`,
          );
        }
  });

  it("has single ticks of 30 .. 60 ms, at least 140 ms apart, also when it fades", () => {
    for (const style of ["wave", "exhale", "edges"] as const)
      for (const gainQ8 of [64, 256]) {
        const ticks = ticksOf(style, DEFAULT_PACE, 60_000, gainQ8);
        for (let i = 0; i < ticks.length; i++) {
          assert.ok(ticks[i]!.onMs >= 30 && ticks[i]!.onMs <= 60);
          if (i > 0) assert.ok(ticks[i]!.atMs - ticks[i - 1]!.atMs - ticks[i - 1]!.onMs >= 140);
        }
      }
  });

  it("turns strength and length down with its gain", () => {
    const [first] = ticksOf("edges", DEFAULT_PACE, 1000, 128);
    assert.deepEqual([first?.strengthQ8, first?.onMs], [128, 30]);
  });
});
