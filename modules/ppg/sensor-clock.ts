/**
 * What time a sample was taken. The sensor's oscillator is up to some per cent off and drifts with warmth, so its
 * running numbers are regressed on the host's clock, at each drain, over the last 64 s.
 *
 * One observation: at host time t, sample n was the newest. So it was taken within the period before t: the error is
 * one-sided and at most a period, and almost 0 when the interrupt was handled promptly. Of each second only the
 * promptest observation is kept; a line through these gives the period.
 *
 * The map is a chain of straight pieces, each beginning where the one before ends: a better fit bends it and never
 * steps it, and an index keeps the time that it was given. Only across lost samples may it step, forward.
 *
 * Formats: ticks are 1/1024 s; a time is whole ticks (int32, wraps after 24 days) and a fraction in Q16; a period is
 * ticks in Q16, 2^17.3 (400 Hz) .. 2^21.4 (25 Hz). Residuals are ticks in Q8.
 */
import { assert } from "base/assert";
import { clamp } from "base/clamp";
import { quotientFloor, quotientNearest, quotientQ } from "base/divide";
import type { SampleClock } from "hrv/beat";
import { TimeMap } from "ppg/time-map";

/** Seconds in the regression. */
const POINTS = 64;
/** A new piece after so many seconds, once there are enough of them. */
const REFIT_SECONDS = 4;
const EVERY_SECOND_UNTIL = 16;
/** By how much of the period a phase error is bent away at most: 1/256 until it is small, then 1/2048. */
const BEND_SHIFT_FIRST = 8;
const BEND_SHIFT_LATER = 11;
/** A fit counts from this span on: for a clock that knows nothing, for one that does; and to call it known. */
const FIT_MS_MIN = 500;
const REFIT_MS_MIN = 16_000;
const KNOWN_MS_MIN = 10_000;
/** Residuals in a fit, ticks Q8: 125 ms. Larger ones come only before the first fit, and then a few times over. */
const RESIDUAL_MAX_Q8 = 0x7fff;
const RATES_HZ: readonly number[] = Object.freeze([25, 50, 100, 200, 400]);

// Hoisted: a literal that is evaluated makes garbage wherever byte code is not in flash.
const HAS_SAMPLES = "an observation has samples";
const AFTER_DRAIN = "a sample's time is asked for after its drain";

export class SensorClock implements SampleClock {
  /** How fast the sensor runs, parts per million, positive when fast; and how far off that may be. 0 until `isKnown`. */
  errorPpm = 0;
  errorPpmBound = 0;
  /** Has the error been measured over at least 10 s? */
  isKnown = false;

  readonly #rateHz: number;
  readonly #nominalQ16: number;
  /** Sixteenths of a second per sample, Q10. */
  readonly #sixteenthsQ10: number;
  /** The best fit, without the bend that brings the phase home. */
  #periodQ16: number;

  readonly #map = new TimeMap();

  // The promptest observation of each past second, a ring.
  readonly #pointIndex = new Int32Array(POINTS);
  readonly #pointMs = new Int32Array(POINTS);
  #points = 0;
  #nextPoint = 0;
  // Scratch of a fit.
  readonly #x = new Int32Array(POINTS);
  readonly #rQ8 = new Int32Array(POINTS);

  // The running second.
  #secondFrom = 0;
  #bestIndex = 0;
  #bestMs = 0;
  #bestQ8 = 0;
  #hasBest = false;
  /** Least residual since the last piece. */
  #phaseQ8 = 0;
  #hasPhase = false;
  #sinceRefit = 0;
  /** The first phase error, from before the period was known, has been bent away. */
  #isSettled = false;

  // Host time to ticks: 125 ms are 128 ticks exactly.
  #baseMs = 0;
  #baseTicks = 0;
  #timeTicks = 0;
  #timeSubQ16 = 0;

  /**
   * @param rateHz    nominal samples a second: 25, 50, 100, 200, 400
   * @param errorPpm  what this sensor's error was when last measured, if that is known
   * @throws RangeError
   */
  constructor(rateHz: number, errorPpm = 0) {
    if (!RATES_HZ.includes(rateHz)) throw new RangeError(`rateHz ${rateHz} is none of ${RATES_HZ.join(", ")}`);
    if (!(errorPpm > -60_000 && errorPpm < 60_000)) throw new RangeError(`errorPpm ${errorPpm} is beyond 60000`);
    this.#rateHz = rateHz;
    this.#nominalQ16 = Math.round((1024 * 65536) / rateHz);
    this.#sixteenthsQ10 = Math.round(16384 / rateHz);
    this.#periodQ16 = Math.round(this.#nominalQ16 / (1 + errorPpm / 1e6));
  }

