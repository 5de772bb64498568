import { LOOK_MS, type Point } from "../../../web/messages.js";
import { arenaPeakBytes } from "../engine/counters.js";
import { LightChannel } from "../person/optical-source.js";
import type { Boot } from "../virtual-band.js";
import type { FeltLine } from "./felt.js";
import type { ViewState } from "./live-view.js";
import { PlayedBand, type Take } from "./make-band.js";
import { Trace } from "./trace.js";

/** Light and motor are looked at this often for the terminal, virtual time; for the page more often. */
const LOOK_US = 50_000;
const GLANCE_US = LOOK_MS * 1000;
const LOOKS_KEPT = 100;
const BEATS_KEPT = 8;
const LOG_KEPT = 3;
const PRESS_US = 150_000;
const LONG_PRESS_US = 1_200_000;
/** From the first to the second of a double press: half of it up. */
const DOUBLE_PRESS_US = 2 * PRESS_US;

export interface LiveOptions {
  readonly take: Take;
  readonly boot: Boot;
  readonly durationMs: number;
  readonly log?: Uint8Array | undefined;
  /** Virtual times at which the button is pressed. */
  readonly pressesMs: readonly number[];
  /** Called with everything that the firmware says. */
  tell(line: FeltLine): void;
  /** A line of the firmware's log. */
  note(text: string): void;
  /** Light and motor as they go, if somebody draws them finer than the terminal. */
  glance?(point: Point): void;
}

