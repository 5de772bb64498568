import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { root } from "#manifest";
import { RandomStream } from "../board/random.js";
import type { FaultId } from "../faults/catalogue.js";
import { drawScenario, type Scenario } from "./scenario.js";
import { addFigures, type Failure, type Figures, newFigures } from "./verdict.js";
import type { FailedRun, Reply, Request } from "./worker.node.js";

export interface TortureOptions {
  readonly hours: number;
  readonly seed: number;
  readonly faults: readonly FaultId[];
  readonly jobs: number;
  /** No more scenarios are begun after so many failures. */
  readonly failuresMax: number;
  progress?(simulatedMs: number): void;
  shrinking?(failure: Failure): void;
  failed?(run: FailedRun): void;
}

export interface Tortured {
  readonly figures: Figures;
  readonly failed: readonly FailedRun[];
  readonly isStopped: boolean;
  readonly tookS: number;
}

const HOUR_MS = 3_600_000;

/** The scenarios of a seed, until they last as long as asked for: the same however many workers there are. */
export function* scenariosOf(seed: number, hours: number, faults: readonly FaultId[]): Generator<Scenario> {
  const random = new RandomStream(seed, "torture");
  for (let ms = 0; ms < hours * HOUR_MS; ) {
    const scenario = drawScenario(random.next32() >>> 0, faults);
    ms += scenario.durationMs;
    yield scenario;
  }
}

/** Runs scenarios on worker threads. `stop` ends it soon, with what there is by then. */
export function torture(options: TortureOptions): { readonly done: Promise<Tortured>; stop(): void } {
  const startedMs = performance.now();
  const scenarios = scenariosOf(options.seed, options.hours, options.faults);
  const figures = newFigures();
  const failed: FailedRun[] = [];
  const workers = new Set<Worker>();
  let isStopped = false;
  let simulatedMs = 0;
  let finish: (tortured: Tortured) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const done = new Promise<Tortured>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const end = (worker: Worker): void => {
    workers.delete(worker);
    void worker.terminate();
    if (workers.size > 0) return;
    finish({ figures, failed, isStopped, tookS: (performance.now() - startedMs) / 1000 });
  };
  const give = (worker: Worker): void => {
    const next = isStopped || failed.length >= options.failuresMax ? undefined : scenarios.next();
    if (next === undefined || next.done === true) end(worker);
    else worker.postMessage({ scenario: next.value, shrinks: true } satisfies Request);
  };
  const hear = (worker: Worker, reply: Reply): void => {
    if (!workers.has(worker)) return;
    if (reply.kind === "progress") {
      simulatedMs += reply.ms;
      options.progress?.(simulatedMs);
      return;
    }
    if (reply.kind === "shrinking") {
      options.shrinking?.(reply.failure);
      return;
    }
    if (reply.kind === "done") {
      addFigures(figures, reply.figures);
      if (reply.failed !== undefined) {
        failed.push(reply.failed);
        options.failed?.(reply.failed);
      }
    }
    give(worker);
  };
  for (let i = 0; i < options.jobs; i++) {
    const worker = new Worker(new URL("./worker.node.js", import.meta.url), {
      execArgv: ["--import", pathToFileURL(join(root, "scripts", "names.mjs")).href],
    });
    workers.add(worker);
    worker.on("message", (reply: Reply) => hear(worker, reply));
    worker.on("error", fail);
  }
  const stop = (): void => {
    isStopped = true;
    for (const worker of [...workers]) end(worker);
  };
  return { done, stop };
}
