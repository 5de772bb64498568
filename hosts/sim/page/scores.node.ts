import { QUESTIONNAIRE_NAMES, QUESTIONNAIRES, type Questionnaire, score } from "../export/questionnaires.js";
import type { LogBook } from "./log-book.node.js";
import { Refusal } from "./refusal.node.js";
import { type Answer, jsonAnswer } from "./routes.node.js";

/** Sums of a questionnaire's answers, kept beside the trends. Errors: Refusal */
export function scoreRoute(logBook: LogBook, body: Buffer): Answer {
  const { name, date, answers } = fieldsOf(body);
  const known = QUESTIONNAIRE_NAMES.find((one) => one === name);
  if (known === undefined) throw new Refusal(400, `the questionnaire is none of ${QUESTIONNAIRE_NAMES.join(", ")}`);
  if (typeof date !== "string" || !isDate(date)) throw new Refusal(400, "the date is not one, as 2026-03-11");
  if (!Array.isArray(answers) || !answers.every((answer) => typeof answer === "number"))
    throw new Refusal(400, "the answers are no list of numbers");
  const scored = score(known, answers);
  if (!scored.ok) throw new Refusal(400, scored.reason);
  const form: Questionnaire = QUESTIONNAIRES[known];
  logBook.keep({ date, scale: form.title, scores: scored.scores });
  return jsonAnswer(
    Object.entries(scored.scores).map(([key, sum]) => ({ key, sum, says: form.scores[key]?.says ?? "" })),
  );
}

function fieldsOf(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // told below
  }
  throw new Refusal(400, "not a JSON object");
}

/** 30 February is taken for 2 March. */
function isDate(text: string): boolean {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}
