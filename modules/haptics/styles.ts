import { frozen } from "base/frozen";
import { MEDIUM_Q8, SOFT_Q8, STRONG_Q8, type Tick } from "haptics/cues";

/** Ticks through one part of a breath; spacing and strength go evenly from the first value to the last. */
export interface Train {
  readonly spacingFromMs: number;
  readonly spacingToMs: number;
  readonly strengthFromQ8: number;
  readonly strengthToQ8: number;
  readonly onMs: number;
}

/** What the hand feels in one part of a breath: single ticks, or a train, or nothing. */
export type PartFeel = readonly Tick[] | Train;

/** A way of guiding the breath. */
export interface BreathStyle {
  readonly inhale: PartFeel;
  readonly exhale: PartFeel;
  /** A tick may be this much early or late to keep clear of a heartbeat's upstroke. */
  readonly shiftMsMax: number;
  /** True: a tick without a gap is left out. False: it is played on its own time, because it marks the turn. */
  readonly yields: boolean;
  readonly feels: string;
}

/**
 * Half of what one tick takes from the beat (tick, tail and two guards: 435 ms), and a little more: with it a tick
 * always reaches an edge of the gap.
 */
const SHIFT_MS_MAX = 240;
/** The second of a pair may have to wait for the gap after the one that the first has taken. */
const PAIR_SHIFT_MS_MAX = 360;

/** Spacing and lengths: physiology 6, rules 1 and 2. Short ticks instead of a buzz, at most 15 % of the time. */
export const BREATH_STYLES = frozen({
  wave: {
    inhale: { spacingFromMs: 700, spacingToMs: 350, strengthFromQ8: SOFT_Q8, strengthToQ8: STRONG_Q8, onMs: 45 },
    exhale: { spacingFromMs: 350, spacingToMs: 700, strengthFromQ8: MEDIUM_Q8, strengthToQ8: SOFT_Q8, onMs: 45 },
    shiftMsMax: SHIFT_MS_MAX,
    yields: true,
    feels: "ticks that gather and grow while you breathe in, and thin out while you breathe out",
  },
  exhale: {
    inhale: [],
    exhale: { spacingFromMs: 350, spacingToMs: 700, strengthFromQ8: STRONG_Q8, strengthToQ8: SOFT_Q8, onMs: 45 },
    shiftMsMax: SHIFT_MS_MAX,
    yields: true,
    feels: "nothing while you breathe in, ticks that thin out while you breathe out",
  },
  edges: {
    inhale: [{ atMs: 0, onMs: 60, strengthQ8: STRONG_Q8 }],
    exhale: [
      { atMs: 0, onMs: 60, strengthQ8: STRONG_Q8 },
      { atMs: 250, onMs: 60, strengthQ8: STRONG_Q8 },
    ],
    shiftMsMax: PAIR_SHIFT_MS_MAX,
    yields: false,
    feels: "one tick when to breathe in, two when to breathe out",
  },
} as const satisfies Record<string, BreathStyle>);

/** `beat` is felt like a slow heart and does not pace the breath: see heart-guide. */
export type BreathStyleName = keyof typeof BREATH_STYLES;
export type GuideStyleName = BreathStyleName | "beat";
