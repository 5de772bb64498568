/**
 * What the page says around sessions. Wording of physiology 7.1: a practice aid, nothing medical, no promise.
 * Answers to the screening stay with the wearer: the band keeps that it was read, and whether anything was ticked.
 */
export const FRAME =
  "A breathing and awareness practice aid. It estimates your heart rhythm pattern. " +
  "It is not a medical device; it does not diagnose, treat or prevent any condition.";

/** Before first use: tick what applies to you (physiology 7.2). */
export const SCREENING = Object.freeze([
  "a recent trauma, or one that still weighs on you",
  "hearing or seeing what others do not, or times of unusual high, now or in the past",
  "great distress at present, or thoughts of ending your life",
  "feeling cut off from your body or surroundings",
  "sudden attacks of panic",
  "a heart disease, an irregular heartbeat, a pacemaker, fainting",
  "very low blood pressure, or a medicine for blood pressure",
  "seizures",
  "severe asthma or another severe disease of the lungs",
  "a pregnancy",
  "being under 16",
  "a disease of the nerves or the skin where the band sits",
] as const);

/** If anything is ticked. */
export const SCREENING_ADVICE =
  "Please talk to a clinician before you practise with the band, or use it only in their supervised mode. " +
  "In a pregnancy leave out any holding of the breath.";

export const NEVER_WHILE =
  "Never while driving, swimming, in water, operating machines, feeling faint, or whenever you must stay alert.";

/** The number is the wearer's own setting. */
export const CRISIS =
  "If you are in acute distress: stop, put both feet on the ground, look around, and call your emergency number.";

/** Read once, before the first session; the line on soft breathing is that of every paced phase. */
export const FIRST_SESSION = Object.freeze([
  "Sit comfortably. Your eyes may stay open, and you may move whenever you like.",
  "Breathe softly and naturally, not deeply. If you feel light-headed, breathe as you like, or stop.",
  "You may feel the band instead of the breath.",
  "Press and hold the button to stop everything, at any time, from anywhere. Nobody asks why.",
  "Press twice if you are not OK: the band then ticks slowly five times. Open your eyes and name five things.",
  "There is no score in the first three sessions. There is nothing to achieve.",
] as const);
