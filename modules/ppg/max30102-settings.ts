/**
 * What can be set on the sensor, checked at the door, and the register bytes that say so.
 * Always: mode 3 (both LEDs), 411 us pulses at 18 bits, rollover off, A_FULL at 17 unread samples.
 */
import {
  FIFO_A_FULL,
  LED_PW,
  LED_PW_411_US,
  MODE,
  MODE_SPO2,
  SHDN,
  SMP_AVE,
  SPO2_ADC_RGE,
  SPO2_SR,
  withField,
} from "ppg/max30102-registers";

/** Only the named keys change; the others stay as they were. */
export interface Max30102Settings {
  /** Samples a second out of the FIFO: 25, 50, 100, 200, 400. */
  readonly rateHz?: number;
  /** Conversions averaged into a sample: 1, 2, 4, 8. `rateHz` times this must be 50, 100, 200 or 400. LED power follows. */
  readonly averaging?: number;
  /** LED currents, 0 .. 255 steps of 0.2 mA. */
  readonly redCode?: number;
  readonly irCode?: number;
  /** Full scale of the converter, 0 .. 3: 2048 nA << code. */
  readonly rangeCode?: number;
  /** The board's first LED is the infrared one (widespread on clones). */
  readonly ledsSwapped?: boolean;
  /** Power save: no light, no samples, 0.7 uA. */
  readonly asleep?: boolean;
}

/** Free slots at the interrupt: 15, so 17 samples are unread, the fewest that can be asked for. */
const A_FULL_FREE_SLOTS = 15;
const AVERAGINGS: readonly number[] = Object.freeze([1, 2, 4, 8]);
const RATES_HZ: readonly number[] = Object.freeze([25, 50, 100, 200, 400]);
/** Conversions a second by code. Above 400 the chip takes no pulses of 411 us with two LEDs, and clamps silently. */
const CONVERSIONS_HZ: readonly number[] = Object.freeze([50, 100, 200, 400]);

/** The settings in force, complete. Changes only through `merge`, which refuses before it changes anything. */
export class SensorSettings {
  rateHz = 100;
  averaging = 1;
  redCode = 0x24;
  irCode = 0x24;
  rangeCode = 1;
  ledsSwapped = false;
  asleep = false;

  /** @throws RangeError naming the key; nothing is changed then */
  merge(change: Max30102Settings): void {
    const rateHz = change.rateHz ?? this.rateHz;
    const averaging = change.averaging ?? this.averaging;
    const redCode = change.redCode ?? this.redCode;
    const irCode = change.irCode ?? this.irCode;
    const rangeCode = change.rangeCode ?? this.rangeCode;
    if (!RATES_HZ.includes(rateHz)) throw new RangeError(`rateHz ${rateHz} is none of ${RATES_HZ.join(", ")}`);
    if (!AVERAGINGS.includes(averaging)) throw new RangeError(`averaging ${averaging} is none of 1, 2, 4, 8`);
    if (!CONVERSIONS_HZ.includes(rateHz * averaging))
      throw new RangeError(`rateHz ${rateHz} x averaging ${averaging} is none of ${CONVERSIONS_HZ.join(", ")}`);
    if (!isCode(redCode, 255)) throw new RangeError(`redCode ${redCode} is not 0 .. 255`);
    if (!isCode(irCode, 255)) throw new RangeError(`irCode ${irCode} is not 0 .. 255`);
    if (!isCode(rangeCode, 3)) throw new RangeError(`rangeCode ${rangeCode} is not 0 .. 3`);
    this.rateHz = rateHz;
    this.averaging = averaging;
    this.redCode = redCode;
    this.irCode = irCode;
    this.rangeCode = rangeCode;
    this.ledsSwapped = change.ledsSwapped ?? this.ledsSwapped;
    this.asleep = change.asleep ?? this.asleep;
  }

  /** A sample's nominal length in quarters of a millisecond: 10 .. 160, exact at every rate. */
  get periodQuarterMs(): number {
    return (4000 / this.rateHz) | 0; // a quotient stays a double in XS, even if it is whole
  }

  get fifoConfig(): number {
    return withField(withField(0, SMP_AVE, AVERAGINGS.indexOf(this.averaging)), FIFO_A_FULL, A_FULL_FREE_SLOTS);
  }

  get modeConfig(): number {
    return withField(withField(0, MODE, MODE_SPO2), SHDN, this.asleep ? 1 : 0);
  }

  get spo2Config(): number {
    const conversions = CONVERSIONS_HZ.indexOf(this.rateHz * this.averaging);
    const timing = withField(withField(0, LED_PW, LED_PW_411_US), SPO2_SR, conversions);
    return withField(timing, SPO2_ADC_RGE, this.rangeCode);
  }

  get led1Code(): number {
    return this.ledsSwapped ? this.irCode : this.redCode;
  }

  get led2Code(): number {
    return this.ledsSwapped ? this.redCode : this.irCode;
  }
}

const isCode = (code: number, codeMax: number): boolean => Number.isInteger(code) && code >= 0 && code <= codeMax;
