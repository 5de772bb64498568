import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { root } from "#manifest";
import { Board } from "../hosts/sim/board/board.js";
import { bootXs } from "../hosts/sim/boot-xs.node.js";
import { buildEngine } from "../hosts/sim/engine/build.node.js";
import { arenaPeakBytes, type Counters } from "../hosts/sim/engine/counters.js";
import { FAULT_IDS } from "../hosts/sim/faults/catalogue.js";
import { readFirmware } from "../hosts/sim/firmware-files.node.js";
import { RecordedPulse } from "../hosts/sim/person/recording.js";
import { readRecording } from "../hosts/sim/person/recording-file.node.js";
import { torture } from "../hosts/sim/torture/pool.node.js";
import { type BandWatcher, type Boot, VirtualBand } from "../hosts/sim/virtual-band.js";
import { SamplePath } from "./sample-path.js";

const RECORDING = "recordings/neurokit_rest5min.csv.gz";
const SECOND_US = 1_000_000;
const WARM_UP_S = 60;
const STEADY_SAMPLES = 10_000;
const TORTURE_HOURS = 2;
const SHORT_PRESS_US = 150_000;
/** Shorter than the 600 ms after which a press is a long one, and answered by a cue. */
const LONG_PRESS_US = 590_000;
/** What must not grow while nothing changes. */
const COUNTED = [
  ["heap slots added", "slots"],
  ["chunk bytes added", "chunkBytes"],
  ["collections", "collections"],
  ["float operations", "floatOperations"],
] as const;

/** One line of the table. A budget that does not hold makes the bench fail. */
interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly limit?: number;
  readonly atLeast?: boolean;
}

/** A pulse that goes on for ever: the recording, end to end, so that a steady state can be measured for an hour. */
function endlessPulse(): RecordedPulse {
  const { values, rateHz = 100, polarity } = readRecording(RECORDING);
  const rounds = 13;
  const looped = new Float64Array(values.length * rounds);
  for (let i = 0; i < rounds; i++) looped.set(values, i * values.length);
  return new RecordedPulse({ timesUs: undefined, rateHz, values: looped, polarity });
}

async function makeBand(watcher: BandWatcher = {}, boot?: Boot): Promise<VirtualBand> {
  const board = new Board({ seed: 1, optics: endlessPulse() });
  return new VirtualBand(board, boot ?? (await bootXs()), watcher);
}

function engineOf(band: VirtualBand): Counters {
  const counters = band.engineCounters();
  if (counters === undefined) throw new Error(`the band is down: ${band.restarts.at(-1)?.message}`);
  return { ...counters };
}

const press = (band: VirtualBand, us: number): void => {
  const { clock, button } = band.board;
  button.press();
  clock.at(clock.nowUs + us, 0, () => button.release());
};

/** Worn and pacing: warm up, collect, then 10,000 samples. */
async function steadyState(): Promise<Row[]> {
  const path = new SamplePath();
  const band = await makeBand({}, path.watch(await bootXs()));
  await band.run(5 * SECOND_US);
  press(band, SHORT_PRESS_US);
  await band.run(WARM_UP_S * SECOND_US);
  band.collectGarbage();
  path.counting = true;
  const before = engineOf(band);
  const samplesBefore = band.board.counters().sensor.samples;
  await band.run(band.board.clock.nowUs + STEADY_SAMPLES * 10_000);
  const after = engineOf(band);
  const samples = band.board.counters().sensor.samples - samplesBefore;
  band.close();
  return [
    {
      what: "meter units a 100 Hz sample, whole firmware, worn and pacing",
      value: (after.meter - before.meter) / samples,
      unit: "",
      limit: 2000,
    },
    { what: "meter units a sample, sample path alone", value: path.added.meter / samples, unit: "" },
    ...COUNTED.map(([what, key]) => ({
      what: `${what} in ${STEADY_SAMPLES} samples, sample path alone`,
      value: path.added[key],
      unit: "",
      limit: 0,
    })),
    ...COUNTED.map(([what, key]) => ({
      what: `${what} in ${STEADY_SAMPLES} samples, whole firmware and the simulator's timers`,
      value: after[key] - before[key],
      unit: "",
    })),
  ];
}

/** The stop gesture while the motor runs, at different places of a breath: from its first contact to the last off-edge. */
async function stops(): Promise<Row[]> {
  const latenciesUs: number[] = [];
  for (const fromS of [12, 13, 15, 17, 20]) {
    const band = await makeBand();
    const { clock, motor } = band.board;
    await band.run(10 * SECOND_US);
    press(band, SHORT_PRESS_US);
    await band.run(fromS * SECOND_US);
    while (motor.dutyQ16 === 0 && clock.nowUs < 60 * SECOND_US) await band.run(clock.nowUs + 5000);
    if (motor.dutyQ16 === 0) throw new Error("the session never runs the motor: there is nothing to stop");
    const pressedUs = clock.nowUs;
    press(band, LONG_PRESS_US);
    await band.run(pressedUs + LONG_PRESS_US - 5000); // what comes later says that the stop was understood
    latenciesUs.push((motor.dutyQ16 > 0 ? clock.nowUs : motor.history.at(-1)!.toUs) - pressedUs); // it ran: there is one
    band.close();
  }
  const longestUs = Math.max(...latenciesUs);
  return [{ what: "stop gesture to silent motor, longest of 5", value: longestUs / 1000, unit: "ms", limit: 200 }];
}

