import { type EventHandle, EventPriority, type VirtualClock } from "./clock.js";
import type { Level, Line } from "./lines.js";
import type { RandomStream } from "./random.js";

export interface ButtonOptions {
  /** How long the contact chatters after a press or a release, µs: real ones 5,000 .. 20,000. */
  readonly bounceUs: number;
}

export const buttonDefaults: ButtonOptions = { bounceUs: 0 };

/** A button between the pin and ground; the pin's pull-up makes it 1 at rest. */
export class Button {
  readonly #clock: VirtualClock;
  readonly #line: Line;
  readonly #random: RandomStream;
  /** See ButtonOptions; a contact wears. */
  bounceUs: number;
  #bounces: EventHandle[] = [];
  isPressed = false;

  constructor(clock: VirtualClock, line: Line, random: RandomStream, options: ButtonOptions = buttonDefaults) {
    this.#clock = clock;
    this.#line = line;
    this.#random = random;
    this.bounceUs = options.bounceUs;
  }

  press(): void {
    this.#move(true);
  }

  release(): void {
    this.#move(false);
  }

  #move(pressed: boolean): void {
    if (pressed === this.isPressed) return;
    this.isPressed = pressed;
    for (const bounce of this.#bounces) this.#clock.cancel(bounce);
    this.#bounces = [];
    const settled: Level = pressed ? 0 : 1;
    this.#line.set(settled);
    if (this.bounceUs === 0) return;
    const lastUs = this.#clock.nowUs + this.bounceUs;
    let level: Level = settled;
    let timeUs = this.#clock.nowUs;
    for (;;) {
      timeUs += this.#random.between(100, Math.max(100, Math.floor(this.bounceUs / 4)));
      if (timeUs >= lastUs) break;
      level = level === 0 ? 1 : 0;
      this.#setAt(timeUs, level);
    }
    this.#setAt(lastUs, settled);
  }

  #setAt(timeUs: number, level: Level): void {
    this.#bounces.push(this.#clock.at(timeUs, EventPriority.Part, () => this.#line.set(level)));
  }
}
