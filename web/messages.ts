// What the simulator and its page say to each other. Types, and what both must check alike.

/** One look at the board. `light` is null while the sensor does not sample. Times are virtual, ms. */
export interface Point {
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
  /** Of the pulse's upstroke. */
  readonly atMs: number;
  /** Since the beat before, ms; null where that is not known. */
  readonly rrMs: number | null;
  /** Whether the interval counts. */
  readonly counts: boolean;
  /** Why it does not, in words, or "accepted". */
  readonly verdict: string;
}

/** A paced breath, judged: each number or the reason why there is none. */
export interface Breath {
  readonly atMs: number;
  readonly rhythmPercent: number | null;
  readonly rhythmReason: string | null;
  readonly swingMs: number | null;
  readonly swingReason: string | null;
}

/** A number with what stands behind it, or the reason in plain words why there is none. */
export type Reading =
  | {
      readonly value: number;
      /** "120 s of beats, 98 % of them clean". */
      readonly warrant: string;
      /** For showing while one waits, not for comparing. */
      readonly isProvisional: boolean;
    }
  | { readonly value: null; readonly reason: string; readonly remedy: string };

export interface Readings {
  readonly heartRate: Reading;
  readonly rmssd: Reading;
  readonly breath: Reading;
  readonly rhythm: Reading;
  readonly coherence: Reading;
}
export type ReadingName = keyof Readings;

/** Power of the heart's rhythm over frequency, of the last 64 s. */
export interface Spectrum {
  /** Of bins k / 512 Hz from `firstBin` on, 1 is the strongest. */
  readonly powers: readonly number[];
  readonly firstBin: number;
  readonly peakBin: number;
  /** Bins to each side of the peak that count as the peak. */
  readonly reachBins: number;
}

/** Of the breath that the motor leads. */
export interface PacedBreath {
  readonly startMs: number;
  readonly inhaleMs: number;
  readonly periodMs: number;
}

export interface SessionNow {
  /** One of the states of `Hello.states`. */
  readonly state: string;
  /** Name of the program, as in `Hello.programs`; null when idle. */
  readonly program: string | null;
  readonly phase: string | null;
  readonly phaseSinceMs: number;
  readonly sinceMs: number;
}

export interface EngineNow {
  /** "XS"; V8 counts nothing. */
  readonly name: string;
  readonly unitsPerSample: number | null;
  /** Since the second before. */
  readonly unitsNow: number | null;
  readonly heapKb: number | null;
  readonly heapPeakKb: number | null;
  readonly stackPeak: number | null;
  readonly stackSize: number | null;
  readonly collections: number | null;
  readonly samples: number;
  readonly samplesDropped: number;
  readonly busNacks: number;
}

/** What holds at one moment. What is absent is null and has its reason beside it. */
export interface BandState {
  readonly nowMs: number;
  /** null: no end. */
  readonly durationMs: number | null;
  /** "1×", as it is going. */
  readonly speed: string;
  /** What has been asked for: times real time, or "max". */
  readonly times: number | "max";
  readonly isPaused: boolean;
  /** The recording, or the time that was asked for, is over. */
  readonly isOver: boolean;
  /** null until the band has decided. */
  readonly contact: string | null;
  readonly readings: Readings;
  readonly session: SessionNow;
  readonly isPacing: boolean;
  readonly batteryPercent: number | null;
  readonly batteryMv: number;
  readonly link: string;
  readonly engine: EngineNow;
  /** Firmware starts after a failure, so far. */
  readonly restarts: number;
  readonly settings: SettingValues;
  /** What is broken now: names of `Hello.faults`. */
  readonly faults: readonly string[];
  /** Sessions that have ended in this run: the band's log has them. */
  readonly sessionsEnded: number;
  /** null with a recording: it can be neither asked nor changed. */
  readonly wearer: WearerState | null;
  /** The line that repeats this run, what was done by hand included. */
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
  readonly breaths: readonly Breath[];
  /** Breaths that the motor leads. */
  readonly paced: readonly PacedBreath[];
  /** If there is a new one; null: there is none any more. */
  readonly spectrum?: Spectrum | null;
  readonly log: readonly string[];
}

export interface PhaseInfo {
  readonly id: string;
  readonly says: string;
  readonly durationMs: number;
  /** What a short press does. */
  readonly press: "end" | "next" | "answer" | "felt";
}

export interface ProgramInfo {
  readonly name: string;
  readonly title: string;
  readonly says: string;
  readonly phases: readonly PhaseInfo[];
  /** A paced phase is in it: the line on soft breathing belongs before it. */
  readonly isPaced: boolean;
}

/** A setting of the wearer's, as the firmware's table has it. */
export interface SettingInfo {
  readonly name: SettingName;
  readonly min: number;
  readonly max: number;
  readonly says: string;
}
/** Those that the page changes. The band reads them when it starts. */
export const SETTING_NAMES = [
  "program",
  "rateCentiPerMin",
  "inhalePermille",
  "strengthQ8",
  "style",
  "sessionMs",
] as const;
export type SettingName = (typeof SETTING_NAMES)[number];
export type SettingValues = Readonly<Record<SettingName, number>>;

/** What can go wrong, out of the simulator's catalogue. */
export interface FaultInfo {
  readonly name: string;
  readonly part: string;
  readonly says: string;
  /** What the firmware has to do. */
  readonly must: string;
}

/** Who can wear the band. */
export interface PersonInfo {
  readonly name: string;
  readonly says: string;
}

