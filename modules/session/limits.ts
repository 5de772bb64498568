import { frozen } from "base/frozen";
import { BREATH_LIMITS } from "haptics/breath-plan";

/** One number that keeps the wearer safe. Without a supervisor `usual` holds. */
export interface Limit {
  readonly unit: "bpm" | "%" | "ms" | "a day" | "1/100 per minute" | "1/1000";
  readonly usual: number;
  /** Hard bounds: nobody sets it beyond them. `strictest` keeps it from being made senseless. */
  readonly loosest: number;
  readonly strictest: number;
  readonly says: string;
}

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A limit whose usual value is its hard bound. */
const bound = (unit: Limit["unit"], usual: number, strictest: number, says: string): Limit => ({
  unit,
  usual,
  loosest: usual,
  strictest,
  says,
});

/** Proposed engineering values of physiology 7.3: none was found published. */
export const LIMITS = frozen({
  heartAboveRestBpm: bound("bpm", 30, 10, "heart rate above the resting rate"),
  heartOfAgePercent: bound("%", 85, 50, "heart rate as a share of 220 less the age"),
  heartHighForMs: bound("ms", 60 * SECOND, 10 * SECOND, "a heart rate that high"),
  /** A trained heart may have a floor of its own. */
  heartFloorBpm: { unit: "bpm", usual: 40, loosest: 35, strictest: 60, says: "lowest heart rate" },
  heartLowForMs: bound("ms", 30 * SECOND, 10 * SECOND, "a heart rate that low"),
  heartClimbBpm: bound("bpm", 10, 5, "climb of the heart rate while the breath is paced"),
  irregularPercent: bound("%", 10, 2, "share of irregular beats"),
  irregularForMs: bound("ms", 15 * SECOND, 5 * SECOND, "so many irregular beats"),
  sensorLostMs: bound("ms", 10 * SECOND, 3 * SECOND, "no pulse"),
  sessionMs: bound("ms", 20 * MINUTE, MINUTE, "longest session"),
  sessionWeekOneMs: bound("ms", 5 * MINUTE, MINUTE, "longest session in the first week"),
  /** Find my pace with its rests; in the first week the short form, whose paced time stays below 5 minutes. */
  assessmentMs: bound("ms", 25 * MINUTE, MINUTE, "longest assessment"),
  assessmentWeekOneMs: bound("ms", 6 * MINUTE, MINUTE, "longest assessment in the first week"),
  pauseMs: bound("ms", 5 * MINUTE, 10 * SECOND, "longest pause"),
  sessionsADay: bound("a day", 4, 1, "sessions"),
  /** Longer is stricter. */
  restMs: bound("ms", 30 * MINUTE, 24 * HOUR, "no invitations after \u201cnot OK\u201d"),
  nudgesADay: bound("a day", 3, 0, "nudges in any 24 hours"),
  nudgeApartMs: bound("ms", 90 * MINUTE, 24 * HOUR, "between two nudges"),
  rateCentiPerMinMin: bound("1/100 per minute", BREATH_LIMITS.rateCentiPerMinMin, 600, "slowest breathing"),
  rateCentiPerMinMax: bound("1/100 per minute", BREATH_LIMITS.rateCentiPerMinMax, 600, "fastest breathing"),
  exhaleMsMax: bound("ms", BREATH_LIMITS.exhaleMsMax, 6 * SECOND, "longest breath out"),
  holdMsMax: bound("ms", BREATH_LIMITS.holdMsMax, 0, "longest hold"),
  inhalePermilleMin: bound("1/1000", BREATH_LIMITS.inhalePermilleMin, 400, "smallest share of breathing in"),
  inhalePermilleMax: bound("1/1000", BREATH_LIMITS.inhalePermilleMax, 400, "largest share of breathing in"),
} as const satisfies Record<string, Limit>);

export type LimitName = keyof typeof LIMITS;

declare const checked: unique symbol;
/** A value for every limit, each within its hard bounds: only `supervise` makes them. */
export type SafetyLimits = { readonly [name in LimitName]: number } & { readonly [checked]: true };

export type LimitRefusal = "unknown" | "notWhole" | "tooLoose" | "tooStrict";
export type Supervised =
  | { readonly ok: true; readonly limits: SafetyLimits }
  | { readonly ok: false; readonly limit: string; readonly reason: LimitRefusal };

const names = Object.freeze(Object.keys(LIMITS)) as readonly LimitName[]; // its keys are its names

/**
 * Supervised mode: what a clinician asks for, all of it or nothing. Values that are not named are the usual ones, so
 * that what was tightened before can be taken back, but never beyond the hard bound.
 * @param wished  limits by name, from outside: nothing about them is trusted
 */
export function supervise(wished: Readonly<Record<string, unknown>>): Supervised {
  for (const name of Object.keys(wished)) {
    const limit: Limit | undefined = names.includes(name as LimitName) ? LIMITS[name as LimitName] : undefined; // asked
    const reason = limit === undefined ? "unknown" : refusal(limit, wished[name]);
    if (reason !== undefined) return { ok: false, limit: name, reason };
  }
  const values = Object.fromEntries(names.map((name) => [name, wished[name] ?? LIMITS[name].usual]));
  return { ok: true, limits: Object.freeze(values) as SafetyLimits }; // every name has a number that was checked above
}

function refusal({ loosest, strictest }: Limit, value: unknown): LimitRefusal | undefined {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return "notWhole";
  const isLowerStricter = strictest < loosest;
  if (isLowerStricter ? value > loosest : value < loosest) return "tooLoose";
  return (isLowerStricter ? value < strictest : value > strictest) ? "tooStrict" : undefined;
}

/** What holds without a supervisor. */
export function usualLimits(): SafetyLimits {
  const supervised = supervise({});
  if (!supervised.ok) throw new RangeError("the usual limits are within their bounds"); // a test sees to it
  return supervised.limits;
}

/** How long a session of this kind may last, from its first phase on, pauses included. */
export function capMs(limits: SafetyLimits, cap: "session" | "assessment", isWeekOne: boolean): number {
  if (cap === "session") return isWeekOne ? limits.sessionWeekOneMs : limits.sessionMs;
  return isWeekOne ? limits.assessmentWeekOneMs : limits.assessmentMs;
}
