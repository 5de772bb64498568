#!/usr/bin/env node
// `npx band …` and `npm start`: sets up what is missing, then hands over to the compiled command line.
import { setUp } from "./setup.mjs";

setUp();
process.setSourceMapsEnabled(true);
await import("./names.mjs");
const { main } = await import("../build/hosts/sim/cli/band.js");
process.exitCode = await main(process.argv.slice(2));
