/**
 * A number with its warrant, or the reason why there is none. A reading is one object, refilled: copy what you keep.
 * `absence` says which it is; TypeScript lets the number be read only where `absence` was found to be `None`.
 */
export const enum Absence {
  None = 0,
  /** The series does not reach back far enough yet. */
  TooShort = 1,
  /** Long enough, but too few clean intervals, differences or breaths in it. */
  TooFew = 2,
  /** Clean intervals cover too little of the window. */
  LowCoverage = 3,
  /** One hole in the window is too long to be drawn across. */
  LongGap = 4,
  /** The intervals vary less than the arithmetic resolves: a ratio of nothing to nothing. */
  NoVariation = 5,
  /** No peak stands out from its surroundings. */
  NoPeak = 6,
  /** The strongest value lies at the end of what was looked at: the true maximum may be beyond. */
  AtEdge = 7,
  /** The heart beats too slowly to show a breath this fast: half the beat rate is in the way. */
  AboveBeatNyquist = 8,
  /** The heart rate was not raised to begin with: there is nothing to recover from. */
  NotElevated = 9,
  /** The data do not follow the curve, or do not pin it down. */
  PoorFit = 10,
  /** Breath and heart did not keep step. */
  NotFollowing = 11,
}

/** Why each number may be believed. */
export interface Warrant {
  /** Share of the window that clean intervals cover, rounded down. */
  readonly coveragePercent: number;
  /** The time that the number is made from, or was looked for in. */
  readonly windowMs: number;
}

export type Reading<Value> =
  | (Warrant & { readonly absence: Absence.None } & Value)
  | (Warrant & { readonly absence: Exclude<Absence, Absence.None> });

/** What a reading is made of inside the module that fills it: every field is there, whether it may be read or not. */
export class Slot {
  absence: Absence = Absence.TooShort;
  coveragePercent = 0;
  windowMs = 0;

  /** Says why there is no number; a number that was there before can no longer be reached. */
  deny(reason: Exclude<Absence, Absence.None>, coveragePercent: number, windowMs: number): void {
    this.absence = reason;
    this.coveragePercent = coveragePercent;
    this.windowMs = windowMs;
  }

  /** Says what stands behind the number that was just written. */
  vouch(coveragePercent: number, windowMs: number): void {
    this.absence = Absence.None;
    this.coveragePercent = coveragePercent;
    this.windowMs = windowMs;
  }
}
