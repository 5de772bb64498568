import { frozen } from "base/frozen";
import type { PaceRequest } from "haptics/breath-plan";
import type { CueName } from "haptics/cues";
import type { GuideStyleName } from "haptics/styles";

/** What the results of a phase are for; the measuring modules start and stop with it. */
export type Measure = "nothing" | "follow" | "baseline" | "load" | "recovery" | "resonance";

/**
 * What a short press does: end the session, go on to the next phase, answer with the number of ticks felt so far, or say
 * that something was felt.
 */
export type PressMeaning = "end" | "next" | "answer" | "felt";

/** One stretch of a program. */
export interface Phase {
  readonly id: string;
  /** A paced phase goes on to the end of the breath that is due at this time. */
  readonly durationMs: number;
  /** A press of the meaning "next" counts from here on; earlier ones are ignored. */
  readonly pressFromMs?: number;
  /** `personal` is the wearer's own rate and ratio, 6.00 and 40:60 until there is one. */
  readonly pace: "none" | "personal" | PaceRequest;
  /** How the pace is felt; `own` is the wearer's choice. */
  readonly style: "own" | "silent" | "count" | "trial" | GuideStyleName;
  readonly cue?: CueName;
  readonly measures: Measure;
  readonly press: PressMeaning;
  /** Body regions can be skipped; some are unless the wearer asks for them. */
  readonly region?: string;
  readonly isOffByDefault?: boolean;
  /** The length can be chosen between these. */
  readonly chosenMsMin?: number;
  readonly chosenMsMax?: number;
  /** For the page and the docs. */
  readonly says: string;
}

export interface Program {
  readonly title: string;
  readonly says: string;
  readonly phases: readonly Phase[];
  /** Which cap of the safety table holds. */
  readonly cap: "session" | "assessment";
  /** What is found at its end, by whoever was handed in for it. */
  readonly finds?: "recovery" | "pace";
  /** Not offered in the first week of use. */
  readonly isAfterWeekOne: boolean;
}

/** Every session's first words: over-breathing is the one real side effect of slow breathing (physiology 4). */
export const SOFTLY = "Breathe softly and naturally, not deeply.";

const SECOND = 1_000;
const MINUTE = 60_000;

const silent = { pace: "none", style: "silent", press: "end" } as const;

const checkIn = (id: string, says: string): Phase => ({
  ...silent,
  id,
  durationMs: 12 * SECOND,
  style: "count",
  measures: "nothing",
  press: "answer",
  says,
});

const breathe = (id: string, durationMs: number, pace: Phase["pace"], measures: Measure, says: string): Phase => ({
  id,
  durationMs,
  pace,
  style: "own",
  measures,
  press: "end",
  says,
});

const chosenLength = { chosenMsMin: 3 * MINUTE, chosenMsMax: 19 * MINUTE } as const;

/** Stepped protocol (Lehrer and Vaschillo; Shaffer and Meehan 2020): five rates, rests between, I:E as the wearer's. */
const step = (rateCentiPerMin: number, durationMs: number): Phase =>
  breathe(
    `step${rateCentiPerMin}`,
    durationMs,
    { rateCentiPerMin, inhalePermille: 400 },
    "resonance",
    `Follow ${(rateCentiPerMin / 100).toFixed(1)} breaths per minute. ${SOFTLY}`,
  );
const rest = (id: string, durationMs: number): Phase => ({
  ...silent,
  id,
  durationMs,
  cue: "zone",
  measures: "nothing",
  says: "Rest: breathe as you like.",
});

const scan = (region: string, says: string, isOffByDefault = false): Phase => ({
  ...silent,
  id: region,
  durationMs: 30 * SECOND,
  cue: "zone",
  measures: "nothing",
  region,
  isOffByDefault,
  says,
});

const trial = (id: string, seconds: number, says: string): Phase => ({
  ...silent,
  id,
  durationMs: seconds * SECOND,
  style: "trial",
  cue: "zone",
  measures: "nothing",
  press: "felt",
  says,
});

/** Tense 5 .. 7 s, release 30 .. 40 s, breathing on normally (physiology 7.4). */
const tense = (region: string, says: string): readonly Phase[] => [
  {
    ...silent,
    id: `${region}Tense`,
    durationMs: 6 * SECOND,
    cue: "tense",
    measures: "nothing",
    region,
    says: `${says} Keep breathing.`,
  },
  {
    ...silent,
    id: `${region}Release`,
    durationMs: 34 * SECOND,
    cue: "release",
    measures: "nothing",
    region,
    says: "Let go all at once and feel the difference.",
  },
];

