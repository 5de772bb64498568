import assert from "node:assert/strict";
import type {
  CharacteristicDefinition,
  GattCharacteristic,
  GattConnection,
  GattServer,
  GattServerOptions,
} from "ble-gatt/gatt-port";
import type { Beat } from "hrv/beat";
import sinon from "sinon";

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** An interval that HRV may use (verdict 0), or one that it may not. */
export const beat = (rrTicks: number, verdict = 0): Beat => ({ upstrokeTicks: 0, rrTicks, verdict, qualityQ8: 256 });

/** A GATT server class that only remembers what it is given; the test plays the radio. */
export function fakeRadio() {
  const startAdvertising = sinon.stub<Parameters<GattServer["startAdvertising"]>, void>();
  const server: GattServer = { startAdvertising, stopAdvertising: sinon.fake() };
  const made: GattServerOptions[] = [];
  const io = function (this: unknown, options: GattServerOptions) {
    made.push(options);
    return server;
  } as unknown as new (
    options: GattServerOptions,
  ) => GattServer; // a class whose instances are one known object
  const options = (): GattServerOptions => {
    const [first] = made;
    assert.ok(first, "the server has been constructed");
    return first;
  };
  return {
    io,
    made,
    startAdvertising,
    ready: () => options().onReady?.call(server),
    connect: (connection: GattConnection) => options().onConnect?.call(server, connection),
    disconnect: (connection: GattConnection) => options().onDisconnect?.call(server, connection),
    characteristic: (uuid: string): CharacteristicDefinition => {
      const found = options()
        .services.flatMap((service) => service.characteristics)
        .find((each) => each.uuid === uuid);
      assert.ok(found, uuid);
      return found;
    },
  };
}

/** A connection that keeps every notification until the test says what became of it. */
export function fakeConnection(mtu = 23) {
  const packets: string[] = [];
  const completions: ((error: number) => void)[] = [];
  const notify = sinon.spy(
    (_characteristic: GattCharacteristic, value: Uint8Array, callback: (error: number) => void): void => {
      packets.push(hex(value));
      completions.push(callback);
    },
  );
  return {
    connection: { maximumWrite: mtu - 3, notify } satisfies GattConnection,
    notify,
    packets,
    /** Settles the oldest notification: 0 sent, else NimBLE's error. */
    settle: (error = 0): void => {
      const oldest = completions.shift();
      assert.ok(oldest, "a notification is on its way");
      oldest(error);
    },
  };
}
