import assert from "node:assert/strict";
import { BREATH_LIMITS, type BreathPlan, DEFAULT_PACE, type PaceRequest, planBreath } from "haptics/breath-plan";
import { type BreathEdges, BreathPart, Pacer } from "haptics/pacer";

function plan(request: PaceRequest): BreathPlan {
  const result = planBreath(request);
  assert.ok(result.ok, JSON.stringify(result));
  return result.plan;
}
const edges: BreathEdges = { index: 0, startMs: 0, inhaleEndMs: 0, exhaleStartMs: 0, exhaleEndMs: 0, endMs: 0 };

describe("a breath plan", () => {
  it("is 4 s in and 6 s out by default", () => {
    assert.deepEqual(plan(DEFAULT_PACE), {
      periodUs: 10_000_000,
      inhaleUs: 4_000_000,
      holdFullUs: 0,
      exhaleUs: 6_000_000,
      holdEmptyUs: 0,
      stepUs: 0,
      steps: 0,
    });
  });

  it("takes holds out of the period before it is divided", () => {
    const { inhaleUs, holdFullUs, exhaleUs, holdEmptyUs } = plan({
      rateCentiPerMin: 400,
      inhalePermille: 500,
      holdFullMs: 4000,
      holdEmptyMs: 1000,
    });
    assert.deepEqual([inhaleUs, holdFullUs, exhaleUs, holdEmptyUs], [5_000_000, 4_000_000, 5_000_000, 1_000_000]);
  });

  const accepted: [string, PaceRequest][] = [
    ["4.00 per minute at 40:60, exhale exactly 9 s", { rateCentiPerMin: 400, inhalePermille: 400 }],
    ["10.00 per minute", { rateCentiPerMin: 1000, inhalePermille: 400 }],
    ["a hold of exactly 4 s", { rateCentiPerMin: 600, inhalePermille: 400, holdFullMs: 4000 }],
    ["the sliding protocol", { rateCentiPerMin: 675, inhalePermille: 500, stepUs: 67_040, breaths: 78 }],
  ];
  for (const [what, request] of accepted) it(`accepts ${what}`, () => assert.equal(planBreath(request).ok, true));

  const refused: [string, PaceRequest, string][] = [
    ["3.99 per minute", { rateCentiPerMin: 399, inhalePermille: 500 }, "rateTooSlow"],
    ["10.01 per minute", { rateCentiPerMin: 1001, inhalePermille: 400 }, "rateTooFast"],
    ["an exhalation of 9.015 s", { rateCentiPerMin: 400, inhalePermille: 399 }, "exhaleTooLong"],
    ["a hold of 4.001 s", { rateCentiPerMin: 400, inhalePermille: 400, holdFullMs: 4001 }, "holdTooLong"],
    ["an empty hold of 4.001 s", { rateCentiPerMin: 400, inhalePermille: 400, holdEmptyMs: 4001 }, "holdTooLong"],
    ["holds of 8 s in a breath of 10 s", withHolds(600, 4000), "holdsLeaveNoBreath"],
    ["a ratio of 1:4.03", { rateCentiPerMin: 1000, inhalePermille: 199 }, "ratioOutOfRange"],
    ["a ratio of 1.5:1 and more", { rateCentiPerMin: 600, inhalePermille: 601 }, "ratioOutOfRange"],
    ["a fraction", { rateCentiPerMin: 600.5, inhalePermille: 400 }, "notWhole"],
    ["no number", { rateCentiPerMin: Number.NaN, inhalePermille: 400 }, "notWhole"],
    ["a negative hold", { rateCentiPerMin: 600, inhalePermille: 400, holdFullMs: -1 }, "notWhole"],
    // 15 s is reached with step 91: 8888889 + 91 * 67040 = 14989529, + 92 steps = 15056569 µs
    ["a slide below 4", { rateCentiPerMin: 675, inhalePermille: 500, stepUs: 67_040, breaths: 93 }, "rateTooSlow"],
    ["a slide above 10", { rateCentiPerMin: 900, inhalePermille: 500, stepUs: -100_000, breaths: 9 }, "rateTooFast"],
    // exhale 60 % of 8.889 s is 5.33 s; with 78 breaths the last is 14.05 s: 8.43 s; at 65 %: 9.13 s
    [
      "a slide into a long exhale",
      { rateCentiPerMin: 675, inhalePermille: 350, stepUs: 67_040, breaths: 78 },
      "exhaleTooLong",
    ],
  ];
  for (const [what, request, reason] of refused)
    it(`refuses ${what}: ${reason}`, () => assert.deepEqual(planBreath(request), { ok: false, reason }));

  function withHolds(rateCentiPerMin: number, holdMs: number): PaceRequest {
    return { rateCentiPerMin, inhalePermille: 400, holdFullMs: holdMs, holdEmptyMs: holdMs };
  }
});

