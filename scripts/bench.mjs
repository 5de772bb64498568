// `npm run bench`: sets up what is missing, then measures. Extra arguments go to the bench.
import { setUp } from "./setup.mjs";

setUp();
await import("./names.mjs");
const { main } = await import("../build/bench/bench.js");
process.exitCode = await main(process.argv.slice(2));
