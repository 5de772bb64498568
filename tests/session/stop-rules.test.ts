import assert from "node:assert/strict";
import type { BodyReading } from "session/body";
import { supervise } from "session/limits";
import { type RuleName, SAFETY_RULES, type SafetyRule } from "session/safety";
import { GOOD, OFF_WRIST, TestBand } from "./band.js";

const OPENING_MS = 1160;

function breathing(chosenMs = 15 * 60_000): TestBand {
  const band = new TestBand();
  band.settings.wearer = { ageYears: 40, restingBpm: 60 };
  assert.equal(band.session.start({ program: "breathe", by: "app", chosenMs }), undefined);
  band.advance(OPENING_MS);
  return band;
}

/** Seconds until the session is over with this body; undefined if it is not within `maxS`. */
function secondsToEnd(band: TestBand, body: Partial<BodyReading>, maxS = 120): number | undefined {
  band.body = { ...GOOD, ...body };
  for (let s = 1; s <= maxS; s++) {
    band.advance(1000);
    if (band.session.state === "idle") return s;
  }
  return undefined;
}

const near = (seconds: number | undefined, expected: number): void =>
  assert.ok(seconds !== undefined && seconds >= expected && seconds <= expected + 2, `${seconds}, not ${expected} s`);

describe("the heart's stop rules", () => {
  it("end after 60 s of more than 30 over the resting rate, and not at 30", () => {
    assert.equal(secondsToEnd(breathing(), { bpm: 90 }), undefined);
    const band = breathing();
    near(secondsToEnd(band, { bpm: 91 }), 60);
    assert.deepEqual([band.ended?.reason, band.ended?.rule], ["rule", "heartHigh"]);
  });

  it("end above 85 % of 220 less the age, and not at it", () => {
    for (const [wearer, notBpm, bpm] of [
      [{ ageYears: 40 }, 153, 154], // 0.85 * 180 = 153
      [{ ageYears: 41 }, 152, 153], // 152.15
      [{}, 127, 128], // taken for 70: 127.5
      [{ ageYears: 5, restingBpm: 190 }, 127, 128], // no adult's values
    ] as const) {
      for (const [each, expected] of [
        [notBpm, undefined],
        [bpm, 60],
      ] as const) {
        const band = breathing();
        band.settings.wearer = wearer;
        const seconds = secondsToEnd(band, { bpm: each });
        if (expected === undefined) assert.equal(seconds, undefined, `${each} of ${JSON.stringify(wearer)}`);
        else near(seconds, expected);
      }
    }
  });

  it("end after 30 s under 40, and not at 40", () => {
    assert.equal(secondsToEnd(breathing(), { bpm: 40 }), undefined);
    const band = breathing();
    near(secondsToEnd(band, { bpm: 39 }), 30);
    assert.equal(band.ended?.rule, "heartLow");
  });

  it("know nothing while moving, unworn, or with a signal that is not clean", () => {
    for (const doubt of [{ still: false }, { worn: false }, { clean: false }, { bpm: undefined }])
      assert.equal(secondsToEnd(breathing(), { bpm: 130, ...doubt }), undefined, JSON.stringify(doubt));
  });

  it("bear with doubt below ten seconds, without counting it, and begin anew after more", () => {
    for (const [doubtS, expected] of [
      [9, 30],
      [12, 60],
    ] as const) {
      const band = breathing();
      assert.equal(secondsToEnd(band, { bpm: 100 }, 31), undefined);
      assert.equal(secondsToEnd(band, { bpm: 100, still: false }, doubtS), undefined);
      near(secondsToEnd(band, { bpm: 100 }), expected - 1);
    }
  });

  it("forget after one good second", () => {
    const band = breathing();
    assert.equal(secondsToEnd(band, { bpm: 100 }, 58), undefined);
    assert.equal(secondsToEnd(band, { bpm: 80 }, 1), undefined);
    near(secondsToEnd(band, { bpm: 100 }), 60);
  });

  it("keep the tighter limits of a supervisor", () => {
    const band = new TestBand();
    const supervised = supervise({ heartAboveRestBpm: 15, heartHighForMs: 20_000, sessionMs: 240_000 });
    assert.ok(supervised.ok);
    band.settings.limits = supervised.limits;
    band.settings.wearer = { restingBpm: 60 };
    band.session.start({ program: "breathe", by: "app", chosenMs: 600_000 });
    band.advance(OPENING_MS);
    near(secondsToEnd(band, { bpm: 76 }), 20);
    band.body = GOOD;
    band.session.start({ program: "breathe", by: "app", chosenMs: 600_000 });
    band.advance(OPENING_MS + 400_000);
    assert.deepEqual([band.ended?.reason, band.ended?.lastedMs], ["cap", 240_000]);
  });
});

