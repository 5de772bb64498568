import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Decoder, Stream } from "@garmin/fitsdk";
import { describe, it } from "mocha";
import { FORMATS, type Format, type FormatName } from "../../hosts/sim/export/formats.js";
import type { ExportBeat, ExportSession } from "../../hosts/sim/export/recording.js";
import { hex } from "../storage/rig.js";
import { LogRig, onlySession, threeBeats, writeThreeBeats } from "./rig.js";

const session = onlySession(threeBeats().recording());
/** Written by hand from docs/data.md and tests/export/rig.ts. */
const golden = (name: string): string => readFileSync(`tests/export/three-beats.${name}`, "utf8");

async function make(name: FormatName, ...sessions: readonly ExportSession[]): Promise<string | Uint8Array> {
  const format: Format = FORMATS[name];
  return await format.make(sessions, undefined);
}
async function fitBytes(one: ExportSession): Promise<Uint8Array> {
  const bytes = await make("fit", one);
  assert(bytes instanceof Uint8Array);
  return bytes;
}
const decode = (bytes: Uint8Array) => {
  const decoder = new Decoder(Stream.fromByteArray(bytes));
  assert(decoder.isFIT() && decoder.checkIntegrity());
  const { messages, errors } = decoder.read();
  assert.deepEqual(errors, []);
  return messages;
};

/** As many beats as there are intervals that the log can hold, a beat each: 1/1024 s, 1 .. 4095. */
function everyInterval(): ExportSession {
  let atTicks = 0;
  const beats = Array.from({ length: 4095 }, (_, i): ExportBeat => {
    atTicks += i + 1;
    return { atTicks, rrTicks: i + 1, verdict: 0, qualityQ8: 256, follows: i > 0, mark: 0 };
  });
  return { ...session, beats };
}

describe("formats of export", () => {
  it("are as written by hand for a session of three beats", async () => {
    assert.equal(await make("csv", session), golden("csv"));
    assert.equal(await make("csv-breaths", session), golden("breaths.csv"));
    assert.equal(await make("csv-events", session), golden("events.csv"));
    assert.equal(await make("rr", session), golden("rr.txt"));
    assert.equal(await make("rr-corrected", session), golden("rr-corrected.txt"));
    assert.equal(await make("hrvlogger", session), golden("hrvlogger.csv"));
    assert.equal(await make("hrvlogger-events", session), golden("hrvlogger-events.csv"));
    assert.deepEqual(JSON.parse(String(await make("json", session))), JSON.parse(golden("json")));
  });

  it("leave dates empty where there are none, and say so", async () => {
    const rig = new LogRig();
    const log = rig.boot();
    log.boot(1000, 0);
    writeThreeBeats(log);
    const undated = onlySession(rig.recording());
    assert.equal(
      String(await make("csv", undated)).split("\n")[2],
      "2,undated,,,2000,1000,1024,accepted,clean,0.996,1",
    );
    assert.equal(await make("hrvlogger", undated), "date,rr,since start\n,1000,2000\n,875,2875\n");
    const { fileIdMesgs, sessionMesgs } = decode(await fitBytes(undated));
    // Below 2^28 s: since the band was switched on. The session began at 10 s.
    assert.equal(Number(fileIdMesgs?.[0]?.timeCreated), 631_065_600_000 + 10_000);
    assert.equal(Number(sessionMesgs?.[0]?.startTime), 631_065_600_000 + 10_000);
  });

  it("tell each gap as an event where it began", async () => {
    const beats: ExportBeat[] = [
      { atTicks: 1024, rrTicks: undefined, verdict: 1, qualityQ8: 256, follows: false, mark: 1 },
      { atTicks: 2048, rrTicks: 1024, verdict: 0, qualityQ8: 256, follows: true, mark: 0 },
      { atTicks: 7168, rrTicks: undefined, verdict: 1, qualityQ8: 256, follows: false, mark: 1 }, // 5 s later
      { atTicks: 11_264, rrTicks: 1024, verdict: 0, qualityQ8: 256, follows: false, mark: 0 }, // 3 s after that
    ];
    const gappy = { ...session, beats, events: [] };
    assert.deepEqual(String(await make("hrvlogger-events", gappy)).split("\n"), [
      "date,timestamp,annotation,manual",
      "2026-03-11 09:57:48 +0000,2000,gap of 5000 ms,false",
      "2026-03-11 09:57:53 +0000,7000,gap of 3000 ms,false",
      "",
    ]);
    assert.deepEqual(JSON.parse(String(await make("json", gappy))).sessions[0].gaps, [
      { fromMs: 2000, toMs: 7000 },
      { fromMs: 7000, toMs: 10_000 },
    ]);
  });

  it("give every interval back exactly from the text", async () => {
    const text = String(await make("rr", everyInterval()));
    assert.deepEqual(
      text
        .trimEnd()
        .split("\n")
        .map((line) => Math.round(Number(line) * 1.024)),
      Array.from({ length: 4095 }, (_, i) => i + 1),
    );
  });

  it("hold no more than one session where one file is one session", async () => {
    await assert.rejects(async () => make("rr"), /one session/);
    assert.equal(String(await make("csv", session, session)).split("\n").length, 1 + 3 + 3 + 1);
  });
});

