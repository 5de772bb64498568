import { COUNTS_MAX } from "ppg/max30102-registers";
import { type SampleBatch, SampleFlag } from "ppg/samples";

/** Blocks a second, at every rate: fine enough for an upstroke of 100 ms, coarse enough for thought. */
export const BLOCK_HZ = 25;

/**
 * Samples gathered into blocks of 40 ms: the level of both channels, for contact and light control.
 * Levels are means in Q2: 0 .. 4 x (2^18-1), below 2^20. A block never reaches across a light step or a gap.
 */
export class LightBlocks {
  redQ2 = 0;
  irQ2 = 0;
  /** At least one sample of the block was at the top of the converter's range. */
  redHigh = false;
  irHigh = false;
  /** ALC_OVF was seen lately. */
  ambientOverrun = false;
  /** The light has changed since the block before. */
  isNewLight = false;
  /** Not to be compared with the block before: the light has changed, or samples are missing between them. */
  isBroken = true;

  readonly #size: number;
  readonly #sizeShift: number;
  #count = 0;
  #red = 0;
  #ir = 0;
  #redTop = 0;
  #irTop = 0;
  #flags = 0;
  #newLight = false;
  #broken = true;

  /** @throws RangeError: rates are 25, 50, 100, 200, 400 */
  constructor(rateHz: number) {
    this.#size = (rateHz / BLOCK_HZ) | 0; // a quotient stays a double in XS
    this.#sizeShift = [1, 2, 4, 8, 16].indexOf(this.#size);
    if (this.#sizeShift < 0) throw new RangeError(`light blocks: made for 25 to 400 Hz, not ${rateHz}`);
  }

  /** Samples are missing. */
  gap(): void {
    this.#broken = true;
    this.#restart();
  }

  /**
   * Samples of a batch from `from` on, until a block is complete. 16 samples of 2^18 sum to 2^22.
   * @returns the sample after the block, to go on from; -1 if the batch ended before it was complete
   * Cost: no allocation; some 10 operations a sample
   */
  push(batch: SampleBatch, from: number): number {
    const { count, red: reds, ir: irs, flags } = batch;
    const size = this.#size;
    let gathered = this.#count;
    let redSum = this.#red;
    let irSum = this.#ir;
    let redTop = this.#redTop;
    let irTop = this.#irTop;
    let anyFlags = this.#flags;
    for (let at = from; at < count; at++) {
      const sampleFlags = flags[at]!; // at < batch.count, here and below
      if ((sampleFlags & SampleFlag.LightStep) !== 0) {
        this.#newLight = true;
        this.#broken = true;
        gathered = redSum = irSum = redTop = irTop = anyFlags = 0;
        continue;
      }
      const red = reds[at]!;
      const ir = irs[at]!;
      redSum += red;
      irSum += ir;
      if (red > redTop) redTop = red;
      if (ir > irTop) irTop = ir;
      anyFlags |= sampleFlags;
      if (++gathered < size) continue;
      this.redQ2 = (redSum << 2) >> this.#sizeShift;
      this.irQ2 = (irSum << 2) >> this.#sizeShift;
      this.redHigh = redTop >= COUNTS_MAX;
      this.irHigh = irTop >= COUNTS_MAX;
      this.ambientOverrun = (anyFlags & SampleFlag.Ambient) !== 0;
      this.isNewLight = this.#newLight;
      this.isBroken = this.#broken;
      this.#newLight = false;
      this.#broken = false;
      this.#restart();
      return at + 1;
    }
    this.#count = gathered;
    this.#red = redSum;
    this.#ir = irSum;
    this.#redTop = redTop;
    this.#irTop = irTop;
    this.#flags = anyFlags;
    return -1;
  }

  #restart(): void {
    this.#count = 0;
    this.#red = 0;
    this.#ir = 0;
    this.#redTop = 0;
    this.#irTop = 0;
    this.#flags = 0;
  }
}
