import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { LogDating } from "storage/log-dating";
import { decodeRecord } from "storage/log-reader";
import { AttError } from "../../hosts/sim/board/radio.js";
import { RandomStream } from "../../hosts/sim/board/random.js";
import { NoContact } from "../../hosts/sim/person/skin.js";
import { CONTROL, LIGHT, Phone, STATE, SYNC, u16, u32 } from "../ble-gatt/phone.js";
import { bootOn, SECOND_US, shippedPulse, WatchedBand } from "./rig.js";

const HOLD_US = 4 * SECOND_US;
const START_BREATHE = [0x10, 0, 0, 0] as const;

async function wornBand(optics = shippedPulse() as ConstructorParameters<typeof WatchedBand>[1]) {
  const watched = new WatchedBand(await bootOn("v8"), optics);
  const { band } = watched;
  const { clock, radio, motor } = band.board;
  const runFor = (us: number): Promise<void> => band.run(clock.nowUs + us);
  await runFor(2 * SECOND_US);
  const phone = (identity = "phone"): Phone => new Phone(radio, clock, runFor, identity);
  const openWindow = async (): Promise<void> => {
    watched.press(HOLD_US);
    await runFor(HOLD_US + 2 * SECOND_US);
  };
  /** Motor on at any time since. */
  const shookSince = (us: number): boolean => motor.history.some(({ toUs }) => toUs > us) || motor.dutyQ16 > 0;
  const restart = async (): Promise<void> => {
    const before = band.restarts.length;
    band.powerCycle();
    await runFor(SECOND_US);
    assert.equal(band.restarts.length, before);
  };
  return { watched, band, clock, radio, motor, runFor, phone, openWindow, shookSince, restart };
}

