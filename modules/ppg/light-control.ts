/**
 * LED currents and converter range: as little light as keeps the quality, at a level of 50 to 75 % of full scale.
 *
 * Not worn, only a little infrared burns. Put on, the currents are set from what that little gave, once the level is
 * steady, and corrected until they fit. Worn, they are left alone as far as possible: each change costs the beat
 * detector a moment. The driver marks every change in the samples (LightStep, RedStep).
 */
import { clamp } from "base/clamp";
import { quotientNearest } from "base/divide";
import { RunningMedian } from "base/running-median";
import { type Contact, ContactState } from "ppg/contact";
import type { LightBlocks } from "ppg/light-blocks";
import { COUNTS_MAX } from "ppg/max30102-registers";
import {
  CODE_FINE_MIN,
  CODE_MAX,
  DEEP_Q16,
  DIM_AFTER_BLOCKS,
  DIM_IR_CODE,
  DIM_RANGE_CODE,
  HIGH_Q2,
  JUDGE_BLOCKS,
  LOW_Q2,
  PATIENCE_NEW,
  PATIENCE_WORN,
  PENDING_BLOCKS_MAX,
  QUALITY_BLOCKS,
  QUALITY_LOOKS,
  RANGE_MAX_FOR_QUALITY,
  RISE_BLOCKS_MAX,
  SHALLOW_Q16,
  SLEW_SHIFT,
  STEADY_BLOCKS,
  STEADY_SHIFT,
  TARGET_Q2,
  TOO_HIGH_Q2,
  TOO_LOW_Q2,
} from "ppg/optics-tuning";
import type { PulseLight } from "ppg/pulse-light";
import type { Light } from "ppg/skin-light";

/** Settings for the sensor to start with; with others, the first second is spent on getting there. */
export const DIM_LIGHT: Light = Object.freeze({ redCode: 0, irCode: DIM_IR_CODE, rangeCode: DIM_RANGE_CODE });

/** A whole block at the top of the range, Q2. */
const FULL_Q2 = 4 * COUNTS_MAX;
const RANGE_MAX = 3;

export class LightControl implements Light {
  // Wanted.
  redCode = DIM_LIGHT.redCode;
  irCode = DIM_LIGHT.irCode;
  rangeCode = DIM_LIGHT.rangeCode;
  /** In effect: what the last block was taken under. */
  readonly now: Light = { ...DIM_LIGHT };

  #told = false;
  #pending = false;
  #pendingBlocks = 0;
  /** Blocks in the running judgement, and their sums. */
  #judged = 0;
  #redSumQ2 = 0;
  #irSumQ2 = 0;
  #unfit = 0;
  #rising = 0;
  #markQ2 = 0;
  /** Red's current while it is dark for a moment. */
  #redKept = 0;
  #sinceQuality = 0;
  readonly #depthQ16 = new RunningMedian(QUALITY_LOOKS);

  /** Before anything looks at a block: what it was taken under. */
  follow(blocks: LightBlocks): void {
    if (blocks.isNewLight || (this.#pending && ++this.#pendingBlocks > PENDING_BLOCKS_MAX)) {
      this.now.redCode = this.redCode;
      this.now.irCode = this.irCode;
      this.now.rangeCode = this.rangeCode;
      this.#pending = false;
      this.#restart();
    } else if (blocks.isBroken) this.#restart();
  }

  /** A look at the pulse in the light, every 1.28 s. */
  look(light: PulseLight): void {
    this.#depthQ16.push(light.depthQ16);
  }

  /**
   * One block, after the contact has seen it.
   * @returns whether other light is wanted than before
   * Cost: no allocation; some 20 operations, and 500 when currents are worked out
   */
  block(blocks: LightBlocks, contact: Contact): boolean {
    if (!this.#told) {
      this.#told = true; // whatever the sensor was left with
      return true;
    }
    if (this.#pending) return false;
    if (contact.state === ContactState.NotWorn) {
      this.#depthQ16.clear();
      if (contact.blocksInState < DIM_AFTER_BLOCKS) return false;
      this.#redKept = 0;
      return this.#want(DIM_LIGHT.redCode, DIM_LIGHT.irCode, DIM_LIGHT.rangeCode);
    }
    if (this.#redKept > 0) {
      if (contact.wantsDarkRed) return false;
      const red = this.#redKept;
      this.#redKept = 0;
      return this.#want(red, this.irCode, this.rangeCode);
    }
    if (this.redCode === 0) return this.#brighten(blocks);
    if (contact.wantsDarkRed) {
      this.#redKept = blocks.redHigh ? halved(this.redCode, blocks.redQ2) : this.redCode;
      return this.#want(0, blocks.irHigh ? halved(this.irCode, blocks.irQ2) : this.irCode, this.rangeCode);
    }
    if (blocks.irHigh || blocks.redHigh) return this.#darken(blocks);
    return this.#judge(blocks, contact) || this.#weigh(contact);
  }

  /** Just put on: waits until the level has risen, then goes straight to the target. */
  #brighten(blocks: LightBlocks): boolean {
    const rising = ++this.#rising;
    if (rising === 1) this.#markQ2 = blocks.irQ2;
    if (rising % STEADY_BLOCKS !== 0) return false;
    const changeQ2 = blocks.irQ2 - this.#markQ2;
    this.#markQ2 = blocks.irQ2;
    const limitQ2 = blocks.irQ2 >> STEADY_SHIFT;
    if ((changeQ2 > limitQ2 || changeQ2 < 0 - limitQ2) && rising < RISE_BLOCKS_MAX) return false;
    const code = codeFor(this.irCode, blocks.irQ2);
    return this.#fit(code, code, this.rangeCode); // red gives 0.6 to 1 of infrared: near enough to begin with
  }

  /** Saturated: how far is not known, so by a large step. */
  #darken(blocks: LightBlocks): boolean {
    const red = blocks.redHigh ? halved(this.redCode, blocks.redQ2) : this.redCode;
    const ir = blocks.irHigh ? halved(this.irCode, blocks.irQ2) : this.irCode;
    return this.#fit(red, ir, this.rangeCode);
  }

