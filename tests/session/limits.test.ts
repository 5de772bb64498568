import assert from "node:assert/strict";
import { BREATH_LIMITS, planBreath } from "haptics/breath-plan";
import { LIMITS, type Limit, supervise, usualLimits } from "session/limits";

const all: [string, Limit][] = Object.entries(LIMITS);

describe("supervised limits", () => {
  it("are the usual ones when nothing is asked for, as in physiology 7.3", () => {
    const limits = usualLimits();
    assert.equal(limits.heartAboveRestBpm, 30);
    assert.equal(limits.heartOfAgePercent, 85);
    assert.equal(limits.heartHighForMs, 60_000);
    assert.equal(limits.heartFloorBpm, 40);
    assert.equal(limits.heartLowForMs, 30_000);
    assert.equal(limits.heartClimbBpm, 10);
    assert.equal(limits.irregularPercent, 10);
    assert.equal(limits.sensorLostMs, 10_000);
    assert.equal(limits.sessionMs, 1_200_000);
    assert.equal(limits.sessionWeekOneMs, 300_000);
    assert.equal(limits.sessionsADay, 4);
    assert.equal(limits.nudgesADay, 3);
    assert.equal(limits.nudgeApartMs, 5_400_000);
    assert.equal(limits.restMs, 1_800_000);
    assert.equal(limits.holdMsMax, 4_000);
    assert.deepEqual([limits.rateCentiPerMinMin, limits.rateCentiPerMinMax], [400, 1_000]);
  });

  for (const [name, { loosest, strictest, usual }] of all)
    it(`hold ${name} between ${loosest} and ${strictest}`, () => {
      const tighter = Math.sign(strictest - loosest);
      const ask = (value: unknown) => supervise({ [name]: value });
      for (const value of [loosest, strictest, usual]) {
        const result = ask(value);
        assert.ok(result.ok && result.limits[name as keyof typeof LIMITS] === value, `${value}`); // a key of LIMITS
      }
      assert.deepEqual(ask(loosest - tighter), { ok: false, limit: name, reason: "tooLoose" });
      assert.deepEqual(ask(strictest + tighter), { ok: false, limit: name, reason: "tooStrict" });
    });

  it("refuse what is no whole number, and names that are not theirs, and then change nothing", () => {
    for (const value of [Number.NaN, Infinity, 1.5, "5", null, undefined, 2 ** 60])
      assert.deepEqual(supervise({ sessionMs: value }), { ok: false, limit: "sessionMs", reason: "notWhole" });
    for (const name of ["sesionMs", "__proto__x", "constructor", "toString"])
      assert.deepEqual(supervise({ [name]: 5 }), { ok: false, limit: name, reason: "unknown" });
  });

  it("cannot be changed afterwards", () => assert.ok(Object.isFrozen(usualLimits())));

  it("bound the breath like the breath's own limits, and tighter where asked", () => {
    for (const [name, value] of Object.entries(BREATH_LIMITS))
      assert.equal(usualLimits()[name as keyof typeof BREATH_LIMITS], value); // its keys are its names
    const result = supervise({ holdMsMax: 0, rateCentiPerMinMin: 500 });
    assert.ok(result.ok);
    const hold = planBreath({ rateCentiPerMin: 600, inhalePermille: 400, holdFullMs: 1 }, result.limits);
    assert.deepEqual(hold, { ok: false, reason: "holdTooLong" });
    assert.equal(planBreath({ rateCentiPerMin: 500, inhalePermille: 400 }, result.limits).ok, true);
    assert.deepEqual(planBreath({ rateCentiPerMin: 499, inhalePermille: 500 }, result.limits), {
      ok: false,
      reason: "rateTooSlow",
    });
  });

  it("grant the slowest and the fastest rate that they name, whatever it is", () => {
    for (let rate = 400; rate <= 600; rate++) {
      const slowest = supervise({ rateCentiPerMinMin: rate });
      assert.ok(slowest.ok && planBreath({ rateCentiPerMin: rate, inhalePermille: 500 }, slowest.limits).ok, `${rate}`);
    }
    for (let rate = 600; rate <= 1_000; rate++) {
      const fastest = supervise({ rateCentiPerMinMax: rate });
      assert.ok(fastest.ok && planBreath({ rateCentiPerMin: rate, inhalePermille: 500 }, fastest.limits).ok, `${rate}`);
    }
  });
});
