import type { OpticalSource } from "../person/optical-source.js";
import type { CueStyle, PersonChoices } from "../person/options.js";
import { isPersonName, PEOPLE } from "../person/people.js";
import { Person } from "../person/person.js";
import { readPersonFile } from "../person/person-file.node.js";
import { randomChoices } from "../person/population.js";
import { RecordedPulse } from "../person/recording.js";
import { type RecordingFile, readRecording } from "../person/recording-file.node.js";
import { BadInput } from "./bad-input.js";

/** What the band is laid on: a person who feels it, or a recording that is played into its sensor. */
export interface Source {
  readonly title: string;
  readonly optics: OpticalSource;
  /** Where on the source's own time line the band is switched on, ms; a person's begins there. */
  readonly startMs: number;
  /** How much there is from there on, ms; a person has no end. */
  readonly lengthMs: number;
  /** Who feels the motor, can be changed while living, and knows the truth; a recording does not. */
  readonly person?: Person;
}

/** First and last sample on the recording's own time line. */
export function spanOf({ timesMs, rateHz, values }: RecordingFile): { firstMs: number; lastMs: number } {
  const last = values.length - 1;
  return { firstMs: timesMs?.[0] ?? 0, lastMs: timesMs?.[last] ?? (1000 * last) / (rateHz ?? 1) };
}

/** @param startMs  on the recording's own time line; its first sample if left out */
export function playing(recording: RecordingFile, startMs = spanOf(recording).firstMs): Source {
  const { id, timesMs, rateHz, values, polarity, durationMs } = recording;
  const timesUs = timesMs?.map((ms) => Math.round(ms * 1000));
  const optics = new RecordedPulse(
    { timesUs, rateHz: rateHz ?? 0, values, polarity },
    { startUs: Math.round(-startMs * 1000) },
  );
  return { title: id, optics, startMs, lengthMs: durationMs };
}

export function wearing(person: Person, title: string): Source {
  return { title, optics: person, startMs: 0, lengthMs: Number.POSITIVE_INFINITY, person };
}

/** One of a population: another one for every seed. */
export const ANYBODY = "anybody";

/** Somebody who can be worn without a file. */
export const isWho = (who: string): boolean => isPersonName(who) || who === ANYBODY;

/** A person by name, "anybody", or a file. Errors: BadInput */
export function choicesFor(who: string, seed: number): PersonChoices {
  if (isPersonName(who)) return PEOPLE[who].choices;
  if (who === ANYBODY) return { ...randomChoices(seed), breathing: { how: "follow", style: "wave" } };
  if (who.endsWith(".json")) return readPersonFile(who);
  throw new BadInput(`--person ${who}: is none of ${whoThereIs()}, nor a .json file`);
}

export const whoThereIs = (): string => [...Object.keys(PEOPLE), ANYBODY].join(", ");

export interface SourceChoice {
  readonly recording?: string;
  readonly column?: string;
  readonly person: string;
  readonly seed: number;
  /** How the touch leads, for who follows it. */
  readonly style?: CueStyle;
}

/** A recording if one is named, otherwise a person. Errors: BadInput */
export function sourceOf({ recording, column, person, seed, style }: SourceChoice): Source {
  if (recording !== undefined) return playing(readRecording(recording, column));
  const choices = choicesFor(person, seed);
  const { breathing } = choices;
  const follows = style !== undefined && breathing?.how === "follow";
  const options = follows ? { ...choices, breathing: { ...breathing, style } } : choices;
  return wearing(new Person({ seed, options }), `${person}, seed ${seed}`);
}
