import assert from "node:assert/strict";
import type { Finder, MeasuredStretch, PaceFinding, RecoveryFinding } from "session/findings";
import { supervise } from "session/limits";
import { TestBand } from "./band.js";

const START_MS = 10_000;
const OPENING_MS = 1160;

/** Writes down what it is told, and finds what it was given. */
class FakeFinder<Finding> implements Finder<Finding> {
  readonly stretches: MeasuredStretch[] = [];
  readonly gapsMs: number[] = [];
  drops = 0;
  constructor(readonly finding: Finding) {}
  onStretch(stretch: MeasuredStretch): void {
    this.stretches.push(stretch);
  }
  onGap(atMs: number): void {
    this.gapsMs.push(atMs);
  }
  finish(_atMs: number, found: (finding: Finding) => void): void {
    found(this.finding);
  }
  drop(): void {
    this.drops++;
  }
}

describe("stress and recovery", () => {
  const rmssd = { ok: false, reason: "poorFit" } as const;
  const finding: RecoveryFinding = { ok: true, tauMs: 45_000, tauLowMs: 30_000, tauHighMs: 70_000, rmssd };

  it("tells the finder of baseline, load and recovery, and logs what it found before the end", () => {
    const recoveryFinder = new FakeFinder(finding);
    const band = new TestBand(START_MS, { recoveryFinder });
    band.session.start({ program: "recover", by: "app" });
    band.advance(15 * 60_000);
    const fromMs = START_MS + OPENING_MS;
    assert.deepEqual(recoveryFinder.stretches, [
      { measures: "baseline", fromMs: fromMs + 60_000, pace: undefined },
      { measures: "load", fromMs: fromMs + 180_000, pace: undefined },
      { measures: "recovery", fromMs: fromMs + 360_000, pace: band.settings.pace },
    ]);
    const kinds = band.events.map((event) => event.kind);
    assert.ok(kinds.indexOf("recovery") > 0 && kinds.indexOf("recovery") < kinds.indexOf("ended"));
    const found = band.kinds("recovery")[0];
    assert.ok(found?.kind === "recovery");
    assert.deepEqual(found.finding, finding);
  });

  it("logs the reason when nothing can be told, and nothing when it was left", () => {
    const absent: RecoveryFinding = { ok: false, reason: "notElevated", rmssd };
    const recoveryFinder = new FakeFinder<RecoveryFinding>(absent);
    const band = new TestBand(START_MS, { recoveryFinder });
    band.session.start({ program: "recover", by: "app" });
    band.advance(15 * 60_000);
    const found = band.kinds("recovery")[0];
    assert.ok(found?.kind === "recovery" && !found.finding.ok && found.finding.reason === "notElevated");
    band.session.start({ program: "recover", by: "app" });
    band.advance(200_000);
    band.session.stop();
    assert.equal(band.kinds("recovery").length, 1);
    assert.equal(recoveryFinder.drops, 1);
  });
});

describe("find my pace", () => {
  const rated = (rateCentiPerMin: number): PaceFinding => ({ ok: true, rateCentiPerMin, spreadCentiPerMin: 20 });

  it("tells the picker of each step with its pace, of each rest, and makes its choice the practice rate", () => {
    const pacePicker = new FakeFinder(rated(560));
    const band = new TestBand(START_MS, { pacePicker });
    band.session.start({ program: "findPace", by: "app" });
    band.advance(25 * 60_000);
    const rates = pacePicker.stretches.map(({ pace }) => pace?.rateCentiPerMin);
    assert.deepEqual(rates, [650, 600, 550, 500, 450]);
    assert.equal(pacePicker.gapsMs.length, 4);
    assert.equal(band.settings.pace.rateCentiPerMin, 560);
    assert.equal(band.settings.pace.inhalePermille, 400);
    assert.equal(band.ended?.reason, "completed");
  });

  it("takes a step from its beginning after a pause", () => {
    const pacePicker = new FakeFinder(rated(560));
    const band = new TestBand(START_MS, { pacePicker });
    band.session.start({ program: "findPaceShort", by: "app" });
    band.advance(OPENING_MS + 30_000);
    band.session.pause();
    band.advance(5_000);
    band.session.resume();
    assert.equal(pacePicker.gapsMs.length, 1);
    assert.deepEqual(
      pacePicker.stretches.map(({ fromMs }) => fromMs - START_MS),
      [OPENING_MS, OPENING_MS + 35_000 + OPENING_MS],
    );
  });

  it("keeps the pace when it is inconclusive, or when the choice is beyond a supervisor's limits", () => {
    const supervised = supervise({ rateCentiPerMinMin: 450 });
    assert.ok(supervised.ok);
    for (const finding of [{ ok: false, reason: "inconclusive" } as const, rated(430)]) {
      const band = new TestBand(START_MS, { pacePicker: new FakeFinder<PaceFinding>(finding) });
      band.settings.limits = supervised.limits;
      band.session.start({ program: "findPace", by: "app" });
      band.advance(25 * 60_000);
      assert.equal(band.kinds("pace").length, 1);
      assert.equal(band.settings.pace.rateCentiPerMin, 600);
    }
  });

  it("is silent and idle when the picker throws", () => {
    const pacePicker = new FakeFinder(rated(560));
    pacePicker.finish = () => {
      throw new Error("no fit");
    };
    const band = new TestBand(START_MS, { pacePicker });
    band.session.start({ program: "findPaceShort", by: "app" });
    assert.throws(() => band.advance(10 * 60_000), /no fit/);
    assert.equal(band.session.state, "idle");
    assert.equal(band.drive.levelQ8, 0);
  });
});
