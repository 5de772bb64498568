import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { Board } from "../../hosts/sim/board/board.js";
import { DUTY_FULL_Q16 } from "../../hosts/sim/board/motor.js";
import { naturalLog, onPolyline, sineOfTurns } from "../../hosts/sim/person/curves.js";
import { feelMotor } from "../../hosts/sim/person/motor-link.js";
import { LightChannel } from "../../hosts/sim/person/optical-source.js";
import type { PersonChoices } from "../../hosts/sim/person/options.js";
import { Person } from "../../hosts/sim/person/person.js";
import { randomPerson } from "../../hosts/sim/person/population.js";
import { NoContact } from "../../hosts/sim/person/skin.js";
import type { Truth } from "../../hosts/sim/person/truth.js";
import { assertNear, deviation, lived, mean, seedOf } from "./measure.js";

const seed = seedOf(0x5eed_0104);
/** Everything at once. */
const busy: PersonChoices = {
  heart: { ectopicsPerHour: 60, pausesPerHour: 10 },
  skin: { strapStepsPerHour: 60 },
  light: { lux: 500 },
  script: [
    { atUs: 20e6, happening: { what: "move", motion: "walking" } },
    { atUs: 40e6, happening: { what: "move", motion: "typing" } },
    { atUs: 60e6, happening: { what: "load", level: 1, seconds: 30 } },
    { atUs: 70e6, happening: { what: "breathe", breathing: { how: "speech" } } },
    { atUs: 80e6, happening: { what: "strap", pressure: 0.5 } },
    { atUs: 90e6, happening: { what: "fibrillate", on: true } },
  ],
};

function columns(truth: Truth): Float64Array[] {
  const { beats, turns, cues, states, seconds } = truth;
  return [beats, turns, cues, states, seconds].flatMap((table) =>
    Object.values(table).map((column) => column.values()),
  );
}

/** SHA-256 of all of the truth and of 100 s of light in both channels. */
function digest(person: Person): string {
  const hash = createHash("sha256");
  const light = new Float64Array(4);
  for (let timeUs = 10_000; timeUs <= 100e6; timeUs += 10_000) {
    if (timeUs === 50_000_000) person.feelMotor(1, timeUs);
    if (timeUs === 50_200_000) person.feelMotor(0, timeUs);
    light[0] = person.photocurrentNa(LightChannel.Red, 7.2, timeUs - 1107);
    light[1] = person.ambientLeakNa(timeUs - 1107);
    light[2] = person.photocurrentNa(LightChannel.Ir, 7.2, timeUs);
    light[3] = person.ambientLeakNa(timeUs);
    hash.update(light);
  }
  for (const column of columns(person.truth)) hash.update(column);
  return hash.digest("hex");
}