describe("FIT of export", () => {
  it("has both intervals in one hrv message, ms, as the standard lays it out", async () => {
    // Definition: message 78 = 0x4e, one field: number 0, 4 bytes, uint16 (0x84). Data: 1000 = 0x03e8, 875 = 0x036b.
    assert.match(hex(await fitBytes(session)), / 00 00 4e 00 01 00 04 84 0[0-9a-f] e8 03 6b 03 /);
  });

  it("is an activity of one session that the SDK reads: who, when, how long, heart rate", async () => {
    const messages = decode(await fitBytes(session));
    assert.equal(messages.fileIdMesgs?.[0]?.type, "activity");
    assert.equal(messages.fileIdMesgs?.[0]?.manufacturer, "development");
    assert.equal(messages.fileIdMesgs?.[0]?.productName, "resilience band, PRV");
    assert.equal(messages.fileIdMesgs?.[0]?.timeCreated instanceof Date, true);
    assert.equal(Number(messages.fileIdMesgs?.[0]?.timeCreated), Date.UTC(2026, 2, 11, 9, 57, 46));
    assert.equal(messages.deviceInfoMesgs?.[0]?.softwareVersion, 0.01, "0.1.0");
    assert.deepEqual(messages.hrvMesgs, [{ time: [1, 0.875] }]);
    // Beats fell into seconds 47 and 48; the only clean interval is of 1 s.
    assert.deepEqual(
      messages.recordMesgs?.map(({ timestamp, heartRate }) => [Number(timestamp), heartRate]),
      [
        [Date.UTC(2026, 2, 11, 9, 57, 47), undefined],
        [Date.UTC(2026, 2, 11, 9, 57, 48), 60],
      ],
    );
    const one = messages.sessionMesgs?.[0];
    assert.equal(messages.sessionMesgs?.length, 1);
    assert.equal(one?.sport, "meditation");
    assert.equal(one?.subSport, "breathing");
    assert.equal(one?.sportProfileName, "breathe, PRV");
    assert.equal(one?.totalElapsedTime, 2, "from second 46 to second 48");
    assert.equal(one?.avgHeartRate, 60);
    assert.equal(messages.activityMesgs?.[0]?.numSessions, 1);
  });

  it("holds every interval to within 1/1024 s", async () => {
    const read = decode(await fitBytes(everyInterval())).hrvMesgs?.flatMap(({ time }) => time ?? []) ?? [];
    assert.equal(read.length, 4095);
    for (const [i, seconds] of read.entries())
      assert(Math.abs(seconds - (i + 1) / 1024) <= 0.0005 + 1e-12, `${i + 1} ticks are read as ${seconds} s`);
  });

  it("is whole without a beat", async () => {
    const messages = decode(await fitBytes({ ...session, beats: [], firmware: undefined, lastedMs: 0 }));
    assert.equal(messages.hrvMesgs, undefined);
    assert.equal(messages.sessionMesgs?.[0]?.totalElapsedTime, 0);
    assert.equal(messages.sessionMesgs?.[0]?.avgHeartRate, undefined);
    assert.equal(messages.deviceInfoMesgs?.[0]?.softwareVersion, undefined);
  });
});
