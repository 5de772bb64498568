import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { SingleBar } from "cli-progress";
import { root } from "#manifest";
import { loadEngine } from "../engine/load.node.js";
import { FAULT_IDS, type FaultId } from "../faults/catalogue.js";
import { torture as run } from "../torture/pool.node.js";
import { drawScenario, SCENARIO_FORMAT, type Scenario } from "../torture/scenario.js";
import { boundsOf, type Figures } from "../torture/verdict.js";
import { type FailedRun, tortureOnce, tortureOptions } from "../torture/worker.node.js";
import { BadInput } from "./bad-input.js";
import { ExitCode } from "./exit-code.js";
import { onInterrupt } from "./interrupt.js";

export interface TortureCommand {
  readonly hours: number;
  readonly seed: number;
  readonly faults: readonly FaultId[];
  readonly jobs?: number;
  /** One scenario: a seed, or a file. */
  readonly scenario?: string;
}

const FAILURES_MAX = 5;
const STORY_LINES = 12;
/** Shrunk scenarios are kept here: git does not see it. */
const KEEP = join(root, ".cache", "torture");

/** `band torture`: random people, programs, gestures, phones and faults, as fast as it goes, until something breaks. */
export async function torture(options: TortureCommand): Promise<ExitCode> {
  await loadEngine(); // is built once, and not by each worker
  if (options.scenario !== undefined) return await repeat(options.scenario, options.faults);
  const { hours, seed, faults } = options;
  const jobs = options.jobs ?? availableParallelism();
  process.stdout.write(`band torture --hours ${hours} --seed ${seed}${setText(faults)}, ${jobs} at a time\n`);
  const bar = progressBar(hours);
  const running = run({
    hours,
    seed,
    faults,
    jobs,
    failuresMax: FAILURES_MAX,
    progress: (ms) => bar?.update(Math.min(hours * 60, Math.floor(ms / 60_000))),
    shrinking: ({ invariant, what }) => say(bar, `found: ${invariant}: ${oneLine(what)}; making it shorter ...`),
    failed: (failed) => say(bar, failureText(failed, faults)),
  });
  const deafen = onInterrupt(() => running.stop());
  try {
    const { figures, failed, isStopped, tookS } = await running.done;
    bar?.stop();
    const broken = tell(figures, tookS);
    if (isStopped) process.stdout.write("stopped: this is what there was by then\n");
    if (failed.length > 0) process.stdout.write(`${failed.length} of ${figures.runs} scenarios failed\n`);
    if (failed.length > 0 || broken > 0) return ExitCode.Bug;
    return isStopped ? ExitCode.Interrupted : ExitCode.Fine;
  } finally {
    bar?.stop();
    deafen();
  }
}

/** One scenario again, to the last byte as before. */
async function repeat(which: string, faults: readonly FaultId[]): Promise<ExitCode> {
  const scenario = /^\d+$/.test(which) ? drawScenario(Number(which), faults) : readScenario(which);
  let code = ExitCode.Fine;
  const startedMs = performance.now();
  await tortureOnce({ scenario, shrinks: false }, await tortureOptions(), (reply) => {
    if (reply.kind !== "done") return;
    if (reply.failed !== undefined) {
      code = ExitCode.Bug;
      process.stdout.write(`${failureText(reply.failed, faults)}\n`);
    }
    tell(reply.figures, (performance.now() - startedMs) / 1000);
  });
  return code;
}

function readScenario(path: string): Scenario {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new BadInput(`--scenario ${path}: a seed, or a file that band torture has written; this cannot be read`);
  }
  try {
    const scenario: Scenario = JSON.parse(text);
    if (scenario.format === SCENARIO_FORMAT) return scenario;
  } catch {} // told below
  throw new BadInput(`--scenario ${path}: not a scenario of format ${SCENARIO_FORMAT}`);
}

/** What it was, how it came to it, and the one line that repeats it. */
function failureText({ scenario, failure, story, shrunk }: FailedRun, faults: readonly FaultId[]): string {
  const lines = [
    `FAILED: ${failure.invariant}, at ${seconds(failure.atMs)} of scenario ${scenario.seed}`,
    `  ${failure.what.trim().replaceAll("\n", "\n  ")}`,
    ...story.slice(-STORY_LINES).map((line) => `    ${line}`),
  ];
  if (shrunk === undefined) return lines.join("\n");
  mkdirSync(KEEP, { recursive: true });
  const path = join(KEEP, `${scenario.seed}.json`);
  writeFileSync(path, `${JSON.stringify(shrunk.scenario, undefined, 1)}\n`);
  const left = shrunk.scenario;
  lines.push(
    `  the same at ${seconds(shrunk.failure.atMs)} with ${left.faults.length} faults` +
      ` (${[...new Set(left.faults.map(({ id }) => id))].join(", ") || "none"}), ${left.gestures.length} gestures:` +
      ` band torture --scenario ${relative(process.cwd(), path)}`,
    `  again: npx band torture --scenario ${scenario.seed}${setText(faults)}`,
  );
  return lines.join("\n");
}

/** Figures and their bounds; returns how many do not hold. */
function tell(figures: Figures, tookS: number): number {
  const { runs, hours, faults, gestures, sessions, resets, packets, motorSeconds, logChecks } = figures;
  const rows = [
    `${runs} scenarios, ${hours.toFixed(1)} h in ${tookS.toFixed(0)} s: ${((hours * 60) / tookS).toFixed(2)} h a minute`,
    `${faults} faults, ${gestures} gestures, ${sessions} sessions, ${resets} resets that faults asked for, ` +
      `${packets} packets heard, motor on for ${motorSeconds.toFixed(0)} s, log looked over ${logChecks} times`,
    `heap at most ${(figures.arenaPeakBytes / 1024).toFixed(1)} KB above the engine's, stack ${figures.stackPeakSlots} slots, ` +
      `well again after at most ${(figures.recoveryMsMax / 1000).toFixed(1)} s, ` +
      `silent at most ${figures.stopMsMax.toFixed(1)} ms after a press`,
  ];
  let broken = 0;
  for (const { says, wrong, of, shareMax } of boundsOf(figures)) {
    const share = of === 0 ? 0 : wrong / of;
    if (share > shareMax) broken++;
    rows.push(
      `${says}: ${wrong} of ${of}, ${(100 * share).toFixed(3)} % (bound ${100 * shareMax} %)${share > shareMax ? ": MISSED" : ""}`,
    );
  }
  process.stdout.write(`${rows.join("\n")}\n`);
  return broken;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;
const oneLine = (text: string): string => text.trim().split("\n")[0] ?? "";
const setText = (faults: readonly FaultId[]): string =>
  faults.length === FAULT_IDS.length ? "" : ` --faults ${faults.length === 0 ? "none" : faults.join(",")}`;

function say(bar: SingleBar | undefined, text: string): void {
  bar?.stop();
  process.stdout.write(`${text}\n`);
}

/** Simulated minutes, on a terminal. */
function progressBar(hours: number): SingleBar | undefined {
  if (!process.stderr.isTTY) return undefined;
  const bar = new SingleBar({
    format: "{bar} {percentage} % of {total} simulated minutes, {eta_formatted} left",
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    stopOnComplete: false,
  });
  bar.start(Math.ceil(hours * 60), 0);
  return bar;
}
