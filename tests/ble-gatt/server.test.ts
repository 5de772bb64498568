import assert from "node:assert/strict";
import { BatteryService } from "ble-gatt/battery";
import { DeviceInformationService } from "ble-gatt/device-information";
import { HeartRateService } from "ble-gatt/heart-rate";
import { Notifier } from "ble-gatt/notifier";
import { BandServer, Link } from "ble-gatt/server";
import type { GattService } from "ble-gatt/service";
import { beat, fakeConnection, fakeRadio, hex } from "./fakes.js";

const IDENTITY = {
  name: "Calm Band",
  manufacturer: "Makers",
  model: "One",
  serial: "0001",
  hardwareRevision: "A",
  firmwareRevision: "0.1.0",
};

function rig(mtu = 23) {
  const radio = fakeRadio();
  const heartRate = new HeartRateService();
  const battery = new BatteryService(80);
  const services = [heartRate, battery, new DeviceInformationService(IDENTITY)];
  const band = new BandServer({ radio, name: IDENTITY.name, services });
  const phone = fakeConnection(mtu);
  const handles = { "2a37": {}, "2a19": {} };
  return {
    radio,
    heartRate,
    battery,
    band,
    phone,
    connect: () => {
      radio.ready();
      radio.connect(phone.connection);
    },
    subscribe: (uuid: "2a37" | "2a19" = "2a37") =>
      radio.characteristic(uuid).onSubscribe?.call(handles[uuid], phone.connection),
    unsubscribe: (uuid: "2a37" | "2a19" = "2a37") =>
      radio.characteristic(uuid).onUnsubscribe?.call(handles[uuid], phone.connection),
  };
}

describe("band's GATT server", () => {
  it("constructs one server, with 1800, 180d, 180f, 180a in that order", () => {
    const { radio } = rig();
    assert.equal(radio.made.length, 1);
    assert.deepEqual(
      radio.made[0]?.services.map(({ uuid }) => uuid),
      ["1800", "180d", "180f", "180a"],
    );
    assert.equal(radio.made[0]?.mtu, 247);
  });

  it("gives its name and the appearance of a generic heart-rate sensor, 0x0340", () => {
    const { radio } = rig();
    assert.equal(hex(radio.characteristic("2a00").value ?? new Uint8Array()), "43 61 6c 6d 20 42 61 6e 64");
    assert.equal(hex(radio.characteristic("2a01").value ?? new Uint8Array()), "40 03");
  });

  it("is worn on the wrist and cannot be read at 2a37", () => {
    const { radio } = rig();
    assert.equal(hex(radio.characteristic("2a38").value ?? new Uint8Array()), "02");
    assert.equal(radio.characteristic("2a37").properties, 0x10); // notify, nothing else
    assert.equal(radio.characteristic("2a37").onRead, undefined);
  });

  it("tells who made it, in text", () => {
    const { radio } = rig();
    const text = (uuid: string): string => String.fromCharCode(...(radio.characteristic(uuid).value ?? []));
    assert.deepEqual(["2a29", "2a24", "2a25", "2a27", "2a26"].map(text), ["Makers", "One", "0001", "A", "0.1.0"]);
  });

  it("advertises from ready on, not before", () => {
    const { radio, band } = rig();
    band.second();
    assert.equal(band.link, Link.None);
    assert.equal(radio.startAdvertising.callCount, 0);
    radio.ready();
    assert.equal(band.link, Link.Advertising);
    const [advert, scanResponse] = radio.startAdvertising.firstCall.args;
    assert.deepEqual(advert.services, ["180d", "180f", "180a"]);
    assert.equal(advert.name, "Calm Band");
    assert.equal(scanResponse, undefined);
  });

  it("names a 128-bit service in the scan response, after the standard ones", () => {
    const radio = fakeRadio();
    const uuid = "0a000000-1b2c-4d3e-8f40-112233445566";
    const own: GattService = { define: () => ({ uuid, characteristics: [] }) };
    new BandServer({ radio, name: "B", services: [new HeartRateService(), own] });
    radio.ready();
    const [advert, scanResponse] = radio.startAdvertising.firstCall.args;
    assert.deepEqual(advert.services, ["180d"]);
    assert.deepEqual(scanResponse, { services: [uuid] });
  });

  it("tries again every second while the radio refuses to advertise", () => {
    const { radio, band } = rig();
    radio.startAdvertising.throws(new Error("invalid adv"));
    radio.ready();
    band.second();
    assert.equal(band.link, Link.None);
    assert.equal(band.advertisingFailures, 2);
    radio.startAdvertising.resetBehavior();
    band.second();
    assert.equal(band.link, Link.Advertising);
  });

  it("asks for advertising once more after a minute without a connection, not after 59 s", () => {
    const { radio, band } = rig();
    radio.ready();
    for (let second = 0; second < 59; second++) band.second();
    assert.equal(radio.startAdvertising.callCount, 1);
    band.second();
    assert.equal(radio.startAdvertising.callCount, 2);
  });

  it("leaves advertising alone while connected, and counts the minute from the disconnect", () => {
    const { radio, band, phone, connect } = rig();
    connect();
    for (let second = 0; second < 100; second++) band.second();
    radio.disconnect(phone.connection);
    for (let second = 0; second < 59; second++) band.second();
    assert.equal(radio.startAdvertising.callCount, 1);
    assert.equal(band.link, Link.Advertising);
  });

  it("tells the display connected, subscribed, connected, advertising", () => {
    const { radio, band, phone, connect, subscribe, unsubscribe } = rig();
    connect();
    assert.equal(band.link, Link.Connected);
    subscribe();
    assert.equal(band.link, Link.Subscribed);
    unsubscribe();
    assert.equal(band.link, Link.Connected);
    radio.disconnect(phone.connection);
    assert.equal(band.link, Link.Advertising);
  });

  it("takes a name of 14 characters and refuses 15, none, and one that is not ASCII before it opens the radio", () => {
    const radio = fakeRadio();
    for (const name of ["123456789012345", "", "Bänd"])
      assert.throws(() => new BandServer({ radio, name, services: [] }), RangeError, name);
    assert.equal(radio.made.length, 0);
    new BandServer({ radio, name: "12345678901234", services: [] });
    assert.equal(radio.made.length, 1);
  });

  it("refuses an empty serial number: an empty static value crashes the ESP32", () => {
    assert.throws(() => new DeviceInformationService({ ...IDENTITY, serial: "" }), RangeError);
  });
});

