/** Bounds of guided breathing, refused here for every way in: page, BLE, settings, programs (physiology 4). */
export const BREATH_LIMITS = Object.freeze({
  rateCentiPerMinMin: 400,
  rateCentiPerMinMax: 1_000,
  exhaleMsMax: 9_000,
  holdMsMax: 4_000,
  /** Share of the moving time spent inhaling: 1:4 to 3:2. */
  inhalePermilleMin: 200,
  inhalePermilleMax: 600,
} as const);

/** The same bounds, each perhaps tighter: in supervised mode. */
export type BreathLimits = { readonly [name in keyof typeof BREATH_LIMITS]: number };

/** What a person or a program asks for. */
export interface PaceRequest {
  /** Hundredths of a breath per minute: 600 is 6.00. */
  readonly rateCentiPerMin: number;
  /** Inhaling in thousandths of the time that is not held: 400 is 40:60. */
  readonly inhalePermille: number;
  readonly holdFullMs?: number;
  readonly holdEmptyMs?: number;
  /** A slide: each whole breath is this much longer than the one before, µs, for `breaths` breaths. */
  readonly stepUs?: number;
  readonly breaths?: number;
}

/** 6 per minute, 4 s in and 6 s out, no holds. */
export const DEFAULT_PACE: PaceRequest = Object.freeze({ rateCentiPerMin: 600, inhalePermille: 400 });

/** A breath that is within the bounds; only `planBreath` makes one. The four parts add up to the period. */
export interface BreathPlan {
  readonly periodUs: number;
  readonly inhaleUs: number;
  readonly holdFullUs: number;
  readonly exhaleUs: number;
  readonly holdEmptyUs: number;
  /** Added to the period after each breath, `steps` times; 0 but in a slide. */
  readonly stepUs: number;
  readonly steps: number;
}

export type PaceRefusal =
  | "rateTooSlow"
  | "rateTooFast"
  | "ratioOutOfRange"
  | "holdTooLong"
  | "exhaleTooLong"
  | "holdsLeaveNoBreath"
  | "notWhole";

export type PlannedBreath =
  | { readonly ok: true; readonly plan: BreathPlan }
  | { readonly ok: false; readonly reason: PaceRefusal };

/** Moving air takes at least this long in and out together: holds cannot eat up the breath. */
const MOVING_MS_MIN = 3_000;
const MINUTE_CENTI_US = 6_000_000_000;

/** A plan within the limits, or the reason why there is none. A slide must be within them to its last breath. */
export function planBreath(request: PaceRequest, limits: BreathLimits = BREATH_LIMITS): PlannedBreath {
  const { rateCentiPerMin, inhalePermille, holdFullMs = 0, holdEmptyMs = 0, stepUs = 0, breaths = 1 } = request;
  const inputs = [rateCentiPerMin, inhalePermille, holdFullMs, holdEmptyMs, stepUs, breaths];
  if (!inputs.every(Number.isSafeInteger) || holdFullMs < 0 || holdEmptyMs < 0 || breaths < 1)
    return refuse("notWhole");
  if (rateCentiPerMin < limits.rateCentiPerMinMin) return refuse("rateTooSlow");
  if (rateCentiPerMin > limits.rateCentiPerMinMax) return refuse("rateTooFast");
  if (inhalePermille < limits.inhalePermilleMin || inhalePermille > limits.inhalePermilleMax)
    return refuse("ratioOutOfRange");
  if (holdFullMs > limits.holdMsMax || holdEmptyMs > limits.holdMsMax) return refuse("holdTooLong");

  const periodUs = Math.round(MINUTE_CENTI_US / rateCentiPerMin);
  const lastUs = periodUs + (breaths - 1) * stepUs;
  if (lastUs > Math.ceil(MINUTE_CENTI_US / limits.rateCentiPerMinMin)) return refuse("rateTooSlow");
  if (lastUs < Math.floor(MINUTE_CENTI_US / limits.rateCentiPerMinMax)) return refuse("rateTooFast");
  const movingUs = periodUs - (holdFullMs + holdEmptyMs) * 1000;
  const stretch = Math.max(1, lastUs / periodUs);
  if (Math.max(holdFullMs, holdEmptyMs) * stretch > limits.holdMsMax) return refuse("holdTooLong");
  if (movingUs < MOVING_MS_MIN * 1000) return refuse("holdsLeaveNoBreath");
  const inhaleUs = Math.round((movingUs * inhalePermille) / 1000);
  const exhaleUs = movingUs - inhaleUs;
  if (exhaleUs * stretch > limits.exhaleMsMax * 1000) return refuse("exhaleTooLong");
  const holdFullUs = holdFullMs * 1000;
  const plan = {
    periodUs,
    inhaleUs,
    holdFullUs,
    exhaleUs,
    holdEmptyUs: holdEmptyMs * 1000,
    stepUs,
    steps: breaths - 1,
  };
  return { ok: true, plan };
}

const refuse = (reason: PaceRefusal): PlannedBreath => ({ ok: false, reason });
