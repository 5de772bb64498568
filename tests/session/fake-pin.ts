import assert from "node:assert/strict";
import type { DigitalConstructor } from "base/host-parts";

/** A push button to ground with a pull-up. `press` and `release` bring edges; `glitch` changes the level without one. */
export class FakePin {
  level = 1;
  onReadable: (() => void) | undefined;
  readonly io: DigitalConstructor;
  constructor() {
    const pin = this;
    this.io = class {
      static readonly InputPullUp = 1;
      static readonly Output = 8;
      static readonly Rising = 1;
      static readonly Falling = 2;
      constructor(options: { mode: number; edge?: number; onReadable?(this: never): void }) {
        assert.deepEqual([options.mode, options.edge], [1, 3]);
        pin.onReadable = () => options.onReadable?.call(this as never); // the callback's `this` is not used
      }
      read(): number {
        return pin.level;
      }
      write(): void {}
      close(): void {
        pin.onReadable = undefined;
      }
    };
  }
  press(): void {
    this.level = 0;
    this.onReadable?.();
  }
  release(): void {
    this.level = 1;
    this.onReadable?.();
  }
}
