import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { after, describe, it } from "mocha";
import { PROCESS_TIMEOUT_MS, runBand, Scratch } from "../cli/run-band.js";
import { LogRig, threeBeats } from "./rig.js";

const scratch = new Scratch();
const log = scratch.write("band.log", threeBeats().flash.contents);
const lines = scratch.write(
  "felt.jsonl",
  [
    { type: "beat", tMs: 1000, rrTicks: null, accepted: false, verdict: "first", qualityQ8: 200 },
    { type: "beat", tMs: 2000, rrTicks: 1024, accepted: true, verdict: "accepted", qualityQ8: 200 },
    { type: "end", tMs: 3000 },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join(""),
);
const golden = (name: string): string => readFileSync(`tests/export/three-beats.${name}`, "utf8");

/** Ends with code 2 and one line that says this. */
async function refuses(what: RegExp, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await runBand(...args);
  assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
  assert.equal(stdout, "");
  assert.match(stderr, what);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
}

describe("band export", function () {
  this.timeout(PROCESS_TIMEOUT_MS);
  after(() => scratch.remove());

  it("writes a session of a log to standard output, and says on the other what it is", async () => {
    const { code, stdout, stderr } = await runBand("export", log, "--format", "csv");
    assert.equal(code, 0, stderr);
    assert.equal(stdout, golden("csv"));
    assert.match(stderr, /^session 3, 2026-03-11 09:57 UTC ± 0.6 s, breathe, 0:03, 3 beats/);
    assert.match(stderr, /PRV: intervals between pulse waves, not those of an ECG\n$/);
  });

  it("writes a file whole, also over an older one, and leaves nothing beside it", async () => {
    const out = scratch.write("out.txt", "older and much longer than what comes now");
    const { code, stdout } = await runBand("export", log, "--format", "rr", "--out", out);
    assert.equal(code, 0);
    assert.equal(stdout, "");
    assert.equal(scratch.read("out.txt"), golden("rr.txt"));
    assert(!existsSync(`${out}.part`));
  });

  it("writes FIT as it is, byte by byte", async () => {
    const out = scratch.path("session.fit");
    assert.equal((await runBand("export", log, "--format", "fit", "--out", out)).code, 0);
    const bytes = readFileSync(out);
    assert.equal(bytes.subarray(8, 12).toString(), ".FIT");
    // Header of 14, data, sum of 2; bytes 4 to 7 say how long the data is.
    assert.equal(statSync(out).size, 14 + bytes.readUInt32LE(4) + 2);
  });

  it("lists what there is", async () => {
    const { code, stdout } = await runBand("export", log, "--list");
    assert.equal(code, 0);
    assert.deepEqual(stdout.split("\n"), [
      "session 3, 2026-03-11 09:57 UTC ± 0.6 s, breathe, 0:03, 3 beats, 2 with an interval, 0 gaps, ended by wearer, " +
        "firmware 0.1.0, battery 87 %",
      "1 sessions, 0 minutes beside them, 0 days",
      "",
    ]);
  });

  it("takes the lines of a replay, which have no date", async () => {
    const { code, stdout, stderr } = await runBand("export", lines, "--format", "rr-corrected");
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "1000.000\n");
    assert.match(stderr, /^session 1, undated, all that was felt/);
  });

  it("gives all of a log as JSON, with what lies beside the sessions", async () => {
    const all = JSON.parse((await runBand("export", log, "--format", "json", "--session", "all")).stdout);
    assert.deepEqual(all.days, []);
    assert.equal(all.damagedRecords, 0);
    assert.deepEqual(all.sessions, JSON.parse(golden("json")).sessions);
  });

  it("refuses in one line that says what would be right", async () => {
    const { path } = scratch;
    const at = path.bind(scratch);
    await refuses(/nothing.log: no such file/, "export", at("nothing.log"), "--list");
    await refuses(/is a folder/, "export", scratch.folder, "--list");
    await refuses(/say one of --format and --list; --format takes csv/, "export", log);
    await refuses(/say one of --format and --list/, "export", log, "--list", "--format", "csv");
    await refuses(/csv, csv-breaths/, "export", log, "--format", "xlsx");
    await refuses(/there is no session 4; there are 3/, "export", log, "--format", "rr", "--session", "4");
    await refuses(/say the number that --list shows/, "export", log, "--format", "rr", "--session", "first");
    await refuses(/one session a file/, "export", log, "--format", "fit", "--session", "all", "--out", at("x.fit"));
    await refuses(/no folder/, "export", log, "--format", "rr", "--out", at("none/x.txt"));
    await refuses(/is the file that is read/, "export", log, "--format", "rr", "--out", log);
    await refuses(
      /no session in it/,
      "export",
      scratch.write("blank.log", new Uint8Array(8192).fill(0xff)),
      "--format",
      "rr",
    );
    await refuses(/5 bytes are no log/, "export", scratch.write("hello.txt", "hello"), "--list");
    await refuses(/line 1 is not one that band replay writes/, "export", scratch.write("odd.jsonl", "{}\n"), "--list");
    await refuses(/the file is empty/, "export", scratch.write("empty", ""), "--list");
    assert(!existsSync(at("x.fit")));
  });

  it("says how many damaged records it left out", async () => {
    const rig = threeBeats();
    const block = rig.flash.contents.findIndex((byte, i) => i % 4096 === 4 && byte === 0xb1) >> 12;
    rig.flash.flipBit(block * 4096 + 2 * 32 + 20, 0); // the clock's record
    const { stderr } = await runBand("export", scratch.write("rotten.log", rig.flash.contents), "--format", "rr");
    assert.match(stderr, /1 damaged records are left out/);
    assert.match(stderr, /session 3, undated/);
  });
});

