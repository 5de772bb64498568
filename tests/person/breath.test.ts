import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Battery } from "../../hosts/sim/board/battery.js";
import { VirtualClock } from "../../hosts/sim/board/clock.js";
import { DUTY_FULL_Q16, Motor } from "../../hosts/sim/board/motor.js";
import { RandomStream } from "../../hosts/sim/board/random.js";
import { feelMotor } from "../../hosts/sim/person/motor-link.js";
import type { BreathOptions, CueStyle, PersonChoices } from "../../hosts/sim/person/options.js";
import { Person } from "../../hosts/sim/person/person.js";
import { type Truth, Turn } from "../../hosts/sim/person/truth.js";
import { assertNear, deviation, heartRate, lived, mean, plainHeart, seedOf } from "./measure.js";

const seed = seedOf(0x5eed_0102);

/** Lengths of whole breaths, s, that begin within `fromS .. toS`. */
function breaths(truth: Truth, fromS: number, toS: number): number[] {
  const starts = [...truth.inhalesUs.values()].map((us) => us / 1e6).filter((s) => s >= fromS && s <= toS);
  return starts.slice(1).map((s, i) => s - starts[i]!); // i + 1 < length
}

const INHALE_S = 4;
const EXHALE_S = 6;
const BREATH_S = INHALE_S + EXHALE_S;
interface TrainOfTicks {
  readonly fromS: number;
  readonly toS: number;
  readonly fromStrength: number;
  readonly toStrength: number;
}

/** Ticks of 45 ms, `fromS` apart at first and `toS` at the end of a part of `lengthS`, none in its last quarter second. */
function train(startS: number, lengthS: number, { fromS, toS, fromStrength, toStrength }: TrainOfTicks) {
  const ticks: { atS: number; onS: number; strength: number }[] = [];
  for (let atS = 0; atS <= lengthS - 0.25; atS += fromS + ((toS - fromS) * atS) / lengthS)
    ticks.push({
      atS: startS + atS,
      onS: 0.045,
      strength: fromStrength + ((toStrength - fromStrength) * atS) / lengthS,
    });
  return ticks;
}

/** The ticks of one breath from `startS` on, as physiology reference 6 describes the styles. */
function ticksOf(style: CueStyle, startS: number) {
  const outS = startS + INHALE_S;
  const tick = (atS: number) => ({ atS, onS: 0.06, strength: 1 });
  const thinning = { fromS: 0.35, toS: 0.7, fromStrength: 0.8, toStrength: 0.6 };
  switch (style) {
    case "edges":
      return [tick(startS), tick(outS), tick(outS + 0.25)];
    case "exhale":
      return train(outS, EXHALE_S, thinning);
    case "wave":
      return [
        ...train(startS, INHALE_S, { fromS: 0.7, toS: 0.35, fromStrength: 0.6, toStrength: 1 }),
        ...train(outS, EXHALE_S, thinning),
      ];
  }
}

/**
 * A wearer whose motor paces 4 s in, 6 s out, in the style that they follow.
 * @param duty   turns its strength up or down
 * @param moved  when a tick comes that was wished for at this time, s
 */
function shaken(options: PersonChoices, seconds: number, duty = 1, moved = (atS: number): number => atS): Truth {
  const clock = new VirtualClock();
  const motor = new Motor(clock, () => 3000, new Battery(clock).addLoad("motor"));
  const person = new Person({ seed, options });
  const style = options.breathing?.how === "follow" ? options.breathing.style : "edges";
  feelMotor(person, motor, clock);
  for (let startS = 0; startS < seconds; startS += BREATH_S)
    for (const { atS, onS, strength } of ticksOf(style, startS)) {
      const onUs = Math.max(clock.nowUs, Math.round(moved(atS) * 1e6));
      clock.runUntil(onUs);
      motor.setDutyQ16(Math.round(strength * duty * DUTY_FULL_Q16));
      clock.runUntil(onUs + Math.round(onS * 1e6));
      motor.setDutyQ16(0);
    }
  person.live(seconds * 1e6);
  return person.truth;
}
const following = (style: CueStyle, breath: Partial<BreathOptions>, seconds: number, duty = 1): Truth =>
  shaken({ breathing: { how: "follow", style }, breath }, seconds, duty);

/** How much later than the pacer the breath turned, s, for all turns of one kind after `fromS`. */
function lateness(truth: Truth, turn: Turn, fromS: number): number[] {
  const late: number[] = [];
  for (let i = 0; i < truth.turns.timeUs.length; i++) {
    const atS = truth.turns.timeUs.at(i) / 1e6 - (turn === Turn.Exhale ? INHALE_S : 0);
    if (truth.turns.turn.at(i) === turn && atS > fromS) late.push(atS - BREATH_S * Math.round(atS / BREATH_S));
  }
  return late;
}

