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
  /** Beats among them that were accepted, and that came early or late. */
  #accepted = 0;
  #ectopic = 0;

  beat(beat: Beat): void {
    if (this.#count === BEATS)
      this.#tally(this.#verdicts[this.#next]!, -1); // the oldest; masked below
    else this.#count++;
    this.#tally(beat.verdict, 1);
    this.#verdicts[this.#next] = beat.verdict;
    this.#next = (this.#next + 1) & (BEATS - 1);
  }

  reset(): void {
    this.#count = 0;
    this.#next = 0;
    this.#accepted = 0;
    this.#ectopic = 0;
  }

  /** Nine beats in ten gave an interval that counts, or came early or late: the signal is good either way. */
  get clean(): boolean {
    if (this.#count < BEATS_MIN) return false;
    return Math.imul(this.#accepted + this.#ectopic, 100) >= Math.imul(this.#count, CLEAN_PERCENT);
  }

  /** Beats that came early or late by more than breathing explains, per cent; undefined if that cannot be told. */
  get irregularPercent(): number | undefined {
    if (!this.clean) return undefined;
    return quotientFloor(Math.imul(this.#ectopic, 100), this.#count);
  }

  #tally(verdict: BeatVerdict, change: number): void {
    if (verdict === BeatVerdict.Accepted) this.#accepted += change;
    else if (verdict === BeatVerdict.Ectopic) this.#ectopic += change;
  }
}
