import type { OpticalSource } from "../person/optical-source.js";
import type { VirtualClock } from "./clock.js";
import { Converter, PULSE_US, SPACING_US } from "./max30102-converter.js";
import type { Max30102Options } from "./max30102-options.js";
import { RATES_HZ, rateCodeMax } from "./max30102-registers.js";
import { Oscillator } from "./oscillator.js";
import type { RandomStream } from "./random.js";

const SHDN = 0x80;

/** The measuring half of the chip: its clock, LEDs, converter and averaging, set by the registers it is given. */
export class Sampler {
  readonly converter: Converter;
  readonly oscillator: Oscillator;
  readonly #clock: VirtualClock;
  readonly #registers: Uint8Array;
  readonly #onSample: (sample: Int32Array | undefined) => void;
  /** Which LED each channel lights, 1 or 2. */
  readonly #leds = new Int32Array(4);
  readonly #sums = new Int32Array(4);
  readonly #sample = new Int32Array(4);
  #averagedCount = 0;
  #averageShift = 0;
  /** Channels of a sample: 0 without a mode. */
  ledCount = 0;
  /** Slots of multi-LED mode are lit in order from 1, as they must be. */
  slotsAreInOrder = true;
  isSampling = false;
  conversionCount = 0;

  /**
   * @param registers  the chip's 256; SPO2_CONFIG is changed when its rate does not fit
   * @param onSample   called after each conversion of all channels: 18-bit counts of each channel, one array for ever
   *                   refilled, or undefined while more are to be averaged
   */
  constructor(
    clock: VirtualClock,
    registers: Uint8Array,
    optics: OpticalSource,
    random: RandomStream,
    options: Max30102Options,
    onSample: (sample: Int32Array | undefined) => void,
  ) {
    this.#clock = clock;
    this.#registers = registers;
    this.#onSample = onSample;
    this.converter = new Converter(optics, random, options);
    this.oscillator = new Oscillator(clock, options.oscillatorPpm, () => this.#convert());
  }

  /** Registers have changed. `restart` begins a new sample period now. */
  settle(restart: boolean): void {
    const registers = this.#registers; // 256 of them
    this.#chooseLeds();
    const spo2 = registers[0x0a]!;
    const pulse = spo2 & 0x03;
    if (this.ledCount > 0) {
      const rateMax = rateCodeMax(this.ledCount, pulse);
      if (((spo2 >> 2) & 0x07) > rateMax) registers[0x0a] = (spo2 & 0x63) | (rateMax << 2);
    }
    this.converter.configure((spo2 >> 5) & 0x03, pulse);
    this.#averageShift = Math.min(5, registers[0x08]! >> 5);
    this.isSampling = this.ledCount > 0 && (registers[0x09]! & SHDN) === 0;
    this.oscillator.rateHz = this.#rateHz();
    if (restart) this.dropAverage();
    if (!this.isSampling) this.oscillator.stop();
    else if (restart) this.oscillator.restart();
  }

  /** What was measured with other settings is not averaged with what comes. */
  dropAverage(): void {
    this.#averagedCount = 0;
    this.#sums.fill(0);
  }

  /** The channels of the newest sample, counts: for whoever draws what the sensor sees. */
  get lastSample(): Readonly<Int32Array> {
    return this.#sample;
  }

  /** Mean over time of what all LEDs draw, mA: the rate counts before averaging. */
  get ledMeanMa(): number {
    let litMa = 0;
    for (let i = 0; i < this.ledCount; i++) litMa += this.converter.ledMa(this.#leds[i]!, this.#currentCode(i)); // i < 4
    return this.isSampling ? (litMa * PULSE_US[this.#registers[0x0a]! & 0x03]! * this.#rateHz()) / 1_000_000 : 0; // 4 of them
  }

  #chooseLeds(): void {
    const mode = this.#registers[0x09]! & 0x07; // 256 registers
    this.ledCount = mode === 3 ? 2 : mode === 2 ? 1 : 0;
    this.slotsAreInOrder = true;
    this.#leds[0] = 1;
    this.#leds[1] = 2;
    if (mode !== 7) return;
    for (let slot = 0; slot < 4; slot++) {
      const code = (this.#registers[0x11 + (slot >> 1)]! >> (4 * (slot & 1))) & 0x07; // 256 registers
      if (code !== 1 && code !== 2) continue;
      if (this.ledCount !== slot) this.slotsAreInOrder = false;
      this.#leds[this.ledCount++] = code;
    }
  }

  /** LED1_PA is 0x0c, LED2_PA 0x0d. */
  #currentCode(channel: number): number {
    return this.#registers[0x0b + this.#leds[channel]!]!; // channel < ledCount <= 4, 256 registers
  }

  #rateHz(): number {
    return RATES_HZ[(this.#registers[0x0a]! >> 2) & 0x07]!; // 256 registers, 8 rates
  }

  /** The end of one sample period: the last LED has just been measured, the ones before it a spacing earlier each. */
  #convert(): void {
    const nowUs = this.#clock.nowUs;
    const spacingUs = SPACING_US[this.#registers[0x0a]! & 0x03]!; // 256 registers, 4 spacings
    const count = this.ledCount;
    for (let i = 0; i < count; i++)
      this.#sums[i]! += this.converter.convert(
        this.#leds[i]!, // i < count <= 4
        this.#currentCode(i),
        nowUs - (count - 1 - i) * spacingUs,
      );
    this.conversionCount++;
    if (++this.#averagedCount >> this.#averageShift === 0) {
      this.#onSample(undefined);
      return;
    }
    const shift = this.converter.shift;
    for (let i = 0; i < count; i++) this.#sample[i] = (this.#sums[i]! >> this.#averageShift) << shift; // i < 4
    this.dropAverage();
    this.#onSample(this.#sample);
  }
}
