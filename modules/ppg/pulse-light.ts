import { clamp } from "base/clamp";
import { quotientFloor, quotientNearest, quotientQ } from "base/divide";
import type { LightBlocks } from "ppg/light-blocks";

/** Blocks in a look: 1.28 s, so that there is an upstroke in it down to 47 beats a minute, and in two looks below. */
const LOOK_BLOCKS = 16;
/** Counts. Products of two stay below 2^24, sums of 16 below 2^28. A larger fall is no pulse. */
const FALL_MAX = 4095;
const FALL_MIN = -4095;
/** Red and infrared move as one: r^2 above 0.8, in 1/16. */
const TOGETHER_SIXTEENTHS = 13;
/** Sum of squares in both channels above which noise (falls of 8 counts rms) no longer keeps a pulse's r^2 below that. */
const APART_MIN = LOOK_BLOCKS * 1024;
/** Sum of squares below which there is only noise to compare: falls of 11 counts rms. */
const MOTION_MIN = LOOK_BLOCKS * 128;

/**
 * What the pulse does to the light: how deep it dips, and how red's dip compares with infrared's. A look every 1.28 s.
 * Formats: Q16 and Q12 as named; levels Q2 counts.
 */
export class PulseLight {
  /** Steepest fall of infrared within 80 ms in the look, counts, and over its level, Q16: a perfusion of 0.1 % gives some 45. */
  depthCounts = 0;
  depthQ16 = 0;
  /** Red and infrared moved together and clearly enough for `ratioSquaredQ12` to mean something. */
  isClear = false;
  /** They swung strongly and not together, as nothing in the skin does: flicker, sampled first by one and then the other. */
  isApart = false;
  /** (AC/DC of red over AC/DC of infrared) squared, Q12, 0 .. 2^17: about 0.25 for a healthy pulse, 1 for flicker or motion. */
  ratioSquaredQ12 = 0;
  /** (AC of red over AC of infrared) squared, in counts, Q12, 0 .. 2^16: 1 for light that adds to both. */
  swingSquaredQ12 = 0;

  #count = 0;
  #hasBefore = false;
  #redBeforeQ2 = 0;
  #irBeforeQ2 = 0;
  #deepest = 0;
  #redRed = 0;
  #irIr = 0;
  #redIr = 0;
  #clipped = false;
  #redSumQ2 = 0;
  #irSumQ2 = 0;

  /** @returns whether a look is complete. Cost: no allocation; some 40 operations, and 400 when it completes */
  push(blocks: LightBlocks): boolean {
    const { redQ2, irQ2 } = blocks;
    if (blocks.isBroken || blocks.irHigh || blocks.redHigh) {
      this.#hasBefore = false;
      this.#restart();
    }
    if (this.#hasBefore) this.#add((this.#redBeforeQ2 - redQ2) >> 2, (this.#irBeforeQ2 - irQ2) >> 2, redQ2, irQ2);
    this.#hasBefore = true;
    this.#redBeforeQ2 = redQ2;
    this.#irBeforeQ2 = irQ2;
    if (this.#count < LOOK_BLOCKS) return false;
    this.#conclude();
    this.#restart();
    return true;
  }

  /** What was seen is not of what comes now. */
  forget(): void {
    this.isClear = false;
    this.isApart = false;
    this.#restart();
  }

  #add(redFall: number, irFall: number, redQ2: number, irQ2: number): void {
    let red = redFall;
    let ir = irFall;
    if (red > FALL_MAX || red < FALL_MIN || ir > FALL_MAX || ir < FALL_MIN) {
      red = clamp(red, FALL_MIN, FALL_MAX);
      ir = clamp(ir, FALL_MIN, FALL_MAX);
      this.#clipped = true;
    }
    if (ir > this.#deepest) this.#deepest = ir;
    this.#redRed += Math.imul(red, red);
    this.#irIr += Math.imul(ir, ir);
    this.#redIr += Math.imul(red, ir);
    this.#redSumQ2 += redQ2; // 16 of them: below 2^24
    this.#irSumQ2 += irQ2;
    this.#count++;
  }

  #conclude(): void {
    const irLevel = this.#irSumQ2 >> 6; // counts
    const redLevel = this.#redSumQ2 >> 6;
    this.depthCounts = this.#deepest;
    this.depthQ16 = irLevel > 0 ? quotientFloor(this.#deepest << 16, irLevel) : 0; // 2^28
    this.isClear = false;
    this.isApart = false;
    if (this.#clipped || irLevel === 0 || redLevel === 0) return;
    if (this.#redRed < MOTION_MIN || this.#irIr < MOTION_MIN) return;
    const isStrong = this.#redRed >= APART_MIN && this.#irIr >= APART_MIN;
    if (this.#redIr <= 0) {
      this.isApart = isStrong;
      return;
    }
    // r^2 = (sum ri)^2 / (sum rr * sum ii), each quotient in Q10 so that their product fits.
    const onRedQ10 = quotientQ(this.#redIr, this.#redRed, 10);
    const onIrQ10 = quotientQ(this.#redIr, this.#irIr, 10);
    if (onRedQ10 > 0x7fff || onIrQ10 > 0x7fff) return; // 32 times as strong in one of them
    if (Math.imul(onRedQ10, onIrQ10) >> 16 < TOGETHER_SIXTEENTHS) {
      this.isApart = isStrong;
      return;
    }
    const swingQ12 = quotientQ(this.#redRed, this.#irIr, 12);
    const levelQ8 = quotientNearest(irLevel << 8, redLevel);
    if (swingQ12 > 0xffff || levelQ8 > 0xfff) return;
    this.swingSquaredQ12 = swingQ12;
    this.ratioSquaredQ12 = Math.imul(swingQ12, Math.imul(levelQ8, levelQ8) >> 10) >> 6; // Q12 x Q6 = Q18, back to Q12
    this.isClear = true;
  }

  #restart(): void {
    this.#count = 0;
    this.#deepest = 0;
    this.#redRed = 0;
    this.#irIr = 0;
    this.#redIr = 0;
    this.#redSumQ2 = 0;
    this.#irSumQ2 = 0;
    this.#clipped = false;
  }
}