describe("the owner's phone", () => {
  it("pairs in the window that a hold of 4 s opens, starts and stops a session, and comes back after a restart", async () => {
    const { band, phone, openWindow, runFor, shookSince, restart, clock } = await wornBand();
    const owner = phone();
    await owner.connect();
    assert.equal(owner.central.pair(), "refused");
    await openWindow();
    await owner.becomeOwner();
    await owner.subscribe(STATE);
    const state = (): number[] => [...(owner.heard(STATE).at(-1) ?? [])];
    await runFor(SECOND_US);
    assert.deepEqual(state().slice(2, 5), [0, 0xff, 0xff], "idle");
    assert.deepEqual(await owner.ask(...START_BREATHE), [0]);
    await runFor(6 * SECOND_US);
    assert.deepEqual(state().slice(2, 5), [2, 0, 0], "running");
    assert.deepEqual(state().slice(8, 10), u16(600));
    assert.deepEqual(await owner.ask(...START_BREATHE), [4, 0], "busy");
    assert.deepEqual(await owner.ask(0x11), [0]);
    await runFor(2 * SECOND_US);
    const silentUs = clock.nowUs;
    await runFor(10 * SECOND_US);
    assert.equal(shookSince(silentUs), false);
    assert.equal(state()[16], 2, "ended by stop");

    await restart();
    await owner.comeBack();
    assert.deepEqual(await owner.ask(...START_BREATHE), [0]);
    assert.deepEqual(band.restarts, []);
    band.close();
  });

  it("finds the service after the standard ones, at handles that stay as they are, and its UUID in the scan response", async () => {
    const { band, phone } = await wornBand(new NoContact());
    const owner = phone();
    const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");
    assert.equal(hex(owner.central.scan()?.advert), "020106" + "03194003" + "07030d180f180a18" + "050942616e64");
    assert.equal(hex(owner.central.scan()?.scanResponse), "1107106e2c7a0b9f3e8d614c4dba0100115e");
    await owner.connect();
    const services = owner.central.discover();
    assert.deepEqual(
      services.map(({ uuid, startHandle }) => `${uuid.slice(0, 8)} ${startHandle}`),
      ["1800 1", "180d 6", "180f 12", "180a 16", "5e110001 27"],
    );
    assert.deepEqual(
      services
        .at(-1)
        ?.characteristics.map(({ uuid, valueHandle, cccdHandle }) => [uuid.slice(0, 8), valueHandle, cccdHandle]),
      [
        ["5e110002", 29, 30],
        ["5e110003", 32, 33],
        ["5e110004", 35, 36],
        ["5e110005", 38, 39],
      ],
    );
    band.close();
  });

  it("pairs again after it forgot its bond, in the window only", async () => {
    const { band, phone, openWindow, radio } = await wornBand();
    const owner = phone();
    await openWindow();
    await owner.connect();
    await owner.becomeOwner();
    owner.central.disconnect();
    owner.central.forget();
    for (let second = 0; second < 60; second++) await band.run(band.board.clock.nowUs + SECOND_US);
    await owner.connect();
    assert.equal(owner.central.encrypt(), false);
    assert.equal(owner.central.pair(), "refused");
    assert.equal(await owner.write(CONTROL, [1, 0]), AttError.InsufficientEncryption);
    await openWindow();
    assert.equal(owner.central.pair(), "accepted");
    assert.ok(radio.isEncrypted);
    band.close();
  });

  it("is told why a session does not begin, and no rule is passed by", async () => {
    const { band, phone, openWindow, runFor } = await wornBand();
    const owner = phone();
    await openWindow();
    await owner.connect();
    await owner.becomeOwner();
    assert.deepEqual(await owner.ask(0x10, 99, 0, 0), [3], "no such program");
    assert.deepEqual(await owner.ask(0x10, 0, 1, 0), [4, 5], "a second is out of range");
    assert.deepEqual(await owner.ask(0x10, 7, 0, 0), [4, 2], "recover is not for the first week");
    assert.deepEqual(await owner.ask(0x21, 22, ...u32(2)), [0], "the screening applies");
    assert.deepEqual(await owner.ask(...START_BREATHE), [4, 9]);
    assert.deepEqual(await owner.ask(0x21, 22, ...u32(1)), [0]);
    assert.deepEqual(await owner.ask(0x21, 0, ...u32(399)), [3], "below the slowest pace");
    assert.deepEqual(await owner.ask(0x15, ...u16(399), ...u16(400)), [3]);
    assert.deepEqual(await owner.ask(0x21, 24, ...u32(1)), [4, 0], "what the band found is not set");
    assert.deepEqual(await owner.ask(0x21, 0, ...u32(550)), [0]);
    assert.deepEqual(await owner.ask(0x20, 0), [0, 0, ...u32(550), ...u32(400), ...u32(1000)]);
    assert.deepEqual(await owner.ask(...START_BREATHE), [0]);
    await runFor(SECOND_US);
    assert.deepEqual(await owner.ask(0x21, 11, ...u32(1)), [4, 0], "limits stay as they are in a session");
    assert.deepEqual(await owner.ask(0x21, 2, ...u32(200)), [0], "the touch may change");
    band.close();
  });

  it("gets the sensor's light at the rate it asks for, without a gap", async () => {
    const { band, phone, openWindow, runFor } = await wornBand();
    const owner = phone();
    await openWindow();
    await owner.connect();
    await owner.becomeOwner();
    assert.deepEqual(await owner.ask(0x40, 100), [0]);
    await owner.subscribe(LIGHT);
    await runFor(10 * SECOND_US);
    const firsts = owner.heard(LIGHT).map((packet) => new DataView(packet.buffer).getUint32(0, true));
    assert.ok(firsts.length >= 30, `${firsts.length} packets of 32 in 10 s`);
    firsts.forEach((first, i) => {
      assert.equal(first, (firsts[0] ?? 0) + 32 * i);
    });
    band.close();
  });

  it("syncs the log over a cut and a restart, the same bytes twice, and dates what was before", async () => {
    const { band, phone, openWindow, runFor, restart, clock } = await wornBand();
    const owner = phone();
    await openWindow();
    await owner.connect(60);
    await owner.becomeOwner();
    await runFor(30 * SECOND_US); // the log begins half a minute after the start
    assert.deepEqual(await owner.ask(...START_BREATHE), [0]);
    await runFor(60 * SECOND_US);
    await owner.ask(0x11);
    const EPOCH_MS = 1_795_582_800_000;
    const setMs = Math.floor(clock.nowUs / 1000);
    const epoch = [...u32(EPOCH_MS % 2 ** 32), ...u16(Math.floor(EPOCH_MS / 2 ** 32))];
    assert.deepEqual(await owner.ask(0x30, ...epoch, ...u32(250), ...u16(60)), [0]);
    assert.deepEqual(await owner.ask(0x30, ...u32(0), ...u16(0), ...u32(250), ...u16(60)), [3], "1970 is no date");
    await owner.subscribe(SYNC);
    const first = await owner.records(1);
    assert.ok(first.length > 12, `${first.length} records`);
    assert.deepEqual(await owner.records(1), first, "twice the same");
    const read = first.map((bytes) => decodeRecord(new DataView(bytes.buffer).getUint32(0, true), bytes));
    const start = read.find(({ kind }) => kind === "sessionStart");
    assert.ok(start, "the session that was before");
    const date = new LogDating(read).dateOf(start.seq);
    assert.ok(date !== undefined && "epochMs" in date, JSON.stringify(date));
    assert.ok(Math.abs(date.epochMs - (EPOCH_MS - (setMs - start.at))) <= 100, JSON.stringify(date));

    const half = await owner.records(1, 15);
    owner.central.disconnect();
    await owner.comeBack(23);
    await owner.subscribe(SYNC);
    const rest = await owner.records(half.length + 1);
    assert.deepEqual([...half, ...rest].slice(0, first.length), first, "after a cut, at another MTU");

    await restart();
    await owner.comeBack();
    await owner.subscribe(SYNC);
    assert.deepEqual((await owner.records(1)).slice(0, first.length), first, "after a restart");
    const through = first.length;
    assert.deepEqual([...(await owner.sync(3, ...u32(through)))].slice(0, 8), [0x83, 1, 0, 0, ...u32(through)]);
    assert.deepEqual([...(await owner.sync(3, ...u32(0x7fff_ffff)))], [0x83, 1, 3], "what there is not");
    assert.equal(band.restarts.length, 0);
    band.close();
  });

  it("with Moddable's own class, which pairs with anybody, a stranger is let in and can do nothing", async () => {
    const { band, phone, openWindow, radio, runFor, shookSince, clock } = await wornBand();
    radio.hasPairingGate = false;
    band.powerCycle();
    await runFor(2 * SECOND_US);
    await openWindow();
    const owner = phone();
    await owner.connect();
    await owner.becomeOwner();
    owner.central.disconnect();
    for (let second = 0; second < 60; second++) await runFor(SECOND_US);
    const stranger = phone("stranger");
    await stranger.connect();
    assert.equal(stranger.central.pair(), "accepted");
    const sinceUs = clock.nowUs;
    await stranger.subscribe(CONTROL);
    await stranger.subscribe(STATE);
    await stranger.subscribe(SYNC);
    assert.deepEqual(await stranger.ask(2), [4, 0], "no key without the window");
    assert.deepEqual(await stranger.ask(...START_BREATHE), [5]);
    assert.deepEqual(await stranger.ask(0x21, 2, ...u32(256)), [5]);
    await stranger.write(SYNC, [1]);
    await runFor(5 * SECOND_US);
    assert.equal(stranger.heard(SYNC).length, 0);
    assert.equal(stranger.heard(STATE).length, 0);
    assert.deepEqual([...(await stranger.read(STATE)).value], [1, 0, ...new Array(18).fill(0)]);
    assert.equal(shookSince(sinceUs), false);
    band.close();
  });
});

