import assert from "node:assert/strict";
import { supervise } from "session/limits";
import { OWN_RANGE_BYTES, OWN_RANGE_MINUTES_MIN, OwnRange } from "session/own-range";
import { FakeStore, GOOD, TestBand } from "./band.js";

const NOON = 10 * 1440 + 12 * 60;
const HIGH = { ...GOOD, bpm: 95 };
const LOW = { ...GOOD, bpm: 60 };

/** A person whose still minutes lie evenly from 60 to 89: 85 % of them below 86, 60 % below 78. */
function known(): FakeStore {
  const range = new OwnRange();
  for (let i = 0; i < 5 * OWN_RANGE_MINUTES_MIN; i++) range.add(60 + (i % 30));
  const store = new FakeStore();
  store.write("ownRange", range.encode());
  return store;
}

function nudgeable(store = known(), minutes = NOON): TestBand {
  const band = new TestBand(10_000, {}, store);
  band.calendar.localMinutes = minutes;
  band.settings.invitations.isNudgeOn = true;
  band.body = LOW;
  band.advance(5_000);
  band.body = HIGH;
  return band;
}

const nudges = (band: TestBand): number => band.cues().filter((cue) => cue === "nudge").length;
const bells = (band: TestBand): number => band.cues().filter((cue) => cue === "bell").length;

/** Calm for a minute, then four minutes of a high heart rate. */
function wave(band: TestBand): void {
  band.body = LOW;
  band.advanceMinutes(1);
  band.body = HIGH;
  band.advanceMinutes(4);
}

describe("a nudge", () => {
  it("comes after three minutes above the person's own 85th percentile", () => {
    const band = nudgeable();
    band.advance(179_000);
    assert.equal(nudges(band), 0);
    band.advance(3_000);
    assert.equal(nudges(band), 1);
    assert.equal(band.onsMs.length, 1);
  });

  it("is off by default", () => {
    const band = nudgeable();
    band.settings.invitations.isNudgeOn = false;
    band.advanceMinutes(60);
    assert.equal(nudges(band), 0);
  });

  const refusals: [string, (band: TestBand) => void][] = [
    [
      "unworn",
      (band) => {
        band.body = { ...HIGH, worn: false };
      },
    ],
    [
      "moving",
      (band) => {
        band.body = { ...HIGH, still: false };
      },
    ],
    [
      "with a signal that is not clean",
      (band) => {
        band.body = { ...HIGH, clean: false };
      },
    ],
    [
      "at 86 and below",
      (band) => {
        band.body = { ...HIGH, bpm: 86 };
      },
    ],
    [
      "in quiet hours",
      (band) => {
        band.calendar.localMinutes = 10 * 1440 + 22 * 60;
      },
    ],
    [
      "without the time of day",
      (band) => {
        band.calendar.localMinutes = undefined;
      },
    ],
    [
      "with an empty battery",
      (band) => {
        band.session.isBatteryEmpty = true;
      },
    ],
    ["after 'not OK'", (band) => band.session.notOk()],
    [
      "when the day is full",
      (band) => {
        band.history.sessionsToday = 4;
      },
    ],
    [
      "when quiet hours are all day",
      (band) => {
        band.settings.invitations.quietFromMin = 8 * 60;
      },
    ],
    ["in a session", (band) => void band.session.start({ program: "bodyScan", by: "app" })],
  ];
  for (const [when, arrange] of refusals)
    it(`does not come ${when}`, () => {
      const band = nudgeable();
      arrange(band);
      band.advance(240_000);
      assert.equal(nudges(band), 0);
    });

  it("does not come before half a day of still minutes is known", () => {
    const band = nudgeable(new FakeStore());
    band.advance(240_000);
    assert.equal(nudges(band), 0);
  });

  it("does not come again before the heart was below the person's 60th percentile", () => {
    const band = nudgeable();
    band.advanceMinutes(5);
    assert.equal(nudges(band), 1);
    band.advanceMinutes(100);
    band.body = { ...GOOD, bpm: 80 };
    band.advanceMinutes(2);
    band.body = HIGH;
    band.advanceMinutes(5);
    assert.equal(nudges(band), 1);
    wave(band);
    assert.equal(nudges(band), 2);
  });

  it("comes 90 minutes after the last one at the soonest", () => {
    const band = nudgeable();
    band.advanceMinutes(4);
    assert.equal(nudges(band), 1); // at 3 minutes and some seconds
    band.body = LOW;
    band.advanceMinutes(1);
    band.body = HIGH;
    band.advanceMinutes(87);
    assert.equal(nudges(band), 1);
    band.advanceMinutes(3);
    assert.equal(nudges(band), 2);
  });

  it("comes three times in 24 hours at most, also across midnight", () => {
    const band = nudgeable();
    band.settings.invitations.quietFromMin = 1;
    band.settings.invitations.quietToMin = 2; // the night is as good as the day here
    for (const expected of [3, 6]) {
      for (let minute = 0; minute < 1440; minute += 40) {
        band.body = LOW;
        band.advanceMinutes(35);
        wave(band);
      }
      assert.equal(nudges(band), expected);
    }
  });

  it("counts across restarts", () => {
    const store = known();
    let count = 0;
    let minutes = NOON;
    for (let restart = 0; restart < 40; restart++) {
      const band = nudgeable(store, minutes);
      wave(band);
      count += nudges(band);
      minutes += 5;
    }
    assert.equal(count, 3); // 200 minutes: 0, 90, 180
  });

  it("counts across a calendar that is set forward or back, in one run or over a restart", () => {
    for (const jump of [-3000, -100, 100, 3000, 1_000_000]) {
      const band = nudgeable();
      band.advanceMinutes(4);
      assert.equal(nudges(band), 1);
      band.calendar.localMinutes = NOON + jump - (jump % 1440);
      wave(band);
      assert.equal(nudges(band), 1, `set by ${jump}`);
    }
    const store = known();
    nudgeable(store).advanceMinutes(4);
    const restarted = nudgeable(store, NOON - 3 * 1440);
    wave(restarted);
    assert.equal(nudges(restarted), 0);
    for (let i = 0; i < 18; i++) wave(restarted);
    assert.equal(nudges(restarted), 1);
  });

  it("is not felt if it cannot be remembered", () => {
    const band = nudgeable();
    band.store.write = () => {
      throw new Error("flash worn out");
    };
    assert.throws(() => band.advance(240_000), /worn out/);
    assert.equal(band.onsMs.length, 0);
  });

  it("keeps a supervisor's limits: none at all", () => {
    const band = nudgeable();
    const supervised = supervise({ nudgesADay: 0 });
    assert.ok(supervised.ok);
    band.settings.limits = supervised.limits;
    band.advanceMinutes(10);
    assert.equal(nudges(band), 0);
  });
});

