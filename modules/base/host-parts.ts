/**
 * The door through which hardware comes: what a host (the ESP32, the simulator) hands to `main.ts`.
 *
 * Shapes are ECMA-419's as Moddable's ESP32 classes implement them, cut down to what the firmware calls. An options
 * object names the class in `io` and carries the pins, so that a driver can write `new options.io({ ...options })`.
 */

/** A register device on I2C. Every call is one bus transaction; a NACK or a time-out throws. */
export interface Smbus {
  readUint8(register: number): number;
  writeUint8(register: number, value: number): void;
  /** Fills `bytes` from consecutive reads that start at `register`, with a repeated start. */
  readBuffer(register: number, bytes: Uint8Array): unknown;
  close(): void;
}
export interface SmbusOptions {
  readonly io: new (options: { hz: number; address: number }) => Smbus;
  readonly hz?: number;
  readonly address?: number;
}

/** A pin. Edges coalesce and carry no time; `onReadable` never fires again for a level that stays. */
export interface Digital {
  read(): number;
  write(value: 0 | 1): void;
  close(): void;
}
export interface DigitalConstructor {
  new (options: { mode: number; edge?: number; initialValue?: 0 | 1; onReadable?(this: Digital): void }): Digital;
  readonly InputPullUp: number;
  readonly Output: number;
  readonly Falling: number;
  readonly Rising: number;
}
export interface DigitalOptions {
  readonly io: DigitalConstructor;
}

/** A PWM output: duty 0 .. 2^resolution - 1, the highest is fully on; out of range throws. */
export interface Pwm {
  readonly resolution: number;
  write(duty: number): void;
  close(): void;
}
export interface PwmOptions {
  readonly io: new (options: { hz: number; resolution: number }) => Pwm;
}

/** An analog input: 0 .. 2^resolution - 1 over the host's full scale. */
export interface Analog {
  readonly resolution: number;
  /** A conversion that failed gives nothing. */
  read(): number | undefined;
  close(): void;
}
export interface AnalogOptions {
  readonly io: new (options: object) => Analog;
  /** Cell voltage, mV, that reads as full scale, divider included. */
  readonly fullScaleMv: number;
}

/** Moddable's `timer`, by its own name for each call. Callbacks run one at a time, never inside one another. */
export interface Timers {
  set(callback: () => void, delayMs: number): unknown;
  repeat(callback: () => void, periodMs: number): unknown;
  clear(timer: unknown): void;
}

/** Milliseconds since the host started, an integer that never goes back. Wraps after 24 days, as int32. */
export interface Clock {
  readonly ticks: number;
}

/** Small values that survive a restart. Keys of at most 15 characters. `write` commits before it returns. */
export interface KeyValueStore {
  read(key: string): ArrayBuffer | undefined;
  write(key: string, value: ArrayBuffer | Uint8Array): void;
  delete(key: string): void;
}

/** Who this band is. */
export interface Identity {
  readonly name: string;
  readonly manufacturer: string;
  readonly model: string;
  /** Empty where the board has no number of its own. */
  readonly serial: string;
  readonly hardwareRevision: string;
  readonly firmwareRevision: string;
}

/** Restarts the band when it is not fed for some seconds. Fed from the sample path: a band that senses nothing is stuck. */
export interface Watchdog {
  feed(): void;
}

/**
 * Somebody who looks on: a simulator's page, a debugger. Never changes what the band does. Integers only, so that
 * looking on costs the sample path nothing; enumerations are those of the modules named.
 */
export interface Observer {
  /** Each candidate that became a beat: 1/1024 s since the host started, 1/1024 s or 0, `BeatVerdict`, 0 .. 256. */
  beat(upstrokeTicks: number, rrTicks: number, verdict: number, qualityQ8: number): void;
  /** Once a second: beats per minute, `HeartRateAbsence` (bpm counts only if it is None), per cent of the cell. */
  second(bpm: number, absence: number, batteryPercent: number): void;
  /** `ContactState` and its reason, when they change. */
  contact(state: number, reason: number): void;
  /**
   * A paced breath was judged: how well the rhythm of the heart follows the pacer, 0 .. 100, and the swing of the heart
   * rate with the breath, ms; each counts only if its `Absence` (of hrv/reading) is None.
   */
  breath(rhythmAbsence: number, scorePercent: number, swingAbsence: number, swingMs: number): void;
  /**
   * About every 5 s, for whoever has this function: without it none of it is worked out. Spectral coherence of the last
   * 64 s as share F (65536 is all) and ratio CR in Q8; breaths a minute from the heart's own swing, Q8. Each counts
   * only if its `Absence` is None.
   */
  spectrum?(
    coherenceAbsence: number,
    fractionQ16: number,
    ratioQ8: number,
    respirationAbsence: number,
    breathsPerMinuteQ8: number,
  ): void;
  /** With `spectrum`, once a minute: powers of the bands over up to 5 min, ms^2 in Q8, each after its `Absence`. */
  bands?(
    vlfAbsence: number,
    vlfMs2Q8: number,
    lfAbsence: number,
    lfMs2Q8: number,
    hfAbsence: number,
    hfMs2Q8: number,
  ): void;
  /** Session state, program and phase, when they change. */
  session(state: number, program: number, phase: number): void;
  /** A paced breath has begun, told within a second: its start on the host's clock, breathing in, the whole; all ms. */
  pace(startMs: number, inhaleMs: number, periodMs: number): void;
}
