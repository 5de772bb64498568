import assert from "node:assert/strict";
import { SessionLog } from "storage/session-log";
import { FlashPartition } from "../../hosts/sim/board/flash-partition.js";
import { readFirmware } from "../../hosts/sim/firmware-files.node.js";
import { BUILD_TIMEOUT_MS, expectOk, makeWorld } from "../engine/world.js";
import { hex, mount, prepareAll } from "./rig.js";

const BEATS_PER_EVENT = 7;
const EVENTS = 200;

/** The log in a machine of its own: event 0 prepares, event n writes a record of beats and what goes with it. */
const MAIN = `
  import { RecordRing } from "storage/record-ring";
  import { SessionLog } from "storage/session-log";
  const call = hostCall;
  const bytes = hostBytes;
  class Flash {
    status() { return { size: call(70, 0, 0, 0, 0), blockLength: call(71, 0, 0, 0, 0) }; }
    read(view, offset) { if (bytes(73, offset, view) !== 0) throw new Error("read failed"); }
    write(view, offset) { if (bytes(74, offset, view) !== 0) throw new Error("write failed"); }
    eraseBlock(block) { if (call(72, block, 0, 0, 0) !== 0) throw new Error("erase failed"); }
    close() {}
  }
  const ring = new RecordRing({ io: Flash }, 4);
  const log = new SessionLog(ring, "0.1.0");
  globalThis.hostEvent = (n) => {
    if (n === 0) { while (ring.prepare() === 1); return ring.state; }
    for (let i = 0; i < ${BEATS_PER_EVENT}; i++) log.beat(n * 6000 + i * 853, 853, 0, 200);
    log.breath(n * 10000, 4000, 10000, 1, 90, undefined, 64, 30);
    log.minute(n * 60000, 853, 1600, 97, 0, 1);
    log.event(n, 7, -1, n);
    return ring.nextSeq;
  };`;

function write(log: SessionLog, n: number): void {
  for (let i = 0; i < BEATS_PER_EVENT; i++) log.beat(n * 6000 + i * 853, 853, 0, 200);
  log.breath(n * 10_000, 4000, 10_000, 1, 90, undefined, 64, 30);
  log.minute(n * 60_000, 853, 1600, 97, 0, 1);
  log.event(n, 7, -1, n);
}

describe("the log on XS", function () {
  this.timeout(BUILD_TIMEOUT_MS);

  it("writes the bytes that V8 writes, and takes no memory and no double for it", async () => {
    const flash = new FlashPartition({ blocks: 16 });
    const firmware = readFirmware();
    const { machine } = await makeWorld({
      ports: {
        source: (name) => (name === "main" ? { code: MAIN } : firmware.source(name)),
        call: (op, a) => flash.handleCall(op, a),
        bytes: (op, a, view) => flash.handleBytes(op, a, view),
      },
    });
    expectOk(machine.freezeIntrinsics());
    for (const name of ["record-ring", "session-log"]) expectOk(machine.importModule(`storage/${name}`));
    expectOk(machine.sealFlash());
    expectOk(machine.importModule("main"));
    assert.equal(expectOk(machine.dispatch(0)), 0);
    for (let n = 1; n <= 20; n++) expectOk(machine.dispatch(n));
    expectOk(machine.collectGarbage());
    const before = { ...machine.counters() };
    for (let n = 21; n <= EVENTS; n++) expectOk(machine.dispatch(n));
    const after = { ...machine.counters() };
    const units = Math.round((after.meter - before.meter) / (EVENTS - 20));
    console.log(`      ${units} units for 7 beats, a breath, a minute and an event: 2.67 records`);
    assert.deepEqual(
      {
        slots: after.slots - before.slots,
        chunkBytes: after.chunkBytes - before.chunkBytes,
        collections: after.collections - before.collections,
        floatOperations: after.floatOperations - before.floatOperations,
      },
      { slots: 0, chunkBytes: 0, collections: 0, floatOperations: 0 },
    );

    const flashHere = new FlashPartition({ blocks: 16 });
    const ring = mount(flashHere, 4);
    prepareAll(ring);
    const log = new SessionLog(ring, "0.1.0");
    for (let n = 1; n <= EVENTS; n++) write(log, n);
    assert.equal(hex(flash.contents), hex(flashHere.contents));
  });
});
