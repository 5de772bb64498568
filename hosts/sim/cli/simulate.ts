import { setTimeout as sleep } from "node:timers/promises";
import { BeatVerdict } from "hrv/beat";
import logUpdate from "log-update";
import { arenaPeakBytes } from "../engine/counters.js";
import { LightChannel } from "../person/optical-source.js";
import { readRecording } from "../person/recording-file.node.js";
import type { VirtualBand } from "../virtual-band.js";
import { clockText, renderView, type ViewState } from "./live-view.js";
import { bandOf, bootOf } from "./make-band.js";
import { absenceWords, contactWords, sessionWords, verdictWords } from "./words.js";

export interface SimulateOptions {
  readonly recording: string;
  readonly column: string;
  readonly speed: number;
  readonly duration?: number;
  readonly engine: string;
  readonly debug?: boolean;
  readonly json?: boolean;
  readonly press?: number;
}

const FRAME_MS = 50;
/** At full speed the picture still moves: this much virtual time between two looks. */
const FRAME_US_MAX = 2_000_000;
const PRESS_US = 150_000;
const LONG_PRESS_US = 1_200_000;
/** Light and motor are looked at this often, virtual time. */
const LOOK_US = 50_000;
const TRACE_LOOKS = 200;
const BEATS_KEPT = 16;

/** `band sim` and `npm start`: the band on virtual hardware, live in the terminal. */
export async function simulate(options: SimulateOptions): Promise<void> {
  const recording = readRecording(options.recording, options.column);
  const boot = await bootOf(options);
  const durationMs = options.duration ?? recording.durationMs;
  const live = new LiveBand(options, recording.id, durationMs);
  const band = bandOf(recording, boot, live.watcher);
  live.attach(band);

  let pausedFrames = false;
  let quit = false;
  const stopListening = listenToKeys({
    press: () => hold(band, PRESS_US),
    longPress: () => hold(band, LONG_PRESS_US),
    pause: () => {
      pausedFrames = !pausedFrames;
    },
    quit: () => {
      quit = true;
    },
  });
  const pressAtUs = options.press === undefined ? Number.POSITIVE_INFINITY : options.press * 1000;
  let pressed = false;
  const endUs = Math.ceil(durationMs * 1000);
  const startedMs = performance.now();
  let pausedMs = 0;
  try {
    while (!quit && band.board.clock.nowUs < endUs) {
      const frameStartMs = performance.now();
      if (!pausedFrames) {
        const nowUs = band.board.clock.nowUs;
        const dueUs = Number.isFinite(options.speed)
          ? Math.floor((frameStartMs - startedMs - pausedMs) * 1000 * options.speed)
          : endUs;
        const untilUs = Math.min(endUs, dueUs, nowUs + FRAME_US_MAX);
        if (!pressed && untilUs >= pressAtUs) {
          await live.run(Math.max(nowUs, pressAtUs));
          hold(band, PRESS_US);
          pressed = true;
        }
        if (untilUs > band.board.clock.nowUs) await live.run(untilUs);
      }
      live.show();
      const restMs = Number.isFinite(options.speed) || pausedFrames ? FRAME_MS - (performance.now() - frameStartMs) : 0;
      await sleep(Math.max(0, restMs));
      if (pausedFrames) pausedMs += performance.now() - frameStartMs;
    }
  } finally {
    stopListening();
    band.close();
    live.finish();
  }
}

/** A finger on the button for `us`. */
function hold(band: VirtualBand, us: number): void {
  const { clock, button } = band.board;
  button.press();
  clock.at(clock.nowUs + us, 0, () => button.release());
}

/** The state behind the picture, filled by what the band says and by looking at its board. */
class LiveBand {
  readonly watcher;
  readonly #json: boolean;
  readonly #terminal: boolean;
  readonly #view: { -readonly [Key in keyof ViewState]: ViewState[Key] };
  readonly #light: number[] = [];
  readonly #motor: number[] = [];
  readonly #beats: { rrMs: number | undefined; verdict: string }[] = [];
  readonly #log: string[] = [];
  #band: VirtualBand | undefined;
  #lastLineS = -1;

