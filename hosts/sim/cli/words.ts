// The observer's numbers in words, for the terminal and the JSON lines.
import { HeartRateAbsence } from "hrv/heart-rate";
import { ContactReason, ContactState } from "ppg/contact";
import { PROGRAMS, type ProgramName } from "session/programs";
import { SESSION_STATES, type SessionState } from "session/session-table";

const absences: Readonly<Record<HeartRateAbsence, string>> = {
  [HeartRateAbsence.None]: "",
  [HeartRateAbsence.NotWorn]: "not worn",
  [HeartRateAbsence.Settling]: "settling",
  [HeartRateAbsence.Unsure]: "the beats cannot be trusted: keep still, check the strap",
  [HeartRateAbsence.NoPulse]: "no pulse felt",
};

/** Why there is no heart rate. */
export const absenceWords = (absence: number): string => absences[absence as HeartRateAbsence]; // as the observer passes it

const contactStates: Readonly<Record<ContactState, string>> = {
  [ContactState.NotWorn]: "not worn",
  [ContactState.Candidate]: "on something",
  [ContactState.Worn]: "worn",
};

const contactReasons: Readonly<Record<ContactReason, string | null>> = {
  [ContactReason.None]: null,
  [ContactReason.Dark]: "nothing near the sensor",
  [ContactReason.Desk]: "less light than from skin",
  [ContactReason.Lamp]: "light that is not the band's own",
  [ContactReason.Pulseless]: "light as from skin, and no pulse in it",
  [ContactReason.Settling]: "looking for a pulse",
  [ContactReason.PulseLost]: "the pulse is lost",
  [ContactReason.Flicker]: "a lamp's flicker",
  [ContactReason.NoSensor]: "the sensor does not answer",
};

/** On skin or not, and why not. The numbers are `ContactState` and `ContactReason`, as the observer passes them. */
export const contactWords = (state: number, reason: number): { state: string; reason: string | null } => ({
  state: contactStates[state as ContactState],
  reason: contactReasons[reason as ContactReason],
});

/** "Breathe, running, breathe" out of the observer's indices. */
export function sessionWords(state: number, program: number, phase: number): string {
  const name = SESSION_STATES[state] ?? "idle";
  const entry = Object.values(PROGRAMS)[program];
  if (name === "idle" || entry === undefined) return "idle";
  const id = entry.phases[phase]?.id;
  return `${entry.title}, ${name}${id === undefined ? "" : `, ${id}`}`;
}

/** The same by the names of the tables, for who looks them up. */
export function sessionNames(
  state: number,
  program: number,
  phase: number,
): { step: SessionState; program: ProgramName | null; phase: string | null } {
  const name = (Object.keys(PROGRAMS) as ProgramName[])[program]; // its own keys
  const step = SESSION_STATES[state] ?? "idle";
  if (step === "idle" || name === undefined) return { step, program: null, phase: null };
  return { step, program: name, phase: PROGRAMS[name].phases[phase]?.id ?? null };
}