describe("the mindfulness bell", () => {
  function ringing(): TestBand {
    const band = new TestBand();
    band.calendar.localMinutes = 10 * 1440 + 7 * 60;
    band.settings.invitations.isBellOn = true; // from 9 to 18 every hour, quiet from 21 to 8
    return band;
  }

  it("rings on its minutes inside its window and nowhere else", () => {
    const band = ringing();
    band.advanceMinutes(1440);
    assert.equal(bells(band), 9); // 9, 10 .. 17
  });

  it("is silent in quiet hours even if its window reaches into them", () => {
    const band = ringing();
    Object.assign(band.settings.invitations, { bellFromMin: 0, bellToMin: 1440 });
    band.advanceMinutes(1440);
    assert.equal(bells(band), 13); // 8 .. 20
  });

  it("is silent when off, unworn, resting, in a session, or asked to ring more often than every 15 minutes", () => {
    const arrangements: ((band: TestBand) => void)[] = [
      (band) => {
        band.settings.invitations.isBellOn = false;
      },
      (band) => {
        band.body = { ...GOOD, worn: false };
      },
      (band) => {
        band.settings.invitations.bellEveryMin = 14;
      },
      (band) => {
        band.calendar.localMinutes = undefined;
      },
    ];
    for (const arrange of arrangements) {
      const band = ringing();
      arrange(band);
      band.advanceMinutes(1440);
      assert.equal(bells(band), 0);
    }
  });

  it("does not ring twice because the calendar was set back", () => {
    const band = ringing();
    band.calendar.localMinutes = 10 * 1440 + 9 * 60;
    band.advance(1_000);
    band.advanceMinutes(2);
    band.calendar.localMinutes = 10 * 1440 + 9 * 60;
    band.advance(5_000);
    assert.equal(bells(band), 1);
  });
});

describe("a press after an invitation", () => {
  it("takes it up within a minute: the moment, not the chosen program", () => {
    for (const [afterMs, program] of [
      [58_000, "moment"],
      [61_000, "breathe"],
    ] as const) {
      const band = nudgeable();
      band.advance(180_000);
      while (nudges(band) === 0) band.advance(100);
      band.advance(afterMs);
      band.session.onPress();
      band.session.onGesture(1, band.time.ticks); // Gesture.Short
      const started = band.kinds("started").at(-1);
      assert.ok(started?.kind === "started" && started.program === program);
    }
  });
});

describe("a person's own range", () => {
  it("is kept as bytes, and other bytes are refused", () => {
    const range = new OwnRange();
    for (let i = 0; i < OWN_RANGE_MINUTES_MIN; i++) range.add(70);
    const bytes = range.encode();
    assert.equal(bytes.length, OWN_RANGE_BYTES);
    assert.equal(bytes[0], 1);
    // Bin (70 - 30) / 2 = 20, at 1 + 40: 720 = 0x02d0
    assert.deepEqual([bytes[41], bytes[42]], [0xd0, 0x02]);
    const read = new OwnRange();
    assert.equal(read.decode(bytes), true);
    assert.equal(read.percentileBpm(50), 72);
    for (const bad of [bytes.slice(1), new Uint8Array(OWN_RANGE_BYTES), new Uint8Array(OWN_RANGE_BYTES).fill(0xff)])
      assert.equal(new OwnRange().decode(bad), false);
  });

  it("knows nothing before half a day, and lets older days fade after three", () => {
    const range = new OwnRange();
    for (let i = 0; i < OWN_RANGE_MINUTES_MIN - 1; i++) range.add(60);
    assert.equal(range.percentileBpm(50), undefined);
    for (let i = 0; i < 20_000; i++) range.add(90);
    assert.equal(range.percentileBpm(2), 92);
  });
});