describe("100,000 writes of a stranger whose link is encrypted", () => {
  it("start nothing, change nothing, crash nothing, and leave the link usable", async function () {
    this.timeout(300_000);
    const { band, phone, openWindow, radio, clock, runFor, shookSince } = await wornBand(new NoContact());
    radio.hasPairingGate = false;
    band.powerCycle();
    await runFor(2 * SECOND_US);
    await openWindow();
    const owner = phone();
    await owner.connect();
    await owner.becomeOwner();
    const before: number[][] = [];
    for (let key = 0; key < 26; key++) before.push(await owner.ask(0x20, key));
    owner.central.disconnect();
    for (let second = 0; second < 60; second++) await runFor(SECOND_US);

    const stranger = phone("stranger");
    await stranger.connect();
    assert.equal(stranger.central.pair(), "accepted");
    for (const uuid of [STATE, CONTROL, LIGHT, SYNC]) assert.equal(await stranger.subscribe(uuid), AttError.None);
    const sinceUs = clock.nowUs;
    const random = new RandomStream(20261125, "fuzz");
    const below = (limit: number): number => random.between(0, limit - 1);
    const handles = [stranger.handle(CONTROL), stranger.handle(SYNC), stranger.handle(STATE), stranger.handle(LIGHT)];
    const KINDS = [1, 2, 3, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x20, 0x21, 0x30, 0x40];
    const LENGTHS = [2, 2, 18, 5, 2, 2, 2, 2, 6, 3, 7, 14, 3];
    let answered = 0;
    for (let i = 0; i < 100_000; i++) {
      const kind = below(KINDS.length);
      const isMutated = below(2) === 0;
      const length = isMutated ? below(24) : (LENGTHS[kind] ?? 2);
      const bytes = Uint8Array.from({ length }, () => below(256));
      if (length > 0 && below(4) > 0) bytes[0] = KINDS[kind] ?? 0;
      // The owner's key but for its last byte, which is wrong: 2^128 keys are not guessed, but one of 256 would be.
      if (length === 18 && bytes[0] === 3)
        bytes.set([...owner.key.slice(0, 15), (owner.key[15] ?? 0) ^ (1 + below(255))], 2);
      const handle = below(20) === 0 ? below(60) : (handles[below(10) < 6 ? 0 : 1 + below(3)] ?? 0);
      const isCccd =
        handle !== 0 &&
        stranger.central
          .discover()
          .some(({ characteristics }) => characteristics.some(({ cccdHandle }) => cccdHandle === handle));
      if (isCccd) continue; // unsubscribing is the phone's right, and would end the test's ears
      stranger.central.write(handle, bytes, () => {
        answered++;
      });
      if (i % 32 === 0) await runFor(20_000 + below(1_000_000));
    }
    await runFor(2 * SECOND_US);
    assert.ok(answered > 90_000, `${answered} were answered`);
    assert.deepEqual(band.restarts, []);
    assert.equal(shookSince(sinceUs), false, "the motor is silent");
    assert.equal(stranger.heard(LIGHT).length + stranger.heard(SYNC).length + stranger.heard(STATE).length, 0);
    const statuses = new Set(stranger.heard(CONTROL).map((answer) => `${(answer[0] ?? 0) & 0x7f} ${answer[2]}`));
    for (const each of statuses) {
      const [kind = 0, status = 0] = each.split(" ").map(Number);
      assert.ok(status > 0 || kind === 1, `kind and status ${each}`); // anybody may say Hello
    }
    assert.deepEqual(await stranger.ask(1), [0, 1, 0b100], "the link is usable");
    stranger.central.disconnect();
    await owner.comeBack();
    for (let key = 0; key < 26; key++) assert.deepEqual(await owner.ask(0x20, key), before[key]);
    band.close();
  });
});

