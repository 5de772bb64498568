import { COUNT_SPACING_MS } from "haptics/count-guide";
import type { SettingOutcome } from "storage/settings";
import { LOOK_MS, type Point, type TrueEvent } from "../../../web/messages.js";
import { arenaPeakBytes } from "../engine/counters.js";
import type { FaultId } from "../faults/catalogue.js";
import { happeningText } from "../person/happenings.js";
import { LightChannel } from "../person/optical-source.js";
import type { Happening } from "../person/options.js";
import type { Person } from "../person/person.js";
import type { Boot } from "../virtual-band.js";
import type { FeltLine } from "./felt.js";
import { LiveFaults } from "./live-faults.js";
import type { ViewState } from "./live-view.js";
import { PlayedBand } from "./make-band.js";
import type { Source } from "./source.js";
import { type StoredSettings, settingsIn } from "./stored-settings.js";
import { Trace } from "./trace.js";
import { TruthReader } from "./truth-reader.js";

/** Light and motor are looked at this often for the terminal, virtual time; for the page more often. */
const LOOK_US = 50_000;
const GLANCE_US = LOOK_MS * 1000;
const LOOKS_KEPT = 100;
const BEATS_KEPT = 8;
const LOG_KEPT = 3;
const PRESS_US = 150_000;
const LONG_PRESS_US = 1_200_000;
/** Opens the window in which a phone may pair: 3 to 8 s from idle. */
const PAIR_PRESS_US = 4_000_000;
/** From the first to the second of a double press: half of it up. */
const DOUBLE_PRESS_US = 2 * PRESS_US;
/** From switching on until the button is heard, with some to spare. */
const START_US = 500_000;

/** What a hand does to the band or to its wearer, and when, virtual ms. */
export interface Deed {
  readonly atMs: number;
  readonly deed: "press" | "hold" | "pair" | Happening | { readonly what: "fault"; readonly id: FaultId };
}

export interface LiveOptions {
  readonly source: Source;
  readonly seed?: number;
  readonly settings?: StoredSettings;
  readonly boot: Boot;
  readonly durationMs: number;
  readonly log?: Uint8Array | undefined;
  /** A Bluetooth controller has the band's radio. */
  readonly isHeardElsewhere?: boolean;
  /** What is to happen by itself. */
  readonly deeds: readonly Deed[];
  /** Called with everything that the firmware says. */
  tell(line: FeltLine): void;
  /** A line of the firmware's log. */
  note(text: string): void;
  /** Light and motor as they go, if somebody draws them finer than the terminal. */
  glance?(point: Point): void;
  /** What really happens to the wearer, if that is a person; in the order of time within each kind. */
  truth?(event: TrueEvent): void;
}

