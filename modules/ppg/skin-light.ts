import { quotientFloor } from "base/divide";
import type { LightBlocks } from "ppg/light-blocks";
import {
  FLICKER_SHIFT,
  LAMP_SHIFT,
  NOTHING_PER_STEP_Q2,
  OFF_SKIN_PER_STEP_Q2,
  ON_SKIN_PER_STEP_Q2,
  SAME_SHIFT,
  STEP_SHIFT,
} from "ppg/optics-tuning";

/** LED currents (steps of 0.2 mA) and converter range under which a block was taken. `irCode` is never 0. */
export interface Light {
  redCode: number;
  irCode: number;
  rangeCode: number;
}

/**
 * What the level of the light alone says: skin, less than skin, or a lamp; and whether it has changed. Levels are Q2
 * counts, below 2^20; thresholds per LED current stay below 2^21.
 */
export class SkinLight {
  /** Blocks in a row: light as from skin; less than that, or a lamp's; a lamp's, or at the top of the range. */
  skinRun = 0;
  unlikeRun = 0;
  brightRun = 0;
  isLamp = false;
  /** Less than from any surface near by. */
  isNothing = false;
  /** Ambient light is more than 1/64 of it. */
  isAmbientLit = false;
  /** The level is not what it was two blocks ago, by more than 1/16. */
  hasStepped = false;
  /** The ambient light has been seen in this block. */
  sawAmbient = false;
  /** Of our own LED. */
  ownQ2 = 0;

  /** Ambient light with red dark, at the 2048 nA range (below 2^23) and at the present one. */
  #ambientFullQ2 = 0;
  #ambientQ2 = 0;
  #irCode = -1;
  #rangeCode = -1;
  #onQ2 = 0;
  #offQ2 = 0;
  #nothingQ2 = 0;
  #levels = 0;
  #beforeQ2 = 0;
  #beforeThatQ2 = 0;

  /** One block, under `light`. Cost: no allocation; some 40 operations */
  block(blocks: LightBlocks, light: Light): void {
    const irQ2 = blocks.irQ2;
    if (light.irCode !== this.#irCode || light.rangeCode !== this.#rangeCode) this.#under(light);
    this.sawAmbient = light.redCode === 0 && !blocks.isNewLight;
    if (this.sawAmbient) {
      this.#ambientQ2 = blocks.redQ2;
      this.#ambientFullQ2 = blocks.redQ2 << light.rangeCode;
    }
    const ambientQ2 = this.#ambientQ2;
    const ownQ2 = irQ2 - ambientQ2;
    this.ownQ2 = ownQ2;
    this.isAmbientLit = ambientQ2 > irQ2 >> FLICKER_SHIFT;
    const isHigh = blocks.irHigh;
    const isLamp = ambientQ2 > irQ2 >> LAMP_SHIFT;
    this.isLamp = isLamp;
    this.isNothing = irQ2 < this.#nothingQ2;
    this.skinRun = ownQ2 >= this.#onQ2 && !isLamp && !isHigh ? this.skinRun + 1 : 0;
    this.unlikeRun = isLamp || (ownQ2 < this.#offQ2 && !isHigh) ? this.unlikeRun + 1 : 0;
    this.brightRun = isLamp || isHigh ? this.brightRun + 1 : 0;
    this.#compare(irQ2, blocks.isBroken);
  }

  /** What comes next is not to be taken together with what was. */
  forget(): void {
    this.skinRun = 0;
    this.#levels = 0;
  }

  /** Our own light per LED current, Q2 counts a step at the 2048 nA range. Needs `ownQ2` of 0 or more. */
  perStepQ2(): number {
    return quotientFloor(this.ownQ2 << this.#rangeCode, this.#irCode);
  }

  /** Is it still light of this strength, to an eighth? */
  isLike(perStepQ2: number): boolean {
    const changeQ2 = this.ownQ2 - (Math.imul(perStepQ2, this.#irCode) >> this.#rangeCode);
    const limitQ2 = this.ownQ2 >> SAME_SHIFT;
    return changeQ2 <= limitQ2 && changeQ2 >= 0 - limitQ2;
  }

  #under({ irCode, rangeCode }: Light): void {
    this.#irCode = irCode;
    this.#rangeCode = rangeCode;
    this.#onQ2 = Math.imul(ON_SKIN_PER_STEP_Q2, irCode) >> rangeCode;
    this.#offQ2 = Math.imul(OFF_SKIN_PER_STEP_Q2, irCode) >> rangeCode;
    this.#nothingQ2 = Math.imul(NOTHING_PER_STEP_Q2, irCode) >> rangeCode;
    this.#ambientQ2 = this.#ambientFullQ2 >> rangeCode;
  }

  #compare(irQ2: number, isBroken: boolean): void {
    if (isBroken) this.#levels = 0;
    this.hasStepped = false;
    if (this.#levels >= 2) {
      const changeQ2 = irQ2 - this.#beforeThatQ2;
      const limitQ2 = this.#beforeThatQ2 >> STEP_SHIFT;
      this.hasStepped = changeQ2 > limitQ2 || changeQ2 < 0 - limitQ2;
    } else this.#levels++;
    this.#beforeThatQ2 = this.#beforeQ2;
    this.#beforeQ2 = irQ2;
  }
}