describe("a heart rate that climbs while the breath is paced", () => {
  const eased = (band: TestBand): number => band.kinds("eased").length;

  it("eases the pace by one breath a minute from the next breath on, and says so", () => {
    const band = breathing();
    band.advance(60_000);
    band.body = { ...GOOD, bpm: 74 };
    band.advance(60_000);
    assert.deepEqual(band.kinds("eased").at(-1), {
      kind: "eased",
      atMs: band.kinds("eased").at(-1)?.atMs,
      rule: "heartClimbs",
      rateCentiPerMin: 700,
    });
    assert.equal(band.cues().at(-1), "ease");
    assert.equal(band.session.pacer.plan.periodUs, 8_571_429);
    assert.equal(band.settings.pace.rateCentiPerMin, 600); // the wearer's own stays what it was
  });

  it("does not for 9 beats, nor for the swing with the breath", () => {
    const band = breathing();
    band.advance(60_000);
    band.body = { ...GOOD, bpm: 73 };
    band.advance(120_000);
    assert.equal(eased(band), 0);
    const swinging = breathing();
    for (let s = 0; s < 600; s++) {
      swinging.body = { ...GOOD, bpm: Math.round(70 + 12 * Math.sin((2 * Math.PI * s) / 10)) };
      swinging.advance(1000);
    }
    assert.equal(eased(swinging), 0);
  });

  it("is seen when it takes three minutes", () => {
    const band = breathing();
    for (let s = 0; s < 240; s++) {
      band.body = { ...GOOD, bpm: 64 + Math.round(s / 15) }; // 12 in three minutes
      band.advance(1000);
    }
    assert.equal(eased(band), 1);
  });

  it("ends the session if it is still up three minutes after", () => {
    const band = breathing();
    band.advance(60_000);
    band.body = { ...GOOD, bpm: 76 };
    while (eased(band) === 0) band.advance(1_000);
    band.advance(178_000);
    assert.equal(band.session.state, "running");
    band.advance(4_000);
    assert.deepEqual([band.ended?.reason, band.ended?.rule], ["rule", "heartClimbs"]);
  });

  it("lets it go on if that helped, and ends at a second climb", () => {
    const band = breathing();
    band.advance(60_000);
    band.body = { ...GOOD, bpm: 76 };
    band.advance(60_000);
    band.body = GOOD;
    band.advance(300_000);
    assert.equal(band.session.state, "running");
    band.body = { ...GOOD, bpm: 76 };
    band.advance(60_000);
    assert.equal(band.ended?.rule, "heartClimbs");
    assert.equal(eased(band), 1);
  });

  it("ends at once where there is no faster pace: at the limit, and in an assessment", () => {
    const fast = new TestBand();
    fast.settings.pace = { rateCentiPerMin: 950, inhalePermille: 400 };
    fast.session.start({ program: "breathe", by: "app", chosenMs: 600_000 });
    const assessed = new TestBand();
    assessed.session.start({ program: "findPace", by: "app" });
    for (const band of [fast, assessed]) {
      band.advance(OPENING_MS + 60_000);
      band.body = { ...GOOD, bpm: 76 };
      band.advance(59_000);
      assert.equal(band.ended?.rule, "heartClimbs");
    }
  });

  it("compares nothing across an unpaced time", () => {
    const band = new TestBand();
    band.session.start({ program: "recover", by: "app" });
    band.advance(OPENING_MS + 180_000);
    band.body = { ...GOOD, bpm: 85 };
    band.advance(200_000);
    assert.equal(band.session.measures, "recovery");
    assert.equal(eased(band), 0);
  });

  it("keeps the easier pace across a pause", () => {
    const band = breathing();
    band.advance(60_000);
    band.body = { ...GOOD, bpm: 76 };
    band.advance(60_000);
    band.session.pause();
    band.session.resume();
    band.advance(OPENING_MS);
    assert.equal(band.session.pacer.plan.periodUs, 8_571_429);
  });
});

