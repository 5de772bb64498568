import { once } from "node:events";
import { createWriteStream, renameSync, rmSync } from "node:fs";
import type { Writable } from "node:stream";
import { SingleBar } from "cli-progress";
import { BeatVerdict } from "hrv/beat";
import { arenaPeakBytes } from "../engine/counters.js";
import { type RecordingFile, readRecording } from "../person/recording-file.node.js";
import type { VirtualBand } from "../virtual-band.js";
import { BadInput } from "./bad-input.js";
import { bandOf, bootOf } from "./make-band.js";
import { absenceWords, contactWords, verdictWords } from "./words.js";

export interface ReplayOptions {
  readonly column: string;
  readonly engine: string;
  readonly out: string;
  readonly from?: number;
  readonly to?: number;
}

/** Virtual time that one step of the run takes: between steps the progress bar moves and Ctrl-C is heard. */
const STEP_US = 10_000_000;
/** After the recording's end, so that the last beat's decision comes out. */
const TAIL_US = 1_000_000;

/** The part of a recording from `fromS` to `toS`; times stay those of the whole recording, shifted by the caller. */
export function cut(recording: RecordingFile, fromS: number, toS: number): RecordingFile {
  const { timesMs, rateHz, values } = recording;
  const at = (i: number): number => (timesMs ? timesMs[i]! - timesMs[0]! : (1000 * i) / (rateHz ?? 1)); // i < length
  let first = 0;
  while (first < values.length && at(first) < fromS * 1000) first++;
  let end = values.length;
  while (end > first && at(end - 1) > toS * 1000) end--;
  if (end - first < 2)
    throw new BadInput(
      `--from ${fromS} --to ${toS}: no samples there; the recording is ${(recording.durationMs / 1000).toFixed(1)} s long`,
    );
  return {
    ...recording,
    timesMs: timesMs?.slice(first, end),
    values: values.slice(first, end),
    durationMs: at(end - 1) - at(first),
  };
}

/** `band replay`: everything that the firmware says about a recording, one JSON object a line. */
export async function replay(file: string, options: ReplayOptions): Promise<void> {
  const whole = readRecording(file, options.column);
  const fromS = options.from ?? 0;
  const recording =
    options.from === undefined && options.to === undefined
      ? whole
      : cut(whole, fromS, options.to ?? Number.POSITIVE_INFINITY);
  const boot = await bootOf(options);

  // Written beside its final name and renamed at the end: what has that name is whole.
  const partPath = `${options.out}.part`;
  const out: Writable = options.out === "-" ? process.stdout : createWriteStream(partPath);
  await (options.out === "-"
    ? Promise.resolve()
    : once(out, "open").catch((cause: Error) => {
        throw new BadInput(`${options.out}: cannot be written (${cause.message})`);
      }));
  const say = (line: object): void => {
    out.write(`${JSON.stringify(line)}\n`);
  };

  const toRecordingMs = (bandMs: number): number => Math.round((fromS * 1000 + bandMs) * 10) / 10;
  const counters = { beats: 0, accepted: 0, seconds: 0, restarts: 0 };
  const band = bandOf(recording, boot, {
    beat(upstrokeTicks, rrTicks, verdict, qualityQ8) {
      const accepted = verdict === BeatVerdict.Accepted;
      counters.beats++;
      if (accepted) counters.accepted++;
      say({
        type: "beat",
        tMs: toRecordingMs((upstrokeTicks * 1000) / 1024),
        rrTicks: rrTicks > 0 ? rrTicks : null,
        accepted,
        verdict: verdictWords[verdict as BeatVerdict], // the observer passes the enumeration through as a number
        qualityQ8,
      });
    },
    second(bpm, absence) {
      counters.seconds++;
      const tMs = toRecordingMs(nowMs());
      say(
        absence === 0
          ? { type: "second", tMs, bpm, reason: null }
          : { type: "second", tMs, bpm: null, reason: absenceWords(absence) },
      );
    },
    contact(state, reason) {
      say({ type: "contact", tMs: toRecordingMs(nowMs()), ...contactWords(state, reason) });
    },
    restart({ reason, message }) {
      counters.restarts++;
      say({ type: "restart", tMs: toRecordingMs(nowMs()), reason, message });
    },
  });
  const nowMs = (): number => band.board.clock.nowUs / 1000;

  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  process.once("SIGINT", interrupt);
  const endUs = Math.ceil(recording.durationMs * 1000) + TAIL_US;
  const bar = new SingleBar({
    format: "{bar} {percentage} % of {minutes} min",
    stream: process.stderr,
    clearOnComplete: true,
  });
  const shown = process.stderr.isTTY;
  if (shown) bar.start(endUs, 0, { minutes: (recording.durationMs / 60_000).toFixed(1) });
  try {
    while (band.board.clock.nowUs < endUs && !interrupted) {
      await band.run(Math.min(endUs, band.board.clock.nowUs + STEP_US));
      if (shown) bar.update(band.board.clock.nowUs);
      await new Promise((resolve) => setImmediate(resolve)); // hears Ctrl-C, lets the writer drain
    }
    say({ type: "end", tMs: toRecordingMs(nowMs()), interrupted, ...counters, ...endCounters(band) });
  } finally {
    if (shown) bar.stop();
    process.removeListener("SIGINT", interrupt);
    band.close();
    if (options.out !== "-") {
      out.end();
      await once(out, "close");
      renameSync(partPath, options.out);
    }
  }
  if (interrupted) process.stderr.write("interrupted: what was felt until then is kept\n");
}

/** What the run cost and what the board went through. */
function endCounters(band: VirtualBand): object {
  const engine = band.engineCounters();
  const { sensor, bus, flash } = band.board.counters();
  return {
    samples: sensor.samples,
    samplesDropped: sensor.dropped,
    busTransactions: bus.transactions,
    busNacks: bus.nacks,
    flashWrites: flash.writes,
    ...(engine === undefined
      ? {}
      : { meterUnits: engine.meter, arenaPeakBytes: arenaPeakBytes(engine), collections: engine.collections }),
  };
}

/** Nothing of a run that failed stays behind. */
export const removePart = (path: string): void => rmSync(`${path}.part`, { force: true });
