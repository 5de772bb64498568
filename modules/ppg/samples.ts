/** What may be wrong with a sample, as bits. 0 is a clean sample. */
export const enum SampleFlag {
  None = 0,
  /** Infrared's current or the ADC range changed: this sample's level is not comparable with the one before. */
  LightStep = 1,
  /** Infrared at either end of the converter's range, or damaged on the way: its true value is not known. */
  Saturated = 2,
  /** The motor ran within the last 150 ms: skin and supply were shaken. */
  Motor = 4,
  /** Ambient light overran the canceller (ALC_OVF) in this batch. */
  Ambient = 8,
  /** Red's current alone changed: red's level is not comparable with the one before, infrared's is. */
  RedStep = 16,
}

/** One drain of the sensor's FIFO. One object, refilled for every drain: copy what you keep. */
export interface SampleBatch {
  /** Samples in this batch, 0 .. 32, oldest first. */
  count: number;
  /** ADC counts, Q0, 0 .. 2^18-1, always on the scale of 18 bits. More blood is less light: a pulse is a dip. */
  readonly red: Int32Array;
  readonly ir: Int32Array;
  /** SampleFlag bits of each sample. */
  readonly flags: Uint8Array;
  /** Running number of the first sample since the sensor was started; lost samples are counted too. */
  firstIndex: number;
  /** Samples lost between the batch before and this one. */
  lostBefore: number;
  /** Host clock, ms, when the newest sample was known to be in the FIFO. */
  drainedAtMs: number;
}
