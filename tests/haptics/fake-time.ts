import type { Clock, Timers } from "base/host-parts";

interface Entry {
  readonly callback: () => void;
  readonly periodMs: number;
  dueMs: number;
  readonly order: number;
}

/** A clock that stands until it is advanced, and timers on it: earliest first, ties in the order they were set. */
export class FakeTime implements Clock, Timers {
  ticks: number;
  /** Every timer fires this much later than it was asked for. */
  latenessMs = 0;
  #order = 0;
  readonly #entries = new Set<Entry>();

  constructor(startMs = 0) {
    this.ticks = startMs;
  }

  get pendingCount(): number {
    return this.#entries.size;
  }

  set(callback: () => void, delayMs: number): unknown {
    return this.#add(callback, delayMs, 0);
  }

  repeat(callback: () => void, periodMs: number): unknown {
    return this.#add(callback, periodMs, periodMs);
  }

  clear(timer: unknown): void {
    this.#entries.delete(timer as Entry); // the handle is opaque to callers
  }

  advance(byMs: number): void {
    const untilMs = this.ticks + byMs;
    for (let steps = 0; ; steps++) {
      if (steps > 1_000_000) throw new Error(`timers never come to rest at ${this.ticks} ms`);
      const next = this.#earliest();
      if (next === undefined || next.dueMs > untilMs) break;
      this.ticks = Math.max(this.ticks, next.dueMs);
      if (next.periodMs > 0) next.dueMs += next.periodMs;
      else this.#entries.delete(next);
      next.callback();
    }
    this.ticks = untilMs;
  }

  #add(callback: () => void, delayMs: number, periodMs: number): Entry {
    if (!Number.isInteger(delayMs) || delayMs < 0) throw new RangeError(`delay ${delayMs} ms`);
    const entry = { callback, periodMs, dueMs: this.ticks + delayMs + this.latenessMs, order: this.#order++ };
    this.#entries.add(entry);
    return entry;
  }

  #earliest(): Entry | undefined {
    let best: Entry | undefined;
    for (const entry of this.#entries)
      if (best === undefined || entry.dueMs < best.dueMs || (entry.dueMs === best.dueMs && entry.order < best.order))
        best = entry;
    return best;
  }
}
