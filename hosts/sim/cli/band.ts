import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Argument, Command, CommanderError, Option } from "commander";
import { PROGRAMS } from "session/programs";
import { root } from "#manifest";
import { PreloadViolation } from "../boot-xs.node.js";
import { EngineError } from "../engine/recipe.node.js";
import { HAPPENING_FORMS } from "../person/happenings.js";
import { PEOPLE } from "../person/people.js";
import {
  controllerOf,
  countOf,
  durationMs,
  faultAt,
  happeningsAt,
  hoursOf,
  minutesOf,
  momentsMs,
  portOf,
  secondsOf,
  seedOf,
  speedOf,
} from "./arguments.js";
import { BadInput } from "./bad-input.js";
import { addDataCommands, type DataActions } from "./data-commands.js";
import { type DoctorOptions, doctor } from "./doctor.js";
import { ExitCode } from "./exit-code.js";
import { exportSessions } from "./export.js";
import { faultsOf } from "./fault-set.js";
import { type ReplayOptions, replay } from "./replay.js";
import { scoreAnswers } from "./score.js";
import type { SimulateOptions } from "./sim-options.js";
import { simulate } from "./simulate.js";
import { ANYBODY } from "./source.js";
import { type TortureCommand, torture } from "./torture.js";
import { trends } from "./trends.js";

const COLUMN = ["--column <name>", "column of the recording that holds the pulse", "ppg"] as const;
const DEBUG = ["--debug", "the engine's debug build: stacks with lines of the TypeScript source"] as const;
const engineOption = (): Option =>
  new Option("--engine <name>", "what runs the firmware: the band's own engine, or Node's")
    .choices(["xs", "v8"])
    .default("xs");

const PEOPLE_HELP = [
  "\nPeople:",
  ...Object.entries(PEOPLE).map(([name, { says }]) => `  ${name.padEnd(13)}${says}`),
  `  ${ANYBODY.padEnd(13)}one of a population, another one for each seed`,
  "\nWhat can happen to them, for --at:",
  ...HAPPENING_FORMS.map((form) => `  ${form}`),
].join("\n");

const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  $ band ${line}`).join("\n")}`;

/** What each command does once its line is understood. */
export interface Actions extends DataActions {
  sim(options: SimulateOptions): Promise<void>;
  replay(file: string, options: ReplayOptions): Promise<void>;
  torture(options: TortureCommand): Promise<void>;
  doctor(options: DoctorOptions): Promise<void>;
}

