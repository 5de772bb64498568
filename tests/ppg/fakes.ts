/**
 * A bench for the driver: virtual time, a bus that writes down every transfer, and a sensor of the few datasheet facts
 * that the driver leans on. Addresses and bits are typed here from the datasheet and not from the driver.
 */
import type { Clock, Digital, DigitalConstructor, Smbus, SmbusOptions, Timers } from "base/host-parts";

interface Due {
  atUs: number;
  order: number;
  everyUs: number;
  /** Runs on the host's processor, which may be busy. */
  host: boolean;
  run(): void;
}

/** Time moves only in `run`; what is due at the same time goes in the order in which it was asked for. */
export class FakeTime implements Clock, Timers {
  nowUs = 0;
  #due: Due[] = [];
  #order = 0;

  /** @param startMs what the host's clock says at the start */
  constructor(readonly startMs = 0) {}

  get ticks(): number {
    return (this.startMs + Math.floor(this.nowUs / 1000)) | 0;
  }

  get pending(): number {
    return this.#due.length;
  }

  set(callback: () => void, delayMs: number): unknown {
    return this.at(callback, this.nowUs + delayMs * 1000, 0, true);
  }

  repeat(callback: () => void, periodMs: number): unknown {
    return this.at(callback, this.nowUs + periodMs * 1000, periodMs * 1000, true);
  }

  at(run: () => void, atUs: number, everyUs = 0, host = false): Due {
    const due = { atUs, order: this.#order++, everyUs, host, run };
    this.#due.push(due);
    return due;
  }

  clear(timer: unknown): void {
    const at = this.#due.indexOf(timer as Due); // Timers hands out handles that only it understands
    if (at < 0) throw new Error("cleared a timer that is not set");
    this.#due.splice(at, 1);
  }

  run(ms: number): void {
    this.#run(ms, true);
  }

  /** Time passes, and the host's processor is busy: its timers and edges come late, after this. */
  stall(ms: number): void {
    this.#run(ms, false);
  }

  #run(ms: number, host: boolean): void {
    const endUs = this.nowUs + ms * 1000;
    for (;;) {
      this.#due.sort((a, b) => a.atUs - b.atUs || a.order - b.order);
      const next = this.#due.find((due) => host || !due.host);
      if (next === undefined || next.atUs > endUs) break;
      this.nowUs = Math.max(this.nowUs, next.atUs);
      if (next.everyUs > 0) {
        next.atUs = Math.max(next.atUs + next.everyUs, this.nowUs); // what was missed is not made up for
        next.order = this.#order++;
      } else this.#due.splice(this.#due.indexOf(next), 1);
      next.run();
    }
    this.nowUs = Math.max(this.nowUs, endUs);
  }
}

const hex = (byte: number): string => byte.toString(16).padStart(2, "0");

/** The sensor on its bus. Sample k is red 100000 + k, infrared 150000 + k (k modulo 65536) unless `light` is set. */
export class FakeSensor {
  /** Transfers: "r 09" read a byte, "b 04 3" read three from there, "w 09 40" write; a "!" in front: it threw. */
  readonly log: string[] = [];
  readonly registers = new Uint8Array(256);
  readonly memory: number[][] = Array.from({ length: 32 }, () => [0, 0]);
  open = 0;
  opened = 0;
  /** Called before each transfer; a throw is a NACK. */
  beforeTransfer: (entry: string) => void = () => {};
  /** A longer burst ends early, and nobody says so. */
  burstBytesMax = Number.POSITIVE_INFINITY;
  /** Bytes of a burst, to be spoilt. */
  spoil: (register: number, bytes: Uint8Array) => void = () => {};
  light: (k: number) => [number, number] = (k) => [100_000 + (k & 0xffff), 150_000 + (k & 0xffff)];
  resetMs = 1;
  produced = 0;
  periodUs = 10_000;
  /** A sample that is lost to a full FIFO still counts here. */
  unread = 0;
  onAlert: (() => void) | undefined;
  alertOpen = 0;
  alertForced: 0 | 1 | undefined;
  #phase: Due | undefined;
  #low = false;
  #nacks = 0;

  constructor(readonly time: FakeTime) {
    this.powerUp();
  }

  readonly bus: SmbusOptions = { io: this.#busClass() };

  nackNext(count: number): void {
    this.#nacks = count;
  }

  powerUp(): void {
    this.#defaults();
    this.registers[0x00] = 0x01; // PWR_RDY
    this.#line();
  }

  /** Samples arrive; with the FIFO full they are lost and counted, up to 31. */
  push(): void {
    const r = this.registers;
    const k = this.produced++;
    if (this.unread === 32) {
      r[0x05] = Math.min(31, r[0x05]! + 1);
      return;
    }
    this.memory[r[0x04]!] = this.light(k);
    r[0x04] = (r[0x04]! + 1) & 31;
    this.unread++;
    r[0x00] = r[0x00]! | 0x40;
    if (32 - this.unread === (r[0x08]! & 15)) r[0x00] = r[0x00]! | 0x80;
    this.#line();
  }

  get isSampling(): boolean {
    return (this.registers[0x09]! & 0xc7) === 3;
  }

  #defaults(): void {
    this.registers.fill(0);
    this.registers[0xff] = 0x15;
    this.registers[0xfe] = 0x03;
    this.unread = 0;
    this.#follow();
  }

