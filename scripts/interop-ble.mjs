// `npm run test:interop:ble`: the simulated band against Bluetooth stacks that nobody here wrote. Makes a Python
// environment in .cache/ with pinned versions, once, then runs the scenarios of tests/interop/ble. Extra arguments are
// words of a scenario's name. Nothing but the loopback interface is used, and nothing keeps running.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "tests", "interop", "ble");
const nobleSource = join(folder, "noble");
const noble = join(root, ".cache", "noble");
const venv = join(root, ".cache", "venv-ble");
const log = join(root, ".cache", "interop-ble.log");
/** More than the scenarios take, even on a busy machine; then they hang. */
const LANE_MS_MAX = 8 * 60_000;

/** The lane cannot run here: not a failure of the band, but in CI every lane must run. */
class CannotRun extends Error {}

/** Where rootcanal's package has its library. */
function checkPlatform() {
  const here = `${process.platform}-${process.arch}`;
  if (!["linux-x64", "darwin-arm64"].includes(here))
    throw new CannotRun(`rootcanal has no controller for ${here}: use Linux on x86-64 or macOS on ARM`);
}

function findPython() {
  for (const name of [process.env.PYTHON, "python3", "python"].filter(Boolean)) {
    const { status } = spawnSync(name, ["-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))"]);
    if (status === 0) return name;
  }
  throw new CannotRun("Python 3.10 or later with venv is missing: apt-get install python3-venv, or set PYTHON");
}

/** A fresh environment whenever the versions change, so that what runs is what is written down. */
function preparePython() {
  const requirements = join(folder, "requirements-ble.txt");
  const python = join(venv, "bin", "python");
  const stamp = join(venv, ".installed");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return python;
  const base = findPython();
  process.stderr.write("installing bumble and rootcanal from PyPI, about 30 s, once …\n");
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(dirname(venv), { recursive: true });
  for (const [command, ...args] of [
    [base, "-m", "venv", venv],
    [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements],
  ]) {
    const { status } = spawnSync(command, args, { stdio: ["ignore", 2, 2] });
    if (status !== 0)
      throw new CannotRun(`"${args.join(" ")}" did not finish, see above: check the network or pip's index setting`);
  }
  writeFileSync(stamp, wanted);
  return python;
}

/** The second stack brings some 70 packages, which nobody needs who only builds the band. */
function prepareNoble() {
  const stamp = join(noble, ".installed");
  const lock = readFileSync(join(nobleSource, "package-lock.json"));
  const wanted = createHash("sha256").update(lock).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  process.stderr.write("installing noble from npm, about 10 s, once …\n");
  rmSync(noble, { recursive: true, force: true });
  mkdirSync(noble, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(nobleSource, name), join(noble, name));
  // Without their scripts: they build for radios of the machine, which the lane does not use.
  const words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", words, {
    cwd: noble,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new CannotRun("npm ci for noble did not finish, see above: check the network");
  writeFileSync(stamp, wanted);
}

function checkDissector() {
  if (spawnSync("tshark", ["--version"]).status === 0) return;
  throw new CannotRun("tshark is missing: apt-get install --no-install-recommends tshark");
}

/** rootcanal's library is linked against a C library of some age. */
function checkController(python) {
  const code = "import sys; sys.path.insert(0, sys.argv[1]); import air";
  const { status, stderr } = spawnSync(python, ["-c", code, folder], { encoding: "utf8" });
  if (status !== 0)
    throw new CannotRun(`rootcanal's library does not load (${stderr.trim().split("\n").at(-1)}): it wants glibc 2.34`);
}

async function prepareEngine() {
  await import("./names.mjs");
  const { prepareEngines } = await import("../build/hosts/sim/cli/prepare-engines.js");
  return prepareEngines();
}

/** @returns the lane's exit code; it is ended with all that it has started, also when we are */
function runLane(python, words) {
  return new Promise((resolve) => {
    const env = { ...process.env, BAND_NODE: process.execPath, BAND_NOBLE: noble, PYTHONDONTWRITEBYTECODE: "1" };
    const lane = spawn(python, [join(folder, "lane.py"), log, ...words], {
      cwd: root,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    // Asked to end, it stops the band; and the band ends by itself when its standard input does.
    const stop = () => lane.kill("SIGINT");
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
    const timer = setTimeout(() => {
      process.stdout.write(`the scenarios did not end within ${LANE_MS_MAX / 60_000} minutes\n`);
      lane.kill("SIGKILL");
    }, LANE_MS_MAX);
    lane.on("close", (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
}

try {
  checkPlatform();
  checkDissector();
  setUp();
  const python = preparePython();
  prepareNoble();
  checkController(python);
  process.exitCode = (await prepareEngine()) || (await runLane(python, process.argv.slice(2)));
  if (process.exitCode !== 0) process.stdout.write(`the log of controllers and stacks: ${log}\n`);
} catch (error) {
  if (!(error instanceof CannotRun)) throw error;
  process.stdout.write(`THE BLUETOOTH LANE DID NOT RUN: ${error.message}\n0 passed, 0 failed, not run\n`);
  process.exitCode = process.env.CI === "true" ? 1 : 0;
}
