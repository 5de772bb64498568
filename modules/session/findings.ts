import type { PaceRequest } from "haptics/breath-plan";

/** One stretch of a program whose beats go into a finding. Host clock. */
export interface MeasuredStretch {
  readonly measures: "baseline" | "load" | "recovery" | "resonance";
  readonly fromMs: number;
  /** The pace that is led; undefined where the breath is free. */
  readonly pace: PaceRequest | undefined;
}

/** How long a way back took and the interval that holds the true time, or why it cannot be told. */
export type Recovered =
  | { readonly ok: true; readonly tauMs: number; readonly tauLowMs: number; readonly tauHighMs: number }
  | { readonly ok: false; readonly reason: string };

/** The way back of the heart rate, and that of its variability, lnRMSSD. */
export type RecoveryFinding = Recovered & { readonly rmssd: Recovered };

/** The practice rate of today with its spread, or why there is none. */
export type PaceFinding =
  | { readonly ok: true; readonly rateCentiPerMin: number; readonly spreadCentiPerMin: number }
  | { readonly ok: false; readonly reason: string };

/** Whoever fits and picks is handed in; it hears the beats by itself and is told only what the session is doing. */
export interface Finder<Finding> {
  /** A stretch begins; the one before ends there. Also after a pause, when it is to be taken from its beginning. */
  onStretch(stretch: MeasuredStretch): void;
  /** Nothing is measured from here on: a pause, a rest. */
  onGap(atMs: number): void;
  /** The program is complete. `found` is called once, at once or some seconds later, unless another stretch begins. */
  finish(atMs: number, found: (finding: Finding) => void): void;
  /** The program was left: forget it. */
  drop(): void;
}
export type RecoveryFinder = Finder<RecoveryFinding>;
export type PacePicker = Finder<PaceFinding>;
