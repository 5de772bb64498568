import assert from "node:assert/strict";
import { Link } from "ble-gatt/server";
import fc from "fast-check";
import { AttError } from "../../hosts/sim/board/radio.js";
import { beat, hex } from "./fakes.js";
import { decodeHeartRate, wholeBand } from "./rig.js";

const SECOND_US = 1_000_000;

/** A phone that subscribes to the heart rate and keeps what it hears. */
function listening(rig: ReturnType<typeof wholeBand>, mtu = 23) {
  const { central, clock, characteristic } = rig;
  const packets: Uint8Array[] = [];
  assert.ok(central.connect(), "the band advertises");
  if (mtu > 23) assert.equal(central.exchangeMtu(mtu), mtu);
  const measurement = characteristic("2a37");
  central.onNotification = (handle, value) => {
    if (handle === measurement.valueHandle) packets.push(value);
  };
  central.subscribe(measurement, (error) => assert.equal(error, AttError.None));
  clock.runFor(10_000);
  return { packets, measurement, rr: () => packets.flatMap((packet) => decodeHeartRate(packet).rr) };
}

describe("the band and a phone over the simulated radio", () => {
  it("advertises flags, appearance, the three services and its name in 26 bytes", () => {
    const { central } = wholeBand();
    const advert = [
      "02 01 06", //                       flags: general discoverable, no BR/EDR
      "03 19 40 03", //                    appearance 0x0340
      "07 03 0d 18 0f 18 0a 18", //        complete list of 16-bit UUIDs
      "0a 09 43 61 6c 6d 20 42 61 6e 64", // complete name "Calm Band"
    ].join(" ");
    assert.equal(hex(central.scan()?.advert ?? new Uint8Array()), advert);
    assert.equal(central.scan()?.scanResponse.length, 0);
  });

  it("serves its characteristics at handles that stay as they are", () => {
    const { central } = wholeBand();
    assert.ok(central.connect());
    const layout = central
      .discover()
      .flatMap(({ uuid, startHandle, endHandle, characteristics }) => [
        `${uuid} ${startHandle}-${endHandle}`,
        ...characteristics.map((each) => `${each.uuid} ${each.valueHandle} ${each.cccdHandle} ${each.properties}`),
      ]);
    assert.deepEqual(layout, [
      "1800 1-5",
      "2a00 3 0 2",
      "2a01 5 0 2",
      "180d 6-11",
      "2a37 8 9 16",
      "2a38 11 0 2",
      "180f 12-15",
      "2a19 14 15 18",
      "180a 16-26",
      "2a29 18 0 2",
      "2a24 20 0 2",
      "2a25 22 0 2",
      "2a27 24 0 2",
      "2a26 26 0 2",
    ]);
  });

  it("answers reads of text, place and battery, and refuses a read of the measurement", () => {
    const { central, clock, battery, characteristic } = wholeBand();
    const answers: string[] = [];
    assert.ok(central.connect());
    battery.measured(42);
    for (const uuid of ["2a00", "2a38", "2a19", "2a26", "2a37"])
      central.read(characteristic(uuid).valueHandle, (error, value) => answers.push(`${uuid} ${error} ${hex(value)}`));
    clock.runFor(1000);
    assert.deepEqual(answers.sort(), [
      "2a00 0 43 61 6c 6d 20 42 61 6e 64",
      "2a19 0 2a",
      "2a26 0 30 2e 31 2e 30",
      "2a37 2 ",
      "2a38 0 02",
    ]);
  });

  it("sends the first packet within a second of subscribing and then one a second", () => {
    const rig = wholeBand();
    rig.heartRate.measured(true, 60);
    const { packets } = listening(rig);
    assert.equal(packets.length, 1); // 10 ms after
    for (let second = 1; second <= 30; second++) {
      rig.band.second();
      rig.clock.runFor(SECOND_US);
      assert.equal(packets.length, 1 + second);
    }
  });

  for (const mtu of [23, 247])
    it(`delivers every interval of ten minutes once and in order at MTU ${mtu}`, () => {
      const rig = wholeBand();
      rig.heartRate.measured(true, 75);
      const { rr } = listening(rig, mtu);
      const made: number[] = [];
      let random = 1;
      let dueUs = 0;
      for (let second = 1; second <= 600; second++) {
        while (dueUs < second * SECOND_US) {
          random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
          const rrTicks = 700 + (random >>> 24); // 684 to 933 ms
          dueUs += Math.round((rrTicks * SECOND_US) / 1024);
          made.push(rrTicks);
          rig.heartRate.beat(beat(rrTicks));
        }
        rig.band.second();
        rig.clock.runFor(SECOND_US);
      }
      assert.ok(made.length > 700);
      assert.deepEqual(rr(), made);
      assert.equal(rig.heartRate.rr.dropped, 0);
    });

  it("keeps the last 10 s of a stall of 30 s, counts the rest, and queues one packet", () => {
    const rig = wholeBand();
    rig.heartRate.measured(true, 60);
    const { rr } = listening(rig);
    const seconds = (count: number) => {
      for (let second = 0; second < count; second++) {
        rig.heartRate.beat(beat(1001 + made++));
        rig.band.second();
        rig.clock.runFor(SECOND_US);
      }
    };
    let made = 0;
    seconds(5);
    rig.central.stalled = true;
    seconds(30);
    rig.central.resume();
    rig.clock.runFor(1000);
    seconds(5);
    // 1001 to 1005 before, 1006 in the stalled packet. Behind it 1007 to 1035, of which nine fit 10,240 ticks (ten of
    // 1026 or more do not): 20 dropped. 1036 pushes out 1027, then nine fit one packet and the rest follow singly.
    const numbers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
    assert.deepEqual(rr(), [...numbers(1001, 1006), ...numbers(1028, 1040)]);
    assert.equal(rig.heartRate.rr.dropped, 21);
    assert.equal(rig.radio.counters.queueMax, 1);
  });

  it("sends what a failing radio refused, before what is newer", () => {
    const rig = wholeBand();
    rig.heartRate.measured(true, 60);
    const { rr } = listening(rig);
    rig.central.failures.push(6, 6, 6);
    for (let second = 1; second <= 8; second++) {
      rig.heartRate.beat(beat(1000 + second));
      rig.band.second();
      rig.clock.runFor(SECOND_US);
    }
    assert.deepEqual(rr(), [1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008]);
  });

  it("is silent after unsubscribing and starts anew after subscribing again", () => {
    const rig = wholeBand();
    rig.heartRate.measured(true, 60);
    const { packets, measurement } = listening(rig);
    rig.central.unsubscribe(measurement);
    rig.clock.runFor(1000);
    for (let second = 0; second < 5; second++) {
      rig.heartRate.beat(beat(1000));
      rig.band.second();
      rig.clock.runFor(SECOND_US);
    }
    assert.equal(packets.length, 1);
    assert.equal(rig.band.link, Link.Connected);
    rig.central.subscribe(measurement);
    rig.clock.runFor(10_000);
    assert.equal(hex(packets[1] ?? new Uint8Array()), "06 3c");
  });

  it("can be found again at once after a disconnect, and forgets the subscription", () => {
    const rig = wholeBand();
    const { packets } = listening(rig);
    assert.equal(rig.central.scan(), undefined); // one connection: invisible meanwhile
    rig.central.disconnect();
    rig.clock.runFor(1000);
    assert.ok(rig.central.scan());
    assert.equal(rig.band.link, Link.Advertising);
    assert.ok(rig.central.connect());
    rig.clock.runFor(1000);
    rig.band.second();
    rig.clock.runFor(SECOND_US);
    assert.equal(packets.length, 1);
    assert.equal(rig.band.link, Link.Connected);
  });

  it("can be found again when the phone has vanished, once the link has timed out", () => {
    const rig = wholeBand();
    listening(rig);
    rig.central.vanish();
    for (let second = 1; second <= 4; second++) {
      rig.band.second();
      rig.clock.runFor(SECOND_US);
    }
    assert.equal(rig.band.link, Link.Subscribed); // nobody can know yet
    rig.clock.runFor(2 * SECOND_US);
    assert.equal(rig.band.link, Link.Advertising);
    assert.ok(rig.central.scan());
    assert.equal(rig.band.outbox.inFlight, 0);
  });

  it("comes back on the air within a minute when the radio fell silent without a word", () => {
    const rig = wholeBand();
    rig.radio.loseAdvertising();
    for (let second = 0; second < 59; second++) rig.band.second();
    assert.equal(rig.central.scan(), undefined);
    rig.band.second();
    assert.ok(rig.central.scan());
  });

  it("serves again after a restart, and ends the link that was", () => {
    const rig = wholeBand();
    listening(rig);
    assert.equal(rig.radio.linkText, "subscribed");
    rig.radio.reset();
    assert.equal(rig.radio.linkText, "off");
    assert.equal(rig.central.connected, false);
    const { heartRate } = rig.boot();
    heartRate.measured(true, 61);
    assert.equal(hex(listening(rig).packets[0] ?? new Uint8Array()), "06 3d");
  });

  it("survives 1,000 connections with nothing left over", () => {
    const rig = wholeBand();
    for (let i = 0; i < 1000; i++) {
      listening(rig);
      rig.band.second();
      rig.central.disconnect();
      rig.clock.runFor(10_000);
    }
    assert.equal(rig.band.link, Link.Advertising);
    assert.equal(rig.band.outbox.subscribers, 0);
    assert.equal(rig.band.outbox.inFlight, 0);
    assert.equal(rig.radio.counters.connections, 1000);
  });
});

