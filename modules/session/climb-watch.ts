import { elapsedMs } from "base/elapsed";

/** The mean of this long carries three breaths at 6 per minute: the swing with the breath averages out. */
export const CLIMB_BLOCK_MS = 30_000;
/** A block needs this many good seconds. */
const SECONDS_MIN = 20;
/** The newest block and the six before it: three minutes from first to last. */
const BLOCKS = 7;

export const enum Climb {
  None = 0,
  /** A climb, the first in this session. */
  First = 1,
  /** Three minutes after the first it is still up, or a second one. */
  Again = 2,
}

/** Climb of the mean heart rate while the breath is paced. Integers, no allocation; sums below 255 * 2^6. */
export class ClimbWatch {
  readonly #sums = new Int32Array(BLOCKS);
  readonly #counts = new Int32Array(BLOCKS);
  #blocks = 0;
  #blockSinceMs = 0;
  #sum = 0;
  #count = 0;
  /** After the first climb: the low block that it was measured from, and blocks since. */
  #hasClimbed = false;
  #baseSum = 0;
  #baseCount = 0;
  #blocksSince = 0;

  /** A session begins. */
  begin(nowMs: number): void {
    this.#hasClimbed = false;
    this.#baseCount = 0;
    this.interrupt(nowMs);
  }

  /** Not paced: what comes after cannot be compared with what was before. */
  interrupt(nowMs: number): void {
    this.#blocks = 0;
    this.#startBlock(nowMs);
  }

  /** Once a second while the breath is paced; `bpm` undefined is a second without evidence. */
  second(bpm: number | undefined, climbBpm: number, nowMs: number): Climb {
    if (bpm !== undefined && this.#count < 2 * SECONDS_MIN) {
      this.#sum += bpm;
      this.#count++;
    }
    if (elapsedMs(nowMs, this.#blockSinceMs) < CLIMB_BLOCK_MS) return Climb.None;
    const sum = this.#sum;
    const count = this.#count;
    const isGood = count >= SECONDS_MIN;
    this.#startBlock(nowMs);
    const slot = this.#blocks % BLOCKS;
    this.#sums[slot] = sum;
    this.#counts[slot] = isGood ? count : 0;
    this.#blocks++;
    if (this.#baseCount > 0) return this.#afterFirst(isGood, sum, count, climbBpm);
    if (!isGood) return Climb.None;
    const low = this.#lowest();
    const lowSum = this.#sums[low] ?? 0; // low < BLOCKS
    const lowCount = this.#counts[low] ?? 0;
    if (!isAbove(sum, count, lowSum, lowCount, climbBpm)) return Climb.None;
    if (this.#hasClimbed) return Climb.Again;
    this.#hasClimbed = true;
    this.#baseSum = lowSum;
    this.#baseCount = lowCount;
    this.#blocksSince = 0;
    return Climb.First;
  }

  /** The pace was eased: three minutes of patience, then it is down again or it is over. */
  #afterFirst(isGood: boolean, sum: number, count: number, climbBpm: number): Climb {
    this.#blocksSince++;
    if (this.#blocksSince < BLOCKS - 1 || !isGood) return Climb.None;
    if (isAbove(sum, count, this.#baseSum, this.#baseCount, climbBpm)) return Climb.Again;
    this.#baseCount = 0;
    this.#blocks = 0;
    return Climb.None;
  }

  /** Slot of the kept block with the lowest mean; the newest is good, so there is one. */
  #lowest(): number {
    let low = (this.#blocks - 1) % BLOCKS;
    const kept = this.#blocks < BLOCKS ? this.#blocks : BLOCKS;
    for (let i = 0; i < kept; i++) {
      const count = this.#counts[i]!; // i < BLOCKS
      if (count > 0 && Math.imul(this.#sums[i]!, this.#counts[low]!) < Math.imul(this.#sums[low]!, count)) low = i;
    }
    return low;
  }

  #startBlock(nowMs: number): void {
    this.#blockSinceMs = nowMs;
    this.#sum = 0;
    this.#count = 0;
  }
}

/** Mean a is at least `by` above mean b. Products below 255 * 2^6 * 2^6: int32 holds. */
function isAbove(sumA: number, countA: number, sumB: number, countB: number, by: number): boolean {
  return Math.imul(sumA, countB) - Math.imul(sumB, countA) >= Math.imul(by, Math.imul(countA, countB));
}
