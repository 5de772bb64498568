import type {
  AdvertisingRecords,
  CharacteristicDefinition,
  GattServerOptions,
  ServiceDefinition,
} from "ble-gatt/gatt-port";
import { bytes, call, listen, unlisten } from "sim/port";
import { DatabaseLayout, EventLayout, RadioEvent, RadioOp } from "sim/radio-ops";

const RECORD_BYTES_MAX = 31;
const MTU_MIN = 23;
const MTU_MAX = 527; // NimBLE's BLE_ATT_MTU_MAX
const READ = 0x02;
const WRITE_ANY = 0x04 | 0x08 | 0x40;
const NOTIFY_ANY = 0x10 | 0x20;

type Completion = ((error: number) => void) | undefined;

/** `this` of the callbacks and what `notify` wants. */
class GATTServerCharacteristic {
  readonly index: number;
  readonly definition: CharacteristicDefinition;
  /** Somebody has subscribed. Per characteristic, not per connection, as on the ESP32. */
  enabled = false;

  constructor(index: number, definition: CharacteristicDefinition) {
    this.index = index;
    this.definition = definition;
  }
}

class GATTServerConnection {
  readonly handle: number;
  readonly #completions: Completions;
  open = true;

  constructor(handle: number, completions: Completions) {
    this.handle = handle;
    this.#completions = completions;
  }

  get maximumWrite(): number {
    this.#check();
    return call(RadioOp.Mtu, this.handle, 0, 0, 0) - 3;
  }

  notify(characteristic: object, value: ArrayBuffer | Uint8Array, callback?: (error: number) => void): void {
    this.#check();
    if (!(characteristic instanceof GATTServerCharacteristic)) throw new TypeError("invalid characteristic");
    if (!characteristic.enabled) throw new Error("disabled");
    this.#completions.push(callback);
    bytes(RadioOp.Notify, (this.handle << 8) | characteristic.index, readable(value));
  }

  /** Ends the link without `onDisconnect`, and without advertising again afterwards. */
  close(): void {
    this.#check();
    this.open = false;
    call(RadioOp.Disconnect, this.handle, 0, 0, 0);
  }

  #check(): void {
    if (!this.open) throw new TypeError("invalid connection");
  }
}

/** Callbacks of the notifications that the radio has queued, in its order. Grows, then allocates no more. */
class Completions {
  #ring: Completion[] = [undefined, undefined];
  #first = 0;
  #count = 0;

  push(callback: Completion): void {
    if (this.#count === this.#ring.length) {
      this.#ring = [
        ...this.#ring.slice(this.#first),
        ...this.#ring.slice(0, this.#first),
        ...this.#ring.map(() => undefined),
      ];
      this.#first = 0;
    }
    this.#ring[(this.#first + this.#count) % this.#ring.length] = callback;
    this.#count++;
  }

  shift(): Completion {
    const callback = this.#ring[this.#first];
    this.#ring[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#count--;
    return callback;
  }
}

/**
 * `embedded:io/bluetoothle/peripheral` onto the board's radio, with the rules and the traps of Moddable's ESP32 class:
 * one server per boot, services fixed when `onReady` comes, an exception in a callback leaves through the event and so
 * restarts the band. Where the ESP32 would go on with freed memory, this throws and says so. Of security there is Just
 * Works with bonding (`{ bond: true }`); passkeys, `immediate`, `onSecured` and descriptors throw.
 */
export class GATTServer {
  static readonly properties = Object.freeze({
    broadcast: 1,
    read: READ,
    writeWithOutResponse: 4,
    write: 8,
    notify: 16,
    indicate: 32,
    authenticatedSignedWrites: 64,
    reliableWrite: 128,
    readEncrypted: 0x200 | READ,
    readAuthenticated: 0x400 | READ,
    writeEncrypted: 0x1000 | 8,
    writeAuthenticated: 0x2000 | 8,
    subscribeEncrypted: 0x8000 | 16,
    subscribeAuthenticated: 0x10000 | 16,
  });

  readonly #options: GattServerOptions;
  readonly #database: number[] = [];
  readonly #characteristics: GATTServerCharacteristic[] = [];
  readonly #connections: GATTServerConnection[] = [];
  readonly #completions = new Completions();
  readonly #event = new Uint8Array(EventLayout.Header + EventLayout.ValueMax);
  #ready = false;
  #advertising = false;

