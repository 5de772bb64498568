import { RandomStream } from "../board/random.js";
import { FAULT_IDS, type FaultCase, type FaultId, faultRow, isUnit } from "../faults/catalogue.js";
import { drawCase } from "../faults/injector.js";
import { happens } from "../person/chance.js";
import type { Breathing, Happening, TimedHappening } from "../person/options.js";
import { randomChoices } from "../person/population.js";

/** Raised when an older scenario would mean something else. */
export const SCENARIO_FORMAT = 1;

export type GestureKind = "short" | "long" | "double";
export interface TimedGesture {
  readonly atMs: number;
  readonly kind: GestureKind;
}

/** A run as plain data: the same scenario is the same run, to the last byte. */
export interface Scenario {
  readonly format: typeof SCENARIO_FORMAT;
  /** Of the person and of all chance on the board. */
  readonly seed: number;
  readonly durationMs: number;
  /** From here on nothing goes wrong, and a still wearer has a finger on the sensor. */
  readonly calmFromMs: number;
  /** Number of the program that the button starts, and of its style. */
  readonly program: number;
  readonly style: number;
  /** What the phone asks for. */
  readonly mtu: number;
  readonly gestures: readonly TimedGesture[];
  /** When the phone comes and goes, in turn; it begins away. */
  readonly phoneMs: readonly number[];
  readonly happenings: readonly TimedHappening[];
  readonly faults: readonly FaultCase[];
}

const MINUTE = 60_000;
/** The calm: at least so long, and so long after the band must be well, to see whether it stays well. */
const CALM_MS_MIN = 2 * MINUTE;
const STAYS_MS = 40_000;
/** A finger is new to the sensor when the calm begins, and a slow heart sure after 15 beats; a cold one is warm later. */
const NEW_MS = 35_000;
const COLD_MS = 120_000;
const COLD_C = 31;
const PROGRAMS = 10;
const STYLES = 4;
const MTUS = [23, 64, 185, 247, 517] as const;
const GESTURES: readonly GestureKind[] = ["short", "short", "short", "double", "long"];

/** Which kinds of fault a scenario draws from: few, so that they meet often. */
function drawKinds(random: RandomStream, allowed: readonly FaultId[]): FaultId[] {
  const episodes = allowed.filter((id) => !isUnit(id));
  const kinds: FaultId[] = [];
  const count = Math.min(episodes.length, random.between(1, 6));
  while (kinds.length < count) {
    const id = episodes[random.between(0, episodes.length - 1)];
    if (id !== undefined && !kinds.includes(id)) kinds.push(id);
  }
  return kinds;
}

function drawFaults(seed: number, activeMs: number, allowed: readonly FaultId[]): FaultCase[] {
  const random = new RandomStream(seed, "scenario faults");
  const faults: FaultCase[] = [];
  for (const id of allowed) if (isUnit(id) && happens(random, 0.12)) faults.push(drawCase(id, random.next32(), 0));
  const kinds = drawKinds(random, allowed);
  if (kinds.length === 0) return faults;
  const meanGapMs = random.between(10_000, 120_000);
  for (let atMs = random.between(0, meanGapMs); atMs < activeMs; atMs += random.between(500, 2 * meanGapMs)) {
    const id = kinds[random.between(0, kinds.length - 1)]!; // not empty
    const fault = drawCase(id, random.next32(), atMs);
    // One of a kind at a time: what ends the first would end the second.
    const isFree = !faults.some((other) => other.id === id && other.atMs + other.rageMs + 1000 > atMs);
    if (isFree) faults.push({ ...fault, rageMs: Math.min(fault.rageMs, Math.max(100, activeMs - atMs)) });
  }
  return faults;
}

function drawHappening(random: RandomStream): Happening {
  switch (random.between(0, 5)) {
    case 0:
      return { what: "breathe", breathing: { how: "speech" } };
    case 1:
      return { what: "breathe", breathing: { how: "hold", seconds: random.between(5, 30) } };
    case 2:
      return { what: "load", level: random.between(1, 10) / 10, seconds: random.between(20, 180) };
    case 3:
      return { what: "yawn" };
    case 4:
      return { what: "light", light: { lux: random.between(0, 2_000), mainsHz: happens(random, 0.5) ? 50 : 60 } };
    default:
      return { what: "breathe", breathing: { how: "free" } };
  }
}

