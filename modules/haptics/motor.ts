import { elapsedMs } from "base/elapsed";
import type { Clock, Timers } from "base/host-parts";

/** What cues see of a vibration motor: it runs for a stated time or not at all. */
export interface Motor {
  readonly running: boolean;
  /**
   * Runs from now for `onMs`, then stops by itself. A pulse during a pulse replaces it without a break.
   * @param strengthQ8  0 .. 256: from the weakest the motor holds to the strongest allowed
   * @param onMs        > 0; cut to what MOTOR_LIMITS leave
   * @returns           false if nothing was played: not permitted, or a pause is due
   */
  pulse(strengthQ8: number, onMs: number): boolean;
  /** Silent now, whatever was going on. Never throws. */
  off(): void;
}

/** The electronics: a MOSFET on PWM or a haptic driver. */
export interface MotorDrive {
  /**
   * @param levelQ8  0 .. 256 of the strongest drive the motor stands; 0 stops
   * @returns        false if the hardware did not take it (a NACK); one that throws has not taken it either
   */
  write(levelQ8: number): boolean;
}

/** Bounds that no cue, program, setting or command can exceed: every pulse passes them. */
export const MOTOR_LIMITS = Object.freeze({
  /** Longest single pulse (hardware reference, fault `motorRunaway`: software limit 2 s). */
  onMsMax: 2_000,
  /** Longest vibration without a pause (physiology 6, rule 3). */
  unbrokenMsMax: 20_000,
  /** Silence that counts as a pause. A coin motor coasts for up to 150 ms, so shorter gaps are felt as one. */
  pauseMsMin: 200,
  /** After the off-edge the weight still turns and the skin still moves (physiology 6, rule 6). */
  tailMs: 150,
} as const);

/** A stop that the hardware refused is tried again at once, and then this soon, until it is taken. */
const STOP_RETRY_MS = 10;

/** How one motor behaves, found by the wearer's staircase or taken from the defaults. */
export interface MotorProfile {
  /** Full drive at the start of a pulse from rest, ms: a coin motor needs 20 .. 40 ms to move at all. */
  readonly kickMs: number;
  /** Drive that surely starts it from rest, Q8; a pulse never kicks with less. */
  readonly startLevelQ8: number;
  /** Drive at which it keeps turning, Q8: strength 0 is mapped here. */
  readonly sustainLevelQ8: number;
}

/** Worst case of the coin motor table: starts at 2.3 V of 3.0 V, holds at 1.2 V of 3.0 V (hardware reference 2.1). */
export const DEFAULT_PROFILE: MotorProfile = Object.freeze({ kickMs: 30, startLevelQ8: 197, sustainLevelQ8: 103 });

/**
 * Told of every stretch of time in which the skin is shaken, host clock ms, the tail included. It is told at the
 * on-edge with the planned end, and again at the off-edge if that came later than planned. Stretches may overlap.
 */
export type ShakenListener = (fromMs: number, toMs: number) => void;

export interface LimitedMotorOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly profile?: MotorProfile;
  readonly onShaken?: ShakenListener;
}

/**
 * A motor that cannot run away. The first thing it does is to stop the hardware. It owns the off-edge of every pulse;
 * the bounds of MOTOR_LIMITS are applied here and nowhere else. Cost: no allocation per pulse but the host's timer.
 */
export class LimitedMotor implements Motor {
  readonly #drive: MotorDrive;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #onShaken: ShakenListener | undefined;
  readonly #onTimer: () => void;
  #profile: MotorProfile;
  #timer: unknown;
  #running = false;
  #permitted = true;
  #stopPending = false;
  #holdLevelQ8 = 0;
  #kickEndMs = 0;
  #offMs = 0;
  /** On-edge of this pulse, and start of the vibration without a pause that it belongs to. */
  #onMs = 0;
  #unbrokenSinceMs = 0;
  #everRan = false;
  /** Pulses not played, and those cut short, because of a bound. */
  refusedCount = 0;
  cutCount = 0;
  /** Writes that the hardware did not take. */
  driveErrorCount = 0;

  constructor(drive: MotorDrive, options: LimitedMotorOptions) {
    this.#drive = drive;
    this.#clock = options.clock;
    this.#timers = options.timers;
    this.#profile = options.profile ?? DEFAULT_PROFILE;
    this.#onShaken = options.onShaken;
    this.#onTimer = () => this.#due();
    this.#onMs = this.#offMs = this.#clock.ticks;
    this.off();
  }

