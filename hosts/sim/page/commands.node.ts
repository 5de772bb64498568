import { type Command, SPEEDS } from "../../../web/messages.js";
import { parseHappening, UnknownHappening } from "../person/happenings.js";

/** What may come after "do", and nothing beside it. */
const FIELDS: Readonly<Record<Command["do"], readonly string[]>> = {
  press: [],
  longPress: [],
  doublePress: [],
  pause: ["on"],
  speed: ["times"],
  happen: ["what"],
};

const isName = (name: unknown): name is Command["do"] => typeof name === "string" && Object.hasOwn(FIELDS, name);

/** A command out of a request's body, or one line that says what is wrong with it. */
export function commandOf(body: string): { ok: true; command: Command } | { ok: false; reason: string } {
  const refuse = (reason: string) => ({ ok: false, reason }) as const;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return refuse("not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse("not an object");
  const { do: name, ...fields } = value as { do?: unknown } & Record<string, unknown>; // looked at key by key
  if (!isName(name)) return refuse(`"do" is none of ${Object.keys(FIELDS).join(", ")}`);
  const unknown = Object.keys(fields).find((key) => !FIELDS[name].includes(key));
  if (unknown !== undefined) return refuse(`"${name}" takes no "${unknown.slice(0, 20)}"`);
  if (name === "pause") {
    const { on } = fields;
    return typeof on === "boolean" ? { ok: true, command: { do: name, on } } : refuse('"on" is neither true nor false');
  }
  if (name === "speed") {
    const times = SPEEDS.find((speed) => speed === fields.times);
    return times === undefined
      ? refuse(`"times" is none of ${SPEEDS.join(", ")}`)
      : { ok: true, command: { do: name, times } };
  }
  if (name === "happen") {
    const { what } = fields;
    if (typeof what !== "string") return refuse('"what" is not a text');
    try {
      parseHappening(what);
    } catch (error) {
      if (error instanceof UnknownHappening) return refuse(error.message);
      throw error;
    }
    return { ok: true, command: { do: name, what } };
  }
  return { ok: true, command: { do: name } };
}