  constructor(options: SimulateOptions, title: string, durationMs: number) {
    this.#json = options.json === true;
    this.#terminal = !this.#json && process.stdout.isTTY;
    this.#view = {
      title,
      elapsedMs: 0,
      durationMs,
      speed: Number.isFinite(options.speed) ? `${options.speed}×` : "as fast as it goes",
      contact: "–",
      light: this.#light,
      bpm: undefined,
      bpmReason: "starting",
      beats: this.#beats,
      batteryPercent: undefined,
      batteryMv: 0,
      motor: this.#motor,
      session: "idle",
      link: "off",
      engine: "",
      log: this.#log,
    };
    this.watcher = {
      beat: (upstrokeTicks: number, rrTicks: number, verdict: number, qualityQ8: number) => {
        const word = verdictWords[verdict as BeatVerdict]; // the observer passes the enumeration through as a number
        const rrMs = verdict === BeatVerdict.Accepted ? (rrTicks * 1000) / 1024 : undefined;
        this.#beats.push({ rrMs, verdict: word });
        if (this.#beats.length > BEATS_KEPT) this.#beats.shift();
        this.#say({
          type: "beat",
          tMs: (upstrokeTicks * 1000) / 1024,
          rrTicks: rrTicks > 0 ? rrTicks : null,
          verdict: word,
          qualityQ8,
        });
      },
      second: (bpm: number, absence: number, batteryPercent: number) => {
        this.#view.bpm = absence === 0 ? bpm : undefined;
        this.#view.bpmReason = absence === 0 ? "" : absenceWords(absence);
        this.#view.batteryPercent = batteryPercent;
        this.#say({
          type: "second",
          tMs: this.#nowMs(),
          bpm: this.#view.bpm ?? null,
          reason: this.#view.bpmReason || null,
          batteryPercent,
        });
        this.#line();
      },
      contact: (state: number, reason: number) => {
        const { state: word, reason: why } = contactWords(state, reason);
        this.#view.contact = why ? `${word} (${why})` : word;
        this.#say({ type: "contact", tMs: this.#nowMs(), state: word, reason: why });
      },
      session: (state: number, program: number, phase: number) => {
        this.#view.session = sessionWords(state, program, phase);
        this.#say({ type: "session", tMs: this.#nowMs(), state: this.#view.session });
      },
      print: (text: string) => this.#note(text),
      restart: ({ reason, message, stack }: { reason: string; message: string; stack: string }) => {
        this.#note(`restart (${reason}): ${message}`);
        for (const line of stack.split("\n").filter(Boolean)) this.#note(line);
        this.#say({ type: "restart", tMs: this.#nowMs(), reason, message, stack });
      },
    };
  }

  attach(band: VirtualBand): void {
    this.#band = band;
  }

  /** Runs in small steps, looking at light and motor between them. */
  async run(untilUs: number): Promise<void> {
    const band = this.#band;
    if (band === undefined) return;
    while (band.board.clock.nowUs < untilUs) {
      await band.run(Math.min(untilUs, band.board.clock.nowUs + LOOK_US));
      this.#light.push(band.board.sensor.sampler.lastSample[LightChannel.Ir] ?? 0);
      this.#motor.push(band.board.motor.amplitude);
      if (this.#light.length > TRACE_LOOKS) this.#light.shift();
      if (this.#motor.length > TRACE_LOOKS) this.#motor.shift();
    }
  }

  show(): void {
    const band = this.#band;
    if (band === undefined) return;
    this.#view.elapsedMs = this.#nowMs();
    this.#view.batteryMv = Math.round(band.board.battery.terminalMv);
    this.#view.link = band.board.radio.linkText;
    this.#view.engine = engineText(band);
    if (this.#terminal) logUpdate(renderView(this.#view, process.stdout.columns));
  }

  finish(): void {
    this.show();
    if (this.#terminal) logUpdate.done();
  }

  #nowMs(): number {
    return (this.#band?.board.clock.nowUs ?? 0) / 1000;
  }

  #note(text: string): void {
    const line = `${(this.#nowMs() / 1000).toFixed(3)} s ${text}`;
    this.#log.push(line);
    if (this.#log.length > 100) this.#log.shift();
    if (!this.#terminal && !this.#json) process.stdout.write(`${line}\n`);
  }

  #say(line: object): void {
    if (this.#json) process.stdout.write(`${JSON.stringify(line)}\n`);
  }

  /** Without a terminal (a pipe, a log file) one line a second says the same. */
  #line(): void {
    const second = Math.floor(this.#nowMs() / 1000);
    if (this.#terminal || this.#json || second === this.#lastLineS) return;
    this.#lastLineS = second;
    const { contact, bpm, bpmReason, session, batteryPercent } = this.#view;
    const last = this.#beats.at(-1);
    const rr = last === undefined ? "–" : last.rrMs === undefined ? `(${last.verdict})` : `${Math.round(last.rrMs)} ms`;
    const rate = bpm === undefined ? `– (${bpmReason})` : `${bpm} bpm`;
    process.stdout.write(
      `${clockText(this.#nowMs())}  contact ${contact}  heart rate ${rate}  RR ${rr}  ` +
        `battery ${batteryPercent} %  motor ${this.#motor.some((value) => value > 0.05) ? "on" : "off"}  ` +
        `session ${session}  link ${this.#band?.board.radio.linkText ?? "off"}\n`,
    );
  }
}

/** Meter units, arena and collections of the engine, as far as it counts. */
function engineText(band: VirtualBand): string {
  const counters = band.engineCounters();
  const samples = band.board.counters().sensor.samples;
  if (counters === undefined) return samples > 0 ? "V8" : "starting";
  const unitsPerSample = samples > 0 ? Math.round(counters.meter / samples) : 0;
  const usedKb = (arenaPeakBytes(counters) / 1024).toFixed(1);
  return `XS · ${unitsPerSample} meter units a sample · ${usedKb} kB of the heap at most · ${counters.collections} collections`;
}

interface Keys {
  press(): void;
  longPress(): void;
  pause(): void;
  quit(): void;
}

/** Single keys from the terminal, and Ctrl-C from anywhere. Returns what gives the terminal back. */
function listenToKeys(keys: Keys): () => void {
  const onInterrupt = (): void => keys.quit();
  process.on("SIGINT", onInterrupt);
  const { stdin } = process;
  const onData = (data: Buffer): void => {
    for (const key of data.toString()) {
      if (key === "b") keys.press();
      else if (key === "l") keys.longPress();
      else if (key === " ") keys.pause();
      else if (key === "q" || key === "\u0003") keys.quit();
    }
  };
  if (stdin.isTTY) {
    stdin.setRawMode(true);
    stdin.on("data", onData);
  }
  return () => {
    process.removeListener("SIGINT", onInterrupt);
    if (!stdin.isTTY) return;
    stdin.removeListener("data", onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
