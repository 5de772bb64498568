import { assert } from "base/assert";
import { cosineOfStepQ13, SINE_QUARTER_Q15, sineOfStepQ13 } from "base/sine";

/** Points of the transform: what is shorter is taken as followed by zeros. */
export const TRANSFORM_POINTS = 1024;
const PAIRS = 512;
const PAIR_BITS = 9;
/** Frequencies kept: 0 .. a quarter of the sampling rate. */
export const TRANSFORM_BINS = 257;

// Hoisted: a string literal that is evaluated makes garbage wherever byte code is not in flash.
const COUNT_RANGE = "an even number of points, 2 .. 1024";
/** Half of what a look-up by name costs the engine in the innermost loop. */
const imul = Math.imul;

/**
 * Discrete Fourier transform of up to 1024 real numbers, X[k] = sum x[n] exp(-2 pi j k n / 1024), k = 0 .. 256.
 *
 * Even and odd samples are the real and imaginary parts of 512 complex numbers; decimation in time, two stages of
 * radix 2 at once (and one alone where their number is odd). A value alone in its block has a constant transform, so a
 * short input starts at the stage where blocks first meet.
 *
 * Range: |x| < 2^17, so a pair is below 2^17.5 long. Two stages add four of them; the sum is shifted by two bits, or by
 *        one or none if all parts were below 2^16 or 2^15: the bound stays (roundings add less than 20). Times Q13 that
 *        is below 2^30.6. Even and odd part are halved before they are multiplied. Seventeen bits of data and thirteen
 *        of sine lose equally little.
 * Error: 3 units of X / 2^scaleBits in each part and 3 in 10 000 of the largest; 30 where one sample towers above all
 *        others, since it sets the scale; measured in the tests
 * Cost:  no allocation; 6 (up to 128 points) to 9 stages
 * Memory: 4 kB and 3 fields
 */
export class RealTransform {
  /** What `load` and `run` make: X = (re + j im) * 2^scaleBits. */
  readonly re = new Int32Array(PAIRS);
  readonly im = new Int32Array(PAIRS);
  scaleBits = 0;
  #blockBits = 0;
  /** The bits that any part of any number needs, as their union. */
  #magnitude = 0;

  /** @param count   how many numbers will be loaded, 2 .. 1024, even */
  begin(count: number): void {
    assert(count >= 2 && count <= TRANSFORM_POINTS && (count & 1) === 0, COUNT_RANGE);
    this.re.fill(0);
    this.im.fill(0);
    this.#blockBits = PAIR_BITS - (32 - Math.clz32((count >> 1) - 1));
    this.scaleBits = 0;
    this.#magnitude = 0;
  }

