import { setTimeout as sleep } from "node:timers/promises";
import logUpdate from "log-update";
import { readRecording } from "../person/recording-file.node.js";
import { type HciAddress, hciAddressText } from "../radio/hci-address.node.js";
import type { HciRadio } from "../radio/hci-radio.node.js";
import { BadInput } from "./bad-input.js";
import { ExitCode } from "./exit-code.js";
import { type FeltLine, Tally } from "./felt.js";
import { listenToKeys } from "./keys.js";
import { LineSink } from "./line-sink.js";
import { LiveBand } from "./live-band.js";
import { clockText, renderLine, renderView } from "./live-view.js";
import { bootOf, spanOf } from "./make-band.js";

export interface SimulateOptions {
  readonly recording: string;
  readonly column: string;
  /** Times real time; Infinity is as fast as it goes. */
  readonly speed: number;
  readonly duration?: number;
  readonly engine: "xs" | "v8";
  readonly debug?: boolean;
  readonly json?: boolean;
  readonly out?: string;
  readonly press?: readonly number[];
  /** The Bluetooth controller that the band is heard through; without it nobody hears the band. */
  readonly hci?: HciAddress;
}

const FRAME_MS = 50;
/** What a frame may catch up with: after the laptop has slept the band does not race. */
const FRAME_MS_MAX = 250;
/** However fast it goes, the picture still moves: this much virtual time between two frames. */
const STEP_MS_MAX = 2000;

/** `band sim` and `npm start`: the band on virtual hardware, live in the terminal. */
export async function simulate(options: SimulateOptions): Promise<ExitCode> {
  const { json = false, speed } = options;
  if (json && options.out === "-")
    throw new BadInput("--out -: --json writes to standard output already; leave one out");
  if (options.hci !== undefined && !Number.isFinite(speed))
    throw new BadInput("--hci: other devices live in real time; leave out --speed max");
  const recording = readRecording(options.recording, options.column);
  const boot = await bootOf(options);
  const sinks = await openSinks(options);
  const isTerminal = !json && options.out !== "-" && process.stdout.isTTY;
  const isPlain = !json && options.out !== "-" && !isTerminal;
  const screen = new Screen(isPlain);

  const tally = new Tally();
  const tell = (line: FeltLine): void => {
    tally.add(line);
    for (const sink of sinks) sink.write(line);
  };
  const durationMs = Math.floor(options.duration ?? recording.durationMs);
  const take = { recording, startMs: spanOf(recording).firstMs };
  const note = (text: string): void => screen.line(text);
  const live = new LiveBand({ take, boot, durationMs, pressesMs: options.press ?? [], tell, note });
  const { played } = live;

  let isPaused = false;
  let quit = false;
  const deafen = listenToKeys({
    press: () => live.press(),
    longPress: () => live.longPress(),
    pause: () => {
      isPaused = !isPaused;
    },
    quit: () => {
      quit = true;
    },
  });
  const pace = new Pace(speed);
  const state = () => live.state(recording.id, pace.text, isPaused);
  const onSecond = (): void => screen.line(renderLine(state()));
  const isOver = () => quit || played.isHopeless || played.nowMs >= durationMs || screen.isGone || sinks.some(isGone);
  let radio: HciRadio | undefined;
  try {
    radio = await openRadio(live, options.hci, note);
    for (;;) {
      const stepMs = isPaused ? pace.rest() : pace.step();
      await live.run(played.nowMs + stepMs, onSecond);
      if (isTerminal) logUpdate(renderView(state(), process.stdout.columns));
      for (const sink of sinks) await sink.drained();
      if (isOver()) break;
      await sleep(isPaused ? FRAME_MS : pace.pauseMs);
    }
    const end = tally.end(played.recordingMs, played.nowMs < durationMs, played.band);
    for (const sink of sinks) {
      sink.write(end);
      await sink.finish();
    }
  } catch (error) {
    for (const sink of sinks) await sink.discard();
    throw error;
  } finally {
    deafen();
    radio?.close();
    played.band.close();
    if (isTerminal) logUpdate.done();
  }
  const { isHopeless, band } = played;
  const what = isHopeless
    ? "the firmware does not stay up:"
    : quit
      ? "stopped after"
      : played.nowMs >= Math.floor(recording.durationMs)
        ? "the recording has ended after"
        : "done after";
  const summary = `${what} ${clockText(played.nowMs)}: ${tally.text}\n`;
  if (!screen.isGone && !sinks.some(isGone))
    (json || options.out === "-" ? process.stderr : process.stdout).write(summary);
  return band.restarts.length > 0 ? ExitCode.Bug : ExitCode.Fine;
}

/** Errors: BadInput if the controller cannot be used */
async function openRadio(
  live: LiveBand,
  controller: HciAddress | undefined,
  note: (text: string) => void,
): Promise<HciRadio | undefined> {
  if (controller === undefined) return undefined;
  const { HciRadio } = await import("../radio/hci-radio.node.js"); // the host stack is loaded only where it is wanted
  const radio = new HciRadio({ radio: live.played.band.board.radio, controller, note });
  try {
    await radio.start();
    return radio;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadInput(`--hci ${hciAddressText(controller)}: ${why}; docs/ble.md says how to start a controller`);
  }
}

const isGone = (sink: LineSink): boolean => sink.isGone;

async function openSinks({ json = false, out, recording }: SimulateOptions): Promise<LineSink[]> {
  const sinks: LineSink[] = [];
  if (out !== undefined) sinks.push(await LineSink.open(out, recording));
  if (json) sinks.push(await LineSink.open("-", recording));
  return sinks;
}

/** Plain lines on standard output, where that is no terminal; nothing elsewhere. */
class Screen {
  /** Whoever read our output has had enough. */
  isGone = false;
  readonly #isPlain: boolean;

  constructor(isPlain: boolean) {
    this.#isPlain = isPlain;
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      this.isGone = true;
    });
  }

  line(text: string): void {
    if (this.#isPlain && !this.isGone) process.stdout.write(`${text}\n`);
  }
}

/** How far virtual time goes in the next frame. */
class Pace {
  readonly #speed: number;
  #lastMs = performance.now();
  /** At full speed: how fast that is, over the last second or so. */
  #measured = 0;
  #steppedMs = 0;
  #sinceMs = this.#lastMs;

  constructor(speed: number) {
    this.#speed = speed;
  }

  get text(): string {
    if (Number.isFinite(this.#speed)) return `${this.#speed}×`;
    return this.#measured === 0 ? "as fast as it goes" : `${Math.round(this.#measured)}×`;
  }

  /** Real time between two frames. */
  get pauseMs(): number {
    return Number.isFinite(this.#speed) ? Math.max(0, FRAME_MS - (performance.now() - this.#lastMs)) : 0;
  }

  step(): number {
    const nowMs = performance.now();
    const frameMs = Math.min(FRAME_MS_MAX, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    if (nowMs - this.#sinceMs > 1000) {
      this.#measured = this.#steppedMs / (nowMs - this.#sinceMs);
      this.#steppedMs = 0;
      this.#sinceMs = nowMs;
    }
    const stepMs = Math.min(STEP_MS_MAX, frameMs * this.#speed);
    this.#steppedMs += stepMs;
    return stepMs;
  }

  /** Time stands still. */
  rest(): number {
    this.#lastMs = performance.now();
    return 0;
  }
}
