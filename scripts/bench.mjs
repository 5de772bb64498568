// `npm run bench` and `npm run bench:accuracy`: set up what is missing, then measure. Extra arguments go to the bench.
import { setUp } from "./setup.mjs";

setUp();
await import("./names.mjs");
const [first, ...rest] = process.argv.slice(2);
const isAccuracy = first === "accuracy";
const { main } = await import(isAccuracy ? "../build/bench/accuracy/accuracy.js" : "../build/bench/bench.js");
process.exitCode = await main(isAccuracy ? rest : process.argv.slice(2));