describe("irregular beats", () => {
  it("end scoring from 10 % on, not the pacing, once", () => {
    const band = breathing();
    band.body = { ...GOOD, irregularPercent: 9 };
    band.advance(60_000);
    assert.equal(band.session.state, "running");
    band.body = { ...GOOD, irregularPercent: 10, clean: false };
    band.advance(60_000);
    assert.equal(band.session.state, "pacedOnly");
    assert.equal(band.session.isPacing, true);
    assert.equal(band.kinds("scoringOver").length, 1);
  });
});

/** What brings each rule about, and how long that takes. */
const TRIGGERS: Partial<Record<RuleName, (band: TestBand) => void>> = {
  stopGesture: (band) => band.session.stop(),
  notOk: (band) => band.session.notOk(),
  heartHigh: (band) => void secondsToEnd(band, { bpm: 100 }),
  heartLow: (band) => void secondsToEnd(band, { bpm: 35 }),
  heartClimbs: (band) => {
    band.advance(60_000);
    band.body = { ...GOOD, bpm: 76 };
    for (let s = 0; s < 60 && band.kinds("eased").length === 0; s++) band.advance(1000);
  },
  irregular: (band) => {
    band.body = { ...GOOD, irregularPercent: 30 };
    band.advance(17_000);
  },
  sensorLost: (band) => {
    band.body = OFF_WRIST;
    band.advance(12_000);
  },
  cap: (band) => {
    band.session.pause();
    band.advance(290_000);
    band.session.resume();
    while (band.session.state !== "idle") band.advance(1000);
  },
  pause: (band) => {
    band.session.pause();
    band.advance(300_000);
  },
  batteryEmpty: (band) => {
    band.session.isBatteryEmpty = true;
  },
  fault: (band) => band.session.fault(),
};

describe("the safety table", () => {
  const rules: [string, SafetyRule][] = Object.entries(SAFETY_RULES);

  for (const [name, rule] of rules) {
    const trigger = TRIGGERS[name as RuleName]; // its keys are its names
    if (trigger === undefined) continue;
    it(`is kept for ${name}: log entry and cue are the table's`, () => {
      const band = breathing(19 * 60_000);
      const cuesBefore = band.cues().length;
      trigger(band);
      const last = band.events.filter((event) => event.kind === rule.logs).at(-1);
      assert.ok(last !== undefined, `no ${rule.logs} in the log`);
      if (rule.ends !== undefined) assert.equal(band.ended?.reason, rule.ends);
      else assert.equal(band.ended, undefined);
      if (last.kind === "ended" && rule.ends === "rule") assert.equal(last.rule, name);
      const cues = band
        .cues()
        .slice(cuesBefore)
        .filter((cue) => cue !== "paused" && cue !== "start");
      assert.deepEqual(cues, rule.cue === undefined ? [] : [rule.cue]);
    });
  }

  it("has a test for every rule but those that keep something from beginning", () => {
    for (const [name, rule] of rules)
      assert.equal(TRIGGERS[name as RuleName] === undefined, rule.action === "refuse" || rule.action === "silent");
  });

  for (const name of ["dayFull", "pace"] as const)
    it(`is kept for ${name}: refused by that name, with the table's cue`, () => {
      const band = new TestBand();
      if (name === "dayFull") band.history.sessionsToday = 4;
      else band.settings.pace = { rateCentiPerMin: 399, inhalePermille: 400 };
      assert.equal(band.session.start({ program: "breathe", by: "button" }), name);
      assert.equal(band.events[0]?.kind, SAFETY_RULES[name].logs);
      assert.deepEqual(band.cues(), [SAFETY_RULES[name].cue]);
    });

  it("shows no score in the first three sessions", () => {
    const band = new TestBand();
    for (const [sessionsEver, shows] of [
      [0, false],
      [2, false],
      [3, true],
    ] as const) {
      band.history.sessionsEver = sessionsEver;
      assert.equal(band.session.showsScore, shows);
    }
  });
});