describe("virtual breath", () => {
  it(`is free at the planted rate and spread (seed ${seed})`, () => {
    const truth = lived(seed, { breath: { restPerMin: 12, spread: 0.1, sighsPerHour: 0, yawnsPerHour: 0 } }, 3600);
    const lengths = breaths(truth, 0, 3600);
    assertNear(mean(lengths), 5, 0.1, `seed ${seed}: mean length`);
    assertNear(deviation(lengths) / mean(lengths), 0.1, 0.015, `seed ${seed}: spread`);
  });

  it("goes by a clock to the microsecond when paced", () => {
    const truth = lived(seed, { breathing: { how: "paced", perMin: 6, inhaleShare: 0.4 } }, 120);
    for (const lengthS of breaths(truth, 0, 120)) assertNear(lengthS, 10, 1e-6, "length");
    const { timeUs, turn } = truth.turns;
    for (let i = 0; i + 1 < turn.length; i++)
      if (turn.at(i) === Turn.Inhale) assertNear(timeUs.at(i + 1) - timeUs.at(i), 4e6, 1, "time of inhaling, us");
  });

  it("tells the phase of any moment in a whole breath", () => {
    const truth = lived(seed, { breathing: { how: "paced", perMin: 6, inhaleShare: 0.4 } }, 60);
    const startUs = truth.inhalesUs.at(2);
    assertNear(truth.breathPhaseAt(startUs + 2.5e6) ?? -1, 0.25, 1e-6, "phase");
    assert.equal(truth.breathPhaseAt(startUs), 0);
    assert.equal(truth.breathPhaseAt(59.9e6), undefined, "the last breath is not over");
  });

  it("takes slow breaths as deep as keeps CO2 at 40, and lowers it by breathing deeper", () => {
    for (const depth of [1, 1.3]) {
      const truth = lived(seed, { breathing: { how: "paced", perMin: 6, inhaleShare: 0.4 }, breath: { depth } }, 900);
      // By hand: at rest 15 x 0.35 l a minute count. At 6 a minute and depth 1: 1.025 l, of which 0.875 count.
      const settles = (40 * 5.25) / (6 * (1.025 * depth - 0.15));
      assertNear(truth.seconds.co2Mmhg.at(890), settles, 0.1, `CO2 at depth ${depth}`);
    }
  });

  it("over-breathing raises the heart rate", () => {
    const heart = { ...plainHeart, bpmPerCo2Mmhg: 0.8 };
    const breathing = { how: "paced", perMin: 6, inhaleShare: 0.4 } as const;
    const rates = heartRate(lived(seed, { heart, breathing, breath: { depth: 1.3 } }, 910), 800, 900);
    // By hand: CO2 settles at 210 / (6 x 1.1825) = 29.6 mmHg, 8.4 below 38: 6.7 a minute.
    assertNear(mean(rates), 66.7, 0.1, "mean rate");
  });

  it("talks in long breaths out after short ones in, as deep as phrases", () => {
    const truth = lived(seed, { breathing: { how: "speech" } }, 600);
    const { timeUs, turn } = truth.turns;
    for (let i = 5; i + 1 < turn.length; i++) {
      const seconds = (timeUs.at(i + 1) - timeUs.at(i)) / 1e6;
      if (turn.at(i) === Turn.Inhale) assert.ok(seconds >= 0.4 && seconds <= 0.8, `in for ${seconds} s`);
      else assert.ok(seconds >= 2 && seconds <= 6, `out for ${seconds} s`);
    }
  });

  it("holds the breath for as long as it is told, then goes on as before", () => {
    const script = [{ atUs: 61e6, happening: { what: "breathe", breathing: { how: "hold", seconds: 20 } } }] as const;
    const truth = lived(seed, { breathing: { how: "paced", perMin: 10, inhaleShare: 0.5 }, script }, 120);
    const turns = [...truth.turns.timeUs.values()].map((us) => us / 1e6);
    assert.deepEqual(
      turns.filter((s) => s > 61 && s < 80.99),
      [],
      "no turn",
    );
    assert.ok(turns.some((s) => s >= 81 && s < 84.5));
    for (const lengthS of breaths(truth, 85, 120)) assertNear(lengthS, 6, 1e-6, "length");
  });

  it("yawns when told: a breath of 3.5 times the size", () => {
    const breath = { spread: 0, sighsPerHour: 0, yawnsPerHour: 0 };
    const truth = lived(seed, { breath, script: [{ atUs: 30e6, happening: { what: "yawn" } }] }, 60);
    const depths = [...truth.turns.litres.values()].filter((_, i) => truth.turns.turn.at(i) === Turn.Exhale);
    assert.deepEqual(
      depths.filter((litres) => litres > 1).map((litres) => Math.round(litres * 1000)),
      [1750],
    );
  });

  it(`sighs as often as planted (seed ${seed})`, () => {
    const truth = lived(seed, { breath: { spread: 0.05, sighsPerHour: 14, yawnsPerHour: 0 } }, 36_000);
    const depths = [...truth.turns.litres.values()].filter((_, i) => truth.turns.turn.at(i) === Turn.Exhale);
    // Poisson: 4 standard deviations of 140.
    assertNear(depths.filter((litres) => litres > 1).length, 139, 48, `seed ${seed}: sighs in 10 hours`);
  });

  for (const [style, biasS] of [
    ["edges", 0.03],
    ["exhale", 0.05],
    ["wave", 0.25],
  ] as const)
    it(`follows the ticks of "${style}" with the planted delay`, () => {
      for (const delayMs of [0, 300, 800]) {
        const truth = following(style, { skill: 1, lapsesPerBreath: 0, delayMs }, 300);
        for (const turn of [Turn.Inhale, Turn.Exhale]) {
          const late = lateness(truth, turn, 60);
          assert.ok(late.length >= 22 && late.length <= 24, `${late.length} turns in 240 s`);
          assertNear(mean(late), delayMs / 1000, biasS, `delay of turn ${turn}`);
          assert.ok(deviation(late) < 0.05, `turn ${turn} wanders by ${deviation(late)} s`);
        }
      }
    });

  it(`follows a "wave" whose ticks are moved by up to 180 ms when told its pace (seed ${seed})`, () => {
    const random = new RandomStream(seed, "moved ticks");
    const moved = (atS: number): number => Math.max(0, atS + random.between(-180, 180) / 1000);
    const breathing = { how: "follow", style: "wave", told: { inhaleS: INHALE_S, exhaleS: EXHALE_S } } as const;
    const truth = shaken({ breathing, breath: { skill: 1, lapsesPerBreath: 0, delayMs: 300 } }, 600, 1, moved);
    for (const turn of [Turn.Inhale, Turn.Exhale]) {
      const late = lateness(truth, turn, 30);
      assert.ok(late.length >= 56 && late.length <= 58, `seed ${seed}: ${late.length} turns in 570 s`);
      assertNear(mean(late), 0.3, 0.5, `seed ${seed}: delay of turn ${turn}`);
      assert.ok(deviation(late) < 0.6, `seed ${seed}: turn ${turn} wanders by ${deviation(late)} s`);
    }
  });

  it(`wanders around the cues with less skill (seed ${seed})`, () => {
    const spreadS = (skill: number): number =>
      deviation(lateness(following("edges", { skill, lapsesPerBreath: 0 }, 1800), Turn.Inhale, 60));
    // 0.7 s for nobody's skill.
    assertNear(spreadS(0.8), 0.14, 0.04, `seed ${seed}: skill 0.8`);
    assertNear(spreadS(0.4), 0.42, 0.12, `seed ${seed}: skill 0.4`);
  });

  it(`loses the rhythm now and then, and finds it again (seed ${seed})`, () => {
    const truth = following("edges", { skill: 1, lapsesPerBreath: 0.05, delayMs: 300 }, 3600);
    const late = lateness(truth, Turn.Inhale, 60);
    const off = late.filter((s) => Math.abs(s - 0.3) > 0.2).length;
    assert.ok(off > 20, `seed ${seed}: ${off} breaths off the pacer`);
    assert.ok(late.length - off > 200, `seed ${seed}: ${late.length - off} breaths with it`);
    assert.ok(
      late.slice(-40).some((s) => Math.abs(s - 0.3) < 0.05),
      `seed ${seed}: still with it at the end`,
    );
  });

  it("cannot follow a motor that does not start, or that is not felt", () => {
    const tooWeak = following("edges", { skill: 1 }, 120, 0.45); // 1350 mV of the 1500 that it starts at
    assert.equal(tooWeak.cues.timeUs.length, 0);
    const numb = following("edges", { skill: 1, feltSpeed: 0.95 }, 120);
    assert.equal(numb.cues.timeUs.length, 0);
    assertNear(mean(breaths(numb, 10, 120)), 4, 0.5, "free breathing");
  });

  it("breathes freely again when the cues end", () => {
    const clock = new VirtualClock();
    const motor = new Motor(clock, () => 3000, new Battery(clock).addLoad("motor"));
    const person = new Person({
      seed,
      options: { breathing: { how: "follow", style: "edges" }, breath: { skill: 1 } },
    });
    feelMotor(person, motor, clock);
    for (let startS = 0; startS < 60; startS += BREATH_S)
      for (const { atS, onS } of ticksOf("edges", startS)) {
        clock.runUntil(Math.round(atS * 1e6));
        motor.setDutyQ16(DUTY_FULL_Q16);
        clock.runUntil(Math.round((atS + onS) * 1e6));
        motor.setDutyQ16(0);
      }
    person.live(180e6);
    assertNear(mean(breaths(person.truth, 100, 180)), 4, 0.6, "length of a breath");
  });
});
