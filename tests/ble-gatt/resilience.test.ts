import assert from "node:assert/strict";
import type { ControlPort } from "ble-gatt/control-point";
import { encodeLiveState, type LiveState } from "ble-gatt/live-state";
import { ResilienceService } from "ble-gatt/resilience";
import { BandServer } from "ble-gatt/server";
import { Trust } from "ble-gatt/trust";
import type { SampleBatch } from "ppg/samples";
import { RecordRing } from "storage/record-ring";
import { SessionLog } from "storage/session-log";
import { AttError } from "../../hosts/sim/board/radio.js";
import { FakeStore } from "../session/band.js";
import { hex } from "./fakes.js";
import { CONTROL, LIGHT, Phone, STATE, SYNC, u32 } from "./phone.js";
import { board, IDENTITY, io } from "./rig.js";

const SECOND_US = 1_000_000;

const LIVE: LiveState = {
  isWorn: true,
  isClean: true,
  isPacing: true,
  isResting: false,
  showsScore: true,
  session: 2,
  program: 0,
  phase: 0,
  contact: 2,
  contactReason: 0,
  bpm: 64,
  bpmAbsence: 0,
  rateCentiPerMin: 600,
  scorePercent: 87,
  scoreAbsence: 0,
  followPercent: 91,
  floorPercent: 45,
  irregularPercent: 3,
  strengthQ8: 160,
  endReason: -1,
  rule: -1,
};

/** The service alone on the simulated radio; the band behind it notes what it is asked. */
function served() {
  const parts = board();
  const asked: string[] = [];
  const state = { isInSession: false };
  const note = (what: string, said = 0): number => {
    asked.push(what);
    return said;
  };
  const port: ControlPort = {
    get isInSession() {
      return state.isInSession;
    },
    start: (program, chosenMs) => note(`start ${program} ${chosenMs}`, program === 7 ? 4 | (2 << 8) : 0),
    stop: () => void asked.push("stop"),
    notOk: () => void asked.push("notOk"),
    pause: () => asked.push("pause") > 0,
    resume: () => asked.push("resume") < 0,
    changePace: (rate, inhale) => note(`pace ${rate} ${inhale}`),
    getSetting: (key, view, at) => {
      [-2, -5, 0x1234_5678].forEach((value, i) => {
        view.setInt32(at + 4 * i, value, true);
      });
      return key === 9 ? 0 : 3;
    },
    setSetting: (key, value) => note(`set ${key} ${value}`),
    setClock: (epochMs, uncertaintyMs, zone) => note(`clock ${epochMs} ${uncertaintyMs} ${zone}`),
    setLightRate: (hz) => service.light.setRate(hz),
  };
  const store = new FakeStore();
  const trust = new Trust(store);
  const ring = new RecordRing(undefined, 4);
  const { clock } = parts;
  const timers = {
    set: (callback: () => void, delayMs: number) => clock.at(clock.nowUs + delayMs * 1000, 2, callback),
    repeat: () => assert.fail("nothing repeats"),
    clear: () => assert.fail("nothing is cleared"),
  };
  const log = new SessionLog(ring, "1.0.0");
  const service = new ResilienceService({ trust, port, liveState: LIVE, ring, log, timers });
  const server = new BandServer({ radio: { io }, name: IDENTITY.name, services: [service] });
  trust.gate = server;
  clock.runFor(1000);
  const run = (us: number): void => clock.runFor(us);
  const phone = new Phone(parts.radio, clock, run);
  const second = (): void => {
    server.second();
    run(SECOND_US);
  };
  const owner = async (mtu = 247): Promise<void> => {
    trust.openWindow();
    await phone.connect(mtu);
    await phone.becomeOwner();
  };
  return { ...parts, asked, state, store, trust, service, server, phone, second, owner };
}

