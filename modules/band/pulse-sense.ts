import { ShakenTimes } from "band/shaken-times";
import { divideTrunc } from "base/divide";
import { elapsedMs } from "base/elapsed";
import type { Clock, DigitalOptions, SmbusOptions, Timers } from "base/host-parts";
import { TickClock } from "base/tick-clock";
import type { Beat } from "hrv/beat";
import { BeatDetector } from "hrv/beat-detector";
import { HeartRate } from "hrv/heart-rate";
import { Max30102 } from "ppg/max30102";
import { type SampleBatch, SampleFlag } from "ppg/samples";
import { SensorClock } from "ppg/sensor-clock";

const RATE_HZ = 100;
const PERIOD_MS = 10;
/** A forecast reaches some seconds; asked for more it is of no use. */
const FORECAST_BEATS = 16;

export interface PulseSenseOptions {
  readonly sensor: SmbusOptions;
  readonly alert: DigitalOptions | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
  /** One object, refilled for every beat. */
  onBeat(beat: Beat): void;
  /** On skin or not, when it changes. */
  onWorn(worn: boolean): void;
  /** After every drain that brought samples: the band is alive. */
  onAlive(): void;
}

/**
 * From light to heart: the sensor's samples through contact, clock and detector to beats and a rate. One way, sample by
 * sample, each stage with its own fixed state. Cost: per sample no allocation, no double.
 */
export class PulseSense {
  readonly heartRate = new HeartRate();
  readonly sensor: Max30102;
  readonly #options: PulseSenseOptions;
  readonly #shaken = new ShakenTimes();
  readonly #sensorClock = new SensorClock(RATE_HZ);
  readonly #detector: BeatDetector;
  readonly #tickClock: TickClock;
  #worn = false;

  constructor(options: PulseSenseOptions) {
    const { sensor, alert, clock, timers, onBeat } = options;
    this.#options = options;
    this.#tickClock = new TickClock(clock);
    this.#detector = new BeatDetector({
      rateHz: RATE_HZ,
      clock: this.#sensorClock,
      onBeat: (beat) => {
        this.heartRate.beat(beat);
        onBeat(beat);
      },
    });
    this.sensor = new Max30102({
      sensor,
      ...(alert === undefined ? {} : { alert }),
      clock,
      timers,
      rateHz: RATE_HZ,
      onSamples: (batch) => this.#samples(batch),
      onError: () => {}, // retried by the driver and visible in its state and counters
    });
  }

  /** The motor shakes the sensor in this stretch of the host's clock, its tail included. */
  shaken(fromMs: number, toMs: number): void {
    this.#shaken.add(fromMs, toMs);
  }

  #samples(batch: SampleBatch): void {
    const { count, ir, flags, firstIndex, lostBefore, drainedAtMs } = batch;
    const detector = this.#detector;
    this.#sensorClock.observe(firstIndex, count, lostBefore, drainedAtMs);
    if (lostBefore > 0) detector.gap(lostBefore);
    const firstMs = (drainedAtMs - Math.imul(count - 1, PERIOD_MS)) | 0;
    const isShaken = this.#shaken.reachBeyond(firstMs);
    for (let i = 0; i < count; i++) {
      // i < count <= 32, the batch's arrays hold 32
      const motor = isShaken && this.#shaken.covers((firstMs + Math.imul(i, PERIOD_MS)) | 0) ? SampleFlag.Motor : 0;
      detector.push(ir[i]!, flags[i]! | motor);
    }
    if (!this.#worn) {
      this.#worn = true;
      this.heartRate.contact(true, this.#tickClock.ticks);
      this.#options.onWorn(true);
    }
    this.#options.onAlive();
  }

  /**
   * When the next upstroke after `afterMs` is due, host clock; undefined without a rhythm to go by. Good for some two
   * beats ahead.
   */
  nextUpstrokeMs(afterMs: number): number | undefined {
    const detector = this.#detector;
    if (!detector.foresee()) return undefined;
    const { intervalTicks } = detector;
    const nowMs = this.#options.clock.ticks;
    const afterTicks = (this.#tickClock.ticks + divideTrunc(Math.imul(elapsedMs(afterMs, nowMs), 128), 125)) | 0;
    let dueTicks = detector.newestUpstrokeTicks;
    for (let i = 0; i < FORECAST_BEATS && ((dueTicks - afterTicks) | 0) <= 0; i++)
      dueTicks = (dueTicks + intervalTicks) | 0;
    return (afterMs + divideTrunc(Math.imul((dueTicks - afterTicks) | 0, 125), 128)) | 0;
  }

  /** Once a second: a rate that nothing supports any more goes. */
  second(): void {
    this.heartRate.second(this.#tickClock.ticks);
  }
}
