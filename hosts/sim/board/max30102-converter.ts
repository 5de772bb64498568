import { LightChannel, type OpticalSource } from "../person/optical-source.js";
import type { RandomStream } from "./random.js";

/** Physical facts of one unit. */
export interface ConverterOptions {
  /** LED current of this unit over the nominal one, 0.7 .. 1.3. */
  readonly redGain: number;
  readonly irGain: number;
  /** A clone with its LEDs the wrong way round: LED1 is infra-red. */
  readonly ledsSwapped: boolean;
  /** Photodiode and ADC offset in the dark, nA: 30 counts at the 8192 nA range. */
  readonly darkNa: number;
  /** White noise at 411 µs, counts of 18 bits; twice that for each step down in pulse width. */
  readonly noiseCountsRms: number;
}

const FULL_SCALE_COUNTS = 262144;
const MILLIAMPS_PER_STEP = 0.2;
/** By LED_PW: pulse, µs, and the time from the start of one LED's pulse to that of the next. */
export const PULSE_US = [68.95, 117.78, 215.44, 410.75] as const;
export const SPACING_US = [427, 525, 720, 1107] as const;

/** Light in, ADC codes out. */
export class Converter {
  optics: OpticalSource;
  /** Mutable, for ageing, a sagging LED supply, and the like. */
  redGain: number;
  irGain: number;
  readonly #ledsSwapped: boolean;
  readonly #darkNa: number;
  readonly #noiseCountsRms: number;
  readonly #random: RandomStream;
  #countsPerNa = 0;
  #noiseCounts = 0;
  #shift = 0;
  #codeMax = 0;

  constructor(optics: OpticalSource, random: RandomStream, options: ConverterOptions) {
    this.optics = optics;
    this.#random = random;
    this.redGain = options.redGain;
    this.irGain = options.irGain;
    this.#ledsSwapped = options.ledsSwapped;
    this.#darkNa = options.darkNa;
    this.#noiseCountsRms = options.noiseCountsRms;
    this.configure(0, 0);
  }

  /** Bits that are empty at the low end of an 18-bit sample: 3, 2, 1, 0 for 15 .. 18 bits. */
  get shift(): number {
    return this.#shift;
  }

  /** @param range ADC_RGE code @param pulse LED_PW code, both 0 .. 3 */
  configure(range: number, pulse: number): void {
    this.#countsPerNa = FULL_SCALE_COUNTS / (2048 << range);
    this.#shift = 3 - pulse;
    this.#codeMax = (FULL_SCALE_COUNTS >> this.#shift) - 1;
    this.#noiseCounts = this.#noiseCountsRms * (1 << this.#shift);
  }

  /** Which LED lights: the one the register names, or the other on a clone. */
  #channelOf(led: number): LightChannel {
    return (led === 1) !== this.#ledsSwapped ? LightChannel.Red : LightChannel.Ir;
  }

  /** Mean current through LED 1 or 2 while lit, mA, at the current code 0 .. 255. */
  ledMa(led: number, currentCode: number): number {
    const gain = this.#channelOf(led) === LightChannel.Red ? this.redGain : this.irGain;
    return currentCode * MILLIAMPS_PER_STEP * gain;
  }

  /**
   * One conversion.
   * @returns  code at the resolution of the pulse width, 0 .. 2^(18 - shift) - 1; both ends mean "or beyond"
   */
  convert(led: number, currentCode: number, timeUs: number): number {
    const lightNa = this.optics.photocurrentNa(this.#channelOf(led), this.ledMa(led, currentCode), timeUs);
    const currentNa = lightNa + this.optics.ambientLeakNa(timeUs) + this.#darkNa;
    const counts = currentNa * this.#countsPerNa + this.#random.nextNormal() * this.#noiseCounts;
    const code = Math.floor(counts / (1 << this.#shift) + 0.5);
    return Math.max(0, Math.min(code, this.#codeMax));
  }
}
