import { Op } from "sim/ops";
import { call } from "sim/port";

/** `embedded:io/pwm` (LEDC): resolution 8 to 14 bits, duty 0 .. 2^resolution - 1 where the highest is fully on. */
export default class PWM {
  readonly hz: number;
  readonly resolution: number;
  readonly #pin: number;
  #open = false;

  constructor(options: { pin: number; hz?: number; resolution?: number }) {
    this.hz = options.hz ?? 1024;
    this.resolution = options.resolution ?? 10;
    if (this.resolution < 8 || this.resolution > 14) throw new RangeError("invalid resolution");
    this.#pin = options.pin;
    if (call(Op.PwmOpen, options.pin, this.hz, this.resolution, 0) !== 0) throw new Error("inUse");
    this.#open = true;
  }

  write(duty: number): void {
    if (!this.#open) throw new Error("closed");
    if (!(duty >= 0 && duty < 1 << this.resolution)) throw new RangeError("invalid value");
    call(Op.PwmWrite, this.#pin, duty | 0, 0, 0);
  }

  close(): void {
    if (this.#open) call(Op.PwmClose, this.#pin, 0, 0, 0);
    this.#open = false;
  }
}