const batch = (firstIndex: number, values: readonly number[], flags: readonly number[] = []): SampleBatch => ({
  count: values.length,
  red: new Int32Array(32),
  ir: Int32Array.from({ length: 32 }, (_, i) => values[i] ?? 0),
  flags: Uint8Array.from({ length: 32 }, (_, i) => flags[i] ?? 0),
  firstIndex,
  lostBefore: 0,
  drainedAtMs: 0,
});

describe("live state", () => {
  const encode = (state: LiveState, trust: Trust): string => {
    const bytes = new Uint8Array(20);
    encodeLiveState(bytes, state, trust);
    return hex(bytes);
  };
  const open = (): Trust => {
    const trust = new Trust(new FakeStore());
    trust.openWindow();
    assert.ok(trust.claim(new Uint8Array(16), 0));
    for (let i = 0; i < 60; i++) trust.second();
    return trust;
  };

  it("is 20 bytes: a worn band that paces, with a score", () => {
    assert.equal(encode(LIVE, open()), "01 2f 02 00 00 02 40 00 58 02 00 57 5b 2d 03 a0 ff ff 00 00");
  });

  it("says what is not known, and how the last session ended", () => {
    const idle: LiveState = {
      ...LIVE,
      isWorn: false,
      isClean: false,
      isPacing: false,
      isResting: true,
      showsScore: false,
      session: 0,
      program: -1,
      phase: -1,
      contact: 0,
      contactReason: 3,
      bpm: 0,
      bpmAbsence: 1,
      rateCentiPerMin: 0,
      scoreAbsence: 2,
      followPercent: -1,
      irregularPercent: -1,
      strengthQ8: 256,
      endReason: 6,
      rule: 3,
    };
    const trust = open();
    for (let i = 0; i < 0x102; i++) trust.refused();
    assert.equal(encode(idle, trust), "01 11 00 ff ff 30 00 01 00 00 02 00 ff 2d ff ff 06 03 02 01");
  });

  it("tells a stranger nothing but its version and whether the window is open", () => {
    const trust = new Trust(new FakeStore());
    assert.equal(encode(LIVE, trust), `01 00 ${"00 ".repeat(18).trim()}`);
    trust.openWindow();
    assert.equal(encode(LIVE, trust), `01 80 ${"00 ".repeat(18).trim()}`);
  });

  it("comes at once and every second to the owner who listens, and not to one who has not shown the key", async () => {
    const { phone, second, owner, trust } = served();
    await owner();
    assert.equal(await phone.subscribe(STATE), AttError.None);
    assert.equal(phone.heard(STATE).length, 1);
    second();
    second();
    assert.equal(phone.heard(STATE).length, 3);
    trust.lock();
    second();
    assert.equal(phone.heard(STATE).length, 3);
  });
});

describe("an unencrypted link", () => {
  it("is refused every read, write and subscription of the service with 0x05, then 0x0F where there is a bond", async () => {
    const { phone, owner, asked } = served();
    for (const expected of [AttError.InsufficientAuthentication, AttError.InsufficientEncryption]) {
      await phone.connect();
      assert.equal((await phone.read(STATE)).error, expected);
      for (const uuid of [CONTROL, SYNC]) assert.equal(await phone.write(uuid, [0x10, 0, 0, 0, 0]), expected);
      for (const uuid of [STATE, CONTROL, LIGHT, SYNC]) assert.equal(await phone.subscribe(uuid), expected);
      phone.central.disconnect();
      if (expected === AttError.InsufficientEncryption) break;
      await owner();
      phone.central.disconnect();
    }
    assert.deepEqual(asked, []);
  });
});