/** An hour of wear with a session in it. */
async function hour(): Promise<Row[]> {
  const delaysMs: number[] = [];
  const band: VirtualBand = await makeBand({
    beat: (upstrokeTicks) => delaysMs.push(band.board.clock.nowUs / 1000 - (upstrokeTicks * 1000) / 1024),
  });
  const startedMs = performance.now();
  await band.run(10 * SECOND_US);
  press(band, SHORT_PRESS_US);
  await band.run(3600 * SECOND_US);
  const tookS = (performance.now() - startedMs) / 1000;
  const counters = engineOf(band);
  band.close();
  delaysMs.sort((a, b) => a - b);
  const baselineBytes = counters.baselineSlots * counters.slotBytes + counters.baselineChunkBytes;
  return [
    { what: "engine and preloaded modules: in flash on the device", value: baselineBytes / 1024, unit: "KB" },
    { what: "heap above that, 60 min", value: arenaPeakBytes(counters) / 1024, unit: "KB", limit: 64 },
    {
      what: "deepest stack, of what the manifest gives",
      value: counters.stackPeak,
      unit: "slots",
      limit: readFirmware().creation.stack,
    },
    {
      what: "beat reported after its upstroke, median",
      value: delaysMs[delaysMs.length >> 1] ?? Number.NaN,
      unit: "ms",
      limit: 1500,
    },
    { what: "simulated seconds a second, one band", value: 3600 / tookS, unit: "×", limit: 100, atLeast: true },
  ];
}

/** Random wearers and faults on all cores: at least what lets the CI explore 20 hours in 5 minutes. */
async function tortured(): Promise<Row[]> {
  const jobs = availableParallelism();
  const { done } = torture({ hours: TORTURE_HOURS, seed: 1, faults: FAULT_IDS, jobs, failuresMax: 1 });
  const { figures, tookS } = await done;
  const what = `torture, simulated hours a minute, ${jobs} at a time`;
  return [{ what, value: (figures.hours * 60) / tookS, unit: "h", limit: 4, atLeast: true }];
}

/** Wall time of a command line in a folder of the repository's, s. */
function commandSeconds(folder: string): number {
  const fromMs = performance.now();
  const args = ["scripts/band.mjs", "sim", "--duration", "1s", "--speed", "max", "--no-page"];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`the band did not start in ${folder}: ${stderr}`);
  return (performance.now() - fromMs) / 1000;
}

/** Cold is a clone that has its npm packages and nothing else; installing those depends on the network. */
async function starts(isQuick: boolean): Promise<Row[]> {
  const rows: Row[] = [{ what: "start to first simulated second, warm", value: commandSeconds(root), unit: "s" }];
  if (isQuick) return rows;
  const folder = mkdtempSync(join(tmpdir(), "band-bench-"));
  try {
    const fromMs = performance.now();
    await buildEngine({ cache: join(folder, "engine") });
    rows.push({ what: "engine built from its sources", value: (performance.now() - fromMs) / 1000, unit: "s" });
    const clone = join(folder, "clone");
    spawnSync("git", ["clone", "--quiet", root, clone], { stdio: "inherit" });
    cpSync(join(root, "node_modules"), join(clone, "node_modules"), { recursive: true, verbatimSymlinks: true });
    rows.push({
      what: "the same, cold: compiles the TypeScript and the engine",
      value: commandSeconds(clone),
      unit: "s",
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

const text = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1));

function holds(row: Row): boolean {
  if (row.limit === undefined) return true;
  return row.atLeast === true ? row.value >= row.limit : row.value <= row.limit;
}

/** `npm run bench`: budgets of the design against what is measured. Exit code 1 if one does not hold. */
export async function main(args: string[]): Promise<number> {
  const command = new Command("bench").option("--quick", "leave out what takes minutes: engine build and cold start");
  const { quick = false } = command.parse(args, { from: "user" }).opts<{ quick?: boolean }>();
  const rows = [
    ...(await starts(quick)),
    ...(await steadyState()),
    ...(await stops()),
    ...(await hour()),
    ...(await tortured()),
  ];
  process.stdout.write(`${new Date().toISOString().slice(0, 10)}, npm run bench, Node ${process.versions.node}\n\n`);
  process.stdout.write("| what | measured | limit |\n|---|---|---|\n");
  for (const row of rows) {
    const limit = row.limit === undefined ? "" : `${row.atLeast === true ? "≥" : "≤"} ${row.limit}`;
    process.stdout.write(
      `| ${row.what} | ${text(row.value)} ${row.unit}${holds(row) ? "" : " **missed**"} | ${limit} |\n`,
    );
  }
  return rows.every(holds) ? 0 : 1;
}
