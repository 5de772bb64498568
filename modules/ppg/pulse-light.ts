import { clamp } from "base/clamp";
import { quotientFloor, quotientNearest, quotientQ } from "base/divide";
import type { LightBlocks } from "ppg/light-blocks";

/** Blocks in a look: 1.28 s, so that there is an upstroke in it down to 47 beats a minute, and in two looks below. */
const LOOK_BLOCKS = 32;
/** Falls are taken over two blocks, 80 ms: most of an upstroke, little of drift and breath. */
const FALL_BLOCKS = 2;
/** Counts. Products of two stay below 2^24, sums of 32 below 2^29. A larger fall is no pulse. */
const FALL_MAX = 4095;
/** Red and infrared move as one: r^2 above 0.8, in 1/16. */
const TOGETHER_SIXTEENTHS = 13;
/** Sum of 32 squares below which there is only noise to compare: falls of 16 counts rms. */
const MOTION_MIN = LOOK_BLOCKS * 256;

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
  /** (AC/DC of red over AC/DC of infrared) squared, Q12, 0 .. 2^17: about 0.25 for a healthy pulse, 1 for flicker or motion. */
  ratioSquaredQ12 = 0;

  #count = 0;
  #runs = 0;
  #red1 = 0;
  #red2 = 0;
  #ir1 = 0;
  #ir2 = 0;
  #deepest = 0;
  #redRed = 0;
  #irIr = 0;
  #redIr = 0;
  #clipped = false;
  #redSumQ2 = 0;
  #irSumQ2 = 0;

  /** @returns whether a look is complete. Cost: no allocation; some 30 operations, and 400 when it completes */
  push(blocks: LightBlocks): boolean {
    const { redQ2, irQ2 } = blocks;
    if (blocks.isBroken || blocks.irHigh || blocks.redHigh) {
      this.#runs = 0;
      this.#restart();
    }
    if (++this.#runs > FALL_BLOCKS) {
      const redFall = (this.#red2 - redQ2) >> 2;
      const irFall = (this.#ir2 - irQ2) >> 2;
      const red = clamp(redFall, 0 - FALL_MAX, FALL_MAX);
      const ir = clamp(irFall, 0 - FALL_MAX, FALL_MAX);
      if (red !== redFall || ir !== irFall) this.#clipped = true;
      if (ir > this.#deepest) this.#deepest = ir;
      this.#redRed += Math.imul(red, red);
      this.#irIr += Math.imul(ir, ir);
      this.#redIr += Math.imul(red, ir);
      this.#redSumQ2 += redQ2; // 32 of them: below 2^25
      this.#irSumQ2 += irQ2;
      this.#count++;
    }
    this.#red2 = this.#red1;
    this.#ir2 = this.#ir1;
    this.#red1 = redQ2;
    this.#ir1 = irQ2;
    if (this.#count < LOOK_BLOCKS) return false;
    this.#conclude();
    this.#restart();
    return true;
  }

  #conclude(): void {
    const irLevel = this.#irSumQ2 >> 7; // counts
    const redLevel = this.#redSumQ2 >> 7;
    this.depthCounts = this.#deepest;
    this.depthQ16 = irLevel > 0 ? quotientFloor(this.#deepest << 16, irLevel) : 0; // 2^28
    this.isClear = false;
    if (this.#clipped || irLevel === 0 || redLevel === 0) return;
    if (this.#redRed < MOTION_MIN || this.#irIr < MOTION_MIN || this.#redIr <= 0) return;
    // r^2 = (sum ri)^2 / (sum rr * sum ii), each quotient in Q10 so that their product fits.
    const onRedQ10 = quotientQ(this.#redIr, this.#redRed, 10);
    const onIrQ10 = quotientQ(this.#redIr, this.#irIr, 10);
    if (onRedQ10 > 0x7fff || onIrQ10 > 0x7fff) return; // 32 times as strong in one of them
    if (Math.imul(onRedQ10, onIrQ10) >> 16 < TOGETHER_SIXTEENTHS) return;
    const swingQ12 = quotientQ(this.#redRed, this.#irIr, 12);
    const levelQ8 = quotientNearest(irLevel << 8, redLevel);
    if (swingQ12 > 0xffff || levelQ8 > 0xfff) return;
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