  /**
   * A drain: samples `firstIndex` .. `firstIndex + count - 1`, the last of them at most a period old at `drainedAtMs`.
   * @param lostBefore  samples missing before the first; if more than 0, the map may step here
   * Cost: no allocation; once a second some 300 operations, once in 4 s some 2000
   */
  observe(firstIndex: number, count: number, lostBefore: number, drainedAtMs: number): void {
    assert(count > 0, HAS_SAMPLES);
    const index = (firstIndex + count - 1) | 0;
    this.#setTime(drainedAtMs);
    if (this.#map.isEmpty) {
      this.#map.add(index, this.#timeTicks, this.#timeSubQ16, this.#periodQ16);
      this.#addPoint(index, drainedAtMs); // so that the first second already has a line through two points
      this.#secondFrom = index;
    }
    let residualQ8 = this.#residualQ8(index);
    if (lostBefore > 0) {
      const limitQ8 = this.#periodQ16 >> 10; // a quarter of a period: the sensor may have started anew
      if (residualQ8 > limitQ8 || residualQ8 < 0 - limitQ8) {
        this.#step(firstIndex, count, lostBefore);
        residualQ8 = 0;
      }
    }
    if (!this.#hasBest || residualQ8 < this.#bestQ8) {
      this.#bestIndex = index;
      this.#bestMs = drainedAtMs;
      this.#bestQ8 = residualQ8;
      this.#hasBest = true;
    }
    if (((index - this.#secondFrom) | 0) >= this.#rateHz) this.#endSecond(index);
  }

  /**
   * @param index       running number of a sample, at most 2 h from the newest
   * @param fractionQ8  0 .. 255, of the way to the next sample
   * @returns 1/1024 s since the host started, nearest; never falls while the argument rises; wraps as int32
   * Cost: no allocation, no division
   */
  ticksAt(index: number, fractionQ8: number): number {
    const map = this.#map;
    assert(!map.isEmpty, AFTER_DRAIN);
    map.find(index, fractionQ8);
    return (map.ticks + ((map.subQ16 + 0x8000) >> 16)) | 0;
  }

  // ---- the map -----------------------------------------------------------------------------------------------------

  /** Host time less the map's time for `index`, ticks Q8, kept within 2^24. Needs `#setTime` just before. */
  #residualQ8(index: number): number {
    const map = this.#map;
    map.find(index, 0);
    const ticks = clamp((this.#timeTicks - map.ticks) | 0, -0xffff, 0xffff);
    return (ticks << 8) + ((this.#timeSubQ16 - map.subQ16) >> 8);
  }

  /** Samples are missing, and their number does not explain the time: the map begins anew behind the gap. */
  #step(firstIndex: number, count: number, lostBefore: number): void {
    // The host's time for the first sample, from the newest backwards.
    const backQ16 = Math.imul(count - 1, this.#periodQ16); // 31 periods at 25 Hz: below 2^27
    const subQ16 = this.#timeSubQ16 - (backQ16 & 0xffff);
    let ticks = (this.#timeTicks - (backQ16 >> 16) + (subQ16 >> 16)) | 0;
    // Lost samples have no time of their own: they stand at the last one that was read.
    const map = this.#map;
    const last = (firstIndex - lostBefore - 1) | 0;
    map.find(last, 0);
    map.add((last + 1) | 0, map.ticks, map.subQ16, 0);
    if (((ticks - map.ticks) | 0) <= 0) ticks = (map.ticks + 1) | 0;
    map.add(firstIndex, ticks, subQ16 & 0xffff, this.#periodQ16);
    this.#points = 0;
    this.#nextPoint = 0;
    this.#secondFrom = (firstIndex + count - 1) | 0;
    this.#hasBest = false;
    this.#hasPhase = false;
    this.#sinceRefit = 0;
  }

  // ---- the fit -----------------------------------------------------------------------------------------------------

  #addPoint(index: number, ms: number): void {
    this.#pointIndex[this.#nextPoint] = index;
    this.#pointMs[this.#nextPoint] = ms;
    this.#nextPoint = (this.#nextPoint + 1) & (POINTS - 1);
    if (this.#points < POINTS) this.#points++;
  }

  #endSecond(index: number): void {
    this.#addPoint(this.#bestIndex, this.#bestMs);
    if (!this.#hasPhase || this.#bestQ8 < this.#phaseQ8) this.#phaseQ8 = this.#bestQ8;
    this.#hasPhase = true;
    this.#hasBest = false;
    this.#secondFrom = index;
    this.#sinceRefit++;
    const early = this.#points <= EVERY_SECOND_UNTIL;
    if (!early && this.#sinceRefit < REFIT_SECONDS) return;
    this.#sinceRefit = 0;
    if (this.#points > 1) this.#fit();
    if (!early) this.#isSettled = true;
    this.#map.bend(index, this.#periodQ16 + this.#bendQ16());
    this.#hasPhase = false;
  }

  /** What to add to the period so that the phase error goes away in about 8 s at first and 16 s later. */
  #bendQ16(): number {
    const phaseQ8 = clamp(this.#phaseQ8, 0 - RESIDUAL_MAX_Q8, RESIDUAL_MAX_Q8);
    const bendQ16 = quotientNearest(phaseQ8 << (this.#isSettled ? 4 : 5), this.#rateHz);
    const limitQ16 = this.#periodQ16 >> (this.#isSettled ? BEND_SHIFT_LATER : BEND_SHIFT_FIRST);
    return clamp(bendQ16, 0 - limitQ16, limitQ16);
  }

  /**
   * Least squares: how much longer than `#periodQ16` the period is. x counts back from the newest point in 1/16 s (up
   * to 2^10.1), r is host time beyond the current period's in Q8 (clamped to 2^15): about their means the sum of 64
   * products stays below 2^(9.1 + 15 + 6).
   */
  #fit(): void {
    const count = this.#points;
    const newest = (this.#nextPoint - 1) & (POINTS - 1);
    const newestIndex = this.#pointIndex[newest]!;
    const newestMs = this.#pointMs[newest]!;
    const coarseQ8 = this.#periodQ16 >> 8;
    const fineQ16 = this.#periodQ16 & 0xff;
    let xSum = 0;
    let rSumQ8 = 0;
    let spanMs = 0;
    for (let i = 0; i < count; i++) {
      const at = (newest - i) & (POINTS - 1);
      const samples = (newestIndex - this.#pointIndex[at]!) | 0;
      spanMs = (newestMs - this.#pointMs[at]!) | 0;
      // 1 ms = 262.144 Q8 ticks. 64 s: 2^24.
      const hostQ8 = Math.imul(spanMs, 262) + (Math.imul(spanMs, 9437) >> 16);
      const beyondQ8 = hostQ8 - Math.imul(samples, coarseQ8) - (Math.imul(samples, fineQ16) >> 8);
      const rQ8 = clamp(beyondQ8, 0 - RESIDUAL_MAX_Q8, RESIDUAL_MAX_Q8);
      const x = Math.imul(samples, this.#sixteenthsQ10) >> 10;
      this.#x[i] = x;
      this.#rQ8[i] = rQ8;
      xSum += x;
      rSumQ8 += rQ8;
    }
    if (spanMs < (this.isKnown ? REFIT_MS_MIN : FIT_MS_MIN)) return;
    const xMean = quotientNearest(xSum, count);
    const rMeanQ8 = quotientNearest(rSumQ8, count);
    let products = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const x = this.#x[i]! - xMean;
      products += Math.imul(x, this.#rQ8[i]! - rMeanQ8);
      squares += Math.imul(x, x);
    }
    if (squares === 0) return;
    // Q8 ticks per 1/16 s, times 256 and 16, is Q16 ticks per second; over the rate, per sample.
    const size = quotientNearest(quotientQ(products < 0 ? 0 - products : products, squares, 12), this.#rateHz);
    this.#setPeriod(this.#periodQ16 + (products < 0 ? 0 - size : size));
    if (spanMs < KNOWN_MS_MIN) return;
    this.isKnown = true;
    this.#measure(spanMs);
  }

  #setPeriod(periodQ16: number): void {
    const marginQ16 = this.#nominalQ16 >> 4;
    this.#periodQ16 = clamp(periodQ16, this.#nominalQ16 - marginQ16, this.#nominalQ16 + marginQ16);
  }

  #measure(spanMs: number): void {
    const fastQ16 = this.#nominalQ16 - this.#periodQ16;
    const fast = fastQ16 > 0;
    const errorQ20 = quotientQ(fast ? fastQ16 : 0 - fastQ16, this.#periodQ16, 20); // at most 2^16.1
    const ppm = Math.imul(errorQ20, 15625) >> 14; // times 10^6 / 2^20
    this.errorPpm = fast ? ppm : 0 - ppm;
    // Each point is wrong by 0 .. 1 period; the worst pattern of such errors tilts the line by 1.5 periods over its span.
    this.errorPpmBound = quotientFloor(quotientFloor(1_500_000_000, this.#rateHz), spanMs);
  }

  // ---- the host's clock --------------------------------------------------------------------------------------------

  /** Host ms to ticks, into `#timeTicks` and `#timeSubQ16`. The clock may wrap; it does not jump by more than 24 days. */
  #setTime(ms: number): void {
    if (this.#map.isEmpty) {
      this.#baseMs = ms - (ms % 125);
      this.#baseTicks = ((this.#baseMs / 125) * 128) | 0; // once
    }
    let past = (ms - this.#baseMs) | 0;
    if (past >= 125) {
      const blocks = quotientFloor(past, 125);
      past -= Math.imul(blocks, 125);
      this.#baseMs = (ms - past) | 0;
      this.#baseTicks = (this.#baseTicks + (blocks << 7)) | 0;
    }
    const subQ16 = Math.imul(past, 67109); // 1.024 in Q16; `past` is below 125, or negative for an overrun's stamp
    this.#timeTicks = (this.#baseTicks + (subQ16 >> 16)) | 0;
    this.#timeSubQ16 = subQ16 & 0xffff;
  }
}
