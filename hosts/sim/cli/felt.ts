import { BeatVerdict } from "hrv/beat";
import { HeartRateAbsence } from "hrv/heart-rate";
import { Absence } from "hrv/reading";
import type { ProgramName } from "session/programs";
import type { SessionState } from "session/session-table";
import { arenaPeakBytes } from "../engine/counters.js";
import { absenceName, verdictName } from "../export/words.js";
import type { BandWatcher, VirtualBand } from "../virtual-band.js";
import { mapStack } from "./stack.js";
import { absenceWords, contactWords, sessionNames, sessionWords } from "./words.js";

/**
 * What the band says, as the lines of `band replay` and `band sim --json` have it. `tMs` is a time of the recording's
 * own time line, ms, to a tenth. What is absent is null and has its reason beside it.
 */
export type FeltLine =
  | {
      readonly type: "beat";
      /** The pulse's upstroke. */
      readonly tMs: number;
      /** 1/1024 s since the beat before. */
      readonly rrTicks: number | null;
      readonly accepted: boolean;
      readonly verdict: string;
      readonly qualityQ8: number;
    }
  | {
      readonly type: "second";
      readonly tMs: number;
      readonly bpm: number | null;
      readonly reason: string | null;
      readonly batteryPercent: number;
    }
  | { readonly type: "contact"; readonly tMs: number; readonly state: string; readonly reason: string | null }
  | {
      /** A paced breath was judged. */
      readonly type: "breath";
      readonly tMs: number;
      /** How well the heart's rhythm follows the pacer, 0 .. 100. */
      readonly rhythmPercent: number | null;
      readonly rhythmReason: string | null;
      /** Half of the heart rate's swing with the breath, ms. */
      readonly swingMs: number | null;
      readonly swingReason: string | null;
    }
  | {
      /** A paced breath begins at `tMs`. */
      readonly type: "pace";
      readonly tMs: number;
      readonly inhaleMs: number;
      readonly periodMs: number;
    }
  | {
      readonly type: "session";
      readonly tMs: number;
      /** In words, for people. */
      readonly state: string;
      /** The same by the names of the firmware's tables; null when idle. */
      readonly step: SessionState;
      readonly program: ProgramName | null;
      readonly phase: string | null;
    }
  | {
      readonly type: "restart";
      readonly tMs: number;
      readonly reason: string;
      readonly message: string;
      /** Lines of the TypeScript source; empty without the debug build. */
      readonly stack: string;
    };

/** Where the band's two clocks lie on the recording's time line. */
export interface TimeLine {
  /** Virtual time 0. */
  readonly startMs: number;
  /** Virtual time now. */
  nowMs(): number;
  /** Virtual time at which the firmware's own clock showed 0. */
  bootMs(): number;
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

/** A watcher that turns all that the firmware says into lines. */
export function linesOf(time: TimeLine, tell: (line: FeltLine) => void): BandWatcher {
  const now = (): number => tenths(time.startMs + time.nowMs());
  return {
    beat(upstrokeTicks, rrTicks, verdict, qualityQ8) {
      tell({
        type: "beat",
        tMs: tenths(time.startMs + time.bootMs() + (upstrokeTicks * 1000) / 1024),
        rrTicks: rrTicks > 0 ? rrTicks : null,
        accepted: verdict === BeatVerdict.Accepted,
        verdict: verdictName(verdict),
        qualityQ8,
      });
    },
    second(bpm, absence, batteryPercent) {
      const isKnown = absence === HeartRateAbsence.None;
      tell({
        type: "second",
        tMs: now(),
        bpm: isKnown ? bpm : null,
        reason: isKnown ? null : absenceWords(absence),
        batteryPercent,
      });
    },
    contact(state, reason) {
      tell({ type: "contact", tMs: now(), ...contactWords(state, reason) });
    },
    breath(rhythmAbsence, scorePercent, swingAbsence, swingMs) {
      const hasRhythm = rhythmAbsence === Absence.None;
      const hasSwing = swingAbsence === Absence.None;
      tell({
        type: "breath",
        tMs: now(),
        rhythmPercent: hasRhythm ? scorePercent : null,
        rhythmReason: hasRhythm ? null : absenceName(rhythmAbsence),
        swingMs: hasSwing ? swingMs : null,
        swingReason: hasSwing ? null : absenceName(swingAbsence),
      });
    },
    pace(startMs, inhaleMs, periodMs) {
      tell({ type: "pace", tMs: tenths(time.startMs + time.bootMs() + startMs), inhaleMs, periodMs });
    },
    session(state, program, phase) {
      tell({
        type: "session",
        tMs: now(),
        state: sessionWords(state, program, phase),
        ...sessionNames(state, program, phase),
      });
    },
    restart({ reason, message, stack }) {
      tell({ type: "restart", tMs: now(), reason, message, stack: mapStack(stack) });
    },
  };
}

/** What a run comes to. */
export class Tally {
  beats = 0;
  accepted = 0;
  seconds = 0;
  secondsWithRate = 0;
  restarts = 0;
  bpmMin = Number.POSITIVE_INFINITY;
  bpmMax = Number.NEGATIVE_INFINITY;

  add(line: FeltLine): void {
    if (line.type === "beat") {
      this.beats++;
      if (line.accepted) this.accepted++;
    } else if (line.type === "second") {
      this.seconds++;
      if (line.bpm === null) return;
      this.secondsWithRate++;
      this.bpmMin = Math.min(this.bpmMin, line.bpm);
      this.bpmMax = Math.max(this.bpmMax, line.bpm);
    } else if (line.type === "restart") this.restarts++;
  }

  /** Another run begins. */
  clear(): void {
    Object.assign(this, new Tally());
  }

  /** "374 beats, 371 accepted, heart rate 58 to 84 bpm" */
  get text(): string {
    const rate = this.secondsWithRate === 0 ? "no heart rate" : `heart rate ${this.bpmMin} to ${this.bpmMax} bpm`;
    const restarts = this.restarts === 0 ? "" : `, ${this.restarts} restarts of the firmware`;
    return `${this.beats} beats, ${this.accepted} accepted, ${rate}${restarts}`;
  }

  /** The last line: what was felt, what the board went through, what the engine used. */
  end(tMs: number, interrupted: boolean, band: VirtualBand): object {
    const { beats, accepted, seconds, secondsWithRate, restarts } = this;
    const { sensor, bus, motor, flash } = band.board.counters();
    const engine = band.engineCounters();
    return {
      type: "end",
      tMs: tenths(tMs),
      interrupted,
      beats,
      accepted,
      seconds,
      secondsWithRate,
      restarts,
      samples: sensor.samples,
      samplesDropped: sensor.dropped,
      busTransactions: bus.transactions,
      busNacks: bus.nacks,
      motorOnMs: Math.round(motor.onUs / 1000),
      flashWrites: flash.writes,
      ...(engine === undefined
        ? {}
        : { meterUnits: engine.meter, arenaPeakBytes: arenaPeakBytes(engine), collections: engine.collections }),
    };
  }
}
