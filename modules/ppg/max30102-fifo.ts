/**
 * The sensor's FIFO: how many samples are unread, moved out oldest first, losses counted, nothing invented.
 *
 * The pointers alone do not tell: WR == RD is empty or full, a transfer may break off in mid-sample, a bit may flip on
 * the way. So each count must agree with the clock, and what was read broken is read again by turning RD back.
 * Rollover is off: a full FIFO keeps its oldest 32 samples, and the gap is after them.
 * Source: MAX30102 datasheet rev 1, "FIFO"; the order of reading is status, pointers, data.
 */
import type { Clock, Smbus } from "base/host-parts";
import type { SensorCounters } from "ppg/max30102-counters";
import { COUNTS_MAX, FIFO_DEPTH, Register, SAMPLE_BYTES, UNUSED_BITS } from "ppg/max30102-registers";
import { type SampleBatch, SampleFlag } from "ppg/samples";

/** 18 bits, left-padded. */

export const enum FifoOutcome {
  /** The batch holds what was unread, perhaps nothing. */
  Taken = 0,
  /** The data came through damaged: take again at once. */
  Again = 1,
  /** Pointers and clock contradict each other, read after read: the sensor is not in the state that it was put in. */
  Suspect = 2,
}

/** One drain's samples, before they get their place in time. */
export interface FifoBatch extends SampleBatch {
  red: Int32Array;
  ir: Int32Array;
}

const POINTER_MASK = FIFO_DEPTH - 1;
const OVERFLOW_MAX = 31;
const POINTER_TRIES = 3;
const DATA_TRIES = 3;
/** How far clock and count may differ, besides an eighth (clones are several per cent off): the host may read its clock late. */
const SLACK_QUARTER_MS = 80;
const SLACK_PERIODS = 3;
/** Equal pointers after so many periods mean full: with A_FULL, and without. */
const FULL_WITH_FLAG_PERIODS = 24;
const FULL_BY_TIME_PERIODS = 30;
/** A full FIFO counts overflows from here on: equal pointers and none counted means that sampling stopped. */
const STOPPED_PERIODS = 36;
/** 17 min, in quarters of a ms: beyond it the counts no longer matter, and products fit. */
const ELAPSED_MAX_QUARTER_MS = 1 << 22;

export class Max30102Fifo {
  /** Host clock, ms, at which the newest sample of the last batch was at most one period old. */
  newestMs = 0;
  /** Samples lost just before the last batch. */
  lostBefore = 0;

  readonly #io: Smbus;
  readonly #clock: Clock;
  readonly #counters: SensorCounters;
  readonly #modeConfig: number;
  readonly #periodQuarterMs: number;
  readonly #pointers = new Uint8Array(3);
  /** One byte in front, so that each value can be read as the lower three of four. */
  readonly #bytes = new Uint8Array(1 + FIFO_DEPTH * SAMPLE_BYTES);
  readonly #words = new DataView(this.#bytes.buffer);
  /**
   * The bytes of n samples: a transfer fills its whole view, and making one allocates. Batches are of a few lengths,
   * so a view is made when its length first comes and stays: all 33 would be 2 kB.
   */
  readonly #views: Uint8Array[] = [];
  #readPointer = 0;
  #unread = 0;
  #overflow = 0;
  /** Every sample up to here has been read or counted as lost. */
  #accountedMs: number;
  #stampMs: number;
  /** A burst of `#unread` samples was begun from `#readPointer`, and how much of it went through is not known. */
  #torn = false;
  #damaged = 0;
  /** Samples of the torn burst that were overwritten before they could be read again. */
  #gone = 0;
  /** Lost after the last batch, so before the next. */
  #lostNext: number;

  /**
   * A FIFO that has just been emptied, pointers at 0, sampling with these settings from now on.
   * @param lost  samples missing between the last one of the FIFO before and now
   */
  constructor(
    io: Smbus,
    clock: Clock,
    counters: SensorCounters,
    modeConfig: number,
    periodQuarterMs: number,
    lost: number,
  ) {
    this.#io = io;
    this.#clock = clock;
    this.#counters = counters;
    this.#modeConfig = modeConfig;
    this.#periodQuarterMs = periodQuarterMs;
    this.#lostNext = lost;
    this.#accountedMs = this.#stampMs = clock.ticks;
  }

