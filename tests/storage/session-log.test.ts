import assert from "node:assert/strict";
import { decodeRecord } from "storage/log-reader";
import { EventCode, MinuteFlag } from "storage/log-records";
import { Read, type RecordRing } from "storage/record-ring";
import { SessionLog } from "storage/session-log";
import { FlashPartition } from "../../hosts/sim/board/flash-partition.js";
import { decodeAll, hex, mount, prepareAll } from "./rig.js";

function makeLog(revision = "0.1.0"): { ring: RecordRing; log: SessionLog } {
  const ring = mount(new FlashPartition({ blocks: 4 }));
  prepareAll(ring);
  return { ring, log: new SessionLog(ring, revision) };
}
/** Bytes 4 .. 31 of the newest record: type, boot, time, data. */
function newest(ring: RecordRing): string {
  const record = new Uint8Array(32);
  assert.equal(ring.read(ring.nextSeq - 1, record), Read.Found);
  return hex(record.subarray(4));
}
const NOTHING = (count: number): string => " ff".repeat(count);

const START = {
  program: 2,
  startedBy: 1,
  style: 3,
  strengthQ8: 256,
  rateCentiPerMin: 550,
  inhalePermille: 400,
  plannedMs: 300_000,
  restingBpm: 61,
  batteryPercent: 87,
};

