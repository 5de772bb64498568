import { log2Q8 } from "base/log2";
import { VIEW_MASK } from "hrv/pulse-views";

const CAPACITY = 64;
const CAPACITY_MASK = CAPACITY - 1;
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
  readonly #at = new Int32Array(CAPACITY);
  readonly #slopeLog = new Int32Array(CAPACITY);
  readonly #foot = new Int32Array(CAPACITY);
  readonly #top = new Int32Array(CAPACITY);
  /** Newest entry that the walk for the top has seen; it goes on from there. */
  readonly #walked = new Int32Array(CAPACITY);

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
    this.#at[slot] = at;
    this.#slopeLog[slot] = log2Q8(slope);
    this.#foot[slot] = foot;
    this.#top[slot] = at;
    this.#walked[slot] = at;
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
    return this.#at[(this.#head + i) & CAPACITY_MASK]!; // masked, as in the accessors below
  }

  foot(i: number): number {
    return this.#foot[(this.#head + i) & CAPACITY_MASK]!;
  }

  /** Highest entry seen so far after the upstroke. */
  top(i: number): number {
    return this.#top[(this.#head + i) & CAPACITY_MASK]!;
  }

  /** Height of the top over the foot, 49 times counts, as far as it has come. */
  rise(i: number): number {
    const slot = (this.#head + i) & CAPACITY_MASK;
    return (this.#level[this.#top[slot]! & VIEW_MASK]! - this.#level[this.#foot[slot]! & VIEW_MASK]!) | 0;
  }

  /** Strength as a Q8 logarithm, with the rise as far as it has come by entry `newest`. */
  strengthLog2Q8(i: number, newest: number): number {
    const slot = (this.#head + i) & CAPACITY_MASK;
    const level = this.#level;
    const at = this.#at[slot]!;
    let top = this.#top[slot]!;
    let highest = level[top & VIEW_MASK]!;
    let k = this.#walked[slot]! + 1;
    const end = at + TOP_REACH < newest ? at + TOP_REACH : newest;
    for (; k <= end && k - top <= BUMP; k++) {
      const value = level[k & VIEW_MASK]!;
      if (value > highest) {
        highest = value;
        top = k;
      }
    }
    this.#top[slot] = top;
    this.#walked[slot] = k - 1;
    return (this.#slopeLog[slot]! + log2Q8((highest - level[this.#foot[slot]! & VIEW_MASK]!) | 0)) >> 1;
  }
}
