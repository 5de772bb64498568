/** Adaptive pace: looks for the rate at which the heart swings most, carefully. */
export const ADAPTIVE = Object.freeze({
  stepCentiPerMin: 10,
  /** Never farther than this from where the wearer began. */
  reachCentiPerMin: 50,
  /** At most one step in this time, and only with so many breaths that could be measured. */
  windowMs: 120_000,
  breathsMin: 8,
  /** A fall smaller than this is not a fall: the swing varies by itself. */
  fallPermille: 50,
} as const);

/**
 * Hill climbing on the mean swing (RSA amplitude by lock-in) of each window: on in the same direction while it does not
 * fall, back when it does. The wearer's own change ends it: `isOn` is then false until the next session.
 */
export class AdaptivePace {
  isOn = false;
  #baseCentiPerMin = 600;
  #rateCentiPerMin = 600;
  #direction = -1;
  #windowMs = 0;
  #sum = 0;
  #count = 0;
  #before: number | undefined;

  begin(rateCentiPerMin: number): void {
    this.isOn = true;
    this.#baseCentiPerMin = rateCentiPerMin;
    this.#rateCentiPerMin = rateCentiPerMin;
    this.#direction = -1;
    this.#before = undefined;
    this.#restart();
  }

  /**
   * One breath is over.
   * @param swingMs  RSA amplitude of this breath, ms; undefined when it cannot be told
   * @returns        the rate from the next breath on, if it is to change
   */
  breathed(breathMs: number, swingMs: number | undefined): number | undefined {
    if (!this.isOn) return undefined;
    this.#windowMs += breathMs;
    if (swingMs !== undefined) {
      this.#sum += swingMs;
      this.#count++;
    }
    if (this.#windowMs < ADAPTIVE.windowMs || this.#count < ADAPTIVE.breathsMin) return undefined;
    const mean = this.#sum / this.#count;
    const hasFallen = this.#before !== undefined && mean * 1000 < this.#before * (1000 - ADAPTIVE.fallPermille);
    if (hasFallen) this.#direction = -this.#direction;
    this.#before = mean;
    this.#restart();
    return this.#step();
  }

  #step(): number | undefined {
    const reach = ADAPTIVE.reachCentiPerMin;
    const wished = this.#rateCentiPerMin + this.#direction * ADAPTIVE.stepCentiPerMin;
    if (Math.abs(wished - this.#baseCentiPerMin) > reach) {
      this.#direction = -this.#direction;
      return undefined;
    }
    this.#rateCentiPerMin = wished;
    return wished;
  }

  #restart(): void {
    this.#windowMs = 0;
    this.#sum = 0;
    this.#count = 0;
  }
}
