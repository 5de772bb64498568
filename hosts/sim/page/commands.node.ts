import { type Command, RATINGS, SETTING_NAMES, SPEEDS, STEPS_MS } from "../../../web/messages.js";
import { isEpisode } from "../cli/live-faults.js";
import { isWho } from "../cli/source.js";
import { parseHappening, UnknownHappening } from "../person/happenings.js";

type Fields = Readonly<Record<string, unknown>>;
type Asked = { readonly ok: true; readonly command: Command } | { readonly ok: false; readonly reason: string };

const refuse = (reason: string): Asked => ({ ok: false, reason });
const grant = (command: Command): Asked => ({ ok: true, command });

function oneOf<Value>(key: string, value: unknown, values: readonly Value[], make: (value: Value) => Command): Asked {
  const found = values.find((one) => one === value);
  return found === undefined ? refuse(`"${key}" is none of ${values.join(", ")}`) : grant(make(found));
}

/** What may come after "do" and nothing beside it, and what is made of it. */
const COMMANDS: Readonly<Record<Command["do"], { readonly keys: readonly string[]; read(fields: Fields): Asked }>> = {
  press: { keys: [], read: () => grant({ do: "press" }) },
  longPress: { keys: [], read: () => grant({ do: "longPress" }) },
  doublePress: { keys: [], read: () => grant({ do: "doublePress" }) },
  pause: {
    keys: ["on"],
    read: ({ on }) => (typeof on === "boolean" ? grant({ do: "pause", on }) : refuse('"on" is neither true nor false')),
  },
  step: { keys: ["ms"], read: ({ ms }) => oneOf("ms", ms, STEPS_MS, (one) => ({ do: "step", ms: one })) },
  speed: {
    keys: ["times"],
    read: ({ times }) => oneOf("times", times, SPEEDS, (one) => ({ do: "speed", times: one })),
  },
  answer: {
    keys: ["rating"],
    read: ({ rating }) => oneOf("rating", rating, RATINGS, (one) => ({ do: "answer", rating: one })),
  },
  break: {
    keys: ["fault"],
    read: ({ fault }) =>
      typeof fault === "string" && isEpisode(fault)
        ? grant({ do: "break", fault })
        : refuse('"fault" is none that can begin: docs/faults.md lists them'),
  },
  happen: { keys: ["what"], read: happening },
  begin: { keys: ["person", "seed"], read: beginning },
  set: { keys: ["settings"], read: settings },
};

const isName = (name: unknown): name is Command["do"] => typeof name === "string" && Object.hasOwn(COMMANDS, name);
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A command out of a request's body, or one line that says what is wrong with it. */
export function commandOf(body: string): Asked {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return refuse("not JSON");
  }
  if (!isFields(value)) return refuse("not an object");
  const { do: name, ...fields } = value;
  if (!isName(name)) return refuse(`"do" is none of ${Object.keys(COMMANDS).join(", ")}`);
  const { keys, read } = COMMANDS[name];
  const unknown = Object.keys(fields).find((key) => !keys.includes(key));
  return unknown === undefined ? read(fields) : refuse(`"${name}" takes no "${unknown.slice(0, 20)}"`);
}

function happening({ what }: Fields): Asked {
  if (typeof what !== "string") return refuse('"what" is not a text');
  try {
    parseHappening(what);
  } catch (error) {
    if (error instanceof UnknownHappening) return refuse(error.message);
    throw error;
  }
  return grant({ do: "happen", what });
}

function beginning({ person, seed }: Fields): Asked {
  if (person !== undefined && !(typeof person === "string" && isWho(person)))
    return refuse('"person" is nobody that there is');
  if (seed !== undefined && !(Number.isSafeInteger(seed) && Number(seed) >= 0 && Number(seed) <= 0xffff_ffff))
    return refuse('"seed" is not a whole number, 0 to 4294967295');
  return grant({
    do: "begin",
    ...(person === undefined ? {} : { person }),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
}

/** Whether the values are within their ranges the firmware's own table says. */
function settings({ settings: wished }: Fields): Asked {
  if (!isFields(wished) || Object.keys(wished).length === 0) return refuse('"settings" has none');
  const found: Record<string, number> = {};
  for (const [key, value] of Object.entries(wished)) {
    if (!SETTING_NAMES.some((name) => name === key)) return refuse(`there is no setting "${key.slice(0, 20)}"`);
    if (typeof value !== "number") return refuse(`"${key}" is not a number`);
    found[key] = value;
  }
  return grant({ do: "set", settings: found });
}
