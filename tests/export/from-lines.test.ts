import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { recordingFromLines } from "../../hosts/sim/export/from-lines.js";
import type { Recording } from "../../hosts/sim/export/recording.js";
import { verdictCode, verdictName } from "../../hosts/sim/export/words.js";

const beat = (tMs: number, rrTicks: number | null, verdict = "accepted") => ({
  type: "beat",
  tMs,
  rrTicks,
  accepted: verdict === "accepted",
  verdict,
  qualityQ8: 256,
});
const second = (tMs: number, batteryPercent: number) => ({
  type: "second",
  tMs,
  bpm: 60,
  reason: null,
  batteryPercent,
});
const session = (tMs: number, state: string) => ({ type: "session", tMs, state });
const END = { type: "end", tMs: 10_000 };

const textOf = (...lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join("");
function read(...lines: readonly object[]): Recording {
  const result = recordingFromLines(textOf(...lines));
  assert(result.ok);
  return result.recording;
}
function problem(text: string): string {
  const result = recordingFromLines(text);
  assert(!result.ok);
  return result.problem;
}

describe("lines of band replay", () => {
  it("are one session from the first line to the last, without a date", () => {
    const { sessions, source } = read(
      second(1000, 84),
      beat(2000, null, "first"),
      beat(3000, 1024),
      second(4000, 84),
      END,
    );
    assert.equal(source, "lines");
    assert.deepEqual(
      sessions.map(({ id, lastedMs, program, missing }) => ({ id, lastedMs, program, missing })),
      [{ id: 1, lastedMs: 9000, program: undefined, missing: [] }],
    );
    assert.deepEqual(
      sessions[0]?.beats.map(({ atTicks, rrTicks, follows }) => ({ atTicks, rrTicks, follows })),
      [
        { atTicks: 1024, rrTicks: undefined, follows: false },
        { atTicks: 2048, rrTicks: 1024, follows: true },
      ],
    );
    assert.deepEqual(sessions[0]?.battery, [{ atMs: 0, percent: 84, mv: undefined }]);
  });

  it("have beats at the sum of their intervals: the times are rounded to tenths", () => {
    // 819 ticks are 799.8047 ms. Four of them are 3199.21875 ms, told as 3199.2.
    const { sessions } = read(
      beat(0, null, "first"),
      ...[799.8, 1599.6, 2399.4, 3199.2].map((tMs) => beat(tMs, 819)),
      END,
    );
    assert.deepEqual(
      sessions[0]?.beats.map(({ atTicks }) => atTicks),
      [0, 819, 1638, 2457, 3276],
    );
  });

  it("do not join a beat to one that it does not follow", () => {
    const { sessions } = read(beat(0, null, "first"), beat(1000, 1024), beat(5000, 1024), END);
    assert.deepEqual(
      sessions[0]?.beats.map(({ follows }) => follows),
      [false, true, false],
    );
  });

  it("have the programs that ran as sessions of their own", () => {
    const { sessions } = read(
      beat(0, null, "first"),
      session(500, "Breathe, opening"),
      beat(1000, 1024),
      session(1500, "Breathe, running, breathe"),
      beat(2000, 1024),
      session(2500, "idle"),
      beat(3000, 1024),
      session(9000, "Body scan, opening"),
      END,
    );
    assert.deepEqual(
      sessions.map(({ id, program, lastedMs, missing, beats }) => [id, program, lastedMs, missing, beats.length]),
      [
        [1, undefined, 10_000, [], 4],
        [2, "Breathe", 2000, [], 2],
        [3, "Body scan", 1000, ["end"], 0],
      ],
    );
    assert.equal(sessions[1]?.beats[0]?.follows, false, "its interval began before the session");
  });

  it("say that their end is missing, and pass over what a newer simulator adds", () => {
    const { sessions } = read(beat(0, null, "first"), { type: "weather", tMs: 5 });
    assert.deepEqual(sessions[0]?.missing, ["end"]);
  });

  it("are refused by the number of the line that is wrong", () => {
    assert.match(problem(`${textOf(END)}{"type":"beat","tMs":1`), /line 2/);
    for (const wrong of [
      { type: "beat", tMs: 1, rrTicks: 0, verdict: "accepted", qualityQ8: 256 },
      { type: "beat", tMs: 1, rrTicks: 1.5, verdict: "accepted", qualityQ8: 256 },
      { type: "beat", tMs: 1, rrTicks: 800, verdict: "lovely", qualityQ8: 256 },
      { type: "beat", tMs: 1, rrTicks: 800, verdict: "accepted" },
      { type: "second", tMs: 1 },
      { type: "beat", tMs: "1" },
      { tMs: 1 },
      [1],
    ])
      assert.match(problem(textOf(wrong)), /line 1/, JSON.stringify(wrong));
    assert.match(problem("\n\n"), /no line/);
  });

  it("use words that each read back as their own verdict", () => {
    for (let verdict = 0; verdict < 8; verdict++) assert.equal(verdictCode(verdictName(verdict)), verdict);
    assert.equal(verdictName(8), "verdict 8");
  });
});