describe("the control point", () => {
  it("gives the owner's key within the window only, the same to a second phone", async () => {
    const { phone, owner, trust, second, radio, clock } = served();
    await owner();
    assert.deepEqual(await phone.ask(1), [0, 1, 0b111]); // version 1; open, window, has an owner
    for (let i = 0; i < 60; i++) second();
    assert.deepEqual(await phone.ask(2), [4, 0]);
    phone.central.disconnect();
    const other = new Phone(radio, clock, (us) => clock.runFor(us), "other");
    trust.openWindow();
    await other.connect();
    await other.becomeOwner();
    assert.deepEqual(other.key, phone.key);
    assert.equal(new Set(phone.key).size > 4, true, "it is not all the same byte");
  });

  it("is locked on an encrypted link without the key, whatever is tried", async () => {
    const { phone, owner, asked } = served();
    await owner();
    phone.central.disconnect();
    await phone.connect();
    assert.ok(phone.central.encrypt());
    await phone.subscribe(CONTROL);
    assert.deepEqual(await phone.ask(1), [0, 1, 0b110]);
    const locked = async (): Promise<void> => {
      assert.deepEqual(await phone.ask(0x10, 0, 0, 0), [5]);
      assert.deepEqual(await phone.ask(0x11), [5]);
      assert.deepEqual(await phone.ask(0x21, 0, 0, 0, 0, 0), [5]);
    };
    await locked();
    const wrong = [...phone.key.slice(0, 15), (phone.key[15] ?? 0) ^ 1];
    assert.deepEqual(await phone.ask(3, ...wrong), [5]);
    await locked();
    assert.deepEqual(asked, []);
    assert.deepEqual(await phone.ask(3, ...phone.key), [0]);
    assert.deepEqual(await phone.ask(0x10, 0, 0, 0), [0]);
  });

  it("decodes each request, byte by byte", async () => {
    const { phone, owner, asked } = served();
    await owner();
    assert.deepEqual(await phone.ask(0x10, 1, 0x2c, 0x01), [0]); // 300 s
    assert.deepEqual(await phone.ask(0x10, 7, 0, 0), [4, 2]); // refused, with the reason's number
    assert.deepEqual(await phone.ask(0x11), [0]);
    assert.deepEqual(await phone.ask(0x12), [0]);
    assert.deepEqual(await phone.ask(0x13), [0]);
    assert.deepEqual(await phone.ask(0x14), [4, 0]);
    assert.deepEqual(await phone.ask(0x15, 0x26, 0x02, 0x90, 0x01), [0]); // 5.50 a minute, 400 permille
    assert.deepEqual(await phone.ask(0x20, 9), [
      0,
      9,
      ...[0xfe, 0xff, 0xff, 0xff],
      ...[0xfb, 0xff, 0xff, 0xff],
      ...[0x78, 0x56, 0x34, 0x12],
    ]);
    assert.deepEqual(await phone.ask(0x20, 8), [3]);
    assert.deepEqual(await phone.ask(0x21, 2, 0xff, 0xff, 0xff, 0xff), [0]);
    // 2026-11-25T05:00:00Z is 1 795 582 800 s: 0x01a211133080 ms.
    assert.deepEqual(await phone.ask(0x30, ...[0x80, 0x30, 0x13, 0x11, 0xa2, 0x01], ...u32(250), 0xc4, 0xff), [0]);
    assert.deepEqual(await phone.ask(0x40, 25), [0]);
    assert.deepEqual(await phone.ask(0x40, 26), [3]);
    assert.deepEqual(await phone.ask(0x77), [1]);
    assert.deepEqual(await phone.ask(0x10, 1, 0), [2]);
    assert.deepEqual(await phone.ask(0x11, 0), [2]);
    assert.deepEqual(asked, [
      "start 1 300000",
      "start 7 0",
      "stop",
      "notOk",
      "pause",
      "resume",
      "pace 550 400",
      "set 2 -1",
      "clock 1795582800000 250 -60",
    ]);
  });

  it("ignores and counts what comes before the last answer, without a listener, too short, or in floods", async () => {
    const { phone, owner, asked, trust, central, clock, second } = served();
    await owner();
    const handle = phone.handle(CONTROL);
    const start = Uint8Array.of(0x10, 1, 3, 0, 0);
    const write = (bytes: Uint8Array): void => phone.central.write(handle, bytes);
    for (let i = 0; i < 1000; i++) write(start);
    clock.runFor(SECOND_US);
    assert.deepEqual(asked, ["start 3 0"]);
    assert.equal(trust.refusedCount, 999);
    second();
    write(Uint8Array.of());
    write(Uint8Array.of(0x10));
    clock.runFor(SECOND_US);
    assert.equal(trust.refusedCount, 1001);
    const control = phone.central.find(CONTROL);
    assert.ok(control);
    phone.central.unsubscribe(control);
    write(start);
    clock.runFor(SECOND_US);
    assert.equal(trust.refusedCount, 1002);
    assert.equal(asked.length, 1);
    assert.ok(central);
  });

  it("stops a session through a flood and before what was asked earlier, even if the link ends at once", async () => {
    for (const leaves of [false, true]) {
      const { phone, owner, asked, clock, state, radio } = served();
      await owner();
      state.isInSession = true;
      const handle = phone.handle(CONTROL);
      for (let i = 0; i < 200; i++) phone.central.write(handle, Uint8Array.of(0x14, i));
      phone.central.write(handle, Uint8Array.of(0x11, 0xee));
      for (let i = 0; i < 200; i++) phone.central.write(handle, Uint8Array.of(0x14, i));
      if (leaves) clock.runFor(1);
      if (leaves) phone.central.disconnect();
      clock.runFor(SECOND_US);
      assert.deepEqual(asked, ["stop"]);
      if (!leaves) assert.equal(hex(phone.heard(CONTROL).at(-1) ?? new Uint8Array()), "91 ee 00");
      else assert.equal(radio.linkText, "advertising");
    }
  });

  it("tells an answer that the radio failed to send again, and then takes the next request", async () => {
    const { phone, owner, clock, second } = served();
    await owner();
    phone.central.failures.push(6);
    const before = phone.heard(CONTROL).length;
    phone.central.write(phone.handle(CONTROL), Uint8Array.of(0x13, 0x55));
    clock.runFor(SECOND_US / 2);
    assert.equal(phone.heard(CONTROL).length, before);
    second();
    assert.deepEqual(phone.heard(CONTROL).slice(before).map(hex), ["93 55 00"]);
    assert.deepEqual(await phone.ask(0x13), [0]);
  });
});

