import { readFileSync } from "node:fs";
import { BadInput } from "../cli/bad-input.js";
import { PLACES } from "./body.js";
import { happeningText, parseHappening } from "./happenings.js";
import { MOTIONS } from "./motion.js";
import { type PersonChoices, personOptions } from "./options.js";

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  place: PLACES,
  motion: MOTIONS,
  sex: ["woman", "man"],
};
const MAINS_HZ = [0, 50, 60];

/** A wearer out of a JSON file: any part of `PersonChoices` (options.ts), as people.ts has them. Errors: BadInput */
export function readPersonFile(path: string): PersonChoices {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code; // what Node's fs throws
    throw new BadInput(`${path}: ${code === "ENOENT" ? "no such file" : `cannot be read (${code})`}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BadInput(`${path}: not JSON (${cause instanceof Error ? cause.message : cause})`);
  }
  try {
    return choicesOf(value);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new BadInput(`${path}: ${cause.message}`);
  }
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Checked against the person that everything is filled in for. Errors: RangeError, one line with the field's name */
export function choicesOf(value: unknown): PersonChoices {
  if (!isFields(value)) throw new RangeError("not an object");
  const whole = personOptions() as unknown as Fields; // to be looked at key by key
  for (const [name, part] of Object.entries(value)) {
    if (!Object.hasOwn(whole, name)) throw new RangeError(`a person has no "${name}"`);
    if (name === "script") checkScript(part);
    else if (name === "breathing") checkHappening({ what: "breathe", breathing: part }, "breathing");
    else if (!isFields(whole[name])) checkField(part, whole[name], name);
    else if (!isFields(part)) throw new RangeError(`"${name}" is not an object`);
    else
      for (const [key, field] of Object.entries(part)) {
        const like = (whole[name] as Fields)[key];
        if (like === undefined) throw new RangeError(`"${name}" has no "${key}"`);
        checkField(field, like, key);
      }
  }
  const choices = value as PersonChoices; // every field has been looked at
  personOptions(choices);
  return choices;
}

function checkField(value: unknown, like: unknown, name: string): void {
  if (typeof value !== typeof like) throw new RangeError(`"${name}" is not a ${typeof like}`);
  const choices = CHOICES[name];
  if (choices !== undefined && !choices.includes(String(value)))
    throw new RangeError(`"${name}" is none of ${choices.join(", ")}`);
  if (name === "mainsHz" && !MAINS_HZ.includes(Number(value)))
    throw new RangeError(`"${name}" is none of ${MAINS_HZ.join(", ")}`);
  if (typeof value === "number" && !(Number.isFinite(value) && value >= 0))
    throw new RangeError(`"${name}" is below 0`);
}

function checkScript(script: unknown): void {
  if (!Array.isArray(script)) throw new RangeError('"script" is not a list');
  for (const [i, entry] of script.entries()) {
    if (!isFields(entry)) throw new RangeError(`"script" ${i} is not an object`);
    checkHappening(entry.happening, `"script" ${i}`);
  }
}

/** There and back through the words: what comes back the same is a happening with all its ranges. */
function checkHappening(happening: unknown, where: string): void {
  let back: unknown;
  try {
    back = parseHappening(happeningText(happening as Parameters<typeof happeningText>[0])); // anything else falls through
  } catch (cause) {
    throw new RangeError(
      `${where}: ${cause instanceof RangeError ? cause.message : "nothing that happens to a person"}`,
    );
  }
  if (sorted(back) !== sorted(happening)) throw new RangeError(`${where}: has more or less than it should`);
}

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, part) =>
    isFields(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