/** The command line itself. What it refuses it throws as CommanderError, after one line on standard error. */
export function commandLine(actions: Actions): Command {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const band = new Command("band")
    .description("The resilience band on a laptop: its firmware, on its engine, against virtual hardware.")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .addHelpText(
      "after",
      examples("sim", "sim --person beginner --speed 10", "replay my-pulse.csv --out felt.jsonl", "doctor"),
    );
  const oneLine = (text: string): string =>
    `${text
      .trim()
      .replace(/^error: /, "")
      .replace(/\s*\n\s*/g, " ")}`;
  const refuse = (command: Command): Command =>
    command.exitOverride().configureOutput({
      outputError: (text, write) =>
        write(`${command.name()}: ${oneLine(text)} (${commandPath(command)} --help lists what there is)\n`),
    });
  refuse(band);

  refuse(band.command("sim"))
    .description("lay the band on a virtual person and watch both in the terminal and on a page")
    .option("--person <who>", "who wears the band: a name from below, or a .json file", "calm")
    .option("--seed <n>", "of all chance in the person and on the board", seedOf, 1)
    .option("--at <when what>", "something happens to the person; may be given again", happeningsAt)
    .option("--fault <when what>", "something breaks for some seconds; may be given again (docs/faults.md)", faultAt)
    .addOption(new Option("--program <name>", "what a press of the button starts").choices(Object.keys(PROGRAMS)))
    .option("--minutes <n>", "length of a session's breathing", minutesOf)
    .addOption(new Option("--style <name>", "how the touch leads").choices(["wave", "exhale", "edges"]))
    .option("--recording <file>", "play this pulse into the sensor instead of a person, .csv or .csv.gz")
    .option(...COLUMN)
    .option("--speed <n|max>", "times real time, or as fast as it goes", speedOf, 1)
    .option(
      "--duration <time>",
      "how long, as in 90s, 10m, 1h (default: an hour, or the recording's length)",
      durationMs,
    )
    .option("--press <time>", "press the button then; may be given again (default: 20s with a person)", momentsMs)
    .option("--no-press", "do not press it")
    .option("--hold <time>", "hold the button then, which stops everything; may be given again", momentsMs)
    .option("--pair <time>", "hold it for 4 s from idle, so that a phone may pair for a minute", momentsMs)
    .addOption(engineOption())
    .option(...DEBUG)
    .option("--json", "one JSON object a line instead of the picture")
    .option("--out <file>", "keep the JSON lines in this file as well")
    .option("--hci <where>", "be heard through this Bluetooth controller, as in tcp:127.0.0.1:6402", controllerOf)
    .option("--hci-log <file>", "with --hci: keep every HCI packet in this file, for Wireshark")
    .option("--bonds <file>", "with --hci: keep the bonds in this file (default: they last as long as the simulator)")
    .option("--log <file>", "keep the band's session log in this file, and begin with what is in it")
    .option("--page", "serve the live page to this machine's browser (default, but with --json)")
    .option("--no-page", "serve no page")
    .option("--port <n>", "of the page (default: any that is free)", portOf)
    .addHelpText(
      "after",
      examples(
        "sim",
        "sim --person beginner --seed 7 --speed 10",
        'sim --at "60s move walking" --at "90s move still"',
        "sim --program recover --press 10s",
        "sim --recording my.csv --column ir --press 5s",
        "sim --speed max --json | head",
      ),
    )
    .addHelpText("after", PEOPLE_HELP)
    .action((options) => actions.sim(options));

  refuse(band.command("replay"))
    .description("run the whole firmware over a recording as fast as it goes; one JSON object a line")
    .addArgument(new Argument("<file>", "recording, .csv or .csv.gz (see recordings/README.md)"))
    .option(...COLUMN)
    .addOption(engineOption())
    .option(...DEBUG)
    .option("--out <file>", "where to write; - is standard output", "-")
    .option("--from <seconds>", "start here, on the recording's own time line", secondsOf)
    .option("--to <seconds>", "stop here", secondsOf)
    .addHelpText(
      "after",
      examples(
        "replay recordings/neurokit_rest5min.csv.gz",
        "replay my.csv.gz --column ir --from 60 --to 120 --out felt.jsonl",
        "replay my.csv | grep '\"beat\"'",
      ),
    )
    .action((file, options) => actions.replay(file, options));

  addDataCommands(band, refuse, actions);

  refuse(band.command("torture"))
    .description("random people, programs, gestures, phones and faults for hours of virtual time; what breaks is told")
    .option("--hours <n>", "simulated, all together", hoursOf, 1)
    .option("--seed <n|commit>", "of the scenarios; commit is the hash of the last commit", seedOf, 1)
    .option(
      "--faults <list>",
      "ids or parts as bus,sensor; all; none (docs/faults.md lists them)",
      faultsOf,
      faultsOf("all"),
    )
    .option("--jobs <n>", "how many at a time (default: as many as the machine has cores)", countOf)
    .option("--scenario <seed|file>", "this one alone, as a failure has told it")
    .addHelpText(
      "after",
      examples("torture", "torture --hours 20 --seed commit", "torture --faults bus,flash", "torture --scenario 4711"),
    )
    .action((options) => actions.torture(options));

  refuse(band.command("doctor"))
    .description("what is installed, what is missing for which job, and the line that mends it")
    .option("--json", "one JSON object a line")
    .addHelpText("after", examples("doctor", "doctor --json"))
    .action((options) => actions.doctor(options));
  return band;
}

const commandPath = (command: Command): string =>
  command.parent === null ? command.name() : `${command.parent.name()} ${command.name()}`;

/** Options may stand before the command's name as well: "band --debug sim". */
function commandFirst(args: readonly string[], names: readonly string[]): string[] {
  const at = args[0]?.startsWith("-") ? args.findIndex((arg) => names.includes(arg)) : -1;
  const command = args[at];
  return command === undefined ? [...args] : [command, ...args.slice(0, at), ...args.slice(at + 1)];
}

/**
 * Runs one command line, without node and script. What the user can mend is one line and exit code 2. Anything that is
 * thrown besides is a bug: its stack, exit code 1.
 */
export async function main(args: readonly string[]): Promise<ExitCode> {
  let code = ExitCode.Fine;
  try {
    const band = commandLine({
      sim: async (options) => {
        code = await simulate(options);
      },
      replay: async (file, options) => {
        code = await replay(file, options);
      },
      export: async (file, options) => {
        code = await exportSessions(file, options);
      },
      trends: async (file, options) => {
        code = await trends(file, options);
      },
      score: async (name, options) => {
        code = await scoreAnswers(name, options);
      },
      torture: async (options) => {
        code = await torture(options);
      },
      doctor: async (options) => {
        code = doctor(options);
      },
    });
    if (args.length === 0) return await main(["--help"]);
    const names = band.commands.map((command) => command.name());
    await band.parseAsync(commandFirst(args, names), { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Fine : ExitCode.BadInput; // has told
    if (error instanceof BadInput || error instanceof EngineError) {
      process.stderr.write(`${error.message}\n`);
      return ExitCode.BadInput;
    }
    const isOurs = error instanceof PreloadViolation;
    process.stderr.write(
      isOurs
        ? `the firmware would not link on the device:\n${error.message}\n`
        : `this is a bug in the simulator, please report it:\n${error instanceof Error ? error.stack : error}\n`,
    );
    return ExitCode.Bug;
  }
}
