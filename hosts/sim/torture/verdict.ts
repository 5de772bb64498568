/** What a run can break. */
export type Invariant =
  | "no uncaught exception"
  | "no misuse of a part"
  | "motor within its limits"
  | "motor silent when it must be"
  | "a stop gesture stops"
  | "no number without warrant"
  | "no interval twice or out of order"
  | "log intact"
  | "memory below its limit"
  | "recovered in time";

export interface Failure {
  readonly invariant: Invariant;
  readonly what: string;
  readonly atMs: number;
}

/** Counts of a run, to be summed over runs. */
export interface Figures {
  runs: number;
  hours: number;
  /** Seconds with a rate, and of these the ones whose rate no pulse of the wearer gave; with a still wearer or not. */
  rateSeconds: number;
  rateWrong: number;
  rateSecondsStill: number;
  rateWrongStill: number;
  /** Accepted intervals, and those that are no interval of the wearer's. */
  intervals: number;
  intervalsWrong: number;
  intervalsStill: number;
  intervalsWrongStill: number;
  faults: number;
  gestures: number;
  sessions: number;
  resets: number;
  packets: number;
  motorSeconds: number;
  logChecks: number;
  /** Largest over the runs. */
  arenaPeakBytes: number;
  stackPeakSlots: number;
  recoveryMsMax: number;
  stopMsMax: number;
}

export const newFigures = (): Figures => ({
  runs: 0,
  hours: 0,
  rateSeconds: 0,
  rateWrong: 0,
  rateSecondsStill: 0,
  rateWrongStill: 0,
  intervals: 0,
  intervalsWrong: 0,
  intervalsStill: 0,
  intervalsWrongStill: 0,
  faults: 0,
  gestures: 0,
  sessions: 0,
  resets: 0,
  packets: 0,
  motorSeconds: 0,
  logChecks: 0,
  arenaPeakBytes: 0,
  stackPeakSlots: 0,
  recoveryMsMax: 0,
  stopMsMax: 0,
});

const LARGEST: readonly (keyof Figures)[] = ["arenaPeakBytes", "stackPeakSlots", "recoveryMsMax", "stopMsMax"];

export function addFigures(sum: Figures, one: Readonly<Figures>): void {
  for (const key of Object.keys(sum) as (keyof Figures)[]) // its own keys
    sum[key] = LARGEST.includes(key) ? Math.max(sum[key], one[key]) : sum[key] + one[key];
}

/** Thrown by nobody, told by `fail`: the first failure ends a run. */
export type Fail = (invariant: Invariant, what: string) => void;

/** A figure that may be above 0, and how far. */
export interface Bound {
  readonly says: string;
  readonly wrong: number;
  readonly of: number;
  readonly shareMax: number;
}

/**
 * Numbers that were not the wearer's, over all that were told. "Still" is a wearer who keeps still, with no fault of
 * sensor or light for 15 s.
 */
export const boundsOf = (figures: Figures): readonly Bound[] => [
  {
    says: "seconds with a wrong rate, wearer still",
    wrong: figures.rateWrongStill,
    of: figures.rateSecondsStill,
    shareMax: 0.01,
  },
  { says: "seconds with a wrong rate, all", wrong: figures.rateWrong, of: figures.rateSeconds, shareMax: 0.025 },
  {
    says: "wrong intervals, wearer still",
    wrong: figures.intervalsWrongStill,
    of: figures.intervalsStill,
    shareMax: 0.01,
  },
  { says: "wrong intervals, all", wrong: figures.intervalsWrong, of: figures.intervals, shareMax: 0.025 },
];
