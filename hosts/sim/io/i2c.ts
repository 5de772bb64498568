import { Op } from "sim/ops";
import { bytes, call } from "sim/port";

/**
 * `embedded:io/i2c` as on the ESP32: every write ends in STOP whatever `stop` says, `writeRead` uses a repeated start,
 * a NACK throws, and one address may be open once.
 */
export default class I2C {
  readonly #address: number;
  #open = false;

  constructor(options: { address: number; hz: number }) {
    if (!(options.address >= 0 && options.address <= 0x7f)) throw new RangeError("invalid address");
    if (!(options.hz > 0)) throw new RangeError("invalid hz"); // mandatory on the ESP32
    this.#address = options.address;
    if (call(Op.I2cOpen, options.address, options.hz, 0, 0) !== 0) throw new Error("duplicate address");
    this.#open = true;
  }

  close(): void {
    if (this.#open) call(Op.I2cClose, this.#address, 0, 0, 0);
    this.#open = false;
  }

  read(into: number | Uint8Array): ArrayBufferLike | number {
    this.#check();
    const buffer = typeof into === "number" ? new Uint8Array(into) : into;
    if (bytes(Op.I2cRead, this.#address, buffer) === 0) throw new Error("read failed");
    return typeof into === "number" ? buffer.buffer : buffer.length;
  }

  write(out: Uint8Array | ArrayBuffer, _stop?: boolean): void {
    this.#check();
    const buffer = out instanceof Uint8Array ? out : new Uint8Array(out);
    if (bytes(Op.I2cWrite, this.#address, buffer) === 0) throw new Error("write failed");
  }

  /** At most 3 bytes out: enough for a register's address, and no second buffer has to cross the wall. */
  writeRead(out: Uint8Array, into: Uint8Array): number {
    this.#check();
    if (out.length < 1 || out.length > 3) throw new RangeError("writeRead: 1 to 3 bytes out");
    call(Op.I2cSelect, out.length, out[0] ?? 0, out[1] ?? 0, out[2] ?? 0);
    if (bytes(Op.I2cWriteRead, this.#address, into) === 0) throw new Error("writeRead failed");
    return into.length;
  }

  #check(): void {
    if (!this.#open) throw new Error("closed");
  }
}
