// What `scripts/band.mjs` does once everything is set up: the tests' child processes run this.
import { main } from "../../hosts/sim/cli/band.js";

process.exitCode = await main(process.argv.slice(2));
