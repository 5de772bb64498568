import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { Board } from "../hosts/sim/board/board.js";
import { bootXs } from "../hosts/sim/boot-xs.node.js";
import { buildEngine } from "../hosts/sim/engine/build.node.js";
import { arenaPeakBytes, type Counters } from "../hosts/sim/engine/counters.js";
import { RecordedPulse } from "../hosts/sim/person/recording.js";
import { readRecording } from "../hosts/sim/person/recording-file.node.js";
import { type BandWatcher, VirtualBand } from "../hosts/sim/virtual-band.js";

const RECORDING = "recordings/neurokit_rest5min.csv.gz";
const SECOND_US = 1_000_000;
const WARM_UP_S = 60;
const STEADY_SAMPLES = 10_000;

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

async function makeBand(watcher: BandWatcher = {}): Promise<VirtualBand> {
  const board = new Board({ seed: 1, optics: endlessPulse() });
  return new VirtualBand(board, await bootXs(), watcher);
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
  const band = await makeBand();
  await band.run(5 * SECOND_US);
  press(band, 150_000);
  await band.run(WARM_UP_S * SECOND_US);
  band.collectGarbage();
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
    { what: `heap slots added in ${STEADY_SAMPLES} samples`, value: after.slots - before.slots, unit: "" },
    { what: `chunk bytes added in ${STEADY_SAMPLES} samples`, value: after.chunkBytes - before.chunkBytes, unit: "" },
    { what: `collections in ${STEADY_SAMPLES} samples`, value: after.collections - before.collections, unit: "" },
    {
      what: `float operations in ${STEADY_SAMPLES} samples`,
      value: after.floatOperations - before.floatOperations,
      unit: "",
    },
  ];
}

/** An hour of wear with a session in it. */
async function hour(): Promise<Row[]> {
  const delaysMs: number[] = [];
  const band: VirtualBand = await makeBand({
    beat: (upstrokeTicks) => delaysMs.push(band.board.clock.nowUs / 1000 - (upstrokeTicks * 1000) / 1024),
  });
  const startedMs = performance.now();
  await band.run(10 * SECOND_US);
  press(band, 150_000);
  await band.run(3600 * SECOND_US);
  const tookS = (performance.now() - startedMs) / 1000;
  const counters = engineOf(band);
  band.close();
  delaysMs.sort((a, b) => a - b);
  return [
    { what: "heap above the engine's baseline, 60 min", value: arenaPeakBytes(counters) / 1024, unit: "KB", limit: 64 },
    { what: "deepest stack of 512 slots", value: counters.stackPeak, unit: "slots", limit: 512 },
    {
      what: "beat reported after its upstroke, median",
      value: delaysMs[delaysMs.length >> 1] ?? Number.NaN,
      unit: "ms",
      limit: 1500,
    },
    { what: "simulated seconds a second, one band", value: 3600 / tookS, unit: "×", limit: 100, atLeast: true },
  ];
}

async function starts(build: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  if (build) {
    const cache = mkdtempSync(join(tmpdir(), "band-engine-"));
    const fromMs = performance.now();
    await buildEngine({ cache });
    rows.push({ what: "engine built from sources, once", value: (performance.now() - fromMs) / 1000, unit: "s" });
    rmSync(cache, { recursive: true });
  }
  const fromMs = performance.now();
  const band = await makeBand();
  await band.run(SECOND_US);
  band.close();
  rows.push({
    what: "engine loaded, band booted and one second simulated",
    value: performance.now() - fromMs,
    unit: "ms",
  });
  return rows;
}

const text = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1));

function holds(row: Row): boolean {
  if (row.limit === undefined) return true;
  return row.atLeast === true ? row.value >= row.limit : row.value <= row.limit;
}

/** `npm run bench`: budgets of the design against what is measured. Exit code 1 if one does not hold. */
export async function main(args: string[]): Promise<number> {
  const command = new Command("bench").option("--build", "also build the engine from its sources, about a minute");
  const { build = false } = command.parse(args, { from: "user" }).opts<{ build?: boolean }>();
  const rows = [...(await starts(build)), ...(await steadyState()), ...(await hour())];
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
