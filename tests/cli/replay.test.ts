import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { after, describe, it } from "mocha";
import { linesIn, PROCESS_TIMEOUT_MS, runBand, Scratch, startBand, startBandIn } from "./run-band.js";

const REST = "recordings/neurokit_rest5min.csv.gz"; // 30,000 samples at 100 Hz: 0 .. 299.99 s
const scratch = new Scratch();

/** A recording so long that its run is still going on when the test interrupts it. */
function longRecording(name: string, copies: number): string {
  const [attributes = "", names = "", ...samples] = gunzipSync(readFileSync(REST)).toString().trim().split("\n");
  const rows = Array.from({ length: copies }, () => samples).flat();
  return scratch.write(name, [attributes, names, ...rows, ""].join("\n"));
}

describe("band replay", function () {
  this.timeout(PROCESS_TIMEOUT_MS);
  after(() => scratch.remove());

  it("tells beats, seconds, contact and the end, one object a line", async () => {
    const { code, stdout, stderr } = await runBand("replay", REST, "--to", "30");
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "");
    const lines = linesIn(stdout);
    const of = (type: string) => lines.filter((line) => line.type === type);
    for (const beat of of("beat"))
      assert.deepEqual(Object.keys(beat), ["type", "tMs", "rrTicks", "accepted", "verdict", "qualityQ8"]);
    assert.equal(of("second").length, 30);
    assert.deepEqual(
      of("second").map((second) => second.bpm === null),
      of("second").map((second) => second.reason !== null),
      "a rate or the reason why there is none",
    );
    assert.deepEqual(of("contact").at(-1), {
      type: "contact",
      tMs: of("contact").at(-1)?.tMs,
      state: "worn",
      reason: null,
    });
    const end = lines.at(-1);
    assert.equal(end?.type, "end");
    assert.equal(end.interrupted, false);
    assert.equal(end.beats, of("beat").length);
    assert.equal(end.accepted, of("beat").filter((beat) => beat.accepted === true).length);
    assert.equal(end.tMs, 30_000);
    assert(lines.every((line) => Number(line.tMs) >= 0 && Number(line.tMs) <= 30_000));
  });

  it("gives beats at the recording's own time, near the reference", async () => {
    const { stdout } = await runBand("replay", REST, "--from", "100", "--to", "130");
    const beats = linesIn(stdout).filter((line) => line.type === "beat" && line.accepted === true);
    const rPeaks = readFileSync("recordings/neurokit_rest5min.beats.csv", "utf8").split("\n").map(Number.parseFloat);
    const expected = rPeaks.filter((ms) => ms > 106_000 && ms < 128_000);
    // From the R peak to the upstroke at the finger some 150 .. 450 ms pass.
    const missed = expected.filter((ms) => !beats.some(({ tMs }) => Number(tMs) > ms + 50 && Number(tMs) < ms + 550));
    assert(missed.length <= 2, `no beat after the R peaks at ${missed.join(", ")} ms`);
  });

  it("says the same on XS and on V8, and again", async () => {
    const replay = async (engine: string) => {
      const { code, stdout, stderr } = await runBand("replay", REST, "--to", "40", "--engine", engine);
      assert.equal(code, 0, stderr);
      return stdout;
    };
    const [xs, xsAgain, v8] = [await replay("xs"), await replay("xs"), await replay("v8")];
    assert.equal(xsAgain, xs);
    const felt = (text: string) => text.split("\n").filter((line) => !line.includes('"end"'));
    assert.deepEqual(felt(v8), felt(xs));
    assert(felt(xs).length > 60);
  });

  it("writes to a file of its own, whole, and to the same bytes as to standard output", async () => {
    const out = scratch.path("felt.jsonl");
    const { code, stdout } = await runBand("replay", "--out", out, "--to", "10", REST); // options first
    assert.equal(code, 0);
    assert.equal(stdout, "");
    assert.equal(scratch.read("felt.jsonl"), (await runBand("replay", REST, "--to", "10")).stdout);
    assert(!existsSync(`${out}.part`));
  });

  it("keeps what was felt when it is interrupted, and says so", async () => {
    const out = scratch.path("interrupted.jsonl");
    const running = startBand("replay", longRecording("long.csv", 10), "--out", out);
    const waitForPart = setInterval(() => {
      if (!existsSync(`${out}.part`) || readFileSync(`${out}.part`).length < 20_000) return;
      clearInterval(waitForPart);
      running.child.kill("SIGINT");
    }, 20);
    const { code, stderr } = await running.ended;
    clearInterval(waitForPart);
    assert.equal(code, 130);
    assert.equal(stderr, "interrupted: what was felt until then is kept\n");
    const lines = linesIn(scratch.read("interrupted.jsonl"));
    const end = lines.at(-1);
    assert.equal(end?.type, "end");
    assert.equal(end.interrupted, true);
    assert(Number(end.tMs) < 10 * 300_000);
    assert.equal(end.motorOnMs, 0);
    assert(!existsSync(`${out}.part`));
  });

  it("ends quietly when nobody reads on", async () => {
    const running = startBand("replay", longRecording("head.csv", 4));
    running.child.stdout?.once("data", () => running.child.stdout?.destroy());
    const { code, signal, stderr } = await running.ended;
    assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: "" });
  });

  it("takes a recording with times of its own, in another column", async () => {
    const rows = gunzipSync(readFileSync(REST)).toString().trim().split("\n").slice(2, 1202);
    const text = rows.map((row, i) => `${60_000 + i * 10},${row.split(",")[0]}`).join("\n");
    const path = scratch.write("times.csv", `# polarity=up\nt_ms,ir\n${text}\n`);
    const { code, stdout, stderr } = await runBand("replay", path, "--column", "ir", "--from", "62");
    assert.equal(code, 0, stderr);
    const lines = linesIn(stdout);
    assert(lines.every(({ tMs }) => Number(tMs) >= 62_000 && Number(tMs) <= 71_990));
    assert(lines.filter(({ type }) => type === "beat").length >= 10); // 10 s at about 97 a minute
  });

  describe("refuses with one line, exit code 2 and nothing written", () => {
    const refuses = (what: string, args: (out: string) => string[], expected: RegExp) =>
      it(what, async () => {
        const out = scratch.path("refused.jsonl");
        const { code, stdout, stderr } = await runBand("replay", ...args(out));
        assert.match(stderr, expected);
        assert.equal(stderr.split("\n").length, 2, `one line: ${stderr}`);
        assert.equal(code, 2);
        assert.equal(stdout, "");
        assert(!existsSync(out) && !existsSync(`${out}.part`), "nothing half-written");
      });
    const file = (name: string, content: string | Uint8Array) => (out: string) => [
      scratch.write(name, content),
      "--out",
      out,
    ];

    refuses("a missing file", (out) => ["none.csv", "--out", out], /^none\.csv: no such file; name an existing/);
    refuses("a folder", (out) => ["recordings", "--out", out], /^recordings: cannot be read \(EISDIR\)/);
    refuses("an empty file", file("empty.csv", ""), /empty\.csv: is empty; expected column names/);
    refuses(
      "a gzip cut short",
      (out) => [scratch.write("cut.csv.gz", readFileSync(REST).subarray(0, 9999)), "--out", out],
      /cut\.csv\.gz: the gzip data is damaged or cut short; fetch the file again/,
    );
    refuses("a file without the column", file("column.csv", "# fs=100\nir\n1\n2\n"), /no column "ppg"; name one of ir/);
    refuses("NaN", file("nan.csv", "# fs=100\nppg\n1\nNaN\n3\n"), /line 4: ppg is "NaN", not a number; mend/);
    refuses("unsorted times", file("times.csv", "t_ms,ppg\n0,1\n9,1\n5,1\n"), /line 4: t_ms does not rise; sort/);
    refuses("a rate of 0", file("rate.csv", "# fs=0\nppg\n1\n2\n"), /line 1: fs is 0; give the sampling rate/);
    refuses(
      "a stretch outside of the recording",
      (out) => [REST, "--from", "400", "--out", out],
      /^neurokit_rest5min: there is nothing from 400 to the end; name --from and --to within 0\.0 \.\. 300\.0 s/,
    );
    refuses(
      "an empty stretch",
      (out) => [REST, "--from", "50", "--to", "50", "--out", out],
      /there is nothing from 50 to 50/,
    );
    refuses("a time that is no number", (out) => [REST, "--from", "soon", "--out", out], /'soon' is invalid.*seconds/);
    refuses("an unknown engine", (out) => [REST, "--engine", "v9", "--out", out], /Allowed choices are xs, v8/);
    refuses("no file at all", (out) => ["--out", out], /missing required argument 'file' \(band replay --help/);
    refuses("an unknown option", (out) => [REST, "--culumn", "x", "--out", out], /'--culumn'.*Did you mean --column/);
    refuses("an output without a folder", () => [REST, "--out", "no/where.jsonl"], /there is no folder no; make it/);
    refuses("a folder as output", () => [REST, "--out", "recordings"], /^recordings: is a folder; name a file in it/);
    refuses("the recording as output", () => [REST, "--out", `./${REST}`], /is the recording itself; name another/);
  });

  it("leaves an older output alone when it refuses", async () => {
    const out = scratch.write("older.jsonl", "older\n");
    assert.equal((await runBand("replay", "none.csv", "--out", out)).code, 2);
    assert.equal(scratch.read("older.jsonl"), "older\n");
  });

  it("shows the stack of a bug, exit code 1, and leaves nothing half-written", async () => {
    const out = scratch.path("bug.jsonl");
    const prelude = `const { stringify } = JSON;
      JSON.stringify = (value) => {
        if (value?.type === "second") throw new TypeError("broken for the test");
        return stringify(value);
      };`;
    const { code, stdout, stderr } = await startBandIn(prelude, ["replay", REST, "--out", out]).ended;
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /^this is a bug in the simulator, please report it:\nTypeError: broken for the test\n {4}at /);
    assert.match(stderr, /line-sink/);
    assert(!existsSync(out) && !existsSync(`${out}.part`));
  });

  it("leaves no part behind when the output cannot be put in its place", async () => {
    const out = scratch.path("taken");
    const running = startBand("replay", REST, "--out", out);
    const waitForPart = setInterval(() => {
      if (!existsSync(`${out}.part`)) return;
      clearInterval(waitForPart);
      mkdirSync(out);
    }, 5);
    const { code, stderr } = await running.ended;
    clearInterval(waitForPart);
    assert.equal(code, 2);
    assert.match(stderr, /taken: cannot be replaced \(EISDIR\)/);
    assert(!existsSync(`${out}.part`));
  });
});
