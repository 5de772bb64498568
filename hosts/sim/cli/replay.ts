import { setImmediate as nextTurn } from "node:timers/promises";
import { SingleBar } from "cli-progress";
import { type RecordingFile, readRecording } from "../person/recording-file.node.js";
import { BadInput } from "./bad-input.js";
import { ExitCode } from "./exit-code.js";
import { type FeltLine, Tally } from "./felt.js";
import { onInterrupt } from "./interrupt.js";
import { LineSink } from "./line-sink.js";
import { bootOf, PlayedBand } from "./make-band.js";
import { playing, spanOf } from "./source.js";

export interface ReplayOptions {
  readonly column: string;
  readonly engine: "xs" | "v8";
  readonly debug?: boolean;
  /** A file, or "-" for standard output. */
  readonly out: string;
  /** Seconds of the recording's time line. */
  readonly from?: number;
  readonly to?: number;
}

/** Virtual time between two looks at Ctrl-C, the progress bar and the writer. */
const STEP_US = 10_000_000;
/** A beat is told up to 1.5 s after its upstroke: the run goes on for so long, and what is felt of that time is not told. */
const TAIL_MS = 2000;

/** A recording from some point on, and where what is told of it ends. */
interface Stretch {
  readonly recording: RecordingFile;
  /** On its own time line. */
  readonly startMs: number;
  readonly endMs: number;
}

/** Errors: BadInput where there are no samples from `fromS` to `toS`, seconds of the recording's own time line */
export function stretchOf(recording: RecordingFile, fromS?: number, toS?: number): Stretch {
  const { firstMs, lastMs } = spanOf(recording);
  const startMs = fromS === undefined ? firstMs : Math.max(firstMs, fromS * 1000);
  const endMs = toS === undefined ? lastMs : Math.min(lastMs, toS * 1000);
  if (startMs < endMs) return { recording, startMs, endMs };
  const asked = `from ${fromS ?? "the start"} to ${toS ?? "the end"}`;
  const span = `${(firstMs / 1000).toFixed(1)} .. ${(lastMs / 1000).toFixed(1)} s`;
  throw new BadInput(`${recording.id}: there is nothing ${asked}; name --from and --to within ${span}`);
}

/** `band replay`: everything that the firmware says about a recording, one JSON object a line. */
export async function replay(file: string, options: ReplayOptions): Promise<ExitCode> {
  const stretch = stretchOf(readRecording(file, options.column), options.from, options.to);
  const boot = await bootOf(options);
  const sink = await LineSink.open(options.out, file);
  const tally = new Tally();
  const tell = (line: FeltLine): void => {
    if (line.tMs > stretch.endMs) return;
    tally.add(line);
    sink.write(line);
  };
  const played = new PlayedBand({ source: playing(stretch.recording, stretch.startMs), boot, tell });
  let interrupted = false;
  const deafen = onInterrupt(() => {
    interrupted = true;
  });
  const endUs = Math.ceil((stretch.endMs - stretch.startMs + TAIL_MS) * 1000);
  const bar = progressBar(endUs, options.out);
  try {
    const { band } = played;
    while (band.board.clock.nowUs < endUs && !interrupted && !sink.isGone && !played.isHopeless) {
      await band.run(Math.min(endUs, band.board.clock.nowUs + STEP_US));
      bar?.update(band.board.clock.nowUs);
      await nextTurn(); // here Ctrl-C and the writer's errors are heard
      await sink.drained();
    }
    const tMs = Math.min(stretch.endMs, played.recordingMs);
    sink.write(tally.end(tMs, interrupted || played.isHopeless, band));
    await sink.finish();
  } catch (error) {
    await sink.discard();
    throw error;
  } finally {
    bar?.stop();
    deafen();
    played.band.close();
  }
  return verdictOf(played, interrupted, options.debug === true);
}

/** Says on standard error what was not as it should be. */
function verdictOf({ band, isHopeless }: PlayedBand, interrupted: boolean, debug: boolean): ExitCode {
  if (interrupted) {
    process.stderr.write("interrupted: what was felt until then is kept\n");
    return ExitCode.Interrupted;
  }
  const last = band.restarts.at(-1);
  if (last === undefined) return ExitCode.Fine;
  const times = isHopeless ? "does not stay up" : `restarted ${band.restarts.length} times`;
  const hint = debug ? "" : "; --debug shows where";
  process.stderr.write(`the firmware ${times}, the last time by ${last.reason}: ${last.message}${hint}\n`);
  return ExitCode.Bug;
}

/** On a terminal, unless the lines themselves run over it. */
function progressBar(endUs: number, out: string): SingleBar | undefined {
  if (!process.stderr.isTTY || (out === "-" && process.stdout.isTTY)) return undefined;
  const bar = new SingleBar({
    format: `{bar} {percentage} % of ${(endUs / 60e6).toFixed(1)} min`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(endUs, 0);
  return bar;
}
