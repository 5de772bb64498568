import { assert } from "base/assert";
import { cosineOfStepQ13, sineOfStepQ13 } from "base/sine";

/** Points of the transform: what is shorter is taken as followed by zeros. */
export const TRANSFORM_POINTS = 1024;
const PAIRS = 512;
const PAIR_BITS = 9;
/** Frequencies kept: 0 .. a quarter of the sampling rate. */
export const TRANSFORM_BINS = 257;

/**
 * Discrete Fourier transform of up to 1024 real numbers, X[k] = sum x[n] exp(-2 pi j k n / 1024), k = 0 .. 256.
 *
 * Even and odd samples are the real and imaginary parts of 512 complex numbers; radix-2 with decimation in time. A
 * value alone in its block has a constant transform, so a short input starts at the stage where blocks first meet.
 *
 * Range: |x| < 2^17, so a pair is below 2^17.5 long. A stage adds two of them; it halves the sum unless all parts were
 *        below 2^16, so the bound stays (roundings add less than 20). Times Q13 that is below 2^30.6. Even and odd part
 *        are halved before they are multiplied. Seventeen bits of data and thirteen of sine lose equally little.
 * Error: 3 units of X / 2^scaleBits in each part and 3 in 10 000 of the largest; 10 where one sample towers above all
 *        others, since it sets the scale; measured in the tests
 * Cost:  no allocation; 6 (up to 128 points) to 9 stages of 256 butterflies
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
    assert(count >= 2 && count <= TRANSFORM_POINTS && (count & 1) === 0, "an even number of points, 2 .. 1024");
    this.re.fill(0);
    this.im.fill(0);
    this.#blockBits = PAIR_BITS - (32 - Math.clz32((count >> 1) - 1));
    this.scaleBits = 0;
    this.#magnitude = 0;
  }

  /** x[2 * pair] and x[2 * pair + 1], each below 2^17 in magnitude. */
  load(pair: number, even: number, odd: number): void {
    let place = 0;
    for (let bit = 0; bit < PAIR_BITS; bit++) place |= ((pair >> bit) & 1) << (PAIR_BITS - 1 - bit);
    const end = (place + (1 << this.#blockBits)) | 0;
    this.#magnitude |= (even ^ (even >> 31)) | (odd ^ (odd >> 31));
    for (let i = place; i < end; i++) {
      this.re[i] = even;
      this.im[i] = odd;
    }
  }

  run(): void {
    for (let half = 1 << this.#blockBits; half < PAIRS; half <<= 1) this.#stage(half);
    for (let k = 1; k < TRANSFORM_BINS; k++) this.#separate(k);
    const first = this.re[0]!; // sums of even and of odd samples: X[0] is both
    this.re[0] = (first + this.im[0]!) | 0; // index 0 of 512
    this.im[0] = 0;
  }

  #stage(half: number): void {
    const { re, im } = this;
    const stride = half << 1;
    const halving = this.#magnitude >= 0x1_0000 ? 1 : 0;
    let magnitude = 0;
    const stepOfTwiddle = PAIRS >> (31 - Math.clz32(half));
    for (let j = 0; j < half; j++) {
      const step = Math.imul(j, stepOfTwiddle);
      const cosine = cosineOfStepQ13(step);
      const sine = sineOfStepQ13(step);
      for (let a = j; a < PAIRS; a += stride) {
        const b = a + half; // below PAIRS, as is a
        const bRe = re[b]!;
        const bIm = im[b]!;
        const turnedRe = (Math.imul(bRe, cosine) + Math.imul(bIm, sine) + 0x1000) >> 13;
        const turnedIm = (Math.imul(bIm, cosine) - Math.imul(bRe, sine) + 0x1000) >> 13;
        const aRe = re[a]!;
        const aIm = im[a]!;
        const upRe = (aRe + turnedRe + halving) >> halving;
        const upIm = (aIm + turnedIm + halving) >> halving;
        const downRe = (aRe - turnedRe + halving) >> halving;
        const downIm = (aIm - turnedIm + halving) >> halving;
        re[a] = upRe;
        im[a] = upIm;
        re[b] = downRe;
        im[b] = downIm;
        magnitude |=
          (upRe ^ (upRe >> 31)) | (upIm ^ (upIm >> 31)) | (downRe ^ (downRe >> 31)) | (downIm ^ (downIm >> 31));
      }
    }
    this.#magnitude = magnitude;
    this.scaleBits = (this.scaleBits + halving) | 0;
  }

  /** X[k] from the complex transform Z: half of Z[k] + Z*[512 - k], and half of their difference turned by -j W^k. */
  #separate(k: number): void {
    const { re, im } = this;
    const mirror = PAIRS - k; // 256 .. 511: not overwritten yet
    const evenRe = (re[k]! + re[mirror]! + 1) >> 1; // k is 1 .. 256
    const evenIm = (im[k]! - im[mirror]! + 1) >> 1;
    const oddRe = (im[k]! + im[mirror]! + 1) >> 1;
    const oddIm = (re[mirror]! - re[k]! + 1) >> 1;
    const cosine = cosineOfStepQ13(k);
    const sine = sineOfStepQ13(k);
    re[k] = (evenRe + ((Math.imul(oddRe, cosine) + Math.imul(oddIm, sine) + 0x1000) >> 13)) | 0;
    im[k] = (evenIm + ((Math.imul(oddIm, cosine) - Math.imul(oddRe, sine) + 0x1000) >> 13)) | 0;
  }
}
