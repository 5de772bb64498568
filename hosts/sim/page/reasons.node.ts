import { Absence } from "hrv/reading";
import type { Reading, ReadingName } from "../../../web/messages.js";

type Absent = Extract<Reading, { readonly value: null }>;

/** What each number takes before it can be said. */
const TAKES: Readonly<Record<ReadingName, string>> = {
  heartRate: "it takes some four seconds of clean beats",
  rmssd: "it takes 30 seconds of clean beats, and a minute to be worth comparing",
  breath: "it takes 64 seconds of clean beats",
  rhythm: "it takes three breaths that the motor leads",
  coherence: "it takes 64 seconds of clean beats",
};

const KEEP_STILL = "keep still, and see that the strap sits snugly";

/** In plain words: why the arithmetic gives no number, and what would help. */
const WORDS: Readonly<Record<Exclude<Absence, Absence.None>, readonly [reason: string, remedy: string | undefined]>> = {
  [Absence.TooShort]: ["the band has not listened long enough", undefined],
  [Absence.TooFew]: ["too few beats are clean", KEEP_STILL],
  [Absence.LowCoverage]: ["too many beats do not count", KEEP_STILL],
  [Absence.LongGap]: [
    "there is a gap in the beats that is too long to draw across",
    "it passes out of the window by itself",
  ],
  [Absence.NoVariation]: ["the intervals are all alike", "a ratio of nothing to nothing is no number"],
  [Absence.NoPeak]: ["no breath stands out in the heart's rhythm", "breathe evenly for a minute"],
  [Absence.AtEdge]: ["the strongest rhythm lies at the edge of what is looked at", "the true one may lie beyond"],
  [Absence.AboveBeatNyquist]: ["the heart beats too slowly to show a breath this fast", "nothing is wrong"],
  [Absence.NotElevated]: ["the heart rate was not raised to begin with", "there is nothing to recover from"],
  [Absence.PoorFit]: ["the beats do not follow the curve", "another time"],
  [Absence.NotFollowing]: ["breath and heart do not keep step", "let the touch lead, softly"],
};

export function absentBy(name: ReadingName, absence: Exclude<Absence, Absence.None>): Absent {
  const [reason, remedy] = WORDS[absence];
  return { value: null, reason, remedy: remedy ?? TAKES[name] };
}

/** What helps where the firmware says no heart rate, by its words for the reason. */
const HEART_RATE_REMEDIES: Readonly<Record<string, string>> = {
  "not worn": "put the band on: the sensor wants skin with a pulse",
  settling: TAKES.heartRate,
  "the beats cannot be trusted: keep still, check the strap": "nothing is guessed meanwhile",
  "no pulse felt": "warm the hand, move the sensor a little, see to the strap",
};

export const noHeartRate = (reason: string): Absent => ({
  value: null,
  reason,
  remedy: HEART_RATE_REMEDIES[reason] ?? TAKES.heartRate,
});

export const NOT_PACED: Absent = {
  value: null,
  reason: "the motor leads no breath",
  remedy: "start a program that paces the breath",
};

/** The firmware judges each breath and says why not in the words of the log. */
export const noRhythm = (reason: string | null): Absent => ({
  value: null,
  reason: reason === null ? "no breath has been judged yet" : `the last breaths: ${reason}`,
  remedy: TAKES.rhythm,
});
