import { elapsedMs } from "base/elapsed";
import type { Clock, Timers } from "base/host-parts";
import { CUES, type Cue, type CueName, cueLengthMs } from "haptics/cues";
import type { Motor } from "haptics/motor";
import type { DueTick, TickSource } from "haptics/tick-source";
import { GapVerdict, SETTLED_MS, UPSTROKE_GUARD_MS, type UpstrokeForecast, UpstrokeGap } from "haptics/upstroke-gap";

/** A tick that would come later than this is dropped: a late tick misleads, a missing one does not (physiology 6.5). */
export const LATE_MS_MAX = 80;
/** After a cue the guide is silent for this long, so that the cue is felt as a whole. */
const QUIET_AFTER_CUE_MS = 400;
/** Between two ticks that were moved towards each other. */
const GAP_BETWEEN_MS = 100;

export interface CuePlayerOptions {
  readonly motor: Motor;
  readonly clock: Clock;
  readonly timers: Timers;
  /** With it, ticks that may move keep clear of the heartbeat's upstroke. */
  readonly forecast?: UpstrokeForecast;
  readonly observer?: CueObserver;
}

/** Told what is being played, for the log and the page. */
export interface CueObserver {
  onCue?(name: CueName, atMs: number): void;
  /** A tick was given to the motor, at `atMs`; it was wished for `shiftMs` earlier. */
  onTick?(atMs: number, onMs: number, strengthQ8: number, shiftMs: number): void;
}

/**
 * Plays one cue at a time over one guide that goes on. Every tick has an absolute time on the host's clock; there is one
 * timer, for the next of them. Cost: no allocation but the host's timer; the sources' cost comes on top.
 */
export class CuePlayer {
  readonly #motor: Motor;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #gap: UpstrokeGap | undefined;
  readonly #observer: CueObserver;
  readonly #onTimer: () => void;
  readonly #due: DueTick = { atMs: 0, onMs: 0, strengthQ8: 0, shiftMsMax: 0, yields: false };
  #timer: unknown;

  #cue: Cue | undefined;
  #cueStartMs = 0;
  /** Next tick of the cue; as many as the cue has when it is only waiting for its quiet end. */
  #cueNext = 0;

  #guide: TickSource | undefined;
  #guideStartMs = 0;
  #guideLengthMs = 0;
  /** Guide's time of the last tick that is done with. */
  #guideAfterMs = -1;

  /** The tick that the timer waits for: its time on the host clock, wished and after moving. */
  #hasDue = false;
  #wishedMs = 0;
  #playMs = 0;
  #isAimed = false;
  /** The next tick follows without a gap: this one lasts until that one takes over, even if that is a little late. */
  #isJoined = false;
  #lastOffMs = 0;
  #isMuted = false;

  /**
   * This wrist's strengths that feel evenly spaced, rising from 0 to 256: what tables and styles ask for in even steps is
   * played at these. Without them the motor's own scale holds.
   */
  strengthsQ8: readonly number[] | undefined;
  /** The wearer's choice, 0 .. 256: of guides only, for a cue must be felt whatever was chosen. */
  guideStrengthQ8 = 256;
  droppedCount = 0;
  shiftedCount = 0;
  /** Ticks left out, or played across an upstroke, because no gap was within reach. */
  yieldedCount = 0;
  overlapCount = 0;

  constructor(options: CuePlayerOptions) {
    this.#motor = options.motor;
    this.#clock = options.clock;
    this.#timers = options.timers;
    this.#gap = options.forecast === undefined ? undefined : new UpstrokeGap(options.forecast);
    this.#observer = options.observer ?? {};
    this.#lastOffMs = options.clock.ticks;
    this.#onTimer = () => this.#awake();
  }

