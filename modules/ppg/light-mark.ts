import { FIFO_DEPTH } from "ppg/max30102-registers";
import type { SampleBatch, SampleFlag } from "ppg/samples";

/** Samples that settle after the one during which the light changed. */
const SETTLE_SAMPLES = 2;

/** Which samples saw the light change: all that come from then on, to the second that saw nothing else. */
export class LightMark {
  readonly #flag: SampleFlag;
  #to = -1;

  constructor(flag: SampleFlag) {
    this.#flag = flag;
  }

  /** Light is about to change; `index` is the first sample that has not been handed on. Any that comes may be the one. */
  begin(index: number): void {
    this.#to = (index + FIFO_DEPTH) | 0;
  }

  /** It has changed, while `index` was being taken. */
  end(index: number): void {
    this.#to = (index + SETTLE_SAMPLES) | 0;
  }

  /** Marks the batch's samples that are concerned. Cost: no allocation. */
  mark(batch: SampleBatch): void {
    let end = (this.#to + 1 - batch.firstIndex) | 0;
    if (end > batch.count) end = batch.count;
    for (let at = 0; at < end; at++) batch.flags[at] = batch.flags[at]! | this.#flag; // at < count
  }
}
