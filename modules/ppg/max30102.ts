/**
 * MAX30102 as an ECMA-419 sensor: red and infrared samples, drained from its FIFO by interrupt and by the clock.
 *
 * The sensor is a stranger: it may be absent, lose its supply, miss a transfer, drop samples. After construction none
 * of that throws. It is retried within bounds (3 x 5 ms, then everything anew, twice, then again after 1 to 8 s), it is
 * counted, and it shows in the batches as a gap of known length.
 */
import type { Clock, Digital, DigitalOptions, SmbusOptions, Timers } from "base/host-parts";
import { DrainWatchdog } from "ppg/drain-watchdog";
import { LightMark } from "ppg/light-mark";
import { Max30102Chip } from "ppg/max30102-chip";
import { SensorCounters } from "ppg/max30102-counters";
import { ResetStuck, SensorUnsteady } from "ppg/max30102-errors";
import { type FifoBatch, FifoOutcome, Max30102Fifo } from "ppg/max30102-fifo";
import { FIFO_DEPTH, Interrupt, Register } from "ppg/max30102-registers";
import { RESET_LIMIT_MS, RESET_TRIES, ResetWait } from "ppg/max30102-reset";
import { type Max30102Settings, SensorSettings } from "ppg/max30102-settings";
import { type SampleBatch, SampleFlag } from "ppg/samples";

export interface Max30102Options extends Max30102Settings {
  readonly sensor: SmbusOptions;
  /** The INT line. Without it the FIFO is drained by the clock alone. */
  readonly alert?: DigitalOptions;
  readonly timers: Timers;
  readonly clock: Clock;
  /** Called from a timer or an edge with 1 .. 32 samples; the batch is refilled for the next call. */
  onSamples(batch: SampleBatch): void;
  /**
   * The sensor is of no use at present; it is tried again. Once per outage, with WrongPart, SensorMissing, ResetStuck,
   * SettingRefused, SensorUnsteady or what the bus threw.
   */
  onError(error: unknown): void;
}

export const enum SensorState {
  /** In reset or being set up: at the start, and after a fault. */
  Starting = 0,
  Sampling = 1,
  /** A transfer failed; it is tried again within 5 ms. */
  Retrying = 2,
  /** Does not do as it should; tried again within 8 s. */
  Absent = 3,
  Asleep = 4,
  Closed = 5,
}

const RETRY_MS = 5;
const RETRIES_MAX = 3;
/** Fresh starts in a row, without a sample between them, before the sensor is left alone for a while. */
const RESTARTS_MAX = 2;
const ABSENT_MS_MIN = 1000;
const ABSENT_MS_MAX = 8000;
/** Rounds of one drain: a sample that came in meanwhile may have pulled INT low again. */
const ROUNDS_MAX = 4;
/** After ALC_OVF its interrupt is off for so long, else it comes with every sample; the samples are marked. */
const AMBIENT_HOLD_MS = 1000;

export class Max30102 {
  readonly counters = new SensorCounters();
  state: SensorState = SensorState.Starting;