describe("SessionLog", () => {
  // Expected bytes by hand from the tables of docs/data.md; numbers little endian. 0x0001e240 is 123456.
  it("writes a boot", () => {
    const { ring, log } = makeLog("1.2.34");
    log.boot(123_456, 4);
    assert.equal(newest(ring), `01 01 40 e2 01 00 01 00 00 00 01 02 22 04${NOTHING(14)}`);
  });

  it("writes a session's start with program, settings in force and firmware", () => {
    const { ring, log } = makeLog();
    log.sessionStart(123_456, START);
    // 256 = 0x0100, 550 = 0x0226, 400 = 0x0190, 300000 = 0x000493e0, 61 = 0x3d, 87 = 0x57
    assert.equal(newest(ring), `02 01 40 e2 01 00 00 01 00 02 01 03 00 01 26 02 90 01 e0 93 04 00 3d 57${NOTHING(4)}`);
  });

  it("writes a session's end with the number of its start", () => {
    const { ring, log } = makeLog();
    log.boot(0, 0);
    log.sessionStart(1000, START);
    log.sessionEnd(123_456, { reason: 6, rule: 2, lastedMs: 299_000, scoredMs: 250_000 });
    // 299000 = 0x00048ff8, 250000 = 0x0003d090
    assert.equal(newest(ring), `08 01 40 e2 01 00 02 00 00 00 06 02 f8 8f 04 00 90 d0 03 00${NOTHING(8)}`);
    log.sessionEnd(123_456, { reason: 1, rule: undefined, lastedMs: 0, scoredMs: 0 });
    assert.equal(newest(ring), `08 01 40 e2 01 00 00 00 00 00 01 ff 00 00 00 00 00 00 00 00${NOTHING(8)}`);
  });

  it("packs seven beats into a record", () => {
    const { ring, log } = makeLog();
    log.beat(0x1000, 0, 1, 100); // first after a gap
    log.beat(0x1354, 852, 0, 256); // 852 = 0x354
    for (let i = 0; i < 4; i++) log.beat(0x16b4 + i * 864, 864, 0, 200); // 864 = 0x360
    assert.equal(ring.nextSeq, 1, "nothing is written before the seventh");
    log.beat(0x2434, 4095, 7, 0);
    assert.equal(
      newest(ring),
      `03 01 00 10 00 00 00 10 64 54 03 ff 60 03 c8 60 03 c8 60 03 c8 60 03 c8 ff 7f 00${NOTHING(1)}`,
    );
  });

  it("begins a record with a beat that does not follow on the one before", () => {
    const { ring, log } = makeLog();
    log.beat(1000, 0, 1, 9);
    log.beat(2000, 1000, 0, 9);
    log.beat(9000, 0, 1, 9); // a gap
    log.beat(13_096, 4096, 3, 9); // longer than the field holds
    log.flush();
    const records = decodeAll(ring);
    assert.deepEqual(
      records.map((record) => [record.at, record.kind === "beats" ? record.beats.map((beat) => beat.rrTicks) : 0]),
      [
        [1000, [undefined, 1000]],
        [9000, [undefined]],
        [13_096, [undefined]],
      ],
    );
  });

  it("packs two breaths, and begins anew when one does not follow on", () => {
    const { ring, log } = makeLog();
    log.breath(123_456, 4000, 10_000, 0, 98, 74, 64, 30);
    log.breath(133_456, 4400, 11_000, 1, undefined, undefined, 0, undefined);
    // 4000 = 0x0fa0, 10000 = 0x2710, 4400 = 0x1130, 11000 = 0x2af8, 98 = 0x62, 74 = 0x4a, 64 = 0x40, 30 = 0x1e
    assert.equal(newest(ring), "04 01 40 e2 01 00 a0 0f 10 27 62 4a 00 40 1e 30 11 f8 2a ff ff 01 00 ff ff ff ff ff");
    const [record] = decodeAll(ring);
    assert(record?.kind === "breaths");
    assert.deepEqual(
      record.breaths.map(({ lagQ8, amplitudeMs }) => [lagQ8, amplitudeMs]),
      [
        [64, 30],
        [undefined, undefined],
      ],
    );
    log.breath(160_000, 4000, 10_000, 1, 1, 1, 64, 30);
    log.breath(170_001, 4000, 10_000, 1, 1, 1, 64, 30);
    log.flush();
    assert.deepEqual(
      decodeAll(ring).map((record) => record.at),
      [123_456, 160_000, 170_001],
    );
  });

  it("keeps a swing that does not fit its byte as the largest there is, and never as none", () => {
    const { ring, log } = makeLog();
    for (const swing of [254, 255]) log.breath(swing, 4000, 10_000, 0, 1, 1, 256, swing);
    log.flush();
    const swings = decodeAll(ring).flatMap((record) => (record.kind === "breaths" ? record.breaths : []));
    assert.deepEqual(
      swings.map(({ lagQ8, amplitudeMs }) => [lagQ8, amplitudeMs]),
      [
        [0, 254],
        [0, 254],
      ],
    );
  });

  it("packs three minutes, and begins anew after a gap of more than a second", () => {
    const { ring, log } = makeLog();
    log.minute(60_000, 853, 1600, 97, 0, MinuteFlag.Worn | MinuteFlag.Still);
    log.minute(120_900, undefined, undefined, 12, 3, MinuteFlag.Worn);
    log.minute(179_500, 853, 65_535, 99, 0, MinuteFlag.Worn | MinuteFlag.InSession | MinuteFlag.Paced);
    // 60000 = 0xea60, 853 = 0x0355, 1600 = 0x0640 (25 ms), 97 = 0x61, 99 = 0x63; 65535/64 ms does not fit: none
    assert.equal(newest(ring), "05 01 60 ea 00 00 55 03 40 06 61 00 05 00 00 ff ff 0c 03 01 55 03 ff ff 63 00 0b ff");
    log.minute(300_000, 853, 1600, 97, 0, 1);
    log.minute(361_001, 853, 1600, 97, 0, 1);
    log.flush();
    assert.deepEqual(
      decodeAll(ring).map((record) => record.at),
      [60_000, 300_000, 361_001],
    );
  });

  it("writes events, battery, clock and day", () => {
    const { ring, log } = makeLog();
    log.event(123_456, EventCode.Contact, -2, 70_000); // 70000 = 0x00011170
    assert.equal(newest(ring), `06 01 40 e2 01 00 07 00 fe ff ff ff 70 11 01 00${NOTHING(12)}`);
    log.battery(123_456, 87, 3912, 1); // 3912 = 0x0f48
    assert.equal(newest(ring), `07 01 40 e2 01 00 57 01 48 0f${NOTHING(18)}`);
    log.clockSet(123_456, 1_764_000_000_789, 250, -210); // 1764000000 = 0x69248100; 789 = 0x0315; -210 = 0xff2e
    assert.equal(newest(ring), `09 01 40 e2 01 00 00 81 24 69 15 03 fa 00 00 00 2e ff${NOTHING(10)}`);
    log.day(123_456, { dayNumber: 20_417, lnRmssdQ10: 3296, restingBpm: 58, practiceMinutes: 300 });
    // 20417 = 0x4fc1, 3296 = 0x0ce0, 300 = 0x012c
    assert.equal(newest(ring), `0a 01 40 e2 01 00 c1 4f e0 0c 3a ff 2c 01${NOTHING(14)}`);
  });

  it("writes what is packed before a session begins and before it ends", () => {
    const { ring, log } = makeLog();
    log.minute(0, 853, 1600, 97, 0, 1);
    log.sessionStart(60_000, START);
    log.beat(70_000, 0, 1, 9);
    log.breath(60_000, 4000, 10_000, 0, 1, 1, 64, 30);
    log.sessionEnd(90_000, { reason: 1, rule: undefined, lastedMs: 0, scoredMs: 0 });
    assert.deepEqual(
      decodeAll(ring).map((record) => record.kind),
      ["minutes", "sessionStart", "beats", "breaths", "sessionEnd"],
    );
  });

  it("reads back what it wrote, with absences as absences", () => {
    const { ring, log } = makeLog("none");
    log.boot(-1, 0); // the host's clock wraps: 2^32 - 1
    log.sessionStart(5, { ...START, restingBpm: undefined });
    log.day(6, { dayNumber: 1, lnRmssdQ10: undefined, restingBpm: undefined, practiceMinutes: 0 });
    ring.acknowledge(2);
    const common = { bootLowByte: 1 };
    assert.deepEqual(decodeAll(ring), [
      { ...common, seq: 1, at: 4_294_967_295, kind: "boot", bootNumber: 1, firmware: undefined, resetReason: 0 },
      { ...common, seq: 2, at: 5, kind: "sessionStart", firmware: undefined, ...START, restingBpm: undefined },
      {
        ...common,
        seq: 3,
        at: 6,
        kind: "day",
        dayNumber: 1,
        lnRmssdQ10: undefined,
        restingBpm: undefined,
        practiceMinutes: 0,
      },
      { ...common, seq: 4, at: 0, kind: "acknowledged", through: 2 },
    ]);
    const unknown = new Uint8Array(32);
    unknown[4] = 0x99;
    assert.deepEqual(decodeRecord(7, unknown), { seq: 7, bootLowByte: 0, at: 0, kind: "unknown", type: 0x99 });
  });

  it("holds 30 days of a session of 20 minutes and of minutes all day in 1 MB, and never erases in a session", () => {
    const flash = new FlashPartition();
    const ring = mount(flash, 4);
    const log = new SessionLog(ring, "0.1.0");
    prepareAll(ring);
    const DAYS = 45; // enough to come round once
    let seqAtDay: number[] = [];
    const erases = (): number => flash.eraseCounts.reduce((sum, count) => sum + count, 0);
    for (let day = 0; day < DAYS; day++) {
      seqAtDay.push(ring.nextSeq);
      const midnightMs = day * 86_400_000;
      for (let minute = 0; minute < 1440; minute++) {
        log.minute(midnightMs + minute * 60_000, 853, 1600, 97, 0, 1);
        if (minute % 60 === 0) log.battery(midnightMs + minute * 60_000, 87, 3912, 0);
        if (minute % 10 === 0) prepareAll(ring);
        if (minute === 600) runSession(log, midnightMs + minute * 60_000, erases);
      }
    }
    seqAtDay = seqAtDay.filter((seq) => seq >= ring.oldestSeq);
    const recordsADay = (ring.nextSeq - 1) / DAYS;
    assert.equal(ring.counters.recordsDropped, 0);
    assert.equal(ring.state, 0);
    // 480 records of minutes, 24 of battery, 229 of beats, 60 of breaths, 10 events, start and end: 805 a day. Of 256
    // blocks of 126 records, 4 are erased ahead and one is being written: 251 are full, 31626 records, 39.3 days.
    assert.equal(recordsADay, 805);
    assert.equal(seqAtDay.length, 39);
    assert(seqAtDay.length >= 30, `${seqAtDay.length} whole days, ${recordsADay.toFixed(1)} records a day`);
  }).timeout(20_000);
});

/** 20 min at 80 beats and 6 breaths a minute. */
function runSession(log: SessionLog, startMs: number, erases: () => number): void {
  const erasesBefore = erases();
  log.sessionStart(startMs, START);
  const beats = 20 * 80;
  for (let i = 0; i < beats; i++) log.beat((startMs * 1024) / 1000 + i * 768, i === 0 ? 0 : 768, 0, 230);
  for (let i = 0; i < 120; i++) log.breath(startMs + i * 10_000, 4000, 10_000, 0, 90, 80, 64, 30);
  for (let i = 0; i < 10; i++) log.event(startMs + i, EventCode.Contact, 1, 0);
  log.sessionEnd(startMs + 1_200_000, { reason: 0, rule: undefined, lastedMs: 1_200_000, scoredMs: 1_200_000 });
  assert.equal(erases(), erasesBefore);
}
