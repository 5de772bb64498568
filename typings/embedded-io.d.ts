// Moddable's hardware modules as the ESP32 implements them (SDK 8.2), for the hosts' code on the laptop. The npm package
// @moddable/typings (5.6.0) is right about `timer`, `time` and `analog`, lacks the rest or has it wrong. mcconfig reads
// the SDK's own declarations and `sdk-fixes.d.ts`, never this file.

/// <reference types="@moddable/typings/timer" />
/// <reference types="@moddable/typings/time" />
/// <reference types="@moddable/typings/embedded_io/analog" />

declare module "embedded:io/_common" {
  export type PinSpecifier = number;
  export type PortSpecifier = number;
  export type ByteBuffer = ArrayBuffer | Uint8Array | Uint8ClampedArray | Int8Array | DataView;
}

declare module "embedded:io/i2c" {
  import type { ByteBuffer, PinSpecifier, PortSpecifier } from "embedded:io/_common";

  export interface I2COptions {
    data: PinSpecifier;
    clock: PinSpecifier;
    hz: number;
    /** 7 bits. */
    address: number;
    port?: PortSpecifier;
    /** Milliseconds that one transaction may take; 400 unless given. */
    timeout?: number;
    pullup?: boolean;
  }
  /** Every call throws if the device does not answer. There is no way to hold the bus: each write ends in STOP. */
  export default class I2C {
    constructor(options: I2COptions);
    read(byteLength: number): ArrayBuffer;
    read(buffer: ByteBuffer): number;
    write(bytes: ByteBuffer): void;
    /** With a repeated start between the two. */
    writeRead(bytes: ByteBuffer, byteLength: number): ArrayBuffer;
    writeRead(bytes: ByteBuffer, buffer: ByteBuffer): number;
    close(): void;
  }
}

declare module "embedded:io/smbus" {
  import type { ByteBuffer } from "embedded:io/_common";
  import type { I2COptions } from "embedded:io/i2c";

  /** Register reads use a repeated start. */
  export default class SMBus {
    constructor(options: I2COptions & { stop?: boolean });
    readUint8(register: number): number;
    writeUint8(register: number, byte: number): void;
    readUint16(register: number, bigEndian?: boolean): number;
    writeUint16(register: number, word: number, bigEndian?: boolean): void;
    readBuffer(register: number, byteLength: number): ArrayBuffer;
    readBuffer(register: number, buffer: ByteBuffer): number;
    /** Allocates a copy of `bytes`. */
    writeBuffer(register: number, bytes: ByteBuffer): void;
    close(): void;
  }
}

declare module "embedded:io/digital" {
  import type { PinSpecifier } from "embedded:io/_common";

  export interface DigitalOptions {
    pin: PinSpecifier;
    mode: number;
    activeLow?: boolean;
    initialValue?: 0 | 1;
    /** Edges to report, required with `onReadable`. */
    edge?: number;
    onReadable?(this: Digital): void;
  }
  export default class Digital {
    static readonly Input: number;
    static readonly InputPullUp: number;
    static readonly InputPullDown: number;
    static readonly InputPullUpDown: number;
    static readonly Output: number;
    static readonly OutputOpenDrain: number;
    static readonly Rising: number;
    static readonly Falling: number;
    constructor(options: DigitalOptions);
    /** Throws on an output. */
    read(): 0 | 1;
    /** Throws on an input. */
    write(value: 0 | 1): void;
    /** Leaves the pin an input with its pull-up on. */
    close(): void;
  }
}

declare module "embedded:io/pwm" {
  import type { PinSpecifier, PortSpecifier } from "embedded:io/_common";

  /** Low from the start. At most four at a time. */
  export default class PWM {
    constructor(options: { pin: PinSpecifier; hz?: number; resolution?: number; port?: PortSpecifier });
    readonly hz: number;
    readonly resolution: number;
    /** 0 .. 2^resolution - 1, the highest is fully on; out of range throws. */
    write(duty: number): void;
    /** Leaves the pin an output at 0. */
    close(): void;
  }
}

declare module "embedded:io/analog" {
  export default interface Analog {
    close(): void;
  }
}

declare module "embedded:storage/flash" {
  import type { ByteBuffer } from "embedded:io/_common";

  /** A partition of the flash. Erased bytes are 0xFF; a write only clears bits. Every call throws when it fails. */
  interface FlashFile {
    status(): { size: number; blockLength: number; blocks: number };
    read(buffer: ByteBuffer, byteOffset: number): number;
    write(buffer: ByteBuffer, byteOffset: number): void;
    eraseBlock(start: number, end?: number): void;
    close(): void;
  }
  const FlashStorage: { open(options: { path: string; mode?: "r" | "r+" }): FlashFile };
  export default FlashStorage;
}

declare module "embedded:storage/key-value" {
  import type { ByteBuffer } from "embedded:io/_common";

  export type StorageValue = ArrayBuffer | string | number | bigint;
  export type StorageFormat =
    | "buffer"
    | "string"
    | "uint8"
    | "int8"
    | "uint16"
    | "int16"
    | "uint32"
    | "int32"
    | "uint64"
    | "int64";
  /** Keys and paths have at most 15 characters. */
  export interface Storage {
    /** Throws on a value that was written in another format. */
    read(key: string): StorageValue | undefined;
    read(key: string, buffer: ByteBuffer): number | undefined;
    /** In flash when it returns. Throws when the partition is full. */
    write(key: string, value: ByteBuffer | string | number | bigint): void;
    delete(key: string): void;
    close(): void;
    [Symbol.iterator](): IterableIterator<string>;
    format: StorageFormat;
  }
  const KeyValueStorage: {
    /** A path never written to cannot be opened with mode "r". */
    open(options: { path: string; mode?: "r" | "r+"; format?: StorageFormat }): Storage;
  };
  export default KeyValueStorage;
}
