import { Op } from "sim/ops";
import { call, listen, unlisten } from "sim/port";

interface DigitalOptions {
  pin: number;
  mode: number;
  edge?: number;
  initialValue?: 0 | 1;
  onReadable?(this: Digital): void;
}

/**
 * `embedded:io/digital` as on the ESP32: edges that come while one is waiting to be delivered are lost in it, none
 * carries a time, and a level that stays does not fire again.
 */
export default class Digital {
  static readonly Input = 0;
  static readonly InputPullUp = 1;
  static readonly InputPullDown = 2;
  static readonly InputPullUpDown = 3;
  static readonly Output = 8;
  static readonly OutputOpenDrain = 9;
  static readonly Rising = 1;
  static readonly Falling = 2;

  readonly #pin: number;
  readonly #output: boolean;
  #source = -1;
  #open = false;

  constructor(options: DigitalOptions) {
    const { pin, mode, edge = 0, onReadable } = options;
    this.#pin = pin;
    this.#output = mode >= Digital.Output;
    if (onReadable !== undefined) {
      if (edge === 0) throw new Error("onReadable needs edge");
      this.#source = listen(() => onReadable.call(this));
    }
    if (call(Op.DigitalOpen, pin, mode, edge, this.#source) !== 0) {
      if (this.#source >= 0) unlisten(this.#source);
      throw new Error("inUse");
    }
    this.#open = true;
    if (this.#output) this.write(options.initialValue ?? 0);
  }

  read(): number {
    this.#check();
    return call(Op.DigitalRead, this.#pin, 0, 0, 0);
  }

  write(value: 0 | 1): void {
    this.#check();
    if (!this.#output) throw new Error("unimplemented"); // writing to an input
    call(Op.DigitalWrite, this.#pin, value, 0, 0);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    call(Op.DigitalClose, this.#pin, 0, 0, 0);
    if (this.#source >= 0) unlisten(this.#source);
  }

  #check(): void {
    if (!this.#open) throw new Error("closed");
  }
}
