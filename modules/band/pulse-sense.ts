import { ShakenTimes } from "band/shaken-times";
import type { Clock, DigitalOptions, SmbusOptions, Timers } from "base/host-parts";
import type { TickClock } from "base/tick-clock";
import { type Beat, BeatVerdict } from "hrv/beat";
import { BeatDetector } from "hrv/beat-detector";
import { HeartRate, HeartRateAbsence } from "hrv/heart-rate";
import { type ContactReason, ContactState } from "ppg/contact";
import { DIM_LIGHT } from "ppg/light-control";
import { Max30102, SensorState } from "ppg/max30102";
import { Optics } from "ppg/optics";
import type { SampleBatch } from "ppg/samples";
import { SensorClock } from "ppg/sensor-clock";

const RATE_HZ = 100;
const PERIOD_MS = 10;
/** A sensor that was not there at the start is looked for this often. */
const OPEN_AGAIN_SECONDS = 4;

export interface PulseSenseOptions {
  readonly sensor: SmbusOptions;
  readonly alert: DigitalOptions | undefined;
  readonly clock: Clock;
  readonly tickClock: TickClock;
  readonly timers: Timers;
  /** One object, refilled for every beat. */
  onBeat(beat: Beat): void;
  /** Every batch, as the sensor gave it. */
  onSamples(batch: SampleBatch): void;
  /** `ContactState` or its reason has changed. */
  onContact(state: ContactState, reason: ContactReason): void;
  /** After every drain that brought samples, and while a sensor that gives none is known of: the band is alive. */
  onAlive(): void;
}

/**
 * From light to heart: the sensor's samples through contact, clock and detector to beats and a rate. One way, batch by
 * batch, each stage with its own fixed state. Cost: per sample no allocation, no double.
 */
export class PulseSense {
  readonly heartRate = new HeartRate();
  /** None while nobody answers who could be it. */
  #sensor: Max30102 | undefined;
  #openInSeconds = OPEN_AGAIN_SECONDS;
  readonly #options: PulseSenseOptions;
  readonly #shaken = new ShakenTimes();
  readonly #sensorClock = new SensorClock(RATE_HZ);
  readonly #optics: Optics;
  readonly #detector: BeatDetector;
  #state = ContactState.NotWorn;
  #ledsSwapped = false;

  constructor(options: PulseSenseOptions) {
    this.#options = options;
    this.#detector = new BeatDetector({
      rateHz: RATE_HZ,
      clock: this.#sensorClock,
      onBeat: (beat) => this.#beat(beat),
    });
    this.#optics = new Optics({
      rateHz: RATE_HZ,
      clock: this.#sensorClock,
      setLight: (redCode, irCode, rangeCode) => this.#sensor?.setLight(redCode, irCode, rangeCode),
      onContact: (state, reason) => this.#contact(state, reason),
      onLedsSwapped: () => {
        this.#ledsSwapped = !this.#ledsSwapped; // the other way round than the sensor was told
        this.#sensor?.configure({ ledsSwapped: this.#ledsSwapped });
      },
    });
    this.#open();
  }

  /** A band without its sensor paces, is found by the phone and stops when told to: only numbers are missing. */
  #open(): void {
    const { sensor, alert, clock, timers } = this.#options;
    try {
      this.#sensor = new Max30102({
        sensor,
        ...(alert === undefined ? {} : { alert }),
        clock,
        timers,
        rateHz: RATE_HZ,
        ...DIM_LIGHT,
        onSamples: (batch) => this.#samples(batch),
        // The driver tries again by itself and counts; here it only means that nothing is known of the skin.
        onError: () => this.#optics.sensorLost(),
      });
    } catch {
      this.#openInSeconds = OPEN_AGAIN_SECONDS; // whatever it was: nothing stays open then
    }
  }

  /** On skin with a living pulse: only then numbers may be shown. */
  get isWorn(): boolean {
    return this.#state === ContactState.Worn;
  }

  /** Why no rate may be shown. Whatever the beats say, there is none before the skin is sure. */
  get absence(): HeartRateAbsence {
    const { absence } = this.heartRate;
    return !this.isWorn && absence === HeartRateAbsence.None ? HeartRateAbsence.Settling : absence;
  }

  /** The motor shakes the sensor in this stretch of the host's clock, its tail included. */
  shaken(fromMs: number, toMs: number): void {
    this.#shaken.add(fromMs, toMs);
  }

  #samples(batch: SampleBatch): void {
    const { count, ir, flags, firstIndex, lostBefore, drainedAtMs } = batch;
    this.#sensorClock.observe(firstIndex, count, lostBefore, drainedAtMs);
    this.#optics.push(batch);
    this.#shaken.mark(flags, count, (drainedAtMs - Math.imul(count - 1, PERIOD_MS)) | 0, PERIOD_MS);
    if (lostBefore > 0) this.#detector.gap(lostBefore);
    this.#detector.push(ir, flags, count);
    this.#options.onSamples(batch);
    this.#options.onAlive();
  }

  #beat(beat: Beat): void {
    if (beat.verdict === BeatVerdict.Accepted) this.#optics.pulseSeen(beat.upstrokeTicks);
    this.heartRate.beat(beat);
    this.#options.onBeat(beat);
  }

  #contact(state: ContactState, reason: ContactReason): void {
    const before = this.#state;
    this.#state = state;
    // Off the skin nothing is left of the pulse; whoever comes next may be somebody else.
    if (state === ContactState.NotWorn && before !== state) this.#detector.reset();
    // Beats count from the first light that may be skin, so that the rate is there when the skin is sure.
    this.heartRate.contact(state !== ContactState.NotWorn, this.#options.tickClock.ticks);
    this.#options.onContact(state, reason);
  }

  /** The newest pulse, told or only likely, is in `newestUpstrokeTicks`; false without a rhythm to go by. */
  foresee(): boolean {
    return this.#detector.foresee();
  }

  /** 1/1024 s, after `foresee`. */
  get newestUpstrokeTicks(): number {
    return this.#detector.newestUpstrokeTicks;
  }

  /** The rhythm's own interval, believed or not; 1/1024 s, after `foresee`. */
  get intervalTicks(): number {
    return this.#detector.intervalTicks;
  }

  /** Once a second: a rate that nothing supports any more goes; a sensor that is missing is looked for. */
  second(): void {
    if (this.#sensor === undefined) {
      this.#optics.sensorLost();
      if (--this.#openInSeconds === 0) this.#open();
    }
    // The watchdog is for a band that is stuck, and restarting it would end a session and the phone's link for nothing.
    if (this.#sensor === undefined || this.#sensor.state === SensorState.Absent) this.#options.onAlive();
    this.heartRate.second(this.#options.tickClock.ticks);
  }
}