export interface RuleInfo {
  readonly name: string;
  readonly when: string;
  readonly does: string;
  /** "30 bpm: heart rate above the resting rate". */
  readonly limits: readonly string[];
}

/** Texts of the firmware's own tables: nothing of them is written twice. */
export interface Texts {
  readonly frame: string;
  readonly screening: readonly string[];
  readonly screeningAdvice: string;
  readonly neverWhile: string;
  readonly crisis: string;
  readonly firstSession: readonly string[];
  readonly softly: string;
  readonly sessionsWithoutScore: number;
}

export interface QuestionnaireInfo {
  readonly name: string;
  readonly title: string;
  readonly itemCount: number;
  readonly answerMin: number;
  readonly answerMax: number;
}

/** The first message: what was there before the page came, and what does not change during the run. */
export interface Hello extends Frame {
  readonly title: string;
  readonly version: string;
  readonly programs: readonly ProgramInfo[];
  /** Of the touch, by the number of the setting. */
  readonly styles: readonly string[];
  readonly settings: readonly SettingInfo[];
  readonly people: readonly PersonInfo[];
  readonly faults: readonly FaultInfo[];
  /** Who wears it now; null with a recording. */
  readonly person: string | null;
  readonly seed: number;
  readonly states: readonly string[];
  readonly rules: readonly RuleInfo[];
  readonly texts: Texts;
  readonly questionnaires: readonly QuestionnaireInfo[];
  readonly formats: readonly { readonly name: string; readonly says: string; readonly file: string }[];
}

/** Event names of the stream; the data of each is JSON. */
export interface Messages {
  readonly hello: Hello;
  readonly frame: Frame;
  /** Frames that this page was too slow for: they are gone. */
  readonly dropped: { readonly frames: number };
  /** The simulator goes: why. */
  readonly end: { readonly reason: string };
}

export const SPEEDS = [0.5, 1, 2, 5, 10, 20, 50, 100, "max"] as const;
export type Speed = (typeof SPEEDS)[number];

/** How far a single step goes, virtual ms. */
export const STEPS_MS = [20, 1000] as const;
export type StepMs = (typeof STEPS_MS)[number];

/** What the wearer answers at a check-in. */
export const RATINGS = [1, 2, 3, 4, 5] as const;
export type Rating = (typeof RATINGS)[number];

export type Command =
  | { readonly do: "press" }
  | { readonly do: "longPress" }
  | { readonly do: "doublePress" }
  | { readonly do: "pause"; readonly on: boolean }
  | { readonly do: "step"; readonly ms: StepMs }
  | { readonly do: "speed"; readonly times: Speed }
  | { readonly do: "answer"; readonly rating: Rating }
  /** Something breaks for some seconds. */
  | { readonly do: "break"; readonly fault: string }
  /** Another run begins; what is left out is as in this one. */
  | { readonly do: "begin"; readonly person?: string; readonly seed?: number }
  /** The wearer's settings; the band restarts to read them. */
  | { readonly do: "set"; readonly settings: Partial<SettingValues> }
  /** Something happens to the wearer, in the words of `--at`: "move walking", "strap 0.3", "breathe hold 20". */
  | { readonly do: "happen"; readonly what: string };

/** The answer to a command or a file that was understood and is not done: why. */
export interface Refused {
  readonly refused: string;
}

/** Windows of the traces. */
export const PULSE_MS = 10_000;
export const BREATH_MS = 30_000;
export const TACHOGRAM_MS = 120_000;
export const BREATHS_KEPT = 60;
export const LOG_LINES = 200;
/** Between two looks, virtual time. */
export const LOOK_MS = 20;

/** A number of a session beside the planted one. */
export interface Comparison {
  readonly what: string;
  readonly band: string;
  readonly truth: string;
}

/** A session out of the band's log. What is not known is null. */
export interface SessionTold {
  /** Runs of the simulator are counted from 1; sessions of earlier ones stay to be seen. */
  readonly run: number;
  readonly id: number;
  readonly date: string;
  /** ms from the band's boot to its start. */
  readonly startMs: number;
  readonly program: string | null;
  readonly lastedMs: number;
  readonly scoredMs: number | null;
  /** A reason of the session table, or a stop rule. */
  readonly endedBy: string | null;
  readonly isCutShort: boolean;
  readonly pacePerMin: number | null;
  readonly beats: number;
  readonly withInterval: number;
  readonly gaps: number;
  /** At each beat, since its start: the interval that ends there; null where none counts. */
  readonly intervals: readonly (readonly [atMs: number, rrMs: number | null])[];
  readonly breaths: readonly {
    readonly atMs: number;
    readonly followPercent: number | null;
    readonly coherencePercent: number | null;
  }[];
  readonly events: readonly { readonly atMs: number; readonly name: string; readonly detail: string }[];
  /** Empty where nobody knows the truth: with a recording, or after a restart. */
  readonly comparison: readonly Comparison[];
}

export interface ScoreTold {
  readonly date: string;
  readonly scale: string;
  readonly scores: Readonly<Record<string, number>>;
}

export interface DayTold {
  /** "2026-03-11", local. */
  readonly date: string;
  readonly lnRmssd: number | null;
}

/** What is usual for this person, as `band trends` says it. */
export interface TrendsTold {
  readonly lines: readonly string[];
  readonly days: readonly DayTold[];
  /** lnRMSSD that is normal for this person; null below five days. */
  readonly normal: { readonly low: number; readonly high: number } | null;
  readonly scores: readonly ScoreTold[];
}

/** Of a questionnaire that was just filled in. */
export type SumsTold = readonly { readonly key: string; readonly sum: number; readonly says: string }[];
