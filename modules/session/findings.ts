import type { PaceRequest } from "haptics/breath-plan";

/** One stretch of a program whose beats go into a finding. Host clock. */
export interface MeasuredStretch {
  readonly measures: "baseline" | "load" | "recovery" | "resonance";
  readonly fromMs: number;
  /** For `resonance`: the pace that was led. */
  readonly pace: PaceRequest | undefined;
}

/** How long the way back took, or why it cannot be told. */
export type RecoveryFinding =
  | { readonly ok: true; readonly tauMs: number; readonly tauLowMs: number; readonly tauHighMs: number }
  | { readonly ok: false; readonly reason: string };

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
  /** The program is complete. */
  finish(atMs: number): Finding;
  /** The program was left: forget it. */
  drop(): void;
}
export type RecoveryFinder = Finder<RecoveryFinding>;
export type PacePicker = Finder<PaceFinding>;
