import assert from "node:assert/strict";
import { type Phase, PROGRAMS, type ProgramName } from "session/programs";
import type { LogRecord } from "storage/log-reader";
import { EventCode } from "storage/log-records";
import { practiceRates } from "../../bench/programs.js";
import type { PersonChoices } from "../../hosts/sim/person/options.js";
import { bootOn } from "./rig.js";
import { eventsOf, PRESSED_AT_S, Wearer } from "./wearing.js";

const SEED = Number(process.env.SEED ?? 0x5eed_0009);
/** The start cue of 560 ms, 600 ms by itself, the press that is 150 ms long and 300 ms of waiting for a second one. */
const OPENING_S = 1.7;

/** Sits still, sensor at the finger, and follows single and double ticks. */
const follower: PersonChoices = {
  place: "finger",
  breathing: { how: "follow", style: "edges", told: { inhaleS: 4, exhaleS: 6 } },
  breath: { skill: 0.95, lapsesPerBreath: 0 },
};

const start = (records: readonly LogRecord[]) => {
  const record = records.find((each) => each.kind === "sessionStart");
  assert(record?.kind === "sessionStart", "a session was begun");
  return record;
};
const end = (records: readonly LogRecord[]) => {
  const record = records.find((each) => each.kind === "sessionEnd");
  assert(record?.kind === "sessionEnd", "a session was ended");
  return record;
};

/** What every complete session leaves in the log, by the table of programs. */
function isComplete(records: readonly LogRecord[], program: ProgramName, code: number, phases: readonly Phase[]): void {
  assert.equal(start(records).program, code, program);
  assert.equal(start(records).startedBy, 0, "the button");
  assert.equal(end(records).reason, 0, "completed");
  assert.deepEqual(
    eventsOf(records, EventCode.Phase).map(({ a }) => PROGRAMS[program].phases[a]?.id),
    phases.map(({ id }) => id),
  );
}

/** Ticks of the motor, s since the button was pressed: on-edges with at least 20 ms of silence before. */
function ticksOf({ band }: Wearer): number[] {
  const { history } = band.board.motor;
  return history
    .filter(({ fromUs }, i) => fromUs - (history[i - 1]?.toUs ?? 0) > 20_000)
    .map(({ fromUs }) => fromUs / 1_000_000 - PRESSED_AT_S);
}

