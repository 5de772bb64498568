import { BeatVerdict } from "hrv/beat";
import { HeartRateAbsence } from "hrv/heart-rate";
import { PROGRAMS } from "session/programs";
import { SESSION_STATES } from "session/session-table";

/** Verdicts as the terminal and the JSON lines name them. */
export const verdictWords: Readonly<Record<BeatVerdict, string>> = {
  [BeatVerdict.Accepted]: "accepted",
  [BeatVerdict.FirstAfterGap]: "first",
  [BeatVerdict.TooShort]: "too short",
  [BeatVerdict.TooLong]: "too long",
  [BeatVerdict.Unlike]: "unlike",
  [BeatVerdict.MotorOverlap]: "motor",
  [BeatVerdict.Ectopic]: "ectopic",
  [BeatVerdict.Noisy]: "noisy",
};

const absences: Readonly<Record<HeartRateAbsence, string>> = {
  [HeartRateAbsence.None]: "",
  [HeartRateAbsence.NotWorn]: "not worn",
  [HeartRateAbsence.Settling]: "settling",
  [HeartRateAbsence.Unsure]: "the beats cannot be trusted: keep still, check the strap",
  [HeartRateAbsence.NoPulse]: "no pulse felt",
};
/** Why there is no heart rate. The number is `HeartRateAbsence`, as the observer passes it. */
export const absenceWords = (absence: number): string => absences[absence as HeartRateAbsence];

export const contactWords = (state: number, reason: number): { state: string; reason: string } => ({
  state: state === 1 ? "worn" : "not worn",
  reason: `${reason}`,
});

/** "breathe, breath 1 of 3: …" out of the observer's indices. */
export function sessionWords(state: number, program: number, phase: number): string {
  const name = SESSION_STATES[state] ?? "idle";
  const entry = Object.values(PROGRAMS)[program];
  if (name === "idle" || entry === undefined) return "idle";
  const id = entry.phases[phase]?.id;
  return `${entry.title}, ${name}${id === undefined ? "" : `, ${id}`}`;
}
