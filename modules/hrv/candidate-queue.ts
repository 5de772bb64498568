import { log2Q8 } from "base/log2";
import { VIEW_MASK } from "hrv/pulse-views";

const CAPACITY = 64;
const CAPACITY_MASK = CAPACITY - 1;
/** Where each column begins, CAPACITY apart. */
const enum Column {
  At = 0,
  SlopeLog = 64,
  Foot = 128,
  Top = 192,
  /** Newest entry that the walk for the top has seen; it goes on from there. */
  Walked = 256,
}
/** Walks for the foot and the top look so many samples past a small bump, */
const BUMP = 6;
/** and no further than this. */
const FOOT_REACH = 40;
const TOP_REACH = 35;

/**
 * Upstrokes that may be beats, oldest first. A candidate is a local maximum of the detection slope; its strength is the
 * geometric mean of slope and rise, kept as a Q8 logarithm so that ratios are differences.
 * Positions are entries of `PulseViews.level`. Cost: no allocation after construction; each sample of the level is
 * walked over at most once on either side of a candidate.
 */
export class CandidateQueue {
  #head = 0;
  count = 0;
  readonly #level: Int32Array;
  /** Five columns in one array: an array costs 112 bytes besides its numbers. */
  readonly #columns = new Int32Array(5 * CAPACITY);

  constructor(level: Int32Array) {
    this.#level = level;
  }

  /** Adds a candidate at `at`, finding its foot, no further back than `validFrom`. A full queue forgets its oldest. */
  add(at: number, slope: number, validFrom: number): void {
    if (this.count === CAPACITY) this.drop();
    const slot = (this.#head + this.count) & CAPACITY_MASK;
    this.count++;
    const level = this.#level;
    let foot = at;
    let lowest = level[at & VIEW_MASK]!; // masked, as everywhere below
    const end = at - FOOT_REACH < validFrom ? validFrom : at - FOOT_REACH;
    for (let k = at - 1; k >= end && foot - k <= BUMP; k--) {
      const value = level[k & VIEW_MASK]!;
      if (value < lowest) {
        lowest = value;
        foot = k;
      }
    }
    const columns = this.#columns;
    columns[Column.At + slot] = at;
    columns[Column.SlopeLog + slot] = log2Q8(slope);
    columns[Column.Foot + slot] = foot;
    columns[Column.Top + slot] = at;
    columns[Column.Walked + slot] = at;
  }

  /** Forgets the oldest. */
  drop(): void {
    this.#head = (this.#head + 1) & CAPACITY_MASK;
    this.count--;
  }

  clear(): void {
    this.count = 0;
  }

  /** Position of the i-th oldest, i < count. */
  at(i: number): number {
    return this.#columns[Column.At + ((this.#head + i) & CAPACITY_MASK)]!; // masked, as in the accessors below
  }

  foot(i: number): number {
    return this.#columns[Column.Foot + ((this.#head + i) & CAPACITY_MASK)]!;
  }

  /** Highest entry seen so far after the upstroke. */
  top(i: number): number {
    return this.#columns[Column.Top + ((this.#head + i) & CAPACITY_MASK)]!;
  }

  /** Height of the top over the foot, 49 times counts, as far as it has come. */
  rise(i: number): number {
    return (this.#level[this.top(i) & VIEW_MASK]! - this.#level[this.foot(i) & VIEW_MASK]!) | 0;
  }

  /** Strength as a Q8 logarithm, with the rise as far as it has come by entry `newest`. */
  strengthLog2Q8(i: number, newest: number): number {
    const slot = (this.#head + i) & CAPACITY_MASK;
    const level = this.#level;
    const columns = this.#columns;
    const at = columns[Column.At + slot]!;
    let top = columns[Column.Top + slot]!;
    let highest = level[top & VIEW_MASK]!;
    let k = columns[Column.Walked + slot]! + 1;
    const end = at + TOP_REACH < newest ? at + TOP_REACH : newest;
    for (; k <= end && k - top <= BUMP; k++) {
      const value = level[k & VIEW_MASK]!;
      if (value > highest) {
        highest = value;
        top = k;
      }
    }
    columns[Column.Top + slot] = top;
    columns[Column.Walked + slot] = k - 1;
    const rise = (highest - level[columns[Column.Foot + slot]! & VIEW_MASK]!) | 0;
    return (columns[Column.SlopeLog + slot]! + log2Q8(rise)) >> 1;
  }
}
