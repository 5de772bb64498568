/** What a run can break, and how it is looked at. */
export const INVARIANTS = [
  { name: "no uncaught exception", says: "no restart but those that a fault asks for; no abort, no hang" },
  { name: "no misuse of a part", says: "nothing that the sensor's or the flash's datasheet forbids" },
  {
    name: "motor within its limits",
    says: "2 s by one write, 20 s without a pause, stalls of the processor not counted",
  },
  {
    name: "motor silent when it must be",
    says: "from 200 ms after a finger comes down until it is known what it means; when idle; after a reset",
  },
  { name: "a stop gesture stops", says: "900 ms after a long press began no session goes on" },
  {
    name: "no number without warrant",
    says: "no 20 s in a row of a rate that no pulse of a still wearer gave, or that nobody did; shares below",
  },
  {
    name: "no interval twice or out of order",
    says: "told to observers, and heard by the phone: each once, in order, as long as the beats are apart",
  },
  {
    name: "log intact",
    says: "mounted again and again: what was in it is as it was, but for the oldest block; every whole record decodes",
  },
  {
    name: "memory below its limit",
    says: "8 KB of the arena stay free; live heap when idle grows by 3 KB at most in a boot",
  },
  {
    name: "recovered in time",
    says: "in the calm, a right rate and a phone that hears it, in time, and for 80 % of it",
  },
] as const;

export type Invariant = (typeof INVARIANTS)[number]["name"];

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
  /** Accepted intervals while worn, and those that are no interval of the wearer's. */
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
