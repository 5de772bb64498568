/** Fading guide (physiology 6, rule 3): the touch leaves when it is not needed and is back when it is. */
export const FADING = Object.freeze({
  /** Following for this long is good following. */
  afterMs: 120_000,
  /** Per breath, down to the lowest level that is felt reliably; 256 is one. */
  stepQ8: 16,
  floorQ8: 96,
  /** So many breaths off the pacer, or unknown, bring the full strength back. */
  driftBreaths: 2,
  /** Lock-in strength from which a breath counts as following: the criterion of the resonance assessment. */
  followPermille: 600,
} as const);

/** Strength of the guide from breath to breath. */
export class FadingGain {
  gainQ8 = 256;
  #followedMs = 0;
  #offBreaths = 0;

  begin(): void {
    this.gainQ8 = 256;
    this.#followedMs = 0;
    this.#offBreaths = 0;
  }

  /**
   * One breath is over.
   * @param followPermille  lock-in strength 0 .. 1000; undefined when it cannot be told
   */
  breathed(breathMs: number, followPermille: number | undefined): void {
    if (followPermille === undefined || followPermille < FADING.followPermille) {
      if (++this.#offBreaths >= FADING.driftBreaths) {
        this.gainQ8 = 256;
        this.#followedMs = 0;
      }
      return;
    }
    this.#offBreaths = 0;
    this.#followedMs += breathMs;
    if (this.#followedMs > FADING.afterMs) this.gainQ8 = Math.max(FADING.floorQ8, this.gainQ8 - FADING.stepQ8);
  }
}
