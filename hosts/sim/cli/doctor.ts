import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import pc from "picocolors";
import { root } from "#manifest";
import { EngineError, readRecipe } from "../engine/recipe.node.js";
import { ExitCode } from "./exit-code.js";

/** One thing that some job needs. */
export interface Finding {
  readonly job: "simulator" | "device" | "flashing" | "interop";
  readonly what: string;
  /** Version or place; null if it is missing. */
  readonly found: string | null;
  /** The one line that mends it. */
  readonly remedy: string;
}

const JOBS: Readonly<Record<Finding["job"], string>> = {
  simulator: "run and test the band on this laptop",
  device: "check the firmware's build for the ESP32 (npm run check:esp32)",
  flashing: "put the firmware on a board (docs/porting.md)",
  interop: "let other Bluetooth stacks talk to the simulated band",
};

function packageVersion(name: string): string | null {
  try {
    return JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;
  } catch {
    return null;
  }
}

function engine(debug: boolean): string | null {
  try {
    return existsSync(join(root, ".cache", "xs", `${readRecipe(debug).key}.wasm`)) ? "built" : null;
  } catch (error) {
    if (error instanceof EngineError) return null; // its sources are missing: the lines above say so
    throw error;
  }
}

/** What a tool says of itself, its first line. */
function version(command: string, ...args: string[]): string | null {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 10_000 });
  return status === 0 ? ((stdout || stderr).split("\n")[0]?.trim() ?? "") : null;
}

function onPath(command: string): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const names = process.platform === "win32" ? [`${command}.exe`, `${command}.bat`] : [command];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path)) ?? null;
}

/** A folder named by the environment that holds `proof`. */
function folderOf(variable: string, proof: string): string | null {
  const folder = process.env[variable];
  return folder !== undefined && existsSync(join(folder, proof)) ? folder : null;
}

export interface DoctorOptions {
  readonly json?: boolean;
}

export function findings(): Finding[] {
  const simulator = (what: string, found: string | null, remedy: string): Finding => ({
    job: "simulator",
    what,
    found,
    remedy,
  });
  return [
    simulator("Node, 20.9 or later", process.versions.node, "install Node from https://nodejs.org"),
    simulator("XS sources (@agoric/xsnap)", packageVersion("@agoric/xsnap"), "npm ci"),
    simulator("compiler for the engine (@yowasp/clang)", packageVersion("@yowasp/clang"), "npm ci"),
    simulator("XS engine", engine(false), "npm start (builds it, about a minute, once)"),
    simulator("XS engine for --debug and the tests", engine(true), "npm test (builds it, about a minute, once)"),
    {
      job: "device",
      what: "Moddable SDK ($MODDABLE)",
      found: folderOf("MODDABLE", "xs"),
      remedy: "npx xs-dev setup (or the SDK's Getting Started guide, then export MODDABLE=…)",
    },
    {
      job: "device",
      what: "Moddable's tools",
      found: onPath("mcconfig"),
      remedy:
        'make -C "$MODDABLE/build/makefiles/lin" tools (mac on a Mac), then add $MODDABLE/build/bin/…/release to PATH',
    },
    {
      job: "flashing",
      what: "ESP-IDF ($IDF_PATH)",
      found: folderOf("IDF_PATH", "tools"),
      remedy: "npx xs-dev setup --device esp32, then . $IDF_PATH/export.sh",
    },
    {
      job: "interop",
      what: "Python 3 for independent Bluetooth peers",
      found: version("python3", "--version"),
      remedy: "install Python 3 from https://python.org",
    },
  ];
}

/** `band doctor`. Only tells: it always ends well. */
export function doctor({ json = false }: DoctorOptions): ExitCode {
  const found = findings();
  if (json) process.stdout.write(found.map((finding) => `${JSON.stringify(finding)}\n`).join(""));
  else process.stdout.write(report(found));
  return ExitCode.Fine;
}

function report(all: readonly Finding[]): string {
  const lines: string[] = [];
  for (const job of Object.keys(JOBS) as Finding["job"][]) {
    // its own keys
    const own = all.filter((finding) => finding.job === job);
    const isReady = own.every(({ found }) => found !== null);
    lines.push(`${pc.bold(JOBS[job])}: ${isReady ? "ready" : "not ready"}`);
    for (const { what, found, remedy } of own)
      lines.push(
        found === null ? `  ${pc.yellow("–")} ${what}: missing` : `  ${pc.green("✔")} ${what}: ${found}`,
        ...(found === null ? [`      ${remedy}`] : []),
      );
  }
  return `${lines.join("\n")}\n`;
}
