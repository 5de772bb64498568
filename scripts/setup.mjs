// What a fresh clone needs before anything else can run: npm packages, then compiled TypeScript.
// No dependency of its own; each step is skipped when nothing has changed since it last succeeded.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const NODE_OLDEST = [20, 9];

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < NODE_OLDEST[0] || (major === NODE_OLDEST[0] && minor < NODE_OLDEST[1]))
    fail(`Node ${process.versions.node} is too old: install Node ${NODE_OLDEST.join(".")} or later from nodejs.org`);
}

/** Runs npm with this very Node, whatever shell started us. */
function npm(...args) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith(".js")
    ? spawnSync(process.execPath, [cli, ...args], { cwd: root, stdio: ["ignore", "inherit", "inherit"] })
    : spawnSync("npm", args, {
        cwd: root,
        stdio: ["ignore", "inherit", "inherit"],
        shell: process.platform === "win32",
      });
}

function installPackages() {
  const stamp = join(root, "node_modules", ".lock-installed");
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  process.stderr.write("installing npm packages (about 10 s, once) …\n");
  const { status } = npm("ci", "--include=dev", "--loglevel=error");
  if (status !== 0) fail("npm ci failed: check the network or the npm registry setting, then run the command again");
  writeFileSync(stamp, lock);
}

function compile() {
  mkdirSync(join(root, "build"), { recursive: true });
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-b"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) fail("the TypeScript above does not compile: mend it, then run the command again");
}

export function setUp() {
  checkNode();
  installPackages();
  compile();
}
