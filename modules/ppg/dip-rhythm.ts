import { RunningMedian } from "base/running-median";
import type { LightBlocks } from "ppg/light-blocks";

/** A fall is taken over 80 ms, less the mean fall of the second around it: that is breath and drift. So it is 0.5 s late. */
const FALL_FROM = 7;
const FALL_TO = 6;
const TREND_FROM = 13;
const TREND_Q8 = 20; // 1 of 13 blocks
const RING = 16;
/** Looks of 1.28 s that say how deep a dip is: the median of five, as some hold no dip and motion makes them deeper. */
const LOOK_BLOCKS = 16;
const LOOKS = 5;
/** Counts within 80 ms below which a dip does not stand clear of the converter's noise. */
const DIP_MIN = 30;
/** After a dip, the next may come in 240 ms (250 beats a minute). */
const DEAD_BLOCKS = 3;
/** Longest gap of late, forgotten by an eighth a dip: 1 s to begin with, 2 s at most. */
const GAP_START = 13;
const GAP_MAX = 25;
/** Overdue after 2.25 gaps and 0.16 s: a dropped beat is not. */
const MARGIN_BLOCKS = 2;

/**
 * Do the dips of the pulse keep coming? A crude look at the light alone, to notice within some three beats that what was
 * worn is gone though the level happens to be the same.
 */
export class DipRhythm {
  /** A dip should have come by now: said once. Never without a pulse that stands clear of the noise. */
  isOverdue = false;
  readonly #levelsQ2 = new Int32Array(RING);
  #at = 0;
  #levels = 0;
  readonly #depths = new RunningMedian(LOOKS);
  #deepest = 0;
  #looked = 0;
  #since = 0;
  #gap = GAP_START;

  /** One block of 80 ms. Cost: no allocation; some 30 operations. @param isWorn otherwise there is nothing to expect */
  block(blocks: LightBlocks, isWorn: boolean): void {
    this.isOverdue = false;
    if (blocks.isBroken) this.#restart();
    if (!isWorn) {
      this.#since = 0;
      this.#gap = GAP_START;
    }
    const levels = this.#levelsQ2;
    const at = (this.#at + 1) & (RING - 1);
    this.#at = at;
    const levelQ2 = blocks.irQ2;
    levels[at] = levelQ2;
    if (++this.#levels <= TREND_FROM) return;
    const fallQ2 = levels[(at - FALL_FROM) & (RING - 1)]! - levels[(at - FALL_TO) & (RING - 1)]!; // masked, as the next
    const trendQ2 = levels[(at - TREND_FROM) & (RING - 1)]! - levelQ2;
    const fall = (fallQ2 - (Math.imul(trendQ2, TREND_Q8) >> 8)) >> 2; // 2^20 x 2^4.4
    if (fall > this.#deepest) this.#deepest = fall;
    if (++this.#looked === LOOK_BLOCKS) {
      this.#depths.push(this.#deepest);
      this.#looked = 0;
      this.#deepest = 0;
    }
    const dip = this.#depths.value >> 1;
    if (isWorn && dip >= DIP_MIN && this.#depths.count === LOOKS) this.#expect(fall >= dip);
  }

  #expect(isDip: boolean): void {
    this.#since++;
    if (!isDip) {
      if (this.#since <= (this.#gap << 1) + (this.#gap >> 2) + MARGIN_BLOCKS) return;
      this.isOverdue = true;
      this.#depths.clear(); // perhaps it was motion that made the dips so deep: learn again
      return;
    }
    if (this.#since < DEAD_BLOCKS) return;
    const faded = this.#gap - (this.#gap >> 3);
    const gap = this.#since > faded ? this.#since : faded;
    this.#gap = gap > GAP_MAX ? GAP_MAX : gap;
    this.#since = 0;
  }

  #restart(): void {
    this.#levels = 0;
    this.#looked = 0;
    this.#deepest = 0;
    this.#since = 0;
  }
}
