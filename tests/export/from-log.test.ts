import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readRecordingFile } from "../../hosts/sim/export/read.js";
import { dateWords } from "../../hosts/sim/export/text.js";
import { mount } from "../storage/rig.js";
import { END, EPOCH_MS, LogRig, onlySession, START, threeBeats, writeThreeBeats } from "./rig.js";

/** Turns a bit over in the data of record `seq`: the first block's, whose header is slot 0. */
function spoil(rig: LogRig, seq: number): void {
  const ring = mount(rig.flash);
  assert.equal(ring.oldestSeq, 1);
  const block = rig.flash.contents.findIndex((byte, at) => at % 4096 === 4 && byte === 0xb1) >> 12;
  rig.flash.flipBit(block * 4096 + seq * 32 + 20, 3);
}

describe("a log's sessions", () => {
  it("have start, end, settings and firmware as the records say", () => {
    const session = onlySession(threeBeats().recording());
    assert.equal(session.id, 3, "boot 1, clock 2, start 3");
    assert.deepEqual(session.missing, []);
    assert.deepEqual(session.ended, { reason: "wearer", rule: undefined, scoredMs: 2000 });
    assert.equal(session.settings?.rateCentiPerMin, 600);
    assert.equal(session.firmware, "0.1.0");
    // 40 ppm of the 8 s since the clock was set is a third of a ms: one more.
    assert.deepEqual(session.when, { kind: "dated", epochMs: EPOCH_MS + 8000, uncertaintyMs: 501 });
  });

  it("are cut by the power, and the next start is a session of its own", () => {
    const rig = new LogRig();
    const first = rig.boot();
    first.boot(0, 0);
    first.sessionStart(10_000, START);
    first.event(12_000, 4);
    const second = rig.boot();
    second.boot(0, 1);
    writeThreeBeats(second);
    const { sessions } = rig.recording();
    assert.deepEqual(
      sessions.map(({ id, missing, lastedMs }) => ({ id, missing, lastedMs })),
      [
        { id: 2, missing: ["end"], lastedMs: 2000 },
        { id: 5, missing: [], lastedMs: 2875 },
      ],
    );
  });

  it("keep their beats and their name when the record of the start is lost", () => {
    const rig = threeBeats();
    spoil(rig, 3);
    const { sessions, damaged, events } = rig.recording();
    assert.equal(damaged, 1);
    assert.equal(events.length, 1, "what came before the first beat is no session's");
    assert.deepEqual(
      sessions.map(({ id, missing, program, settings, firmware }) => ({ id, missing, program, settings, firmware })),
      [{ id: 3, missing: ["start"], program: undefined, settings: undefined, firmware: "0.1.0" }],
    );
    assert.deepEqual(
      sessions[0]?.beats.map(({ rrTicks }) => rrTicks),
      [undefined, 1024, 896],
    );
  });

  it("show a hole where a record of beats is lost, and no interval across it", () => {
    const rig = new LogRig();
    const log = rig.boot();
    log.boot(0, 0);
    log.sessionStart(0, START);
    for (let i = 0; i < 21; i++) log.beat(1024 * i, i === 0 ? 0 : 1024, i === 0 ? 1 : 0, 200); // records 3, 4, 5
    log.sessionEnd(21_000, END);
    spoil(rig, 4);
    const { beats } = onlySession(rig.recording());
    assert.deepEqual(
      beats.map(({ atTicks }) => atTicks / 1024),
      [0, 1, 2, 3, 4, 5, 6, 14, 15, 16, 17, 18, 19, 20],
    );
    assert.deepEqual(
      beats.flatMap(({ follows }, i) => (follows ? [] : [i])),
      [0, 7],
    );
    assert.equal(beats[7]?.rrTicks, 1024, "its own interval is good");
  });

  it("take a beat before their start for what it is", () => {
    const rig = new LogRig();
    const log = rig.boot();
    log.boot(0, 0);
    log.sessionStart(10_000, START);
    log.beat(9728, 1024, 0, 200); // half a second before: told late, and its interval began earlier still
    log.sessionEnd(11_000, END);
    assert.deepEqual(
      onlySession(rig.recording()).beats.map(({ atTicks, follows }) => ({ atTicks, follows })),
      [{ atTicks: -512, follows: false }],
    );
  });

  it("keep their beats in place when the ticks have begun anew and the ms have not", () => {
    const rig = new LogRig();
    const log = rig.boot();
    log.boot(0, 0);
    // 2^32 ticks are 4,194,304,000 ms. Sessions every week: records are not to be weeks apart.
    for (let atMs = 500_000_000; atMs < 4_190_000_000; atMs += 500_000_000) log.battery(atMs | 0, 50, 3800, 0);
    log.sessionStart(4_194_304_500 | 0, START);
    log.beat(1024, 0, 1, 200); // 1000 ms after the turn, 500 after the start
    log.sessionEnd(4_194_306_000 | 0, END);
    assert.deepEqual(
      onlySession(rig.recording()).beats.map(({ atTicks }) => atTicks),
      [512],
    );
  });

  it("share minutes, events and battery with what lies between them", () => {
    const rig = new LogRig();
    const log = rig.boot();
    log.boot(0, 0);
    log.minute(1000, 870, 2048, 97, 0, 1);
    log.minute(61_000, undefined, undefined, 12, 3, 1);
    log.battery(125_000, 80, 4020, 0);
    log.event(125_500, 6, 0, 3); // start refused: breathe, the day is full
    log.sessionStart(126_000, START);
    log.minute(126_000, 900, 1920, 95, 0, 11);
    log.event(127_000, 5, 2, 4);
    log.battery(128_000, 79, 4010, 0);
    log.sessionEnd(190_000, END);
    const recording = rig.recording();
    const session = onlySession(recording);
    assert.deepEqual(
      recording.minutes.map(({ atMs, meanRrTicks, rmssdMsQ6 }) => [atMs, meanRrTicks, rmssdMsQ6]),
      [
        [1000, 870, 2048],
        [61_000, undefined, undefined],
      ],
    );
    assert.deepEqual(recording.battery, [{ atMs: 125_000, percent: 80, mv: 4020 }]);
    assert.deepEqual(
      recording.events.map(({ name, detail }) => [name, detail]),
      [["start refused", "breathe: dayFull"]],
    );
    assert.deepEqual(
      session.minutes.map(({ atMs, coveragePercent }) => [atMs, coveragePercent]),
      [[0, 95]],
    );
    assert.deepEqual(
      session.events.map(({ atMs, name, detail }) => [atMs, name, detail]),
      [[1000, "answer", "phase 2: 4 of 5"]],
    );
    assert.deepEqual(session.battery, [
      { atMs: 0, percent: 87, mv: undefined },
      { atMs: 2000, percent: 79, mv: 4010 },
    ]);
  });

  it("have findings and days for the trends; a day that is written again replaces the first", () => {
    const rig = new LogRig();
    const log = rig.boot();
    log.boot(0, 0);
    log.event(1000, 13, 575, 20);
    log.event(2000, 14, 48_000, 410 | (557 << 16)); // 41.0 .. 55.7 s
    log.day(3000, { dayNumber: 20_524, lnRmssdQ10: 3700, restingBpm: 60, practiceMinutes: 5 });
    log.day(4000, { dayNumber: 20_523, lnRmssdQ10: undefined, restingBpm: undefined, practiceMinutes: 0 });
    log.day(5000, { dayNumber: 20_524, lnRmssdQ10: 3710, restingBpm: 61, practiceMinutes: 15 });
    const { resonance, recovery, days } = rig.recording();
    assert.deepEqual(
      resonance.map(({ rateCentiPerMin, spreadCentiPerMin }) => [rateCentiPerMin, spreadCentiPerMin]),
      [[575, 20]],
    );
    assert.deepEqual(
      recovery.map(({ tauMs, tauLowMs, tauHighMs }) => [tauMs, tauLowMs, tauHighMs]),
      [[48_000, 41_000, 55_700]],
    );
    assert.deepEqual(
      days.map(({ dayNumber, lnRmssdQ10, practiceMinutes }) => [dayNumber, lnRmssdQ10, practiceMinutes]),
      [
        [20_523, undefined, 0],
        [20_524, 3710, 15],
      ],
    );
  });

  it("lie between two dates if the clock was set before and after, and say so", () => {
    const rig = new LogRig();
    const first = rig.boot();
    first.boot(0, 0);
    first.clockSet(0, EPOCH_MS, 500, 0);
    const second = rig.boot();
    second.boot(0, 0);
    writeThreeBeats(second);
    const third = rig.boot();
    third.boot(0, 0);
    third.clockSet(0, EPOCH_MS + 3_600_000, 500, 0);
    assert.equal(
      dateWords(onlySession(rig.recording()).when),
      "undated, after 2026-03-11 09:57, before 2026-03-11 10:57 UTC",
    );
  });
});

describe("a file that is no log", () => {
  const problem = (bytes: Uint8Array): string => {
    const read = readRecordingFile(bytes);
    assert(!read.ok && read.remedy !== "");
    return read.problem;
  };
  it("is refused for its length or for having no block in it", () => {
    assert.match(problem(new Uint8Array(0)), /empty/);
    assert.match(problem(new Uint8Array(4097)), /4097 bytes/);
    assert.match(problem(new Uint8Array(4096)), /4096 bytes/);
    assert.match(problem(new Uint8Array(8192)), /no block/);
  });
  it("is none, but empty, if it is blank flash", () => {
    const read = readRecordingFile(new Uint8Array(8192).fill(0xff));
    assert(read.ok);
    assert.deepEqual(read.recording.sessions, []);
  });
});
