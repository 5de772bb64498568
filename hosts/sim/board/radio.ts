import { EventLayout, RadioEvent, RadioOp } from "sim/radio-ops";
import { Bonds, type Pairing } from "./bonds.js";
import { type AirCharacteristic, type AirService, parseDatabase } from "./radio-database.js";

/** What the radio needs of the virtual clock. */
export interface RadioClock {
  readonly nowUs: number;
  at(timeUs: number, priority: number, callback: () => void): unknown;
}

export interface Advertisement {
  readonly advert: Uint8Array;
  readonly scanResponse: Uint8Array;
}

/** Error codes of the Attribute Protocol (Core specification, Vol 3, Part F, 3.4.1.1). */
export const enum AttError {
  None = 0,
  InvalidHandle = 0x01,
  ReadNotPermitted = 0x02,
  WriteNotPermitted = 0x03,
  InsufficientAuthentication = 0x05,
  RequestNotSupported = 0x06,
  InvalidLength = 0x0d,
  InsufficientEncryption = 0x0f,
}

/** NimBLE's BLE_HS_ENOTCONN: what a notification ends with when its link is gone. */
const NOT_CONNECTED = 7;
const MTU_DEFAULT = 23;
/** ESP-IDF's preferred MTU when the firmware names none. */
const MTU_PREFERRED = 256;
const MTU_MIN = 23;
const NOTIFY_BITS = 0x30;
/** NimBLE's property flags that need an encrypted link. */
const READ_PAIRED = 0x600;
const WRITE_PAIRED = 0x3000;
const SUBSCRIBE_PAIRED = 0x18000;
/** The clock's priority for what the firmware hears: after the parts and the wires. */
const PRIORITY = 2;

/** Who is on the other side of the air: the in-process central, or a host stack on HCI. One at a time. */
export interface RadioController {
  /** The firmware's services, once per boot. */
  published?(services: readonly AirService[]): void;
  /** On the air with these bytes, or off. */
  advertising(advertisement: Advertisement | undefined): void;
  /** Sends a notification or an indication; calls `done` once, with 0 or NimBLE's error. */
  notify(valueHandle: number, value: Uint8Array, done: (status: number) => void): void;
  /** The band has ended the link, or restarted. */
  terminated(): void;
}

export interface RadioOptions {
  readonly clock: RadioClock;
  /** From a notification's turn to the controller's having it, us. */
  readonly notifyLatencyUs?: number;
}

interface AirLink {
  readonly handle: number;
  /** Who is there, as the controller knows it. */
  readonly peer: string;
  isEncrypted: boolean;
  mtu: number;
  /** What the central has written to each configuration descriptor, by characteristic number. */
  readonly flags: number[];
}
interface Outgoing {
  readonly link: number;
  readonly index: number;
  readonly value: Uint8Array;
}
interface Request {
  done: (error: AttError, value: Uint8Array) => void;
}

const NOTHING = new Uint8Array(0);

/**
 * The board's radio: the far end of the simulator's GATT server, with one link at most. Below it the firmware's port
 * (`handleCall`, `handleBytes`, `fire`), above it a controller. What NimBLE does by itself is done here: handles,
 * permissions, subscriptions, MTU, one notification at a time. Nothing is delivered from inside a call: every event to
 * the firmware is an event of the clock.
 */
export class Radio {
  notifyLatencyUs: number;
  /** False: the GATT server class is Moddable's own, without `allowPairing`. From the next restart on. */
  hasPairingGate = true;
  services: readonly AirService[] = [];
  /** Kept in flash: they outlive a restart. */
  readonly bonds = new Bonds();
  readonly counters = { connections: 0, notifications: 0, notificationsFailed: 0, queueMax: 0 };
  readonly #clock: RadioClock;
  #fire: (source: number) => void = () => {};
  #controller: RadioController | undefined;
  #generation = 0;
  #isSecure = false;
  /** Undefined: nobody has said, as in Moddable's own class. */
  #mayPair: boolean | undefined;
  #source: number | undefined;
  #mtuPreferred = MTU_PREFERRED;
  #advert = NOTHING;
  #scanResponse = NOTHING;
  #onAir = false;
  #link: AirLink | undefined;
  #handleNext = 1;
  #events: Uint8Array[] = [];
  #requests: Request[] = [];
  #outgoing: Outgoing[] = [];

