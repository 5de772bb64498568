// What happens to a wearer, in words: "move walking", "strap 0.3". One grammar for the command line, the page and files.
import { PLACES } from "./body.js";
import { MOTIONS } from "./motion.js";
import type { Breathing, CueStyle, Happening } from "./options.js";

/** The words do not say what can happen to a person; the message says what would. */
export class UnknownHappening extends RangeError {
  override name = "UnknownHappening";
}

const STYLES: readonly CueStyle[] = ["wave", "exhale", "edges"];

/** One line of help for each. Ranges are those that are accepted. */
export const HAPPENING_FORMS = [
  "breathe free",
  "breathe follow wave|exhale|edges",
  "breathe paced <a minute, 3..40> [<share of inhaling, 0.1..0.9>]",
  "breathe speech",
  "breathe hold <seconds, 1..60>",
  "depth <times the air needed, 0.3..3>",
  "yawn",
  "load <level, 0..2> <seconds, 1..3600>",
  "fibrillate on|off",
  "move still|typing|walking|running",
  "place wrist|finger|air|desk|lamp|banana",
  "strap <0 hangs loose, 1 right, 2 shuts the vessels>",
  "slip <part of the light, -0.5..0.5> <seconds to settle, 1..600>",
  "temperature <of the skin, 10..40 °C>",
  "light <lux, 0..120000> [<mains 0|50|60 Hz> [<flicker, 0..1>]]",
] as const;

/** Reads one form's words from left to right. */
class Words {
  readonly #words: readonly string[];
  #at = 0;
  constructor(text: string) {
    this.#words = text.trim().split(/\s+/);
  }

  next(): string | undefined {
    return this.#words[this.#at++];
  }

  oneOf<T extends string>(...names: readonly T[]): T {
    const word = this.next();
    return names.find((name) => name === word) ?? this.fail();
  }

  number(least: number, most: number): number {
    const word = this.next() ?? "";
    const value = Number(word);
    return /^-?\d+(\.\d+)?$/.test(word) && value >= least && value <= most ? value : this.fail();
  }

  numberOr(byDefault: number, least: number, most: number): number {
    return this.#at < this.#words.length ? this.number(least, most) : byDefault;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#words.length;
  }

  fail(): never {
    const [first = ""] = this.#words;
    const forms = HAPPENING_FORMS.filter((form) => form === first || form.startsWith(`${first} `));
    throw new UnknownHappening(
      forms.length === 0
        ? `nothing called "${first.slice(0, 20)}" happens to a person; what does is ${names()}`
        : `say ${forms.join(", or ")}`,
    );
  }
}

const names = (): string => [...new Set(HAPPENING_FORMS.map((form) => form.split(" ")[0]))].join(", ");

/** Errors: UnknownHappening, whose message is one line that says what would be right */
export function parseHappening(text: string): Happening {
  const words = new Words(text);
  const happening = read(words);
  return words.isAtEnd ? happening : words.fail();
}

function read(words: Words): Happening {
  const what = words.next();
  switch (what) {
    case "breathe":
      return { what, breathing: readBreathing(words) };
    case "depth":
      return { what, depth: words.number(0.3, 3) };
    case "yawn":
      return { what };
    case "load":
      return { what, level: words.number(0, 2), seconds: words.number(1, 3600) };
    case "fibrillate":
      return { what, on: words.oneOf("on", "off") === "on" };
    case "move":
      return { what, motion: words.oneOf(...MOTIONS) };
    case "place":
      return { what, place: words.oneOf(...PLACES) };
    case "strap":
      return { what, pressure: words.number(0, 2) };
    case "slip":
      return { what, step: words.number(-0.5, 0.5), recoveryS: words.number(1, 600) };
    case "temperature":
      return { what, celsius: words.number(10, 40) };
    case "light": {
      const lux = words.number(0, 120_000);
      const mainsHz = words.isAtEnd ? undefined : Number(words.oneOf("0", "50", "60"));
      const flicker = words.isAtEnd ? undefined : words.number(0, 1);
      return {
        what,
        light: { lux, ...(mainsHz === undefined ? {} : { mainsHz }), ...(flicker === undefined ? {} : { flicker }) },
      };
    }
    default:
      return words.fail();
  }
}

function readBreathing(words: Words): Breathing {
  const how = words.oneOf("free", "follow", "paced", "speech", "hold");
  switch (how) {
    case "follow": {
      const style = words.oneOf(...STYLES);
      return words.isAtEnd
        ? { how, style }
        : { how, style, told: { inhaleS: words.number(1, 20), exhaleS: words.number(1, 20) } };
    }
    case "paced":
      return { how, perMin: words.number(3, 40), inhaleShare: words.numberOr(0.4, 0.1, 0.9) };
    case "hold":
      return { how, seconds: words.number(1, 60) };
    default:
      return { how };
  }
}

/** The words that `parseHappening` reads back to the same. */
export function happeningText(happening: Happening): string {
  switch (happening.what) {
    case "breathe":
      return `breathe ${breathingText(happening.breathing)}`;
    case "depth":
      return `depth ${happening.depth}`;
    case "yawn":
      return "yawn";
    case "load":
      return `load ${happening.level} ${happening.seconds}`;
    case "fibrillate":
      return `fibrillate ${happening.on ? "on" : "off"}`;
    case "move":
      return `move ${happening.motion}`;
    case "place":
      return `place ${happening.place}`;
    case "strap":
      return `strap ${happening.pressure}`;
    case "slip":
      return `slip ${happening.step} ${happening.recoveryS}`;
    case "temperature":
      return `temperature ${happening.celsius}`;
    case "light": {
      const { lux = 300, mainsHz, flicker } = happening.light;
      const mains = mainsHz ?? (flicker === undefined ? undefined : 50);
      return ["light", lux, mains, flicker].filter((word) => word !== undefined).join(" ");
    }
  }
}

export function breathingText(breathing: Breathing): string {
  switch (breathing.how) {
    case "follow": {
      const { style, told } = breathing;
      return told === undefined ? `follow ${style}` : `follow ${style} ${told.inhaleS} ${told.exhaleS}`;
    }
    case "paced":
      return `paced ${breathing.perMin} ${breathing.inhaleShare}`;
    case "hold":
      return `hold ${breathing.seconds}`;
    default:
      return breathing.how;
  }
}
