// `npm test`: sets up what is missing, then runs mocha over the compiled tests. Extra arguments go to mocha.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
setUp();
// Both engines are built here, with progress and without a test's time limit.
await import("./names.mjs");
const { prepareEngines } = await import("../build/hosts/sim/cli/prepare-engines.js");
process.exitCode = await prepareEngines();
if (process.exitCode === 0) {
  const mocha = join(root, "node_modules", "mocha", "bin", "mocha.js");
  const { status } = spawnSync(process.execPath, [mocha, ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
  process.exitCode = status ?? 1;
}
