// Compiles XS to WebAssembly with npm packages only, checks the result, and caches it. About a minute, once.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Tree } from "@yowasp/clang";
import { checkEngine } from "./check.node.js";
import type { WorkerData, WorkerReply, WorkerRequest } from "./compile-worker.node.js";
import { type Progress, printProgress } from "./progress.node.js";
import {
  EngineError,
  IMPORTS,
  IMPORTS_DEBUG,
  LINK_FLAGS_AFTER,
  LINK_FLAGS_BEFORE,
  type Recipe,
  readRecipe,
  root,
} from "./recipe.node.js";

export interface BuildOptions {
  /** The engine with debug information: errors carry stacks. 8 % more meter units. */
  readonly debug?: boolean;
  readonly onProgress?: Progress;
  /** Where engines and object files are kept; .cache/xs of the repository if left out. */
  readonly cache?: string;
}

const CACHE = join(root, ".cache", "xs");

const workerCount = (): number => Math.max(2, Math.min(4, availableParallelism() - 1));

function writeWhole(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  writeFileSync(temporary, bytes);
  try {
    renameSync(temporary, path); // two starts at once: the later one replaces equal bytes
  } catch (error) {
    rmSync(temporary, { force: true });
    if (!existsSync(path)) throw error; // Windows refuses while another start reads the same file
  }
}

/** One worker thread, one request at a time. */
class Compiler {
  readonly #worker: Worker;
  #settle: ((reply: WorkerReply) => void) | undefined;

  constructor(data: WorkerData) {
    this.#worker = new Worker(new URL("./compile-worker.node.js", import.meta.url), {
      workerData: data,
      execArgv: [],
    });
    this.#worker.on("message", (reply: WorkerReply) => this.#settle?.(reply));
    this.#worker.on("error", (error) => this.#settle?.({ ok: false, message: error.message }));
    this.#worker.on("exit", (code) => this.#settle?.({ ok: false, message: `the compiler's thread ended (${code})` }));
  }

  async run(request: WorkerRequest): Promise<Uint8Array> {
    const reply = await new Promise<WorkerReply>((resolve) => {
      this.#settle = resolve;
      this.#worker.postMessage(request);
    });
    if (reply.ok) return reply.bytes;
    throw new EngineError(explain(request.kind === "compile" ? request.file : "link", reply.message));
  }

  close(): void {
    this.#settle = undefined;
    void this.#worker.terminate();
  }
}

/** One line: what failed, where, and what helps. */
export function explain(what: string, message: string): string {
  if (/out of memory|could not allocate memory|allocation failed/i.test(message))
    return `building the XS engine ran out of memory at ${what}: it needs about 1 GB free, close other programs and try again`;
  if (/Cannot find (package|module)|ERR_MODULE_NOT_FOUND/.test(message))
    return `the compiler cannot be loaded (${firstLine(message)}): run npm ci`;
  const error = message.split("\n").find((line) => /error:/.test(line)) ?? firstLine(message);
  return `the XS engine does not build, ${what}: ${error.trim()}`;
}

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

async function compileAll(recipe: Recipe, cache: string, onProgress: Progress): Promise<Tree> {
  const objects: Record<string, Uint8Array> = {};
  const folder = join(cache, "objects");
  mkdirSync(folder, { recursive: true });
  const queue = [...recipe.units].sort((a, b) => b.size - a.size);
  const total = queue.length;
  let done = 0;
  onProgress(0, total, "");
  const finish = (file: string, bytes: Uint8Array) => {
    objects[`${file.slice(file.lastIndexOf("/") + 1)}.o`] = bytes;
    onProgress(++done, total, file);
  };
  const misses = queue.filter(({ file, key }) => {
    const path = join(folder, `${key}.o`);
    if (!existsSync(path)) return true;
    finish(file, readFileSync(path));
    return false;
  });
  const work = async () => {
    const compiler = new Compiler({ flags: recipe.flags, tree: recipe.tree });
    try {
      for (let unit = misses.shift(); unit !== undefined; unit = misses.shift()) {
        const bytes = await compiler.run({ kind: "compile", file: unit.file });
        writeWhole(join(folder, `${unit.key}.o`), bytes);
        finish(unit.file, bytes);
      }
    } catch (error) {
      misses.length = 0; // the others stop after the file in hand
      throw error;
    } finally {
      compiler.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workerCount(), misses.length) }, work));
  return objects;
}

async function link(objects: Tree): Promise<Uint8Array> {
  const compiler = new Compiler({ flags: [], tree: {} });
  try {
    const args = [...LINK_FLAGS_BEFORE, ...Object.keys(objects).sort(), ...LINK_FLAGS_AFTER];
    return await compiler.run({ kind: "link", args, objects });
  } finally {
    compiler.close();
  }
}

/** @throws EngineError when the engine lacks a function or asks for one that nobody gives. */
export function checkImports(module: WebAssembly.Module, debug: boolean): void {
  const wanted = debug ? [...IMPORTS, ...IMPORTS_DEBUG] : IMPORTS;
  const found = WebAssembly.Module.imports(module).map((entry) => `${entry.module}.${entry.name}`);
  const wrong = [...found.filter((name) => !wanted.includes(name)), ...wanted.filter((name) => !found.includes(name))];
  if (wrong.length > 0) throw new EngineError(`the XS engine's imports are wrong: ${wrong.sort().join(", ")}`);
}

async function readCached(path: string): Promise<WebAssembly.Module | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    return await WebAssembly.compile(readFileSync(path));
  } catch {
    return undefined; // a damaged file is built anew
  }
}

/**
 * The engine's WebAssembly, from the cache or built. Nothing is cached that has not passed the checks.
 * @throws EngineError
 */
export async function buildEngine(options: BuildOptions = {}): Promise<WebAssembly.Module> {
  const debug = options.debug ?? false;
  const recipe = readRecipe(debug);
  const cache = options.cache ?? CACHE;
  const path = join(cache, `${recipe.key}.wasm`);
  const cached = await readCached(path);
  if (cached !== undefined) return cached;
  const bytes = await link(await compileAll(recipe, cache, options.onProgress ?? printProgress()));
  const module = await WebAssembly.compile(bytes);
  checkImports(module, debug);
  await checkEngine(module);
  writeWhole(path, bytes);
  return module;
}
