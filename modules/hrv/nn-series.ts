import { assert } from "base/assert";

/** Physiological limits of one interval: 300 and 2000 ms, rounded outwards to 1/1024 s. */
export const NN_TICKS_MIN = 307;
export const NN_TICKS_MAX = 2048;

/** Beat times are rounded and the sensor's clock is steered, so an interval may start this far from the last one's end. */
const JOINT_TICKS_MAX = 16;
/** After this long without a beat (longest interval plus the slowest report) silence itself counts as uncovered. */
const SILENCE_TICKS_MAX = 3584;

const UNBROKEN = 0x8000;
const RR_MASK = 0x7fff;

/**
 * The clean intervals of the last minutes, and where they join. The one store that every metric reads.
 *
 * An interval that is refused (implausible, or before the end of the last one) acts as a gap.
 * Memory: 6 bytes for each beat (512 beats: 3 kB, 5 min at up to 102 beats a minute), and 5 fields.
 */
export class NnSeries {
  #newest = 0;
  #count = 0;
  #broken = true;
  readonly #mask: number;
  readonly #endTicks: Int32Array;
  /** rrTicks, 307 .. 2048, and UNBROKEN if the interval begins where the one before ended. */
  readonly #intervals: Uint16Array;

  /** @param beatsMax   a power of two, 16 .. 1024: what the sums of the metrics are proved for */
  constructor(beatsMax: number) {
    assert(beatsMax >= 16 && beatsMax <= 1024 && (beatsMax & (beatsMax - 1)) === 0, "16 .. 1024 beats, a power of two");
    this.#mask = beatsMax - 1;
    this.#endTicks = new Int32Array(beatsMax);
    this.#intervals = new Uint16Array(beatsMax);
  }

  /**
   * A clean interval.
   * @param rrTicks    its length, 1/1024 s
   * @param endTicks   the time of the beat that ends it, 1/1024 s, int32, wraps. A time that does not move forward
   *                   means that the clock was set: what was known before is dropped.
   * Cost:             no allocation
   */
  add(rrTicks: number, endTicks: number): void {
    if (rrTicks < NN_TICKS_MIN || rrTicks > NN_TICKS_MAX) {
      this.gap();
      return;
    }
    let joint = 0;
    if (this.#count > 0) {
      const sinceTicks = (endTicks - this.#endTicks[this.#newest]!) | 0; // newest is below the length by its mask
      if (sinceTicks <= 0) this.clear();
      joint = (sinceTicks - rrTicks) | 0;
      if (this.#count > 0 && joint < -JOINT_TICKS_MAX) {
        this.gap();
        return;
      }
    }
    const isUnbroken = this.#count > 0 && !this.#broken && joint <= JOINT_TICKS_MAX;
    this.#newest = (this.#newest + 1) & this.#mask;
    this.#endTicks[this.#newest] = endTicks;
    this.#intervals[this.#newest] = isUnbroken ? rrTicks | UNBROKEN : rrTicks;
    this.#broken = false;
    if (this.#count <= this.#mask) this.#count = (this.#count + 1) | 0;
  }

  /** Something was missed: the next interval does not follow the last one. */
  gap(): void {
    this.#broken = true;
  }

  clear(): void {
    this.#count = 0;
    this.#broken = true;
  }

  /** Intervals held. Below, `back` counts from the newest, which is 0, and must be below this. */
  get count(): number {
    return this.#count;
  }

  endTicks(back: number): number {
    return this.#endTicks[(this.#newest - back) & this.#mask]!; // below the length by its mask
  }

  rrTicks(back: number): number {
    return this.#intervals[(this.#newest - back) & this.#mask]! & RR_MASK; // likewise
  }

  /** Whether this interval begins where the next older one, still held or not, ended. */
  isUnbroken(back: number): boolean {
    return (this.#intervals[(this.#newest - back) & this.#mask]! & UNBROKEN) !== 0; // likewise
  }

  /** Where a window that is looked at now ends: at the last beat, unless silence since then is part of the story. */
  windowEndTicks(nowTicks: number): number {
    if (this.#count === 0) return nowTicks;
    const lastTicks = this.endTicks(0);
    return ((nowTicks - lastTicks) | 0) > SILENCE_TICKS_MAX ? nowTicks : lastTicks;
  }

  /** How far back from `endTicks` the series reaches, gaps included; 0 when it is empty. */
  reachTicks(endTicks: number): number {
    if (this.#count === 0) return 0;
    const oldest = (this.#count - 1) | 0;
    return (((endTicks - this.endTicks(oldest)) | 0) + this.rrTicks(oldest)) | 0;
  }
}
