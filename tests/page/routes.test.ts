import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { bootV8 } from "../../hosts/sim/boot-v8.node.js";
import { LiveBand } from "../../hosts/sim/cli/live-band.js";
import { playing } from "../../hosts/sim/cli/source.js";
import { LogBook } from "../../hosts/sim/page/log-book.node.js";
import { Refusal } from "../../hosts/sim/page/refusal.node.js";
import { type Answer, pageRoutes, type Route } from "../../hosts/sim/page/routes.node.js";
import { readRecording } from "../../hosts/sim/person/recording-file.node.js";
import type { SessionTold, TrendsTold } from "../../web/messages.js";

const recording = readRecording("recordings/neurokit_rest5min.csv.gz", "ppg");

/** A band that has had one session, from second 40 to 60. */
async function practised(): Promise<LiveBand> {
  const live = new LiveBand({
    source: playing(recording),
    boot: bootV8,
    durationMs: 70_000,
    deeds: [
      { atMs: 40_000, deed: "press" },
      { atMs: 60_000, deed: "hold" },
    ],
    tell: () => {},
    note: () => {},
  });
  await live.run(70_000, () => {});
  return live;
}

function rig(logBook: LogBook) {
  const files: [string, string][] = [];
  const routes = pageRoutes({
    onCommand: () => undefined,
    onFile: (name, bytes) => {
      files.push([name, bytes.toString("utf8")]);
      return name.endsWith(".csv") ? undefined : `${name}: is not played`;
    },
    logBook,
  });
  const route = (path: string): Route => {
    const found = routes.get(path);
    assert(found !== undefined, path);
    return found;
  };
  const get = async (path: string, query: Record<string, string> = {}): Promise<Answer> => {
    const found = route(path);
    assert(found.method === "GET");
    return found.answer(new URLSearchParams(query));
  };
  const post = async (path: string, body: string, headers = {}): Promise<Answer | undefined> => {
    const found = route(path);
    assert(found.method === "POST");
    return found.answer(Buffer.from(body), headers);
  };
  return { files, get, post };
}

const refused = (status: number, reason: RegExp) => (error: unknown) => {
  assert(error instanceof Refusal, String(error));
  assert.equal(error.status, status);
  assert.match(error.message, reason);
  return true;
};

describe("routes of the page", () => {
  it("take a file by its last name only, and tell why it is not played", async () => {
    const { files, post } = rig(new LogBook(undefined, []));
    const named = (name: string) => ({ "x-band-file": encodeURIComponent(name) });
    assert.equal(await post("/file", "1", named("../../etc/mine.csv")), undefined);
    const answer = await post("/file", "2", named("holiday \u2600.png"));
    assert.equal(String(answer?.bytes), '{"refused":"holiday \u2600.png: is not played"}');
    await post("/file", "3", {});
    assert.deepEqual(files, [
      ["mine.csv", "1"],
      ["holiday \u2600.png", "2"],
      ["the file", "3"],
    ]);
    await assert.rejects(post("/file", "4", { "x-band-file": "%" }), refused(400, /name cannot be read/));
  });

  it("tell a session of the log and give it out in every format", async () => {
    const live = await practised();
    const { get } = rig(new LogBook(live, []));
    const [session, ...others]: SessionTold[] = JSON.parse(String((await get("/sessions")).bytes));
    assert(session !== undefined && others.length === 0);
    assert.deepEqual([session.program, session.endedBy, session.comparison], ["breathe", "stopGesture", []]);
    assert(session.beats >= 20 && session.beats <= 40, `${session.beats} beats in 20 s`);
    const name = `${session.run}-${session.id}`;
    const rr = await get("/export", { session: name, format: "rr" });
    assert.equal(rr.fileName, `session-${name}-rr.txt`);
    assert.equal(String(rr.bytes).trim().split("\n").length, session.withInterval);
    const fit = await get("/export", { session: name, format: "fit" });
    assert.equal(Buffer.from(fit.bytes).toString("latin1", 8, 12), ".FIT");
    await assert.rejects(get("/export", { session: "9-9", format: "rr" }), refused(404, /no such session/));
    await assert.rejects(get("/export", { session: name, format: "toString" }), refused(400, /none of csv, /));
    await assert.rejects(get("/export", { session: name }), refused(400, /none of csv, /));
    live.played.band.close();
  });

  it("keep the sessions of the runs before", async () => {
    const live = await practised();
    const logBook = new LogBook(live, []);
    logBook.begin(live, []);
    assert.deepEqual(
      logBook.sessions().map(({ run }) => run),
      [1, 2],
    );
    live.played.band.close();
  });

  it("add up a questionnaire and show it beside the trends", async () => {
    const { get, post } = rig(new LogBook(undefined, []));
    // All 1: items 4, 5, 7 and 8 are scored from the other end, 4 - 1 = 3 each; six ones and four threes.
    const filled = { name: "pss10", date: "2026-03-11", answers: Array(10).fill(1) };
    const sums = await post("/score", JSON.stringify(filled));
    assert.equal(JSON.parse(String(sums?.bytes))[0].sum, 18);
    const trends: TrendsTold = JSON.parse(String((await get("/trends")).bytes));
    assert.deepEqual(trends.lines, ["the band's log is empty so far"]);
    assert.deepEqual(trends.scores, [{ date: "2026-03-11", scale: "PSS-10", scores: { stress: 18 } }]);
    assert.equal(
      String((await get("/scores")).bytes),
      '{"date":"2026-03-11","scale":"PSS-10","scores":{"stress":18}}\n',
    );
    for (const [wrong, reason] of [
      [{ ...filled, name: "toString" }, /none of pss10, ffmq15/],
      [{ ...filled, date: "2026-02-30" }, /date is not one/],
      [{ ...filled, answers: [1] }, /PSS-10 has 10 items/],
      [{ ...filled, answers: [5, 1, 1, 1, 1, 1, 1, 1, 1, 1] }, /answer 1 is not a whole number from 0 to 4/],
      [{ ...filled, answers: "1111111111" }, /no list of numbers/],
      [7, /not a JSON object/],
    ] as const)
      await assert.rejects(post("/score", JSON.stringify(wrong)), refused(400, reason));
  });
});
