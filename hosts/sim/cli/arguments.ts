// What a user may write after an option. Each refuses in one line that says what would be right.
import { spawnSync } from "node:child_process";
import { InvalidArgumentError } from "commander";
import { SETTINGS } from "storage/settings-table";
import { root } from "#manifest";
import type { FaultId } from "../faults/catalogue.js";
import { parseHappening, UnknownHappening } from "../person/happenings.js";
import type { Happening } from "../person/options.js";
import { type HciAddress, parseHciAddress } from "../radio/hci-address.node.js";
import { isEpisode } from "./live-faults.js";

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000 } as const;
const DECIMAL = /^\d+(?:\.\d+)?$/;

/** "90", "90s", "10m", "1.5h" → ms, above 0. */
export function durationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(text);
  const unit = match?.[2] as keyof typeof UNIT_MS | undefined; // the pattern allows no other
  const ms = Number(match?.[1]) * UNIT_MS[unit ?? "s"];
  if (!(ms > 0 && Number.isFinite(ms))) throw new InvalidArgumentError("say how long, as in 90s, 10m or 1h.");
  return ms;
}

/** As `durationMs`, for an option that may be given more than once. */
export const momentsMs = (text: string, before?: readonly number[] | false): readonly number[] => [
  ...(before || []),
  durationMs(text),
];

/** "60s move walking": when, from 0s on, and what happens to the wearer then. May be given more than once. */
export function happeningsAt(text: string, before: readonly TimedWish[] = []): readonly TimedWish[] {
  const [, when = "", what = ""] = /^\s*(\S+)\s+(.*)$/.exec(text) ?? [];
  if (when === "") throw new InvalidArgumentError('say when and what, as in "60s move walking".');
  const atMs = when === "0s" ? 0 : durationMs(when);
  try {
    return [...before, { atMs, happening: parseHappening(what) }];
  } catch (error) {
    if (!(error instanceof UnknownHappening)) throw error;
    throw new InvalidArgumentError(`${error.message}.`);
  }
}

export interface TimedWish {
  readonly atMs: number;
  readonly happening: Happening;
}

/** Length of a session's breathing, whole minutes as the band takes them. */
export function minutesOf(text: string): number {
  const { min, max } = SETTINGS.rows.sessionMs;
  const ms = DECIMAL.test(text) ? Math.round(Number(text) * UNIT_MS.m) : Number.NaN;
  if (!(ms >= min && ms <= max))
    throw new InvalidArgumentError(`say minutes, ${min / UNIT_MS.m} to ${max / UNIT_MS.m}.`);
  return ms / UNIT_MS.m;
}

/** "1" → 1, "20" → 20, "max" → Infinity: as fast as it goes. */
export function speedOf(text: string): number {
  if (text === "max") return Number.POSITIVE_INFINITY;
  const speed = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!(speed > 0)) throw new InvalidArgumentError("say 1, another number of times real time, or max.");
  return speed;
}

/** Seconds of the recording's time line, 0 or more. */
export function secondsOf(text: string): number {
  if (!DECIMAL.test(text)) throw new InvalidArgumentError("say seconds, 0 or more.");
  return Number(text);
}

/** A TCP port, 1 .. 65535. */
export function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (!(port >= 1 && port <= 65_535)) throw new InvalidArgumentError("say a port, 1 to 65535.");
  return port;
}

/** Hours, above 0. */
export function hoursOf(text: string): number {
  const hours = DECIMAL.test(text) ? Number(text) : 0;
  if (!(hours > 0)) throw new InvalidArgumentError("say how many hours, above 0.");
  return hours;
}

/** 1 or more. */
export function countOf(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("say how many, 1 to 999.");
  return Number(text);
}

export interface TimedFault {
  readonly atMs: number;
  readonly id: FaultId;
}

/** "60s nackBurst": when something breaks, and what. May be given again. */
export function faultAt(text: string, before: readonly TimedFault[] = []): readonly TimedFault[] {
  const [when = "", id = "", ...others] = text.trim().split(/\s+/);
  if (!isEpisode(id) || others.length > 0)
    throw new InvalidArgumentError('say when and what, as in "60s nackBurst"; docs/faults.md lists them.');
  return [...before, { atMs: when === "0s" ? 0 : durationMs(when), id }];
}

/** A seed of 32 bits, "0x1f" too; "commit" is the first eight digits of the last commit's hash. */
export function seedOf(text: string): number {
  if (text === "commit") {
    const { stdout } = spawnSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" });
    if (/^[0-9a-f]{8}/.test(stdout ?? "")) return Number.parseInt(stdout.slice(0, 8), 16);
    throw new InvalidArgumentError("there is no commit here; say a number.");
  }
  const seed = /^(\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text) ? Number(text) : Number.NaN;
  if (!(seed <= 0xffff_ffff)) throw new InvalidArgumentError("say a whole number below 2^32, or commit.");
  return seed;
}

/** "tcp:127.0.0.1:6402", "unix:/run/hci". */
export function controllerOf(text: string): HciAddress {
  try {
    return parseHciAddress(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidArgumentError(`${error.message}.`);
  }
}
