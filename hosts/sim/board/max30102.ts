import type { OpticalSource } from "../person/optical-source.js";
import { ChipMisuse } from "./chip-misuse.js";
import { type EventHandle, EventPriority, type VirtualClock } from "./clock.js";
import type { I2cDevice } from "./i2c-bus.js";
import type { Line } from "./lines.js";
import { FIFO_SLOTS, SampleFifo } from "./max30102-fifo.js";
import { type Max30102Options, max30102Defaults } from "./max30102-options.js";
import { ALWAYS_ZERO, isReadable, resetValue, WRITABLE } from "./max30102-registers.js";
import { Sampler } from "./max30102-sampler.js";
import type { RandomStream } from "./random.js";

export const MAX30102_ADDRESS = 0x57;

const A_FULL = 0x80;
const PPG_RDY = 0x40;
const ALC_OVF = 0x20;
const PWR_RDY = 0x01;
const DIE_TEMP_RDY = 0x02;
const SHDN = 0x80;
const RESET = 0x40;
const TEMPERATURE_US = 29_000;
/** Supply current, mA: converting or ready to, and shut down. */
const RUNNING_MA = 0.7;
const SHUTDOWN_MA = 0.0007;

/**
 * The MAX30102 pulse sensor behind its registers: maker's datasheet rev 1, and, where that says nothing, the options.
 * It samples by its own oscillator whether or not anybody reads. Whatever the chip forbids throws ChipMisuse.
 */
export class Max30102 implements I2cDevice {
  readonly #clock: VirtualClock;
  readonly #alert: Line;
  readonly #options: Max30102Options;
  readonly #onCurrentMa: (currentMa: number) => void;
  readonly #fifo: SampleFifo;
  readonly #temperatureDone: () => void;
  /** Light path and oscillator, open for the person, for ageing, drift and faults. */
  readonly sampler: Sampler;
  /** Physical side: what the chip's thermometer is at. */
  dieTemperatureC: number;
  /** See Max30102Options; mutable for faults. */
  partId: number;
  resetMs: number;
  /** The first thing the firmware did that the chip forbids; kept, so that nobody can swallow it. */
  misuse: ChipMisuse | undefined;
  /** Samples that went to the FIFO since the start, and those it had no room for. */
  sampleCount = 0;
  droppedCount = 0;

  readonly #registers = new Uint8Array(256);
  #pointer = 0;
  #flags1 = 0;
  #flags2 = 0;
  #isResetting = false;
  #resetEnd: EventHandle = 0;
  #temperatureEnd: EventHandle = 0;
  /** The sample being read out, and the next byte of it; the transfer's end loses the rest. */
  readonly #popped = new Int32Array(4);
  #poppedByte = 0;

  /**
   * @param alert        the INT line: open drain, low while something is to be told
   * @param onCurrentMa  told what the chip and its LEDs draw whenever that changes
   */
  constructor(
    clock: VirtualClock,
    alert: Line,
    optics: OpticalSource,
    random: RandomStream,
    onCurrentMa: (currentMa: number) => void,
    options: Max30102Options = max30102Defaults,
  ) {
    this.#clock = clock;
    this.#alert = alert;
    this.#options = options;
    this.#onCurrentMa = onCurrentMa;
    this.#fifo = new SampleFifo(options);
    this.sampler = new Sampler(clock, this.#registers, optics, random, options, (sample) => this.#take(sample));
    this.dieTemperatureC = options.dieTemperatureC;
    this.partId = options.partId;
    this.resetMs = options.resetMs;
    this.#temperatureDone = () => this.#endTemperature();
    this.powerUp();
  }

  /** VDD has risen through the lock-out: at the start, and after a brown-out. Everything is lost, PWR_RDY says so. */
  powerUp(): void {
    this.#toResetState();
    this.#isResetting = false;
    this.#pointer = 0;
    this.#flags1 = PWR_RDY;
    this.#settleConfiguration(true);
  }

  /** Samples in the FIFO that nobody has read, 0 .. 32: what the pointers alone cannot tell. */
  get unreadCount(): number {
    return this.#fifo.unread;
  }

  write(bytes: Uint8Array): boolean {
    if (bytes.length === 0) return true;
    this.#pointer = bytes[0]!; // there is one
    for (let i = 1; i < bytes.length; i++) {
      this.#writeRegister(this.#pointer, bytes[i]!); // i is bounded by the loop
      this.#advance();
    }
    return true;
  }

  read(into: Uint8Array): boolean {
    this.#poppedByte = 0;
    for (let i = 0; i < into.length; i++) {
      into[i] = this.#readRegister(this.#pointer);
      this.#advance();
    }
    this.#settleAlert();
    return true;
  }

  /** The pointer stays at FIFO_DATA and runs out of the map after PART_ID. */
  #advance(): void {
    if (this.#pointer !== 0x07 && this.#pointer < 0x100) this.#pointer++;
  }

  #readRegister(register: number): number {
    switch (register) {
      case 0x00: {
        const flags = this.#flags1;
        this.#flags1 = 0;
        return flags;
      }
      case 0x01: {
        const flags = this.#flags2;
        this.#flags2 = 0;
        return flags;
      }
      case 0x04:
        return this.#fifo.writePointer;
      case 0x05:
        return this.#fifo.overflow;
      case 0x06:
        return this.#fifo.readPointer;
      case 0x07:
        return this.#readFifoByte();
      case 0x09:
        return this.#isResetting ? RESET : this.#registers[0x09]!; // 256 registers
      case 0x20:
        this.#flags2 = 0;
        return this.#registers[0x20]!; // 256 registers
      case 0xfe:
        return this.#options.revisionId;
      case 0xff:
        return this.partId;
      default:
        if (!isReadable(register)) this.#forbid(register, undefined, "no such register");
        return this.#registers[register]!; // isReadable: below 256
    }
  }

