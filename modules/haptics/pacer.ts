import type { BreathPlan } from "haptics/breath-plan";

export const enum BreathPart {
  Inhale = 0,
  HoldFull = 1,
  Exhale = 2,
  HoldEmpty = 3,
}

/** Edges of one breath in ms since the pacing began; refilled by each call. */
export interface BreathEdges {
  index: number;
  startMs: number;
  inhaleEndMs: number;
  exhaleStartMs: number;
  exhaleEndMs: number;
  endMs: number;
}

/** Breaths whose edges are remembered: a beat is asked for up to a breath or two after it happened. */
const KEPT = 16;
const EDGES = 5;
/** One asked-for time lies at most this many breaths ahead: 25 min at 10 per minute. A larger jump is a bug. */
const AHEAD_MAX = 512;

/**
 * Which part of which breath it is. Times are whole ms since the pacing began, below 30 min, and decide alone: a late
 * or missed call changes nothing. Each edge is rounded by itself from the exact sum of periods in µs, so the error is
 * at most 0.5 ms of rounding and 0.5 µs per breath of the plan, whatever the length.
 *
 * A change of plan takes effect at the first breath that has not been looked at: never inside a breath.
 */
export class Pacer {
  /** Per kept breath: start, end of inhalation, start and end of exhalation, end; ms. */
  readonly #edgesMs = new Int32Array(KEPT * EDGES);
  /** 2^29 / length: turns a time in the breath into a phase without a division. */
  readonly #reciprocalQ29 = new Int32Array(KEPT);
  #plan: BreathPlan;
  /** Start of the next breath to be laid out, µs since the pacing began, below 2^31. */
  #nextStartUs = 0;
  /** Breaths laid out, and those since the plan changed. */
  #count = 0;
  #countOfPlan = 0;

  constructor(plan: BreathPlan) {
    this.#plan = plan;
  }

  /** Time 0 is a new beginning. */
  begin(plan: BreathPlan): void {
    this.#plan = plan;
    this.#nextStartUs = 0;
    this.#count = 0;
    this.#countOfPlan = 0;
  }

  change(plan: BreathPlan): void {
    this.#plan = plan;
    this.#countOfPlan = 0;
  }

  /** The plan of the next breath that has not been looked at. */
  get plan(): BreathPlan {
    return this.#plan;
  }

  /** When a change of plan would take effect, ms: the end of the last breath that has been looked at. */
  get nextChangeMs(): number {
    return msNearest(this.#nextStartUs);
  }

  /** Phase of the breath at `atMs`, 0 .. 65535 of a turn, 0 at the start of inhalation. Cost: no allocation. */
  turnQ16(atMs: number): number {
    const slot = this.#slot(atMs);
    // atMs - start < length <= 15000 < 2^14, times 2^29 / length: below 2^29, int32 holds.
    return Math.imul(atMs - this.#edgesMs[slot * EDGES]!, this.#reciprocalQ29[slot]!) >> 13; // slot < KEPT
  }

  /** Running number of the breath at `atMs`, from 0. Cost: no allocation. */
  indexAt(atMs: number): number {
    const slot = this.#slot(atMs);
    const newest = this.#count - 1;
    return newest - ((newest - slot) & (KEPT - 1));
  }

  /** Cost: no allocation. */
  partAt(atMs: number): BreathPart {
    const row = this.#slot(atMs) * EDGES;
    const edgesMs = this.#edgesMs;
    if (atMs < edgesMs[row + 1]!) return BreathPart.Inhale; // row + 4 is inside: slot < KEPT
    if (atMs < edgesMs[row + 2]!) return BreathPart.HoldFull;
    return atMs < edgesMs[row + 3]! ? BreathPart.Exhale : BreathPart.HoldEmpty;
  }

  /** Edges of the breath at `atMs` into `out`. Cost: no allocation. */
  edgesAt(atMs: number, out: BreathEdges): void {
    const row = this.#slot(atMs) * EDGES;
    const edgesMs = this.#edgesMs;
    out.index = this.indexAt(atMs);
    out.startMs = edgesMs[row]!; // row + 4 is inside: slot < KEPT
    out.inhaleEndMs = edgesMs[row + 1]!;
    out.exhaleStartMs = edgesMs[row + 2]!;
    out.exhaleEndMs = edgesMs[row + 3]!;
    out.endMs = edgesMs[row + 4]!;
  }

  /** Row of the breath that contains `atMs`. Errors: RangeError for a time before the kept breaths or far ahead. */
  #slot(atMs: number): number {
    if (atMs < 0) throw new RangeError(`pacing had not begun at ${atMs} ms`);
    for (let laid = 0; this.#count === 0 || atMs >= this.#edgesMs[this.#slotOf(this.#count - 1) * EDGES + 4]!; laid++) {
      if (laid > AHEAD_MAX) throw new RangeError(`${atMs} ms is too far ahead`);
      this.#layNext();
    }
    const oldest = this.#count > KEPT ? this.#count - KEPT : 0; // Math.max would make it a double in XS
    for (let index = this.#count - 1; index >= oldest; index--) {
      const slot = this.#slotOf(index);
      if (atMs >= this.#edgesMs[slot * EDGES]!) return slot;
    }
    throw new RangeError(`the breath at ${atMs} ms is forgotten`);
  }

  #slotOf(index: number): number {
    return index & (KEPT - 1);
  }

  #layNext(): void {
    const { inhaleUs, holdFullUs, exhaleUs, periodUs, stepUs, steps } = this.#plan;
    const slot = this.#slotOf(this.#count);
    const row = slot * EDGES;
    // A slide lengthens each breath after the first; its parts grow in proportion, the whole is exact.
    const lengthUs = periodUs + Math.min(this.#countOfPlan, steps) * stepUs;
    const stretch = lengthUs / periodUs;
    const startUs = this.#nextStartUs;
    const inhaleEndUs = startUs + inhaleUs * stretch;
    const exhaleStartUs = inhaleEndUs + holdFullUs * stretch;
    this.#nextStartUs = startUs + lengthUs;
    this.#edgesMs[row] = msNearest(startUs);
    this.#edgesMs[row + 1] = msNearest(inhaleEndUs);
    this.#edgesMs[row + 2] = msNearest(exhaleStartUs);
    this.#edgesMs[row + 3] = msNearest(exhaleStartUs + exhaleUs * stretch);
    this.#edgesMs[row + 4] = msNearest(this.#nextStartUs);
    this.#reciprocalQ29[slot] = Math.floor(2 ** 29 / (this.#edgesMs[row + 4]! - this.#edgesMs[row]!)); // written above
    this.#count++;
    this.#countOfPlan++;
  }
}

const msNearest = (us: number): number => Math.floor((us + 500) / 1000);