  /** Starts or stops the conversions as MODE_CONFIG says. */
  #follow(): void {
    if (this.isSampling === (this.#phase !== undefined)) return;
    if (this.#phase !== undefined) {
      this.time.clear(this.#phase);
      this.#phase = undefined;
      return;
    }
    const next = (): void => {
      this.push();
      this.#phase = this.time.at(next, this.time.nowUs + this.periodUs);
    };
    this.#phase = this.time.at(next, this.time.nowUs + this.periodUs);
  }

  get alertLevel(): 0 | 1 {
    const enabled = this.registers[0x02]! | 1; // PWR_RDY cannot be masked
    return this.alertForced ?? ((this.registers[0x00]! & enabled) !== 0 ? 0 : 1);
  }

  #line(): void {
    const low = this.alertLevel === 0;
    if (low && !this.#low) this.onAlert?.();
    this.#low = low;
  }

  #read(register: number): number {
    const r = this.registers;
    const byte = r[register]!;
    if (register === 0x00) {
      r[0x00] = 0;
      this.#low = this.alertLevel === 0;
    }
    return byte;
  }

  /** FIFO_DATA: the pointer moves with the first byte of each sample; popping clears the overflow counter. */
  #burst(bytes: Uint8Array): void {
    const r = this.registers;
    for (let i = 0; i < bytes.length; i++) {
      const slot = this.memory[(r[0x06]! - (i % 6 === 0 ? 0 : 1)) & 31]!;
      if (i % 6 === 0) {
        r[0x06] = (r[0x06]! + 1) & 31;
        r[0x05] = 0;
        this.unread = Math.max(0, this.unread - 1);
      }
      bytes[i] = (slot[i % 6 < 3 ? 0 : 1]! >> (16 - 8 * (i % 3))) & 0xff;
    }
  }

  /** A burst that ends after so many bytes, as seen by the sensor. */
  popBytes(count: number): void {
    this.#burst(new Uint8Array(count));
  }

  #write(register: number, byte: number): void {
    const r = this.registers;
    if (register === 0x09 && (byte & 0x40) !== 0) {
      r[0x09] = 0x40;
      this.#follow();
      if (this.resetMs < Number.POSITIVE_INFINITY)
        this.time.at(() => this.#defaults(), this.time.nowUs + this.resetMs * 1000);
      return;
    }
    r[register] = byte;
    if (register === 0x04 || register === 0x06) this.unread = (r[0x04]! - r[0x06]!) & 31;
    if (register === 0x09) {
      if ((byte & 0x80) !== 0) r[0x00] = 0;
      this.#follow();
    }
  }

  #enter(entry: string): void {
    try {
      if (this.#nacks > 0) {
        this.#nacks--;
        throw new Error("write failed");
      }
      this.beforeTransfer(entry);
    } catch (error) {
      this.log.push(`!${entry}`);
      throw error;
    }
    this.log.push(entry);
  }

  #busClass(): SmbusOptions["io"] {
    const sensor = this;
    return class implements Smbus {
      constructor(options: { hz: number; address: number }) {
        if (options.hz !== 400_000 || options.address !== 0x57) throw new RangeError("bus options");
        sensor.open++;
        sensor.opened++;
      }
      readUint8(register: number): number {
        sensor.#enter(`r ${hex(register)}`);
        const one = Uint8Array.of(sensor.#read(register));
        sensor.spoil(register, one);
        return one[0]!;
      }
      writeUint8(register: number, value: number): void {
        sensor.#enter(`w ${hex(register)} ${hex(value)}`);
        sensor.#write(register, value);
      }
      readBuffer(register: number, bytes: Uint8Array): number {
        sensor.#enter(`b ${hex(register)} ${bytes.length}`);
        if (register === 0x07) sensor.#burst(bytes.subarray(0, sensor.burstBytesMax));
        else for (let i = 0; i < bytes.length; i++) bytes[i] = sensor.#read(register + i);
        sensor.spoil(register, bytes);
        return bytes.length;
      }
      close(): void {
        if (sensor.open === 0) throw new Error("closed twice");
        sensor.open--;
      }
    };
  }

  /** The INT pin as the host sees it: edges only, none while the level stays. */
  get alertIo(): DigitalConstructor {
    const sensor = this;
    return class implements Digital {
      static readonly InputPullUp = 1;
      static readonly Output = 8;
      static readonly Falling = 2;
      static readonly Rising = 1;
      constructor(options: { mode: number; edge?: number; onReadable?(this: Digital): void }) {
        if (options.mode !== 1 || options.edge !== 2) throw new RangeError("pin options");
        sensor.alertOpen++;
        sensor.onAlert = () => {
          // The edge is delivered after whatever runs now.
          sensor.time.at(() => options.onReadable?.call(this), sensor.time.nowUs, 0, true);
        };
      }
      read(): number {
        return sensor.alertLevel;
      }
      write(): void {
        throw new Error("an input");
      }
      close(): void {
        sensor.alertOpen--;
        sensor.onAlert = undefined;
      }
    };
  }
}

/** A small generator for tests: 32-bit xorshift, so a seed means the same for ever. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
