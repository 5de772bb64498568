import type { PacedBreath } from "./messages.js";

export interface PacerNow {
  readonly part: "in" | "out";
  /** How full the lungs are meant to be, 0 .. 1. */
  readonly fullness: number;
  /** Until the breath turns, ms. */
  readonly leftMs: number;
}

/** A half cosine: slow where the breath turns. */
const eased = (share: number): number => 0.5 - 0.5 * Math.cos(Math.PI * share);

/**
 * Where the led breath is. Breaths are told up to a second after they begin, so the last one is taken to repeat itself
 * once; before the first and long after the last there is none.
 */
export function pacerAt(paced: readonly PacedBreath[], atMs: number): PacerNow | undefined {
  let breath: PacedBreath | undefined;
  for (let i = paced.length - 1; i >= 0 && breath === undefined; i--) if (paced[i]!.startMs <= atMs) breath = paced[i];
  if (breath === undefined || atMs - breath.startMs >= 1.25 * breath.periodMs) return undefined;
  const { startMs, inhaleMs, periodMs } = breath;
  const intoMs = (atMs - startMs) % periodMs;
  return intoMs < inhaleMs
    ? { part: "in", fullness: eased(intoMs / inhaleMs), leftMs: inhaleMs - intoMs }
    : { part: "out", fullness: eased(1 - (intoMs - inhaleMs) / (periodMs - inhaleMs)), leftMs: periodMs - intoMs };
}