describe("20,000 writes of an owner's phone that has gone mad", () => {
  it("keep every setting within its bounds, crash nothing, and the button still stops at once", async function () {
    this.timeout(300_000);
    const { band, watched, phone, openWindow, runFor, clock, motor } = await wornBand(new NoContact());
    const owner = phone();
    await openWindow();
    await owner.connect();
    await owner.becomeOwner();
    for (const uuid of [STATE, LIGHT, SYNC]) await owner.subscribe(uuid);
    const random = new RandomStream(20261126, "owner fuzz");
    const below = (limit: number): number => random.between(0, limit - 1);
    const KINDS = [0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x20, 0x21, 0x21, 0x30, 0x40];
    const LENGTHS = [5, 2, 2, 2, 2, 6, 3, 7, 7, 14, 3];
    for (let i = 0; i < 20_000; i++) {
      const isSync = below(4) === 0;
      const kind = below(KINDS.length);
      const bytes = Uint8Array.from({ length: isSync ? [1, 9, 5][below(3)]! : LENGTHS[kind]! }, () => below(256)); // below their lengths
      bytes[0] = isSync ? 1 + below(3) : (KINDS[kind] ?? 0);
      if (!isSync && below(2) === 0) bytes.fill(0, 3); // small numbers are the likely ones
      if (isSync) bytes.fill(0, 2, 5);
      owner.central.write(owner.handle(isSync ? SYNC : CONTROL), bytes);
      if (i % 4 === 0) await runFor(10_000 + below(200_000));
    }
    assert.deepEqual(band.restarts, []);
    watched.press(HOLD_US);
    const pressedUs = clock.nowUs;
    await runFor(590_000);
    assert.deepEqual(
      motor.history.filter(({ toUs }) => toUs > pressedUs + 200_000),
      [],
    );
    await runFor(10 * SECOND_US);
    const view = (bytes: number[]): DataView => new DataView(Uint8Array.from(bytes).buffer);
    for (let key = 0; key < 26; key++) {
      const answer = view(await owner.ask(0x20, key));
      const [value, min, max] = [2, 6, 10].map((at) => answer.getInt32(at, true));
      assert.ok(value !== undefined && min !== undefined && max !== undefined);
      assert.ok(value === 0 || (value >= min && value <= max), `key ${key}: ${value}`);
    }
    band.close();
  });
});
