import assert from "node:assert/strict";
import { crc32 } from "storage/crc32";
import { ANSWER_BYTES_MAX, LogSync, SyncStatus } from "storage/log-sync";
import { Append, RecordRing } from "storage/record-ring";
import { FlashPartition } from "../../hosts/sim/board/flash-partition.js";
import { RandomStream } from "../../hosts/sim/board/random.js";
import { hex, mount, prepareAll, testRecord } from "./rig.js";

const little = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
const askRecords = (from: number, through: number): Uint8Array => Uint8Array.of(2, ...little(from), ...little(through));
const askAcknowledge = (through: number): Uint8Array => Uint8Array.of(3, ...little(through));

function answerTo(sync: LogSync, request: Uint8Array | readonly number[]): Uint8Array {
  const answer = new Uint8Array(sync.request(Uint8Array.from(request)));
  sync.copyAnswer(answer);
  return answer;
}

/** Four blocks of 9 slots with `count` records of the test's. */
function makeLog(count: number): { flash: FlashPartition; ring: RecordRing; sync: LogSync } {
  const flash = new FlashPartition({ blocks: 4, blockBytes: 288 });
  const ring = mount(flash);
  for (let mark = 1; mark <= count; mark++) {
    prepareAll(ring);
    assert.equal(ring.append(testRecord(mark)), Append.Written);
  }
  prepareAll(ring);
  return { flash, ring, sync: new LogSync(ring) };
}

/** What a phone does: everything from a number on, in pieces of an MTU. Returns the bytes of all records. */
function syncFrom(sync: LogSync, from: number, mtu: number, cutAfter = Number.POSITIVE_INFINITY): Uint8Array[] {
  const records: Uint8Array[] = [];
  const info = answerTo(sync, [1]);
  const through = new DataView(info.buffer).getUint32(8, true) - 1;
  let next = from;
  while (next <= through) {
    sync.request(askRecords(next, through));
    const answer = join(fragments(sync, mtu - 3));
    const view = new DataView(answer.buffer);
    const end = answer.length - 4;
    assert.equal(view.getInt32(end, true), crc32(answer, 0, end));
    for (let i = 0; i < view.getUint8(3); i++) records.push(answer.slice(8 + 32 * i, 40 + 32 * i));
    next = view.getUint32(4, true);
    if (records.length >= cutAfter) return records;
  }
  return records;
}

function fragments(sync: LogSync, bytesMax: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  const out = new Uint8Array(bytesMax);
  for (let length = sync.nextFragment(out, bytesMax); length > 0; length = sync.nextFragment(out, bytesMax))
    found.push(out.slice(0, length));
  return found;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part.subarray(1)]));
}

