import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { FeltLine } from "../../hosts/sim/cli/felt.js";
import { Listener } from "../../hosts/sim/page/listener.node.js";

const START_MS = 2000;
type SessionLine = Extract<FeltLine, { type: "session" }>;
const session = (atMs: number, step: SessionLine["step"], phase: string | null = null): SessionLine => ({
  type: "session",
  tMs: START_MS + atMs,
  state: "",
  step,
  program: step === "idle" ? null : "heart",
  phase,
});

describe("listener of the page", () => {
  it("follows a session through its phases, on virtual time", () => {
    const listener = new Listener(START_MS);
    listener.hear(session(10_000, "opening"));
    listener.hear(session(12_000, "running", "before"));
    listener.hear(session(24_000, "running", "breathe"));
    listener.hear(session(30_000, "unscored", "breathe"));
    assert.deepEqual(listener.session, {
      state: "unscored",
      program: "heart",
      phase: "breathe",
      phaseSinceMs: 24_000,
      sinceMs: 10_000,
    });
    assert.deepEqual([listener.sessionsEnded, listener.startsMs], [0, [10_000]]);
    listener.hear(session(60_000, "idle"));
    listener.hear(session(61_000, "idle"));
    assert.deepEqual([listener.session.state, listener.sessionsEnded], ["idle", 1]);
  });

  it("hands on beats and breaths as they come", () => {
    const listener = new Listener(START_MS);
    const beat = { type: "beat", tMs: 3000, rrTicks: 512, accepted: false, verdict: "motor", qualityQ8: 9 } as const;
    assert.deepEqual(listener.hear(beat), { beat: { atMs: 1000, rrMs: 500, counts: false, verdict: "motor" } });
    assert.equal(listener.hear({ ...beat, rrTicks: null }).beat?.rrMs, null);
    const pace = { type: "pace", tMs: 4000, inhaleMs: 4000, periodMs: 10_000 } as const;
    assert.deepEqual(listener.hear(pace), { paced: { startMs: 2000, inhaleMs: 4000, periodMs: 10_000 } });
    assert.equal(listener.isPacing, true);
  });

  it("knows that nothing goes on after a restart", () => {
    const listener = new Listener(START_MS);
    listener.hear(session(10_000, "running", "breathe"));
    listener.hear({ type: "pace", tMs: 13_000, inhaleMs: 4000, periodMs: 10_000 });
    listener.hear({ type: "restart", tMs: 14_000, reason: "watchdog", message: "", stack: "" });
    assert.deepEqual([listener.session.state, listener.isPacing, listener.sessionsEnded], ["idle", false, 1]);
  });
});
