/** Levels at so many of the last reversals make the estimate; fewer tell nothing. */
const REVERSALS_USED = 4;
const REVERSALS_MIN = 2;

/**
 * One up, one down: goes down after "felt" and up after "not felt", by half the step after each reversal. It settles
 * where one in two is felt. Integers; a dozen trials.
 */
export class StairTrack {
  level: number;
  readonly #min: number;
  readonly #max: number;
  readonly #stepMin: number;
  #step: number;
  #wasFelt: boolean | undefined;
  readonly #reversals: number[] = [];

  constructor(level: number, min: number, max: number, step: number, stepMin: number) {
    this.level = level;
    this.#min = min;
    this.#max = max;
    this.#step = step;
    this.#stepMin = stepMin;
  }

  answer(isFelt: boolean): void {
    if (this.#wasFelt !== undefined && this.#wasFelt !== isFelt) {
      this.#reversals.push(this.level);
      this.#step = Math.max(this.#stepMin, this.#step >> 1);
    }
    this.#wasFelt = isFelt;
    const level = isFelt ? this.level - this.#step : this.level + this.#step;
    this.level = level < this.#min ? this.#min : level > this.#max ? this.#max : level;
  }

  /** Where it settled; undefined if the answers turned too seldom. One that stays at its minimum settled there. */
  get estimate(): number | undefined {
    if (this.#wasFelt === true && this.level === this.#min) return this.#min;
    if (this.#reversals.length < REVERSALS_MIN) return undefined;
    const used = this.#reversals.slice(-REVERSALS_USED);
    return Math.round(used.reduce((sum, each) => sum + each, 0) / used.length);
  }
}
