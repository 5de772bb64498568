/** As long as it may wait: 10 s of heartbeats, in 1/1024 s. Older ones would be taken for new by the listener. */
const BACKLOG_TICKS_MAX = 10_240;
/** Places in the ring, a power of two: 10 s hold at most 41 intervals of 250 ms. */
const CAPACITY = 64;

/**
 * RR intervals waiting to be sent: each exactly once, oldest first. What `take` moved out stays here until the radio
 * has said what became of it: `sent()` forgets it, `unsent()` makes it the oldest again.
 *
 * Intervals are 1/1024 s, 1 .. 10,240. Cost: no allocation after the constructor; `push` may step over dropped ones.
 */
export class RrQueue {
  /** Intervals that were never sent: pushed out by newer ones, cleared while they waited, or outside the range. */
  dropped = 0;
  readonly #ring = new Uint16Array(CAPACITY);
  #oldest = 0;
  #waiting = 0;
  #waitingTicks = 0;
  readonly #flight = new Uint16Array(CAPACITY);
  #inFlight = 0;

  /** Intervals waiting, those on their way left out. */
  get count(): number {
    return this.#waiting;
  }

  push(rrTicks: number): void {
    if (rrTicks < 1 || rrTicks > BACKLOG_TICKS_MAX) {
      this.dropped++;
      return;
    }
    if (this.#waiting === CAPACITY) this.#dropOldest();
    this.#ring[(this.#oldest + this.#waiting) & (CAPACITY - 1)] = rrTicks;
    this.#waiting++;
    this.#waitingTicks += rrTicks;
    this.#bound();
  }

  /** Copies the oldest intervals to `out` and leaves them here. Returns how many: as many as there are or fit. */
  peek(out: Uint16Array): number {
    let count = this.#waiting;
    if (count > out.length) count = out.length; // Math.min would be a float operation in XS
    for (let i = 0; i < count; i++) out[i] = this.#ring[(this.#oldest + i) & (CAPACITY - 1)]!; // masked to the ring
    return count;
  }

  /** The `count` oldest, at most those that wait, are on their way. Only after the take before was settled. */
  take(count: number): void {
    for (let i = 0; i < count; i++) this.#flight[i] = this.#shift();
    this.#inFlight = count;
  }

  /** What was taken has been sent. */
  sent(): void {
    this.#inFlight = 0;
  }

  /** What was taken has not been sent: it is the oldest again, or dropped if it no longer fits the bound. */
  unsent(): void {
    for (let i = this.#inFlight - 1; i >= 0; i--) {
      if (this.#waiting === CAPACITY) {
        this.dropped += i + 1;
        break;
      }
      const rrTicks = this.#flight[i]!; // below #inFlight, so written by take
      this.#oldest = (this.#oldest - 1) & (CAPACITY - 1);
      this.#ring[this.#oldest] = rrTicks;
      this.#waiting++;
      this.#waitingTicks += rrTicks;
    }
    this.#inFlight = 0;
    this.#bound();
  }

  /** Drops and counts all that wait. What is on its way stays. */
  drop(): void {
    this.dropped += this.#waiting;
    this.#waiting = 0;
    this.#waitingTicks = 0;
  }

  #bound(): void {
    while (this.#waitingTicks > BACKLOG_TICKS_MAX) this.#dropOldest();
  }

  #dropOldest(): void {
    this.#shift();
    this.dropped++;
  }

  #shift(): number {
    const rrTicks = this.#ring[this.#oldest]!; // #oldest is masked to the ring
    this.#oldest = (this.#oldest + 1) & (CAPACITY - 1);
    this.#waiting--;
    this.#waitingTicks -= rrTicks;
    return rrTicks;
  }
}