  /** RD moves on with the first byte of a sample: what is not read of it in this transfer is gone. */
  #readFifoByte(): number {
    this.#flags1 &= ~PPG_RDY;
    if (this.#poppedByte === 0) this.#fifo.pop(this.#popped);
    if (this.sampler.ledCount === 0) return 0;
    const channel = (this.#poppedByte / 3) | 0;
    const byteOfChannel = this.#poppedByte - 3 * channel;
    this.#poppedByte = this.#poppedByte + 1 === 3 * this.sampler.ledCount ? 0 : this.#poppedByte + 1;
    return (this.#popped[channel]! >> (16 - 8 * byteOfChannel)) & 0xff; // channel < ledCount <= 4
  }

  #writeRegister(register: number, value: number): void {
    const writable = register < 0x100 ? WRITABLE[register]! : 0; // 256 of them
    if (register === 0x07) this.#forbid(register, value, "what a write to FIFO_DATA does is not documented");
    if (writable === 0) this.#forbid(register, value, isReadable(register) ? "read-only" : "no such register");
    if ((value & ALWAYS_ZERO[register]!) !== 0) this.#forbid(register, value, "a bit is set that must be 0"); // 256
    if (this.#isResetting && register !== 0x09) return;
    switch (register) {
      case 0x04:
        if (this.#hasMode()) this.#fifo.writePointer = value;
        return;
      case 0x05:
        if (this.#hasMode()) this.#fifo.overflow = value;
        return;
      case 0x06:
        if (this.#hasMode()) this.#fifo.readPointer = value;
        return;
      case 0x09:
        this.#writeMode(value);
        return;
      case 0x11:
      case 0x12:
        if ((value & 0x07) > 4 || ((value >> 4) & 0x07) > 4) this.#forbid(register, value, "a reserved slot code");
        this.#registers[register] = value & writable;
        this.#settleConfiguration(this.#mode() === 7);
        return;
      case 0x21:
        if ((value & 1) !== 0) this.#startTemperature();
        return;
      default: {
        const old = this.#registers[register]!; // 256 registers
        this.#registers[register] = value & writable;
        if (register === 0x08 || register === 0x0a) this.sampler.dropAverage();
        if (register === 0x08 || register >= 0x0a)
          this.#settleConfiguration(register === 0x0a && ((old ^ value) & 0x1c) !== 0);
        this.#settleAlert(); // the enables
      }
    }
  }

  #mode(): number {
    return this.#registers[0x09]! & 0x07; // 256 registers
  }

  /** A mode in which the chip measures: heart rate, SpO2 or multi-LED. */
  #hasMode(): boolean {
    return this.sampler.ledCount > 0 || this.#mode() === 7;
  }

  #writeMode(value: number): void {
    if ((value & RESET) !== 0) {
      this.#toResetState();
      this.#isResetting = true;
      const { resetMs } = this;
      if (resetMs !== Number.POSITIVE_INFINITY)
        this.#resetEnd = this.#clock.at(this.#clock.nowUs + resetMs * 1000, EventPriority.Part, () => {
          this.#resetEnd = 0;
          this.#isResetting = false;
        });
      this.#settleConfiguration(true);
      return;
    }
    if (this.#isResetting) return;
    const mode = value & 0x07;
    const keepsResetState = mode === 0 && this.#mode() === 0; // SHDN before the first mode is set
    if (mode !== 2 && mode !== 3 && mode !== 7 && !keepsResetState)
      this.#forbid(0x09, value, `mode ${mode} is "do not use"`);
    const wasMode = this.#registers[0x09]!; // 256 registers
    this.#registers[0x09] = value & (SHDN | 0x07);
    if ((value & SHDN) !== 0) {
      this.#flags1 = 0;
      this.#flags2 = 0;
      this.#cancelTemperature();
    }
    this.#settleConfiguration(wasMode !== this.#registers[0x09]);
  }

  /** Everything as RESET and power-up leave it, but for PWR_RDY, which a RESET neither sets nor clears. */
  #toResetState(): void {
    for (let register = 0; register < 0x100; register++) this.#registers[register] = resetValue(register);
    this.#fifo.clear();
    this.#flags1 &= PWR_RDY;
    this.#flags2 = 0;
    this.#cancelTemperature();
    if (this.#resetEnd !== 0) this.#clock.cancel(this.#resetEnd);
    this.#resetEnd = 0;
  }

  /** Works out from the registers what the chip does from here on; `restart` begins a new sample period now. */
  #settleConfiguration(restart: boolean): void {
    const registers = this.#registers; // 256 of them
    this.sampler.settle(restart);
    if (!this.sampler.slotsAreInOrder) this.#forbid(0x11, registers[0x11], "slots must be enabled in order from 1");
    this.#fifo.isRollingOver = (registers[0x08]! & 0x10) !== 0;
    const chipMa = (registers[0x09]! & SHDN) !== 0 ? SHUTDOWN_MA : RUNNING_MA;
    this.#onCurrentMa(chipMa + this.sampler.ledMeanMa);
    this.#settleAlert();
  }