  /** The cue from now on; it ends a running tick. False if a cue of higher rank is playing. */
  play(name: CueName): boolean {
    const cue: Cue = CUES[name];
    if (this.#cue !== undefined && this.#cueNext < this.#cue.ticks.length && this.#cue.rank > cue.rank) return false;
    this.#motor.off();
    this.#cue = cue;
    this.#cueNext = 0;
    this.#cueStartMs = this.#clock.ticks;
    this.#observer.onCue?.(name, this.#cueStartMs);
    this.#schedule();
    return true;
  }

  /**
   * The guide from `startMs` on, host clock: its time 0. Ticks of a cue go before its own.
   * @param lengthMs  ticks that the source wishes for at this time or later are not played
   */
  guide(source: TickSource, startMs: number, lengthMs: number): void {
    this.#guide = source;
    this.#guideStartMs = startMs;
    this.#guideLengthMs = lengthMs;
    const sinceMs = elapsedMs(this.#clock.ticks, startMs);
    this.#guideAfterMs = sinceMs > 0 ? sinceMs - 1 : -1; // Math.max would make it a double in XS
    this.#schedule();
  }

  /** Another end for the guide that goes on. */
  set guideLengthMs(lengthMs: number) {
    this.#guideLengthMs = lengthMs;
    if (this.#cue === undefined) this.#schedule();
  }

  /** No guide any more; a cue that is playing goes on. */
  endGuide(): void {
    if (this.#guide === undefined) return;
    this.#guide = undefined;
    if (this.#cue === undefined) this.#motor.off();
    this.#schedule();
  }

  /** Silent now and nothing to come. */
  stop(): void {
    try {
      this.#motor.off();
    } finally {
      this.#cue = undefined;
      this.#guide = undefined;
      this.#disarm();
    }
  }

  /** Muted: silent now, and ticks pass by unplayed while the schedule goes on. */
  set muted(muted: boolean) {
    this.#isMuted = muted;
    if (muted) this.#motor.off();
  }
  get muted(): boolean {
    return this.#isMuted;
  }

  /** A cue is being played. */
  get isCueing(): boolean {
    return this.#cue !== undefined;
  }

  /** The timer fired. Whatever goes wrong in here, the motor does not stay on. */
  #awake(): void {
    this.#timer = undefined;
    try {
      this.#step();
    } catch (cause) {
      this.stop();
      throw cause;
    }
  }

  #step(): void {
    const nowMs = this.#clock.ticks;
    if (!this.#hasDue) {
      this.#schedule(); // a cue's quiet end
      return;
    }
    if (!this.#isAimed && !this.#aim(nowMs)) this.yieldedCount++;
    else if (elapsedMs(nowMs, this.#playMs) < 0) {
      this.#arm(this.#playMs);
      return;
    } else if (elapsedMs(nowMs, this.#playMs) > LATE_MS_MAX) this.droppedCount++;
    else if (!this.#isMuted) {
      if (this.#isBlocked(nowMs)) {
        if (this.#playMs !== nowMs) {
          this.#arm(this.#playMs);
          return;
        }
        this.yieldedCount++;
      } else this.#play(nowMs);
    }
    this.#done();
  }

  #play(nowMs: number): void {
    const { onMs, strengthQ8 } = this.#due;
    if (!this.#motor.pulse(this.#felt(strengthQ8), this.#isJoined ? onMs + LATE_MS_MAX : onMs)) return;
    this.#lastOffMs = (nowMs + onMs) | 0;
    this.#observer.onTick?.(nowMs, onMs, strengthQ8, elapsedMs(this.#playMs, this.#wishedMs));
  }

  /** From the table's scale to this wrist's. */
  #felt(strengthQ8: number): number {
    const askedQ8 = this.#cue === undefined ? (strengthQ8 * this.guideStrengthQ8) >> 8 : strengthQ8;
    const strengthsQ8 = this.strengthsQ8;
    if (strengthsQ8 === undefined) return askedQ8;
    const placeQ8 = askedQ8 * (strengthsQ8.length - 1); // at most 256 * 5
    const below = placeQ8 >> 8;
    const fromQ8 = strengthsQ8[below] ?? 256;
    const toQ8 = strengthsQ8[below + 1] ?? 256;
    return fromQ8 + (((toQ8 - fromQ8) * (placeQ8 & 255)) >> 8);
  }

  /** Moves the tick into a gap, as late as its earliest possible time: the forecast is best then. False: leave it out. */
  #aim(nowMs: number): boolean {
    this.#isAimed = true;
    const { onMs, shiftMsMax, yields } = this.#due;
    if (this.#gap === undefined || shiftMsMax === 0 || elapsedMs(nowMs, this.#wishedMs) > 0) return true;
    const clearMs = (this.#lastOffMs + GAP_BETWEEN_MS) | 0;
    const earliestMs = elapsedMs(clearMs, nowMs) > 0 ? clearMs : nowMs;
    const verdict = this.#gap.find(this.#wishedMs, earliestMs, onMs, shiftMsMax, UPSTROKE_GUARD_MS);
    if (verdict === GapVerdict.None && yields) return false;
    if (verdict === GapVerdict.None) this.overlapCount++;
    if (verdict === GapVerdict.Shifted) {
      this.shiftedCount++;
      this.#playMs = this.#gap.atMs;
    }
    return true;
  }

  /**
   * Whether an upstroke is in the way after all: a timer was late, or a beat since the aiming has changed the forecast.
   * If a later time within reach is clear, `#playMs` is that; otherwise it is `nowMs`, and the tick is to be left out.
   */
  #isBlocked(nowMs: number): boolean {
    const { onMs, shiftMsMax, yields } = this.#due;
    if (this.#gap === undefined || shiftMsMax === 0) return false;
    const reachMs = shiftMsMax - elapsedMs(nowMs, this.#wishedMs);
    const verdict = this.#gap.find(nowMs, nowMs, onMs, reachMs, UPSTROKE_GUARD_MS - SETTLED_MS);
    if (verdict === GapVerdict.OnTime || (verdict === GapVerdict.None && !yields)) return false;
    if (verdict === GapVerdict.Shifted && this.#gap.atMs === nowMs) return false;
    this.#playMs = verdict === GapVerdict.Shifted ? this.#gap.atMs : nowMs;
    return true;
  }

  /** The tick that was due is done with: on to the next. */
  #done(): void {
    if (this.#cue !== undefined) this.#cueNext++;
    else this.#guideAfterMs = this.#due.atMs;
    this.#schedule();
  }

  /** Finds the next tick and sets the timer for it. */
  #schedule(): void {
    this.#disarm();
    const nowMs = this.#clock.ticks;
    const cue = this.#cue;
    if (cue !== undefined) {
      const tick = cue.ticks[this.#cueNext];
      const quietEndMs = (this.#cueStartMs + cueLengthMs(cue) + QUIET_AFTER_CUE_MS) | 0;
      if (tick !== undefined) {
        const due = this.#due;
        due.onMs = tick.onMs;
        due.strengthQ8 = tick.strengthQ8;
        due.shiftMsMax = 0;
        due.yields = false;
        this.#isJoined = cue.ticks[this.#cueNext + 1]?.atMs === tick.atMs + tick.onMs;
        this.#expect((this.#cueStartMs + tick.atMs) | 0);
        return;
      }
      if (elapsedMs(quietEndMs, nowMs) > 0) {
        this.#arm(quietEndMs);
        return;
      }
      this.#cue = undefined;
      const beforeMs = elapsedMs(nowMs, this.#guideStartMs) - 1;
      if (beforeMs > this.#guideAfterMs) this.#guideAfterMs = beforeMs;
    }
    if (this.#guide === undefined) return;
    this.#isJoined = false;
    // After a standstill the ticks missed are not gone through one by one.
    const oldestMs = elapsedMs(nowMs, this.#guideStartMs) - LATE_MS_MAX - 1;
    if (oldestMs > this.#guideAfterMs) this.#guideAfterMs = oldestMs;
    if (this.#guide.nextTick(this.#guideAfterMs, this.#due) && this.#due.atMs < this.#guideLengthMs)
      this.#expect((this.#guideStartMs + this.#due.atMs) | 0);
  }

  #expect(wishedMs: number): void {
    this.#hasDue = true;
    this.#isAimed = false;
    this.#wishedMs = wishedMs;
    this.#playMs = wishedMs;
    const reachMs = this.#gap === undefined ? 0 : this.#due.shiftMsMax;
    this.#arm((wishedMs - reachMs) | 0);
  }

  #arm(atMs: number): void {
    const waitMs = elapsedMs(atMs, this.#clock.ticks);
    this.#timer = this.#timers.set(this.#onTimer, waitMs > 0 ? waitMs : 0);
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
    this.#hasDue = false;
  }
}
