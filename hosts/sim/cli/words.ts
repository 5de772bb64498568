import { BeatVerdict } from "hrv/beat";

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
export const absenceWords = (n: number): string => `absence ${n}`;
export const contactWords = (state: number, reason: number): { state: string; reason: string } => ({
  state: `c${state}`,
  reason: `${reason}`,
});
export const sessionWords = (a: number, b: number, c: number): string => `${a} ${b} ${c}`;