describe("the pacer", () => {
  it("knows the part and the phase of the default breath", () => {
    const pacer = new Pacer(plan(DEFAULT_PACE));
    assert.equal(pacer.partAt(0), BreathPart.Inhale);
    assert.equal(pacer.partAt(3999), BreathPart.Inhale);
    assert.equal(pacer.partAt(4000), BreathPart.Exhale);
    assert.equal(pacer.partAt(9999), BreathPart.Exhale);
    assert.equal(pacer.partAt(10_000), BreathPart.Inhale);
    assert.equal(pacer.turnQ16(10_000), 0);
    assert.ok(Math.abs(pacer.turnQ16(12_500) - 16_384) <= 1);
    assert.ok(Math.abs(pacer.turnQ16(19_999) - 65_529) <= 1); // 9999 / 10000 of 65536 = 65529.4
  });

  it("has holds where the plan has them", () => {
    const pacer = new Pacer(plan({ rateCentiPerMin: 400, inhalePermille: 500, holdFullMs: 4000, holdEmptyMs: 1000 }));
    const parts = [4999, 5000, 8999, 9000, 13_999, 14_000, 14_999, 15_000].map((atMs) => pacer.partAt(atMs));
    assert.deepEqual(parts, [
      BreathPart.Inhale,
      BreathPart.HoldFull,
      BreathPart.HoldFull,
      BreathPart.Exhale,
      BreathPart.Exhale,
      BreathPart.HoldEmpty,
      BreathPart.HoldEmpty,
      BreathPart.Inhale,
    ]);
  });

  it("drifts by less than 1 ms over 20 minutes at every rate", () => {
    let worstMs = 0;
    for (let rate = BREATH_LIMITS.rateCentiPerMinMin; rate <= BREATH_LIMITS.rateCentiPerMinMax; rate++) {
      const pacer = new Pacer(plan({ rateCentiPerMin: rate, inhalePermille: 400 }));
      const breaths = Math.floor((1200 * rate) / 6000); // whole breaths in 1200 s
      pacer.edgesAt(Math.ceil((breaths * 6_000_000) / rate) + 5, edges);
      assert.equal(edges.index, breaths, `rate ${rate}`);
      worstMs = Math.max(worstMs, Math.abs(edges.startMs - (breaths * 6_000_000) / rate));
    }
    assert.ok(worstMs < 1, `worst ${worstMs} ms`);
  });

  it("answers the same whether it is asked every 10 ms or once, and looks back over 15 breaths", () => {
    const steady = new Pacer(plan({ rateCentiPerMin: 670, inhalePermille: 400 }));
    const turns: number[] = [];
    for (let atMs = 0; atMs < 60_000; atMs += 10) turns.push(steady.turnQ16(atMs));
    const lazy = new Pacer(plan({ rateCentiPerMin: 670, inhalePermille: 400 }));
    lazy.turnQ16(59_990);
    for (let i = 0; i < turns.length; i++) assert.equal(lazy.turnQ16(i * 10), turns[i], `at ${i * 10} ms`);
  });

  it("refuses a time before the pacing, a forgotten one, and one too far ahead", () => {
    const pacer = new Pacer(plan(DEFAULT_PACE));
    assert.throws(() => pacer.turnQ16(-1), RangeError);
    pacer.turnQ16(200_000);
    assert.throws(() => pacer.turnQ16(0), RangeError);
    assert.throws(() => pacer.turnQ16(20_000_000), RangeError);
  });

  it("changes at the next breath's boundary only", () => {
    const pacer = new Pacer(plan(DEFAULT_PACE));
    pacer.turnQ16(12_000);
    pacer.change(plan({ rateCentiPerMin: 500, inhalePermille: 500 }));
    pacer.edgesAt(19_999, edges);
    assert.deepEqual([edges.startMs, edges.inhaleEndMs, edges.endMs], [10_000, 14_000, 20_000]);
    pacer.edgesAt(20_000, edges);
    assert.deepEqual([edges.startMs, edges.inhaleEndMs, edges.endMs], [20_000, 26_000, 32_000]);
  });

  it("slides by 67.04 ms after each whole breath: 78 breaths, 894.7 s, last 4.27 per minute", () => {
    const pacer = new Pacer(plan({ rateCentiPerMin: 675, inhalePermille: 500, stepUs: 67_040, breaths: 78 }));
    let atMs = 0;
    let lengthMs = 0;
    for (let breath = 0; breath < 78; breath++) {
      pacer.edgesAt(atMs, edges);
      assert.equal(edges.index, breath);
      // The sum of the breaths before: 60 s / 6.75 each, and 67.04 ms more with every breath.
      const exactMs = (breath * 60_000) / 6.75 + (67.04 * breath * (breath - 1)) / 2;
      assert.ok(Math.abs(edges.startMs - exactMs) < 0.51, `breath ${breath}: ${edges.startMs}, not ${exactMs}`);
      lengthMs = edges.endMs - edges.startMs;
      assert.ok(Math.abs(edges.inhaleEndMs - edges.startMs - lengthMs / 2) <= 1);
      atMs = edges.endMs;
    }
    assert.equal((atMs / 1000).toFixed(1), "894.7");
    assert.equal((60_000 / lengthMs).toFixed(2), "4.27");
    pacer.edgesAt(atMs, edges); // after its last breath the slide stays where it is
    assert.ok(Math.abs(edges.endMs - edges.startMs - lengthMs) <= 1);
  });
});
