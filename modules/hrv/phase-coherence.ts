import { quotientNearest } from "base/divide";
import { Wide } from "base/wide";

const ONE_Q16 = 0x1_0000;

/**
 * How steadily the heart's swing keeps its phase over K breaths: PC = |sum Z|^2 / (K * sum |Z|^2), 0 .. 1.
 *
 * Of noise alone PC follows Beta(1, K - 1): its mean is 1/K, and it exceeds p with probability (1 - p)^(K - 1). The
 * score takes the mean off: 100 * max(0, (PC - 1/K) / (1 - 1/K)).
 *
 * Range: |Z| below 2^19 (ticks Q8), at most 32 breaths: sums below 2^24, squares below 2^48.
 * Cost: no allocation. Memory: 2 wide sums, 3 fields.
 */
export class PhaseCoherence {
  /** K */
  breathCount = 0;
  /** sum Z, 1/1024 s in Q8: its angle is the mean lag. */
  realTicksQ8 = 0;
  imaginaryTicksQ8 = 0;
  readonly #powers = new Wide();
  readonly #together = new Wide();

  clear(): void {
    this.breathCount = 0;
    this.realTicksQ8 = 0;
    this.imaginaryTicksQ8 = 0;
    this.#powers.clear();
  }

  add(realTicksQ8: number, imaginaryTicksQ8: number): void {
    this.breathCount = (this.breathCount + 1) | 0;
    this.realTicksQ8 = (this.realTicksQ8 + realTicksQ8) | 0;
    this.imaginaryTicksQ8 = (this.imaginaryTicksQ8 + imaginaryTicksQ8) | 0;
    this.#powers.addProduct(realTicksQ8, realTicksQ8).addProduct(imaginaryTicksQ8, imaginaryTicksQ8);
  }

  /** No breath swings at all: there is no phase to be coherent. */
  get isStill(): boolean {
    return this.#powers.isZero;
  }

  /** |sum Z|, 1/1024 s in Q8, below 2^24. */
  get togetherTicksQ8(): number {
    this.#together.clear().addProduct(this.realTicksQ8, this.realTicksQ8);
    return this.#together.addProduct(this.imaginaryTicksQ8, this.imaginaryTicksQ8).squareRoot();
  }

  /** K * PC in Q16, 0 .. K: ask only if not still. */
  get breathsInStepQ16(): number {
    this.#together.clear().addProduct(this.realTicksQ8, this.realTicksQ8);
    this.#together.addProduct(this.imaginaryTicksQ8, this.imaginaryTicksQ8);
    return this.#together.ratioQ(this.#powers, 16);
  }

  /** PC in Q16. */
  get coherenceQ16(): number {
    return quotientNearest(this.breathsInStepQ16, this.breathCount);
  }

  /** 0 .. 100, nearest; needs two breaths. */
  get scorePercent(): number {
    const beyondNoiseQ16 = (this.breathsInStepQ16 - ONE_Q16) | 0; // (PC - 1/K) / (1 - 1/K) = (K PC - 1) / (K - 1)
    if (beyondNoiseQ16 <= 0) return 0;
    return quotientNearest(Math.imul(beyondNoiseQ16, 100), Math.imul(this.breathCount - 1, ONE_Q16));
  }
}