  /** Every 0.32 s: does the level fit? Small misfits are given time, long when worn. */
  #judge(blocks: LightBlocks, contact: Contact): boolean {
    this.#redSumQ2 += blocks.redQ2; // four of them: below 2^22
    this.#irSumQ2 += blocks.irQ2;
    if (++this.#judged < JUDGE_BLOCKS) return false;
    const redQ2 = this.#redSumQ2 >> 2;
    const irQ2 = this.#irSumQ2 >> 2;
    const unfit = this.#unfit + 1;
    this.#restart();
    const isFit = irQ2 >= LOW_Q2 && irQ2 <= HIGH_Q2 && redQ2 >= LOW_Q2 && redQ2 <= HIGH_Q2;
    if (isFit) return false;
    this.#unfit = unfit;
    const isFar = irQ2 < TOO_LOW_Q2 || irQ2 > TOO_HIGH_Q2 || redQ2 < TOO_LOW_Q2 || redQ2 > TOO_HIGH_Q2;
    if (!isFar && unfit < (contact.state === ContactState.Worn ? PATIENCE_WORN : PATIENCE_NEW)) return false;
    return this.#fit(codeFor(this.redCode, redQ2), codeFor(this.irCode, irQ2), this.rangeCode);
  }

  /** Every 20 s: half the light for a deep pulse, twice the light for a shallow one, at the same level. */
  #weigh(contact: Contact): boolean {
    if (++this.#sinceQuality < QUALITY_BLOCKS || contact.state !== ContactState.Worn) return false;
    if (this.#depthQ16.count < QUALITY_LOOKS) return false;
    this.#sinceQuality = 0;
    const { redCode, irCode, rangeCode } = this;
    const depthQ16 = this.#depthQ16.value;
    if (depthQ16 > DEEP_Q16 && rangeCode > 0 && irCode >> 1 >= CODE_FINE_MIN)
      return this.#want((redCode + 1) >> 1, (irCode + 1) >> 1, rangeCode - 1);
    if (depthQ16 < SHALLOW_Q16 && rangeCode < RANGE_MAX_FOR_QUALITY && irCode << 1 <= CODE_MAX)
      return this.#want(clamp(redCode << 1, 1, CODE_MAX), irCode << 1, rangeCode + 1);
    return false;
  }

  /** These currents, in a range in which infrared's is neither too coarse a number nor too much. */
  #fit(red: number, ir: number, range: number): boolean {
    let redCode = red;
    let irCode = ir;
    let rangeCode = range;
    while (irCode > CODE_MAX && rangeCode > 0) {
      redCode = (redCode + 1) >> 1;
      irCode = (irCode + 1) >> 1;
      rangeCode--;
    }
    while (irCode < CODE_FINE_MIN && rangeCode < RANGE_MAX) {
      redCode <<= 1;
      irCode <<= 1;
      rangeCode++;
    }
    return this.#want(clamp(redCode, 1, CODE_MAX), clamp(irCode, 1, CODE_MAX), rangeCode);
  }

  #want(redCode: number, irCode: number, rangeCode: number): boolean {
    this.#restart();
    if (redCode === this.redCode && irCode === this.irCode && rangeCode === this.rangeCode) return false;
    this.redCode = redCode;
    this.irCode = irCode;
    this.rangeCode = rangeCode;
    this.#pending = true;
    this.#pendingBlocks = 0;
    return true;
  }

  #restart(): void {
    this.#judged = 0;
    this.#redSumQ2 = 0;
    this.#irSumQ2 = 0;
    this.#unfit = 0;
    this.#rising = 0;
  }
}

/** The current that brings a level to the target, at most eight times more or less. 255 x 2^15.3 stays below 2^24. */
function codeFor(code: number, levelQ2: number): number {
  const level = levelQ2 >> 4;
  const wanted = level > 0 ? quotientNearest(Math.imul(code, TARGET_Q2 >> 4), level) : code << SLEW_SHIFT;
  return clamp(wanted, (code + 7) >> SLEW_SHIFT, code << SLEW_SHIFT);
}

/** A quarter of the current if all of the block was at the top, half if only its peaks were. */
const halved = (code: number, levelQ2: number): number => (code + 3) >> (levelQ2 >= FULL_Q2 ? 2 : 1);
