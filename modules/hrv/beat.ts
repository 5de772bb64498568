/** Why an interval does or does not count. Only `Accepted` carries an interval that HRV may use. */
export const enum BeatVerdict {
  Accepted = 0,
  /** No clean beat before it to measure from: start, contact regained, samples lost. */
  FirstAfterGap = 1,
  TooShort = 2,
  TooLong = 3,
  /** Does not look like the running pulse template, or its amplitude or timing does not fit. */
  Unlike = 4,
  /** The motor ran during the upstroke. */
  MotorOverlap = 5,
  /** A beat that came early or late by more than breathing explains. */
  Ectopic = 6,
  /** Something else in the signal is nearly as strong as the pulse: there may be no pulse in it. */
  Noisy = 7,
}

/** One heartbeat. One object, refilled for every beat: read it inside the callback, copy what you keep. */
export interface Beat {
  /** The upstroke's time, 1/1024 s since the host started (its clock, corrected for the sensor's), delays removed. */
  upstrokeTicks: number;
  /** 1/1024 s since the beat before; 0 when there is none to measure from. Use it only if the verdict is Accepted. */
  rrTicks: number;
  verdict: BeatVerdict;
  /** 0 .. 256: how much the beat looks like the running template of this wearer's pulse. */
  qualityQ8: number;
}

/** Turns a sample number into time. The sensor's own oscillator is up to some per cent off. */
export interface SampleClock {
  /** 1/1024 s since the host started, for sample `index` plus `fractionQ8`/256 of a sample. Monotonic in its argument. */
  ticksAt(index: number, fractionQ8: number): number;
}