describe("raw light", () => {
  it("is sent at 100 a second as number, rate, flags and 24-bit samples, 4 a packet at MTU 23", async () => {
    const { phone, owner, service, clock } = served();
    await owner(23);
    await phone.ask(0x40, 100);
    await phone.subscribe(LIGHT);
    service.light.push(batch(0x0102_0304, [0x3_ffff, 1, 0x1_2345, 256, 7], [0, 4, 1, 0, 8]));
    clock.runFor(SECOND_US);
    assert.deepEqual(phone.heard(LIGHT).map(hex), ["04 03 02 01 64 0d ff ff 03 01 00 00 45 23 01 00 01 00"]);
  });

  it("is averaged to 50 and 25 a second over groups that begin at multiples of 2 and 4", async () => {
    for (const [hz, expected] of [
      [50, "02 00 00 00 32 00 0f 00 00 23 00 00 37 00 00 4b 00 00"], // (10 + 20) / 2 ...
      [25, "04 00 00 00 19 00 2d 00 00 55 00 00 7d 00 00 a5 00 00"], // (30 + 40 + 50 + 60) / 4 ...
    ] as const) {
      const { phone, owner, service, clock } = served();
      await owner(23);
      await phone.ask(0x40, hz);
      await phone.subscribe(LIGHT);
      service.light.push(batch(1, [0, ...Array.from({ length: 19 }, (_, i) => 10 * (i + 1))]));
      clock.runFor(SECOND_US);
      assert.equal(hex(phone.heard(LIGHT)[0] ?? new Uint8Array()), expected);
    }
  });

  it("never joins samples across a gap, and drops whole stretches when the link is too slow", async () => {
    const { phone, owner, service, clock } = served();
    await owner(23);
    await phone.ask(0x40, 100);
    await phone.subscribe(LIGHT);
    service.light.push(batch(0, [1, 2, 3]));
    service.light.push(batch(10, [11, 12, 13, 14]));
    clock.runFor(SECOND_US);
    assert.deepEqual(phone.heard(LIGHT).map(hex), ["0a 00 00 00 64 00 0b 00 00 0c 00 00 0d 00 00 0e 00 00"]);
    assert.equal(service.light.droppedCount, 3);
    phone.central.stalled = true;
    for (let i = 0; i < 20; i++)
      service.light.push(
        batch(
          14 + 20 * i,
          Array.from({ length: 20 }, (_, k) => k),
        ),
      );
    phone.central.resume();
    clock.runFor(SECOND_US);
    let next = -1;
    for (const packet of phone.heard(LIGHT).slice(1)) {
      const first = (packet[0] ?? 0) | ((packet[1] ?? 0) << 8);
      assert.ok(first >= next, "in order");
      for (let i = 0; i < 4; i++) assert.equal(packet[6 + 3 * i], (first + i - 14) % 20);
      next = first + 4;
    }
  });

  it("ends with the subscription and begins anew with the next", async () => {
    const { phone, owner, service, clock } = served();
    await owner(23);
    await phone.ask(0x40, 100);
    await phone.subscribe(LIGHT);
    const light = phone.central.find(LIGHT);
    assert.ok(light);
    service.light.push(batch(0, [1, 2]));
    phone.central.unsubscribe(light);
    clock.runFor(SECOND_US);
    service.light.push(batch(2, [3, 4, 5, 6]));
    clock.runFor(SECOND_US);
    assert.equal(phone.heard(LIGHT).length, 0);
    await phone.subscribe(LIGHT);
    service.light.push(batch(6, [7, 8, 9, 10]));
    clock.runFor(SECOND_US);
    assert.deepEqual(phone.heard(LIGHT).map(hex), ["06 00 00 00 64 00 07 00 00 08 00 00 09 00 00 0a 00 00"]);
  });
});