  constructor(options: RadioOptions) {
    this.#clock = options.clock;
    this.notifyLatencyUs = options.notifyLatencyUs ?? 1_000;
  }

  // --- the firmware's side ---

  /** A firmware starts. `fire` delivers an event to it: its handler for `source` runs before that returns. */
  connectHost(fire: (source: number) => void): void {
    this.reset();
    this.#fire = fire;
  }

  handleCall(op: number, a: number, b: number, _c: number, _d: number): number {
    switch (op) {
      case RadioOp.Open:
        if (this.#source !== undefined) return 1;
        this.#source = a;
        this.#mtuPreferred = b === 0 ? MTU_PREFERRED : b;
        this.#post(RadioEvent.Ready, 0, 0, 0, NOTHING);
        return 0;
      case RadioOp.AdvertiseStart:
        if (this.#link !== undefined) return 0;
        this.#setOnAir(true);
        return 1;
      case RadioOp.AdvertiseStop:
        this.#setOnAir(false);
        return 0;
      case RadioOp.WriteReply:
        this.#requests.shift()?.done(AttError.None, NOTHING);
        return 0;
      case RadioOp.Mtu:
        return this.#link?.handle === a ? this.#link.mtu : 0;
      case RadioOp.Secure:
        this.#isSecure = true;
        return 0;
      case RadioOp.AllowPairing:
        if (this.hasPairingGate) this.#mayPair = a !== 0;
        return 0;
      case RadioOp.Disconnect:
        this.#later(0, () => {
          if (this.#link?.handle !== a) return;
          this.linkDown();
          this.#controller?.terminated();
        });
        return 0;
      default:
        throw new RangeError(`radio: no call ${op}`);
    }
  }

  handleBytes(op: number, a: number, view: Uint8Array): number {
    switch (op) {
      case RadioOp.Publish:
        this.services = parseDatabase(view);
        this.#controller?.published?.(this.services);
        return 0;
      case RadioOp.Advertisement:
        if (view.length > 31) throw new RangeError(`radio: advertisement of ${view.length} bytes`);
        if (a === 0) this.#advert = view.slice();
        else this.#scanResponse = view.slice();
        return 0;
      case RadioOp.TakeEvent: {
        const event = this.#events.shift();
        if (event === undefined) return 0;
        view.set(event);
        return event.length;
      }
      case RadioOp.ReadReply:
        this.#requests.shift()?.done(AttError.None, this.#fitting(view, 1));
        return 0;
      case RadioOp.Notify:
        this.#outgoing.push({ link: a >> 8, index: a & 0xff, value: view.slice() });
        this.counters.queueMax = Math.max(this.counters.queueMax, this.#outgoing.length);
        if (this.#outgoing.length === 1) this.#sendNext();
        return 0;
      default:
        throw new RangeError(`radio: no bytes ${op}`);
    }
  }

  /** The band has stopped: its server, queues and link are gone, and a new server may open. */
  reset(): void {
    this.#generation++;
    this.#source = undefined;
    this.#isSecure = false;
    this.#mayPair = undefined;
    this.#events = [];
    this.#requests = [];
    this.#outgoing = [];
    this.services = [];
    this.#setOnAir(false);
    if (this.#link === undefined) return;
    this.#link = undefined;
    this.#controller?.terminated();
  }

  // --- the air's side ---

  attach(controller: RadioController): void {
    this.#controller = controller;
    if (this.services.length > 0) controller.published?.(this.services);
    controller.advertising(this.advertisement);
  }

  /** What is going on, in a word, for whoever watches. */
  get linkText(): "off" | "advertising" | "connected" | "subscribed" {
    if (this.#link === undefined) return this.#onAir ? "advertising" : "off";
    return this.#link.flags.some((flags) => flags !== 0) ? "subscribed" : "connected";
  }

  get advertisement(): Advertisement | undefined {
    return this.#onAir ? { advert: this.#advert, scanResponse: this.#scanResponse } : undefined;
  }

  /** A fault: the radio falls silent and does not tell the firmware. */
  loseAdvertising(): void {
    this.#setOnAir(false);
  }

  /** What the host stack says to a Pairing Request of the link's peer now. */
  get pairing(): Pairing {
    if (this.#link === undefined || !this.#isSecure || this.#mayPair === false) return "refused";
    // NimBLE asks the application about a peer that it has a bond of; Moddable's class does not answer.
    return this.#mayPair === undefined && this.bonds.has(this.#link.peer) ? "ignored" : "accepted";
  }

  /**
   * The link is encrypted: by a pairing just now or with the keys of a bond. Subscriptions that the band has kept for a
   * bonded peer hold again.
   */
  encrypted(isBonded: boolean): void {
    const link = this.#link;
    if (link === undefined) return;
    link.isEncrypted = true;
    if (!isBonded) return;
    this.bonds.keep(link.peer);
    this.bonds.flagsOf(link.peer).forEach((flags, index) => {
      if ((link.flags[index] ?? 0) === flags) return;
      link.flags[index] = flags;
      this.#post(RadioEvent.Subscribe, link.handle, index, flags, NOTHING);
    });
  }

  get isEncrypted(): boolean {
    return this.#link?.isEncrypted ?? false;
  }

  /** A central connects. False if the band is not advertising. @param peer  its address */
  linkUp(peer = "somebody"): boolean {
    if (!this.#onAir) return false;
    const handle = this.#handleNext;
    this.#handleNext = (handle % 0xeff) + 1; // connection handles end at 0x0EFF
    this.#link = { handle, peer, isEncrypted: false, mtu: MTU_DEFAULT, flags: [] };
    this.counters.connections++;
    this.#setOnAir(false);
    this.#post(RadioEvent.Connected, handle, 0, 0, NOTHING);
    return true;
  }

  /** The link is gone, for whatever reason. An unbonded central's subscriptions go with it. */
  linkDown(): void {
    const link = this.#link;
    if (link === undefined) return;
    this.#link = undefined;
    for (const request of this.#requests) request.done = () => {};
    link.flags.forEach((flags, index) => {
      if (flags !== 0) this.#post(RadioEvent.Subscribe, link.handle, index, 0, NOTHING);
    });
    this.#post(RadioEvent.Disconnected, link.handle, 0, 0, NOTHING);
    if (this.#outgoing.length > 0) this.#sent(NOT_CONNECTED);
  }

  /** Returns the MTU that holds from now on. */
  exchangeMtu(clientMtu: number): number {
    if (this.#link === undefined) return 0;
    this.#link.mtu = Math.max(MTU_MIN, Math.min(clientMtu, this.#mtuPreferred));
    return this.#link.mtu;
  }

  /** `done` may come at once or later, and not at all if the link ends before. */
  read(handle: number, done: (error: AttError, value: Uint8Array) => void): void {
    const link = this.#link;
    if (link === undefined) return;
    const { characteristic, isConfiguration } = this.#find(handle);
    if (characteristic === undefined) done(AttError.InvalidHandle, NOTHING);
    else if (isConfiguration) done(AttError.None, Uint8Array.of(link.flags[characteristic.index] ?? 0, 0));
    else if ((characteristic.properties & 0x02) === 0) done(AttError.ReadNotPermitted, NOTHING);
    else if (this.#isClosed(link, characteristic, READ_PAIRED)) done(this.#insufficient(link), NOTHING);
    else if (characteristic.value !== undefined) done(AttError.None, this.#fitting(characteristic.value, 1));
    else {
      this.#requests.push({ done });
      this.#post(RadioEvent.Read, link.handle, characteristic.index, 0, NOTHING);
    }
  }

  /** `withResponse` false is a write command: the central does not see what `done` gets. */
  write(handle: number, value: Uint8Array, withResponse: boolean, done: (error: AttError) => void): void {
    const link = this.#link;
    if (link === undefined) return;
    const { characteristic, isConfiguration } = this.#find(handle);
    if (characteristic === undefined) done(AttError.InvalidHandle);
    else if (isConfiguration) done(this.#subscribe(link, characteristic, value));
    else if ((characteristic.properties & (withResponse ? 0x08 : 0x04)) === 0) done(AttError.WriteNotPermitted);
    else if (this.#isClosed(link, characteristic, WRITE_PAIRED)) done(this.#insufficient(link));
    else if (value.length > EventLayout.ValueMax) done(AttError.InvalidLength);
    else {
      this.#requests.push({ done });
      this.#post(RadioEvent.Write, link.handle, characteristic.index, 0, value);
    }
  }

  #subscribe(link: AirLink, characteristic: AirCharacteristic, value: Uint8Array): AttError {
    if (value.length !== 2) return AttError.InvalidLength;
    const [flags = 0, high = 0] = value;
    const allowed = (characteristic.properties & NOTIFY_BITS) >> 4;
    if (high !== 0 || (flags & ~allowed) !== 0) return AttError.RequestNotSupported;
    if (this.#isClosed(link, characteristic, SUBSCRIBE_PAIRED)) return this.#insufficient(link);
    if (link.isEncrypted) this.bonds.subscribed(link.peer, characteristic.index, flags);
    if ((link.flags[characteristic.index] ?? 0) === flags) return AttError.None;
    link.flags[characteristic.index] = flags;
    this.#post(RadioEvent.Subscribe, link.handle, characteristic.index, flags, NOTHING);
    return AttError.None;
  }

  #isClosed(link: AirLink, { properties }: AirCharacteristic, paired: number): boolean {
    return (properties & paired) !== 0 && !link.isEncrypted;
  }

  /** As NimBLE: whoever has keys is to use them, whoever has none is to pair. */
  #insufficient(link: AirLink): AttError {
    return this.bonds.has(link.peer) ? AttError.InsufficientEncryption : AttError.InsufficientAuthentication;
  }

  #find(handle: number): { characteristic?: AirCharacteristic; isConfiguration: boolean } {
    for (const service of this.services)
      for (const characteristic of service.characteristics) {
        if (characteristic.valueHandle === handle) return { characteristic, isConfiguration: false };
        if (handle !== 0 && characteristic.cccdHandle === handle) return { characteristic, isConfiguration: true };
      }
    return { isConfiguration: false };
  }

  /** Cut to what one packet of the link carries beside its header, as NimBLE does without a word. */
  #fitting(value: Uint8Array, headerBytes: number): Uint8Array {
    return value.slice(0, (this.#link?.mtu ?? MTU_DEFAULT) - headerBytes);
  }

  #sendNext(): void {
    const [next] = this.#outgoing;
    if (next === undefined) return;
    const settle = (status: number): void => {
      if (this.#outgoing[0] === next) this.#sent(status); // else the end of its link has settled it
    };
    this.#later(this.notifyLatencyUs, () => {
      const characteristic = this.services.flatMap((service) => service.characteristics)[next.index];
      if (this.#link?.handle !== next.link || characteristic === undefined) settle(NOT_CONNECTED);
      else this.#controller?.notify(characteristic.valueHandle, this.#fitting(next.value, 3), settle);
    });
  }

  /** The oldest notification is settled; the next one has its turn. */
  #sent(status: number): void {
    const settled = this.#outgoing.shift();
    if (settled === undefined) return;
    if (status === 0) this.counters.notifications++;
    else this.counters.notificationsFailed++;
    this.#post(RadioEvent.NotifyDone, settled.link, settled.index, status, NOTHING);
    if (this.#outgoing.length > 0) this.#sendNext();
  }

  #setOnAir(onAir: boolean): void {
    this.#onAir = onAir;
    this.#controller?.advertising(this.advertisement);
  }

  #post(type: RadioEvent, link: number, index: number, status: number, value: Uint8Array): void {
    const event = new Uint8Array(EventLayout.Header + value.length);
    event.set([type, link & 0xff, link >> 8, index, status]);
    event.set(value, EventLayout.Header);
    this.#events.push(event);
    this.#later(0, () => {
      if (this.#source !== undefined) this.#fire(this.#source);
    });
  }

  /** What was planned before a restart does not happen after it. */
  #later(delayUs: number, callback: () => void): void {
    const generation = this.#generation;
    this.#clock.at(this.#clock.nowUs + delayUs, PRIORITY, () => {
      if (generation === this.#generation) callback();
    });
  }
}
