// `npm run bench:accuracy`: every recording with a reference, scored, beside the published detectors on the same files.
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { bootV8 } from "../../hosts/sim/boot-v8.node.js";
import { bootXs } from "../../hosts/sim/boot-xs.node.js";
import { type Detect, detectWith, type Trace } from "./detect.js";
import { drawing } from "./drawing.js";
import { firmwareOn } from "./firmware.js";
import { dataFolder, readRecording, recordIds, type Samples, toSamples } from "./records.js";
import { score } from "./scorer.js";
import { sensitivity } from "./sensitivity.js";
import { type RecordResult, table } from "./summary.js";

/** The recordings with a reference (all, or those named), as the sensor would have given them. */
export function loadSamples(ids?: readonly string[], pulseCounts = 1000): Samples[] {
  const folder = dataFolder();
  return (ids ?? recordIds(folder))
    .map((id) => readRecording(folder, id))
    .filter((recording) => recording.beatsMs.length > 0)
    .map((recording) => toSamples(recording, pulseCounts));
}

export interface AccuracyOptions {
  readonly samples: readonly Samples[];
  /** What is under test: the bare detector here, the whole firmware elsewhere. */
  readonly detect: Detect;
}

export interface TracedResult extends RecordResult {
  readonly trace: Trace;
}

export async function runAccuracy({ samples, detect }: AccuracyOptions): Promise<TracedResult[]> {
  const results: TracedResult[] = [];
  for (const record of samples) {
    const trace = await detect(record);
    results.push({
      samples: record,
      trace,
      score: score(record, trace.detections, trace.rates),
      delaysMs: trace.detections.map((detection) => detection.reportedMs - detection.tMs),
    });
  }
  return results;
}

interface CommandOptions {
  readonly record?: string;
  readonly svg?: string;
  readonly records?: boolean;
  readonly sensitivity?: boolean;
  readonly pulse: string;
  readonly engine: string;
}

async function detectOn(engine: string): Promise<Detect> {
  if (engine === "detector") return detectWith();
  if (engine === "v8") return firmwareOn(bootV8);
  if (engine === "xs") return firmwareOn(await bootXs());
  throw new Error(`--engine ${engine}: there are xs, v8 and detector`);
}

export async function main(args: readonly string[]): Promise<number> {
  const command = new Command("bench:accuracy")
    .description("score the beats against reference recordings; missed targets are bold")
    .option("--record <id>", "one recording only, drawn with its detections")
    .option("--svg <file>", "where to draw it", "beats.svg")
    .option("--records", "a line for each recording")
    .option("--sensitivity", "what 20 % more or less of each tuning constant does")
    .option("--engine <name>", "xs or v8: the whole firmware; detector: the beat detector by itself", "xs")
    .option("--pulse <counts>", "height of the pulse in ADC counts", "1000")
    .parse(args, { from: "user" });
  const options = command.opts<CommandOptions>();
  const samples = loadSamples(options.record === undefined ? undefined : [options.record], Number(options.pulse));
  if (options.sensitivity) {
    console.log(await sensitivity(samples));
    return 0;
  }
  const results = await runAccuracy({ samples, detect: await detectOn(options.engine) });
  console.log(table(results, options.records === true || options.record !== undefined));
  const first = results[0];
  if (options.record !== undefined && options.svg !== undefined && first !== undefined) {
    writeFileSync(options.svg, drawing(first.samples, first.trace.detections, first.score.lagMs));
    console.log(`\ndrawn: ${options.svg}`);
  }
  return 0;
}
