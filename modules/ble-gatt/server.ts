import {
  type AdvertisingRecords,
  type GattServer,
  Property,
  type RadioOptions,
  type ServiceDefinition,
} from "ble-gatt/gatt-port";
import { Outbox } from "ble-gatt/notifier";
import { type GattService, textBytes } from "ble-gatt/service";

/** What the radio is doing, for the display. */
export const enum Link {
  /** The radio is not ready yet. */
  None = 0,
  /** Any phone can find the band. */
  Advertising = 1,
  /** One phone is connected; the band is invisible to every other one until it leaves. */
  Connected = 2,
  /** Connected, and the phone is listening. */
  Subscribed = 3,
}

export interface BandServerOptions {
  readonly radio: RadioOptions;
  /** 1 .. 14 printable ASCII characters: what the advertising packet has room for. */
  readonly name: string;
  /** In the order of their handles. New ones are appended, so that what phones have cached stays right. */
  readonly services: readonly GattService[];
}

const NAME_CHARACTERS_MAX = 14;
/** One notification fits one radio packet of 251 bytes. */
const MTU = 247;
/** Generic Heart Rate Sensor (Assigned Numbers 2.6.2), little endian. It is no belt. */
const APPEARANCE: readonly number[] = Object.freeze([0x40, 0x03]);
/** LE General Discoverable, BR/EDR not supported (Core Specification Supplement, Part A, 1.3). */
const DISCOVERABLE_LE_ONLY = 0x06;
/** Advertising data types (Assigned Numbers 2.3). */
const enum AdType {
  Flags = 0x01,
  Appearance = 0x19,
}
/** The ESP32's class forgets to advertise after a connection that failed half way: nobody would see the band again. */
const ADVERTISE_AGAIN_SECONDS = 60;

const is16Bit = (uuid: string): boolean => uuid.length === 4;

/**
 * The band on the air: one GATT server with the services it is given, found by any heart-rate app.
 * One connection at a time. Advertises whenever nobody is connected. Construct once per boot.
 * Errors: the constructor throws RangeError for a bad name or text and passes on what the radio's class throws.
 */
export class BandServer {
  /** Advertising that the radio refused; it is tried again every second. */
  advertisingFailures = 0;
  readonly outbox = new Outbox();
  readonly #services: readonly GattService[];
  readonly #advert: AdvertisingRecords;
  readonly #scanResponse: AdvertisingRecords | undefined;
  #server: GattServer | undefined;
  #connections = 0;
  #advertisedSeconds = 0;
  #advertising = false;
  #mayPair = false;

  constructor(options: BandServerOptions) {
    const { name, services } = options;
    if (name.length > NAME_CHARACTERS_MAX) throw new RangeError(`name longer than 14 characters: "${name}"`);
    this.#services = services;
    const definitions = services.map((service) => service.define(this.outbox));
    const uuids = definitions.map(({ uuid }) => uuid);
    const longUuids = uuids.filter((uuid) => !is16Bit(uuid));
    this.#advert = {
      [AdType.Flags]: Uint8Array.of(DISCOVERABLE_LE_ONLY),
      [AdType.Appearance]: Uint8Array.from(APPEARANCE),
      services: uuids.filter(is16Bit), // all of them: the class marks the list as complete
      name,
    };
    this.#scanResponse = longUuids.length > 0 ? { services: longUuids } : undefined;
    const band = this;
    new options.radio.io({
      mtu: MTU,
      security: { bond: true },
      services: [genericAccess(name), ...definitions],
      onReady() {
        band.#server = this;
        this.allowPairing?.(band.#mayPair);
        band.#advertise();
      },
      onConnect() {
        band.#connections++;
        band.#linkChanged();
      },
      onDisconnect() {
        band.#connections--;
        band.#advertisedSeconds = 0; // the class advertises again by itself
        band.outbox.linkLost();
        band.#linkChanged();
      },
    });
  }

  get link(): Link {
    if (this.outbox.subscribers > 0) return Link.Subscribed;
    if (this.#connections > 0) return Link.Connected;
    return this.#advertising ? Link.Advertising : Link.None;
  }

  /** Where the radio's class can be told. */
  get mayPair(): boolean {
    return this.#mayPair;
  }
  set mayPair(mayPair: boolean) {
    this.#mayPair = mayPair;
    this.#server?.allowPairing?.(mayPair);
  }

  #linkChanged(): void {
    for (const service of this.#services) service.linkChanged?.();
  }

  /** Once a second, after the services have been told what is new. Never throws. */
  second(): void {
    for (let i = 0; i < this.#services.length; i++) this.#services[i]?.second?.(); // no iterator, no garbage
    if (this.#connections > 0) return;
    if (!this.#advertising || ++this.#advertisedSeconds >= ADVERTISE_AGAIN_SECONDS) this.#advertise();
  }

  /** Harmless if the band advertises already. */
  #advertise(): void {
    if (this.#server === undefined) return;
    this.#advertisedSeconds = 0;
    try {
      this.#server.startAdvertising(this.#advert, this.#scanResponse);
      this.#advertising = true;
    } catch {
      this.advertisingFailures++;
      this.#advertising = false;
    }
  }
}

/** 0x1800: the name and what kind of thing this is, for whoever is connected. */
function genericAccess(name: string): ServiceDefinition {
  return {
    uuid: "1800",
    characteristics: [
      { uuid: "2a00", properties: Property.Read, value: textBytes(name) },
      { uuid: "2a01", properties: Property.Read, value: Uint8Array.from(APPEARANCE) },
    ],
  };
}