  /** The sampler has converted, and if all that are to be averaged are in, has a sample. */
  #take(sample: Int32Array | undefined): void {
    if (this.sampler.converter.optics.ambientOverrun(this.#clock.nowUs)) this.#flags1 |= ALC_OVF;
    if (sample !== undefined) this.#push(sample);
    this.#settleAlert();
  }

  #push(sample: Int32Array): void {
    const unreadBefore = this.#fifo.unread;
    if (!this.#fifo.push(sample)) {
      this.droppedCount++;
      return;
    }
    this.sampleCount++;
    this.#flags1 |= PPG_RDY;
    const free = FIFO_SLOTS - this.#fifo.unread;
    const field = this.#registers[0x08]! & 0x0f; // 256 registers
    const isCrossing = free === field && this.#fifo.unread !== unreadBefore;
    if (this.#options.aFullRefire === "level" ? free <= field : isCrossing) this.#flags1 |= A_FULL;
  }

  #startTemperature(): void {
    if ((this.#registers[0x09]! & SHDN) !== 0) return; // nothing converts in shutdown, and TEMP_EN does not stay
    this.#cancelTemperature();
    if (!this.#options.tempEnClearsEarly) this.#registers[0x21] = 1;
    this.#temperatureEnd = this.#clock.at(
      this.#clock.nowUs + TEMPERATURE_US,
      EventPriority.Part,
      this.#temperatureDone,
    );
  }

  #endTemperature(): void {
    const sixteenths = Math.floor(this.dieTemperatureC * 16 + 0.5);
    this.#temperatureEnd = 0;
    this.#registers[0x1f] = (sixteenths >> 4) & 0xff;
    this.#registers[0x20] = sixteenths & 0x0f;
    this.#registers[0x21] = 0;
    const isEnabled = (this.#registers[0x03]! & DIE_TEMP_RDY) !== 0; // 256 registers
    if (isEnabled || !this.#options.tempFlagNeedsEnable) this.#flags2 = DIE_TEMP_RDY;
    this.#settleAlert();
  }

  #cancelTemperature(): void {
    if (this.#temperatureEnd !== 0) this.#clock.cancel(this.#temperatureEnd);
    this.#temperatureEnd = 0;
    this.#registers[0x21] = 0;
  }

  /** INT is low while an enabled flag is set. PWR_RDY has no enable. */
  #settleAlert(): void {
    const asked = this.#flags1 & (this.#registers[0x02]! | PWR_RDY); // this and below: 256 registers
    this.#alert.set((asked | (this.#flags2 & this.#registers[0x03]!)) !== 0 ? 0 : 1);
  }

  #forbid(register: number, value: number | undefined, why: string): never {
    const misuse = new ChipMisuse("MAX30102", register, value, this.#clock.nowUs, why);
    this.misuse ??= misuse;
    throw misuse;
  }
}
