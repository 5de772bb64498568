/** The command line as a process of its own, as a user has it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "#manifest";

/** Starting, on a machine that has other things to do. */
export const PROCESS_TIMEOUT_MS = 60_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when standard output or error contains `text`; fails if the process ends before. */
  said(text: string): Promise<void>;
}

export const startBand = (...args: string[]): Running => startBandIn("", args);

/** @param prelude  a program that runs before: what it breaks is broken */
export function startBandIn(prelude: string, args: readonly string[]): Running {
  const entry = fileURLToPath(new URL("./band-process.js", import.meta.url));
  const names = pathToFileURL(join(root, "scripts", "names.mjs")).href;
  const before = `data:text/javascript,${encodeURIComponent(prelude)}`;
  const child = spawn(process.execPath, ["--import", before, "--import", names, entry, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const texts = { stdout: "", stderr: "" };
  const waiting: { text: string; resolve: () => void; reject: (error: Error) => void }[] = [];
  const look = (): void => {
    for (const { text, resolve } of waiting) if (texts.stdout.includes(text) || texts.stderr.includes(text)) resolve();
  };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
      look();
    });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const { text, reject: fail } of waiting) fail(new Error(`ended without "${text}": ${texts.stderr}`));
      resolve({ code, signal, ...texts });
    });
  });
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ text, resolve, reject });
      look();
    });
  return { child, ended, said };
}

export const runBand = (...args: string[]): Promise<Ended> => startBand(...args).ended;

/** Each line of standard output as an object. */
export const linesIn = (text: string): Record<string, unknown>[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** A folder that goes with the test, its name with a space in it. */
export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), "band cli-"));

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
