import type { KeyValueStore } from "base/host-parts";
import { HeartRateAbsence } from "hrv/heart-rate";
import { ContactState } from "ppg/contact";
import { Settings } from "storage/settings";
import { SETTINGS } from "storage/settings-table";
import { Board } from "../board/board.js";
import { ChipMisuse } from "../board/chip-misuse.js";
import { EventPriority } from "../board/clock.js";
import { Flash } from "../board/flash.js";
import { FlashMisuse } from "../board/flash-partition.js";
import { arenaPeakBytes } from "../engine/counters.js";
import { faultRow } from "../faults/catalogue.js";
import { Injector, makeUnit, unitOptions } from "../faults/injector.js";
import { Phone } from "../faults/phone.js";
import { TroubledBus, TroubledLight } from "../faults/stacks.js";
import { Op } from "../io/ops.js";
import { feelMotor } from "../person/motor-link.js";
import { Person } from "../person/person.js";
import { randomChoices } from "../person/population.js";
import { type Boot, VirtualBand } from "../virtual-band.js";
import { IntervalWatch } from "./interval-watch.js";
import { LogWatch } from "./log-watch.js";
import { MotorWatch } from "./motor-watch.js";
import { recoverMsOf, type Scenario, type TimedGesture } from "./scenario.js";
import { TruthWatch } from "./truth-watch.js";
import { type Failure, type Figures, type Invariant, newFigures } from "./verdict.js";

/** The log's partition, unless the unit's is full. */
const LOG_BLOCKS = 16;
const LOG_BLOCK_BYTES = 4096;
const PRESS_MS = 150;
const LONG_PRESS_MS = 1_200;
const DOUBLE_PRESS_MS = 280;
/** A long press that began so long ago has ended every session. */
const STOPPED_AFTER_MS = 900;
/** Live heap, looked at when nothing goes on; what grows by more in a boot is a leak. */
const LEAK_BYTES_MAX = 3_072;
const LEAK_FROM_US = 180_000_000;
const LOOK_US = 20_000_000;
/** In the calm, after recovery: of its seconds so many have a rate of the wearer's. */
const CALM_SHARE = 0.8;
const ASKED_FOR = ["brown-out", "unplugged", "power cut"] as const;
const SENSOR_PARTS = ["bus", "line", "sensor", "light", "wearer"];

export interface RunResult {
  readonly figures: Figures;
  readonly failure: Failure | undefined;
  /** The firmware's own lines, and what happened, of the last moments before a failure. */
  readonly story: readonly string[];
}

export interface RunOptions {
  readonly boot: Boot;
  /** Highest heap above the engine's baseline, bytes. */
  readonly arenaBytesMax: number;
  /** How many of the last lines of what happened are kept. */
  readonly storyLines?: number;
  /** Told now and then; true gives the run up. */
  progress?(simulatedMs: number): boolean;
}

const STORY_LINES = 40;