describe("the resilience service on the air", () => {
  it("is named in the scan response, little endian, and not in the advert", () => {
    const { central, phone } = served();
    assert.ok(central);
    const heard = phone.central.scan();
    assert.equal(hex(heard?.scanResponse ?? new Uint8Array()), "11 07 10 6e 2c 7a 0b 9f 3e 8d 61 4c 4d ba 01 00 11 5e");
    assert.equal(hex(heard?.advert ?? new Uint8Array()).includes("11 07"), false);
  });

  it("has four characteristics, for encrypted links", async () => {
    const { phone } = served();
    await phone.connect();
    const [, service] = phone.central.discover();
    assert.deepEqual(
      service?.characteristics.map(({ uuid, properties, valueHandle, cccdHandle }) => [
        uuid.slice(4, 8),
        properties,
        valueHandle,
        cccdHandle,
      ]),
      [
        ["0002", 0x8212, 8, 9],
        ["0003", 0x9018, 11, 12],
        ["0004", 0x8010, 14, 15],
        ["0005", 0x9018, 17, 18],
      ],
    );
  });

  it("without a log answers a sync with what the log says of itself", async () => {
    const { phone, owner } = served();
    await owner();
    await phone.subscribe(SYNC);
    const info = await phone.sync(1);
    assert.equal(hex(info.slice(0, 4)), "81 01 00 01"); // no partition
    assert.equal(hex(await phone.sync(2, ...u32(1), ...u32(1))), "82 01 04"); // empty
    assert.equal(hex(await phone.sync(9)), "89 01 01"); // unknown
    assert.equal(hex(await phone.sync(2, 0)), "82 01 02"); // wrong length
    assert.equal(hex(await phone.sync(3, ...u32(7))), "83 01 03"); // nothing to acknowledge
  });
});
