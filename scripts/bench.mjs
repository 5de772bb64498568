// `npm run bench`, `npm run bench:accuracy` and `npm run bench:programs`: set up what is missing, then measure. Extra arguments go to the bench.
import { setUp } from "./setup.mjs";

setUp();
await import("./names.mjs");
const [first, ...rest] = process.argv.slice(2);
const lanes = { accuracy: "../build/bench/accuracy/accuracy.js", programs: "../build/bench/programs.js" };
const lane = Object.hasOwn(lanes, first ?? "") ? lanes[first] : undefined;
const { main } = await import(lane ?? "../build/bench/bench.js");
process.exitCode = await main(lane === undefined ? process.argv.slice(2) : rest);
