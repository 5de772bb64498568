import { setTimeout as sleep } from "node:timers/promises";
import { LivePage } from "../page/live-page.node.js";
import { keptToken } from "../page/token.node.js";
import { recordingOf } from "../person/recording-file.node.js";
import { hciAddressText } from "../radio/hci-address.node.js";
import type { HciRadio } from "../radio/hci-radio.node.js";
import { BadInput } from "./bad-input.js";
import { ExitCode } from "./exit-code.js";
import { type FeltLine, Tally } from "./felt.js";
import { listenToKeys } from "./keys.js";
import { LineSink } from "./line-sink.js";
import type { LiveBand } from "./live-band.js";
import { clockText } from "./live-view.js";
import { readLog, writeLog } from "./log-file.js";
import { bootOf } from "./make-band.js";
import { FRAME_MS } from "./pace.js";
import { Run } from "./run.js";
import { Screen } from "./screen.js";
import type { SimulateOptions } from "./sim-options.js";
import { type Source, sourceOf } from "./source.js";

/** After a run is over the page is served on for so long since it was last looked at: a reload takes a moment. */
const STAY_MS = 3000;

/** `band sim` and `npm start`: the band on virtual hardware, live in the terminal. */
export async function simulate(options: SimulateOptions): Promise<ExitCode> {
  const { json = false, out } = options;
  if (json && out === "-") throw new BadInput("--out -: --json writes to standard output already; leave one out");
  if (options.hci !== undefined && !Number.isFinite(options.speed))
    throw new BadInput("--hci: other devices live in real time; leave out --speed max");
  if (options.fault !== undefined && (options.recording ?? options.hci) !== undefined)
    throw new BadInput(
      "--fault: breaks a band that a person wears and nobody else hears; leave out --recording, --hci",
    );
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
  const run = new Run({
    options,
    source,
    boot,
    log: options.log === undefined ? undefined : readLog(options.log),
    stays: staysFor(options, sinks),
    onBegin: () => {
      tally.clear();
      page?.begin(run);
    },
    ears: {
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
    },
  });
  let radio: HciRadio | undefined;
  try {
    radio = await openRadio(run.live, options, (text) => screen.note(text));
    if (options.page ?? !json) {
      page = await LivePage.open({
        port: options.port ?? 0,
        ...(options.port ? { token: keptToken(options.port) } : {}),
        run,
        state: () => run.state,
        onCommand: (command) => run.do(command),
        onFile: (name, bytes) => playFile(run, name, bytes),
      });
      screen.page(page.address);
    }
    const isStopped = await watch(run, screen, sinks, page);
    const { live, source: last } = run;
    const { played } = live;
    const end = tally.end(played.recordingMs, isStopped || played.isHopeless, played.band);
    for (const sink of sinks) {
      sink.write(end);
      await sink.finish();
    }
    screen.close();
    const summary = `${endOf(live, isStopped, last)} ${clockText(played.nowMs)}: ${tally.text}`;
    if (!screen.isGone) screen.summary(summary);
    await page?.close(summary);
  } catch (error) {
    screen.close();
    for (const sink of sinks) await sink.discard();
    await page?.close("the simulator has failed: see its terminal");
    throw error;
  } finally {
    radio?.close();
    run.live.played.band.close();
    if (options.log !== undefined) writeLog(options.log, run.live.played.band.board.logFlash.contents);
  }
  return run.live.played.failures > 0 ? ExitCode.Bug : ExitCode.Fine;
}

/** Why no other run may take the place of this one. */
function staysFor({ hci, log }: SimulateOptions, sinks: readonly LineSink[]): string | undefined {
  if (sinks.length > 0) return "the lines of this run are being written: start the simulator anew for another one";
  if (hci !== undefined) return "other devices are connected to this band: start the simulator anew for another one";
  if (log !== undefined) return "this run's log is kept in a file: start the simulator anew for another one";
  return undefined;
}

/** A file that was dropped on the page. @returns why it is not played: then all goes on as it did */
async function playFile(run: Run, name: string, bytes: Buffer): Promise<string | undefined> {
  try {
    return await run.play(name, recordingOf(name, bytes, run.options.column));
  } catch (error) {
    if (error instanceof BadInput) return error.message;
    throw error;
  }
}

/** Errors: BadInput if the controller cannot be used */
async function openRadio(
  live: LiveBand,
  { hci: controller, hciLog, bonds }: SimulateOptions,
  note: (text: string) => void,
): Promise<HciRadio | undefined> {
  if (controller === undefined) {
    if (hciLog !== undefined) throw new BadInput("--hci-log: nothing is said without --hci");
    if (bonds !== undefined) throw new BadInput("--bonds: nobody can pair without --hci");
    return undefined;
  }
  const { HciRadio } = await import("../radio/hci-radio.node.js"); // the host stack is loaded only where it is wanted
  const { HciBonds } = await import("../radio/hci-bonds.node.js");
  const { HciCapture } = await import("../radio/hci-capture.node.js");
  let radio: HciRadio;
  try {
    radio = new HciRadio({
      radio: live.played.band.board.radio,
      controller,
      note,
      capture: hciLog === undefined ? undefined : new HciCapture(hciLog),
      bonds: new HciBonds(bonds),
    });
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error));
  }
  try {
    await radio.start();
    return radio;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadInput(`--hci ${hciAddressText(controller)}: ${why}; docs/ble.md says how to start a controller`);
  }
}

/** Frame by frame until the end, or until somebody has had enough: then true. */
async function watch(
  run: Run,
  screen: Screen,
  sinks: readonly LineSink[],
  page: LivePage | undefined,
): Promise<boolean> {
  let isStopped = false;
  let watchedAtMs = Number.NEGATIVE_INFINITY;
  /** Who looks at the page when the run is over wants to see what it came to, and may begin another. */
  const isWatched = (): boolean => {
    if (page?.isWatched) watchedAtMs = performance.now();
    return performance.now() - watchedAtMs < STAY_MS;
  };
  const deafen = listenToKeys({
    press: () => void run.do({ do: "press" }),
    longPress: () => void run.do({ do: "longPress" }),
    pairPress: () => run.live.pairPress(),
    pause: () => void run.do({ do: "pause", on: !run.isPaused }),
    quit: () => {
      isStopped = true;
    },
  });
  const state = () => run.live.state(run.source.title, run.pace.text, run.isPaused);
  try {
    while (!isStopped && (!run.live.isOver || isWatched())) {
      run.between();
      const { live } = run;
      const stepMs = run.step();
      if (stepMs > 0 && !live.isOver) await live.run(live.played.nowMs + stepMs, () => screen.second(state));
      screen.frame(state);
      page?.tick();
      for (const sink of sinks) await sink.drained();
      await sleep(run.isPaused || live.isOver ? FRAME_MS : run.pace.restMs);
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