/** All programs. Adding one is adding data here, and a test. */
export const PROGRAMS = frozen({
  breathe: {
    title: "Breathe",
    says: "Resonance breathing at your own rate, or at 6 breaths per minute.",
    cap: "session",
    isAfterWeekOne: false,
    phases: [
      {
        ...breathe("breathe", 5 * MINUTE, "personal", "follow", `Let the touch lead your breath. ${SOFTLY}`),
        ...chosenLength,
      },
    ],
  },
  heart: {
    title: "Heart-centred breathing",
    says: "Breathing with your attention at the heart, with a short check-in before and after.",
    cap: "session",
    isAfterWeekOne: false,
    phases: [
      checkIn("before", "How are you, from one to five? Press at your number of ticks, or let it pass."),
      {
        ...breathe(
          "breathe",
          4 * MINUTE,
          "personal",
          "follow",
          `Rest your attention around your heart, or on the band. ${SOFTLY}`,
        ),
        ...chosenLength,
      },
      checkIn("after", "And now, from one to five?"),
    ],
  },
  findPace: {
    title: "Find my pace, in steps",
    says: "Five rates of two minutes with rests: which suits your heart best today?",
    cap: "assessment",
    finds: "pace",
    isAfterWeekOne: true,
    phases: [
      step(650, 2 * MINUTE),
      rest("rest1", 2 * MINUTE),
      step(600, 2 * MINUTE),
      rest("rest2", 2 * MINUTE),
      step(550, 2 * MINUTE),
      rest("rest3", 2 * MINUTE),
      step(500, 2 * MINUTE),
      rest("rest4", 2 * MINUTE),
      step(450, 2 * MINUTE),
    ],
  },
  findPaceShort: {
    title: "Find my pace, short",
    says: "Three rates of nine breaths with short rests: the form for the first week.",
    cap: "assessment",
    finds: "pace",
    isAfterWeekOne: false,
    phases: [
      step(600, 90 * SECOND),
      rest("rest1", 30 * SECOND),
      step(550, 98 * SECOND),
      rest("rest2", 30 * SECOND),
      step(500, 108 * SECOND),
    ],
  },
  findPaceSlide: {
    title: "Find my pace, sliding",
    says: "From 6.75 to 4.27 breaths per minute, each breath a little longer than the one before.",
    cap: "assessment",
    finds: "pace",
    isAfterWeekOne: true,
    phases: [
      // Fisher and Lehrer 2022: 6.75 per minute, + 67.04 ms after each whole breath, 1:1; 78 breaths are 894.7 s.
      breathe(
        "slide",
        894_654,
        { rateCentiPerMin: 675, inhalePermille: 500, stepUs: 67_040, breaths: 78 },
        "resonance",
        `Follow the touch as it slows down. ${SOFTLY}`,
      ),
    ],
  },
  bodyScan: {
    title: "Body scan",
    says: "Your attention travels through the body; a tick tells when to move on. Any part can be left out.",
    cap: "session",
    isAfterWeekOne: false,
    phases: [
      scan("feet", "Feel your feet."),
      scan("legs", "Feel your legs."),
      scan("pelvis", "Feel your pelvis.", true),
      scan("belly", "Feel your belly."),
      scan("chest", "Feel your chest.", true),
      scan("back", "Feel your back."),
      scan("hands", "Feel your hands."),
      scan("arms", "Feel your arms."),
      scan("shoulders", "Feel your shoulders."),
      scan("throat", "Feel your throat.", true),
      scan("face", "Feel your face."),
      scan("whole", "Feel all of your body at once, or only the band."),
    ],
  },
  relax: {
    title: "Muscle relaxation",
    says: "Tense a group of muscles for a moment, let go, and feel the difference.",
    cap: "session",
    isAfterWeekOne: false,
    phases: [
      ...tense("hands", "Make fists."),
      ...tense("arms", "Bend your arms and tense them."),
      ...tense("face", "Screw up your face."),
      ...tense("shoulders", "Lift your shoulders to your ears."),
      ...tense("belly", "Tense your belly."),
      ...tense("thighs", "Tense your thighs."),
      ...tense("feet", "Curl your toes."),
    ],
  },
  recover: {
    title: "Stress and recovery",
    says: "A short load of your own choice, then the way back: how long does your heart take?",
    cap: "session",
    finds: "recovery",
    isAfterWeekOne: true,
    phases: [
      { ...silent, id: "settle", durationMs: MINUTE, measures: "nothing", says: "Sit still and settle." },
      { ...silent, id: "baseline", durationMs: 2 * MINUTE, measures: "baseline", says: "Stay still." },
      {
        ...silent,
        id: "load",
        durationMs: 3 * MINUTE,
        pressFromMs: MINUTE,
        cue: "tense",
        measures: "load",
        press: "next",
        says: "Count down from 1022 in steps of 13, or recall a small hassle. Press when you have had enough.",
      },
      breathe("recovery", 5 * MINUTE, "personal", "recovery", `Now follow the touch. ${SOFTLY}`),
    ],
  },
  moment: {
    title: "A moment worth a breath",
    says: "One minute of slow breathing: what a nudge or a bell invites to.",
    cap: "session",
    isAfterWeekOne: false,
    phases: [breathe("breathe", MINUTE, "personal", "follow", SOFTLY)],
  },
  baseline: {
    title: "Baseline",
    says: "Your resting heart rhythm: one minute to settle, then four to measure.",
    cap: "session",
    isAfterWeekOne: false,
    phases: [
      { ...silent, id: "settle", durationMs: MINUTE, measures: "nothing", says: "Sit still and settle." },
      { ...silent, id: "measure", durationMs: 4 * MINUTE, measures: "baseline", says: "Breathe as you like." },
    ],
  },
  feel: {
    title: "Feel the touch",
    says: "Two minutes that fit the band's touch to your wrist: what its motor needs, and what you can tell apart.",
    cap: "session",
    isAfterWeekOne: false,
    phases: [
      trial("felt", 46, "Press once whenever you feel the band."),
      trial("lasting", 38, "Press once whenever it ends."),
      trial("steps", 36, "You feel two. Press once if the second is the stronger one."),
    ],
  },
} as const satisfies Record<string, Program>);

export type ProgramName = keyof typeof PROGRAMS;

/** Bits of the settings regionsOn and regionsOff, in this order; new ones are appended. */
export const REGIONS = Object.freeze([
  "feet",
  "legs",
  "pelvis",
  "belly",
  "chest",
  "back",
  "hands",
  "arms",
  "shoulders",
  "throat",
  "face",
  "whole",
  "thighs",
] as const);
