import { finger, type Site, Skin } from "./skin.js";

/** Blood volume after the foot of a pulse, thousandths of its height: the rise, 20 ms a step … */
const RISE = [0, 30, 120, 300, 530, 750, 900, 975, 1000, 985, 950] as const;
const RISE_US = 200_000;
/** … and the fall with its notch, over whatever is left until the next foot. */
const FALL = [950, 860, 760, 660, 570, 500, 470, 475, 455, 400, 320, 230, 150, 80, 30, 0] as const;
const MEAN = 0.5;
const INTERVAL_US_MIN = 250_000;

/** A pulse with beats at known times, for tests: skin in firm contact for ever, still before the first beat. */
export class SteadyPulse extends Skin {
  readonly #beatsUs: readonly number[];
  #beat = 0;

  /**
   * @param beatsUs  times of the feet, µs, at least 250 ms apart; the last pulse is as long as the one before
   * Errors: RangeError
   */
  constructor(beatsUs: readonly number[], site: Site = finger) {
    super(site);
    for (let i = 1; i < beatsUs.length; i++)
      if (!(beatsUs[i]! - beatsUs[i - 1]! >= INTERVAL_US_MIN))
        // 0 < i < length
        throw new RangeError(`beat ${i} is less than ${INTERVAL_US_MIN} us after the one before`);
    this.#beatsUs = beatsUs;
  }

  protected override contactAt(_timeUs: number): number {
    return 1;
  }

  protected override bloodAt(timeUs: number): number {
    const beats = this.#beatsUs;
    const first = beats[0];
    if (first === undefined || timeUs < first) return -MEAN;
    while (this.#beat > 0 && beats[this.#beat]! > timeUs) this.#beat--; // 0 <= beat < length, here and below
    while (this.#beat + 1 < beats.length && beats[this.#beat + 1]! <= timeUs) this.#beat++;
    const foot = beats[this.#beat]!;
    const sinceUs = timeUs - foot;
    if (sinceUs < RISE_US) return between(RISE, sinceUs / RISE_US) - MEAN;
    const previous = beats[this.#beat - 1] ?? foot - 1_000_000;
    const next = beats[this.#beat + 1] ?? foot + (foot - previous);
    return between(FALL, (sinceUs - RISE_US) / (next - foot - RISE_US)) - MEAN;
  }
}

/** A table of thousandths from 0 to 1, at `place` 0 .. 1 along it; beyond it, its last value. */
function between(table: readonly number[], place: number): number {
  const steps = place * (table.length - 1);
  const below = Math.floor(steps);
  const low = table[below];
  const high = table[below + 1];
  if (low === undefined || high === undefined) return (table[table.length - 1] ?? 0) / 1000;
  return (low + (high - low) * (steps - below)) / 1000;
}