  get running(): boolean {
    return this.#running;
  }

  /** False: silent now, and no pulse is played until it is true again (battery empty, fault). */
  get permitted(): boolean {
    return this.#permitted;
  }
  set permitted(permitted: boolean) {
    this.#permitted = permitted;
    if (!permitted) this.off();
  }

  get profile(): MotorProfile {
    return this.#profile;
  }
  set profile(profile: MotorProfile) {
    this.#profile = profile;
  }

  pulse(strengthQ8: number, onMs: number): boolean {
    const nowMs = this.#clock.ticks;
    const fromRest = !this.#running;
    if (fromRest && (!this.#everRan || elapsedMs(nowMs, this.#offMs) >= MOTOR_LIMITS.pauseMsMin))
      this.#unbrokenSinceMs = nowMs;
    const leftMs = MOTOR_LIMITS.unbrokenMsMax - elapsedMs(nowMs, this.#unbrokenSinceMs);
    const boundMs = leftMs < MOTOR_LIMITS.onMsMax ? leftMs : MOTOR_LIMITS.onMsMax;
    const allowedMs = (onMs | 0) < boundMs ? onMs | 0 : boundMs; // Math.min would make it a double in XS
    if (!this.#permitted || this.#stopPending || allowedMs <= 0) {
      this.refusedCount++;
      return false;
    }
    if (allowedMs < onMs) this.cutCount++;
    const strength = strengthQ8 < 0 ? 0 : strengthQ8 > 256 ? 256 : strengthQ8 | 0;
    const { kickMs, startLevelQ8, sustainLevelQ8 } = this.#profile;
    this.#holdLevelQ8 = sustainLevelQ8 + (((256 - sustainLevelQ8) * strength) >> 8);
    const kicks = fromRest && kickMs > 0;
    const offMs = (nowMs + allowedMs) | 0;
    this.#kickEndMs = kicks && kickMs < allowedMs ? (nowMs + kickMs) | 0 : offMs;
    this.#arm(this.#kickEndMs); // before the motor runs: it never runs without a timer that ends it
    const isWeak = fromRest && this.#holdLevelQ8 < startLevelQ8;
    if (!this.#write(kicks ? 256 : isWeak ? startLevelQ8 : this.#holdLevelQ8)) {
      this.off(); // whether the hardware heard it is not known: a motor that may run is stopped
      this.refusedCount++;
      return false;
    }
    this.#running = true;
    this.#everRan = true;
    if (fromRest) this.#onMs = nowMs;
    this.#offMs = offMs;
    this.#onShaken?.(nowMs, (offMs + MOTOR_LIMITS.tailMs) | 0);
    return true;
  }

  off(): void {
    const wasOn = this.#running || this.#stopPending;
    this.#running = false;
    this.#disarm();
    const nowMs = this.#clock.ticks;
    this.#stopPending = !this.#write(0) && !this.#write(0);
    if (this.#stopPending) this.#timer = this.#timers.set(this.#onTimer, STOP_RETRY_MS);
    if (!wasOn) return;
    const isLate = elapsedMs(nowMs, this.#offMs) > 0;
    this.#offMs = nowMs;
    if (isLate) this.#onShaken?.(this.#onMs, (nowMs + MOTOR_LIMITS.tailMs) | 0);
  }

  /** The one timer: the kick ends, the pulse ends, or a refused stop is tried again. */
  #due(): void {
    this.#timer = undefined;
    const nowMs = this.#clock.ticks;
    if (!this.#running || elapsedMs(nowMs, this.#offMs) >= 0) this.off();
    else if (elapsedMs(nowMs, this.#kickEndMs) < 0) this.#arm(this.#kickEndMs);
    else {
      this.#arm(this.#offMs);
      if (!this.#write(this.#holdLevelQ8)) this.off();
    }
  }

  #write(levelQ8: number): boolean {
    let taken = false;
    try {
      taken = this.#drive.write(levelQ8);
    } catch {} // the hardware misbehaves: counted and tried again like a NACK, because off() must not fail
    if (!taken) this.driveErrorCount++;
    return taken;
  }

  #arm(atMs: number): void {
    this.#disarm();
    try {
      const waitMs = elapsedMs(atMs, this.#clock.ticks);
      this.#timer = this.#timers.set(this.#onTimer, waitMs > 0 ? waitMs : 0);
    } catch (cause) {
      this.off();
      throw cause;
    }
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
  }
}
