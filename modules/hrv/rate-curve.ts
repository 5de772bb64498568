import { Wide } from "base/wide";

/** Most points of a curve, and the furthest that one may lie from the origin. */
export const CURVE_POINTS_MAX = 8;
export const CURVE_X_MAX = 32;

export const enum Top {
  /** Between the outermost points. */
  Inside = 0,
  /** The parabola opens upwards, or is a line: it has no top. */
  None = 1,
  /** Below the first or above the last point. */
  Outside = 2,
}

/**
 * Least-squares parabola a + b x + c x^2 through a few points, for where its top is.
 *
 * The normal equations are reduced without fractions: with moments s of x and t of x^k y, A11 = n s2 - s1^2,
 * A12 = n s3 - s1 s2, A22 = n s4 - s2^2, B1 = n t1 - s1 t0, B2 = n t2 - s2 t0, the top lies at
 * -b / 2c = (A12 B2 - A22 B1) / (2 (A11 B2 - A12 B1)).
 * Range: up to 8 points, |x| <= 32, 0 <= y < 2^13: A below 2^27, B below 2^30.
 * Cost: no allocation. Memory: 3 fields, 2 wide sums.
 */
export class RateCurve {
  /** The top, x in Q8; if it is outside, the nearer outermost point. Undefined where there is none. */
  topQ8 = 0;
  readonly #numerator = new Wide();
  readonly #curvature = new Wide();

  /** @param x, y   the first `count` are the points, x rising, count 3 .. 8 */
  fit(x: Int32Array, y: Int32Array, count: number): Top {
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let t0 = 0;
    let t1 = 0;
    let t2 = 0;
    for (let i = 0; i < count; i++) {
      const at = x[i]!; // count is at most the length of both
      const square = Math.imul(at, at);
      const height = y[i]!;
      s1 = (s1 + at) | 0;
      s2 = (s2 + square) | 0;
      s3 = (s3 + Math.imul(square, at)) | 0;
      s4 = (s4 + Math.imul(square, square)) | 0;
      t0 = (t0 + height) | 0;
      t1 = (t1 + Math.imul(at, height)) | 0;
      t2 = (t2 + Math.imul(square, height)) | 0;
    }
    const a11 = (Math.imul(count, s2) - Math.imul(s1, s1)) | 0;
    const a12 = (Math.imul(count, s3) - Math.imul(s1, s2)) | 0;
    const a22 = (Math.imul(count, s4) - Math.imul(s2, s2)) | 0;
    const b1 = (Math.imul(count, t1) - Math.imul(s1, t0)) | 0;
    const b2 = (Math.imul(count, t2) - Math.imul(s2, t0)) | 0;
    this.#curvature
      .clear()
      .addProduct(a11, b2)
      .addProduct(0 - a12, b1);
    if (!this.#curvature.isNegative) return Top.None;
    this.#curvature.negate().shiftLeft(1);
    this.#numerator
      .clear()
      .addProduct(a22, b1)
      .addProduct(0 - a12, b2);
    return this.#place(x[0]!, x[count - 1]!); // count is at least 3
  }

  #place(first: number, last: number): Top {
    const isBelow = this.#numerator.isNegative;
    if (isBelow) this.#numerator.negate();
    // Above 64 the top is outside for certain, and the ratio might not fit.
    const isFar = this.#numerator.bitLength > this.#curvature.bitLength + 7;
    const distanceQ8 = isFar ? 64 << 8 : this.#numerator.ratioQ(this.#curvature, 8);
    this.topQ8 = isBelow ? 0 - distanceQ8 : distanceQ8;
    if (this.topQ8 <= first << 8) {
      this.topQ8 = first << 8;
      return Top.Outside;
    }
    if (this.topQ8 >= last << 8) {
      this.topQ8 = last << 8;
      return Top.Outside;
    }
    return Top.Inside;
  }
}
