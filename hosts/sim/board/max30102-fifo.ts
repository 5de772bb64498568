export const FIFO_SLOTS = 32;
const CHANNELS_MAX = 4;
const OVERFLOW_MAX = 31;

/** What the silicon does where its datasheet is silent; the firmware must be right under every one of these. */
export interface FifoSwitches {
  /** Rollover on, FIFO full, one more sample: RD is pushed along and OVF counts, or RD stays and OVF stays 0. */
  readonly rolloverPush: "rdPushed" | "rdStays";
  /** Reading an empty FIFO repeats memory and leaves RD, repeats memory and moves RD, or gives zeros. */
  readonly emptyRead: "stale" | "advance" | "zero";
}

/**
 * The sample memory of the MAX30102: 32 slots, two 5-bit pointers, a counter of lost samples. Outside, equal pointers
 * mean empty or exactly full; inside, the chip knows which.
 */
export class SampleFifo {
  readonly #switches: FifoSwitches;
  readonly #memory = new Int32Array(FIFO_SLOTS * CHANNELS_MAX);
  #writePointer = 0;
  #readPointer = 0;
  #overflow = 0;
  #unread = 0;
  isRollingOver = false;

  constructor(switches: FifoSwitches) {
    this.#switches = switches;
  }

  get writePointer(): number {
    return this.#writePointer;
  }
  get readPointer(): number {
    return this.#readPointer;
  }
  /** 0 .. 31; it stops there. */
  get overflow(): number {
    return this.#overflow;
  }
  /** 0 .. 32. */
  get unread(): number {
    return this.#unread;
  }

  set writePointer(value: number) {
    this.#writePointer = value & (FIFO_SLOTS - 1);
    this.#recount();
  }
  set readPointer(value: number) {
    this.#readPointer = value & (FIFO_SLOTS - 1);
    this.#recount();
  }
  set overflow(value: number) {
    this.#overflow = value & OVERFLOW_MAX;
  }

  /** Power-up and RESET. */
  clear(): void {
    this.#writePointer = 0;
    this.#readPointer = 0;
    this.#overflow = 0;
    this.#unread = 0;
  }

  /** Stores one sample of up to four channels. Returns false if it was dropped: full, and not rolling over. */
  push(channels: Int32Array): boolean {
    const isFull = this.#unread === FIFO_SLOTS;
    const countsLoss = isFull && (!this.isRollingOver || this.#switches.rolloverPush === "rdPushed");
    if (countsLoss && this.#overflow < OVERFLOW_MAX) this.#overflow++;
    if (isFull && !this.isRollingOver) return false;
    this.#memory.set(channels, this.#writePointer * CHANNELS_MAX);
    this.#writePointer = (this.#writePointer + 1) & (FIFO_SLOTS - 1);
    if (!isFull) this.#unread++;
    else if (this.#switches.rolloverPush === "rdPushed") this.#readPointer = this.#writePointer;
    else this.#unread = 1; // only the pointers know, and they have passed one another
    return true;
  }

  /** Takes the oldest sample into `channels`. Of an empty FIFO: whatever the switch says. */
  pop(channels: Int32Array): void {
    const isEmpty = this.#unread === 0;
    if (isEmpty && this.#switches.emptyRead === "zero") {
      channels.fill(0);
      return;
    }
    const from = this.#readPointer * CHANNELS_MAX;
    for (let i = 0; i < CHANNELS_MAX; i++) channels[i] = this.#memory[from + i]!; // i and the pointer are bounded
    if (isEmpty && this.#switches.emptyRead === "stale") return;
    this.#readPointer = (this.#readPointer + 1) & (FIFO_SLOTS - 1);
    this.#overflow = 0;
    this.#unread = isEmpty ? FIFO_SLOTS - 1 : this.#unread - 1;
  }

  /** After the host moved a pointer: equal pointers are taken as empty. */
  #recount(): void {
    this.#unread = (this.#writePointer - this.#readPointer) & (FIFO_SLOTS - 1);
  }
}
