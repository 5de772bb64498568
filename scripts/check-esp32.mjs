// `npm run check:esp32`: as much of the device build as needs no ESP-IDF, for every board, debug and release, from a
// clean folder: types against the Moddable SDK's own ESP32 declarations, byte code, and the link into flash with
// preload and strip. Needs an SDK at $MODDABLE with its command-line tools built; without one it says so and is content.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expandModules, root } from "./manifest.mjs";
import { setUp } from "./setup.mjs";

const readJson = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));
const bandManifest = () => readJson("manifest.json");
const hostManifest = () => readJson("hosts/esp32/manifest.json");

/** Where the SDK's tools are, or why this check cannot run. */
function findSdk() {
  const sdk = process.env.MODDABLE;
  if (!sdk) return { skipped: "$MODDABLE is not set (see docs/porting.md for the Moddable SDK)" };
  const system = { linux: "lin", darwin: "mac" }[process.platform];
  if (!system) return { skipped: "the SDK's build files for the ESP32 are run on Linux and macOS only" };
  const tools = join(sdk, "build", "bin", system, "release");
  if (!existsSync(join(tools, "mcconfig")))
    return {
      failed: `$MODDABLE is ${sdk}, but ${join(tools, "mcconfig")} does not exist: build the SDK's tools first`,
    };
  return { tools };
}

function run(command, args, cwd, env) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return { ok: status === 0, output: error ? `${command}: ${error.message}\n` : `${stdout}${stderr}` };
}

/** A folder that the SDK's makefile takes for ESP-IDF as long as nothing of it is used: an empty git tag will do. */
function fakeIdf(folder, version) {
  mkdirSync(folder);
  const author = ["-c", "user.name=check", "-c", "user.email=check@localhost", "-c", "commit.gpgsign=false"];
  for (const args of [
    ["init", "-q"],
    [...author, "commit", "-q", "--allow-empty", "-m", version],
    ["tag", version],
  ]) {
    const { ok, output } = run("git", args, folder, process.env);
    if (!ok) throw new Error(output);
  }
  return folder;
}

/** Names of our own modules in the build of one board. */
function ownModules() {
  const names = [...expandModules(bandManifest().modules, "manifest.json").keys()];
  return [...names, ...hostManifest().preload];
}

/** Bytes of flash for the linked modules, from the C that the linker wrote: 2 % less than gcc makes of it for rv32imc. */
function linkedSize(source) {
  const count = (name) => Number(source.match(new RegExp(`#define ${name} (\\d+)`))[1]);
  const lengths = (pattern) => [...source.matchAll(pattern)].reduce((sum, [, length]) => sum + Number(length), 0);
  const literals = new Set([...source.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, literal]) => literal));
  let literalBytes = 0;
  for (const literal of literals) literalBytes += literal.replace(/\\(x..|[0-7]{3}|.)/g, "_").length + 1;
  const keys = count("mxKeysCount");
  const slots = 16 * (count("mxHeapCount") + count("mxStackCount"));
  const code = literalBytes + lengths(/^static const txU1 gxCode\d+\[(\d+)\] = /gm);
  const tables =
    12 * lengths(/^static const xsHostBuilder gxBuilders\d*\[(\d+)\] = /gm) +
    36 * count("mxScriptsCount") +
    4 * (keys + count("mxNamesCount") + count("mxSymbolsCount")) +
    2 * keys;
  return { slots, code, tables, total: slots + code + tables, aliasBytes: 4 * count("mxAliasCount") };
}

/** The `creation` numbers in the linked image, in the order of the SDK's struct. */
function linkedCreation(source) {
  const [chunk, chunkMore, heap, heapMore, stack, , , , , , , fixed] = source
    .match(/\(txScript\*\)gxScripts,\s*\d+,\s*\{([^}]*)\}/)[1]
    .split(",")
    .map(Number);
  return {
    static: fixed,
    chunk: { initial: chunk, incremental: chunkMore },
    heap: { initial: heap, incremental: heapMore },
    stack,
  };
}