  constructor(options: GattServerOptions) {
    this.#options = options;
    for (const callback of [options.onReady, options.onConnect, options.onDisconnect])
      if (callback !== undefined && callback !== null && typeof callback !== "function")
        throw new Error("not a function");
    const { security } = options;
    for (const name of Object.keys(security ?? {}))
      if (name !== "bond") throw new Error(`security: ${name} is not simulated`);
    for (const name of ["onPasskey", "onSecured"]) if (name in options) throw new Error(`${name} is not simulated`);
    const mtu = options.mtu === undefined ? 0 : Math.min(Math.max(options.mtu, MTU_MIN), MTU_MAX);
    const source = listen(() => this.#deliver());
    if (call(RadioOp.Open, source, mtu, 0, 0) !== 0) {
      unlisten(source);
      throw new Error("only one");
    }
    if (security?.bond === true) call(RadioOp.Secure, 0, 0, 0, 0);
    for (const service of options.services) this.addService(service);
  }

  /** Service 1800 is the device's own: what is not static there, the ESP32 leaves out with a warning. */
  addService(service: ServiceDefinition): void {
    if (this.#ready) throw new Error("can't add service now");
    const { uuid, characteristics } = service;
    const uuidBytes = uuidLittleEndian(uuid);
    if (!(characteristics?.length > 0)) throw new RangeError("invalid characteristics");
    if (uuid === "1800" && characteristics.some(({ value }) => value === undefined))
      throw new Error("service 1800 must have static values");
    this.#database.push(uuidBytes.length, ...uuidBytes, characteristics.length);
    for (const characteristic of characteristics) this.#addCharacteristic(characteristic);
  }

  startAdvertising(advert: AdvertisingRecords, scanResponse?: AdvertisingRecords): void {
    bytes(RadioOp.Advertisement, 0, records(advert));
    bytes(RadioOp.Advertisement, 1, records(scanResponse ?? {}));
    this.#advertising = true;
    this.#ensureAdvertising();
  }

  stopAdvertising(): void {
    this.#advertising = false;
    call(RadioOp.AdvertiseStop, 0, 0, 0, 0);
  }

  /** The native addition that docs/ble.md proposes; a radio with the class as Moddable ships it takes no notice. */
  allowPairing(isAllowed: boolean): void {
    call(RadioOp.AllowPairing, isAllowed ? 1 : 0, 0, 0, 0);
  }

  close(): void {
    throw new Error("GATTServer.close() leaves the ESP32's radio running on freed memory: do not call it");
  }

  #addCharacteristic(definition: CharacteristicDefinition): void {
    const { properties, value } = definition;
    const uuid = uuidLittleEndian(definition.uuid);
    if (!properties) throw new Error("properties missing");
    if ("descriptors" in definition) throw new Error("descriptors are not simulated");
    this.#database.push(uuid.length, ...uuid, properties & 0xff, (properties >> 8) & 0xff, properties >> 16);
    if ("value" in definition) {
      const content = readable(value);
      if (content.length > MTU_MAX - 3) throw new RangeError("value too big");
      if (content.length === 0) throw new Error("empty static value: a read of it crashes the ESP32");
      if ((properties & ~READ & 0xff) !== 0)
        throw new Error("static value is for reading only: else the ESP32 crashes");
      this.#database.push(content.length & 0xff, content.length >> 8, ...content);
    } else {
      const { onRead, onWrite, onUnsubscribe } = definition;
      if ((onRead !== undefined) !== ((properties & READ) !== 0)) throw new Error("inconsistent read");
      if ((onWrite !== undefined) !== ((properties & WRITE_ANY) !== 0)) throw new Error("inconsistent write");
      if ((onUnsubscribe !== undefined) !== ((properties & NOTIFY_ANY) !== 0))
        throw new Error("inconsistent onSubscribe");
      this.#database.push(DatabaseLayout.Dynamic & 0xff, DatabaseLayout.Dynamic >> 8);
    }
    this.#characteristics.push(new GATTServerCharacteristic(this.#characteristics.length, definition));
  }

  /** The radio stops advertising on every connection; with one connection at most it cannot start again before its end. */
  #ensureAdvertising(): void {
    if (this.#advertising) call(RadioOp.AdvertiseStart, 0, 0, 0, 0);
  }

  /** One event of the radio. Whatever a callback throws goes up from here to the machine. */
  #deliver(): void {
    const event = this.#event;
    const length = bytes(RadioOp.TakeEvent, 0, event);
    if (length === 0) return;
    // Every index is inside the header; by index, because a pattern would make an iterator for each event.
    const handle = event[1]! | (event[2]! << 8);
    switch (event[0]) {
      case RadioEvent.Ready:
        this.#ready = true;
        bytes(RadioOp.Publish, 0, bytesOf(this.#database));
        this.#database.length = 0; // the radio has it; on the device it never is on the heap
        this.#options.onReady?.call(this);
        return;
      case RadioEvent.Connected:
        this.#connected(handle);
        return;
      case RadioEvent.Disconnected:
        this.#disconnected(handle);
        return;
      case RadioEvent.NotifyDone:
        this.#completions.shift()?.(event[4]!);
        return;
      default:
        this.#access(this.#connection(handle), event, length);
    }
  }

  #access(connection: GATTServerConnection, event: Uint8Array, length: number): void {
    const [type = 0, , , index = 0] = event;
    const characteristic = this.#characteristics[index];
    if (characteristic === undefined) throw new RangeError(`radio names characteristic ${index}`);
    const { definition } = characteristic;
    if (type === RadioEvent.Read) {
      bytes(RadioOp.ReadReply, 0, readable(definition.onRead?.call(characteristic, connection)));
    } else if (type === RadioEvent.Write) {
      definition.onWrite?.call(characteristic, event.slice(EventLayout.Header, length).buffer, connection);
      call(RadioOp.WriteReply, 0, 0, 0, 0);
    } else {
      characteristic.enabled = event[4] !== 0;
      if (characteristic.enabled) definition.onSubscribe?.call(characteristic, connection);
      else definition.onUnsubscribe?.call(characteristic, connection);
    }
  }

  #connected(handle: number): void {
    const connection = new GATTServerConnection(handle, this.#completions);
    this.#connections.push(connection);
    this.#options.onConnect?.call(this, connection);
    this.#ensureAdvertising();
  }

  #disconnected(handle: number): void {
    const at = this.#connections.findIndex((connection) => connection.handle === handle);
    const connection = this.#connections[at];
    if (connection?.open === false) {
      this.#connections.splice(at, 1);
      return; // close() was called: no onDisconnect, and advertising stays off
    }
    if (connection === undefined) throw new RangeError(`radio names connection ${handle}`);
    this.#options.onDisconnect?.call(this, connection);
    this.#connections.splice(at, 1);
    connection.open = false;
    this.#ensureAdvertising();
  }

