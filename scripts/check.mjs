// `npm run check`: types, lint and format. Nothing is written.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
setUp();
const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
const { status } = spawnSync(process.execPath, [biome, "check", "--error-on-warnings", "."], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
