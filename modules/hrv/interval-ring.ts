import { assert } from "base/assert";
import { quotient } from "base/quotient";
import { type Beat, BeatVerdict } from "hrv/beat";

/** What an interval turned out to be once its neighbours on both sides were known. */
export const enum IntervalMark {
  Clean = 0,
  /** There is no interval: the first beat after a gap. */
  Gap = 1,
  /** The detector did not believe it. */
  Refused = 2,
  /** About two intervals long, and short again after: a beat was missed. */
  Missed = 3,
  /** It and its neighbour together are one interval: a beat too many. */
  Extra = 4,
  /** An early or late beat, or a jump that belongs to no rhythm. */
  Ectopic = 5,
}

/** One interval that will not change any more. One object, refilled: copy what you keep. */
export interface SettledInterval {
  /** Time of the beat that ends it, 1/1024 s. */
  endTicks: number;
  /** 1/1024 s; 0 if there is none. HRV may use it only if the mark is Clean, and a difference only between neighbours. */
  rrTicks: number;
  mark: IntervalMark;
}

/** An interval is settled when so many more are known. */
export const SETTLE_BEATS = 2;
/** Differences that the thresholds look back on. */
const HISTORY = 45;
/** Fewer than this do not show how much this heart varies. */
const HISTORY_MIN = 12;
/** Intervals whose median says what is usual. */
const USUAL = 11;
/** Columns of an interval's row. */
const enum Column {
  Rr = 0,
  End = 1,
  Mark = 2,
  /** What was usual when the interval came: a gap after it must not change that. */
  UsualThen = 3,
}
const ROW_SHIFT = 2;
/** One, in the thresholds' own measure. */
const ONE_Q8 = 256;
/** Lipponen and Tarvainen's line between ectopic and not: s12 < -0.13 d - 0.17. */
const C1_Q8 = 33;
const C2_Q8 = 44;
/** A measure is cut here: 16 thresholds are as much as a thousand. */
const MEASURE_MAX_Q8 = 4096;

/**
 * Intervals on their way from the detector to HRV: a ring in which each waits for its two followers, then is marked.
 *
 * A causal variant of Lipponen and Tarvainen (2019, doi 10.1080/03091902.2019.1640306): differences d of neighbouring
 * intervals and deviations m from the median of eleven are measured in thresholds of 5.2 quartile deviations, here of
 * the last 45 instead of 91 around, so breathing widens them and lets itself through. The thresholds are never below
 * a sixteenth of the usual interval (a metronome would call any jitter ectopic), nor below a quarter while there are
 * fewer than twelve differences. No measure reaches across a gap or a refused interval.
 *
 * Range: rrTicks below 2^12; measures below 2^13. Cost: no allocation; per beat about 45 moves.
 */
export class IntervalRing {
  /** A row for each interval, in one array: an array costs 112 bytes besides its numbers. */
  readonly #rows: Int32Array;
  readonly #mask: number;
  #next = 0;
  #count = 0;
  readonly #differences = new SortedHistory(HISTORY);
  readonly #deviations = new SortedHistory(HISTORY);
  readonly #usual = new SortedHistory(USUAL);
  #differenceLimit = 0;
  #deviationLimit = 0;
  /** Filled by `push` once it has returned true. */
  readonly settled: SettledInterval = { endTicks: 0, rrTicks: 0, mark: IntervalMark.Gap };

  /** @param intervalsMax   a power of two, 8 or more */
  constructor(intervalsMax: number) {
    assert(intervalsMax >= 8 && (intervalsMax & (intervalsMax - 1)) === 0, "8 intervals or more, a power of two");
    this.#rows = new Int32Array(intervalsMax << ROW_SHIFT);
    this.#mask = intervalsMax - 1;
  }

