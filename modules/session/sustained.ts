import { elapsedMs } from "base/elapsed";

/** Longer than this between two looks is not seen as one stretch. */
const LOOK_MS_MAX = 2_000;
/** Doubt for this long ends what held before. */
const DOUBT_MS_MAX = 10_000;

/** How long something has held, by evidence: time without evidence does not count, and too much of it clears. */
export class Sustained {
  heldMs = 0;
  #isHolding = false;
  #doubtMs = 0;
  #atMs = 0;

  begin(nowMs: number): void {
    this.#clear();
    this.#doubtMs = 0;
    this.#atMs = nowMs;
  }

  /** About once a second. @returns `heldMs`, bounded. Cost: no allocation. */
  look(isKnown: boolean, holds: boolean, nowMs: number): number {
    const sinceMs = elapsedMs(nowMs, this.#atMs);
    const stepMs = sinceMs < 0 ? 0 : sinceMs > LOOK_MS_MAX ? LOOK_MS_MAX : sinceMs;
    this.#atMs = nowMs;
    if (isKnown) {
      this.#doubtMs = 0;
      if (!holds) this.#clear();
      else if (this.#isHolding) this.heldMs = bounded(this.heldMs + stepMs, 0x3fff_ffff);
      this.#isHolding = holds; // what lies before the first look at which it holds is not known
    } else {
      this.#doubtMs = bounded(this.#doubtMs + stepMs, DOUBT_MS_MAX);
      if (this.#doubtMs === DOUBT_MS_MAX) this.#clear();
    }
    return this.heldMs;
  }

  #clear(): void {
    this.heldMs = 0;
    this.#isHolding = false;
  }
}

/** Not Math.min, which makes a double of what it returns in XS. */
const bounded = (ms: number, msMax: number): number => (ms < msMax ? ms : msMax);