  /** Samples between the last batch and now, none of which will be read if this FIFO is given up. */
  get lostIfGivenUp(): number {
    const elapsedMs = (this.#clock.ticks - this.#accountedMs) | 0;
    return this.#lostNext + Math.round(this.#periods(elapsedMs));
  }

  /**
   * What is unread, moved into `batch` (count, red, ir, flags); `lostBefore` and `newestMs` go with it.
   * @param almostFull  A_FULL was set since the last take
   * @param flags       SampleFlag bits that every sample gets
   * @param irMin       lowest count that infrared can truly have: 1, or 0 with its LED off
   * @param swapped     the first channel is infrared
   * Errors:  what the bus throws; the next take goes on where this one broke off
   * Cost:    no allocation but a view for each new length; two bursts of 3 bytes and 6 bytes a sample
   */
  take(batch: FifoBatch, almostFull: boolean, flags: number, irMin: number, swapped: boolean): FifoOutcome {
    batch.count = 0;
    let tries = 1;
    for (; !this.#countUnread(almostFull); tries++) if (tries === POINTER_TRIES) return FifoOutcome.Suspect;
    this.#counters.bitFlips += tries - 1;
    const count = this.#unread;
    if (count === 0) {
      this.#accountedMs = this.#stampMs;
      return FifoOutcome.Taken;
    }
    this.#torn = true;
    this.#bytes[Math.imul(count, SAMPLE_BYTES) - 2] = 0xff; // the last value's first byte: shows if the transfer is short
    this.#io.readBuffer(Register.FIFO_DATA, this.#viewOf(count));
    if (this.#decode(batch, count, flags, irMin, swapped)) {
      this.#counters.bitFlips++;
      if (++this.#damaged < DATA_TRIES) return FifoOutcome.Again;
    }
    this.#torn = false;
    this.#damaged = 0;
    batch.count = count;
    this.#readPointer = (this.#readPointer + count) & POINTER_MASK;
    this.#account();
    return FifoOutcome.Taken;
  }

  #viewOf(count: number): Uint8Array {
    const views = this.#views;
    for (let i = 0; i < views.length; i++) {
      const view = views[i]!; // i is inside by the loop
      if (view.length === Math.imul(count, SAMPLE_BYTES)) return view;
    }
    const view = new Uint8Array(this.#bytes.buffer, 1, count * SAMPLE_BYTES);
    views.push(view);
    return view;
  }

  /** Samples known to be lost after the last batch. */
  get lostNext(): number {
    return this.#lostNext;
  }

  /** Samples that are complete in the FIFO and not taken yet. One burst of 3 bytes. */
  unreadNow(): number {
    this.#io.readBuffer(Register.FIFO_WR_PTR, this.#pointers);
    return (this.#pointers[0]! - this.#readPointer) & POINTER_MASK;
  }

  /** Places the losses: those noted before are in front of this batch, the overflow comes after it. */
  #account(): void {
    this.lostBefore = this.#lostNext + this.#gone;
    this.#counters.samplesLost += this.#gone;
    this.#gone = 0;
    let lostAfter = this.#overflow;
    if (lostAfter > 0) {
      this.#counters.overflows++;
      if (lostAfter >= OVERFLOW_MAX) {
        // 31 or more: the clock knows how many. The last drain was prompt, so whole periods since then.
        const produced = Math.floor(this.#periods((this.#stampMs - this.#accountedMs) | 0));
        if (produced - FIFO_DEPTH > lostAfter) lostAfter = produced - FIFO_DEPTH;
      }
      this.#counters.samplesLost += lostAfter;
      this.newestMs = (this.#stampMs - this.#msNearest(lostAfter)) | 0;
      this.#overflow = 0;
    } else this.newestMs = this.#stampMs;
    this.#lostNext = lostAfter;
    this.#accountedMs = this.#stampMs;
  }

  /** Reads the pointers into `#unread`, `#overflow` and `#stampMs`. @returns whether they make sense */
  #countUnread(almostFull: boolean): boolean {
    const pointers = this.#pointers;
    this.#io.readBuffer(Register.FIFO_WR_PTR, pointers);
    const nowMs = this.#clock.ticks;
    const write = pointers[0]!;
    const overflow = pointers[1]!;
    const read = pointers[2]!;
    if ((write | overflow | read) > POINTER_MASK) return false;
    if (this.#torn) {
      const popped = (read - this.#readPointer) & POINTER_MASK;
      // A burst of 32 leaves RD where it was: then only an overflow that is still counted says that none was popped.
      if (popped !== 0 || (this.#unread === FIFO_DEPTH && overflow === 0)) return this.#turnBack(write, overflow);
      this.#torn = false;
    }
    if (read !== this.#readPointer) return false;

    let elapsed = (nowMs - this.#accountedMs) << 2;
    if (elapsed < 0 || elapsed > ELAPSED_MAX_QUARTER_MS) elapsed = ELAPSED_MAX_QUARTER_MS;
    const period = this.#periodQuarterMs;
    let unread = (write - read) & POINTER_MASK;
    if (overflow > 0) {
      if (unread !== 0 || elapsed < Math.imul(FULL_WITH_FLAG_PERIODS, period)) return false;
      unread = FIFO_DEPTH;
    } else if (
      unread === 0 &&
      elapsed >= Math.imul(almostFull ? FULL_WITH_FLAG_PERIODS : FULL_BY_TIME_PERIODS, period)
    ) {
      if (elapsed > Math.imul(STOPPED_PERIODS, period)) return false;
      if (this.#io.readUint8(Register.MODE_CONFIG) !== this.#modeConfig) return false;
      unread = FIFO_DEPTH;
    }
    if (overflow < OVERFLOW_MAX) {
      const produced = unread + overflow;
      const slack = (elapsed >> 3) + SLACK_QUARTER_MS;
      if (Math.imul(produced + SLACK_PERIODS, period) < elapsed - slack) return false;
      if (Math.imul(produced - SLACK_PERIODS, period) > elapsed + slack) return false;
    }
    this.#unread = unread;
    this.#overflow = overflow;
    this.#stampMs = nowMs;
    return true;
  }

  /**
   * A burst broke off: turns RD back to its start, so that what it popped can be read again. What came in meanwhile
   * stays for the next take; if it came into slots of the broken burst, those samples are gone.
   * RD is never set equal to WR, as full and empty could not be told apart: a full FIFO loses its oldest sample here.
   */
  #turnBack(write: number, overflow: number): boolean {
    const pushed = (write - this.#readPointer - this.#unread) & POINTER_MASK;
    let gone = this.#unread + pushed - POINTER_MASK;
    if (gone < 0) gone = 0;
    if (gone >= this.#unread) return false;
    const start = (this.#readPointer + gone) & POINTER_MASK;
    this.#io.writeUint8(Register.FIFO_RD_PTR, start);
    this.#counters.tornReads++;
    this.#gone += gone;
    this.#readPointer = start;
    this.#unread -= gone;
    this.#overflow += overflow; // lost since the burst, so after what came in since: off by those few, not in number
    return true;
  }

  /** Bytes to counts. @returns whether any value has bits where there can be none */
  #decode(batch: FifoBatch, count: number, flags: number, irMin: number, swapped: boolean): boolean {
    const words = this.#words;
    const reds = batch.red;
    const irs = batch.ir;
    const sampleFlags = batch.flags;
    let redAt = swapped ? 3 : 0;
    let irAt = swapped ? 0 : 3;
    let unused = 0;
    for (let i = 0; i < count; i++) {
      const red = words.getInt32(redAt) & 0xff_ffff; // most significant byte first; signed, as it must stay an integer
      const ir = words.getInt32(irAt) & 0xff_ffff;
      redAt += SAMPLE_BYTES;
      irAt += SAMPLE_BYTES;
      unused |= red | ir;
      reds[i] = red;
      irs[i] = ir;
      sampleFlags[i] = ir >= COUNTS_MAX || ir < irMin ? flags | SampleFlag.Saturated : flags;
    }
    if ((unused & UNUSED_BITS) === 0) return false;
    this.#mask(batch, count, flags);
    return true;
  }

  /** Damaged values are of no use, and are not to be taken for light: should another try not mend them. */
  #mask(batch: FifoBatch, count: number, flags: number): void {
    const { red, ir } = batch;
    for (let i = 0; i < count; i++) {
      // i < count, which the arrays hold
      if (((red[i]! | ir[i]!) & UNUSED_BITS) !== 0) batch.flags[i] = flags | SampleFlag.Saturated;
      red[i] = red[i]! & COUNTS_MAX;
      ir[i] = ir[i]! & COUNTS_MAX;
    }
  }

  /** A double, as `#msNearest` is: gaps are rare, and may be long. */
  #periods(elapsedMs: number): number {
    return (elapsedMs * 4) / this.#periodQuarterMs;
  }

  #msNearest(samples: number): number {
    return Math.round((samples * this.#periodQuarterMs) / 4);
  }
}