  /** x[2 * pair] and x[2 * pair + 1], each below 2^17 in magnitude. */
  load(pair: number, even: number, odd: number): void {
    let place = ((pair & 0x5555) << 1) | ((pair >> 1) & 0x5555); // sixteen bits turned about, nine of them kept
    place = ((place & 0x3333) << 2) | ((place >> 2) & 0x3333);
    place = ((place & 0x0f0f) << 4) | ((place >> 4) & 0x0f0f);
    place = (((place & 0x00ff) << 8) | (place >> 8)) >> (16 - PAIR_BITS);
    const end = (place + (1 << this.#blockBits)) | 0;
    this.#magnitude |= (even ^ (even >> 31)) | (odd ^ (odd >> 31));
    for (let i = place; i < end; i++) {
      this.re[i] = even;
      this.im[i] = odd;
    }
  }

  run(): void {
    while (this.advance()) {}
  }

  /** One piece of what `run` does, at most 7: for those who may not take the time at once. @returns whether more is left */
  advance(): boolean {
    const half = 1 << this.#blockBits;
    if (half < PAIRS) {
      const isAlone = ((PAIR_BITS - this.#blockBits) & 1) === 1;
      if (isAlone) this.#stage(half);
      else this.#twoStages(half);
      this.#blockBits = (this.#blockBits + (isAlone ? 1 : 2)) | 0;
      return true;
    }
    this.#separateAll();
    return false;
  }

  #separateAll(): void {
    for (let k = 1; k < TRANSFORM_BINS; k++) this.#separate(k);
    const first = this.re[0]!; // sums of even and of odd samples: X[0] is both
    this.re[0] = (first + this.im[0]!) | 0; // index 0 of 512
    this.im[0] = 0;
  }

  /** Blocks of `half` numbers become blocks of twice as many. */
  #stage(half: number): void {
    const { re, im } = this;
    const stride = half << 1;
    const stepOfTwiddle = PAIRS >> (31 - Math.clz32(half));
    const shift = this.#magnitude >= 0x1_0000 ? 1 : 0;
    let magnitude = 0;
    for (let j = 0; j < half; j++) {
      const step = imul(j, stepOfTwiddle);
      const cosine = cosineOfStepQ13(step);
      const sine = sineOfStepQ13(step);
      for (let a = j; a < PAIRS; a += stride) {
        const b = a + half; // below PAIRS, as is a
        const bRe = re[b]!;
        const bIm = im[b]!;
        const turnedRe = (imul(bRe, cosine) + imul(bIm, sine) + 0x1000) >> 13;
        const turnedIm = (imul(bIm, cosine) - imul(bRe, sine) + 0x1000) >> 13;
        const aRe = re[a]! + shift;
        const aIm = im[a]! + shift;
        const upRe = (aRe + turnedRe) >> shift;
        const upIm = (aIm + turnedIm) >> shift;
        const downRe = (aRe - turnedRe) >> shift;
        const downIm = (aIm - turnedIm) >> shift;
        re[a] = upRe;
        im[a] = upIm;
        re[b] = downRe;
        im[b] = downIm;
        magnitude |=
          (upRe ^ (upRe >> 31)) | (upIm ^ (upIm >> 31)) | (downRe ^ (downRe >> 31)) | (downIm ^ (downIm >> 31));
      }
    }
    this.#magnitude = magnitude;
    this.scaleBits = (this.scaleBits + shift) | 0;
  }

  /**
   * Blocks of `half` numbers become blocks of four times as many. With w = exp(-2 pi j / (4 half)): of x0, w^2j x1,
   * w^j x2 and w^3j x3 the four sums whose signs go by powers of -j.
   */
  #twoStages(half: number): void {
    const { re, im } = this;
    const stride = half << 2;
    const stepOfTwiddle = 256 >> (31 - Math.clz32(half));
    let shift = 0;
    if (this.#magnitude >= 0x8000) shift = this.#magnitude >= 0x1_0000 ? 2 : 1;
    const rounding = (1 << shift) >> 1;
    let magnitude = 0;
    for (let j = 0; j < half; j++) {
      const step = imul(j, stepOfTwiddle); // below a quarter turn, 256
      const cosine2 = (SINE_QUARTER_Q15[256 - step]! + 2) >> 2; // 0 .. 256, as is the next
      const sine2 = (SINE_QUARTER_Q15[step]! + 2) >> 2;
      const cosine1 = cosineOfStepQ13(step << 1);
      const sine1 = sineOfStepQ13(step << 1);
      const cosine3 = cosineOfStepQ13(imul(step, 3));
      const sine3 = sineOfStepQ13(imul(step, 3));
      for (let i0 = j; i0 < PAIRS; i0 += stride) {
        const i1 = i0 + half; // below PAIRS, as are the others: a block of four times half ends there
        const i2 = i1 + half;
        const i3 = i2 + half;
        let xRe = re[i1]!;
        let xIm = im[i1]!;
        const p1Re = (imul(xRe, cosine1) + imul(xIm, sine1) + 0x1000) >> 13;
        const p1Im = (imul(xIm, cosine1) - imul(xRe, sine1) + 0x1000) >> 13;
        xRe = re[i2]!;
        xIm = im[i2]!;
        const p2Re = (imul(xRe, cosine2) + imul(xIm, sine2) + 0x1000) >> 13;
        const p2Im = (imul(xIm, cosine2) - imul(xRe, sine2) + 0x1000) >> 13;
        xRe = re[i3]!;
        xIm = im[i3]!;
        const p3Re = (imul(xRe, cosine3) + imul(xIm, sine3) + 0x1000) >> 13;
        const p3Im = (imul(xIm, cosine3) - imul(xRe, sine3) + 0x1000) >> 13;
        xRe = re[i0]! + rounding;
        xIm = im[i0]! + rounding;
        const aRe = xRe + p1Re;
        const aIm = xIm + p1Im;
        const bRe = xRe - p1Re;
        const bIm = xIm - p1Im;
        const cRe = p2Re + p3Re;
        const cIm = p2Im + p3Im;
        const dRe = p2Re - p3Re;
        const dIm = p2Im - p3Im;
        re[i0] = xRe = (aRe + cRe) >> shift;
        im[i0] = xIm = (aIm + cIm) >> shift;
        magnitude |= (xRe ^ (xRe >> 31)) | (xIm ^ (xIm >> 31));
        re[i1] = xRe = (bRe + dIm) >> shift;
        im[i1] = xIm = (bIm - dRe) >> shift;
        magnitude |= (xRe ^ (xRe >> 31)) | (xIm ^ (xIm >> 31));
        re[i2] = xRe = (aRe - cRe) >> shift;
        im[i2] = xIm = (aIm - cIm) >> shift;
        magnitude |= (xRe ^ (xRe >> 31)) | (xIm ^ (xIm >> 31));
        re[i3] = xRe = (bRe - dIm) >> shift;
        im[i3] = xIm = (bIm + dRe) >> shift;
        magnitude |= (xRe ^ (xRe >> 31)) | (xIm ^ (xIm >> 31));
      }
    }
    this.#magnitude = magnitude;
    this.scaleBits = (this.scaleBits + shift) | 0;
  }

  /** X[k] from the complex transform Z: half of Z[k] + Z*[512 - k], and half of their difference turned by -j W^k. */
  #separate(k: number): void {
    const { re, im } = this;
    const mirror = PAIRS - k; // 256 .. 511: not overwritten yet
    const evenRe = (re[k]! + re[mirror]! + 1) >> 1; // k is 1 .. 256
    const evenIm = (im[k]! - im[mirror]! + 1) >> 1;
    const oddRe = (im[k]! + im[mirror]! + 1) >> 1;
    const oddIm = (re[mirror]! - re[k]! + 1) >> 1;
    const cosine = (SINE_QUARTER_Q15[256 - k]! + 2) >> 2; // 0 .. 255
    const sine = (SINE_QUARTER_Q15[k]! + 2) >> 2; // 1 .. 256
    re[k] = (evenRe + ((imul(oddRe, cosine) + imul(oddIm, sine) + 0x1000) >> 13)) | 0;
    im[k] = (evenIm + ((imul(oddIm, cosine) - imul(oddRe, sine) + 0x1000) >> 13)) | 0;
  }
}