describe("band trends and band score", function () {
  this.timeout(PROCESS_TIMEOUT_MS);
  const own = new Scratch();
  after(() => own.remove());

  const rig = new LogRig();
  const writer = rig.boot();
  writer.boot(0, 0);
  for (let day = 0; day < 4; day++)
    writer.day(day, { dayNumber: 20_520 + day, lnRmssdQ10: 3584, restingBpm: 60, practiceMinutes: 20 });
  const days = own.write("days.log", rig.flash.contents);
  const PSS = ["score", "pss10", "--answers", "1,1,1,1,1,1,1,1,1,1"]; // 6 · 1 + 4 · 3 = 18

  it("say that four days are too few", async () => {
    const { code, stdout } = await runBand("trends", days);
    assert.equal(code, 0);
    assert.match(stdout, /lnRMSSD, 7 days: too few days: 4, and it takes 5/);
    assert.match(stdout, /not a medical device; it does not diagnose/);
  });

  it("score answers, with the wording that belongs to it, and show what was kept beside that day", async () => {
    const scores = own.path("scores.jsonl");
    const { code, stdout } = await runBand(...PSS);
    assert.equal(code, 0);
    assert.match(stdout, /^PSS-10: stress 18 \(perceived stress in the last month, 0 to 40\)/);
    assert.match(stdout, /no number that parts well from unwell/);
    assert.match(stdout, /not a medical device/);
    for (const date of ["2026-03-11", "2026-03-18"]) await runBand(...PSS, "--keep", scores, "--date", date);
    assert.equal(own.read("scores.jsonl").split("\n").length, 3);
    const shown = (await runBand("trends", days, "--scores", scores)).stdout;
    assert.match(shown, /2026-03-11 PSS-10: stress 18; lnRMSSD 3.50/);
    assert.match(shown, /2026-03-18 PSS-10: stress 18; no lnRMSSD of that day/);
  });

  it("show the wearer's own text of the items beside the answers", async () => {
    const items = own.write("items.txt", Array.from({ length: 10 }, (_, i) => `Item ${i + 1}?\n`).join(""));
    assert.match((await runBand(...PSS, "--items", items)).stdout, /^1\. Item 1\?: 1\n2\. Item 2\?: 1\n/);
  });

  it("refuse in one line", async () => {
    await refuses(/10 items, and these are 3 answers/, "score", "pss10", "--answers", "1,2,3");
    await refuses(/one digit an item/, "score", "pss10", "--answers", "1;2;3");
    await refuses(/pss10, ffmq15/, "score", "phq9", "--answers", "1");
    await refuses(/go together/, ...PSS, "--keep", own.path("scores2.jsonl"));
    await refuses(/say a date/, ...PSS, "--keep", own.path("scores2.jsonl"), "--date", "2026-02-30");
    await refuses(/has 1 lines; PSS-10 has 10 items/, ...PSS, "--items", own.write("one.txt", "one\n"));
    await refuses(/line 1 is not one that band score --keep writes/, "trends", days, "--scores", own.path("one.txt"));
    await refuses(/lines of a replay have no days/, "trends", own.write("felt.jsonl", '{"type":"end","tMs":1}\n'));
  });
});
