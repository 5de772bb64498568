// A worker thread of `band torture`: one scenario a message, run to its end; a failure is shrunk before it is told.
import { parentPort } from "node:worker_threads";
import { bootXs } from "../boot-xs.node.js";
import { readFirmware } from "../firmware-files.node.js";
import { type RunOptions, runScenario } from "./run.js";
import type { Scenario } from "./scenario.js";
import { shrink } from "./shrink.js";
import type { Failure, Figures } from "./verdict.js";

export interface Request {
  readonly scenario: Scenario;
  readonly shrinks: boolean;
}

export interface FailedRun {
  readonly scenario: Scenario;
  readonly failure: Failure;
  readonly story: readonly string[];
  readonly shrunk: { readonly scenario: Scenario; readonly failure: Failure } | undefined;
}

export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly ms: number }
  | { readonly kind: "shrinking"; readonly failure: Failure }
  | { readonly kind: "done"; readonly figures: Figures; readonly failed: FailedRun | undefined };

/** Of the arena that the manifest gives: what must stay free above the highest use. */
const ARENA_SPARE_BYTES = 8 * 1024;

/** What a scenario is run with, here and in the tests. */
export async function tortureOptions(): Promise<RunOptions> {
  const files = readFirmware();
  return { boot: await bootXs({}, files), arenaBytesMax: files.creation.staticBytes - ARENA_SPARE_BYTES };
}

/** Runs it, and shrinks it if it fails. */
export async function tortureOnce(
  { scenario, shrinks }: Request,
  options: RunOptions,
  tell: (reply: Reply) => void,
): Promise<void> {
  let toldMs = 0;
  const progress = (ms: number): boolean => {
    tell({ kind: "progress", ms: ms - toldMs });
    toldMs = ms;
    return false;
  };
  const { figures, failure, story } = await runScenario(scenario, { ...options, progress });
  if (failure === undefined) {
    tell({ kind: "done", figures, failed: undefined });
    return;
  }
  if (!shrinks) {
    tell({ kind: "done", figures, failed: { scenario, failure, story, shrunk: undefined } });
    return;
  }
  tell({ kind: "shrinking", failure });
  const shrunk = await shrink(scenario, failure, async (candidate) => (await runScenario(candidate, options)).failure);
  tell({ kind: "done", figures, failed: { scenario, failure, story, shrunk } });
}

const port = parentPort;
if (port !== null) {
  const options = await tortureOptions();
  port.on("message", (request: Request) => {
    void tortureOnce(request, options, (reply: Reply) => port.postMessage(reply));
  });
  port.postMessage({ kind: "ready" } satisfies Reply);
}