/** A band that is watched: moved on in steps, looked at between them, with a button that can be pressed. */
export class LiveBand {
  readonly played: PlayedBand;
  readonly #options: LiveOptions;
  readonly #trace = new Trace(LOOK_US / 1000, LOOKS_KEPT);
  readonly #beats: { rrMs: number | undefined; verdict: string }[] = [];
  readonly #log: string[] = [];
  /** Still to come, in the order of time. */
  readonly #deeds: { atUs: number; deed: Deed["deed"] }[];
  readonly #done: Deed[] = [];
  readonly #truth: TruthReader | undefined;
  #looks = 0;
  #glances = 0;
  #glanceSamplesSeen = 0;
  #samplesSeen = 0;
  #contact: string | undefined;
  #bpm: number | undefined;
  #bpmReason = "starting";
  #batteryPercent: number | undefined;
  #session = "idle";
  #upUs = 0;
  #faults: LiveFaults | undefined;
  #phase: { readonly id: string; readonly sinceMs: number } | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#deeds = options.deeds.map(({ atMs, deed }) => ({ atUs: Math.round(atMs * 1000), deed }));
    this.#deeds.sort((a, b) => a.atUs - b.atUs);
    const { source } = options;
    if (source.person !== undefined && options.truth !== undefined)
      this.#truth = new TruthReader(source.person.truth, options.truth);
    this.played = new PlayedBand({
      source,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.settings === undefined ? {} : { settings: options.settings }),
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
      const deedUs = this.#deeds[0]?.atUs ?? Number.POSITIVE_INFINITY;
      const glanceUs = this.#options.glance === undefined ? endUs : (this.#glances + 1) * GLANCE_US;
      await band.run(Math.min(endUs, lookUs, deedUs, glanceUs));
      while ((this.#deeds[0]?.atUs ?? Number.POSITIVE_INFINITY) <= clock.nowUs) this.#do(this.#deeds.shift()!.deed); // not empty
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

  /** Who wears the band; undefined with a recording. */
  get person(): Person | undefined {
    return this.#options.source.person;
  }

  /** All that has been done so far, by plan and by hand: with the options this repeats the run. */
  get done(): readonly Deed[] {
    return this.#done;
  }

  /** What is planned and has not come yet. */
  get planned(): readonly Deed[] {
    return this.#deeds.map(({ atUs, deed }) => ({ atMs: atUs / 1000, deed }));
  }

  /** A band that is starting hears no button: it is pressed once it is up. */
  press(): void {
    const { nowUs } = this.played.band.board.clock;
    if (nowUs < this.#upUs) this.#plan(this.#upUs, "press");
    else this.#do("press");
  }

  longPress(): void {
    this.#do("hold");
  }

  pairPress(): void {
    this.#do("pair");
  }

  doublePress(): void {
    const { clock } = this.played.band.board;
    this.#do("press");
    this.#plan(clock.nowUs + DOUBLE_PRESS_US, "press");
  }

  /** Something happens to the wearer, from the next 20 ms on. A recording does not change: then false. */
  happen(happening: Happening): boolean {
    if (this.person === undefined) return false;
    this.#do(happening);
    return true;
  }

  /**
   * Answers a check-in: presses the button at that tick of the count. False if the band does not ask, or has counted
   * past it.
   */
  answer(rating: number): boolean {
    const atMs = (this.#phase?.sinceMs ?? 0) + (rating + 0.5) * COUNT_SPACING_MS;
    if (this.#phase === undefined || atMs < this.played.nowMs) return false;
    this.#plan(Math.round(atMs * 1000), "press");
    return true;
  }

  /** Changes the wearer's settings, and restarts the band so that it reads them. */
  set(settings: Readonly<Record<string, number>>): SettingOutcome {
    const { band } = this.played;
    const outcome = settingsIn(band.board.flash).set(settings);
    if (!outcome.ok) return outcome;
    band.powerCycle();
    this.#upUs = band.board.clock.nowUs + START_US;
    const tMs = this.played.recordingMs;
    const line: FeltLine = { type: "restart", tMs, reason: "settings", message: "read anew", stack: "" };
    this.#hear(line);
    this.#options.tell(line);
    return outcome;
  }

  /** Something breaks, from now on for some seconds. Why not, if it does not. */
  break(id: FaultId): string | undefined {
    if (this.person === undefined) return "a recording is nobody's: faults want a person who wears the band";
    if (this.#options.isHeardElsewhere === true) return "other devices are connected to this band: nothing is broken";
    this.#do({ what: "fault", id });
    return undefined;
  }

  /** What is broken now. */
  get raging(): readonly FaultId[] {
    return this.#faults?.raging ?? [];
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

  #plan(atUs: number, deed: Deed["deed"]): void {
    this.#deeds.push({ atUs, deed });
    this.#deeds.sort((a, b) => a.atUs - b.atUs);
  }

  #do(deed: Deed["deed"]): void {
    const { nowUs } = this.played.band.board.clock;
    this.#done.push({ atMs: nowUs / 1000, deed });
    if (deed === "press") this.#hold(PRESS_US);
    else if (deed === "hold") this.#hold(LONG_PRESS_US);
    else if (deed === "pair") this.#hold(PAIR_PRESS_US);
    else if (deed.what === "fault") this.#break(deed.id);
    else {
      this.person?.schedule(nowUs, deed);
      this.#note(`wearer: ${happeningText(deed)}`);
    }
  }

  #break(id: FaultId): void {
    const { person } = this;
    if (person === undefined) return;
    const { seed = 1 } = this.#options;
    this.#faults ??= new LiveFaults(this.played, person, seed, (text) => this.#note(text));
    this.#faults.begin(id);
  }

  #hold(us: number): void {
    const { clock, button } = this.played.band.board;
    button.press();
    clock.at(clock.nowUs + us, 0, () => button.release());
  }

  #look(): void {
    const { sensor, motor, clock } = this.played.band.board;
    const isSampling = sensor.sampleCount > this.#samplesSeen;
    this.#samplesSeen = sensor.sampleCount;
    const light = isSampling ? sensor.sampler.lastSample[LightChannel.Ir] : undefined;
    const { person } = this;
    person?.live(clock.nowUs);
    this.#trace.look(light, motor.amplitude, person?.lungLitres);
    this.#looks++;
  }

  #glance(): void {
    const { sensor, motor, clock } = this.played.band.board;
    const isSampling = sensor.sampleCount > this.#glanceSamplesSeen;
    this.#glanceSamplesSeen = sensor.sampleCount;
    this.#glances++;
    const light = isSampling ? (sensor.sampler.lastSample[LightChannel.Ir] ?? null) : null;
    const { person } = this;
    person?.live(clock.nowUs);
    const litres = person?.lungLitres ?? null;
    this.#options.glance?.({ atMs: this.played.nowMs, light, motor: motor.amplitude, litres });
    this.#truth?.tell(clock.nowUs);
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
        if (line.phase !== this.#phase?.id)
          this.#phase = line.phase === null ? undefined : { id: line.phase, sinceMs: line.tMs - this.played.startMs };
        return;
      case "restart":
        this.#contact = undefined;
        this.#bpm = undefined;
        this.#bpmReason = "the firmware restarts";
        this.#batteryPercent = undefined;
        this.#session = "idle";
        this.#phase = undefined;
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
