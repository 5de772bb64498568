import { quotientNearest } from "base/divide";
import { Wide } from "base/wide";

/**
 * A row of least squares, one for each value of a parameter on an even grid: where it is least, and how far to either
 * side it stays below a limit. Places are grid indices in Q8.
 *
 * Near its least a profile is a parabola, so the root of its height is a straight line: that is what is followed
 * between grid points.
 * Cost: no allocation. Memory: 6 fields, a wide sum.
 */
export class SquaresProfile {
  /** Where the parabola through the least point and its neighbours has its bottom, and the bottom itself. */
  placeQ8 = 0;
  least = 0;
  /** Where the profile crosses the limit. */
  lowQ8 = 0;
  highQ8 = 0;
  #best = 0;
  readonly #work = new Wide();

  /**
   * @param squares   0 .. 2^31 - 1 each, at least 3
   * @returns         false if the least is at an end: the true one may be beyond
   */
  findLeast(squares: Int32Array): boolean {
    let best = 0;
    for (let i = 1; i < squares.length; i++) if (squares[i]! < squares[best]!) best = i; // both below the length
    this.#best = best;
    this.placeQ8 = best << 8;
    this.least = squares[best]!; // likewise
    if (best === 0 || best === squares.length - 1) return false;
    let left = (squares[best - 1]! - this.least) | 0; // best is inside
    let right = (squares[best + 1]! - this.least) | 0; // likewise
    let shift = 0;
    while ((left | right) >= 1 << 22) {
      left >>= 1;
      right >>= 1;
      shift = (shift + 1) | 0;
    }
    if (left + right === 0) return true; // flat: the middle will do
    const offsetQ8 = quotientNearest((left - right) << 7, left + right); // -128 .. 128
    this.placeQ8 = ((best << 8) + offsetQ8) | 0;
    // Bottom of the parabola: (left - right) / 4 * offset below the least point. 2^22 * 2^7 fits.
    const depth = Math.imul(left - right, offsetQ8) >> 10;
    this.least = (this.least - (depth << shift)) | 0;
    if (this.least < 0) this.least = 0;
    return true;
  }

  /** @returns false if the profile stays below `limit` up to an end of the grid */
  findInterval(squares: Int32Array, limit: number): boolean {
    const low = this.#crossing(squares, limit, -1);
    const high = this.#crossing(squares, limit, 1);
    if (low < 0 || high < 0) return false;
    this.lowQ8 = low;
    this.highQ8 = high;
    return true;
  }

  /** The place where the profile first exceeds the limit in that direction; negative if it does not. */
  #crossing(squares: Int32Array, limit: number, direction: number): number {
    let outside = (this.#best + direction) | 0;
    while (outside >= 0 && outside < squares.length && squares[outside]! <= limit) outside = (outside + direction) | 0;
    if (outside < 0 || outside >= squares.length) return -1;
    const inside = (outside - direction) | 0;
    const isNext = inside === this.#best;
    const fromQ8 = isNext ? this.placeQ8 : inside << 8;
    const fromHeight = isNext ? 0 : this.#height(squares[inside]!); // inside lies between best and outside
    const rise = (this.#height(squares[outside]!) - fromHeight) | 0; // outside was just found to be in the grid
    const wanted = (this.#height(limit) - fromHeight) | 0; // 0 .. rise, below 2^20
    if (rise === 0) return fromQ8;
    return (fromQ8 + quotientNearest(Math.imul(((outside << 8) - fromQ8) | 0, wanted), rise)) | 0;
  }

  /** Root of the height above the bottom, Q4. */
  #height(squares: number): number {
    return squares <= this.least
      ? 0
      : this.#work
          .clear()
          .add(squares)
          .add(0 - this.least)
          .shiftLeft(8)
          .squareRoot();
  }
}
