/** What is used of `ble-host` 1.0.3, a host stack in JavaScript, which brings no types. Its names are kept. */
import type { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { HciBonds } from "./hci-bonds.node.js";

/** Whole H4 packets in both directions; emits "data" and, when it ends, "close". */
export interface BleTransport extends EventEmitter {
  write(packet: Buffer): void;
}

export interface BleConnection extends EventEmitter {
  /** Emits "pairingRequest" with a continuation, and "encrypt" with 0 or why the link is not. */
  readonly smp: EventEmitter & { readonly isBonded: boolean; sendPairingFailed(reason: number): void };
  readonly ownAddressType: string;
  readonly ownAddress: string;
  readonly peerAddress: string;
  /** Undefined while a changing address is nobody's. */
  readonly peerIdentityAddressType: string | undefined;
  readonly peerIdentityAddress: string | undefined;
  disconnect(): void;
}

type Permission = "not-permitted" | "open" | "encrypted";

export interface BleDescriptor {
  readonly uuid: string | number;
  readonly writePerm?: Permission;
}

/** `notify` and `indicate` are put in by `addServices`; they return false if nobody has subscribed. */
export interface BleCharacteristic {
  readonly uuid: string | number;
  readonly properties: readonly string[];
  readonly readPerm: Permission;
  readonly writePerm: Permission;
  readonly descriptors: readonly BleDescriptor[];
  /** A value that never changes: read without a call. */
  readonly value?: Buffer;
  onRead?(connection: BleConnection, reply: (error: number, value?: Buffer) => void): void;
  onWrite?(connection: BleConnection, hasResponse: boolean, value: Buffer, reply: (error: number) => void): void;
  onSubscriptionChange?(connection: BleConnection, notification: boolean, indication: boolean): void;
  notify?(connection: BleConnection, value: Buffer, sent: undefined, complete: () => void): boolean;
  indicate?(connection: BleConnection, value: Buffer, confirmed: () => void): boolean;
}

export interface BleService {
  readonly uuid: string | number;
  readonly startHandle: number;
  readonly characteristics: readonly BleCharacteristic[];
}

export interface BleManager extends EventEmitter {
  readonly gattDb: {
    setDeviceName(name: Buffer): void;
    setAppearance(appearance: number): void;
    addServices(services: readonly BleService[]): void;
    removeService(service: BleService): boolean;
  };
  setAdvertisingData(data: Buffer, done: (status: number) => void): void;
  setScanResponseData(data: Buffer, done: (status: number) => void): void;
  /** `connected` gets an error of the controller, or the connection that has ended the advertising. */
  startAdvertising(parameters: object, connected: (status: number, connection?: BleConnection) => void): void;
  stopAdvertising(done: (status: number) => void): void;
}

interface BleHost {
  readonly BleManager: {
    create(transport: BleTransport, options: object, ready: (error: Error | null, manager: BleManager) => void): void;
  };
  readonly HciErrors: { toString(status: number): string };
}

const require = createRequire(import.meta.url);
let bonds = new HciBonds();
/** The stack looks its store up once, when it is loaded; ours takes its place there, and can be changed. */
const storage = new Proxy(
  {},
  {
    get: (_target, name) => {
      if (name === "storeGattCache" || name === "getGattCache") return () => null; // a central's memory of servers
      return Reflect.get(bonds, name);
    },
  },
);
const storagePath = require.resolve("ble-host/lib/internal/storage.js");
// Of a module that is loaded, Node reads nothing but `exports`.
require.cache[storagePath] = { id: storagePath, loaded: true, exports: storage } as NodeJS.Module;

/** From now on the stack keeps its keys there. */
export function keepBonds(store: HciBonds): void {
  bonds = store;
}

// createRequire's result has no type, and the package none to check it against: the names above are from its source.
export const bleHost = require("ble-host") as BleHost;
