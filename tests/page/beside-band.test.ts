import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { FeltLine } from "../../hosts/sim/cli/felt.js";
import { BesideBand } from "../../hosts/sim/page/beside-band.node.js";
import type { Reading } from "../../web/messages.js";

/** The recording's own time line begins here. */
const START_MS = 5000;

/** Beats with these intervals, 1/1024 s, as the lines have them: times to a tenth. @returns when the last one was, ms */
function beats(band: BesideBand, intervals: readonly number[]): number {
  let ticks = 1024;
  for (const [i, rrTicks] of intervals.entries()) {
    ticks += rrTicks;
    band.hear({
      type: "beat",
      tMs: START_MS + Math.round((ticks * 10_000) / 1024) / 10,
      rrTicks: i === 0 ? null : rrTicks,
      accepted: i > 0,
      verdict: i === 0 ? "first" : "accepted",
      qualityQ8: 256,
    });
  }
  return (ticks * 1000) / 1024;
}
const pace: FeltLine = { type: "pace", tMs: START_MS, inhaleMs: 4000, periodMs: 10_000 };
const idle: FeltLine = { type: "session", tMs: START_MS, state: "idle", step: "idle", program: null, phase: null };
const reasonOf = (reading: Reading): string => (reading.value === null ? reading.reason : `there is ${reading.value}`);

describe("arithmetic beside the band", () => {
  it("has no number before it has heard enough, and says what it takes", () => {
    const band = new BesideBand(START_MS);
    assert.deepEqual(band.rmssd(0), {
      value: null,
      reason: "the band has not listened long enough",
      remedy: "it takes 30 seconds of clean beats, and a minute to be worth comparing",
    });
    assert.equal(reasonOf(band.rhythm()), "the motor leads no breath");
    assert.equal(band.spectrum(0), null);
    assert.equal(band.spectrum(1000), undefined); // nothing new
  });

  it("has RMSSD, provisional below a minute", () => {
    // Differences are all 51 or -51 ticks: 49.8 ms.
    const alternating = (count: number): number[] =>
      Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 999 : 1050));
    for (const [count, isProvisional] of [
      [46, true],
      [80, false],
    ] as const) {
      const band = new BesideBand(START_MS);
      const reading = band.rmssd(beats(band, alternating(count)));
      assert(reading.value !== null, reasonOf(reading));
      assert(Math.abs(reading.value - (51 * 1000) / 1024) < 0.01, `${reading.value} ms`);
      assert.equal(reading.isProvisional, isProvisional);
    }
  });

  it("takes the strongest rhythm for the breath while one is led, and only then", () => {
    // Six breaths a minute: the interval swings by 60 ticks around one second.
    const swinging = Array.from({ length: 100 }, (_, i) => 1024 + Math.round(60 * Math.sin((2 * Math.PI * i) / 10)));
    const band = new BesideBand(START_MS);
    band.hear(pace);
    const nowMs = beats(band, swinging);
    const breath = band.breath(nowMs);
    assert(breath.value !== null, reasonOf(breath));
    assert(Math.abs(breath.value - 6) < 0.12, `${breath.value} a minute`); // a bin is 0.117
    const spectrum = band.spectrum(nowMs);
    assert(spectrum !== null && spectrum !== undefined);
    assert(Math.abs(spectrum.peakBin - 51.2) <= 1, `bin ${spectrum.peakBin}`);
    assert.equal(Math.max(...spectrum.powers), 1);
    assert.equal(spectrum.powers[spectrum.peakBin - spectrum.firstBin], 1);
    band.hear(idle);
    assert.equal(band.breath(nowMs).value, null);
  });

  it("shows the firmware's own score, or its reason", () => {
    const band = new BesideBand(START_MS);
    band.hear(pace);
    assert.equal(reasonOf(band.rhythm()), "no breath has been judged yet");
    const judged = { type: "breath", tMs: START_MS, swingMs: null, swingReason: "" } as const;
    band.hear({ ...judged, rhythmPercent: null, rhythmReason: "too few intervals" });
    assert.equal(reasonOf(band.rhythm()), "the last breaths: too few intervals");
    band.hear({ ...judged, rhythmPercent: 78, rhythmReason: null });
    assert.equal(band.rhythm().value, 78);
  });

  it("does not count across a lost contact", () => {
    const band = new BesideBand(START_MS);
    const steady = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 999 : 1050));
    const nowMs = beats(band, steady);
    band.hear({ type: "contact", tMs: START_MS + nowMs, state: "not worn", reason: null });
    // Half a minute later nothing of the last 30 s is covered.
    assert.equal(band.rmssd(nowMs + 60_000).value, null);
  });
});
