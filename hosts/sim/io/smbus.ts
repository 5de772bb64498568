import I2C from "embedded:io/i2c";

/** `embedded:io/smbus`: register access over I2C with a repeated start, as Moddable's class does it. */
export default class SMBus {
  readonly #io: I2C;
  readonly #register = new Uint8Array(1);
  readonly #byte = new Uint8Array(1);
  readonly #pair = new Uint8Array(2);

  constructor(options: { address: number; hz: number; data: number; clock: number }) {
    this.#io = new I2C(options);
  }

  close(): void {
    this.#io.close();
  }

  readUint8(register: number): number {
    this.#register[0] = register;
    this.#io.writeRead(this.#register, this.#byte);
    return this.#byte[0] ?? 0;
  }

  writeUint8(register: number, value: number): void {
    this.#pair[0] = register;
    this.#pair[1] = value;
    this.#io.write(this.#pair);
  }

  readBuffer(register: number, into: Uint8Array): number {
    this.#register[0] = register;
    return this.#io.writeRead(this.#register, into);
  }

  writeBuffer(register: number, out: Uint8Array): void {
    const all = new Uint8Array(1 + out.length);
    all[0] = register;
    all.set(out, 1);
    this.#io.write(all);
  }
}