/** A band that is watched: moved on in steps, looked at between them, with a button that can be pressed. */
export class LiveBand {
  readonly played: PlayedBand;
  readonly #options: LiveOptions;
  readonly #trace = new Trace(LOOK_US / 1000, LOOKS_KEPT);
  readonly #beats: { rrMs: number | undefined; verdict: string }[] = [];
  readonly #log: string[] = [];
  readonly #pressesUs: number[];
  #looks = 0;
  #glances = 0;
  #glanceSamplesSeen = 0;
  #samplesSeen = 0;
  #contact: string | undefined;
  #bpm: number | undefined;
  #bpmReason = "starting";
  #batteryPercent: number | undefined;
  #session = "idle";

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#pressesUs = options.pressesMs.map((ms) => Math.round(ms * 1000)).sort((a, b) => a - b);
    this.played = new PlayedBand({
      take: options.take,
      boot: options.boot,
      log: options.log,
      tell: (line) => {
        this.#hear(line);
        options.tell(line);
      },
      print: (text) => this.#note(text),
    });
  }

  /** Moves time on to `untilMs`, at most the duration. `onSecond` is called at every full second on the way. */
  async run(untilMs: number, onSecond: () => void): Promise<void> {
    const { band } = this.played;
    const { clock } = band.board;
    const endUs = Math.round(Math.min(untilMs, this.#options.durationMs) * 1000);
    while (clock.nowUs < endUs && !this.played.isHopeless) {
      const lookUs = (this.#looks + 1) * LOOK_US;
      const pressUs = this.#pressesUs[0] ?? Number.POSITIVE_INFINITY;
      const glanceUs = this.#options.glance === undefined ? endUs : (this.#glances + 1) * GLANCE_US;
      await band.run(Math.min(endUs, lookUs, pressUs, glanceUs));
      if (clock.nowUs >= pressUs) {
        this.#pressesUs.shift();
        this.press();
      }
      if (clock.nowUs >= glanceUs) this.#glance();
      if (clock.nowUs < lookUs) continue;
      this.#look();
      if (lookUs % 1_000_000 === 0) onSecond();
    }
  }

  /** The time is up, or the firmware does not come up. */
  get isOver(): boolean {
    return this.played.isHopeless || this.played.nowMs >= this.#options.durationMs;
  }

  press(): void {
    this.#hold(PRESS_US);
  }

  longPress(): void {
    this.#hold(LONG_PRESS_US);
  }

  /** When the presses of the double press that begins now begin, ms. */
  doublePress(): readonly number[] {
    const { clock } = this.played.band.board;
    const fromUs = clock.nowUs;
    this.press();
    this.#pressesUs.push(fromUs + DOUBLE_PRESS_US);
    this.#pressesUs.sort((a, b) => a - b);
    return [fromUs / 1000, (fromUs + DOUBLE_PRESS_US) / 1000];
  }

  state(title: string, speed: string, isPaused: boolean): ViewState {
    const { board } = this.played.band;
    return {
      title,
      elapsedMs: this.played.nowMs,
      durationMs: this.#options.durationMs,
      speed,
      isPaused,
      contact: this.#contact,
      trace: this.#trace.columns,
      bpm: this.#bpm,
      bpmReason: this.#bpmReason,
      beats: this.#beats,
      batteryPercent: this.#batteryPercent,
      batteryMv: board.battery.terminalMv,
      session: this.#session,
      link: board.radio.linkText,
      engine: this.#engineText(),
      log: this.#log,
    };
  }

  #hold(us: number): void {
    const { clock, button } = this.played.band.board;
    button.press();
    clock.at(clock.nowUs + us, 0, () => button.release());
  }

  #look(): void {
    const { sensor, motor } = this.played.band.board;
    const isSampling = sensor.sampleCount > this.#samplesSeen;
    this.#samplesSeen = sensor.sampleCount;
    this.#trace.look(isSampling ? sensor.sampler.lastSample[LightChannel.Ir] : undefined, motor.amplitude);
    this.#looks++;
  }

  #glance(): void {
    const { sensor, motor } = this.played.band.board;
    const isSampling = sensor.sampleCount > this.#glanceSamplesSeen;
    this.#glanceSamplesSeen = sensor.sampleCount;
    this.#glances++;
    const light = isSampling ? (sensor.sampler.lastSample[LightChannel.Ir] ?? null) : null;
    this.#options.glance?.({ atMs: this.played.nowMs, light, motor: motor.amplitude });
  }

  #hear(line: FeltLine): void {
    switch (line.type) {
      case "beat": {
        const { rrTicks, accepted, verdict } = line;
        this.#beats.push({ rrMs: accepted && rrTicks !== null ? (rrTicks * 1000) / 1024 : undefined, verdict });
        if (this.#beats.length > BEATS_KEPT) this.#beats.shift();
        this.#trace.mark(line.tMs - this.played.startMs, accepted);
        return;
      }
      case "second":
        this.#bpm = line.bpm ?? undefined;
        this.#bpmReason = line.reason ?? "";
        this.#batteryPercent = line.batteryPercent;
        return;
      case "contact":
        this.#contact = line.reason === null ? line.state : `${line.state}: ${line.reason}`;
        return;
      case "session":
        this.#session = line.state;
        return;
      case "restart":
        this.#contact = undefined;
        this.#bpm = undefined;
        this.#bpmReason = "the firmware restarts";
        this.#batteryPercent = undefined;
        this.#session = "idle";
        this.#note(`restart (${line.reason}): ${line.message}`);
        for (const frame of line.stack.split("\n").filter(Boolean)) this.#note(`  ${frame}`);
    }
  }

  #note(text: string): void {
    const line = `${(this.played.nowMs / 1000).toFixed(3)} s ${text}`;
    this.#log.push(line);
    if (this.#log.length > LOG_KEPT) this.#log.shift();
    this.#options.note(line);
  }

  /** Meter units, heap and collections, as far as the engine counts them. */
  #engineText(): string {
    const { band } = this.played;
    const counters = band.engineCounters();
    const samples = band.board.counters().sensor.samples;
    if (samples === 0) return "starting";
    if (counters === undefined) return "V8, or down";
    const units = Math.round(counters.meter / samples);
    const heapKb = (arenaPeakBytes(counters) / 1024).toFixed(1);
    return `XS · ${units} meter units a sample · ${heapKb} KB of heap at most · ${counters.collections} collections`;
  }
}