describe("heart-rate notifications", () => {
  it("start at once when somebody subscribes, then come with every second", () => {
    const { heartRate, band, phone, connect, subscribe } = rig();
    connect();
    heartRate.measured(true, 72);
    band.second();
    assert.deepEqual(phone.packets, []);
    subscribe();
    assert.deepEqual(phone.packets, ["06 48"]);
    phone.settle();
    heartRate.beat(beat(852));
    heartRate.beat(beat(864));
    band.second();
    assert.deepEqual(phone.packets, ["06 48", "16 48 54 03 60 03"]);
  });

  it("carry no interval from before the subscription", () => {
    const { heartRate, phone, connect, subscribe, unsubscribe, band } = rig();
    heartRate.measured(true, 72);
    connect();
    heartRate.beat(beat(852));
    subscribe();
    phone.settle();
    heartRate.beat(beat(853));
    unsubscribe();
    heartRate.beat(beat(854));
    subscribe();
    phone.settle();
    heartRate.beat(beat(0x355));
    band.second();
    assert.deepEqual(phone.packets, ["06 48", "06 48", "16 48 55 03"]);
  });

  it("carry accepted intervals only", () => {
    const { heartRate, phone, connect, subscribe, band } = rig();
    heartRate.measured(true, 72);
    connect();
    subscribe();
    phone.settle();
    for (let verdict = 1; verdict <= 7; verdict++) heartRate.beat(beat(800 + verdict, verdict));
    band.second();
    assert.equal(phone.packets[1], "06 48");
  });

  it("say contact lost at once, and drop and count what still waited", () => {
    const { heartRate, phone, connect, subscribe, band } = rig();
    heartRate.measured(true, 72);
    connect();
    subscribe();
    phone.settle();
    heartRate.beat(beat(852));
    heartRate.measured(false, 72);
    band.second();
    assert.equal(phone.packets[1], "04 00");
    phone.settle();
    heartRate.measured(true, 72);
    band.second();
    assert.equal(phone.packets[2], "06 48");
    assert.equal(heartRate.rr.dropped, 1);
  });

  it("wait for the one on its way: rates merge, intervals add up", () => {
    const { heartRate, phone, connect, subscribe, band } = rig();
    heartRate.measured(true, 70);
    connect();
    subscribe();
    for (let second = 1; second <= 5; second++) {
      heartRate.measured(true, 70 + second);
      heartRate.beat(beat(0x300 + second));
      band.second();
    }
    assert.equal(phone.notify.callCount, 1);
    assert.equal(band.outbox.deferred, 5);
    phone.settle();
    band.second();
    assert.equal(phone.packets[1], "16 4b 01 03 02 03 03 03 04 03 05 03"); // 75 = 0x4b
  });

  it("send the same intervals again, first, after the radio failed", () => {
    const { heartRate, phone, connect, subscribe, band } = rig();
    heartRate.measured(true, 70);
    connect();
    subscribe();
    phone.settle();
    heartRate.beat(beat(0x301));
    band.second();
    heartRate.beat(beat(0x302));
    phone.settle(6); // NimBLE: out of memory
    band.second();
    phone.settle();
    heartRate.beat(beat(0x303));
    band.second();
    assert.deepEqual(phone.packets.slice(1), ["16 46 01 03", "16 46 01 03 02 03", "16 46 03 03"]);
    assert.equal(band.outbox.failed, 1);
  });

  it("keep the tenth interval for the next packet at MTU 23", () => {
    const { heartRate, phone, connect, subscribe, band } = rig(23);
    heartRate.measured(true, 70);
    connect();
    subscribe();
    phone.settle();
    for (let i = 1; i <= 10; i++) heartRate.beat(beat(0x100 + i));
    band.second();
    phone.settle();
    band.second();
    assert.equal(phone.packets[1], "16 46 01 01 02 01 03 01 04 01 05 01 06 01 07 01 08 01 09 01");
    assert.equal(phone.packets[2], "16 46 0a 01");
  });

  it("carry all ten at MTU 247", () => {
    const { heartRate, phone, connect, subscribe, band } = rig(247);
    heartRate.measured(true, 70);
    connect();
    subscribe();
    phone.settle();
    for (let i = 1; i <= 10; i++) heartRate.beat(beat(0x100 + i));
    band.second();
    assert.equal(phone.packets[1], "16 46 01 01 02 01 03 01 04 01 05 01 06 01 07 01 08 01 09 01 0a 01");
  });

  it("end with the subscription, and with the link even if the class does not say unsubscribed", () => {
    for (const end of ["unsubscribe", "disconnect"] as const) {
      const { radio, band, phone, connect, subscribe, unsubscribe } = rig();
      connect();
      subscribe();
      phone.settle();
      if (end === "unsubscribe") unsubscribe();
      else radio.disconnect(phone.connection);
      band.second();
      assert.equal(phone.notify.callCount, 1, end);
    }
  });

  it("do not bring intervals into a new subscription when one of the old fails late", () => {
    const { heartRate, phone, connect, subscribe, unsubscribe, band } = rig();
    heartRate.measured(true, 70);
    connect();
    subscribe();
    phone.settle();
    heartRate.beat(beat(0x301));
    band.second(); // on its way
    unsubscribe();
    subscribe(); // the radio is still busy: nothing yet
    assert.equal(phone.packets.length, 2);
    heartRate.beat(beat(0x302));
    phone.settle(7);
    band.second();
    assert.equal(phone.packets[2], "16 46 02 03");
  });

  it("survive a class that refuses: counted, intervals kept, no exception", () => {
    const { heartRate, phone, connect, subscribe, band } = rig();
    heartRate.measured(true, 70);
    connect();
    subscribe();
    phone.settle();
    const refusing = { maximumWrite: 20, notify: () => assert.fail("disabled") };
    const { connection } = phone;
    const { notify } = connection;
    heartRate.beat(beat(0x301));
    Object.assign(connection, refusing);
    band.second();
    Object.assign(connection, { notify });
    band.second();
    assert.equal(phone.packets[1], "16 46 01 03");
    assert.equal(band.outbox.failed, 1);
    assert.equal(band.outbox.inFlight, 1);
  });
});

