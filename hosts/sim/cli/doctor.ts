import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import { root } from "#manifest";
import { readRecipe } from "../engine/recipe.node.js";

interface Finding {
  readonly job: string;
  readonly what: string;
  readonly found: string | undefined;
  /** The one line that mends it. */
  readonly remedy: string;
}

const packageVersion = (name: string): string | undefined =>
  existsSync(join(root, "node_modules", name, "package.json")) ? "installed" : undefined;

function cachedEngine(): string | undefined {
  const path = join(root, ".cache", "xs", `${readRecipe(false).key}.wasm`);
  return existsSync(path) ? "cached" : undefined;
}

function commandVersion(command: string, ...args: string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 10_000 });
  return status === 0 ? (stdout || stderr).split("\n")[0]?.trim() : undefined;
}

function findings(): Finding[] {
  const moddable = process.env.MODDABLE;
  const idf = process.env.IDF_PATH;
  return [
    {
      job: "simulator",
      what: "Node 20.9 or later",
      found: process.versions.node,
      remedy: "install Node from nodejs.org",
    },
    {
      job: "simulator",
      what: "compiler for the engine (@yowasp/clang)",
      found: packageVersion("@yowasp/clang"),
      remedy: "npm ci",
    },
    { job: "simulator", what: "XS sources (@agoric/xsnap)", found: packageVersion("@agoric/xsnap"), remedy: "npm ci" },
    {
      job: "simulator",
      what: "XS engine, built",
      found: cachedEngine(),
      remedy: "npm start builds it, about a minute, once",
    },
    {
      job: "device",
      what: "Moddable SDK ($MODDABLE)",
      found: moddable !== undefined && existsSync(join(moddable, "xs")) ? moddable : undefined,
      remedy: "follow the SDK's Getting Started, or: npm i -g xs-dev && xs-dev setup",
    },
    {
      job: "device",
      what: "mcconfig on the PATH",
      found: commandVersion("which", "mcconfig"),
      remedy: "add the SDK's build/bin/…/release to PATH",
    },
    {
      job: "flashing",
      what: "ESP-IDF 6.0 ($IDF_PATH)",
      found: idf !== undefined && existsSync(idf) ? idf : undefined,
      remedy: "xs-dev setup --device esp32, then run its export script",
    },
  ];
}

/** `band doctor`: one line a part, what it is for, and how to get what is missing. Always exits 0: it only tells. */
export function doctor(): void {
  for (const { job, what, found, remedy } of findings()) {
    const mark = found === undefined ? pc.yellow("–") : pc.green("✔");
    process.stdout.write(`${mark} ${job.padEnd(10)} ${what}: ${found ?? `missing; ${remedy}`}\n`);
  }
}
