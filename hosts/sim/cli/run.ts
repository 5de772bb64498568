import type { Command } from "../../../web/messages.js";
import type { RunState } from "../page/band-state.node.js";
import { repeatLine } from "../page/repeat.node.js";
import { parseHappening } from "../person/happenings.js";
import type { RecordingFile } from "../person/recording-file.node.js";
import type { Boot } from "../virtual-band.js";
import { LiveBand, type LiveOptions } from "./live-band.js";
import { isEpisode } from "./live-faults.js";
import { Pace } from "./pace.js";
import { deedsOf, PERSON_DURATION_MS, type SimulateOptions, settingsOf } from "./sim-options.js";
import { playing, type Source, sourceOf } from "./source.js";

/** Who hears a run, whichever it is. */
export type RunEars = Pick<LiveOptions, "tell" | "note" | "glance" | "truth">;

export interface RunSetup {
  readonly options: SimulateOptions;
  readonly source: Source;
  readonly boot: Boot;
  /** The bytes of the log's partition, of an earlier run; not changed. */
  readonly log: Uint8Array | undefined;
  readonly ears: RunEars;
  /** Why no other run may begin; undefined if one may. */
  readonly stays: string | undefined;
  /** Another run has taken this one's place. */
  onBegin(run: Run): void;
}

/** How the band is being run: what terminal and page may both change. Another run may take its place. */
export class Run {
  live: LiveBand;
  source: Source;
  options: SimulateOptions;
  pace: Pace;
  isPaused = false;
  readonly #setup: RunSetup;
  #times: number;
  /** What no option repeats. */
  #notes: string[] = [];
  #stepMs = 0;
  /** Came by the page, and is not to be read again. */
  #recording: RecordingFile | undefined;
  /** Waits for the step of virtual time that goes on to end. */
  #waiting: (() => void)[] = [];

  constructor(setup: RunSetup) {
    this.#setup = setup;
    this.options = setup.options;
    this.source = setup.source;
    this.live = this.#make();
    this.#times = setup.options.speed;
    this.pace = new Pace(setup.options.speed);
  }

  get title(): string {
    return this.source.title;
  }

  /** null with a recording. */
  get person(): string | null {
    return this.source.person === undefined ? null : this.options.person;
  }

  get seed(): number {
    return this.options.seed;
  }

  get state(): RunState {
    const notes = this.#notes.length === 0 ? "" : ` # ${this.#notes.join(", ")}`;
    return {
      speed: this.pace.text,
      times: Number.isFinite(this.#times) ? this.#times : ("max" as const),
      isPaused: this.isPaused,
      command: repeatLine(this.options, [...this.live.done, ...this.live.planned]) + notes,
    };
  }

  /** How far virtual time goes in the next frame. */
  step(): number {
    const stepMs = this.#stepMs;
    this.#stepMs = 0;
    if (!this.isPaused) return this.pace.step();
    this.pace.stand();
    return stepMs;
  }

  /** Between two steps: what must not happen inside of one happens now. */
  between(): void {
    for (const act of this.#waiting.splice(0)) act();
  }

  /** @returns why it is not done; undefined if it is */
  do(command: Command): string | undefined | Promise<string | undefined> {
    const { live } = this;
    switch (command.do) {
      case "press":
        live.press();
        return;
      case "doublePress":
        live.doublePress();
        return;
      case "longPress":
        live.longPress();
        return;
      case "happen":
        return live.happen(parseHappening(command.what)) ? undefined : "a recording cannot be changed: choose a person";
      case "break":
        return isEpisode(command.fault) ? live.break(command.fault) : "there is no such fault";
      case "answer":
        return live.answer(command.rating) ? undefined : "the band does not ask, or has counted past it";
      case "pause":
        this.isPaused = command.on;
        return;
      case "step":
        this.isPaused = true;
        this.#stepMs = command.ms;
        return;
      case "speed":
        if (this.options.hci !== undefined && command.times === "max")
          return "other devices live in real time: as fast as it goes is too fast for them";
        this.#times = command.times === "max" ? Number.POSITIVE_INFINITY : command.times;
        this.pace = new Pace(this.#times);
        return;
      case "set":
        return this.#later(() => this.#set(command.settings));
      case "begin":
        return this.#later(() => this.#beginWith(command.person, command.seed));
    }
  }

  /** Plays a recording that came by the page. @returns why it is not done */
  play(name: string, recording: RecordingFile): Promise<string | undefined> {
    return this.#later(() => this.#begin({ ...this.options, recording: name }, recording));
  }

  #later(act: () => string | undefined): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        try {
          resolve(act());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #set(settings: Readonly<Record<string, number>>): string | undefined {
    const outcome = this.live.set(settings);
    if (!outcome.ok) return `${outcome.name}: ${outcome.reason}`;
    const words = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
    this.#notes.push(`set at ${(this.live.played.nowMs / 1000).toFixed(3)} s: ${words.join(" ")}`);
    return undefined;
  }

  #beginWith(person: string | undefined, seed = this.options.seed): string | undefined {
    if (person === undefined) return this.#begin({ ...this.options, seed }, this.#recording);
    const { recording: _, ...others } = this.options;
    return this.#begin({ ...others, person, seed }, undefined);
  }

  /** @param recording  one that is played; without it the options say who or what there is */
  #begin(options: SimulateOptions, recording: RecordingFile | undefined): string | undefined {
    if (this.#setup.stays !== undefined) return this.#setup.stays;
    this.source = recording === undefined ? sourceOf(options) : playing(recording);
    this.#recording = recording;
    this.live.played.band.close();
    this.options = options;
    this.#notes = [];
    this.live = this.#make();
    this.isPaused = false;
    this.#setup.onBegin(this);
    return undefined;
  }

  #make(): LiveBand {
    const { ears, boot, log } = this.#setup;
    const { options, source } = this;
    return new LiveBand({
      ...ears,
      source,
      seed: options.seed,
      settings: settingsOf(options),
      boot,
      log: log === undefined ? undefined : Uint8Array.from(log),
      durationMs: Math.floor(options.duration ?? Math.min(source.lengthMs, PERSON_DURATION_MS)),
      isHeardElsewhere: options.hci !== undefined,
      deeds: deedsOf(options),
    });
  }
}
