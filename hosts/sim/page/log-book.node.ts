import { LONG_DAYS } from "storage/baseline";
import type { Comparison, TrendsTold } from "../../../web/messages.js";
import type { LiveBand } from "../cli/live-band.js";
import { readRecordingFile } from "../export/read.js";
import type { ExportSession, Recording } from "../export/recording.js";
import { dateOfDay, type KeptScore, trendLines, trendsOf } from "../export/trends.js";
import { compare } from "./compare.node.js";

/** Runs before this one whose sessions are still to be seen. */
const RUNS_MAX = 8;

/** A session, and which run of the simulator it is from. */
export interface KeptSession {
  readonly run: number;
  readonly session: ExportSession;
  readonly comparison: readonly Comparison[];
}

/** The band's log as the page shows it, and the questionnaires that were filled in on it. Nothing is written to disk. */
export class LogBook {
  readonly #scores: KeptScore[] = [];
  readonly #before: KeptSession[][] = [];
  #live: LiveBand | undefined;
  #startsMs: readonly number[];
  #run = 1;

  /** @param startsMs  virtual times at which this run's sessions began, growing */
  constructor(live: LiveBand | undefined, startsMs: readonly number[]) {
    this.#live = live;
    this.#startsMs = startsMs;
  }

  /** Another band: what this one's log holds stays to be seen. */
  begin(live: LiveBand, startsMs: readonly number[]): void {
    this.#before.push(this.#present());
    if (this.#before.length > RUNS_MAX) this.#before.shift();
    this.#live = live;
    this.#startsMs = startsMs;
    this.#run++;
  }

  /** The oldest first. */
  sessions(): readonly KeptSession[] {
    return [...this.#before.flat(), ...this.#present()];
  }

  /** As `band trends` says it. */
  trends(): TrendsTold {
    const recording = this.#recording();
    if (recording === undefined)
      return { lines: ["the band's log is empty so far"], days: [], normal: null, scores: this.#scores };
    const trends = trendsOf(recording, this.#scores);
    const { lnRmssd60 } = trends.baseline;
    return {
      lines: trendLines(trends),
      days: trends.days.slice(-LONG_DAYS).map(({ dayNumber, lnRmssdQ10 }) => ({
        date: dateOfDay(dayNumber),
        lnRmssd: lnRmssdQ10 === undefined ? null : lnRmssdQ10 / 1024,
      })),
      normal: lnRmssd60.ok ? { low: lnRmssd60.bandLowQ10 / 1024, high: lnRmssd60.bandHighQ10 / 1024 } : null,
      scores: this.#scores,
    };
  }

  keep(score: KeptScore): void {
    this.#scores.push(score);
  }

  /** As `band score --keep` writes them, for `band trends --scores`. */
  scoreLines(): string {
    return this.#scores.map((score) => `${JSON.stringify(score)}\n`).join("");
  }

  /** What the band has kept so far; undefined while there is nothing. */
  #recording(): Recording | undefined {
    const contents = this.#live?.played.band.board.logFlash.contents;
    const read = readRecordingFile(contents ?? new Uint8Array(0));
    return read.ok ? read.recording : undefined;
  }

  #present(): KeptSession[] {
    const live = this.#live;
    if (live === undefined) return [];
    const sessions = this.#recording()?.sessions ?? [];
    const older = sessions.length - this.#startsMs.length; // those that were in the log before
    return sessions.map((session, i) => {
      const startMs = this.#startsMs[i - older];
      const isWhole = startMs !== undefined && !session.missing.includes("start");
      return { run: this.#run, session, comparison: isWhole ? compare(session, live, startMs) : [] };
    });
  }
}
