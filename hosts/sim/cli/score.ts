import { existsSync } from "node:fs";
import { QUESTIONNAIRES, type Questionnaire, type QuestionnaireName, score } from "../export/questionnaires.js";
import { NOTICE } from "../export/recording.js";
import type { KeptScore } from "../export/trends.js";
import { BadInput } from "./bad-input.js";
import { ExitCode } from "./exit-code.js";
import { readWhole, writeWhole } from "./whole-file.js";

export interface ScoreOptions {
  readonly answers: readonly number[];
  /** "2026-03-11"; with `keep`. */
  readonly date?: string;
  /** A file that the scores are added to, a line of JSON each. */
  readonly keep?: string;
  /** The wearer's own text file of the items, one a line. */
  readonly items?: string;
}

/** What a sum can and cannot say. */
const NO_CUT_OFF =
  "There is no number that parts well from unwell. If you are worried about yourself, talk to a clinician.";

/** `band score`: sums of a questionnaire's answers, by item numbers. */
export async function scoreAnswers(name: QuestionnaireName, options: ScoreOptions): Promise<ExitCode> {
  const form: Questionnaire = QUESTIONNAIRES[name];
  const scored = score(name, options.answers);
  if (!scored.ok) throw new BadInput(`score: ${scored.reason}; give them in the form's order, as 1,2,3`);
  if ((options.keep === undefined) !== (options.date === undefined))
    throw new BadInput("score: --keep FILE and --date YYYY-MM-DD go together");
  const items = options.items === undefined ? [] : itemsOf(options.items, form);
  const echoed = items.map((item, i) => `${i + 1}. ${item}: ${options.answers[i]}`);
  const sums = Object.entries(scored.scores).map(([key, sum]) => `${key} ${sum} (${form.scores[key]?.says})`);
  if (options.keep !== undefined && options.date !== undefined) {
    const before = existsSync(options.keep) ? readScores(options.keep) : [];
    const kept: KeptScore = { date: options.date, scale: form.title, scores: scored.scores };
    await writeWhole(options.keep, [...before, kept].map((one) => `${JSON.stringify(one)}\n`).join(""));
  }
  await writeWhole("-", `${[...echoed, `${form.title}: ${sums.join(", ")}`, NO_CUT_OFF, NOTICE].join("\n")}\n`);
  return ExitCode.Fine;
}

function itemsOf(path: string, { title, itemCount }: Questionnaire): string[] {
  const items = Buffer.from(readWhole(path))
    .toString("utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (items.length !== itemCount)
    throw new BadInput(`${path}: has ${items.length} lines; ${title} has ${itemCount} items, one a line`);
  return items;
}

/** Errors: BadInput for a line that `band score --keep` did not write */
export function readScores(path: string): KeptScore[] {
  const text = Buffer.from(readWhole(path)).toString("utf8");
  return text.split("\n").flatMap((line, i) => {
    if (line.trim() === "") return [];
    const kept = keptOf(line);
    if (kept === undefined)
      throw new BadInput(`${path}: line ${i + 1} is not one that band score --keep writes; remove it`);
    return [kept];
  });
}

function keptOf(line: string): KeptScore | undefined {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof read !== "object" || read === null) return undefined;
  const { date, scale, scores }: Record<string, unknown> = { ...read };
  if (typeof date !== "string" || typeof scale !== "string" || typeof scores !== "object" || scores === null)
    return undefined;
  const sums = Object.entries(scores).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return { date, scale, scores: Object.fromEntries(sums) };
}
