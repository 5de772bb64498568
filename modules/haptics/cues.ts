/**
 * The vocabulary of touch: every state of the band can be told with eyes closed. Each cue is a rhythm of short ticks and
 * long strokes; which is which is felt by number, length and rhythm, because strength alone is told apart badly (Weber
 * fraction 0.2 .. 0.58: physiology 6). The documentation's table and pictures are made from this file.
 */
import { frozen } from "base/frozen";

/** Three strengths with steps of 60 %: well over the 30 % that can be told apart. */
export const SOFT_Q8 = 96;
export const MEDIUM_Q8 = 160;
export const STRONG_Q8 = 256;

/** A tick is felt as a tap; a stroke as vibration. Nothing in between, so that the two cannot be mixed up. */
export const TICK_MS_MAX = 60;
export const TICK_MS_MIN = 30;
export const STROKE_MS_MIN = 200;

/** One run of the motor. Ticks that touch are one stroke with a contour. */
export interface Tick {
  /** From the cue's start. */
  readonly atMs: number;
  readonly onMs: number;
  readonly strengthQ8: number;
}

export interface Cue {
  /** Oldest first; none begins before the one before it has ended. */
  readonly ticks: readonly Tick[];
  /** A cue replaces a running one of the same or lower rank; otherwise it is not played. */
  readonly rank: number;
  /** What it tells the wearer. */
  readonly means: string;
  /** What it feels like. */
  readonly feels: string;
}

const tick = (atMs: number, strengthQ8: number): Tick => ({ atMs, onMs: TICK_MS_MAX, strengthQ8 });
const stroke = (atMs: number, onMs: number, strengthQ8: number): Tick => ({ atMs, onMs, strengthQ8 });

/** Ranks: what keeps the wearer safe is never talked over. */
const RANK_INFORM = 1;
const RANK_SESSION = 2;
const RANK_STOP = 3;

/** After the stop gesture the band is felt to be silent before it confirms. */
const SILENCE_BEFORE_CONFIRM_MS = 500;

export const CUES = frozen({
  start: {
    ticks: [tick(0, SOFT_Q8), tick(250, MEDIUM_Q8), tick(500, STRONG_Q8)],
    rank: RANK_SESSION,
    means: "a session begins",
    feels: "three quick ticks, rising",
  },
  end: {
    ticks: [stroke(0, 400, STRONG_Q8), stroke(400, 400, MEDIUM_Q8), stroke(800, 400, SOFT_Q8)],
    rank: RANK_SESSION,
    means: "the session is over",
    feels: "one long stroke that fades",
  },
  paused: {
    ticks: [tick(0, MEDIUM_Q8), tick(700, MEDIUM_Q8)],
    rank: RANK_SESSION,
    means: "the session pauses",
    feels: "two slow ticks",
  },
  sensorLost: {
    ticks: [stroke(0, 300, MEDIUM_Q8), tick(500, MEDIUM_Q8)],
    rank: RANK_INFORM,
    means: "the pulse cannot be felt: pacing goes on, nothing is scored",
    feels: "a stroke and a tick",
  },
  batteryLow: {
    ticks: [stroke(0, 300, MEDIUM_Q8), stroke(550, 300, MEDIUM_Q8)],
    rank: RANK_INFORM,
    means: "the battery is low",
    feels: "two strokes",
  },
  stopAccepted: {
    ticks: [tick(SILENCE_BEFORE_CONFIRM_MS, MEDIUM_Q8), tick(SILENCE_BEFORE_CONFIRM_MS + 250, MEDIUM_Q8)],
    rank: RANK_STOP,
    means: "everything has stopped",
    feels: "silence, then two quick ticks",
  },
  refused: {
    ticks: [stroke(0, 300, SOFT_Q8)],
    rank: RANK_INFORM,
    means: "not now: the page says why",
    feels: "one stroke",
  },
  link: {
    ticks: [tick(0, MEDIUM_Q8), tick(250, MEDIUM_Q8), tick(500, MEDIUM_Q8), tick(750, MEDIUM_Q8)],
    rank: RANK_INFORM,
    means: "this is the band you are linking",
    feels: "four quick ticks",
  },
  bell: {
    ticks: [stroke(0, 200, STRONG_Q8), stroke(1_500, 200, STRONG_Q8), stroke(3_000, 200, STRONG_Q8)],
    rank: RANK_INFORM,
    means: "mindfulness bell",
    feels: "three slow strokes",
  },
  nudge: {
    ticks: [stroke(0, 250, SOFT_Q8), stroke(250, 250, MEDIUM_Q8), stroke(500, 250, STRONG_Q8)],
    rank: RANK_INFORM,
    means: "a moment worth a breath",
    feels: "one long stroke that swells",
  },
  grounding: {
    ticks: [
      tick(SILENCE_BEFORE_CONFIRM_MS, MEDIUM_Q8),
      tick(2_500, MEDIUM_Q8),
      tick(4_500, MEDIUM_Q8),
      tick(6_500, MEDIUM_Q8),
      tick(8_500, MEDIUM_Q8),
    ],
    rank: RANK_STOP,
    means: "open your eyes, look around, name five things",
    feels: "five slow ticks",
  },
  ease: {
    ticks: [tick(0, MEDIUM_Q8), stroke(200, 300, MEDIUM_Q8), tick(700, MEDIUM_Q8)],
    rank: RANK_SESSION,
    means: "breathe more softly: the pace gets a little faster",
    feels: "a tick, a stroke and a tick",
  },
  zone: {
    ticks: [tick(0, STRONG_Q8)],
    rank: RANK_SESSION,
    means: "move on to the next part of the body, or back to rest",
    feels: "one tick",
  },
  tense: {
    ticks: [tick(0, STRONG_Q8), stroke(200, 400, STRONG_Q8)],
    rank: RANK_SESSION,
    means: "tense these muscles",
    feels: "a tick and a stroke",
  },
  release: {
    ticks: [stroke(0, 300, MEDIUM_Q8), tick(500, MEDIUM_Q8), tick(750, MEDIUM_Q8)],
    rank: RANK_SESSION,
    means: "let go",
    feels: "a stroke and two quick ticks",
  },
} as const satisfies Record<string, Cue>);

export type CueName = keyof typeof CUES;

/** From the cue's start to its last off-edge, ms. */
export function cueLengthMs(cue: Cue): number {
  const last = cue.ticks[cue.ticks.length - 1];
  return last === undefined ? 0 : last.atMs + last.onMs;
}
