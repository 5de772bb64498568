import assert from "node:assert/strict";
import { CUES, type Cue, cueLengthMs, STROKE_MS_MIN, TICK_MS_MAX, TICK_MS_MIN } from "haptics/cues";
import { MOTOR_LIMITS } from "haptics/motor";

const all: [string, Cue][] = Object.entries(CUES);

/** Ticks that touch are one stroke. */
function strokes(cue: Cue): { atMs: number; endMs: number; strengths: number[] }[] {
  const felt: { atMs: number; endMs: number; strengths: number[] }[] = [];
  for (const { atMs, onMs, strengthQ8 } of cue.ticks) {
    const last = felt.at(-1);
    if (last?.endMs === atMs) {
      last.endMs += onMs;
      last.strengths.push(strengthQ8);
    } else felt.push({ atMs, endMs: atMs + onMs, strengths: [strengthQ8] });
  }
  return felt;
}

/** What a hand can tell: tick or stroke, short or long gap, and a contour inside a stroke. Not strength as such. */
function feltAs(cue: Cue): string {
  const felt = strokes(cue);
  return felt
    .map(({ atMs, endMs, strengths }, i) => {
      const gap = i === 0 ? "" : atMs - felt[i - 1]!.endMs <= 300 ? "" : " ";
      const [first = 0, last = 0] = [strengths[0], strengths.at(-1)];
      return gap + (endMs - atMs <= TICK_MS_MAX ? "." : last < first ? "\\" : last > first ? "/" : "-");
    })
    .join("");
}

describe("the vocabulary of touch", () => {
  it("has no two cues that feel alike", () => {
    const names = new Map<string, string>();
    for (const [name, cue] of all) {
      const code = feltAs(cue);
      assert.equal(names.get(code), undefined, `${name} and ${names.get(code)} are both "${code}"`);
      names.set(code, name);
    }
  });

  for (const [name, cue] of all)
    it(`keeps ${name} within what can be told apart and what is allowed`, () => {
      const felt = strokes(cue);
      for (let i = 0; i < felt.length; i++) {
        const { atMs, endMs, strengths } = felt[i]!;
        const lengthMs = endMs - atMs;
        assert.ok((lengthMs >= TICK_MS_MIN && lengthMs <= TICK_MS_MAX) || lengthMs >= STROKE_MS_MIN, `${lengthMs} ms`);
        assert.ok(lengthMs <= MOTOR_LIMITS.onMsMax);
        for (let j = 1; j < strengths.length; j++) {
          const [low, high] = [strengths[j]!, strengths[j - 1]!].sort((a, b) => a - b) as [number, number]; // a pair
          assert.ok(high >= low * 1.3, "steps of at least 30 %");
        }
        if (i === 0) continue;
        const gapMs = atMs - felt[i - 1]!.endMs;
        assert.ok(gapMs >= 140 && (gapMs <= 300 || gapMs >= 500), `gap of ${gapMs} ms is neither quick nor slow`);
      }
      assert.ok(cueLengthMs(cue) <= 10_000);
    });

  it("confirms a stop only after a felt silence", () => {
    assert.ok((CUES.stopAccepted.ticks[0]?.atMs ?? 0) >= 500);
    assert.ok((CUES.grounding.ticks[0]?.atMs ?? 0) >= 500);
  });
});