describe("virtual person", () => {
  it(`is the same to the byte for the same seed, and another for another (seed ${seed})`, () => {
    const one = digest(new Person({ seed, options: busy }));
    assert.equal(digest(new Person({ seed, options: busy })), one, `seed ${seed}`);
    assert.notEqual(digest(new Person({ seed: seed + 1, options: busy })), one, `seed ${seed}`);
  });

  it("does not depend on when it is looked at", () => {
    const often = new Person({ seed, options: busy });
    const seldom = new Person({ seed, options: busy });
    for (let timeUs = 0; timeUs <= 100e6; timeUs += 10_000) {
      if (timeUs % 7_000_000 === 0) {
        for (const person of [often, seldom]) person.feelMotor(1, timeUs);
      } else if (timeUs % 7_000_000 === 60_000) for (const person of [often, seldom]) person.feelMotor(0, timeUs);
      often.photocurrentNa(LightChannel.Ir, 7.2, timeUs);
    }
    const last = (person: Person): number => person.photocurrentNa(LightChannel.Ir, 7.2, 100.005e6);
    assert.equal(last(seldom), last(often));
    assert.deepEqual(columns(seldom.truth), columns(often.truth));
  });

  it("has a stream of chance for each cause: a new cause leaves the others as they were", () => {
    const base = lived(seed, {}, 600);
    const ectopic = lived(seed, { heart: { ectopicsPerHour: 100 } }, 600);
    assert.deepEqual(ectopic.turns.timeUs.values(), base.turns.timeUs.values(), "ectopics and the breath");
    assert.deepEqual(ectopic.seconds.bpm.values(), base.seconds.bpm.values(), "ectopics and the rate");
    const slipping = lived(seed, { skin: { strapStepsPerHour: 500, sweat: 0.02 }, light: { lux: 9 } }, 600);
    assert.deepEqual(columns(slipping), columns(base), "strap, sweat and light, and all else");
    const sighing = lived(seed, { breath: { sighsPerHour: 0, yawnsPerHour: 0 } }, 600);
    assert.deepEqual(
      sighing.turns.timeUs.values().subarray(0, 4),
      base.turns.timeUs.values().subarray(0, 4),
      "sighs and the first breaths",
    );
    const pausing = lived(seed, { heart: { pausesPerHour: 50 } }, 600);
    assert.deepEqual(pausing.seconds.bpm.values(), base.seconds.bpm.values(), "pauses and the rate");
  });

  it("keeps its options as plain data, all of them", () => {
    const { options } = new Person({ seed, options: busy });
    const again = new Person({ seed, options: JSON.parse(JSON.stringify(options)) }).options;
    assert.deepEqual(again, options);
    assert.equal(options.heart.recoveryTauS, 60);
    assert.equal(options.script.length, 6);
  });

  it("is told of what happens in any order, in time or late", () => {
    const planned = new Person({ seed, options: busy });
    const told = new Person({ seed, options: { ...busy, script: [] } });
    for (const { atUs, happening } of [...(busy.script ?? [])].reverse()) told.schedule(atUs, happening);
    planned.live(100e6);
    told.live(100e6);
    assert.deepEqual(columns(told.truth), columns(planned.truth));
    told.schedule(5e6, { what: "place", place: "desk" });
    told.live(101e6);
    const { timeUs, worn } = told.truth.states;
    assert.deepEqual([timeUs.at(timeUs.length - 1), worn.at(worn.length - 1)], [100e6, 0]);
    assert.equal(told.truth.wornAt(99e6), true);
    assert.equal(told.truth.wornAt(100e6), false);
  });

  it("feels the motor of a board, and so does whoever listened before", () => {
    const board = new Board({ seed, optics: new NoContact() });
    const heard: number[] = [];
    board.motor.onDuty = (dutyQ16) => heard.push(dutyQ16);
    const person = new Person({ seed, options: { breathing: { how: "follow", style: "edges" } } });
    feelMotor(person, board.motor, board.clock);
    board.clock.runUntil(1e6);
    board.motor.setDutyQ16(DUTY_FULL_Q16);
    board.clock.runUntil(1.06e6);
    board.motor.setDutyQ16(0);
    board.clock.runUntil(2e6);
    const { eventCount } = board.clock;
    board.clock.runUntil(5e6);
    assert.equal(board.clock.eventCount, eventCount, "nobody asks a motor that stands still");
    person.live(5e6);
    assert.deepEqual(heard, [DUTY_FULL_Q16, 0]);
    assert.equal(person.truth.cues.timeUs.length, 1);
    assertNear(person.truth.cues.timeUs.at(0) / 1e6, 1.02, 0.01, "felt once it turns");
  });

  it("names no function that engines round differently", () => {
    const folder = "hosts/sim/person";
    for (const name of readdirSync(folder)) {
      const source = readFileSync(`${folder}/${name}`, "utf8");
      const found = /Math\.(?!floor|ceil|round|trunc|abs|min|max|sqrt|imul|sign|PI|LN2)\w+|\*\*(?!\/)(?=\s*\w)/.exec(
        source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*/g, ""),
      );
      assert.equal(found, null, `${name}: ${found?.[0]}`);
    }
  });
});

