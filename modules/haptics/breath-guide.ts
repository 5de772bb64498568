import { TICK_MS_MIN } from "haptics/cues";
import type { BreathEdges, Pacer } from "haptics/pacer";
import type { BreathStyle, PartFeel, Train } from "haptics/styles";
import type { DueTick, TickSource } from "haptics/tick-source";

/** A train ends this long before the part does: the next part's first tick is felt by itself. */
const CLEAR_MS = 250;
/** More ticks than any part of a breath holds: 9 s at 350 ms are 26. */
const TICKS_MAX = 64;

/** Ticks of a breathing style, breath by breath as the pacer lays them out. */
export class BreathGuide implements TickSource {
  readonly #pacer: Pacer;
  #style: BreathStyle;
  readonly #edges: BreathEdges = { index: 0, startMs: 0, inhaleEndMs: 0, exhaleStartMs: 0, exhaleEndMs: 0, endMs: 0 };
  /** Strength of the whole, 0 .. 256: the fading guide turns it down. */
  gainQ8 = 256;

  constructor(pacer: Pacer, style: BreathStyle) {
    this.#pacer = pacer;
    this.#style = style;
  }

  /** From the next tick that has not been asked for. */
  set style(style: BreathStyle) {
    this.#style = style;
  }

  nextTick(afterMs: number, out: DueTick): boolean {
    const edges = this.#edges;
    const { inhale, exhale, shiftMsMax, yields } = this.#style;
    out.shiftMsMax = shiftMsMax;
    out.yields = yields;
    let breathAtMs = afterMs > 0 ? afterMs : 0; // Math.max would make it a double in XS, here and below
    // This breath or the next: every style has a tick in every breath.
    for (let breaths = 0; breaths < 2; breaths++) {
      this.#pacer.edgesAt(breathAtMs, edges);
      if (this.#firstOf(inhale, edges.startMs, edges.inhaleEndMs, afterMs, out)) return true;
      if (this.#firstOf(exhale, edges.exhaleStartMs, edges.exhaleEndMs, afterMs, out)) return true;
      breathAtMs = edges.endMs;
    }
    return false;
  }

  #firstOf(feel: PartFeel, fromMs: number, toMs: number, afterMs: number, out: DueTick): boolean {
    if (toMs <= afterMs) return false;
    if ("spacingFromMs" in feel) return this.#firstOfTrain(feel, fromMs, toMs, afterMs, out);
    for (let i = 0; i < feel.length; i++) {
      const tick = feel[i]!; // i is inside by the loop's bound
      if (fromMs + tick.atMs > afterMs) return this.#fill(out, fromMs + tick.atMs, tick.onMs, tick.strengthQ8);
    }
    return false;
  }

  #firstOfTrain(train: Train, fromMs: number, toMs: number, afterMs: number, out: DueTick): boolean {
    const lengthMs = toMs - fromMs;
    let atMs = 0;
    for (let i = 0; i < TICKS_MAX && atMs <= lengthMs - CLEAR_MS; i++) {
      if (fromMs + atMs > afterMs) {
        const strengthQ8 = between(train.strengthFromQ8, train.strengthToQ8, atMs, lengthMs);
        return this.#fill(out, fromMs + atMs, train.onMs, strengthQ8);
      }
      atMs += between(train.spacingFromMs, train.spacingToMs, atMs, lengthMs);
    }
    return false;
  }

  /** A short tick's strength is mostly its length, because a coin motor is still speeding up: both are turned down. */
  #fill(out: DueTick, atMs: number, onMs: number, strengthQ8: number): boolean {
    out.atMs = atMs;
    const scaledMs = (onMs * this.gainQ8) >> 8;
    out.onMs = scaledMs > TICK_MS_MIN ? scaledMs : TICK_MS_MIN;
    out.strengthQ8 = (strengthQ8 * this.gainQ8) >> 8;
    return true;
  }
}

/** Between two values in proportion to `part` of `whole`, rounded toward the first. */
function between(from: number, to: number, part: number, whole: number): number {
  return from + ((((to - from) * part) / whole) | 0); // not Math.trunc, which leaves a double in XS
}
