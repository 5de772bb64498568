import { quotientFloor } from "base/divide";
import { type Beat, BeatVerdict } from "hrv/beat";

/** Beats looked back on: some half a minute. */
const BEATS = 32;
/** Fewer than this tell nothing. */
const BEATS_MIN = 10;
const CLEAN_PERCENT = 90;

/** How the last half minute of beats was: trustworthy, regular. Cost: per beat, no allocation. */
export class BeatWatch {
  readonly #verdicts = new Uint8Array(BEATS);
  #count = 0;
  #next = 0;

  beat(beat: Beat): void {
    this.#verdicts[this.#next] = beat.verdict;
    this.#next = (this.#next + 1) & (BEATS - 1);
    if (this.#count < BEATS) this.#count++;
  }

  reset(): void {
    this.#count = 0;
  }

  /** Nine beats in ten gave an interval that counts, or came early or late: the signal is good either way. */
  get clean(): boolean {
    if (this.#count < BEATS_MIN) return false;
    return (
      Math.imul(this.#of(BeatVerdict.Accepted) + this.#of(BeatVerdict.Ectopic), 100) >=
      Math.imul(this.#count, CLEAN_PERCENT)
    );
  }

  /** Beats that came early or late by more than breathing explains, per cent; undefined if that cannot be told. */
  get irregularPercent(): number | undefined {
    if (!this.clean) return undefined;
    return quotientFloor(Math.imul(this.#of(BeatVerdict.Ectopic), 100), this.#count);
  }

  #of(verdict: BeatVerdict): number {
    let beats = 0;
    for (let i = 0; i < this.#count; i++) if (this.#verdicts[i] === verdict) beats++;
    return beats;
  }
}
