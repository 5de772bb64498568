/** What the measuring modules know about the wearer at one moment; one object, refilled once a second. */
export interface BodyReading {
  /** On skin. */
  worn: boolean;
  /** Not moving, and has not for some seconds. */
  still: boolean;
  /** Enough clean beats lately for what follows to be trusted. */
  clean: boolean;
  /** Beats per minute; undefined is "cannot be told". */
  bpm: number | undefined;
  /** Share of beats lately that came early or late by more than breathing explains, percent. */
  irregularPercent: number | undefined;
  /** The wearer's breath follows the pacer: lock-in strength PC over the last breaths, 0 .. 1000. */
  followPermille: number | undefined;
  /** Swing of the heart rate with the pacer (RSA amplitude by lock-in) in the last breath, ms. */
  swingMs: number | undefined;
}