/** What is wrong with one finished build; empty when all is well. */
function faults(folder, output, source) {
  const found = [];
  const own = ownModules();
  for (const [line, name] of output.matchAll(/^### warning: ([^:]+):.*$/gm)) if (own.includes(name)) found.push(line);

  const preloads = new Set(
    [...readFileSync(join(folder, "makefile"), "utf8").matchAll(/^\t-p (\S+)\.xsb/gm)].map((m) => m[1]),
  );
  for (const name of own) if (name !== "main" && !preloads.has(name)) found.push(`not preloaded: ${name}`);

  for (const [, kind] of source.matchAll(/\.kind = XS_(MAP|SET|WEAK_MAP|WEAK_SET|ARRAY_BUFFER)_KIND/g))
    found.push(`a preloaded module holds a ${kind} at module scope: it lies in flash and cannot be written`);

  const { static: fixed, chunk, heap, stack } = bandManifest().creation;
  const wanted = JSON.stringify({ static: fixed, chunk, heap, stack });
  const linked = JSON.stringify(linkedCreation(source));
  if (linked !== wanted) found.push(`creation is ${linked}, manifest.json says ${wanted}`);

  const project = readdirSync(folder).find((name) => name.startsWith("xsProj-"));
  const merged = readFileSync(join(folder, project, "sdkconfig.mc"), "utf8").split(/\r?\n/);
  const settings = readFileSync(join(root, "hosts/esp32/sdkconfig/sdkconfig.defaults"), "utf8").match(/^CONFIG_.*$/gm);
  for (const setting of [...settings, "CONFIG_BT_ENABLED=y", "CONFIG_BT_NIMBLE_ROLE_PERIPHERAL=y"])
    if (!merged.includes(setting) && !merged.includes(setting.replace(/=n$/, "=")))
      found.push(`sdkconfig lacks ${setting}`);
  return found;
}

/** Builds one board in one mode; returns its line for the table, or throws with what the SDK said. */
function build(board, mode, tools, idf, out) {
  const env = { ...process.env, PATH: `${tools}:${process.env.PATH}`, IDF_PATH: idf };
  mkdirSync(out);
  const flags = mode === "debug" ? ["-d"] : [];
  const configured = run("mcconfig", [...flags, "-p", board, "-o", out], root, env);
  if (!configured.ok) throw new Error(configured.output);

  const folder = join(out, "tmp", board, mode, basename(root));
  const project = readdirSync(folder).find((name) => name.startsWith("xsProj-"));
  const image = join(folder, "mc.xs.c");
  // `-o` declares ESP-IDF's own configuration up to date: without it the makefile would call idf.py.
  const idfConfig = join(folder, project, "build", "config", "sdkconfig.h");
  const targets = [image, join(folder, "mc.resources.c")];
  const made = run("make", ["-f", "makefile", "-o", idfConfig, ...targets, "MAKEFLAGS_JOBS=-j2"], folder, env);
  if (!made.ok) throw new Error(made.output.replace(/^# .*\n/gm, ""));

  const source = readFileSync(image, "utf8");
  const found = faults(folder, configured.output + made.output, source);
  if (found.length > 0) throw new Error(found.join("\n"));
  const { slots, code, tables, total, aliasBytes } = linkedSize(source);
  const kb = (bytes) => (bytes / 1024).toFixed(1).padStart(7);
  return `${board.padEnd(20)} ${mode.padEnd(8)}${kb(total)}${kb(slots)}${kb(code)}${kb(tables)}${String(aliasBytes).padStart(9)}`;
}

function checkAll(tools) {
  setUp();
  const boards = Object.keys(hostManifest().platforms).filter((name) => !name.endsWith("/*"));
  const work = mkdtempSync(join(tmpdir(), "check-esp32-"));
  const version = JSON.parse(readFileSync(join(process.env.MODDABLE, "build/devices/esp32/manifest.json"), "utf8"))
    .build.EXPECTED_ESP_IDF;
  const idf = fakeIdf(join(work, "idf"), version);
  process.stdout.write("linked modules, KB of flash (without the engine and ESP-IDF); RAM for aliases, bytes\n");
  process.stdout.write(`${"board".padEnd(20)} ${"mode".padEnd(8)}  total  slots   code tables  aliases\n`);
  let failures = 0;
  for (const board of boards)
    for (const mode of ["debug", "release"])
      try {
        const out = join(work, `${board.replace("/", "-")}-${mode}`);
        process.stdout.write(`${build(board, mode, tools, idf, out)}\n`);
      } catch (cause) {
        failures++;
        process.stdout.write(`${board.padEnd(20)} ${mode.padEnd(8)} FAILED\n${cause.message.trim()}\n`);
      }
  if (failures === 0) rmSync(work, { recursive: true });
  else process.stdout.write(`${failures} of ${2 * boards.length} builds failed; what they wrote is in ${work}\n`);
  return failures === 0 ? 0 : 1;
}

const { tools, skipped, failed } = findSdk();
if (skipped) process.stdout.write(`skipped: ${skipped}\n`);
if (failed) process.stderr.write(`${failed}\n`);
process.exitCode = tools ? checkAll(tools) : failed ? 2 : 0;
