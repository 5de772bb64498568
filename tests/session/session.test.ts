import assert from "node:assert/strict";
import { BreathPart } from "haptics/pacer";
import type { TouchTrial } from "haptics/touch-trial";
import { Gesture } from "session/button";
import { PROGRAMS, type ProgramName } from "session/programs";
import { GOOD, OFF_WRIST, TestBand } from "./band.js";

/** From the button's start to the first phase: the start cue's 560 ms and 600 ms of silence. */
const OPENING_MS = 1160;

function press(band: TestBand, gesture: Gesture, heldMs = 100): void {
  const pressedAtMs = band.time.ticks;
  band.session.onPress();
  band.advance(heldMs);
  band.session.onGesture(gesture, pressedAtMs);
}

function started(program: ProgramName = "breathe"): TestBand {
  const band = new TestBand();
  band.settings.program = program;
  assert.equal(band.session.start({ program, by: "app" }), undefined);
  band.advance(OPENING_MS);
  assert.equal(band.session.state, "running");
  return band;
}

describe("a session", () => {
  it("goes from the button through five minutes of breath to the end cue and the log", () => {
    const band = new TestBand(0);
    press(band, Gesture.Short, 400);
    assert.equal(band.session.state, "opening");
    band.advance(OPENING_MS);
    assert.equal(band.session.isPacing, true);
    assert.equal(band.session.pacer.partAt(0), BreathPart.Inhale);
    band.advance(300_000);
    assert.equal(band.session.state, "idle");
    band.advance(5_000);
    assert.deepEqual(band.ended, {
      kind: "ended",
      atMs: 301_560,
      program: "breathe",
      reason: "completed",
      rule: undefined,
      lastedMs: 300_000,
      scoredMs: 300_000,
    });
    // Start cue 3, thirty breaths of one and two ticks, the end cue's one stroke.
    assert.equal(band.onsMs.length, 3 + 30 * 3 + 1);
    assert.deepEqual(band.onsMs.slice(0, 6), [400, 650, 900, 1560, 5560, 5810]);
    assert.equal(band.drive.levelQ8, 0);
  });

  it("ends by a short press with the end cue", () => {
    const band = started();
    band.advance(20_000);
    press(band, Gesture.Short);
    assert.equal(band.session.state, "idle");
    assert.equal(band.ended?.reason, "wearer");
    assert.deepEqual(band.kinds("cue").at(-1), { kind: "cue", atMs: band.time.ticks, cue: "end" });
  });

  it("is silent from the first contact of a press until it is known what it means", () => {
    const band = started();
    band.advance(30); // in the first tick of the first breath
    assert.ok(band.drive.levelQ8 > 0);
    band.session.onPress();
    assert.equal(band.drive.levelQ8, 0);
    band.advance(9_000);
    assert.equal(band.drive.levelQ8, 0);
    band.session.onGesture(Gesture.None, band.time.ticks);
    band.advance(1_500);
    assert.equal(band.session.state, "running");
    assert.equal(band.onsMs.at(-1), 10_000 + OPENING_MS + 10_000);
  });

  it("stops by a long press: silence, then the confirmation, nothing more", () => {
    const band = started();
    band.advance(4_010);
    band.session.onPress();
    band.session.onGesture(Gesture.Long, band.time.ticks);
    const stoppedMs = band.time.ticks;
    assert.equal(band.drive.levelQ8, 0);
    assert.equal(band.ended?.reason, "stopGesture");
    band.advance(60_000);
    assert.deepEqual(
      band.onsMs.filter((atMs) => atMs >= stoppedMs),
      [stoppedMs + 500, stoppedMs + 750],
    );
  });

  it("grounds on 'not OK' and lets nothing invite for half an hour, but the wearer may start", () => {
    const band = started();
    band.advance(5_000);
    press(band, Gesture.Double);
    assert.equal(band.ended?.reason, "notOk");
    assert.equal(band.session.isResting, true);
    assert.equal(band.session.start({ program: "moment", by: "nudge" }), "resting");
    band.advance(10_000);
    assert.equal(band.session.start({ program: "moment", by: "button" }), undefined);
    band.session.stop();
    band.advance(30 * 60_000 - 10_001);
    assert.equal(band.session.isResting, true);
    band.advance(1);
    assert.equal(band.session.isResting, false);
  });

  it("goes on pacing when the pulse is lost, says so once, and does not score that time", () => {
    const band = started();
    band.advance(29_500);
    band.body = OFF_WRIST;
    band.advance(60_000);
    assert.equal(band.session.state, "unscored");
    assert.equal(band.session.measures, "nothing");
    assert.equal(band.session.isPacing, true);
    const lostCues = band.kinds("cue").filter((event) => event.kind === "cue" && event.cue === "sensorLost");
    assert.equal(lostCues.length, 1);
    const ticksBefore = band.onsMs.length;
    band.advance(20_000);
    assert.equal(band.onsMs.length - ticksBefore, 6);
    band.body = GOOD;
    band.advance(5_000);
    assert.equal(band.session.state, "running");
    band.advance(300_000);
    const unscoredMs = (band.ended?.lastedMs ?? 0) - (band.ended?.scoredMs ?? 0);
    // Lost for 79.5 .. 80.5 s; the first 10 s count until it is known, the 3 s afterwards do not.
    assert.ok(unscoredMs >= 71_000 && unscoredMs <= 76_000, `${unscoredMs} ms`);
    assert.equal(band.ended?.lastedMs, 300_000);
  });

  it("does not ask for a pulse in a body scan", () => {
    const band = started("bodyScan");
    band.body = OFF_WRIST;
    band.advance(60_000);
    assert.equal(band.session.state, "running");
  });

  it("ends scoring for good when a rule says so, also across a pause", () => {
    const band = started();
    band.body = { ...GOOD, irregularPercent: 12 };
    band.advance(20_000);
    assert.equal(band.session.state, "pacedOnly");
    band.session.pause();
    band.session.resume();
    assert.equal(band.session.state, "pacedOnly");
    assert.equal(band.session.measures, "nothing");
  });

  it("rests in a pause and goes on with what is left", () => {
    const band = started();
    band.advance(100_000);
    band.session.pause();
    band.advance(5_000);
    const before = band.onsMs.length;
    band.advance(55_000);
    assert.equal(band.onsMs.length, before);
    band.session.resume();
    assert.equal(band.session.isPacing, false);
    band.advance(OPENING_MS + 10);
    assert.equal(band.session.isPacing, true);
    band.advance(200_000);
    assert.equal(band.session.state, "idle");
    assert.equal(band.ended?.lastedMs, 300_000 + 60_000 + OPENING_MS);
  });

  it("ends when a pause lasts five minutes", () => {
    const band = started();
    band.session.pause();
    band.advance(300_000);
    assert.equal(band.ended?.reason, "pausedTooLong");
  });

  it("ends at the cap, to the second, whatever the program has left", () => {
    const band = new TestBand();
    assert.equal(band.session.start({ program: "breathe", by: "app", chosenMs: 19 * 60_000 }), undefined);
    band.advance(OPENING_MS + 60_000);
    band.session.pause();
    band.advance(250_000);
    band.session.resume();
    band.advance(30 * 60_000);
    assert.deepEqual([band.ended?.reason, band.ended?.lastedMs], ["cap", 20 * 60_000]);
  });

  it("ends at five minutes in the first week", () => {
    const band = new TestBand();
    band.history.isWeekOne = true;
    band.session.start({ program: "breathe", by: "app", chosenMs: 10 * 60_000 });
    band.advance(OPENING_MS + 400_000);
    assert.deepEqual([band.ended?.reason, band.ended?.lastedMs], ["cap", 300_000]);
  });

  it("completes five minutes in the first week: the cap does not cut the regular end", () => {
    const band = new TestBand();
    band.history.isWeekOne = true;
    band.session.start({ program: "breathe", by: "app" });
    band.advance(OPENING_MS + 300_000);
    assert.equal(band.ended?.reason, "completed");
  });

  it("takes the number of ticks at a press for the answer of a check-in", () => {
    const band = started("heart");
    band.advance(6_500); // three ticks, at 2, 4 and 6 s
    press(band, Gesture.Short, 400);
    assert.deepEqual(band.kinds("answer").at(-1), {
      kind: "answer",
      atMs: band.time.ticks,
      phase: "before",
      rating: 3,
    });
    assert.equal(band.session.phase?.id, "breathe");
    band.advance(240_000 + 12_000);
    assert.equal(band.session.state, "idle");
    const last = band.kinds("answer").at(-1);
    assert.ok(last?.kind === "answer" && last.phase === "after" && last.rating === undefined);
  });

  it("goes on to the recovery by a press, but not before a minute of load", () => {
    const band = started("recover");
    band.advance(180_000);
    assert.equal(band.session.measures, "load");
    band.advance(59_000);
    press(band, Gesture.Short);
    assert.equal(band.session.measures, "load");
    band.advance(1_000);
    press(band, Gesture.Short);
    assert.equal(band.session.measures, "recovery");
  });

  it("skips the regions that are off", () => {
    const band = new TestBand();
    band.settings.regionsOn = ["chest"];
    band.settings.regionsOff = ["legs"];
    band.session.start({ program: "bodyScan", by: "app" });
    band.advance(20 * 60_000);
    const phases = band.kinds("phase").map((event) => (event.kind === "phase" ? event.phase : ""));
    assert.deepEqual(phases, ["feet", "belly", "chest", "back", "hands", "arms", "shoulders", "face", "whole"]);
    assert.equal(band.ended?.reason, "completed");
  });

  it("refuses with the reason, and the wearer feels it", () => {
    const band = new TestBand();
    band.history.isWeekOne = true;
    assert.equal(band.session.start({ program: "findPace", by: "app" }), "afterWeekOne");
    assert.equal(band.session.start({ program: "findPaceShort", by: "app", chosenMs: 60_000 }), "lengthOutOfRange");
    assert.equal(band.session.start({ program: "breathe", by: "app", chosenMs: 20 * 60_000 }), "lengthOutOfRange");
    band.history.sessionsToday = 4;
    assert.equal(band.session.start({ program: "breathe", by: "app" }), "dayFull");
    band.history.sessionsToday = 0;
    band.settings.regionsOff = ["hands", "arms", "face", "shoulders", "belly", "thighs", "feet"];
    assert.equal(band.session.start({ program: "relax", by: "app" }), "nothingLeft");
    band.advance(1000);
    assert.equal(band.onsMs.length, 1);
    band.session.isBatteryEmpty = true;
    assert.equal(band.session.start({ program: "breathe", by: "app" }), "batteryEmpty");
    band.advance(1000);
    assert.equal(band.onsMs.length, 1);
    band.session.isBatteryEmpty = false;
    assert.equal(band.session.start({ program: "breathe", by: "app" }), undefined);
    assert.equal(band.session.start({ program: "breathe", by: "app" }), "busy");
  });

  it("is silent and over when the battery is empty", () => {
    const band = started();
    band.session.isBatteryEmpty = true;
    assert.equal(band.ended?.reason, "batteryEmpty");
    const before = band.onsMs.length;
    band.session.batteryLow();
    band.advance(60_000);
    assert.equal(band.onsMs.length, before);
  });

  it("changes the pace at the next breath and still ends with a whole breath", () => {
    const band = started();
    band.advance(12_000);
    assert.equal(band.session.changePace({ rateCentiPerMin: 300, inhalePermille: 500 }), "rateTooSlow");
    assert.equal(band.session.changePace({ rateCentiPerMin: 500, inhalePermille: 500 }), undefined);
    assert.equal(band.session.pacer.partAt(18_000), BreathPart.Exhale);
    assert.equal(band.session.pacer.partAt(25_999), BreathPart.Inhale);
    band.advance(400_000);
    // Two breaths of 10 s, then of 12 s: the one that is due at 300 s ends at 20 + 24 * 12 = 308 s.
    assert.equal(band.ended?.lastedMs, 308_000);
  });

  it("fades its touch after two minutes of following and is back when the wearer drifts", () => {
    const band = started();
    const strongest = (fromMs: number): number =>
      band.drive.writes
        .filter((each, i) => each.atMs >= fromMs && each.levelQ8 > 0 && band.drive.writes[i - 1]?.levelQ8 === 256)
        .reduce((most, each) => Math.max(most, each.levelQ8), 0);
    band.advance(110_000);
    assert.equal(strongest(band.time.ticks - 20_000), 256);
    band.advance(110_000);
    assert.ok(strongest(band.time.ticks - 20_000) < 220);
    band.body = { ...GOOD, followPermille: 100 };
    band.advance(50_000);
    assert.equal(strongest(band.time.ticks - 20_000), 256);
  });

  it("adapts the pace only if it may, and no more once the wearer has chosen", () => {
    for (const isAdaptive of [false, true]) {
      const band = new TestBand();
      band.settings.isAdaptive = isAdaptive;
      band.session.start({ program: "breathe", by: "app", chosenMs: 15 * 60_000 });
      band.advance(OPENING_MS + 150_000);
      const slower = 6_000_000_000 / 590; // µs
      assert.equal(band.session.pacer.plan.periodUs, isAdaptive ? Math.round(slower) : 10_000_000);
      band.session.changePace({ rateCentiPerMin: 620, inhalePermille: 400 });
      band.advance(400_000);
      assert.equal(band.session.pacer.plan.periodUs, Math.round(6_000_000_000 / 620));
      band.advance(20 * 60_000);
      assert.equal(band.ended?.reason, "completed");
    }
  });

  it("is silent and idle when whatever it calls throws", () => {
    const band = started();
    band.events.push = () => {
      throw new Error("log full");
    };
    band.advance(10);
    assert.throws(() => band.session.pause(), /log full/);
    assert.equal(band.session.state, "idle");
    assert.equal(band.drive.levelQ8, 0);
    assert.equal(band.time.pendingCount, 1); // the test's own observer
  });

  it("looks every second however often it is called", () => {
    const band = started();
    band.body = OFF_WRIST;
    for (let i = 0; i < 40; i++) {
      band.advance(300);
      band.session.changePace({ rateCentiPerMin: 600, inhalePermille: 400 });
    }
    assert.equal(band.session.state, "unscored");
  });

  it("leaves no timer behind after every program", () => {
    const touchTrial: TouchTrial = { begin() {}, pressed() {}, end() {}, nextTick: () => false };
    for (const program of Object.keys(PROGRAMS) as ProgramName[]) {
      // its keys are its names
      const band = new TestBand(10_000, { touchTrial });
      assert.equal(band.session.start({ program, by: "app" }), undefined, program);
      band.advance(26 * 60_000);
      assert.equal(band.ended?.reason, "completed", program);
      assert.equal(band.time.pendingCount, 1, program);
      assert.equal(band.drive.levelQ8, 0, program);
    }
  });
});
