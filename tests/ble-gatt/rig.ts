import assert from "node:assert/strict";
import { BatteryService } from "ble-gatt/battery";
import { DeviceInformationService } from "ble-gatt/device-information";
import type { GattServerConstructor } from "ble-gatt/gatt-port";
import { HeartRateService } from "ble-gatt/heart-rate";
import { BandServer } from "ble-gatt/server";
import { Central } from "../../hosts/sim/board/central.js";
import { Radio, type RadioClock } from "../../hosts/sim/board/radio.js";
import type { AirCharacteristic } from "../../hosts/sim/board/radio-database.js";

/** A virtual clock of a test's size: integers, due time, then priority, then order of planning. */
export class TestClock implements RadioClock {
  nowUs = 0;
  #sequence = 0;
  readonly #events: { timeUs: number; priority: number; sequence: number; callback: () => void }[] = [];

  at(timeUs: number, priority: number, callback: () => void): void {
    this.#events.push({ timeUs, priority, sequence: this.#sequence++, callback });
    this.#events.sort((a, b) => a.timeUs - b.timeUs || a.priority - b.priority || a.sequence - b.sequence);
  }

  runFor(durationUs: number): void {
    const untilUs = this.nowUs + durationUs;
    for (let fired = 0; ; fired++) {
      assert.ok(fired < 100_000, "events do not breed without end");
      const [next] = this.#events;
      if (next === undefined || next.timeUs > untilUs) break;
      this.#events.shift();
      this.nowUs = next.timeUs;
      next.callback();
    }
    this.nowUs = untilUs;
  }
}

interface Wall {
  hostCall(op: number, a: number, b: number, c: number, d: number): number;
  hostBytes(op: number, a: number, view: Uint8Array): number;
  hostEvent(source: number): void;
}

let radioNow: Radio | undefined;
const current = (): Radio => {
  assert.ok(radioNow, "a radio is built before the firmware calls it");
  return radioNow;
};

/** The simulator's class, in module instances of its own (`?band=`), with its wall led to the test's radio. */
async function loadGattServer() {
  const wall = globalThis as unknown as Partial<Wall>; // globals that no library declares
  const { hostCall, hostBytes, hostEvent } = wall;
  wall.hostCall = (op, a, b, c, d) => current().handleCall(op, a, b, c, d);
  wall.hostBytes = (op, a, view) => current().handleBytes(op, a, view);
  const url = new URL("../../hosts/sim/io/gatt-server.js?band=9001", import.meta.url).href;
  const { GATTServer: loaded }: typeof import("../../hosts/sim/io/gatt-server.js") = await import(url);
  const fire = wall.hostEvent;
  assert.ok(fire, "the port sets hostEvent");
  Object.assign(wall, { hostCall, hostBytes, hostEvent }); // another test's, if it came first
  return { GATTServer: loaded, fire };
}

export const { GATTServer, fire } = await loadGattServer();
/** The simulator's class is one that the firmware's port describes. */
export const io: GattServerConstructor = GATTServer;

export function board() {
  const clock = new TestClock();
  const radio = new Radio({ clock });
  radio.connectHost(fire);
  radioNow = radio;
  return { clock, radio, central: new Central(radio, clock) };
}

export const IDENTITY = {
  name: "Calm Band",
  manufacturer: "Makers",
  model: "One",
  serial: "0001",
  hardwareRevision: "A",
  firmwareRevision: "0.1.0",
};

/** The band's Bluetooth on the simulated radio, ready and advertising, and a phone near it. */
export function wholeBand() {
  const parts = board();
  const boot = () => {
    const heartRate = new HeartRateService();
    const battery = new BatteryService(80);
    const services = [heartRate, battery, new DeviceInformationService(IDENTITY)];
    const band = new BandServer({ radio: { io }, name: IDENTITY.name, services });
    parts.clock.runFor(1000);
    return { heartRate, battery, band };
  };
  const characteristic = (uuid: string): AirCharacteristic => {
    const found = parts.central.find(uuid);
    assert.ok(found, `${uuid} is served`);
    return found;
  };
  return { ...parts, ...boot(), boot, characteristic };
}

/** What a client that follows the standard reads from 2A37. */
export function decodeHeartRate(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint8(0);
  const wide = (flags & 1) !== 0;
  const rr: number[] = [];
  if ((flags & 0x10) !== 0) for (let at = wide ? 3 : 2; at < bytes.length; at += 2) rr.push(view.getUint16(at, true));
  return { flags, bpm: wide ? view.getUint16(1, true) : view.getUint8(1), inContact: (flags & 0b110) === 0b110, rr };
}
