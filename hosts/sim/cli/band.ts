import { Command, InvalidArgumentError } from "commander";
import { BadInput } from "./bad-input.js";
import { doctor } from "./doctor.js";
import { replay } from "./replay.js";
import { simulate } from "./simulate.js";

/** "90", "90s", "10m", "1h" → ms. */
export function durationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(text);
  const unitMs = { s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? "s"];
  const ms = Number(match?.[1]) * (unitMs ?? 1000);
  if (!(ms > 0)) throw new InvalidArgumentError("say how long, as in 90s, 10m or 1h");
  return ms;
}

/** "1" → 1, "20" → 20, "max" → as fast as it goes. */
export function speedOf(text: string): number {
  if (text === "max") return Number.POSITIVE_INFINITY;
  const speed = Number(text);
  if (!(speed > 0)) throw new InvalidArgumentError("say 1, a number of times real time, or max");
  return speed;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 0)) throw new InvalidArgumentError("say seconds, 0 or more");
  return seconds;
}

function program(): Command {
  const band = new Command("band").description("The resilience band on a laptop.").showHelpAfterError();
  band.exitOverride();

  band
    .command("sim")
    .description("run the band against virtual hardware and watch it in the terminal")
    .option(
      "--recording <file>",
      "pulse to play into the sensor (.csv or .csv.gz)",
      "recordings/neurokit_rest5min.csv.gz",
    )
    .option("--column <name>", "column of the recording that holds the pulse", "ppg")
    .option("--speed <n|max>", "times real time", speedOf, 1)
    .option("--duration <time>", "how long, as in 90s, 10m, 1h (default: the recording's length)", durationMs)
    .option("--engine <xs|v8>", "what runs the firmware", "xs")
    .option("--debug", "the engine's debug build: stacks with lines of the TypeScript source")
    .option("--json", "one JSON object a line instead of the picture")
    .option("--press <time>", "press the button at this time, as in 5s", durationMs)
    .action(simulate);

  band
    .command("replay")
    .description("run the whole firmware over a recording as fast as it goes; one JSON object a line")
    .argument("<file>", "recording (.csv or .csv.gz)")
    .option("--column <name>", "column that holds the pulse", "ppg")
    .option("--engine <xs|v8>", "what runs the firmware", "xs")
    .option("--out <file|->", "where to write", "-")
    .option("--from <s>", "start at this second of the recording", secondsOf)
    .option("--to <s>", "stop at this second of the recording", secondsOf)
    .action(replay);

  band
    .command("doctor")
    .description("what is installed, what is missing for which job, and how to mend it")
    .action(doctor);
  return band;
}

/** Runs one command line. Returns the exit code: 0 fine, 2 for input that the user can mend. */
export async function main(argv: string[]): Promise<number> {
  try {
    await program().parseAsync(argv);
    return 0;
  } catch (error) {
    if (error instanceof BadInput) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    // commander has printed help or its own one-line error already
    if (error instanceof Error && "exitCode" in error) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}