  readonly #options: Max30102Options;
  readonly #settings = new SensorSettings();
  readonly #batch: FifoBatch = {
    count: 0,
    red: new Int32Array(FIFO_DEPTH),
    ir: new Int32Array(FIFO_DEPTH),
    flags: new Uint8Array(FIFO_DEPTH),
    firstIndex: 0,
    lostBefore: 0,
    drainedAtMs: 0,
  };
  readonly #reset: ResetWait;
  readonly #watchdog: DrainWatchdog;
  readonly #mark = new LightMark(SampleFlag.LightStep);
  readonly #redMark = new LightMark(SampleFlag.RedStep);
  #chip: Max30102Chip | undefined;
  #fifo: Max30102Fifo | undefined;
  #alert: Digital | undefined;
  #look: unknown;
  #retry: unknown;
  #nextIndex = 0;
  /** INT_STATUS_1 bits that were read, hence cleared, and not acted on yet. */
  #status = 0;
  #drainedMs = 0;
  #tries = 0;
  #restarts = 0;
  #absentMs = ABSENT_MS_MIN;
  #reported = false;
  #ambient = false;
  #ambientMs = 0;

  /**
   * Opens the bus, asks who is there, starts its reset and opens the interrupt line; sampling begins some ms later.
   * @throws RangeError (settings), SensorMissing, WrongPart, what opening a bus or pin throws; nothing stays open then
   */
  constructor(options: Max30102Options) {
    const { sensor, alert, timers, clock } = options;
    this.#options = options;
    this.#settings.merge(options);
    this.#watchdog = new DrainWatchdog(this.counters, alert !== undefined, this.#settings.periodQuarterMs);
    this.#reset = new ResetWait(timers, clock, this.counters, this.#program, () =>
      this.#giveUp(new ResetStuck(RESET_TRIES, RESET_LIMIT_MS)),
    );
    try {
      this.#chip = new Max30102Chip(sensor);
      this.#chip.identify();
      if (alert !== undefined) {
        const { io } = alert;
        const pin = { ...alert, mode: io.InputPullUp, edge: io.Falling, onReadable: () => this.#onInterrupt() };
        this.#alert = new io(pin);
      }
      this.#reset.start(this.#chip);
      this.#look = timers.repeat(this.#onLook, this.#watchdog.lookMs);
    } catch (cause) {
      try {
        this.close();
      } catch {
        // What closing throws says less than the cause.
      }
      throw cause;
    }
  }

  /**
   * Changes only the named keys. Takes effect at once when sampling, else when sampling begins. Another rate empties
   * the FIFO, and running numbers count at the new rate from there on.
   * @throws RangeError; nothing is changed then
   */
  configure(change: Max30102Settings): void {
    const settings = this.#settings;
    const { rateHz, averaging, asleep } = settings;
    settings.merge(change);
    if (settings.rateHz !== rateHz && this.#look !== undefined) {
      const { timers } = this.#options;
      this.#watchdog.setPeriod(settings.periodQuarterMs);
      timers.clear(this.#look);
      this.#look = timers.repeat(this.#onLook, this.#watchdog.lookMs);
    }
    if (this.state !== SensorState.Sampling && this.state !== SensorState.Asleep) return;
    if (settings.rateHz !== rateHz || settings.averaging !== averaging || settings.asleep !== asleep) this.#program();
    else if (!settings.asleep) this.#applyLight();
  }

  /**
   * LED currents and converter range by their codes, as `configure` would, without an object.
   * The first samples under the new light are marked LightStep, from the one during which it changed; or RedStep, if
   * infrared stays as it is.
   */
  setLight(redCode: number, irCode: number, rangeCode: number): void {
    const settings = this.#settings;
    settings.redCode = redCode & 0xff;
    settings.irCode = irCode & 0xff;
    settings.rangeCode = rangeCode & 3;
    if (this.state === SensorState.Sampling) this.#applyLight();
  }

  /** Drains now, through `onSamples` as ever. @returns the batch, perhaps empty; undefined while not sampling */
  sample(): SampleBatch | undefined {
    if (this.state !== SensorState.Sampling) return undefined;
    this.#takeOnce();
    return this.#batch;
  }

  /** Lets go of bus, pin and timers; the sensor is put to sleep if it listens. Twice is once. */
  close(): void {
    const { timers } = this.#options;
    const chip = this.#chip;
    const alert = this.#alert;
    const wasOn = this.state === SensorState.Sampling || this.state === SensorState.Retrying;
    this.#reset.cancel();
    if (this.#look !== undefined) timers.clear(this.#look);
    if (this.#retry !== undefined) timers.clear(this.#retry);
    this.#look = this.#retry = this.#alert = this.#chip = this.#fifo = undefined;
    this.state = SensorState.Closed;
    try {
      if (wasOn) chip?.sleep();
    } catch {
      this.counters.nacks++;
    }
    try {
      alert?.close();
    } finally {
      chip?.close();
    }
  }

  // ---- draining ----------------------------------------------------------------------------------------------------

  #onInterrupt(): void {
    if (this.state !== SensorState.Sampling) return;
    this.#watchdog.onInterrupt();
    this.#drain();
  }

  readonly #onLook = (): void => {
    if (this.state !== SensorState.Sampling) return;
    if (this.#watchdog.isDue((this.#options.clock.ticks - this.#drainedMs) | 0)) this.#drain();
  };

  /** Takes what is unread, until INT lets go. Cost: no allocation unless something fails. */
  readonly #drain = (): void => {
    for (let round = 1; this.#takeOnce(); round++) {
      if (!this.#watchdog.trustsLine || this.#alert === undefined || this.#alert.read() !== 0) return;
      if (round === ROUNDS_MAX) {
        this.counters.stuckInterrupts++;
        return;
      }
    }
  };

  /** Status, pointers, data; hands the batch on, then sees to the light. @returns whether the sensor still samples */
  #takeOnce(): boolean {
    const chip = this.#chip;
    const fifo = this.#fifo;
    if (chip === undefined || fifo === undefined) return false;
    let outcome = FifoOutcome.Again;
    this.#batch.count = 0;
    try {
      this.#status |= chip.io.readUint8(Register.INT_STATUS_1);
      if (this.#hasLostSupply(chip)) outcome = FifoOutcome.Suspect;
      else this.#watchAmbient(chip);
      while (outcome === FifoOutcome.Again) outcome = this.#take(fifo);
    } catch (error) {
      this.#onBusError(error, this.#drain);
      return false;
    }
    if (outcome === FifoOutcome.Suspect) {
      this.#restart(false, new SensorUnsteady());
      return false;
    }
    this.state = SensorState.Sampling;
    this.#status = 0;
    this.#drainedMs = this.#options.clock.ticks;
    if (this.#batch.count > 0) {
      this.#restarts = 0;
      this.#absentMs = ABSENT_MS_MIN;
      this.#reported = false;
      this.#handOn(fifo);
    }
    this.#applyLight(); // again, should it have failed
    if (this.state !== SensorState.Sampling) return false;
    this.#tries = 0;
    return true;
  }

  #take(fifo: Max30102Fifo): FifoOutcome {
    return fifo.take(
      this.#batch,
      (this.#status & Interrupt.A_FULL) !== 0,
      this.#ambient ? SampleFlag.Ambient : SampleFlag.None,
      this.#settings.irCode > 0 ? 1 : 0, // without its LED a channel may well read 0
      this.#settings.ledsSwapped,
    );
  }

  /** PWR_RDY, and MODE_CONFIG agrees: a flipped bit must not throw a session away. */
  #hasLostSupply(chip: Max30102Chip): boolean {
    if ((this.#status & Interrupt.PWR_RDY) === 0) return false;
    if (chip.io.readUint8(Register.MODE_CONFIG) === this.#settings.modeConfig) {
      this.counters.bitFlips++;
      this.#status &= ~Interrupt.PWR_RDY;
      return false;
    }
    this.counters.brownouts++;
    return true;
  }

  /** ALC_OVF marks the samples of a second, and its interrupt pauses for as long. */
  #watchAmbient(chip: Max30102Chip): void {
    const nowMs = this.#options.clock.ticks;
    if ((this.#status & Interrupt.ALC_OVF) !== 0) {
      if (!this.#ambient) chip.io.writeUint8(Register.INT_ENABLE_1, Interrupt.A_FULL);
      this.#ambient = true;
      this.#ambientMs = nowMs;
    } else if (this.#ambient && ((nowMs - this.#ambientMs) | 0) >= AMBIENT_HOLD_MS) {
      chip.io.writeUint8(Register.INT_ENABLE_1, Interrupt.A_FULL | Interrupt.ALC_OVF);
      this.#ambient = false;
    }
  }

  #handOn(fifo: Max30102Fifo): void {
    const batch = this.#batch;
    batch.lostBefore = fifo.lostBefore;
    batch.firstIndex = (this.#nextIndex + fifo.lostBefore) | 0;
    batch.drainedAtMs = fifo.newestMs;
    this.#nextIndex = (batch.firstIndex + batch.count) | 0;
    this.#mark.mark(batch);
    this.#redMark.mark(batch);
    this.#options.onSamples(batch);
  }

  /** Writes the light if need be, and marks from the first sample that may have seen it change. */
  #applyLight(): void {
    const chip = this.#chip;
    const fifo = this.#fifo;
    if (this.state !== SensorState.Sampling || chip === undefined || fifo === undefined) return;
    if (chip.hasLight(this.#settings)) return;
    const first = (this.#nextIndex + fifo.lostNext) | 0;
    const mark = chip.hasInfrared(this.#settings) ? this.#redMark : this.#mark;
    mark.begin(first); // and ends when the pointer is known, should the bus fail half way
    try {
      chip.writeLight(this.#settings);
      mark.end((first + fifo.unreadNow()) | 0);
    } catch (error) {
      this.#onBusError(error, this.#drain);
    }
    this.counters.bitFlips += chip.takeRewrites();
  }

  // ---- setting up, and when it fails ---------------------------------------------------------------------------------

  /** Sets everything and begins to sample, or to sleep. The FIFO starts anew, its gap counted by the clock. */
  readonly #program = (): void => {
    const chip = this.#chip;
    if (chip === undefined) return;
    const settings = this.#settings;
    try {
      chip.program(settings);
    } catch (error) {
      this.#onBusError(error, this.#program);
      return;
    } finally {
      this.counters.bitFlips += chip.takeRewrites();
    }
    const { clock } = this.#options;
    const lost = this.#fifo?.lostIfGivenUp ?? 0;
    this.counters.samplesLost += lost - (this.#fifo?.lostNext ?? 0);
    this.#fifo = new Max30102Fifo(chip.io, clock, this.counters, settings.modeConfig, settings.periodQuarterMs, lost);
    const first = (this.#nextIndex + lost) | 0;
    this.#mark.begin(first);
    this.#mark.end(first);
    this.#status = 0;
    this.#ambient = false;
    this.#drainedMs = clock.ticks;
    this.state = settings.asleep ? SensorState.Asleep : SensorState.Sampling;
  };

  /** Tries `again` in 5 ms, three times; then starts everything anew, the bus too. */
  #onBusError(error: unknown, again: () => void): void {
    this.counters.nacks++;
    if (++this.#tries > RETRIES_MAX) {
      this.#restart(true, error);
      return;
    }
    this.state = SensorState.Retrying;
    this.#after(RETRY_MS, again);
  }

  /**
   * Resets the sensor and sets it up again.
   * @param reopen  the bus itself may be stuck, and opening it anew clears it
   * @param cause   reported, should this be one start too many
   */
  #restart(reopen: boolean, cause: unknown): void {
    this.#tries = 0;
    if (++this.#restarts > RESTARTS_MAX) {
      this.#giveUp(cause);
      return;
    }
    this.counters.reinits++;
    this.state = SensorState.Starting;
    try {
      const chip = reopen ? this.#reopen() : this.#chip!; // whoever asks to keep the bus has it open
      chip.identify();
      this.#reset.start(chip);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #reopen(): Max30102Chip {
    const old = this.#chip;
    this.#chip = undefined;
    old?.close();
    const chip = new Max30102Chip(this.#options.sensor);
    this.#chip = chip;
    return chip;
  }

  /** Says so once, and tries again after a while that doubles. */
  #giveUp(error: unknown): void {
    this.state = SensorState.Absent;
    this.#after(this.#absentMs, this.#comeBack);
    this.#absentMs = Math.min(this.#absentMs * 2, ABSENT_MS_MAX);
    if (this.#reported) return;
    this.#reported = true;
    this.#options.onError(error);
  }

  readonly #comeBack = (): void => {
    this.#restarts = 0;
    this.#restart(true, undefined);
  };

  /** The one pending step. */
  #after(delayMs: number, step: () => void): void {
    const { timers } = this.#options;
    if (this.#retry !== undefined) timers.clear(this.#retry);
    this.#retry = timers.set(() => {
      this.#retry = undefined;
      step();
    }, delayMs);
  }
}
