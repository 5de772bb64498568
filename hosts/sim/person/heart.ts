import { RandomStream } from "../board/random.js";
import { exponential, happens, uniformBetween } from "./chance.js";
import type { HeartOptions } from "./options.js";
import { BeatKind } from "./truth.js";

/** Told of each beat, in order of time. */
export type OnBeat = (heartUs: number, kind: BeatKind, bpm: number) => void;

const MINUTE_US = 60_000_000;
/** No two beats are closer: the refractory time of the ventricle. */
const RR_US_MIN = 240_000;

/**
 * The sinus node by integral pulse frequency modulation: the rate is summed up, and each time the sum reaches one there
 * is a beat. Ectopic beats, pauses and fibrillation come on top, each from its own stream of chance.
 *
 * An early beat of the ventricle leaves the sinus node as it is; the node's next beat finds the ventricle refractory and
 * is not conducted: the pause after it is compensatory to the microsecond, but for the beat's own jitter. One of the
 * atrium resets the node.
 */
export class Heart {
  readonly #options: HeartOptions;
  readonly #onBeat: OnBeat;
  readonly #jitter: RandomStream;
  readonly #ectopics: RandomStream;
  readonly #pauses: RandomStream;
  readonly #fibrillation: RandomStream;
  /** Beats since the last one of the sinus node: a fraction. */
  #phase = 0;
  #sinusAt = 1;
  #ectopicAt = Number.POSITIVE_INFINITY;
  #ectopicKind = BeatKind.Atrial;
  #isBlocked = false;
  #isAfterPause = false;
  #lastUs = Number.NEGATIVE_INFINITY;
  /** Fibrillation: its next beat. */
  #dueUs = 0;
  #isFibrillating = false;

  constructor(seed: number, options: HeartOptions, onBeat: OnBeat) {
    this.#options = options;
    this.#onBeat = onBeat;
    this.#jitter = new RandomStream(seed, "person sinus jitter");
    this.#ectopics = new RandomStream(seed, "person ectopics");
    this.#pauses = new RandomStream(seed, "person pauses");
    this.#fibrillation = new RandomStream(seed, "person fibrillation");
    this.#phase = uniformBetween(this.#jitter, 0, 0.9);
    if (options.isFibrillating) this.fibrillate(true, 0);
  }

  get isFibrillating(): boolean {
    return this.#isFibrillating;
  }

  fibrillate(on: boolean, nowUs: number): void {
    if (on === this.#isFibrillating) return;
    this.#isFibrillating = on;
    if (on) this.#dueUs = nowUs;
    else {
      this.#phase = 0;
      this.#ectopicAt = Number.POSITIVE_INFINITY;
      this.#isBlocked = false;
    }
  }

  /** All beats of `fromUs <= t < fromUs + stepUs`, at a constant rate. */
  step(fromUs: number, stepUs: number, bpm: number): void {
    if (this.#isFibrillating) this.#fibrillateStep(fromUs + stepUs, bpm);
    else this.#sinusStep(fromUs, stepUs, bpm);
  }

  #sinusStep(fromUs: number, stepUs: number, bpm: number): void {
    const perUs = bpm / MINUTE_US;
    const startPhase = this.#phase;
    this.#phase += perUs * stepUs;
    while (true) {
      const at = Math.min(this.#ectopicAt, this.#sinusAt);
      if (this.#phase < at) return;
      const timeUs = Math.round(fromUs + Math.max(0, at - startPhase) / perUs);
      if (this.#ectopicAt < this.#sinusAt) {
        this.#ectopicAt = Number.POSITIVE_INFINITY;
        if (!this.#emit(timeUs, this.#ectopicKind, bpm)) continue;
        if (this.#ectopicKind === BeatKind.Ventricular) this.#isBlocked = true;
        else this.#resetNode(at, bpm);
      } else {
        if (this.#isBlocked) this.#isBlocked = false;
        else this.#emit(timeUs, this.#isAfterPause ? BeatKind.AfterPause : BeatKind.Sinus, bpm);
        this.#resetNode(at, bpm);
      }
      // A second beat within one step is counted from the first.
      if (this.#phase >= Math.min(this.#ectopicAt, this.#sinusAt)) throw new RangeError("two beats within one step");
      return;
    }
  }

  /** The node starts again at phase `at`; what its next beat will be like is drawn now. */
  #resetNode(at: number, bpm: number): void {
    const { beatJitterMs, ectopicsPerHour, ventricularShare, pausesPerHour } = this.#options;
    this.#phase -= at;
    const beatsPerHour = 60 * bpm;
    this.#sinusAt = 1 + (this.#jitter.nextNormal() * beatJitterMs * bpm) / 60_000;
    const isPause = happens(this.#pauses, pausesPerHour / beatsPerHour);
    const pauseS = uniformBetween(this.#pauses, 1, 2.5);
    this.#isAfterPause = isPause && !this.#isBlocked;
    if (this.#isAfterPause) this.#sinusAt += (pauseS * bpm) / 60;
    const isEctopic = happens(this.#ectopics, ectopicsPerHour / beatsPerHour);
    const coupling = uniformBetween(this.#ectopics, 0.55, 0.75);
    const isVentricular = happens(this.#ectopics, ventricularShare);
    if (!isEctopic || this.#isAfterPause) return;
    this.#ectopicAt = coupling;
    this.#ectopicKind = isVentricular ? BeatKind.Ventricular : BeatKind.Atrial;
  }

  /**
   * Intervals are the sum of two independent parts, one that follows the mean rate and one that is exponential and
   * uncorrelated (Hennig, Maass, Hayano & Heinrichs 2006: its rate 3 .. 12 per second).
   */
  #fibrillateStep(toUs: number, bpm: number): void {
    const { fibrillationTailMs, maxBpm } = this.#options;
    while (this.#dueUs < toUs) {
      this.#emit(Math.round(this.#dueUs), BeatKind.Fibrillation, bpm);
      const meanUs = MINUTE_US / bpm;
      const tailUs = Math.min(fibrillationTailMs * 1000, meanUs / 2);
      const shortestUs = Math.max(RR_US_MIN, MINUTE_US / maxBpm);
      this.#dueUs += Math.max(shortestUs, meanUs - tailUs + exponential(this.#fibrillation, tailUs));
    }
  }

  #emit(timeUs: number, kind: BeatKind, bpm: number): boolean {
    if (timeUs - this.#lastUs < RR_US_MIN) return false;
    this.#lastUs = timeUs;
    this.#onBeat(timeUs, kind, bpm);
    return true;
  }
}
