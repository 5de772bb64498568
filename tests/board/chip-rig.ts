import { VirtualClock } from "../../hosts/sim/board/clock.js";
import { I2cBus } from "../../hosts/sim/board/i2c-bus.js";
import { Line } from "../../hosts/sim/board/lines.js";
import { Max30102 } from "../../hosts/sim/board/max30102.js";
import { type Max30102Options, max30102Defaults } from "../../hosts/sim/board/max30102-options.js";
import { RandomStream } from "../../hosts/sim/board/random.js";
import { LightChannel, type OpticalSource } from "../../hosts/sim/person/optical-source.js";

/** A lamp with a rule. Photocurrents do not depend on the LED unless the rule says so. */
export class Lamp implements OpticalSource {
  red: (ledMa: number, timeUs: number) => number;
  ir: (ledMa: number, timeUs: number) => number;
  leakNa = 0;
  isOverrun = false;

  constructor(red: Lamp["red"] = () => 0, ir: Lamp["ir"] = red) {
    this.red = red;
    this.ir = ir;
  }
  photocurrentNa(channel: LightChannel, ledMa: number, timeUs: number): number {
    return channel === LightChannel.Red ? this.red(ledMa, timeUs) : this.ir(ledMa, timeUs);
  }
  ambientLeakNa(): number {
    return this.leakNa;
  }
  ambientOverrun(): boolean {
    return this.isOverrun;
  }
}

export const SAMPLE_US = 10_000;

/** At 100 Hz, 411 µs and 4096 nA (64 counts to the nA): red reads 1000 + n, IR 2000 + n in sample n = 1, 2, 3 … */
export const numbered = (): Lamp => {
  const sampleNumber = (timeUs: number) => Math.round(timeUs / SAMPLE_US);
  return new Lamp(
    (_ledMa, timeUs) => (1000 + sampleNumber(timeUs)) / 64,
    (_ledMa, timeUs) => (2000 + sampleNumber(timeUs)) / 64,
  );
};

/** The chip alone on a bus, without noise and dark current, so that counts can be worked out by hand. */
export class ChipRig {
  readonly clock = new VirtualClock();
  readonly bus = new I2cBus();
  readonly alert = new Line(this.clock, "alert", 1, 0);
  readonly lamp: Lamp;
  readonly chip: Max30102;
  currentMa = Number.NaN;

  constructor(lamp: Lamp = new Lamp(), options: Partial<Max30102Options> = {}) {
    this.lamp = lamp;
    this.chip = new Max30102(
      this.clock,
      this.alert,
      lamp,
      new RandomStream(1, "noise"),
      (currentMa) => {
        this.currentMa = currentMa;
      },
      { ...max30102Defaults, noiseCountsRms: 0, darkNa: 0, ...options },
    );
    this.bus.attach(0x57, this.chip);
  }

  write(register: number, ...values: number[]): void {
    if (!this.bus.write(0x57, Uint8Array.of(register, ...values))) throw new Error("NACK");
  }

  read(register: number): number {
    return this.readMany(register, 1)[0] ?? Number.NaN;
  }

  readMany(register: number, count: number): number[] {
    const into = new Uint8Array(count);
    if (!this.bus.writeRead(0x57, Uint8Array.of(register), into)) throw new Error("NACK");
    return [...into];
  }

  /** The project's settings: SpO2, 100 Hz, 411 µs, 4096 nA, A_FULL at 17 unread, no rollover; status read, FIFO empty. */
  start(fifoConfig = 0x0f, spo2Config = 0x27, mode = 3): void {
    this.read(0x00);
    this.write(0x08, fifoConfig);
    this.write(0x0a, spo2Config);
    this.write(0x09, mode);
    this.write(0x04, 0, 0, 0);
  }

  /** Lets `count` sample periods of 100 Hz pass. */
  sample(count: number): void {
    this.clock.runUntil(this.clock.nowUs + count * SAMPLE_US);
  }

  get pointers(): number[] {
    return this.readMany(0x04, 3);
  }

  /** `count` values of three bytes, read from FIFO_DATA in one transfer. */
  values(count: number): number[] {
    const bytes = this.readMany(0x07, 3 * count);
    return Array.from({ length: count }, (_, i) =>
      bytes.slice(3 * i, 3 * i + 3).reduce((sum, byte) => sum * 256 + byte, 0),
    );
  }
}
