import { finger, type Site, Skin } from "./skin.js";
import { CubicSpline } from "./spline.js";

/** Samples of one pulse channel as a file has them. */
export interface Recording {
  /** Increasing, µs; undefined if the samples are evenly spaced. */
  readonly timesUs: Float64Array | undefined;
  /** Samples a second; of use only if there are no times. */
  readonly rateHz: number;
  /** Any unit. */
  readonly values: Float64Array;
  /** "up": the systolic peak is a maximum. "down": raw light, a pulse is a dip. */
  readonly polarity: "up" | "down";
}

export interface RecordedPulseOptions {
  readonly site?: Site;
  /** Virtual time of the recording's time 0, µs. */
  readonly startUs?: number;
  /** Before that: the finger lies still on the sensor, at the first sample's level, or it comes at the last moment. */
  readonly before?: "held" | "air";
  /** After the last sample the finger stays for so long at its level, µs: what decides on the last beat has time to. */
  readonly heldUs?: number;
}

/** A finger takes about this long to come to rest on the sensor. */
const TOUCH_US = 800_000;
/** Stretches over which the height of the pulse is judged: each holds a beat down to 30 a minute. */
const STRETCH_US = 2_000_000;

/**
 * A recorded pulse under the sensor. Its unit is found from the whole recording before the run: the height of an
 * ordinary pulse is the median, over stretches of two seconds, of the range that holds nine tenths of each; the mean
 * level is the median of all. Both stand up to motion in less than half of it. Everything else (drift, breath,
 * artefacts) keeps its size against the pulse.
 *
 * Between samples it runs along a cubic spline. Before the start it is as `before` says; after the last sample contact
 * is lost, and what the sensor then sees is air.
 */
export class RecordedPulse extends Skin {
  readonly #spline: CubicSpline;
  readonly #startUs: number;
  readonly #comesFromAir: boolean;
  readonly #heldUs: number;
  /** First and last sample on the recording's own time line, µs. */
  readonly firstUs: number;
  readonly lastUs: number;

  /** Errors: RangeError for fewer than two samples, times that do not increase, a value or rate that is no number */
  constructor(recording: Recording, options: RecordedPulseOptions = {}) {
    super(options.site ?? finger);
    const timesUs = recording.timesUs ?? evenTimesUs(recording.values.length, recording.rateHz);
    check(timesUs, recording.values);
    this.#spline = new CubicSpline(timesUs, inPulseHeights(timesUs, recording.values, recording.polarity));
    this.#startUs = options.startUs ?? 0;
    this.#comesFromAir = options.before === "air";
    this.#heldUs = options.heldUs ?? 0;
    this.firstUs = timesUs[0]!; // check(): there are two at least
    this.lastUs = timesUs[timesUs.length - 1]!;
  }

  /** Virtual time at which contact is lost, µs. */
  get endUs(): number {
    return this.#startUs + this.lastUs + this.#heldUs;
  }

  protected override bloodAt(timeUs: number): number {
    return this.#spline.at(Math.min(this.lastUs, Math.max(this.firstUs, timeUs - this.#startUs)));
  }

  protected override contactAt(timeUs: number): number {
    const recordedUs = timeUs - this.#startUs;
    if (recordedUs > this.lastUs + this.#heldUs) return 0;
    if (!this.#comesFromAir || recordedUs >= this.firstUs) return 1;
    return Math.max(0, 1 - (this.firstUs - recordedUs) / TOUCH_US);
  }
}

function evenTimesUs(count: number, rateHz: number): Float64Array {
  if (!(rateHz > 0 && rateHz <= 100_000)) throw new RangeError(`a recording of ${rateHz} samples a second`);
  const timesUs = new Float64Array(count);
  for (let i = 0; i < count; i++) timesUs[i] = (i * 1_000_000) / rateHz;
  return timesUs;
}

function check(timesUs: Float64Array, values: Float64Array): void {
  if (values.length < 2 || timesUs.length !== values.length)
    throw new RangeError(`a recording of ${values.length} values and ${timesUs.length} times`);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new RangeError(`sample ${i} of the recording is not a number`);
    if (!Number.isFinite(timesUs[i]) || (i > 0 && timesUs[i]! <= timesUs[i - 1]!))
      // 0 < i < length
      throw new RangeError(`the time of sample ${i} of the recording does not come after the one before`);
  }
}

/** Blood above its median, in heights of an ordinary pulse. A flat recording stays flat. */
function inPulseHeights(timesUs: Float64Array, values: Float64Array, polarity: "up" | "down"): Float64Array {
  const ranges: number[] = [];
  for (let from = 0; from < values.length; ) {
    let to = from;
    while (to < values.length && timesUs[to]! < timesUs[from]! + STRETCH_US) to++; // both below length
    const sorted = values.slice(from, to).sort();
    ranges.push(quantile(sorted, 0.95) - quantile(sorted, 0.05));
    from = to;
  }
  const pulseHeight = quantile(Float64Array.from(ranges).sort(), 0.5);
  const level = quantile(values.slice().sort(), 0.5);
  const sign = polarity === "up" ? 1 : -1;
  const scale = pulseHeight > 0 ? sign / pulseHeight : 0;
  return values.map((value) => (value - level) * scale);
}

function quantile(sorted: Float64Array, fraction: number): number {
  const place = fraction * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? 0;
  return low + ((sorted[below + 1] ?? low) - low) * (place - below);
}