/** One scenario from power-on to its end, or to the first thing that must not be. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const run = new ScenarioRun(scenario, options);
  await run.run();
  return { figures: run.figures, failure: run.failure, story: run.story };
}

class ScenarioRun {
  readonly figures = newFigures();
  failure: Failure | undefined;
  readonly story: string[] = [];
  readonly #scenario: Scenario;
  readonly #options: RunOptions;
  readonly #band: VirtualBand;
  readonly #person: Person;
  readonly #phone: Phone;
  readonly #injector: Injector;
  readonly #motor: MotorWatch;
  readonly #truth: TruthWatch;
  readonly #intervals: IntervalWatch;
  readonly #log: LogWatch;
  #bootUs = 0;
  #isIdle = true;
  #isWorn = false;
  /** Live bytes early in this boot. */
  /**
   * Live heap when it was first looked at after each program, in this boot: what a session has made stays until the next
   * one replaces it (6.1 KB after a search for the pace).
   */
  readonly #liveBytes = new Map<number, number>();
  #lastProgram = -1;
  #packetsBefore = 0;
  #calmSeconds = 0;
  #calmRight = 0;
  #wellAtMs: number | undefined;
  readonly #recoverMs: number;

  constructor(scenario: Scenario, options: RunOptions) {
    this.#scenario = scenario;
    this.#options = options;
    this.#recoverMs = recoverMsOf(scenario);
    const { seed, faults, happenings, mtu } = scenario;
    this.#person = new Person({ seed, options: { ...randomChoices(seed), script: happenings } });
    const light = new TroubledLight(this.#person);
    const bus = new TroubledBus();
    const unit = unitOptions(faults);
    const log = unit.log ?? new Uint8Array(LOG_BLOCKS * LOG_BLOCK_BYTES).fill(0xff);
    const board = new Board({ seed, optics: light, flash: storeWith(scenario), ...unit, log });
    board.bus.fault = bus;
    this.#band = new VirtualBand(board, this.#watchedBoot(options.boot), {
      beat: (upstrokeTicks, rrTicks, verdict) => this.#beat(upstrokeTicks, rrTicks, verdict),
      second: (bpm, absence) => this.#second(bpm, absence),
      session: (state, program, phase) => this.#session(state, program, phase),
      print: (text) => this.#tell(`print ${text}`),
      restart: ({ reason, message, stack }) => this.#restarted(reason, message, stack),
      contact: (state, reason) => {
        this.#isWorn = state === ContactState.Worn;
        this.#tell(`contact ${state} ${reason}`);
      },
    });
    this.#phone = new Phone(board.radio, board.clock, {
      linked: () => this.#intervals.linked(),
      heartRate: (packet) => this.#intervals.packet(packet),
    });
    this.#phone.mtu = mtu;
    const fail = (invariant: Invariant, what: string): void => this.#fail(invariant, what);
    this.#motor = new MotorWatch(this.#band, this.figures, fail);
    this.#truth = new TruthWatch(this.#person, this.figures, fail);
    this.#intervals = new IntervalWatch(fail);
    this.#log = new LogWatch(board.logFlash, this.figures, fail);
    feelMotor(this.#person, board.motor, board.clock);
    makeUnit(this.#band, faults);
    const world = {
      band: this.#band,
      person: this.#person,
      phone: this.#phone,
      bus,
      light,
      onFlashTrouble: (what: "cut" | "spoilt") => {
        if (what === "cut") this.#log.look();
        else board.clock.at(board.clock.nowUs, EventPriority.Observer, () => this.#log.accept());
      },
    };
    this.#injector = new Injector(world, faults, {
      began: (fault) => this.#faultChanged(fault, "begins"),
      ended: (fault) => this.#faultChanged(fault, "ends"),
    });
    this.figures.faults = faults.length;
    this.figures.gestures = scenario.gestures.length;
    for (const gesture of scenario.gestures) this.#plan(gesture);
    for (const [index, atMs] of scenario.phoneMs.entries())
      board.clock.at(atMs * 1000, EventPriority.Part, () => {
        this.#phone.isWanted = index % 2 === 0;
      });
  }

  async run(): Promise<void> {
    const band = this.#band;
    const { clock, motor } = band.board;
    const { durationMs } = this.#scenario;
    try {
      for (let untilUs = LOOK_US; this.failure === undefined && clock.nowUs < durationMs * 1000; untilUs += LOOK_US) {
        await band.run(Math.min(untilUs, durationMs * 1000));
        this.#look();
        if (this.#options.progress?.(clock.nowUs / 1000) === true) break;
      }
      if (this.failure === undefined && clock.nowUs >= durationMs * 1000) this.#judgeCalm();
    } catch (error) {
      if (!(error instanceof RunEnded)) this.#threw(error);
    }
    this.figures.runs = 1;
    this.figures.hours = clock.nowUs / 3_600_000_000;
    this.figures.motorSeconds = motor.onUs / 1_000_000;
    this.figures.packets = this.#phone.packetCount;
    this.figures.resets = band.restarts.length;
    band.close();
  }

  /** Sees the firmware's writes to the motor on their way. */
  #watchedBoot(boot: Boot): Boot {
    return (ports) => {
      this.#booted();
      return boot({
        ...ports,
        call: (op, a, b, c, d) => {
          if (op === Op.PwmWrite) this.#motor.written(b);
          else if (op === Op.PwmClose) this.#motor.floated();
          return ports.call(op, a, b, c, d);
        },
      });
    };
  }

  #booted(): void {
    this.#bootUs = this.#band.board.clock.nowUs;
    this.#isIdle = true;
    this.#isWorn = false;
    this.#liveBytes.clear();
    this.#lastProgram = -1;
    this.#motor.booted();
    this.#intervals.booted();
    this.#tell("boots");
  }

  #beat(upstrokeTicks: number, rrTicks: number, verdict: number): void {
    this.#intervals.beat(upstrokeTicks, rrTicks, verdict);
    const upstrokeUs = this.#bootUs + (upstrokeTicks * 1_000_000) / 1024;
    // Before the skin is sure a beat is a guess: it goes to no phone, into no rate and into no variability.
    if (this.#isWorn) this.#truth.beat(this.#band.board.clock.nowUs, upstrokeUs, rrTicks, verdict);
  }

  #second(bpm: number, absence: number): void {
    const { nowUs } = this.#band.board.clock;
    this.#person.live(nowUs);
    if (this.#person.truth.states.motion.at(this.#person.truth.states.motion.length - 1) > 0)
      this.#truth.spoiltUs = nowUs;
    for (const { id } of this.#injector.raging)
      if (SENSOR_PARTS.includes(faultRow(id).part)) this.#truth.spoiltUs = nowUs;
    const isRight = this.#truth.second(nowUs, bpm, absence);
    this.#motor.look();
    this.#watchCalm(nowUs / 1000, isRight);
    if (absence === HeartRateAbsence.None)
      this.#tell(`rate ${bpm} ${isRight ? "" : "wrong, "}${this.#truth.text(nowUs)}`);
  }

  #session(state: number, program: number, phase: number): void {
    this.#tell(`session ${state} ${program} ${phase}`);
    if (state !== 0 && this.#isIdle) this.figures.sessions++;
    this.#isIdle = state === 0;
    if (program >= 0) this.#lastProgram = program;
    this.#motor.session(this.#isIdle);
  }

  #restarted(reason: string, message: string, stack: string): void {
    this.#motor.floated();
    this.#isIdle = true;
    this.#tell(`restart ${reason} ${message}`);
    if (this.#band.board.motor.dutyQ16 > 0) this.#fail("motor silent when it must be", "runs after a reset");
    const isAsked = ASKED_FOR.some((one) => one === reason);
    if (!isAsked) this.#fail("no uncaught exception", `${reason}: ${message}\n${stack}`);
  }

  #faultChanged(
    { id, values, rageMs }: { id: Scenario["faults"][number]["id"]; values: object; rageMs: number },
    how: string,
  ): void {
    this.#tell(`${id} ${how} ${JSON.stringify(values)} ${rageMs} ms`);
    if (faultRow(id).part === "battery") this.#motor.called(); // the band may say that the battery is low
    if (SENSOR_PARTS.includes(faultRow(id).part)) this.#truth.spoiltUs = this.#band.board.clock.nowUs;
  }

  #plan({ atMs, kind }: TimedGesture): void {
    const { clock, button } = this.#band.board;
    const hold = (fromMs: number, holdMs: number): void => {
      clock.at(fromMs * 1000, EventPriority.Part, () => {
        this.#tell(`${kind} press`);
        button.press();
      });
      clock.at((fromMs + holdMs) * 1000, EventPriority.Part, () => button.release());
    };
    hold(atMs, kind === "long" ? LONG_PRESS_MS : PRESS_MS);
    if (kind === "double") hold(atMs + DOUBLE_PRESS_MS, PRESS_MS);
    if (kind !== "long") return;
    clock.at((atMs + STOPPED_AFTER_MS) * 1000, EventPriority.Observer, () => {
      const { buttonLine } = this.#band.board;
      const isDisturbed =
        [...this.#injector.raging].some(({ id }) => faultRow(id).part === "button") ||
        this.#band.board.stalledUntilUs > atMs * 1000 ||
        this.#bootUs > (atMs - 500) * 1000;
      if (!isDisturbed && buttonLine.level === 0 && !this.#isIdle)
        this.#fail("a stop gesture stops", `a session goes on ${STOPPED_AFTER_MS} ms after a long press began`);
    });
  }

  /** Now and then, between two events: the log, memory. */
  #look(): void {
    this.#log.look();
    this.#motor.look();
    const { logFlash, sensor } = this.#band.board;
    if (logFlash.misuseCount > 0) this.#fail("no misuse of a part", "the flash was asked to set bits");
    if (sensor.misuse !== undefined) this.#fail("no misuse of a part", sensor.misuse.message);
    const counters = this.#band.engineCounters();
    if (counters === undefined) return;
    const peakBytes = arenaPeakBytes(counters);
    this.figures.arenaPeakBytes = Math.max(this.figures.arenaPeakBytes, peakBytes);
    this.figures.stackPeakSlots = Math.max(this.figures.stackPeakSlots, counters.stackPeak);
    if (peakBytes > this.#options.arenaBytesMax)
      this.#fail("memory below its limit", `${peakBytes} bytes above the engine's, of ${this.#options.arenaBytesMax}`);
    if (!this.#isIdle || this.#band.board.clock.nowUs - this.#bootUs < LEAK_FROM_US) return;
    this.#band.collectGarbage();
    const live = this.#band.engineCounters();
    if (live === undefined) return;
    const liveBytes = live.slots * live.slotBytes + live.chunkBytes;
    const before = this.#liveBytes.get(this.#lastProgram);
    if (before === undefined) this.#liveBytes.set(this.#lastProgram, liveBytes);
    else if (liveBytes - before > LEAK_BYTES_MAX)
      this.#fail("memory below its limit", `${liveBytes - before} bytes more in use than earlier in this boot`);
  }

  #watchCalm(nowMs: number, isRight: boolean): void {
    const { calmFromMs } = this.#scenario;
    if (nowMs < calmFromMs) {
      this.#packetsBefore = this.#phone.packetCount;
      return;
    }
    const isHeard = this.#phone.packetCount > this.#packetsBefore;
    if (this.#wellAtMs === undefined && isRight && isHeard && this.#isIdle) {
      this.#wellAtMs = nowMs;
      this.figures.recoveryMsMax = nowMs - calmFromMs;
    }
    if (this.#wellAtMs === undefined && nowMs > calmFromMs + this.#recoverMs)
      this.#fail(
        "recovered in time",
        `${Math.round(this.#recoverMs / 1000)} s after the last fault ${isRight ? "there is a rate" : "there is no right rate"}, ` +
          `${isHeard ? "the phone hears the band" : "the phone does not hear the band"}, ${this.#isIdle ? "idle" : "in a session"}`,
      );
    if (this.#wellAtMs === undefined) return;
    this.#calmSeconds++;
    if (isRight) this.#calmRight++;
  }

  #judgeCalm(): void {
    if (this.#calmRight < this.#calmSeconds * CALM_SHARE)
      this.#fail("recovered in time", `of ${this.#calmSeconds} s of calm ${this.#calmRight} have a right rate`);
  }

  #threw(error: unknown): void {
    const isMisuse = error instanceof ChipMisuse || error instanceof FlashMisuse;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    try {
      this.#fail(isMisuse ? "no misuse of a part" : "no uncaught exception", text);
    } catch (ended) {
      if (!(ended instanceof RunEnded)) throw ended;
    }
  }

  #tell(text: string): void {
    this.story.push(`${(this.#band === undefined ? 0 : this.#band.board.clock.nowUs / 1000).toFixed(0)} ms ${text}`);
    if (this.story.length > (this.#options.storyLines ?? STORY_LINES)) this.story.shift();
  }

  #fail(invariant: Invariant, what: string): void {
    if (this.failure !== undefined) return;
    this.failure = { invariant, what, atMs: Math.floor(this.#band.board.clock.nowUs / 1000) };
    throw new RunEnded();
  }
}

/** Ends a run from the inside of an event; nothing runs after it. */
class RunEnded extends Error {
  override name = "RunEnded";
}

/** The store with the program that the button starts. */
function storeWith({ program, style }: Scenario): Flash {
  const flash = new Flash();
  const store: KeyValueStore = {
    read: (key) => {
      const bytes = flash.read("band", key);
      return bytes === undefined ? undefined : new Uint8Array(bytes).buffer;
    },
    write: (key, value) => flash.write("band", key, value instanceof Uint8Array ? value : new Uint8Array(value)),
    delete: (key) => {
      flash.delete("band", key);
    },
  };
  new Settings(store, SETTINGS, { settingsReset: () => {} }).set({ program, style });
  return flash;
}