describe("LogSync", () => {
  // Expected bytes by hand from docs/data.md.
  it("tells what there is", () => {
    const { ring, sync } = makeLog(16); // 1 .. 7 are overwritten by the block erased ahead only after 21
    assert.equal(hex(answerTo(sync, [1])), "81 01 00 00 01 00 00 00 11 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
    ring.acknowledge(5); // number 17
    assert.equal(hex(answerTo(sync, [1])), "81 01 00 00 01 00 00 00 12 00 00 00 05 00 00 00 00 00 00 00 00 00 00 00");
  });

  it("tells that there is no log, and why", () => {
    const sync = new LogSync(new RecordRing(undefined, 4));
    assert.equal(hex(answerTo(sync, [1])), "81 01 00 01 01 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
    assert.equal(hex(answerTo(sync, askRecords(1, 1))), "82 01 04");
    assert.equal(hex(answerTo(sync, askAcknowledge(1))), "83 01 03");
  });

  it("gives records with their number in place of their sum", () => {
    const { sync } = makeLog(3);
    const body = (mark: string): string => `70 01 ff ff ff ff ${mark} 00 00 00${" ff".repeat(18)}`;
    const answer = answerTo(sync, askRecords(2, 3));
    assert.equal(
      hex(answer.subarray(0, answer.length - 4)),
      `82 01 00 02 04 00 00 00 02 00 00 00 ${body("02")} 03 00 00 00 ${body("03")}`,
    );
    assert.equal(answer.length, 8 + 64 + 4);
  });

  it("gives 15 at once, and says where to go on", () => {
    const { sync } = makeLog(20);
    const first = answerTo(sync, askRecords(1, 20));
    assert.equal(first.length, 492);
    assert.equal(first.length, ANSWER_BYTES_MAX);
    assert.equal(hex(first.subarray(0, 8)), "82 01 00 0f 10 00 00 00");
    assert.equal(hex(answerTo(sync, askRecords(16, 20)).subarray(0, 8)), "82 01 00 05 15 00 00 00");
  });

  it("begins with the oldest when the first asked for was overwritten", () => {
    const { ring, sync } = makeLog(40);
    assert.equal(ring.oldestSeq, 22); // 36 .. 40 is being written, one block is erased, 29 .. 35 and 22 .. 28 are there
    assert.equal(hex(answerTo(sync, askRecords(1, 30)).subarray(0, 12)), "82 01 00 09 1f 00 00 00 16 00 00 00");
    const none = answerTo(sync, askRecords(1, 20));
    assert.equal(hex(none.subarray(0, 8)), "82 01 00 00 16 00 00 00");
  });

  it("shows a damaged record as type 0 and zeros", () => {
    const { flash, sync } = makeLog(3);
    flash.flipBit(2 * 32 + 20, 5);
    const answer = answerTo(sync, askRecords(2, 3));
    assert.equal(hex(answer.subarray(8, 40)), `02 00 00 00${" 00".repeat(28)}`);
    assert.equal(answer[44], 0x70);
  });

  it("gives the same bytes for the same sync, also after a reboot and with more in the log", () => {
    const { flash, ring, sync } = makeLog(12);
    const once = answerTo(sync, askRecords(1, 12));
    assert.deepEqual(answerTo(sync, askRecords(1, 12)), once);
    ring.append(testRecord(13));
    assert.deepEqual(answerTo(sync, askRecords(1, 12)), once);
    assert.deepEqual(answerTo(new LogSync(mount(flash)), askRecords(1, 12)), once);
    assert.deepEqual(syncFrom(sync, 1, 23), syncFrom(sync, 1, 247));
  });

  it("goes on where a link broke", () => {
    const { flash, sync } = makeLog(20);
    const whole = syncFrom(sync, 1, 100);
    const part = syncFrom(sync, 1, 100, 1);
    assert.equal(part.length, 15);
    const last = new DataView(part.at(-1)?.buffer ?? new ArrayBuffer(4)).getUint32(0, true);
    assert.deepEqual([...part, ...syncFrom(new LogSync(mount(flash)), last + 1, 50)], whole);
    assert.equal(whole.length, 20);
  });

  it("acknowledges for good, once", () => {
    const { flash, ring, sync } = makeLog(5);
    assert.equal(hex(answerTo(sync, askAcknowledge(5))), "83 01 00 00 05 00 00 00");
    assert.equal(hex(answerTo(sync, askAcknowledge(3))), "83 01 00 00 05 00 00 00");
    assert.equal(ring.nextSeq, 7, "one record says so");
    assert.equal(mount(flash).acknowledgedThrough, 5);
  });

  it("says when an acknowledgement cannot be kept", () => {
    const flash = new FlashPartition({ blocks: 4, blockBytes: 288 });
    const ring = mount(flash);
    prepareAll(ring);
    for (let mark = 1; mark <= 7; mark++) ring.append(testRecord(mark));
    assert.equal(hex(answerTo(new LogSync(ring), askAcknowledge(7))), "83 01 05");
    assert.equal(ring.acknowledgedThrough, 0);
  });

  describe("refuses", () => {
    const cases: [string, number[], string][] = [
      ["nothing at all", [], "80 01 01"],
      ["what it does not know", [4], "84 01 01"],
      ["0", [0], "80 01 01"],
      ["its own answer", [0x81], "81 01 01"],
      ["info with a byte too many", [1, 0], "81 01 02"],
      ["records with a byte too few", [2, ...little(1), ...little(2).slice(1)], "82 01 02"],
      ["records with a byte too many", [2, ...little(1), ...little(2), 0], "82 01 02"],
      ["records from 0", [2, ...little(0), ...little(2)], "82 01 03"],
      ["records backwards", [2, ...little(3), ...little(2)], "82 01 03"],
      ["records up to the next one", [2, ...little(1), ...little(6)], "82 01 03"],
      ["records up to 2^32 - 1", [2, ...little(1), ...little(-1)], "82 01 03"],
      ["an acknowledgement with a byte too few", [3, 1, 0, 0], "83 01 02"],
      ["an acknowledgement with a byte too many", [3, 1, 0, 0, 0, 0], "83 01 02"],
      ["an acknowledgement of 0", [3, ...little(0)], "83 01 03"],
      ["an acknowledgement of the next one", [3, ...little(6)], "83 01 03"],
      ["an acknowledgement of 2^32 - 1", [3, ...little(-1)], "83 01 03"],
      ["600 bytes", Array.from({ length: 600 }, () => 2), "82 01 02"],
    ];
    for (const [what, request, answer] of cases)
      it(what, () => {
        const { ring, sync } = makeLog(5);
        assert.equal(hex(answerTo(sync, request)), answer);
        assert.equal(ring.acknowledgedThrough, 0);
        assert.equal(ring.nextSeq, 6);
      });
  });

  it("answers 20000 random requests within its bytes, and changes the log only by valid acknowledgements", () => {
    const { ring, sync } = makeLog(20);
    const random = new RandomStream(7, "requests");
    for (let i = 0; i < 20_000; i++) {
      const request = Uint8Array.from({ length: random.between(0, 12) }, () => random.between(0, 255));
      if (request.length > 0 && random.between(0, 3) > 0) request[0] = random.between(0, 4);
      if (random.between(0, 1) === 1) for (let at = 2; at < request.length; at++) if (at % 4 !== 1) request[at] = 0;
      const { acknowledgedThrough, nextSeq } = ring;
      const answer = answerTo(sync, request);
      const status = answer[2] ?? 99;
      assert(answer.length >= 3 && answer.length <= ANSWER_BYTES_MAX && status <= SyncStatus.NotKept);
      const isAcknowledgement = request[0] === 3 && request.length === 5 && status === SyncStatus.Ok;
      if (!isAcknowledgement)
        assert.deepEqual([ring.acknowledgedThrough, ring.nextSeq], [acknowledgedThrough, nextSeq]);
      prepareAll(ring);
    }
    assert(ring.acknowledgedThrough > 0, "some were valid");
  });

  describe("fragments", () => {
    it("are numbered, and marked at the first and the last", () => {
      const { sync } = makeLog(3);
      sync.request(Uint8Array.of(1)); // 24 bytes
      const pieces = fragments(sync, 10);
      assert.deepEqual(
        pieces.map((piece) => piece.length),
        [10, 10, 7],
      );
      assert.deepEqual(
        pieces.map((piece) => piece[0]),
        [0x80, 0x01, 0x42],
      );
      assert.equal(sync.nextFragment(new Uint8Array(10), 10), 0);
    });

    it("are one when it just fits, and two when it just does not", () => {
      const { sync } = makeLog(3);
      sync.request(Uint8Array.of(1));
      assert.deepEqual(
        fragments(sync, 25).map((piece) => [piece[0], piece.length]),
        [[0xc0, 25]],
      );
      sync.request(Uint8Array.of(1));
      assert.deepEqual(
        fragments(sync, 24).map((piece) => [piece[0], piece.length]),
        [
          [0x80, 24],
          [0x41, 2],
        ],
      );
    });

    it("count on from 63 with 0, at an MTU of 2 bytes a piece", () => {
      const { sync } = makeLog(20);
      sync.request(askRecords(1, 20));
      const pieces = fragments(sync, 2);
      assert.equal(pieces.length, 492);
      assert.equal(pieces[63]?.[0], 63);
      assert.equal(pieces[64]?.[0], 0);
      assert.equal(pieces[491]?.[0], 0x40 | (491 % 64));
      assert.deepEqual(join(pieces), answerTo(sync, askRecords(1, 20)));
    });

    it("of an answer half sent are given up for the next request", () => {
      const { sync } = makeLog(20);
      sync.request(askRecords(1, 20));
      sync.nextFragment(new Uint8Array(20), 20);
      sync.request(Uint8Array.of(1));
      assert.equal(join(fragments(sync, 20)).length, 24);
    });
  });
});
