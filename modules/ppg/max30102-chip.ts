/**
 * The part at the end of the wire: opens the bus, says who answers, resets, programs, and keeps the FIFO's register
 * shadow. Every call is a few bus transfers; what the bus throws passes through.
 */
import type { Smbus, SmbusOptions } from "base/host-parts";
import { SensorMissing, SettingRefused, WrongPart } from "ppg/max30102-errors";
import { Interrupt, MODE, MODE_SPO2, PART_ID_MAX30102, RESET, Register, SHDN, withField } from "ppg/max30102-registers";
import type { SensorSettings } from "ppg/max30102-settings";

const ADDRESS = 0x57;
const BUS_HZ = 400_000;
/** A full FIFO takes 4.4 ms, at 100 kHz 18 ms. The host's own limit (400 ms) would hold up the radio on a stuck bus. */
const BUS_TIMEOUT_MS = 50;
/** A single NACK or a flipped bit is no reason to call the part missing or wrong. */
const IDENTIFY_TRIES = 3;

export class Max30102Chip {
  readonly io: Smbus;
  #rewrites = 0;
  // What the light registers hold, and not what is wanted: true only while `#lightKnown`. A transfer that failed may
  // have set its register or not.
  #led1Code = 0;
  #led2Code = 0;
  #spo2Config = 0;
  #lightKnown = false;

  constructor(options: SmbusOptions) {
    const bus = { hz: BUS_HZ, address: ADDRESS, timeout: BUS_TIMEOUT_MS, ...options };
    this.io = new options.io(bus);
  }

  /** @throws SensorMissing, WrongPart */
  identify(): void {
    let found: number | undefined;
    let cause: unknown;
    for (let i = 0; i < IDENTIFY_TRIES; i++)
      try {
        found = this.io.readUint8(Register.PART_ID);
        if (found === PART_ID_MAX30102) return;
      } catch (error) {
        cause = error;
      }
    if (found === undefined) throw new SensorMissing(cause);
    throw new WrongPart(found);
  }

  /** Starts a reset. It ends by itself, after 1 ms as a rule; transfers may fail until then. */
  reset(): void {
    this.io.writeUint8(Register.MODE_CONFIG, withField(0, RESET, 1));
  }

  get isResetting(): boolean {
    return (this.io.readUint8(Register.MODE_CONFIG) & RESET.mask) !== 0;
  }

  /**
   * Everything, in power save, so that the FIFO never holds samples of two settings; then an empty FIFO; then go.
   * The first sample is complete one period after this returns.
   * @returns INT_STATUS_1 as it was, cleared by the reading: after a power-up it holds INT low until then
   * @throws SettingRefused
   */
  program(settings: SensorSettings): number {
    this.#lightKnown = false;
    this.writeChecked(Register.MODE_CONFIG, withField(settings.modeConfig, SHDN, 1));
    this.writeChecked(Register.FIFO_CONFIG, settings.fifoConfig);
    this.writeLight(settings);
    this.writeChecked(Register.INT_ENABLE_1, Interrupt.A_FULL | Interrupt.ALC_OVF);
    this.writeChecked(Register.INT_ENABLE_2, 0);
    this.io.writeUint8(Register.FIFO_WR_PTR, 0); // pointers can be written in modes 2, 3 and 7 only: after the mode
    this.io.writeUint8(Register.OVF_COUNTER, 0);
    this.io.writeUint8(Register.FIFO_RD_PTR, 0);
    const status = this.io.readUint8(Register.INT_STATUS_1);
    this.writeChecked(Register.MODE_CONFIG, settings.modeConfig);
    return status;
  }

  /** Does the chip hold these LED currents and this range? */
  hasLight(settings: SensorSettings): boolean {
    return (
      this.#lightKnown &&
      this.#led1Code === settings.led1Code &&
      this.#led2Code === settings.led2Code &&
      this.#spo2Config === settings.spo2Config
    );
  }

  /** Does the chip hold this infrared current and this range, whatever red has? */
  hasInfrared(settings: SensorSettings): boolean {
    const code = settings.ledsSwapped ? this.#led1Code : this.#led2Code;
    return this.#lightKnown && this.#spo2Config === settings.spo2Config && code === settings.irCode;
  }

  /** LED currents and converter range, as far as they differ from what the chip holds. @throws SettingRefused */
  writeLight(settings: SensorSettings): void {
    const all = !this.#lightKnown;
    this.#lightKnown = false; // should the bus fail half way
    const { spo2Config, led1Code, led2Code } = settings;
    if (all || this.#spo2Config !== spo2Config) this.writeChecked(Register.SPO2_CONFIG, spo2Config); // may be clamped
    if (all || this.#led1Code !== led1Code) this.writeChecked(Register.LED1_PA, led1Code);
    if (all || this.#led2Code !== led2Code) this.writeChecked(Register.LED2_PA, led2Code);
    this.#spo2Config = spo2Config;
    this.#led1Code = led1Code;
    this.#led2Code = led2Code;
    this.#lightKnown = true;
  }

  /** Writes, reads back, and once more if a bit flipped on the way. @throws SettingRefused */
  writeChecked(register: number, byte: number): void {
    this.io.writeUint8(register, byte);
    let found = this.io.readUint8(register);
    if (found === byte) return;
    this.#rewrites++;
    this.io.writeUint8(register, byte);
    found = this.io.readUint8(register);
    if (found !== byte) throw new SettingRefused(register, byte, found);
  }

  /** Registers that read back otherwise than just written and were written again, since the last call. */
  takeRewrites(): number {
    const rewrites = this.#rewrites;
    this.#rewrites = 0;
    return rewrites;
  }

  /** Light off, 0.7 uA. */
  sleep(): void {
    this.io.writeUint8(Register.MODE_CONFIG, withField(withField(0, MODE, MODE_SPO2), SHDN, 1));
  }

  close(): void {
    this.io.close();
  }
}
