// The observer's numbers in words, for the terminal and the JSON lines.
import { BeatVerdict } from "hrv/beat";
import { HeartRateAbsence } from "hrv/heart-rate";
import { PROGRAMS } from "session/programs";
import { SESSION_STATES } from "session/session-table";

const verdicts: Readonly<Record<BeatVerdict, string>> = {
  [BeatVerdict.Accepted]: "accepted",
  [BeatVerdict.FirstAfterGap]: "first",
  [BeatVerdict.TooShort]: "too short",
  [BeatVerdict.TooLong]: "too long",
  [BeatVerdict.Unlike]: "unlike",
  [BeatVerdict.MotorOverlap]: "motor",
  [BeatVerdict.Ectopic]: "ectopic",
  [BeatVerdict.Noisy]: "noisy",
};

/** Whether a beat's interval counts, or why not. */
export const verdictWords = (verdict: number): string => verdicts[verdict as BeatVerdict]; // as the observer passes it

const absences: Readonly<Record<HeartRateAbsence, string>> = {
  [HeartRateAbsence.None]: "",
  [HeartRateAbsence.NotWorn]: "not worn",
  [HeartRateAbsence.Settling]: "settling",
  [HeartRateAbsence.Unsure]: "the beats cannot be trusted: keep still, check the strap",
  [HeartRateAbsence.NoPulse]: "no pulse felt",
};

/** Why there is no heart rate. */
export const absenceWords = (absence: number): string => absences[absence as HeartRateAbsence]; // as above

/** On skin or not, and why not. */
export const contactWords = (state: number, reason: number): { state: string; reason: string | null } => ({
  state: state === 1 ? "worn" : "not worn",
  reason: reason === 0 ? null : String(reason),
});

/** "Breathe, running, breathe" out of the observer's indices. */
export function sessionWords(state: number, program: number, phase: number): string {
  const name = SESSION_STATES[state] ?? "idle";
  const entry = Object.values(PROGRAMS)[program];
  if (name === "idle" || entry === undefined) return "idle";
  const id = entry.phases[phase]?.id;
  return `${entry.title}, ${name}${id === undefined ? "" : `, ${id}`}`;
}