describe("battery notifications", () => {
  it("come once after subscribing and then with a change only", () => {
    const { battery, phone, connect, subscribe, band } = rig();
    connect();
    subscribe("2a19");
    band.second();
    assert.deepEqual(phone.packets, ["50"]); // 80 per cent
    phone.settle();
    battery.measured(80);
    band.second();
    battery.measured(79);
    band.second();
    assert.deepEqual(phone.packets, ["50", "4f"]);
  });

  it("are read at any time", () => {
    const { radio, battery, phone } = rig();
    battery.measured(7);
    const level = radio.characteristic("2a19");
    assert.equal(hex(level.onRead?.call({}, phone.connection) ?? new Uint8Array()), "07");
  });

  it("are tried again when they failed", () => {
    const { phone, connect, subscribe, band } = rig();
    connect();
    subscribe("2a19");
    band.second();
    phone.settle(6);
    band.second();
    assert.deepEqual(phone.packets, ["50", "50"]);
  });

  it("tell a new subscriber, though the last one's packet is sent meanwhile", () => {
    const { phone, connect, subscribe, unsubscribe, band } = rig();
    connect();
    subscribe("2a19");
    band.second(); // on its way
    unsubscribe("2a19");
    subscribe("2a19");
    phone.settle();
    band.second();
    assert.deepEqual(phone.packets, ["50", "50"]);
  });

  it("share two places in the radio's queue with the heart rate and every later service", () => {
    const { phone, connect, subscribe, band } = rig();
    const later = new Notifier(band.outbox, {});
    connect();
    subscribe("2a37");
    subscribe("2a19");
    later.start({}, phone.connection);
    for (let second = 0; second < 10; second++) {
      band.second();
      assert.equal(later.send(Uint8Array.of(1)), false);
    }
    assert.equal(phone.notify.callCount, 2);
    phone.settle();
    assert.equal(later.send(Uint8Array.of(1)), true);
    assert.deepEqual(phone.packets, ["04 00", "50", "01"]);
  });
});
