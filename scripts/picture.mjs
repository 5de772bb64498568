// `npm run picture`: runs `band sim` for a minute and draws what the terminal shows then.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

process.env.FORCE_COLOR = "1";
setUp();
await import("./names.mjs");
const { pictureOf } = await import("../build/hosts/sim/cli/picture.js");
const path = join(dirname(fileURLToPath(import.meta.url)), "..", "docs", "pictures", "band-sim.svg");
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, await pictureOf());
process.stdout.write(`drawn: ${path}\n`);
