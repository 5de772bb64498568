import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { durationMs, momentsMs, secondsOf, speedOf } from "../../hosts/sim/cli/arguments.js";
import { linesIn, PROCESS_TIMEOUT_MS, runBand } from "./run-band.js";

describe("band", function () {
  this.timeout(PROCESS_TIMEOUT_MS);

  it("has help with examples on every command", async () => {
    for (const [args, expected] of [
      [["--help"], /^Usage: band .*sim \[options\].*replay \[options\] <file>.*doctor \[options\].*\$ band sim\n/s],
      [[], /^Usage: band /],
      [["sim", "--help"], /^Usage: band sim .*--recording.*--speed.*--duration.*--debug.*--json.*\$ band sim --speed/s],
      [["replay", "--help"], /^Usage: band replay .*<file>.*--column.*--engine.*--out.*--from.*--to.*\$ band replay/s],
      [["doctor", "--help"], /^Usage: band doctor .*--json.*\$ band doctor\n/s],
      [["--help", "sim"], /^Usage: band sim /],
    ] as const) {
      const { code, stdout, stderr } = await runBand(...args);
      assert.match(stdout, expected);
      assert.equal(stderr, "");
      assert.equal(code, 0);
    }
  });

  it("prints its version", async () => {
    assert.match((await runBand("--version")).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it("refuses an unknown command in one line", async () => {
    const { code, stderr } = await runBand("replai");
    assert.equal(stderr, "band: unknown command 'replai' (Did you mean replay?) (band --help lists what there is)\n");
    assert.equal(code, 2);
  });

  it("takes options before the command's name", async () => {
    const { code, stderr } = await runBand("--recording", "none.csv", "sim");
    assert.equal(stderr, "none.csv: no such file; name an existing .csv or .csv.gz\n");
    assert.equal(code, 2);
  });
});

describe("band doctor", function () {
  this.timeout(PROCESS_TIMEOUT_MS);

  it("says what is there for which job, and how to get what is not", async () => {
    const { code, stdout } = await runBand("doctor");
    assert.equal(code, 0);
    assert.match(stdout, /^run and test the band on this laptop: ready\n {2}✔ Node, 20\.9 or later: \d+\./);
    for (const job of ["check the firmware's build", "put the firmware on a board", "other Bluetooth stacks"])
      assert(stdout.includes(job), job);
    assert.doesNotMatch(stdout, /missing$\n(?! {6}\S)/m, "the line that mends it follows");
  });

  it("says the same as JSON", async () => {
    const lines = linesIn((await runBand("doctor", "--json")).stdout);
    assert(lines.length >= 8);
    for (const line of lines) {
      assert.deepEqual(Object.keys(line), ["job", "what", "found", "remedy"]);
      assert(String(line.remedy).length > 0 && !String(line.remedy).includes("\n"));
    }
  });
});

describe("arguments", () => {
  it("reads times in seconds, minutes and hours", () => {
    assert.equal(durationMs("90"), 90_000);
    assert.equal(durationMs("90s"), 90_000);
    assert.equal(durationMs("0.5s"), 500);
    assert.equal(durationMs("10m"), 600_000);
    assert.equal(durationMs("1.5h"), 5_400_000);
    for (const text of ["", "0", "-1", "1d", "1 m", "s", "1e3", "Infinity", "9".repeat(400)])
      assert.throws(() => durationMs(text), /say how long/, text);
  });

  it("collects moments", () => assert.deepEqual(momentsMs("1m", momentsMs("5s")), [5000, 60_000]));

  it("reads a speed", () => {
    assert.equal(speedOf("1"), 1);
    assert.equal(speedOf("0.5"), 0.5);
    assert.equal(speedOf("max"), Number.POSITIVE_INFINITY);
    for (const text of ["", "0", "-1", "1x", "NaN", "Infinity", "0x10"])
      assert.throws(() => speedOf(text), /say 1/, text);
  });

  it("reads seconds of a recording", () => {
    assert.equal(secondsOf("0"), 0);
    assert.equal(secondsOf("12.5"), 12.5);
    for (const text of ["", "-1", "soon", "1m"]) assert.throws(() => secondsOf(text), /say seconds/, text);
  });
});
