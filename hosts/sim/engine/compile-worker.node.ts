// A worker thread of the engine's build: one clang in WebAssembly, one C file per message; or one link.
import { parentPort, workerData } from "node:worker_threads";
import type { RunOptions, Tree } from "@yowasp/clang";

/** What a worker is started with. Trees hold file contents by name, as `@yowasp/clang` wants them. */
export interface WorkerData {
  readonly flags: readonly string[];
  readonly tree: Tree;
}
export type WorkerRequest =
  | { readonly kind: "compile"; readonly file: string }
  | { readonly kind: "link"; readonly args: readonly string[]; readonly objects: Tree };
export type WorkerReply =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly message: string };

const { flags, tree }: WorkerData = workerData;
const OUT = "out.o";
const PATTERN_FILE = "pattern.c";

class ToolFailed extends Error {}

type Llvm = typeof import("@yowasp/clang");
let llvm: Llvm | undefined;
let frontEnd: Promise<readonly string[]> | undefined;

async function run(args: readonly string[], files: Tree, wanted: string | undefined): Promise<Uint8Array> {
  llvm ??= await import("@yowasp/clang");
  const decoder = new TextDecoder();
  let said = "";
  const listen = (bytes: Uint8Array | null) => {
    if (bytes !== null) said += decoder.decode(bytes, { stream: true });
  };
  const options: RunOptions = { stdout: listen, stderr: listen, fetchProgress: () => {} };
  let result: Tree | undefined;
  try {
    result = await llvm.runLLVM([...args], files, options);
  } catch (error) {
    // Exit's code says no more than that it failed; anything else (no memory, a wasm trap) has a message.
    throw new ToolFailed(said.trim() || String(error));
  }
  if (wanted === undefined) return new TextEncoder().encode(said);
  const bytes = result?.[wanted];
  if (!(bytes instanceof Uint8Array)) throw new ToolFailed(said.trim() || `${args[0]} wrote no ${wanted}`);
  return bytes;
}

/** The compiler proper's arguments for any file: the driver takes 0.2 s to work them out, so it is asked once. */
async function askDriver(): Promise<readonly string[]> {
  const args = ["clang", "-###", ...flags, "-c", PATTERN_FILE, "-o", OUT];
  const said = new TextDecoder().decode(await run(args, { [PATTERN_FILE]: "" }, undefined));
  const line = said.split("\n").find((candidate) => candidate.includes('"-cc1"'));
  if (line === undefined) throw new ToolFailed(`clang -### names no -cc1 command: ${said.slice(0, 200)}`);
  const words = Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"/g), (match) => match[1]!.replace(/\\(.)/g, "$1"));
  return ["clang", ...words.slice(words.indexOf("-cc1"))];
}

async function compile(file: string): Promise<Uint8Array> {
  frontEnd ??= askDriver();
  const baseName = file.slice(file.lastIndexOf("/") + 1);
  const words = await frontEnd;
  const args = words.map((word, i) =>
    word !== PATTERN_FILE ? word : words[i - 1] === "-main-file-name" ? baseName : file,
  );
  return run(args, tree, OUT);
}

parentPort?.on("message", async (request: WorkerRequest) => {
  let reply: WorkerReply;
  try {
    const bytes =
      request.kind === "compile" ? await compile(request.file) : await run(request.args, request.objects, "xs.wasm");
    reply = { ok: true, bytes };
  } catch (error) {
    reply = { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