  /** Takes a beat in. True if the interval two beats ago is now in `settled`. */
  push(beat: Beat): boolean {
    const rows = this.#rows;
    const row = this.#row(this.#next);
    const accepted = beat.verdict === BeatVerdict.Accepted;
    rows[row + Column.Rr] = beat.verdict === BeatVerdict.FirstAfterGap ? 0 : beat.rrTicks;
    rows[row + Column.End] = beat.upstrokeTicks;
    rows[row + Column.Mark] = accepted
      ? IntervalMark.Clean
      : beat.verdict === BeatVerdict.FirstAfterGap
        ? IntervalMark.Gap
        : beat.verdict === BeatVerdict.Ectopic
          ? IntervalMark.Ectopic
          : IntervalMark.Refused;
    this.#next = (this.#next + 1) | 0;
    if (this.#count <= this.#mask) this.#count++;
    if (accepted) this.#remember(this.#next - 1);
    else if (beat.verdict === BeatVerdict.FirstAfterGap) this.#usual.clear(); // the rate may have changed meanwhile
    if (this.#count <= SETTLE_BEATS) return false;
    this.#settle(this.#next - 1 - SETTLE_BEATS);
    return true;
  }

  clear(): void {
    this.#count = 0;
    this.#differences.clear();
    this.#deviations.clear();
    this.#usual.clear();
  }

  /** Intervals held. Below, `back` counts from the newest, which is 0, and must be below this. */
  get count(): number {
    return this.#count;
  }

  /** 0 if there is none. */
  rrTicks(back: number): number {
    return this.#rows[this.#row(this.#next - 1 - back) + Column.Rr]!; // masked by #row, as everywhere below
  }

  endTicks(back: number): number {
    return this.#rows[this.#row(this.#next - 1 - back) + Column.End]!;
  }

  /** Final from `back` = 2 on. */
  mark(back: number): IntervalMark {
    return this.#rows[this.#row(this.#next - 1 - back) + Column.Mark]!;
  }

  /** Where the row of interval `n` begins. */
  #row(n: number): number {
    return (n & this.#mask) << ROW_SHIFT;
  }

  /** Whether both this interval and the one before exist and the detector believed them: a difference may be taken. */
  #joined(n: number): boolean {
    const oldest = this.#next - this.#count;
    if (n - 1 < oldest || n >= this.#next) return false;
    return this.#isMeasured(this.#row(n)) && this.#isMeasured(this.#row(n - 1));
  }

  #isMeasured(row: number): boolean {
    const mark = this.#rows[row + Column.Mark]!; // of a row, as the next
    return this.#rows[row + Column.Rr]! > 0 && mark !== IntervalMark.Refused && mark !== IntervalMark.Gap;
  }

  #difference(n: number): number {
    if (!this.#joined(n)) return 0;
    return (this.#rows[this.#row(n) + Column.Rr]! - this.#rows[this.#row(n - 1) + Column.Rr]!) | 0;
  }

  /** Difference in thresholds, Q8; 0 where none can be taken. */
  #measure(n: number): number {
    return measureQ8(this.#difference(n), this.#differenceLimit);
  }

  /** Deviation from what is usual; below it counts double, as there is less room. */
  #deviation(n: number): number {
    const row = this.#row(n);
    const deviation = (this.#rows[row + Column.Rr]! - this.#rows[row + Column.UsualThen]!) | 0;
    return deviation < 0 ? deviation << 1 : deviation;
  }

  #remember(n: number): void {
    const row = this.#row(n);
    this.#usual.push(this.#rows[row + Column.Rr]!);
    const usual = this.#usual.quantile(2);
    this.#rows[row + Column.UsualThen] = usual;
    const difference = this.#difference(n);
    if (this.#joined(n)) this.#differences.push(difference < 0 ? -difference : difference);
    const deviation = this.#deviation(n);
    this.#deviations.push(deviation < 0 ? -deviation : deviation);
    const floor = usual >> (this.#differences.count < HISTORY_MIN ? 2 : 4);
    this.#differenceLimit = this.#differences.limit(floor);
    this.#deviationLimit = this.#deviations.limit(floor);
  }

  #settle(n: number): void {
    const rows = this.#rows;
    const row = this.#row(n);
    if (rows[row + Column.Mark] === IntervalMark.Clean) {
      const mark = this.#judge(n);
      rows[row + Column.Mark] = mark;
      // The second half of what an extra beat cut in two.
      const after = this.#row(n + 1) + Column.Mark;
      if (mark === IntervalMark.Extra && rows[after] === IntervalMark.Clean) rows[after] = mark;
    }
    this.settled.endTicks = rows[row + Column.End]!;
    this.settled.rrTicks = rows[row + Column.Rr]!;
    this.settled.mark = rows[row + Column.Mark]!;
  }

  #judge(n: number): IntervalMark {
    const d = this.#measure(n);
    const before = this.#measure(n - 1);
    const after = this.#measure(n + 1);
    const later = this.#measure(n + 2);
    const tilt = (Math.imul(C1_Q8, d) >> 8) | 0;
    if (d > ONE_Q8 && larger(before, after) < -tilt - C2_Q8) return IntervalMark.Ectopic;
    if (d < -ONE_Q8 && smaller(before, after) > -tilt + C2_Q8) return IntervalMark.Ectopic;
    const row = this.#row(n);
    const rr = this.#rows[row + Column.Rr]!;
    const usual = this.#rows[row + Column.UsualThen]!;
    const far = measureQ8(this.#deviation(n), this.#deviationLimit);
    const isFar = far > 3 * ONE_Q8 || far < -3 * ONE_Q8;
    const isLong = d > ONE_Q8 && smaller(after, later) < -ONE_Q8;
    const isShort = d < -ONE_Q8 && larger(after, later) > ONE_Q8;
    if (!isFar && !isLong && !isShort) return IntervalMark.Clean;
    if (!isShort && near(rr >> 1, usual, this.#deviationLimit)) return IntervalMark.Missed;
    if (isShort && this.#joined(n + 1)) {
      const both = (rr + this.#rows[this.#row(n + 1) + Column.Rr]!) | 0;
      if (near(both, usual, this.#deviationLimit)) return IntervalMark.Extra;
    }
    return IntervalMark.Ectopic;
  }
}

/** The last values, sorted: its quantiles are look-ups. */
class SortedHistory {
  count = 0;
  #next = 0;
  readonly #length: number;
  /** The values sorted, then the same in the order in which they came, a ring. */
  readonly #values: Int32Array;

  constructor(length: number) {
    this.#length = length;
    this.#values = new Int32Array(2 * length);
  }

  clear(): void {
    this.count = 0;
    this.#next = 0;
  }

  push(value: number): void {
    const sorted = this.#values;
    const length = this.#length;
    let at = this.count;
    if (at === length) {
      const oldest = sorted[length + this.#next]!; // next < length
      at = 0;
      while (sorted[at]! < oldest) at++; // the oldest is among them: at < length
      for (; at < length - 1; at++) sorted[at] = sorted[at + 1]!; // at + 1 < length
    } else this.count++;
    for (; at > 0 && sorted[at - 1]! > value; at--) sorted[at] = sorted[at - 1]!; // at >= 1
    sorted[at] = value;
    sorted[length + this.#next] = value;
    this.#next = this.#next + 1 === length ? 0 : this.#next + 1;
  }

  /** The value below which `quarters` quarters lie, floored to a position; 0 when empty. */
  quantile(quarters: number): number {
    return this.count === 0 ? 0 : this.#values[Math.imul(this.count, quarters) >> 2]!; // quarters < 4, so below count
  }

  /** 5.2 quartile deviations, at least `floor`. Values below 2^13: times 83 stays below 2^20. */
  limit(floor: number): number {
    const limit = Math.imul((this.quantile(3) - this.quantile(1)) >> 1, 83) >> 4;
    return limit > floor ? limit : floor;
  }
}

function measureQ8(value: number, limit: number): number {
  if (limit <= 0) return 0;
  const measure = quotient(value << 8, limit); // below 2^13 << 8
  return measure > MEASURE_MAX_Q8 ? MEASURE_MAX_Q8 : measure < -MEASURE_MAX_Q8 ? -MEASURE_MAX_Q8 : measure;
}

const larger = (a: number, b: number): number => (a > b ? a : b);
const smaller = (a: number, b: number): number => (a < b ? a : b);
const near = (a: number, b: number, limit: number): boolean => a - b < limit && b - a < limit;