describe(`programs from the button to the log, with a wearer who follows (seed ${SEED})`, function () {
  this.timeout(60_000);

  for (const engine of ["v8", "xs"] as const)
    it(`breathe, on ${engine}: five minutes, scored, the heart in step with the touch`, async () => {
      const scores: number[] = [];
      const boot = await bootOn(engine);
      const watcher = { breath: (absence: number, percent: number) => void (absence === 0 && scores.push(percent)) };
      const wearer = new Wearer({
        seed: SEED,
        program: "breathe",
        options: follower,
        settings: { style: 2 },
        boot,
        watcher,
      });
      const records = await wearer.practise(310);
      isComplete(records, "breathe", 0, PROGRAMS.breathe.phases);
      const { lastedMs, scoredMs } = end(records);
      assert(lastedMs >= 300_000 && lastedMs <= 300_100, `${lastedMs} ms`);
      assert(scoredMs >= 280_000, `${scoredMs} ms counted`);
      const mean = scores.reduce((sum, each) => sum + each, 0) / scores.length;
      assert(scores.length >= 10 && mean > 60, `${scores.length} scores, ${mean.toFixed(0)} in the mean`);
      const ticks = ticksOf(wearer);
      // Three of the start cue; 30 breaths of one tick and two; one stroke at the end, of three parts without a pause.
      assert(ticks.length >= 85 && ticks.length <= 95, `${ticks.length} ticks`);
      assert((ticks.at(-1) ?? 0) < 303 + OPENING_S, "nothing after the end cue");
    });

  it("heart: an answer before and after, by a press at the number meant", async () => {
    const wearer = new Wearer({ seed: SEED, program: "heart", options: follower, settings: { style: 2 } });
    await wearer.run(PRESSED_AT_S);
    wearer.press();
    await wearer.run(PRESSED_AT_S + OPENING_S + 4.5); // two ticks were felt, at 2 and 4 s
    wearer.press();
    await wearer.run(PRESSED_AT_S + OPENING_S + 4.5 + 240.6 + 8.5);
    wearer.press();
    await wearer.run(PRESSED_AT_S + 270);
    const records = wearer.log();
    isComplete(records, "heart", 1, PROGRAMS.heart.phases);
    assert.deepEqual(
      eventsOf(records, EventCode.Answer).map(({ a, b }) => [a, b]),
      [
        [0, 2],
        [2, 4],
      ],
    );
  });

  for (const [program, code, seconds] of [
    ["findPace", 2, 1110],
    ["findPaceShort", 3, 380],
    ["findPaceSlide", 4, 930],
  ] as const)
    it(`${program}: ends with a rate and its spread, or with the reason why there is none`, async () => {
      const wearer = new Wearer({ seed: SEED, program, options: follower, settings: { style: 2 } });
      const records = await wearer.practise(seconds);
      isComplete(records, program, code, PROGRAMS[program].phases);
      const found = eventsOf(records, EventCode.ResonanceRate);
      const nothing = eventsOf(records, EventCode.NothingFound);
      assert.equal(found.length + nothing.length, 1, "one answer");
      for (const { a, b } of found) assert(a >= 450 && a <= 650 && b > 0 && b <= 20, `${a} ± ${b}`);
      for (const { a, b } of nothing) assert(a === 0 && b > 0, `${a}, ${b}`);
    });

  it("findPaceSlide: of twelve people with a clear resonance, rates are the planted ones within 0.2 a minute", async () => {
    const [rates] = await practiceRates("findPaceSlide", 12, 5); // all 100: npm run bench:programs
    assert(rates?.holds, rates?.value);
  });

  it("bodyScan: a tick for each region, without those that are off by default, and with those asked for", async () => {
    const regions = PROGRAMS.bodyScan.phases.filter(({ region }) => region !== "pelvis" && region !== "throat");
    const wearer = new Wearer({
      seed: SEED,
      program: "bodyScan",
      options: { place: "finger" },
      settings: { regionsOn: 1 << 4 }, // the chest: the fifth region
    });
    const records = await wearer.practise(310);
    isComplete(records, "bodyScan", 5, regions);
    const ticks = ticksOf(wearer).slice(3); // after the start cue
    assert.equal(ticks.length, 10 + 1, "ten regions and the end");
    for (const [i, atS] of ticks.entries()) assert(Math.abs(atS - (OPENING_S + 30 * i)) < 0.3, `${i}: ${atS}`);
  });

  it("relax: tense for 6 s, let go for 34 s, seven times", async () => {
    const wearer = new Wearer({ seed: SEED, program: "relax", options: { place: "finger" } });
    const records = await wearer.practise(290);
    isComplete(records, "relax", 6, PROGRAMS.relax.phases);
    const atMs = eventsOf(records, EventCode.Phase).map(({ at }) => at);
    const lengthsMs = atMs.slice(1).map((each, i) => each - (atMs[i] ?? 0));
    for (const [i, ms] of lengthsMs.entries())
      assert(Math.abs(ms - (i % 2 === 0 ? 6_000 : 34_000)) <= 20, `${i}: ${ms}`);
  });

  it("recover: rest, a load that a press ends, the way back, and its time constant or the reason", async () => {
    const fromS = PRESSED_AT_S + OPENING_S + 180;
    const load = { what: "load", level: 1.5, seconds: 120 } as const;
    const options: PersonChoices = {
      ...follower,
      script: [{ atUs: Math.round(fromS * 1e6), happening: load }],
      heart: { recoveryTauS: 45, rsaBpmPerLitre: 8, driftBpm: 0.5 },
    };
    const wearer = new Wearer({ seed: SEED, program: "recover", options, settings: { style: 2 } });
    await wearer.run(PRESSED_AT_S);
    wearer.press();
    await wearer.run(fromS + 120);
    wearer.press();
    await wearer.run(fromS + 120 + 330);
    const records = wearer.log();
    isComplete(records, "recover", 7, PROGRAMS.recover.phases);
    const [found] = eventsOf(records, EventCode.Recovery);
    assert(found !== undefined, JSON.stringify(eventsOf(records, EventCode.NothingFound)));
    const [lowS, highS] = [(found.b & 0xffff) / 10, (found.b >>> 16) / 10];
    assert(lowS <= 45 && 45 <= highS, `${found.a} ms, ${lowS} to ${highS} s`);
    const others = eventsOf(records, EventCode.RmssdRecovery).length + eventsOf(records, EventCode.NothingFound).length;
    assert.equal(others, 1, "an answer for lnRMSSD too");
  });

  it("moment: one minute", async () => {
    const wearer = new Wearer({ seed: SEED, program: "moment", options: follower, settings: { style: 2 } });
    const records = await wearer.practise(70);
    isComplete(records, "moment", 8, PROGRAMS.moment.phases);
    assert(Math.abs(end(records).lastedMs - 60_000) <= 100);
  });

  it("baseline: five silent minutes", async () => {
    const wearer = new Wearer({ seed: SEED, program: "baseline", options: { place: "finger" } });
    const records = await wearer.practise(310);
    isComplete(records, "baseline", 9, PROGRAMS.baseline.phases);
    assert.equal(ticksOf(wearer).filter((atS) => atS > OPENING_S && atS < 300).length, 0);
  });

  it("feel: two minutes of trials; who presses at nothing is told so", async () => {
    const wearer = new Wearer({ seed: SEED, program: "feel", options: { place: "finger" } });
    const records = await wearer.practise(130);
    isComplete(records, "feel", 10, PROGRAMS.feel.phases);
    assert(ticksOf(wearer).length > 30, "there was something to feel");
    assert.deepEqual(
      eventsOf(records, EventCode.NothingFound).map(({ a, b }) => [a, b]),
      [[3, 1]], // no press at all: the answers did not settle
    );
  });
});
