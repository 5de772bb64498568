import type { Beat, Breath, PacedBreath, SessionNow } from "../../../web/messages.js";
import type { FeltLine } from "../cli/felt.js";
import { BesideBand } from "./beside-band.node.js";

const IDLE: SessionNow = { state: "idle", program: null, phase: null, phaseSinceMs: 0, sinceMs: 0 };

/** What a run has said so far, as the page has it. Times are virtual, ms. */
export class Listener {
  readonly beside: BesideBand;
  session: SessionNow = IDLE;
  isPacing = false;
  sessionsEnded = 0;
  /** Of each session so far. */
  readonly startsMs: number[] = [];
  readonly #startMs: number;

  /** @param startMs  of virtual time 0 on the lines' own time line */
  constructor(startMs: number) {
    this.#startMs = startMs;
    this.beside = new BesideBand(startMs);
  }

  /** What of it goes to the page by itself; the rest is state, and goes with every frame. */
  hear(line: FeltLine): { readonly beat?: Beat; readonly breath?: Breath; readonly paced?: PacedBreath } {
    this.beside.hear(line);
    const atMs = line.tMs - this.#startMs;
    switch (line.type) {
      case "beat": {
        const { rrTicks, accepted, verdict } = line;
        const rrMs = rrTicks === null ? null : (rrTicks * 1000) / 1024;
        return { beat: { atMs, rrMs, counts: accepted, verdict } };
      }
      case "breath": {
        const { rhythmPercent, rhythmReason, swingMs, swingReason } = line;
        return { breath: { atMs, rhythmPercent, rhythmReason, swingMs, swingReason } };
      }
      case "pace":
        this.isPacing = true;
        return { paced: { startMs: atMs, inhaleMs: line.inhaleMs, periodMs: line.periodMs } };
      case "session":
        this.#session(atMs, line);
        return {};
      case "restart":
        if (this.session.state !== "idle") this.sessionsEnded++;
        this.session = IDLE;
        this.isPacing = false;
        return {};
      default:
        return {};
    }
  }

  #session(atMs: number, { step, program, phase }: Extract<FeltLine, { type: "session" }>): void {
    const before = this.session;
    if (step === "idle") {
      if (before.state !== "idle") this.sessionsEnded++;
      this.session = IDLE;
      this.isPacing = false;
      return;
    }
    if (before.state === "idle") this.startsMs.push(atMs);
    if (phase !== before.phase) this.isPacing = false;
    this.session = {
      state: step,
      program,
      phase,
      phaseSinceMs: phase === before.phase ? before.phaseSinceMs : atMs,
      sinceMs: before.state === "idle" ? atMs : before.sinceMs,
    };
  }
}
