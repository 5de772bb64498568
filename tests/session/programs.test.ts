import assert from "node:assert/strict";
import { planBreath } from "haptics/breath-plan";
import { capMs, usualLimits } from "session/limits";
import { type Phase, PROGRAMS, type Program, SOFTLY } from "session/programs";

const all: [string, Program][] = Object.entries(PROGRAMS);

/** With the longest choice; a paced phase may go on for up to one breath, 15 s at 4 per minute. */
const longestMs = (phases: readonly Phase[]): number =>
  phases.reduce(
    (sum, phase) => sum + (phase.chosenMsMax ?? phase.durationMs) + (phase.pace === "none" ? 0 : 15_000),
    0,
  );
/** As it comes, at the default rate. */
const usualMs = (phases: readonly Phase[]): number =>
  phases.reduce((sum, phase) => sum + (phase.isOffByDefault ? 0 : phase.durationMs), 0);

describe("the programs", () => {
  for (const [name, program] of all) {
    it(`${name} fits its cap with every choice`, () => {
      const mostMs = capMs(usualLimits(), program.cap, false);
      assert.ok(longestMs(program.phases) <= mostMs, `${longestMs(program.phases)} of ${mostMs} ms`);
    });

    if (!program.isAfterWeekOne)
      it(`${name} fits the first week's cap as it comes`, () => {
        const mostMs = capMs(usualLimits(), program.cap, true);
        assert.ok(usualMs(program.phases) <= mostMs, `${usualMs(program.phases)} of ${mostMs} ms`);
      });

    it(`${name} asks only for paces that the pacer grants`, () => {
      for (const { pace } of program.phases) if (typeof pace === "object") assert.equal(planBreath(pace).ok, true);
    });

    it(`${name} has phases with names of their own`, () => {
      const ids = program.phases.map((phase) => phase.id);
      assert.equal(new Set(ids).size, ids.length);
    });

    it(`${name} warns against deep breathing wherever it paces`, () => {
      for (const phase of program.phases) if (phase.pace !== "none") assert.ok(phase.says.includes(SOFTLY), phase.id);
    });
  }

  it("leave pelvis, chest and throat out of the body scan by default", () => {
    const phases: readonly Phase[] = PROGRAMS.bodyScan.phases;
    assert.deepEqual(
      phases.filter((phase) => phase.isOffByDefault).map((phase) => phase.region),
      ["pelvis", "chest", "throat"],
    );
  });

  it("tense for 5 to 7 s and release for 30 to 40 s", () => {
    const phases: readonly Phase[] = PROGRAMS.relax.phases;
    for (const { id, durationMs } of phases) {
      const [minMs, maxMs] = id.endsWith("Tense") ? [5000, 7000] : [30_000, 40_000];
      assert.ok(durationMs >= minMs && durationMs <= maxMs, id);
    }
    assert.equal(phases.length % 2, 0);
  });

  it("step from 6.5 to 4.5 by 0.5, two minutes each, with two minutes of rest", () => {
    const phases: readonly Phase[] = PROGRAMS.findPace.phases;
    const rates = phases.flatMap(({ pace }) => (typeof pace === "object" ? [pace.rateCentiPerMin] : []));
    assert.deepEqual(rates, [650, 600, 550, 500, 450]);
    for (const phase of phases) assert.equal(phase.durationMs, 120_000);
  });

  it("pace for less than five minutes in the first week's form of find my pace", () => {
    const phases: readonly Phase[] = PROGRAMS.findPaceShort.phases;
    const pacedMs = phases.reduce((sum, { pace, durationMs }) => sum + (pace === "none" ? 0 : durationMs), 0);
    assert.ok(pacedMs < 300_000);
    for (const { pace, durationMs } of phases)
      if (typeof pace === "object")
        assert.ok((durationMs * pace.rateCentiPerMin) / 6_000_000 >= 8, "8 breaths per rate");
  });

  it("say nothing that a wellness aid may not say", () => {
    const forbidden =
      /stress detected|medical|clinical|scientific|anxi|depress|PTSD|burnout|hypertension|treat|abnormal|parasympath|HeartMath/i;
    for (const [, program] of all)
      for (const text of [program.title, program.says, ...program.phases.map((phase) => phase.says)])
        assert.doesNotMatch(text, forbidden);
  });
});
