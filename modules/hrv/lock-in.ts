import { turnQ16Of } from "base/arctangent";
import { msFromTicksFloor, msFromTicksNearest } from "base/units";
import { Wide } from "base/wide";
import { BreathFit } from "hrv/breath-fit";
import type { NnSeries } from "hrv/nn-series";
import { PhaseCoherence } from "hrv/phase-coherence";
import { Absence, type Reading, Slot } from "hrv/reading";

/** Breaths behind the score that is shown, and behind the decision whether the wearer follows. */
export const SHOWN_BREATHS = 3;
export const DECIDING_BREATHS = 6;

/**
 * Six breaths of noise exceed 0.451 in 5 of 100 cases: 1 - 0.05^(1/5), by Beta(1, 5). Above it the heart keeps step.
 * Below 0.2, where two thirds of noise lie and one breath in six of drift against the pacer ends, it does not.
 */
export const FOLLOWING_Q16 = 29_550;
export const NOT_FOLLOWING_Q16 = 13_107;

export const enum Following {
  Unclear = 0,
  Yes = 1,
  No = 2,
}

/** A breath is judged when a beat has come after its end, or this long after it: two longest intervals. */
const WAIT_TICKS_MAX = 4096;
const PENDING_MAX = 4;
/** 60 000 ms a minute in ticks: bpm = 61 440 / rrTicks, so a swing of a ticks is 61 440 * a / mean^2 bpm. */
const TICKS_PER_MINUTE = 61_440;

/** Columns of a breath that has not been judged, and of one that has. */
const enum Pending {
  StartTicks = 0,
  PeriodTicks = 1,
  Columns = 2,
}
const enum Past {
  RealTicksQ8 = 0,
  ImaginaryTicksQ8 = 1,
  PeriodTicks = 2,
  /** 0 if the breath was not clean. */
  CoveragePercent = 3,
  Columns = 4,
}

class BreathSlot extends Slot {
  amplitudeMsQ8 = 0;
  amplitudeBpmQ8 = 0;
  longestAtTurnQ16 = 0;
  explainedQ8 = 0;
}
class RhythmSlot extends Slot {
  scorePercent = 0;
  coherenceQ16 = 0;
  longestAtTurnQ16 = 0;
}
class FollowingSlot extends Slot {
  following = Following.Unclear;
  coherenceQ16 = 0;
}

/** One breath: half of the swing from peak to trough, the phase at which the interval is longest, and R^2. */
export type BreathReading = Reading<{
  readonly amplitudeMsQ8: number;
  readonly amplitudeBpmQ8: number;
  /** 0 is the breath's start, 65536 its end. The heart is fastest half a turn away. */
  readonly longestAtTurnQ16: number;
  /** 0 .. 256 */
  readonly explainedQ8: number;
}>;

/** Several breaths: PC, the score made from it, and the mean lag. */
export type RhythmReading = Reading<{
  readonly scorePercent: number;
  readonly coherenceQ16: number;
  readonly longestAtTurnQ16: number;
}>;

export type FollowingReading = Reading<{ readonly following: Following; readonly coherenceQ16: number }>;

/**
 * Rhythm against our own pacer. The pacer says when each breath begins and how long it is, which within a breath is
 * its whole phase: beats that are reported late need no history of phases. Breaths are judged in order, once beats have
 * come in past their end. A score needs the last three breaths clean, a decision the last six; a breath that is not
 * clean makes them absent until it has gone by.
 *
 * Cost:   no allocation; a fit of 64 points for each breath
 * Memory: 0.5 kB of points (BreathFit), 4 pending breaths of 8 bytes and 6 past ones of 16, 3 readings, 5 wide sums
 * Source: docs/hrv.md, "Rhythm"
 */
export class LockIn {
  readonly breath: BreathReading;
  readonly rhythm: RhythmReading;
  readonly following: FollowingReading;
  /** Z of the last breath, 1/1024 s in Q8; meaningful while `breath` is present. */
  readonly fit: BreathFit;

  readonly #series: NnSeries;
  readonly #breath = new BreathSlot();
  readonly #rhythm = new RhythmSlot();
  readonly #following = new FollowingSlot();
  readonly #phase = new PhaseCoherence();
  readonly #squared = new Wide();
  /** Rows of `Pending`, oldest first. */
  readonly #pending = new Int32Array(PENDING_MAX * Pending.Columns);
  #pendingCount = 0;
  /** Rows of `Past`, newest first. */
  readonly #past = new Int32Array(DECIDING_BREATHS * Past.Columns);
  #pastCount = 0;

  constructor(series: NnSeries) {
    this.#series = series;
    this.fit = new BreathFit(series);
    this.breath = this.#breath;
    this.rhythm = this.#rhythm;
    this.following = this.#following;
  }

  /** A new exercise, or the pacer was stopped: earlier breaths no longer count, nor does one under way. */
  reset(): void {
    this.#pendingCount = 0;
    this.#pastCount = 0;
    this.#breath.deny(Absence.TooShort, 0, 0);
    this.#rhythm.deny(Absence.TooShort, 0, 0);
    this.#following.deny(Absence.TooShort, 0, 0);
  }

