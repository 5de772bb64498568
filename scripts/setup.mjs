// What a fresh clone needs before anything else can run: npm packages, then compiled TypeScript.
// No dependency of its own; each step is skipped when nothing has changed since it last succeeded.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const NODE_OLDEST = [20, 9];

/** What the user can mend: one line, exit code 2. */
class SetupError extends Error {}
/** Ctrl-C reached what we were waiting for. */
class Interrupted extends Error {}

/** @param version  "20.9.0" */
export function isNodeTooOld(version) {
  const [major, minor] = version.split(".").map(Number);
  return major < NODE_OLDEST[0] || (major === NODE_OLDEST[0] && minor < NODE_OLDEST[1]);
}

function checkNode() {
  const version = process.versions.node;
  if (isNodeTooOld(version))
    throw new SetupError(
      `Node ${version} is too old: install Node ${NODE_OLDEST.join(".")} or later from https://nodejs.org`,
    );
}

const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

const LOCK_AGE_MS_MAX = 15 * 60_000;
const LOCK_SETTLE_MS = 100;

const readLock = (path) => {
  try {
    return { text: readFileSync(path, "utf8"), ageMs: Date.now() - statSync(path).mtimeMs };
  } catch {
    return undefined; // released meanwhile
  }
};

function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw new SetupError(
      `${path} cannot be written (${error.code}): the simulator needs a folder that it may write to`,
    );
  }
}

/**
 * Runs `work` while no other start of this clone does: `npm ci` empties node_modules and tsc writes build/, both under
 * the feet of whoever reads them. A lock whose owner was killed is taken over. Two that take it over at once might each
 * move the other's fresh lock away: so after a takeover each looks again whether it is still the owner.
 */
function alone(work) {
  const folder = join(root, ".cache");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "setup.lock");
  let told = false;
  let tookOver = false;
  for (;;) {
    if (take(path)) {
      if (tookOver) sleep(LOCK_SETTLE_MS);
      if (!tookOver || readLock(path)?.text === String(process.pid)) break;
      continue;
    }
    const lock = readLock(path);
    if (lock === undefined) continue;
    // An empty lock is one whose owner is about to write its number.
    const isStale = lock.text === "" ? lock.ageMs > 1000 : !isAlive(Number(lock.text)) || lock.ageMs > LOCK_AGE_MS_MAX;
    if (isStale) {
      const aside = `${path}.${process.pid}`;
      try {
        renameSync(path, aside);
        rmSync(aside, { force: true });
      } catch {
        // somebody else was faster
      }
      tookOver = true;
      continue;
    }
    if (!told && lock.ageMs > 3000) {
      process.stderr.write(`waiting for another start (process ${lock.text}) that is setting up …\n`);
      told = true;
    }
    sleep(50);
  }
  // Ctrl-C reaches npm or tsc and us alike. They end; we do so in order, and the lock does not stay behind.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  process.on("SIGTERM", ignore);
  try {
    return work();
  } finally {
    process.removeListener("SIGINT", ignore);
    process.removeListener("SIGTERM", ignore);
    rmSync(path, { force: true });
  }
}

/** Runs npm with this very Node where npm has started us, else the one on the path. */
function npm(...args) {
  const options = { cwd: root, stdio: ["ignore", 2, 2] };
  const cli = process.env.npm_execpath ?? "";
  if (basename(cli) === "npm-cli.js") return spawnSync(process.execPath, [cli, ...args], options);
  return spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
}

function refuseInterrupted({ signal, status }) {
  if (signal === "SIGINT" || signal === "SIGTERM" || status === 130) throw new Interrupted();
}

function installPackages() {
  const stamp = join(root, "node_modules", ".lock-installed");
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  process.stderr.write("installing npm packages, about 10 s, once …\n");
  const run = npm("ci", "--include=dev", "--loglevel=error");
  refuseInterrupted(run);
  if (run.error)
    throw new SetupError(`npm cannot be run (${run.error.code}): install Node with npm from https://nodejs.org`);
  if (run.status !== 0)
    throw new SetupError(
      "npm ci did not finish, see above: check the network or npm's registry setting, then try again",
    );
  writeFileSync(stamp, lock);
}

function compile() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const run = spawnSync(process.execPath, [tsc, "-b"], { cwd: root, stdio: ["ignore", 2, 2] });
  refuseInterrupted(run);
  if (run.status !== 0)
    throw new SetupError("the TypeScript above does not compile: mend it, then run the command again");
}

/** Ends the process with one line and code 2 if something is missing that only the user can mend. */
export function setUp() {
  try {
    checkNode();
    alone(() => {
      installPackages();
      compile();
    });
  } catch (error) {
    if (error instanceof Interrupted) process.exit(130);
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
