import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { dateOfDay, dayNumberOf, trendLines, trendsOf } from "../../hosts/sim/export/trends.js";
import { LogRig } from "./rig.js";

/** 2026-03-11 is day 20,523. */
const TODAY = 20_523;

/** A day each, the last one today: ln RMSSD in Q10. */
function rigOf(lnRmssdQ10: readonly (number | undefined)[]): LogRig {
  const rig = new LogRig();
  const log = rig.boot();
  log.boot(0, 0);
  for (const [i, ln] of lnRmssdQ10.entries())
    log.day(1000 * i, {
      dayNumber: TODAY - lnRmssdQ10.length + 1 + i,
      lnRmssdQ10: ln,
      restingBpm: ln === undefined ? undefined : 60 + (i % 2),
      practiceMinutes: 10,
    });
  return rig;
}

describe("trends", () => {
  it("are the band's own baseline of the log's days", () => {
    // 3584 is 3.5 in Q10. Eight days at 3.5 and two at 4.0: mean 3.6, of the last seven (5 at 3.5, 2 at 4.0) 3.643.
    const { baseline, today } = trendsOf(rigOf([...Array(8).fill(3584), 4096, 4096]).recording());
    assert.equal(today, TODAY);
    assert(baseline.lnRmssd7.ok && baseline.lnRmssd60.ok && baseline.usual.ok);
    assert.equal(baseline.lnRmssd7.meanQ10, 3730); // 3584 + 2 / 7 · 512 = 3730.29
    assert.equal(baseline.lnRmssd60.meanQ10, 3686); // 3584 + 2 / 10 · 512 = 3686.4
    // Squares: 8 · 0.1² + 2 · 0.4² = 0.4; / 9; root 0.21082 · 1024 = 215.88
    assert.equal(baseline.lnRmssd60.sdQ10, 216);
    assert.equal(baseline.usual.usual, 1, "44 above, and half the deviation is 108");
    assert.equal(baseline.practiceMinutes7, 70);
    assert.equal(baseline.practiceMinutes60, 100);
  });

  it("say that there are too few days below five, and how many there are", () => {
    const text = trendLines(trendsOf(rigOf([3584, 3584, undefined, 3584, 3584]).recording())).join("\n");
    assert.match(text, /lnRMSSD, 7 days: too few days: 4, and it takes 5/);
    assert.match(text, /this week: too few days: 4/);
    assert.match(text, /resting heart rate, 60 days: too few days: 4/);
    assert.match(text, /practice: 50 min in 7 days/);
  });

  it("tell the five lines in words, with the label, the notice and the histories", () => {
    const rig = rigOf(Array(6).fill(3584));
    const log = rig.boot();
    log.boot(0, 0);
    log.clockSet(0, Date.UTC(2026, 2, 11, 8, 0), 1000, 0);
    log.event(60_000, 13, 575, 20);
    log.event(120_000, 14, 48_000, 410 | (557 << 16)); // 41.0 .. 55.7 s
    const scores = [
      { date: "2026-03-11", scale: "PSS-10", scores: { stress: 14 } },
      { date: "2025-01-01", scale: "PSS-10", scores: { stress: 20 } },
    ];
    assert.deepEqual(trendLines(trendsOf(rig.recording(), scores)), [
      "60 days up to 2026-03-11, PRV (pulse waves, not an ECG)",
      "lnRMSSD, 7 days: 3.50 (6 days)",
      "lnRMSSD, 60 days: 3.50, SD 0.00, normal band 3.50 to 3.50 (6 days)",
      "this week: within your usual (6 days)",
      "resting heart rate, 7 days: 60.5 bpm (6 days)",
      "resting heart rate, 60 days: 60.5 bpm (6 days)",
      "practice: 60 min in 7 days, 60 min in 60 days",
      "resonance rate:",
      "  2026-03-11 08:01 UTC ± 1.1 s: 5.75 per minute",
      "recovery time constant:",
      "  2026-03-11 08:02 UTC ± 1.1 s: 48 s (41 to 55.7 s)",
      "questionnaires, beside that day's lnRMSSD:",
      "  2026-03-11 PSS-10: stress 14; lnRMSSD 3.50",
      "  2025-01-01 PSS-10: stress 20; no lnRMSSD of that day",
      "A breathing and awareness practice aid: not a medical device; it does not diagnose, treat or prevent any condition.",
    ]);
  });

  it("look back from another day when asked", () => {
    const { baseline } = trendsOf(rigOf(Array(10).fill(3584)).recording(), [], TODAY + 4);
    assert.equal(baseline.lnRmssd7.days, 3);
  });

  it("have nothing to say of a log without days", () => {
    const rig = new LogRig();
    rig.boot().boot(0, 0);
    const lines = trendLines(trendsOf(rig.recording()));
    assert.match(lines[0] ?? "", /no summary of a day/);
    assert(lines.includes("resonance rate: none yet"));
  });

  it("count days from 1970", () => {
    assert.equal(dayNumberOf("2026-03-11"), TODAY); // 56 years, 14 leap days, 69 days: 20,440 + 14 + 69
    assert.equal(dateOfDay(TODAY), "2026-03-11");
  });
});
