// The commands of what the band remembers: export, trends, score.
import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { FORMATS, type FormatName } from "../export/formats.js";
import { QUESTIONNAIRE_NAMES, type QuestionnaireName } from "../export/questionnaires.js";
import type { ExportOptions } from "./export.js";
import type { ScoreOptions } from "./score.js";
import type { TrendsOptions } from "./trends.js";

export interface DataActions {
  export(file: string, options: ExportOptions): Promise<void>;
  trends(file: string, options: TrendsOptions): Promise<void>;
  score(name: QuestionnaireName, options: ScoreOptions): Promise<void>;
}

const LOG = "a band's log (band sim --log FILE), or for export the lines of band replay";

/** @param refuse  how a command of this program refuses what it does not understand */
export function addDataCommands(band: Command, refuse: (command: Command) => Command, actions: DataActions): void {
  refuse(band.command("export"))
    .description("sessions in a format that others read; all of it PRV, from pulse waves and not from an ECG")
    .addArgument(new Argument("<file>", LOG))
    .addOption(new Option("--format <name>", "what to write").choices(Object.keys(FORMATS)))
    .option("--session <name>", "the number that --list shows, or all (default: the last one)", sessionOf)
    .option("--out <file>", "where to write; - is standard output", "-")
    .option("--list", "show the sessions instead")
    .addHelpText(
      "after",
      `
Formats:
${Object.entries(FORMATS)
  .map(([name, { says }]) => `  ${name.padEnd(17)}${says}`)
  .join("\n")}

Examples:
  $ band export band.log --list
  $ band export band.log --format fit --out session.fit
  $ band export felt.jsonl --format rr-corrected | head`,
    )
    .action((file: string, options: ExportOptions & { format?: FormatName }) => actions.export(file, options));

  refuse(band.command("trends"))
    .description("what is usual for you: lnRMSSD of 7 and 60 days, resting heart rate, practice, findings")
    .addArgument(new Argument("<file>", "a band's log"))
    .option("--today <date>", "the day that is looked back from, as 2026-03-11 (default: the log's last)", dateOf)
    .option("--scores <file>", "what band score --keep has kept, to be shown beside it")
    .option("--json", "one JSON object")
    .addHelpText("after", "\nExamples:\n  $ band trends band.log\n  $ band trends band.log --scores scores.jsonl")
    .action((file: string, options: TrendsOptions) => actions.trends(file, options));

  refuse(band.command("score"))
    .description("sums of a questionnaire that you filled in elsewhere, by item numbers; no item's wording is here")
    .addArgument(new Argument("<name>", "which one").choices(QUESTIONNAIRE_NAMES))
    .requiredOption("--answers <list>", "all answers in the form's order, as 0,1,2", answersOf)
    .option("--keep <file>", "add the scores to this file, for band trends")
    .option("--date <date>", "the day that they are of, as 2026-03-11; with --keep", dateOf)
    .option("--items <file>", "your own text of the items, one a line, to see each beside its answer")
    .addHelpText(
      "after",
      "\nExamples:\n  $ band score pss10 --answers 0,1,2,3,4,0,1,2,3,4\n" +
        "  $ band score pss10 --answers 0,1,2,3,4,0,1,2,3,4 --date 2026-03-11 --keep scores.jsonl",
    )
    .action((name: QuestionnaireName, options: ScoreOptions) => actions.score(name, options));
}

function sessionOf(text: string): number | "all" {
  if (text === "all") return text;
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError("say the number that --list shows, or all.");
  return Number(text);
}

function dateOf(text: string): string {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 30 February is taken for 2 March.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError("say a date, as 2026-03-11.");
  return text;
}

function answersOf(text: string): number[] {
  if (!/^\d(,\d)*$/.test(text)) throw new InvalidArgumentError("say one digit an item, as 0,1,2,3.");
  return text.split(",").map(Number);
}
