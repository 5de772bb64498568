import { relative } from "node:path";
import type { Deed } from "../cli/live-band.js";
import { deedsOf, type SimulateOptions } from "../cli/sim-options.js";
import { happeningText } from "../person/happenings.js";

const quoted = (text: string): string => (/^[\w./=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
const seconds = (ms: number): string => `${Math.round(ms * 1000) / 1e6}s`;

/** As seen from here, unless it lies elsewhere. */
function near(file: string): string {
  const path = relative("", file);
  return path.startsWith("..") ? file : path;
}

const timesOf = (deeds: readonly Deed[], what: "press" | "hold" | "pair"): number[] =>
  deeds.flatMap(({ atMs, deed }) => (deed === what ? [atMs] : []));

/**
 * The line that repeats a run.
 * @param deeds  all that has been done to band and wearer, by plan and by hand, and what is still planned
 */
export function repeatLine(options: SimulateOptions, deeds: readonly Deed[]): string {
  const { person, seed, recording, column, program, minutes, style, speed, duration, engine, debug = false } = options;
  const words = ["npx band sim"];
  const add = (name: string, value: string): number => words.push(`--${name}`, quoted(value));
  if (recording !== undefined) add("recording", near(recording));
  else if (person !== "calm") add("person", person.endsWith(".json") ? near(person) : person);
  if (column !== "ppg") add("column", column);
  if (seed !== 1) add("seed", String(seed));
  if (program !== undefined) add("program", program);
  if (minutes !== undefined) add("minutes", String(minutes));
  if (style !== undefined) add("style", style);
  if (speed !== 1) add("speed", Number.isFinite(speed) ? String(speed) : "max");
  if (duration !== undefined) add("duration", seconds(duration));
  if (engine !== "xs") add("engine", engine);
  if (debug) words.push("--debug");
  const pressesMs = timesOf(deeds, "press");
  const unaskedMs = timesOf(deedsOf({ person, seed, column, speed, engine, ...(recording && { recording }) }), "press");
  if (pressesMs.join() !== unaskedMs.join()) {
    if (pressesMs.length === 0) words.push("--no-press");
    for (const ms of pressesMs) add("press", seconds(ms));
  }
  for (const ms of timesOf(deeds, "hold")) add("hold", seconds(ms));
  for (const ms of timesOf(deeds, "pair")) add("pair", seconds(ms));
  for (const { atMs, deed } of deeds) {
    if (typeof deed === "string") continue;
    if (deed.what === "fault") add("fault", `${seconds(atMs)} ${deed.id}`);
    else add("at", `${seconds(atMs)} ${happeningText(deed)}`);
  }
  return words.join(" ");
}