/** Everything as it should be, from `atMs` on. */
function calm(atMs: number): TimedHappening[] {
  const all: Happening[] = [
    { what: "place", place: "finger" },
    { what: "strap", pressure: 1 },
    { what: "temperature", celsius: 33 },
    { what: "move", motion: "still" },
    { what: "fibrillate", on: false },
    { what: "light", light: { lux: 300, mainsHz: 50 } },
    { what: "breathe", breathing: { how: "free" } },
  ];
  return all.map((happening) => ({ atUs: atMs * 1000, happening }));
}

/** The scenario of this seed. @param allowed  kinds of fault that may be in it */
export function drawScenario(seed: number, allowed: readonly FaultId[] = FAULT_IDS): Scenario {
  const random = new RandomStream(seed, "scenario");
  const isLong = happens(random, 0.06);
  const activeMs = isLong ? random.between(60 * MINUTE, 120 * MINUTE) : random.between(3 * MINUTE, 20 * MINUTE);
  const faults = drawFaults(seed, activeMs, allowed);
  const lastEndMs = faults.reduce((last, fault) => Math.max(last, fault.atMs + fault.rageMs), activeMs);
  const calmFromMs = lastEndMs + 100;

  const gestures: TimedGesture[] = [];
  const gestureGapMs = random.between(20_000, 240_000);
  for (let atMs = random.between(5_000, 60_000); atMs < activeMs; atMs += random.between(300, 2 * gestureGapMs))
    gestures.push({ atMs, kind: GESTURES[random.between(0, GESTURES.length - 1)]! }); // within the list
  gestures.push({ atMs: calmFromMs + 2_000, kind: "long" });

  const phoneMs: number[] = [];
  for (let atMs = random.between(0, 60_000); atMs < activeMs; atMs += random.between(10_000, 6 * MINUTE))
    phoneMs.push(atMs);
  if (phoneMs.length % 2 === 0) phoneMs.push(calmFromMs); // it is here in the calm

  const style = random.between(0, STYLES - 1);
  const follow: Breathing = { how: "follow", style: (["wave", "exhale", "edges", "edges"] as const)[style] ?? "edges" };
  const happenings: TimedHappening[] = [];
  const happeningGapMs = random.between(20_000, 240_000);
  for (
    let atMs = random.between(0, happeningGapMs);
    atMs < activeMs;
    atMs += random.between(1_000, 2 * happeningGapMs)
  ) {
    const happening: Happening = happens(random, 0.4) ? { what: "breathe", breathing: follow } : drawHappening(random);
    happenings.push({ atUs: atMs * 1000, happening });
  }
  happenings.push(...calm(calmFromMs));

  const recoverMs = recoverMsOf({ seed, calmFromMs, faults });
  return {
    format: SCENARIO_FORMAT,
    seed,
    durationMs: calmFromMs + Math.max(CALM_MS_MIN, recoverMs + STAYS_MS),
    calmFromMs,
    program: random.between(0, PROGRAMS - 1),
    style,
    mtu: MTUS[random.between(0, MTUS.length - 1)]!, // within the list
    gestures,
    phoneMs,
    happenings,
    faults,
  };
}

/** From `calmFromMs`, until the band must be well. */
export function recoverMsOf({ seed, faults, calmFromMs }: Pick<Scenario, "seed" | "faults" | "calmFromMs">): number {
  const { temperatureC = COLD_C } = randomChoices(seed).skin ?? {};
  let recoverMs = temperatureC < COLD_C ? COLD_MS : NEW_MS;
  for (const { id, atMs, rageMs } of faults) {
    const { recoverMs: needsMs } = faultRow(id);
    recoverMs = Math.max(recoverMs, atMs + rageMs + needsMs - calmFromMs);
  }
  return recoverMs;
}
