/**
 * ECMA-419's GATT server as the firmware sees it, cut down to what it calls. The host hands the class in.
 *
 * Written for the limits of Moddable's ESP32 class, which every user of this file must keep to:
 * - one server per boot, services fixed when `onReady` comes, one connection at a time;
 * - callbacks run while the radio waits: they are quick and never throw (a throw restarts the band), and there is no
 *   way to answer with an ATT error;
 * - `notify` throws when nobody is subscribed, queues without limit, and reports back with a number, 0 for sent;
 * - encrypted properties are kept by the class; whose link it is, and whether it was paired just now, it does not tell;
 * - a connection is never closed from here: `close()` gives no `onDisconnect`, does not advertise again, and crashes
 *   if somebody is subscribed. So it is not in this interface.
 */

/**
 * Bits of a characteristic's `properties` (Core specification, Vol 3, Part G, 3.3.1.1), and the class's own above them
 * for what only an encrypted link may do; on any other the class answers 0x05 or 0x0F, and the phone pairs.
 */
export const enum Property {
  Read = 1 << 1,
  WriteWithoutResponse = 1 << 2,
  Write = 1 << 3,
  Notify = 1 << 4,
  ReadEncrypted = (1 << 9) | Read,
  WriteEncrypted = (1 << 12) | Write,
  NotifyEncrypted = (1 << 15) | Notify,
}

/** The class's own handle of one characteristic: `this` in its callbacks, first argument of `notify`. */
export type GattCharacteristic = object;

export interface GattConnection {
  /** Bytes of value that fit one notification: the negotiated MTU less 3, so 20 or more. */
  readonly maximumWrite: number;
  /** Queues a copy of `value`. `callback` gets 0 when it was sent, else the radio's error code. Throws "disabled". */
  notify(characteristic: GattCharacteristic, value: Uint8Array, callback: (error: number) => void): void;
}

/** Has `value`, or the callbacks that its properties ask for: the class throws for any other combination. */
export interface CharacteristicDefinition {
  /** Lower case: "2a37", or a dashed 128-bit UUID. */
  readonly uuid: string;
  readonly properties: number;
  /** Never changes and is never empty. */
  readonly value?: Uint8Array;
  onRead?(this: GattCharacteristic, connection: GattConnection): Uint8Array;
  onWrite?(this: GattCharacteristic, value: ArrayBuffer, connection: GattConnection): void;
  onSubscribe?(this: GattCharacteristic, connection: GattConnection): void;
  /** Required beside Notify. Also called when a subscriber's link ends, before `onDisconnect`. */
  onUnsubscribe?(this: GattCharacteristic, connection: GattConnection): void;
}

export interface ServiceDefinition {
  readonly uuid: string;
  readonly characteristics: readonly CharacteristicDefinition[];
}

/** One advertising packet of at most 31 bytes. Records by AD type come first, in rising order, then the named ones. */
export interface AdvertisingRecords {
  readonly [adType: number]: Uint8Array;
  readonly services?: readonly string[];
  readonly name?: string;
}

export interface GattServer {
  /** From `onReady` on. Advertises again by itself after every disconnect. Throws if the radio refuses the bytes. */
  startAdvertising(advert: AdvertisingRecords, scanResponse?: AdvertisingRecords): void;
  stopAdvertising(): void;
  /**
   * Our native addition, absent in Moddable's own class, which pairs at any time with anybody whom it has no bond of:
   * false refuses, true also lets a phone pair again that has lost its bond.
   */
  allowPairing?(isAllowed: boolean): void;
}

export interface GattServerOptions {
  /** Largest MTU the band agrees to, 23 .. 527. */
  readonly mtu: number;
  /** "1800" may be among them: its "2a00" (name) and "2a01" (appearance) become the device's. */
  readonly services: readonly ServiceDefinition[];
  /** Just Works, LE Secure Connections, keys kept. Never on the band's own initiative, which would be `immediate`. */
  readonly security?: { readonly bond: true };
  onReady?(this: GattServer): void;
  onConnect?(this: GattServer, connection: GattConnection): void;
  onDisconnect?(this: GattServer, connection: GattConnection): void;
}

export type GattServerConstructor = new (options: GattServerOptions) => GattServer;

/** The entry of a host's parts: `radio?: RadioOptions`. */
export interface RadioOptions {
  readonly io: GattServerConstructor;
}
