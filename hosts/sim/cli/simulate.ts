import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "../../../web/messages.js";
import { bandStateOf, LivePage } from "../page/live-page.node.js";
import { repeatLine } from "../page/repeat.node.js";
import { parseHappening } from "../person/happenings.js";
import { type HciAddress, hciAddressText } from "../radio/hci-address.node.js";
import type { HciRadio } from "../radio/hci-radio.node.js";
import { BadInput } from "./bad-input.js";
import { ExitCode } from "./exit-code.js";
import { type FeltLine, Tally } from "./felt.js";
import { listenToKeys } from "./keys.js";
import { LineSink } from "./line-sink.js";
import { LiveBand } from "./live-band.js";
import { clockText } from "./live-view.js";
import { readLog, writeLog } from "./log-file.js";
import { bootOf } from "./make-band.js";
import { FRAME_MS, Pace } from "./pace.js";
import { Screen } from "./screen.js";
import { deedsOf, PERSON_DURATION_MS, type SimulateOptions, settingsOf } from "./sim-options.js";
import { type Source, sourceOf } from "./source.js";

/** `band sim` and `npm start`: the band on virtual hardware, live in the terminal. */
export async function simulate(options: SimulateOptions): Promise<ExitCode> {
  const { json = false, out } = options;
  if (json && out === "-") throw new BadInput("--out -: --json writes to standard output already; leave one out");
  if (options.hci !== undefined && !Number.isFinite(options.speed))
    throw new BadInput("--hci: other devices live in real time; leave out --speed max");
  if (options.recording !== undefined && options.at !== undefined)
    throw new BadInput("--at: a recording cannot be changed; leave out --recording, and a person wears the band");
  const source = sourceOf(options);
  const boot = await bootOf(options);
  const paths = [...(out === undefined ? [] : [out]), ...(json ? ["-"] : [])];
  const sinks: LineSink[] = [];
  for (const path of paths) sinks.push(await LineSink.open(path, options.recording));
  const screen = new Screen(!paths.includes("-"));
  const tally = new Tally();
  let page: LivePage | undefined;
  const live = new LiveBand({
    source,
    seed: options.seed,
    settings: settingsOf(options),
    boot,
    log: options.log === undefined ? undefined : readLog(options.log),
    durationMs: Math.floor(options.duration ?? Math.min(source.lengthMs, PERSON_DURATION_MS)),
    deeds: deedsOf(options),
    tell: (line: FeltLine) => {
      tally.add(line);
      for (const sink of sinks) sink.write(line);
      page?.tell(line);
    },
    note: (text) => {
      screen.note(text);
      page?.log(text);
    },
    glance: (point) => page?.point(point),
    truth: (event) => page?.truth(event),
  });
  const { played } = live;
  const run = new Run(live, options);
  let radio: HciRadio | undefined;
  try {
    radio = await openRadio(live, options.hci, (text) => screen.note(text));
    if (options.page ?? !json) {
      page = await LivePage.open({
        port: options.port ?? 0,
        title: source.title,
        startMs: played.startMs,
        state: () => bandStateOf(live, run.state),
        onCommand: (command) => run.do(command),
      });
      screen.page(page.address);
    }
    const isStopped = await watch(run, screen, sinks, source.title, page);
    const end = tally.end(played.recordingMs, isStopped || played.isHopeless, played.band);
    for (const sink of sinks) {
      sink.write(end);
      await sink.finish();
    }
    screen.close();
    const summary = `${endOf(live, isStopped, source)} ${clockText(played.nowMs)}: ${tally.text}`;
    if (!screen.isGone) screen.summary(summary);
    await page?.close(summary);
  } catch (error) {
    screen.close();
    for (const sink of sinks) await sink.discard();
    await page?.close("the simulator has failed: see its terminal");
    throw error;
  } finally {
    radio?.close();
    played.band.close();
    if (options.log !== undefined) writeLog(options.log, played.band.board.logFlash.contents);
  }
  return played.band.restarts.length > 0 ? ExitCode.Bug : ExitCode.Fine;
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

/** How the band is being run: what terminal and page may both change. */
class Run {
  readonly live: LiveBand;
  readonly #options: SimulateOptions;
  pace: Pace;
  isPaused = false;
  #times: number;

  constructor(live: LiveBand, options: SimulateOptions) {
    this.live = live;
    this.#options = options;
    this.#times = options.speed;
    this.pace = new Pace(options.speed);
  }

  get state() {
    return {
      speed: this.pace.text,
      times: Number.isFinite(this.#times) ? this.#times : ("max" as const),
      isPaused: this.isPaused,
      command: repeatLine(this.#options, [...this.live.done, ...this.live.planned]),
    };
  }

  do(command: Command): void {
    if (command.do === "press") this.live.press();
    else if (command.do === "doublePress") this.live.doublePress();
    else if (command.do === "longPress") this.live.longPress();
    else if (command.do === "happen") this.live.happen(parseHappening(command.what));
    else if (command.do === "pause") this.isPaused = command.on;
    else {
      this.#times = command.times === "max" ? Number.POSITIVE_INFINITY : command.times;
      this.pace = new Pace(this.#times);
    }
  }
}

/** Frame by frame until the end, or until somebody has had enough: then true. */
async function watch(
  run: Run,
  screen: Screen,
  sinks: readonly LineSink[],
  title: string,
  page: LivePage | undefined,
): Promise<boolean> {
  const { live } = run;
  let isStopped = false;
  const deafen = listenToKeys({
    press: () => run.do({ do: "press" }),
    longPress: () => run.do({ do: "longPress" }),
    pause: () => run.do({ do: "pause", on: !run.isPaused }),
    quit: () => {
      isStopped = true;
    },
  });
  const state = () => live.state(title, run.pace.text, run.isPaused);
  try {
    while (!isStopped && !live.isOver) {
      if (run.isPaused) run.pace.stand();
      else await live.run(live.played.nowMs + run.pace.step(), () => screen.second(state));
      screen.frame(state);
      page?.tick();
      for (const sink of sinks) await sink.drained();
      await sleep(run.isPaused ? FRAME_MS : run.pace.restMs);
      if (screen.isGone || sinks.some((sink) => sink.isGone)) isStopped = true;
    }
    return isStopped;
  } finally {
    deafen();
  }
}

function endOf({ played }: LiveBand, isStopped: boolean, { lengthMs }: Source): string {
  if (played.isHopeless) return "the firmware does not stay up:";
  if (isStopped) return "stopped after";
  return played.nowMs >= Math.floor(lengthMs) ? "the recording has ended after" : "done after";
}
