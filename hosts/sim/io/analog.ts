import { Op } from "sim/ops";
import { call } from "sim/port";

/** `embedded:io/analog`: one reading, 0 .. 2^resolution - 1, noise of the radio and sag of the cell included. */
export default class Analog {
  readonly resolution = 12;
  readonly #pin: number;

  constructor(options: { pin: number }) {
    this.#pin = options.pin;
  }

  read(): number {
    return call(Op.AnalogRead, this.#pin, 0, 0, 0);
  }

  close(): void {}
}