  /**
   * The pacer begins a breath.
   * @param startTicks    session clock, 1/1024 s
   * @param periodTicks   inhale, exhale and holds together, 1024 .. 65 536
   */
  beginBreath(startTicks: number, periodTicks: number): void {
    if (this.#pendingCount === PENDING_MAX) this.#judgeOldest();
    const row = Math.imul(this.#pendingCount, Pending.Columns);
    this.#pending[row + Pending.StartTicks] = startTicks;
    this.#pending[row + Pending.PeriodTicks] = periodTicks;
    this.#pendingCount = (this.#pendingCount + 1) | 0;
  }

  /**
   * Judges the oldest breath not judged yet, if its time has come: call it after each beat and once a second.
   * @returns whether the readings are of a new breath
   */
  advance(nowTicks: number): boolean {
    if (this.#pendingCount === 0) return false;
    // The first row, which there always is.
    const endTicks = (this.#pending[Pending.StartTicks]! + this.#pending[Pending.PeriodTicks]!) | 0;
    const hasBeatAfter = this.#series.count > 0 && ((this.#series.endTicks(0) - endTicks) | 0) >= 0;
    if (!hasBeatAfter && ((nowTicks - endTicks) | 0) < WAIT_TICKS_MAX) return false;
    this.#judgeOldest();
    return true;
  }

  #judgeOldest(): void {
    const pending = this.#pending;
    const periodTicks = pending[Pending.PeriodTicks]!; // of the first row, as the start
    const isClean = this.fit.measure(pending[Pending.StartTicks]!, periodTicks);
    this.#forgetOldestPending();
    this.#keep(isClean, periodTicks);
    this.#fillBreath(isClean, msFromTicksFloor(periodTicks));
    this.#fillRhythm();
    this.#fillFollowing();
  }

  #forgetOldestPending(): void {
    const pending = this.#pending;
    this.#pendingCount = (this.#pendingCount - 1) | 0;
    const end = Math.imul(this.#pendingCount, Pending.Columns);
    for (let i = 0; i < end; i++) pending[i] = pending[i + Pending.Columns]!; // the count was at most the rows there are
  }

  /** The breath that was just fitted becomes the newest of the past. */
  #keep(isClean: boolean, periodTicks: number): void {
    const past = this.#past;
    // Not copyWithin: the engine takes its arguments through doubles.
    for (let i = past.length - 1; i >= Past.Columns; i--) past[i] = past[i - Past.Columns]!; // i is inside by the loop
    past[Past.RealTicksQ8] = isClean ? this.fit.realTicksQ8 : 0;
    past[Past.ImaginaryTicksQ8] = isClean ? this.fit.imaginaryTicksQ8 : 0;
    past[Past.PeriodTicks] = periodTicks;
    past[Past.CoveragePercent] = isClean ? this.fit.coveragePercent : 0;
    if (this.#pastCount < DECIDING_BREATHS) this.#pastCount = (this.#pastCount + 1) | 0;
  }

  #fillBreath(isClean: boolean, windowMs: number): void {
    const fit = this.fit;
    const slot = this.#breath;
    if (!isClean) {
      slot.deny(Absence.LowCoverage, fit.coveragePercent, windowMs);
      return;
    }
    slot.amplitudeMsQ8 = msFromTicksNearest(fit.amplitudeTicksQ8);
    this.#squared.clear().addProduct(fit.amplitudeTicksQ8, TICKS_PER_MINUTE);
    slot.amplitudeBpmQ8 = this.#squared.divideNearest(Math.imul(fit.meanTicks, fit.meanTicks)).toInt32();
    slot.longestAtTurnQ16 = fit.longestAtTurnQ16;
    slot.explainedQ8 = fit.explainedQ8;
    slot.vouch(fit.coveragePercent, windowMs);
  }

  #fillRhythm(): void {
    const slot = this.#rhythm;
    if (!this.#gather(SHOWN_BREATHS, slot)) return;
    slot.scorePercent = this.#phase.scorePercent;
    slot.coherenceQ16 = this.#phase.coherenceQ16;
    slot.longestAtTurnQ16 = turnQ16Of(0 - this.#phase.imaginaryTicksQ8, this.#phase.realTicksQ8);
  }

  #fillFollowing(): void {
    const slot = this.#following;
    if (!this.#gather(DECIDING_BREATHS, slot)) return;
    const coherenceQ16 = this.#phase.coherenceQ16;
    slot.coherenceQ16 = coherenceQ16;
    slot.following = Following.Unclear;
    if (coherenceQ16 >= FOLLOWING_Q16) slot.following = Following.Yes;
    else if (coherenceQ16 < NOT_FOLLOWING_Q16) slot.following = Following.No;
  }

  /** The last `breathCount` breaths into `#phase`, and their warrant into `slot`. @returns whether they can be used */
  #gather(breathCount: number, slot: Slot): boolean {
    this.#phase.clear();
    let windowTicks = 0;
    let coveragePercent = 100;
    const past = this.#past;
    for (let i = 0, row = 0; i < this.#pastCount && i < breathCount; i++, row += Past.Columns) {
      this.#phase.add(past[row + Past.RealTicksQ8]!, past[row + Past.ImaginaryTicksQ8]!); // i is below DECIDING_BREATHS
      windowTicks = (windowTicks + past[row + Past.PeriodTicks]!) | 0;
      const cleanPercent = past[row + Past.CoveragePercent]!;
      if (cleanPercent < coveragePercent) coveragePercent = cleanPercent;
    }
    const windowMs = msFromTicksFloor(windowTicks);
    if (this.#pastCount < breathCount) slot.deny(Absence.TooFew, coveragePercent, windowMs);
    else if (coveragePercent === 0) slot.deny(Absence.LowCoverage, 0, windowMs);
    else if (this.#phase.isStill) slot.deny(Absence.NoVariation, coveragePercent, windowMs);
    else slot.vouch(coveragePercent, windowMs);
    return slot.absence === Absence.None;
  }
}
