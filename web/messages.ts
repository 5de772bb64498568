// What the simulator and its page say to each other. Types, and what both must check alike.

/** One look at the board. `light` is null while the sensor does not sample. */
export interface Point {
  /** Virtual time, ms. */
  readonly atMs: number;
  /** Infrared light, ADC counts: more blood is less light. */
  readonly light: number | null;
  /** Strength of the vibration, 0 .. 1 of that at the rated voltage. */
  readonly motor: number;
  /** The truth: air in the wearer's lungs above rest, litres; null with a recording. */
  readonly litres: number | null;
}

/** What really happens to a virtual wearer, to be held against what the band says. Virtual time, ms. */
export type TrueEvent =
  /** A pulse reaches the sensor: since the one before, and where it came from. */
  | {
      readonly what: "beat";
      readonly atMs: number;
      readonly rrMs: number | null;
      readonly kind: "sinus" | "ventricular" | "atrial" | "after a pause" | "fibrillation";
    }
  /** The breath turns. */
  | { readonly what: "turn"; readonly atMs: number; readonly to: "inhale" | "exhale" }
  /** The wearer takes the motor to ask for this. */
  | { readonly what: "cue"; readonly atMs: number; readonly to: "inhale" | "exhale" };

/** How a virtual wearer is now. */
export interface WearerState {
  readonly place: string;
  readonly motion: string;
  /** 0 hangs loose, 1 is right, 2 shuts the vessels. */
  readonly strapPressure: number;
  readonly skinCelsius: number;
  /** As the words after "breathe". */
  readonly breathing: string;
  readonly isFollowing: boolean;
  /** The truth behind the band's heart rate, beats a minute. */
  readonly bpm: number;
  /** Sympathetic load, 0 .. 2. */
  readonly load: number;
  readonly co2Mmhg: number;
}

export interface Beat {
  /** Virtual time of the pulse's upstroke, ms. */
  readonly atMs: number;
  /** Since the beat before, ms; null where that is not known. */
  readonly rrMs: number | null;
  /** Whether the interval counts. */
  readonly counts: boolean;
  /** Why it does not, in words, or "accepted". */
  readonly verdict: string;
}

/** What holds at one moment. What is absent is null and has its reason beside it. */
export interface BandState {
  readonly nowMs: number;
  readonly durationMs: number;
  /** "1×", as it is going. */
  readonly speed: string;
  /** What has been asked for: times real time, or "max". */
  readonly times: number | "max";
  readonly isPaused: boolean;
  /** null until the band has decided. */
  readonly contact: string | null;
  readonly bpm: number | null;
  /** Why there is no heart rate. */
  readonly bpmReason: string;
  readonly session: string;
  readonly batteryPercent: number | null;
  readonly batteryMv: number;
  readonly link: string;
  readonly engine: string;
  /** null with a recording: it can be neither asked nor changed. */
  readonly wearer: WearerState | null;
  /** Firmware starts after a failure, so far. */
  readonly restarts: number;
  /** The line that repeats this run, presses by hand included. */
  readonly command: string;
}

/** What is new since the frame before, at most 20 a second. */
export interface Frame {
  readonly state: BandState;
  readonly points: readonly Point[];
  /** Every how many points one is sent: more than 1 at high speed. */
  readonly thinnedBy: number;
  readonly beats: readonly Beat[];
  readonly truth: readonly TrueEvent[];
  readonly log: readonly string[];
}

/** The first message: what was there before the page came, and what never changes. */
export interface Hello extends Frame {
  readonly title: string;
  readonly version: string;
}

/** Event names of the stream; the data of each is JSON. */
export interface Messages {
  readonly hello: Hello;
  readonly frame: Frame;
  /** Frames that this page was too slow for: they are gone. */
  readonly dropped: { readonly frames: number };
  /** The run is over: why. */
  readonly end: { readonly reason: string };
}

/** A step of virtual time is 2 s at most and a frame 50 ms: beyond 40× only "max" would be true. */
export const SPEEDS = [0.5, 1, 2, 5, 10, 20, "max"] as const;

export type Speed = (typeof SPEEDS)[number];

export type Command =
  | { readonly do: "press" }
  | { readonly do: "longPress" }
  | { readonly do: "doublePress" }
  | { readonly do: "pause"; readonly on: boolean }
  | { readonly do: "speed"; readonly times: Speed }
  /** Something happens to the wearer, in the words of `--at`: "move walking", "strap 0.3", "breathe hold 20". */
  | { readonly do: "happen"; readonly what: string };

/** Windows of the traces. */
export const PULSE_MS = 10_000;
export const TACHOGRAM_MS = 120_000;
export const LOG_LINES = 100;
/** Between two looks, virtual time. */
export const LOOK_MS = 20;