describe("a phone that does anything at all", () => {
  /** One shape for all actions: each reads what it needs of handle, bytes and amount. */
  const action = fc.record({
    kind: fc.constantFrom(
      ...(["disconnect", "vanish", "stall", "lost", "mtu", "fail", "wait", "unsubscribe", "read", "write"] as const),
      // Often what leads somewhere, or most runs would only knock at a closed door.
      ...(["connect", "connect", "subscribe", "subscribe", "subscribe", "resume", "resume", "contact"] as const),
      ...(["seconds", "seconds", "seconds", "seconds"] as const),
    ),
    handle: fc.integer({ min: 0, max: 30 }),
    bytes: fc.uint8Array({ maxLength: 600 }),
    amount: fc.integer({ min: 0, max: 10_000 }),
  });
  type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

  function play(actions: readonly Action[]) {
    const rig = wholeBand();
    const { central, clock, heartRate, band } = rig;
    const received: number[] = [];
    let made = 0;
    let mtu = 23;
    let mtuMost = 23;
    heartRate.measured(true, 60);
    central.onNotification = (handle, value) => {
      assert.ok(value.length <= mtuMost - 3, `${value.length} bytes at MTU ${mtuMost}`);
      if (handle !== 8) return assert.equal(value.length, 1); // battery
      const { flags, bpm, inContact, rr } = decodeHeartRate(value);
      assert.equal(flags & 0b1110_1100, 0b100);
      if (!inContact) assert.deepEqual([bpm, rr], [0, []]);
      received.push(...rr);
    };
    for (const { kind, handle, bytes, amount } of actions) {
      const characteristic = central.find(handle % 2 === 0 ? "2a37" : "2a19");
      if (kind === "connect" && central.connect()) mtu = 23;
      else if (kind === "disconnect") central.disconnect();
      else if (kind === "vanish") central.vanish();
      else if (kind === "stall") central.stalled = true;
      else if (kind === "resume") central.resume();
      else if (kind === "contact" || kind === "lost") heartRate.measured(kind === "contact", 60);
      else if (kind === "read") central.read(handle, (_error, value) => assert.ok(value.length <= mtu - 1));
      else if (kind === "write") central.write(handle, bytes);
      else if (kind === "mtu") mtu = central.exchangeMtu(23 + (amount % 495)) || mtu;
      else if (kind === "fail") central.failures.push(1 + (amount % 30));
      else if (kind === "wait") clock.runFor(amount * 300);
      else if (kind === "subscribe" && characteristic !== undefined) central.subscribe(characteristic);
      else if (kind === "unsubscribe" && characteristic !== undefined) central.unsubscribe(characteristic);
      else if (kind === "seconds")
        for (let second = 0; second <= amount % 12; second++) {
          heartRate.beat(beat(500 + made++));
          band.second();
          assert.ok(band.outbox.inFlight <= 2);
          clock.runFor(SECOND_US);
        }
      mtuMost = Math.max(mtu, mtuMost);
    }
    return { ...rig, received };
  }

  it("causes no exception, no interval twice or out of order, and finds the band again afterwards", () => {
    let receivedInAll = 0;
    fc.assert(
      fc.property(fc.array(action, { minLength: 20, maxLength: 120, size: "max" }), (actions) => {
        const { received, central, clock, band, heartRate, radio, characteristic } = play(actions);
        for (let i = 1; i < received.length; i++) assert.ok(received[i]! > received[i - 1]!, received.join(" "));
        receivedInAll += received.length;
        // When it stops, the band must be usable within the link's time-out.
        central.failures.length = 0;
        central.resume();
        central.disconnect();
        clock.runFor(6 * SECOND_US);
        assert.equal(band.link, Link.Advertising);
        assert.ok(central.connect(), "the band advertises");
        clock.runFor(1000);
        heartRate.measured(true, 61);
        let heard = "";
        central.onNotification = (_handle, value) => {
          heard = hex(value);
        };
        central.subscribe(characteristic("2a37"));
        clock.runFor(SECOND_US);
        assert.equal(heard, "06 3d");
        assert.equal(band.outbox.inFlight, 0);
        assert.ok(radio.counters.queueMax <= 2);
      }),
      { seed: 0x5eed_0002, numRuns: 3000 },
    );
    assert.ok(receivedInAll > 10_000, `only ${receivedInAll} intervals came through: the runs test little`);
  });
});
