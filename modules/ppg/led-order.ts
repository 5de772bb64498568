import type { PulseLight } from "ppg/pulse-light";

export const enum LedOrder {
  Unknown = 0,
  AsWired = 1,
  /** What comes as red is infrared. */
  Swapped = 2,
}

/** (AC/DC red over infrared) squared, Q12: below 0.8 it is a pulse as it should be, above 1.25 the channels are exchanged. */
const AS_WIRED_BELOW_Q12 = 2621; // 0.64
const SWAPPED_ABOVE_Q12 = 6400; // 1.5625
/** Looks of 1.28 s that count: 20 s. All but two must agree. */
const VOTES = 16;
const VOTES_AGAINST_MAX = 2;

/**
 * Clones with the two LEDs exchanged: haemoglobin takes less of red than of infrared with each pulse unless oxygen is
 * very low, so the ratio R is 0.4 to 0.8, and above 1.25 on such a board. Motion and flicker are near 1 and do not vote.
 */
export class LedOrderVote {
  order = LedOrder.Unknown;
  #asWired = 0;
  #swapped = 0;

  /** A look at a worn sensor whose beats are believed. @returns whether `order` has just changed */
  look(light: PulseLight): boolean {
    if (!light.isClear) return false;
    const ratio = light.ratioSquaredQ12;
    if (ratio < AS_WIRED_BELOW_Q12) this.#asWired++;
    else if (ratio > SWAPPED_ABOVE_Q12) this.#swapped++;
    if (this.#asWired + this.#swapped < VOTES) return false;
    const before = this.order;
    if (this.#swapped <= VOTES_AGAINST_MAX) this.order = LedOrder.AsWired;
    else if (this.#asWired <= VOTES_AGAINST_MAX) this.order = LedOrder.Swapped;
    this.#asWired = 0;
    this.#swapped = 0;
    return this.order !== before;
  }

  /** The channels have been exchanged, or somebody else may wear it. */
  reset(): void {
    this.order = LedOrder.Unknown;
    this.#asWired = 0;
    this.#swapped = 0;
  }
}
