/**
 * What is usual for this person: rolling figures over the last 7 and 60 days, from one summary a day. Integers
 * throughout (exact in doubles, below 2^53), so that band and page say the same. Computed when somebody asks.
 * Source: physiology 5.1: normal band = 60-day mean ± 0.5 SD, compared with the 7-day mean
 */
import type { DaySummary } from "storage/session-log";

/** Fewer days than this with a value say nothing. */
export const DAYS_MIN = 5;
const SHORT_DAYS = 7;
export const LONG_DAYS = 60;

/** Where the last week is against the wearer's own usual. */
export const enum Usual {
  Below = 0,
  Within = 1,
  Above = 2,
}

export type BaselineReading<Value> =
  | ({ readonly ok: true; readonly days: number } & Value)
  | { readonly ok: false; readonly reason: "tooFewDays"; readonly days: number; readonly daysMin: number };

export interface Baseline {
  /** lnRMSSD of the last 7 days: mean, ln ms in Q10. */
  readonly lnRmssd7: BaselineReading<{ readonly meanQ10: number }>;
  /** Of the last 60 days: mean, standard deviation (n - 1), and the normal band. */
  readonly lnRmssd60: BaselineReading<{
    readonly meanQ10: number;
    readonly sdQ10: number;
    readonly bandLowQ10: number;
    readonly bandHighQ10: number;
  }>;
  /** The 7-day mean against the band; its edges are within. */
  readonly usual: BaselineReading<{ readonly usual: Usual }>;
  /** Mean resting heart rate, tenths of a beat per minute. */
  readonly resting7: BaselineReading<{ readonly deciBpm: number }>;
  readonly resting60: BaselineReading<{ readonly deciBpm: number }>;
  readonly practiceMinutes7: number;
  readonly practiceMinutes60: number;
}

/** @param days  any order, at most one a day; those after `today` or more than 59 days before it are not looked at */
export function baselineOf(days: readonly DaySummary[], today: number): Baseline {
  const week = days.filter((day) => day.dayNumber <= today && day.dayNumber > today - SHORT_DAYS);
  const long = days.filter((day) => day.dayNumber <= today && day.dayNumber > today - LONG_DAYS);
  const ln7 = present(week.map((day) => day.lnRmssdQ10));
  const ln60 = present(long.map((day) => day.lnRmssdQ10));
  return {
    lnRmssd7: reading(ln7, (values) => ({ meanQ10: meanNearest(values, 1) })),
    lnRmssd60: reading(ln60, (values) => {
      const meanQ10 = meanNearest(values, 1);
      const sdQ10 = deviation(values);
      const half = (sdQ10 + 1) >> 1; // rounded up: what is doubtful counts as usual
      return { meanQ10, sdQ10, bandLowQ10: meanQ10 - half, bandHighQ10: meanQ10 + half };
    }),
    usual: ln7.length < DAYS_MIN ? tooFew(ln7) : reading(ln60, (values) => ({ usual: compare(ln7, values) })),
    resting7: reading(present(week.map((day) => day.restingBpm)), (values) => ({ deciBpm: meanNearest(values, 10) })),
    resting60: reading(present(long.map((day) => day.restingBpm)), (values) => ({ deciBpm: meanNearest(values, 10) })),
    practiceMinutes7: sum(week.map((day) => day.practiceMinutes)),
    practiceMinutes60: sum(long.map((day) => day.practiceMinutes)),
  };
}

function compare(week: readonly number[], long: readonly number[]): Usual {
  const half = (deviation(long) + 1) >> 1;
  const difference = meanNearest(week, 1) - meanNearest(long, 1);
  if (difference < -half) return Usual.Below;
  return difference > half ? Usual.Above : Usual.Within;
}

function reading<Value>(values: readonly number[], make: (values: readonly number[]) => Value): BaselineReading<Value> {
  return values.length < DAYS_MIN ? tooFew(values) : { ok: true, days: values.length, ...make(values) };
}

function tooFew(values: readonly number[]): { ok: false; reason: "tooFewDays"; days: number; daysMin: number } {
  return { ok: false, reason: "tooFewDays", days: values.length, daysMin: DAYS_MIN };
}

function present(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** `times` the mean, to the nearest, halves up. Values are not negative. */
function meanNearest(values: readonly number[], times: number): number {
  return Math.floor((2 * times * sum(values) + values.length) / (2 * values.length));
}

/** Standard deviation with n - 1, to the nearest. n·Σx² - (Σx)² is below 60² · 2^32, so it is exact. */
function deviation(values: readonly number[]): number {
  const n = values.length;
  const total = sum(values);
  const scatter = n * sum(values.map((value) => value * value)) - total * total;
  return rootNearest(Math.floor(scatter / (n * (n - 1))));
}

/** The square root of 0 .. 2^33, to the nearest; by bits, since Math.sqrt may differ between engines. */
function rootNearest(square: number): number {
  let root = 0;
  for (let bit = 1 << 16; bit > 0; bit >>= 1) if ((root + bit) * (root + bit) <= square) root += bit;
  return square - root * root > root ? root + 1 : root;
}
