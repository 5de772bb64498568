// Synthetic truth for the detector: a pulse train with known upstrokes, and what the detector makes of it.
import { type Beat, BeatVerdict } from "hrv/beat";
import { BeatDetector } from "hrv/beat-detector";
import { SampleFlag } from "ppg/samples";

export const RATE_HZ = 100;

export interface Train {
  readonly seconds: number;
  /** Interval after the beat at `t` seconds, the `i`-th, seconds. */
  readonly interval: (t: number, i: number) => number;
  /** Height of the pulse, counts. */
  readonly pulseCounts?: number;
  /** Height of one beat, as a share. */
  readonly height?: (t: number, i: number) => number;
  /** Height of the dicrotic wave, as a share of the pulse. */
  readonly notch?: number;
  /** Peak to peak of a sinusoidal drift, in pulse heights, and its frequency. */
  readonly drift?: number;
  readonly driftHz?: number;
  /** Standard deviation of the noise, in pulse heights. */
  readonly noise?: number;
}

export interface Made {
  readonly counts: Int32Array;
  /** Steepest points of the upstrokes, seconds. */
  readonly beats: readonly number[];
}

/** The pulse: a logistic upstroke, an exponential fall, a Gaussian dicrotic wave; narrower at high rates, as in life. */
export function makeTrain(train: Train): Made {
  const { seconds, pulseCounts = 1000, notch = 0.35, drift = 0, driftHz = 0.23, noise = 0 } = train;
  const beats: number[] = [];
  for (let t = 0.3, i = 0; t < seconds; i++) {
    beats.push(t);
    t += train.interval(t, i);
  }
  const wave = new Float64Array(seconds * RATE_HZ);
  beats.forEach((beat, i) => {
    const narrow = Math.min(1, Math.sqrt(((beats[i + 1] ?? beat + 0.8) - beat) / 0.8));
    const height = train.height?.(beat, i) ?? 1;
    const from = Math.max(0, Math.floor((beat - 0.3) * RATE_HZ));
    for (let k = from; k < Math.min(wave.length, (beat + 1.5) * RATE_HZ); k++) {
      const x = (k / RATE_HZ - beat) / narrow;
      const upstroke = 1 / (1 + Math.exp(-x / 0.025));
      const fall = Math.exp(-Math.max(0, x - 0.1) / 0.22);
      const dicrotic = notch * Math.exp(-(((x - 0.38) / 0.07) ** 2));
      wave[k] = wave[k]! + height * (upstroke * fall + dicrotic); // k < wave.length
    }
  });
  let seed = 1;
  const uniform = (): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  const counts = Int32Array.from(wave, (value, k) => {
    let gauss = -6;
    for (let i = 0; i < 12; i++) gauss += uniform();
    const slow = (drift / 2) * Math.sin((2 * Math.PI * driftHz * k) / RATE_HZ);
    return Math.round(100_000 + pulseCounts * (slow + noise * gauss - value));
  });
  return { counts, beats };
}

export interface Heard {
  /** Upstroke and interval, seconds. */
  readonly at: number;
  readonly rr: number;
  readonly verdict: BeatVerdict;
  readonly reportedAt: number;
}

export const exactClock = {
  ticksAt: (index: number, fractionQ8: number): number => Math.round(((index + fractionQ8 / 256) * 1024) / RATE_HZ),
};

/** A detector with a notebook. */
export class Listener {
  readonly heard: Heard[] = [];
  #now = 0;
  readonly detector = new BeatDetector({
    rateHz: RATE_HZ,
    clock: exactClock,
    onBeat: (beat: Beat) =>
      this.heard.push({
        at: beat.upstrokeTicks / 1024,
        rr: beat.rrTicks / 1024,
        verdict: beat.verdict,
        reportedAt: this.#now / RATE_HZ,
      }),
  });

  push(counts: ArrayLike<number>, flags: SampleFlag = SampleFlag.None): this {
    // One by one: `reportedAt` is to the sample.
    for (let i = 0; i < counts.length; i++, this.#now++)
      this.detector.push(Int32Array.of(counts[i] ?? 0), Uint8Array.of(flags), 1);
    return this;
  }

  /** How long it has listened, lost samples included. */
  get seconds(): number {
    return this.#now / RATE_HZ;
  }

  gap(lost: number): this {
    this.detector.gap(lost);
    this.#now += lost;
    return this;
  }
}

export const listen = (train: Train): Heard[] => {
  const listener = new Listener().push(makeTrain(train).counts);
  listener.detector.flush();
  return listener.heard;
};

/** How what was heard compares with the truth from `from` seconds on. A beat is found within 60 ms. */
export function compare(made: Made, heard: readonly Heard[], from = 3, to = Number.POSITIVE_INFINITY) {
  const nearest = (t: number): number =>
    made.beats.reduce((best, beat, i) => (Math.abs(beat - t) < Math.abs(made.beats[best]! - t) ? i : best), 0); // an index of beats
  const inside = (t: number): boolean => t >= from && t <= to;
  const owner = heard.map((h) => {
    const i = nearest(h.at);
    return Math.abs(made.beats[i]! - h.at) <= 0.06 ? i : -1; // as above
  });
  const truth = made.beats.map((beat, i) => ({ beat, i })).filter(({ beat }) => inside(beat));
  const found = truth.filter(({ i }) => owner.includes(i)).length;
  const extra = heard.filter((h, j) => owner[j] === -1 && inside(h.at)).length;
  const errorsMs: number[] = [];
  let wrong = 0;
  heard.forEach((h, j) => {
    if (h.verdict !== BeatVerdict.Accepted) return;
    const i = owner[j] ?? -1;
    const errorMs = i > 0 ? Math.abs(h.rr - (made.beats[i]! - made.beats[i - 1]!)) * 1000 : 1000; // 0 < i < length
    if (errorMs > 100) wrong++;
    else errorsMs.push(errorMs);
  });
  const meanMs = errorsMs.reduce((sum, error) => sum + error, 0) / Math.max(1, errorsMs.length);
  return { expected: truth.length, found, extra, accepted: errorsMs.length + wrong, wrong, meanMs, errorsMs };
}