describe("curves", () => {
  it("have the sine within 5e-6, exact at the quarters", () => {
    for (let turns = -2; turns <= 2; turns += 0.0137)
      assertNear(sineOfTurns(turns), Math.sin(2 * Math.PI * turns), 5e-6, `sine of ${turns} turns`);
    assertNear(sineOfTurns(0.25), 1, 1e-15, "quarter");
    assertNear(sineOfTurns(0.5), 0, 1e-12, "half");
  });

  it("have the logarithm within 1e-12", () => {
    for (const x of [1e-12, 2 ** -32, 0.1, 0.7499, 0.75, 1, 1.4999, 1.5, 2, 10, 1e12])
      assertNear(naturalLog(x), Math.log(x), 1e-12 * Math.max(1, Math.abs(Math.log(x))), `ln ${x}`);
  });

  it("run straight between points and level beyond them", () => {
    const points = [
      [1, 10],
      [2, 20],
      [4, 0],
    ] as const; // prettier-ignore
    assert.deepEqual(
      [0, 1, 1.5, 2, 3, 4, 9].map((x) => onPolyline(points, x)),
      [10, 10, 15, 20, 10, 0, 0],
    );
  });
});

describe("population", () => {
  const people = Array.from({ length: 400 }, (_, i) => randomPerson(seed + i).options);
  const each = (pick: (options: (typeof people)[number]) => number): number[] => people.map(pick);
  const within = (values: number[], least: number, most: number, what: string): void => {
    for (const value of values) assert.ok(value >= least && value <= most, `seed ${seed}: ${what} ${value}`);
  };

  it(`is within the published ranges (seed ${seed})`, () => {
    within(
      each((o) => o.about.ageYears),
      18,
      75,
      "age",
    );
    within(
      each((o) => o.heart.resonancePerMin),
      4.5,
      6.5,
      "resonance",
    );
    within(
      each((o) => o.heart.restBpm),
      45,
      95,
      "rest",
    );
    within(
      each((o) => o.skin.wristIrNaPerMa),
      80,
      250,
      "wrist infra-red",
    );
    within(
      each((o) => o.skin.wristRedNaPerMa / o.skin.wristIrNaPerMa),
      0.6,
      1,
      "wrist red over infra-red",
    );
    within(
      each((o) => o.skin.fingerPulse),
      0.005,
      0.019,
      "finger AC/DC",
    );
    within(
      each((o) => o.skin.motorHz),
      150,
      220,
      "motor",
    );
    within(
      each((o) => o.heart.recoveryTauS),
      20,
      180,
      "recovery",
    );
  });

  it(`has the stated middle and spread (seed ${seed})`, () => {
    assertNear(mean(each((o) => o.heart.restBpm)), 66, 2, `seed ${seed}: resting rate`);
    assertNear(deviation(each((o) => o.heart.restBpm)), 9, 1.2, `seed ${seed}: spread of the resting rate`);
    assertNear(mean(each((o) => (o.about.sex === "woman" ? 1 : 0))), 0.5, 0.1, `seed ${seed}: women`);
    assertNear(mean(each((o) => (o.heart.ectopicsPerHour > 0 ? 1 : 0))), 0.2, 0.08, `seed ${seed}: ectopics`);
    const tall = people.filter((o) => o.about.heightCm > 180).map((o) => o.heart.resonancePerMin);
    const small = people.filter((o) => o.about.heightCm < 160).map((o) => o.heart.resonancePerMin);
    assert.ok(mean(tall) < mean(small) - 0.4, `seed ${seed}: taller people are slower`);
  });

  it("gives the same person for the same seed, in other circumstances too", () => {
    const one = randomPerson(seed, { breathing: { how: "paced", perMin: 6, inhaleShare: 0.4 } }).options;
    assert.deepEqual({ ...one, breathing: { how: "free" } }, people[0]);
  });

  it("has a heart that beats in all of them", () => {
    for (let i = 0; i < 40; i++) {
      const person = randomPerson(seed + i);
      person.live(120e6);
      const rate = person.truth.beats.heartUs.length / 2;
      assertNear(rate, person.options.heart.restBpm, 12, `seed ${seed + i}: beats a minute`);
    }
  });
});
