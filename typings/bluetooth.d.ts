// ECMA-419 GATT server as the ESP32 implements it (SDK 8.2), for the hosts' code on the laptop.

declare module "embedded:io/bluetoothle/_common" {
  export interface GATTSecurityOptions {
    bond?: boolean;
    /** Needs `display` or `keyboard`. */
    authenticate?: boolean;
    /** Ask for encryption as soon as a central connects. */
    immediate?: boolean;
    display?: boolean;
    keyboard?: boolean | "yes/no";
  }
  export interface GATTSecurityState {
    encrypted: boolean;
    authenticated: boolean;
    bonded: boolean;
    keySize: number;
  }
}

declare module "embedded:io/bluetoothle/peripheral" {
  import type { ByteBuffer } from "embedded:io/_common";
  import type { GATTSecurityOptions, GATTSecurityState } from "embedded:io/bluetoothle/_common";

  export interface GATTServerConnection {
    /** Negotiated MTU less 3: the longest notification. */
    readonly maximumWrite: number;
    /**
     * Queued without bound, one in flight. Throws when nobody is subscribed to `characteristic`, which is the `this`
     * of its callbacks. `done` gets 0 or NimBLE's status.
     */
    notify(characteristic: GATTServerCharacteristic, bytes: ByteBuffer, done?: (status: number) => void): void;
    replyToPasskey(action: "input" | "compareNumber" | "outOfBand", value: number | boolean | ArrayBuffer): void;
    /** No `onDisconnect` follows. */
    close(): void;
  }
  export interface GATTServerDescriptor {
    uuid: string;
    value?: ByteBuffer;
    onRead?(connection: GATTServerConnection): ByteBuffer;
    onWrite?(bytes: ArrayBuffer, connection: GATTServerConnection): void;
  }
  /**
   * A readable one has `value` or `onRead`, a writable one `onWrite`, one that notifies or indicates `onUnsubscribe`.
   * Callbacks must not throw and must be quick: the radio waits for them, and there is no error to answer with.
   */
  export interface GATTServerCharacteristic {
    /** Lower-case hex: 4 digits, or 128 bits with dashes. */
    uuid: string;
    properties?: number;
    value?: ByteBuffer;
    descriptors?: readonly GATTServerDescriptor[];
    onRead?(this: GATTServerCharacteristic, connection: GATTServerConnection): ByteBuffer;
    onWrite?(this: GATTServerCharacteristic, bytes: ArrayBuffer, connection: GATTServerConnection): void;
    onSubscribe?(this: GATTServerCharacteristic, connection: GATTServerConnection): void;
    onUnsubscribe?(this: GATTServerCharacteristic, connection: GATTServerConnection): void;
  }
  export interface GATTServerService {
    uuid: string;
    characteristics?: readonly GATTServerCharacteristic[];
  }
  export interface GATTServerOptions {
    mtu?: number;
    /** Of service "1800" only the static values of 2a00 (name) and 2a01 (appearance) are used. */
    services: readonly GATTServerService[];
    security?: GATTSecurityOptions;
    onReady?(this: GATTServer): void;
    onConnect?(this: GATTServer, connection: GATTServerConnection): void;
    onDisconnect?(this: GATTServer, connection: GATTServerConnection): void;
    onPasskey?(
      this: GATTServer,
      connection: GATTServerConnection,
      action: "input" | "display" | "compareNumber" | "outOfBand",
      passkey?: number | ArrayBuffer,
    ): void;
    onSecured?(this: GATTServer, connection: GATTServerConnection, state: GATTSecurityState): void;
    onWarning?(this: GATTServer, message: string): void;
  }
  /** At most 31 bytes in all, lengths and types included. */
  export interface GATTServerAdvertisingRecords {
    flags?: number;
    name?: string;
    services?: readonly string[];
    manufacturerData?: { manufacturer: number; data: ByteBuffer };
    [advertisingType: number]: ByteBuffer;
  }
  /** One a boot, and one connection at a time. */
  export class GATTServer {
    constructor(options: GATTServerOptions);
    /** From `onReady` on. Advertising resumes by itself after a connection, until `stopAdvertising`. */
    startAdvertising(advertisement: GATTServerAdvertisingRecords, response?: GATTServerAdvertisingRecords): void;
    stopAdvertising(): void;
    close(): void;
    static readonly properties: {
      readonly broadcast: 1;
      readonly read: 2;
      readonly writeWithOutResponse: 4;
      readonly write: 8;
      readonly notify: 16;
      readonly indicate: 32;
      readonly authenticatedSignedWrites: 64;
      readonly reliableWrite: 128;
      readonly readEncrypted: 514;
      readonly readAuthenticated: 1026;
      readonly writeEncrypted: 4104;
      readonly writeAuthenticated: 8200;
      readonly subscribeEncrypted: 32784;
      readonly subscribeAuthenticated: 65552;
    };
  }
}
