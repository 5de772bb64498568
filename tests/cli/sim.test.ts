import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { after, describe, it } from "mocha";
import { linesIn, PROCESS_TIMEOUT_MS, runBand, Scratch, startBand } from "./run-band.js";

const scratch = new Scratch();

describe("band sim", function () {
  this.timeout(PROCESS_TIMEOUT_MS);
  after(() => scratch.remove());

  it("tells one line a second without a terminal, and what it came to", async () => {
    const { code, stdout, stderr } = await runBand("sim", "--speed", "max", "--duration", "12s");
    assert.equal(code, 0, stderr);
    const [address = "", ...lines] = stdout.trimEnd().split("\n");
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{22}$/);
    assert.equal(lines.length, 13);
    for (let i = 0; i < 12; i++)
      assert.match(lines[i] ?? "", new RegExp(`^ 0:${String(i + 1).padStart(2, "0")}  .*  heart rate `));
    assert.match(lines[0] ?? "", /heart rate – \(.+\).*battery \d+ %.*link advertising/);
    assert.match(lines[11] ?? "", / {2}worn {2}heart rate \d+ bpm {2}RR \d+ ms {2}motor still {2}session idle/);
    assert.match(lines[12] ?? "", /^done after 0:12: \d+ beats, \d+ accepted, heart rate \d+ to \d+ bpm$/);
  });

  it("serves no page when told not to, nor unasked beside JSON lines", async () => {
    for (const arg of ["--no-page", "--json"]) {
      const { stdout, stderr } = await runBand("sim", "--speed", "max", "--duration", "2s", arg);
      assert.doesNotMatch(stdout + stderr, /http:/);
    }
    const { stdout, stderr } = await runBand("sim", "--speed", "max", "--duration", "2s", "--json", "--page");
    assert.doesNotMatch(stdout, /http:/);
    assert.match(stderr, /^http:\/\/127\.0\.0\.1:\d+\/\?token=\S+\n/);
  });

  it("says in one line that a port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo; // it listens on TCP
    const { code, stdout, stderr } = await runBand("sim", "--duration", "2s", "--port", String(port));
    taken.close();
    assert.equal(stderr, `--port ${port}: EADDRINUSE; leave it out and any free one is taken\n`);
    assert.equal(code, 2);
    assert.equal(stdout, "");
  });

  it("wears a person by default, who presses the button at 20 s and breathes with the motor", async () => {
    const { code, stdout, stderr } = await runBand("sim", "--speed", "max", "--duration", "90s", "--no-page");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ 0:19 .* session idle /m);
    assert.match(stdout, /^ 0:25 .* session Breathe, running, breathe /m);
    assert.match(stdout, /^done after 1:30: /m);
  });

  it("takes another person, what happens to them, and a program", async () => {
    const { code, stdout, stderr } = await runBand(
      ...["sim", "--person", "anybody", "--seed", "7", "--program", "relax", "--press", "10s"],
      ...["--at", "15s place desk", "--speed", "max", "--duration", "30s", "--no-page"],
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^15\.000 s wearer: place desk$/m);
    assert.match(stdout, / session Muscle relaxation, running, handsTense /);
    assert.match(stdout, /^ 0:29 {2}not worn/m);
  });

  it("says that the recording has ended", async () => {
    const path = scratch.write("short.csv", `# fs=50\nppg\n${"1\n2\n".repeat(100)}`); // 200 samples: 4 s
    const { code, stdout } = await runBand("sim", "--recording", path, "--speed", "max");
    assert.equal(code, 0);
    assert.match(stdout, /\nthe recording has ended after 0:04: 0 beats, 0 accepted, no heart rate\n$/);
  });

  it("presses the button when told to, and the session starts", async () => {
    const { stdout } = await runBand("sim", "--speed", "max", "--duration", "9s", "--press", "5s", "--json");
    const sessions = linesIn(stdout).filter(({ type }) => type === "session");
    assert(sessions.length > 0);
    assert(Number(sessions[0]?.tMs) >= 5000 && Number(sessions[0]?.tMs) < 6000, `session at ${sessions[0]?.tMs}`);
    assert(Number(linesIn(stdout).at(-1)?.motorOnMs) > 0);
  });

  it("writes the JSON lines of replay, to standard output and to a file", async () => {
    const out = scratch.path("sim.jsonl");
    const played = ["--recording", "recordings/neurokit_rest5min.csv.gz"];
    const { code, stdout, stderr } = await runBand(
      "--json",
      "sim",
      ...played,
      "--speed",
      "max",
      "--duration",
      "8s",
      "--out",
      out,
    );
    assert.equal(code, 0, stderr);
    assert.equal(scratch.read("sim.jsonl"), stdout);
    const replayed = await runBand("replay", "recordings/neurokit_rest5min.csv.gz", "--to", "8");
    const beats = (text: string) => text.split("\n").filter((line) => line.includes('"beat"'));
    assert(beats(stdout).length >= 8); // 8 s at about 100 a minute, less the last 1.5 s
    assert.deepEqual(beats(replayed.stdout).slice(0, beats(stdout).length), beats(stdout));
    assert.match(stderr, /^done after 0:08: /);
  });

  it("keeps pace with real time", async () => {
    const fromMs = performance.now();
    const { stdout } = await runBand("sim", "--speed", "2", "--duration", "4s");
    assert(performance.now() - fromMs >= 2000, "4 s at twice real time take 2 s");
    assert.match(stdout, / 0:04 /);
  });

  it("stops the motor, closes cleanly and keeps what it recorded when interrupted", async () => {
    const out = scratch.path("stopped.jsonl");
    const running = startBand("sim", "--speed", "20", "--press", "1s", "--out", out);
    await running.said("motor on");
    running.child.kill("SIGINT");
    const { code, stdout } = await running.ended;
    assert.equal(code, 0);
    assert.match(stdout, /\nstopped after 0:\d\d: \d+ beats, .*\n$/);
    const end = linesIn(scratch.read("stopped.jsonl")).at(-1);
    assert.equal(end?.type, "end");
    assert.equal(end.interrupted, true);
    assert(Number(end.motorOnMs) > 0);
  });

  it("ends quietly when nobody reads on", async () => {
    for (const args of [[], ["--json"]]) {
      const running = startBand("sim", "--speed", "max", "--duration", "1h", ...args);
      running.child.stdout?.once("data", () => running.child.stdout?.destroy());
      const { code, signal, stderr } = await running.ended;
      assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: "" });
    }
  });

  describe("refuses with one line and exit code 2", () => {
    const refuses = (what: string, args: string[], expected: RegExp) =>
      it(what, async () => {
        const { code, stdout, stderr } = await runBand("sim", ...args);
        assert.match(stderr, expected);
        assert.equal(stderr.split("\n").length, 2, `one line: ${stderr}`);
        assert.equal(code, 2);
        assert.equal(stdout, "");
      });
    refuses("a speed of 0", ["--speed", "0"], /^sim: option '--speed <n\|max>' argument '0' is invalid\. say 1, /);
    refuses("a speed below 0", ["--speed", "-1"], /'-1' is invalid/);
    refuses("a speed in words", ["--speed", "fast"], /'fast' is invalid/);
    refuses("a duration without a number", ["--duration", "long"], /say how long, as in 90s, 10m or 1h/);
    refuses("a press at no time", ["--press", "0s"], /'0s' is invalid/);
    refuses("a missing recording", ["--recording", "none.csv"], /^none\.csv: no such file/);
    refuses("two writers on standard output", ["--json", "--out", "-"], /--json writes to standard output already/);
    refuses("a port that is none", ["--port", "0"], /'0' is invalid\. say a port, 1 to 65535\./);
    refuses(
      "a person nobody knows",
      ["--person", "nobody"],
      /^--person nobody: is none of calm, .*nor a \.json file\n/,
    );
    refuses("a missing person", ["--person", "none.json"], /^none\.json: no such file\n/);
    refuses("a seed that is none", ["--seed", "-1"], /'-1' is invalid\. say a whole number below 2\^32, or commit\./);
    refuses("a happening without a time", ["--at", "walking"], /say when and what, as in "60s move walking"\./);
    refuses("a happening that is none", ["--at", "5s fly"], /nothing called "fly" happens to a person/);
    refuses(
      "a change of a recording",
      ["--recording", "a.csv", "--at", "5s yawn"],
      /^--at: a recording cannot be changed/,
    );
    refuses("a program that is none", ["--program", "fly"], /'fly' is invalid\. Allowed choices are breathe, /);
    refuses("minutes that no session has", ["--minutes", "2"], /'2' is invalid\. say minutes, 3 to 19\./);
    refuses("words too many", ["now"], /too many arguments.*band sim --help/);
  });
});
