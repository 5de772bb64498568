import { relative } from "node:path";
import type { SimulateOptions } from "../cli/simulate.js";

const quoted = (text: string): string => (/^[\w./=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
const seconds = (ms: number): string => `${Math.round(ms * 1000) / 1e6}s`;

/** What has been done by hand, in virtual ms. */
export interface Presses {
  readonly shortMs: readonly number[];
  readonly longMs: readonly number[];
}

/** The line that repeats a run. Long presses have no option: it ends by a comment that tells when they were. */
export function repeatLine(options: SimulateOptions, { shortMs, longMs }: Presses): string {
  const { recording, column, speed, duration, engine, debug = false, press = [] } = options;
  const path = relative("", recording);
  const words = ["npx band sim --recording", quoted(path.startsWith("..") ? recording : path)];
  if (column !== "ppg") words.push("--column", quoted(column));
  if (speed !== 1) words.push("--speed", Number.isFinite(speed) ? String(speed) : "max");
  if (duration !== undefined) words.push("--duration", seconds(duration));
  if (engine !== "xs") words.push("--engine", engine);
  if (debug) words.push("--debug");
  for (const ms of [...press, ...shortMs]) words.push("--press", seconds(ms));
  if (longMs.length > 0) words.push(`# button held at ${longMs.map(seconds).join(", ")}`);
  return words.join(" ");
}
