import { setTimeout as sleep } from "node:timers/promises";
import { type RecordingFile, readRecording } from "../person/recording-file.node.js";
import { BadInput } from "./bad-input.js";
import { ExitCode } from "./exit-code.js";
import { type FeltLine, Tally } from "./felt.js";
import { listenToKeys } from "./keys.js";
import { LineSink } from "./line-sink.js";
import { LiveBand } from "./live-band.js";
import { clockText } from "./live-view.js";
import { bootOf, spanOf } from "./make-band.js";
import { FRAME_MS, Pace } from "./pace.js";
import { Screen } from "./screen.js";

export interface SimulateOptions {
  readonly recording: string;
  readonly column: string;
  /** Times real time; Infinity is as fast as it goes. */
  readonly speed: number;
  readonly duration?: number;
  readonly engine: "xs" | "v8";
  readonly debug?: boolean;
  readonly json?: boolean;
  /** A file for the JSON lines, or "-" for standard output. */
  readonly out?: string;
  readonly press?: readonly number[];
}

/** `band sim` and `npm start`: the band on virtual hardware, live in the terminal. */
export async function simulate(options: SimulateOptions): Promise<ExitCode> {
  const { json = false, out } = options;
  if (json && out === "-") throw new BadInput("--out -: --json writes to standard output already; leave one out");
  const recording = readRecording(options.recording, options.column);
  const boot = await bootOf(options);
  const paths = [...(out === undefined ? [] : [out]), ...(json ? ["-"] : [])];
  const sinks: LineSink[] = [];
  for (const path of paths) sinks.push(await LineSink.open(path, options.recording));
  const screen = new Screen(!paths.includes("-"));
  const tally = new Tally();
  const live = new LiveBand({
    take: { recording, startMs: spanOf(recording).firstMs },
    boot,
    durationMs: Math.floor(options.duration ?? recording.durationMs),
    pressesMs: options.press ?? [],
    tell: (line: FeltLine) => {
      tally.add(line);
      for (const sink of sinks) sink.write(line);
    },
    note: (text) => screen.note(text),
  });
  const { played } = live;
  try {
    const isStopped = await watch(live, screen, sinks, recording, options.speed);
    const end = tally.end(played.recordingMs, isStopped || played.isHopeless, played.band);
    for (const sink of sinks) {
      sink.write(end);
      await sink.finish();
    }
    screen.close();
    if (!screen.isGone)
      screen.summary(`${endOf(live, isStopped, recording)} ${clockText(played.nowMs)}: ${tally.text}`);
  } catch (error) {
    screen.close();
    for (const sink of sinks) await sink.discard();
    throw error;
  } finally {
    played.band.close();
  }
  return played.band.restarts.length > 0 ? ExitCode.Bug : ExitCode.Fine;
}

/** Frame by frame until the end, or until somebody has had enough: then true. */
async function watch(
  live: LiveBand,
  screen: Screen,
  sinks: readonly LineSink[],
  recording: RecordingFile,
  speed: number,
): Promise<boolean> {
  let isPaused = false;
  let isStopped = false;
  const deafen = listenToKeys({
    press: () => live.press(),
    longPress: () => live.longPress(),
    pause: () => {
      isPaused = !isPaused;
    },
    quit: () => {
      isStopped = true;
    },
  });
  const pace = new Pace(speed);
  const state = () => live.state(recording.id, pace.text, isPaused);
  try {
    while (!isStopped && !live.isOver) {
      if (isPaused) pace.stand();
      else await live.run(live.played.nowMs + pace.step(), () => screen.second(state));
      screen.frame(state);
      for (const sink of sinks) await sink.drained();
      await sleep(isPaused ? FRAME_MS : pace.restMs);
      if (screen.isGone || sinks.some((sink) => sink.isGone)) isStopped = true;
    }
    return isStopped;
  } finally {
    deafen();
  }
}

function endOf({ played }: LiveBand, isStopped: boolean, { durationMs }: RecordingFile): string {
  if (played.isHopeless) return "the firmware does not stay up:";
  if (isStopped) return "stopped after";
  return played.nowMs >= Math.floor(durationMs) ? "the recording has ended after" : "done after";
}