  #connection(handle: number): GATTServerConnection {
    const connection = this.#connections.find((each) => each.handle === handle);
    if (connection?.open !== true)
      throw new Error("event for a connection after its close(): the ESP32 would crash here");
    return connection;
  }
}

/** Bytes of any buffer, not copied. What is no buffer aborts the machine, as on the ESP32. */
function readable(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw new TypeError("invalid buffer");
}

function uuidLittleEndian(uuid: string): number[] {
  if (!/^([0-9a-f]{4}|[0-9a-f]{8}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(uuid))
    throw new RangeError("bad uuid");
  const pairs = uuid.replaceAll("-", "").match(/../g) ?? [];
  return pairs.map((pair) => Number.parseInt(pair, 16)).reverse();
}

/** Advertising records as bytes. Property order decides, so records by AD type come first, in rising order. */
function records(advertisement: AdvertisingRecords): Uint8Array {
  const out: number[] = [];
  const record = (type: number, content: Iterable<number>): void => {
    const body = [...content];
    out.push(body.length + 1, type, ...body);
    if (out.length > RECORD_BYTES_MAX) throw new RangeError(`advertisement of ${out.length} bytes: 31 at most`);
  };
  for (const [key, value] of Object.entries(advertisement)) {
    if (key === "name") record(0x09, asciiBytes(String(value)));
    else if (key === "services") {
      const uuids = (advertisement.services ?? []).map(uuidLittleEndian);
      for (const [length, type] of [
        [2, 0x03],
        [4, 0x05],
        [16, 0x07],
      ] as const) {
        const those = uuids.filter((uuid) => uuid.length === length);
        if (those.length > 0) record(type, those.flat());
      }
    } else if (Number(key) > 0 && Number(key) <= 255) record(Number(key), readable(value));
    else throw new Error(`unrecognized ${key}`);
  }
  return Uint8Array.from(out);
}

/** Names are plain ASCII by this firmware's own rule. */
const asciiBytes = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));

/** By index: `Uint8Array.from` makes an object for each number. */
function bytesOf(numbers: readonly number[]): Uint8Array {
  const made = new Uint8Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) made[i] = numbers[i]!; // i is inside by the loop
  return made;
}
