import { COUNTS_MAX } from "ppg/max30102-registers";
import { type SampleBatch, SampleFlag } from "ppg/samples";

/** Both channels are looked at here. */
const ANY_STEP = SampleFlag.LightStep | SampleFlag.RedStep;

/**
 * Samples gathered into blocks of 80 ms (12.5 a second, at every rate): the level of both channels, for contact and
 * light control. Fine enough for the upstroke of a pulse, coarse enough for thought.
 * Levels are means in Q2: 0 .. 4 x (2^18-1), below 2^20. A block never reaches across a light step or a gap.
 */
export class LightBlocks {
  /** Samples in a block. */
  readonly size: number;
  redQ2 = 0;
  irQ2 = 0;
  /** At the top of the converter's range: all of red, or at least one sample of infrared. */
  redHigh = false;
  irHigh = false;
  /** ALC_OVF was seen lately. */
  ambientOverrun = false;
  /** The light has changed since the block before. */
  isNewLight = false;
  /** Not to be compared with the block before: the light has changed, or samples are missing between them. */
  isBroken = true;
  /** The last `gather` has completed a block. */
  isComplete = false;

  readonly #sizeShift: number;
  #missing: number;
  #red = 0;
  #ir = 0;
  #flags = 0;
  #newLight = false;
  #broken = true;

  /** @throws RangeError: rates are 25, 50, 100, 200, 400 */
  constructor(rateHz: number) {
    this.size = ((rateHz * 2) / 25) | 0; // a quotient stays a double in XS
    this.#sizeShift = [1, 2, 4, 8, 16, 32].indexOf(this.size);
    if (this.#sizeShift < 1 || this.size * 25 !== rateHz * 2)
      throw new RangeError(`light blocks: made for 25 to 400 Hz, not ${rateHz}`);
    this.#missing = this.size;
  }

  /** Samples are missing. */
  gap(): void {
    this.#broken = true;
    this.#restart();
  }

  /**
   * Gathers the batch's samples from `from` on, up to the end of a block (`isComplete`), behind a light step, or to the
   * end of the batch. 32 samples of 2^18 sum to 2^23.
   * @returns the sample to go on with
   * Cost: no allocation; some 6 operations a sample
   */
  gather(batch: SampleBatch, from: number): number {
    const { red, ir, flags } = batch;
    let end = from + this.#missing;
    if (end > batch.count) end = batch.count;
    let redSum = this.#red;
    let irSum = this.#ir;
    let seen = this.#flags;
    for (let at = from; at < end; at++) {
      seen |= flags[at]!; // at < count, here and below
      redSum += red[at]!;
      irSum += ir[at]!;
    }
    this.isComplete = false;
    if ((seen & ANY_STEP) !== 0) return this.#step(flags, end);
    this.#red = redSum;
    this.#ir = irSum;
    this.#flags = seen;
    this.#missing -= end - from;
    if (this.#missing === 0) this.#complete();
    return end;
  }

  /** There is a light step before `end`: what has been gathered is void, and it goes on behind the last one. */
  #step(flags: Uint8Array, end: number): number {
    let at = end;
    while ((flags[at - 1]! & ANY_STEP) === 0) at--; // there is one
    this.#newLight = true;
    this.#broken = true;
    this.#restart();
    return at;
  }

  #complete(): void {
    this.redQ2 = (this.#red << 2) >> this.#sizeShift;
    this.irQ2 = (this.#ir << 2) >> this.#sizeShift;
    this.redHigh = this.redQ2 >= 4 * COUNTS_MAX;
    this.irHigh = (this.#flags & SampleFlag.Saturated) !== 0 && this.irQ2 > 2 * COUNTS_MAX; // not at the bottom
    this.ambientOverrun = (this.#flags & SampleFlag.Ambient) !== 0;
    this.isNewLight = this.#newLight;
    this.isBroken = this.#broken;
    this.#newLight = false;
    this.#broken = false;
    this.isComplete = true;
    this.#restart();
  }

  #restart(): void {
    this.#missing = this.size;
    this.#red = 0;
    this.#ir = 0;
    this.#flags = 0;
  }
}
