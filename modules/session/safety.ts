/** Longest sessions, from the first phase on, pauses included (physiology 7.3). */
export const SESSION_CAPS = Object.freeze({
  session: { capMs: 20 * 60_000, weekOneCapMs: 5 * 60_000 },
  /** Find my pace: with its rests; in the first week the short form, whose paced time stays below 5 min. */
  assessment: { capMs: 25 * 60_000, weekOneCapMs: 6 * 60_000 },
} as const);

export const SESSIONS_A_DAY_MAX = 4;
