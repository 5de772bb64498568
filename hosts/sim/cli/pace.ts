export const FRAME_MS = 50;
/** What a frame may catch up with: after the laptop has slept the band does not race. */
const FRAME_MS_MAX = 250;
/** As fast as it goes, the picture still moves: this much virtual time between two frames. */
const STEP_MS_MAX = 2000;
/** At full speed: how fast that is, is measured over this long. */
const MEASURE_MS = 1000;

/** How far virtual time goes in the next frame. */
export class Pace {
  readonly #speed: number;
  readonly #nowMs: () => number;
  #lastMs: number;
  #sinceMs: number;
  #steppedMs = 0;
  #measured = 0;

  /**
   * @param speed  times real time, above 0; Infinity is as fast as it goes
   * @param nowMs  real time
   */
  constructor(speed: number, nowMs: () => number = () => performance.now()) {
    this.#speed = speed;
    this.#nowMs = nowMs;
    this.#lastMs = nowMs();
    this.#sinceMs = this.#lastMs;
  }

  get text(): string {
    if (Number.isFinite(this.#speed)) return `${this.#speed}×`;
    return this.#measured === 0 ? "as fast as it goes" : `${Math.round(this.#measured)}×`;
  }

  /** Real time to wait before the next frame. */
  get restMs(): number {
    return Number.isFinite(this.#speed) ? Math.max(0, FRAME_MS - (this.#nowMs() - this.#lastMs)) : 0;
  }

  /** Virtual time to go on by: what has passed since the last call, times the speed. */
  step(): number {
    const nowMs = this.#nowMs();
    const frameMs = Math.min(FRAME_MS_MAX, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    if (nowMs - this.#sinceMs >= MEASURE_MS) {
      this.#measured = this.#steppedMs / (nowMs - this.#sinceMs);
      this.#steppedMs = 0;
      this.#sinceMs = nowMs;
    }
    const stepMs = Number.isFinite(this.#speed) ? frameMs * this.#speed : STEP_MS_MAX;
    this.#steppedMs += stepMs;
    return stepMs;
  }

  /** Real time passes, virtual time stands still. */
  stand(): void {
    this.#lastMs = this.#nowMs();
  }
}
