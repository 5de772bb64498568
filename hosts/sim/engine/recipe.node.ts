// What the engine is built from, and the keys of its cache.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Tree } from "@yowasp/clang";

/** The repository; this file runs from build/hosts/sim/engine/. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "..");
const ownSources = join(root, "hosts", "sim", "engine", "c");

/** The engine cannot be built; the message is one line and names the remedy. */
export class EngineError extends Error {
  override name = "EngineError";
}

export const COMPILER = "21.1.4-3";

// -fno-strict-float-cast-overflow is mandatory: XS asks "is this double an int?" by casting it to int and back, which
// LLVM may otherwise fold into trunc(x) == x; then number conversions are silently wrong. The numeric probes detect it.
const COMPILE_FLAGS = [
  "--target=wasm32-wasip1",
  "-Os",
  "-fno-common",
  "-mllvm",
  "-wasm-enable-sjlj",
  "-fwasm-exceptions",
  "-fno-strict-float-cast-overflow",
  "-w",
  "-include",
  "config.h",
  "-I.",
  "-Ixs/includes",
  "-Ixs/platforms",
  "-Ixs/sources",
];
const DEBUG_FLAGS = ["-DmxDebug=1"];

const SYSROOT = "/usr/lib";
export const LINK_FLAGS_BEFORE = [
  "wasm-ld",
  "-z",
  "stack-size=1048576",
  "--stack-first", // an overflow of the C stack traps instead of overwriting data
  "--strip-all",
  "--gc-sections",
  "--no-entry",
  "--export=malloc",
  "--export=free",
  `${SYSROOT}/wasm32-wasip1/crt1-reactor.o`,
];
export const LINK_FLAGS_AFTER = [
  `-L${SYSROOT}/wasm32-wasip1`,
  "-lsetjmp",
  "-lc",
  "-lm",
  `${SYSROOT}/wasm32-unknown-wasip1/libclang_rt.builtins.a`,
  "-o",
  "xs.wasm",
];

/** All imports that the engine may have; `host` is machine.ts, the rest WASI. Anything else is a missing function. */
export const IMPORTS: readonly string[] = [
  "host.bytes",
  "host.call",
  "host.find",
  "host.load",
  "host.print",
  "host.violation",
  "wasi_snapshot_preview1.clock_time_get",
  "wasi_snapshot_preview1.fd_close",
  "wasi_snapshot_preview1.fd_seek",
  "wasi_snapshot_preview1.fd_write",
];
/** The debug engine's besides: it prints. */
export const IMPORTS_DEBUG: readonly string[] = ["wasi_snapshot_preview1.fd_fdstat_get"];

/** How often c/run.c's macros occur in xsRun.c: another use would compile, and be wrong. */
const RUN_MACROS: readonly (readonly [text: string, count: number])[] = [
  ["c_setjmp(", 2],
  ["c_malloc(", 2],
  ["mxTry(", 1],
  ["mxCheckCStack()", 1],
  ["XS_CODE_JUMP:", 1],
];

/** @throws EngineError when xsRun.c is not the one that c/run.c was written for. */
export function checkInterpreter(xsRunSource: string): void {
  for (const [text, wanted] of RUN_MACROS) {
    const found = xsRunSource.split(text).length - 1;
    if (found !== wanted)
      throw new EngineError(
        `xsRun.c uses ${text} ${found} times instead of ${wanted}: hosts/sim/engine/c/run.c does not fit this XS, ` +
          "install the pinned @agoric/xsnap with npm ci",
      );
  }
}

export interface Unit {
  /** Path in the tree. */
  readonly file: string;
  /** Of the object file, over everything that goes into it. */
  readonly key: string;
  /** Bytes of source: the biggest are compiled first. */
  readonly size: number;
}
export interface Recipe {
  readonly flags: readonly string[];
  readonly tree: Tree;
  readonly units: readonly Unit[];
  /** Of the engine. */
  readonly key: string;
}

function sha256(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex");
}

function readFolder(folder: string, pattern: RegExp): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(folder).sort())
    if (pattern.test(name)) files[name] = readFileSync(join(folder, name), "utf8");
  return files;
}

/** @throws EngineError when it is not there in exactly that version */
export function packageFolder(name: string, version: string): string {
  let folder: string;
  let found: unknown;
  try {
    folder = join(root, "node_modules", ...name.split("/"));
    found = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
  } catch {
    throw new EngineError(`the package ${name} is not installed: run npm ci`);
  }
  if (found !== version) throw new EngineError(`the package ${name} is ${found} instead of ${version}: run npm ci`);
  return folder;
}

/** Reads every source. About 20 ms. */
export function readRecipe(debug: boolean): Recipe {
  packageFolder("@yowasp/clang", COMPILER);
  const xs = join(packageFolder("@agoric/xsnap", "0.15.0"), "moddable", "xs");
  const sources = readFolder(join(xs, "sources"), /\.[ch]$/);
  const includes = readFolder(join(xs, "includes"), /\.h$/);
  const platforms = readFolder(join(xs, "platforms"), /\.h$/);
  const own = readFolder(ownSources, /\.[ch]$/);
  checkInterpreter(sources["xsRun.c"] ?? "");

  const flags = debug ? [...COMPILE_FLAGS, ...DEBUG_FLAGS] : COMPILE_FLAGS;
  const headers = [includes, platforms, sources, own]
    .flatMap((folder) => Object.entries(folder).filter(([name]) => name.endsWith(".h")))
    .flat();
  const common = sha256(COMPILER, ...flags, ...headers);
  const units: Unit[] = [];
  const add = (file: string, text: string) => units.push({ file, key: sha256(common, file, text), size: text.length });
  for (const [name, text] of Object.entries(sources))
    if (name.endsWith(".c") && name !== "xsSnapshot.c" && name !== "xsRun.c") add(`xs/sources/${name}`, text);
  for (const [name, text] of Object.entries(own))
    if (name === "run.c") add(name, text + (sources["xsRun.c"] ?? ""));
    else if (name.endsWith(".c")) add(name, text);
  const key = sha256(...units.map((unit) => unit.key), ...LINK_FLAGS_BEFORE, ...LINK_FLAGS_AFTER);
  return { flags, tree: { ...own, xs: { sources, includes, platforms } }, units, key };
}
