import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import type { Advertisement, Radio, RadioController } from "../board/radio.js";
import type { AirService } from "../board/radio-database.js";
import { type BleConnection, type BleManager, bleHost, keepBonds } from "./ble-host.node.js";
import { H4Splitter, KeyReplyOrder, MtuExchange } from "./h4.node.js";
import { type HciAddress, hciAddressText, openHci } from "./hci-address.node.js";
import { HciBonds } from "./hci-bonds.node.js";
import type { HciCapture } from "./hci-capture.node.js";
import { HANDLE_SHIFT, HciServices } from "./hci-services.node.js";

export interface HciRadioOptions {
  readonly radio: Radio;
  readonly controller: HciAddress;
  /** Static random: begins with C to F, and stays the same, or apps lose the band. */
  readonly ownAddress?: string;
  /** How long the controller may take to be initialized. */
  readonly readyMsMax?: number;
  /** Gets all that goes between the stack and the controller. */
  readonly capture?: HciCapture | undefined;
  /** Left out: bonds last as long as the program. */
  readonly bonds?: HciBonds | undefined;
  /** A line about the transport or the controller, for whoever watches. */
  note?(text: string): void;
}

const OWN_ADDRESS = "C0:5E:11:BA:4D:01";
const READY_MS_MAX = 5_000;
const RETRY_MS = 1_000;
/** 30 ms and 60 ms in units of 0.625 ms: NimBLE's BLE_GAP_ADV_FAST_INTERVAL1. */
const ADVERTISING = { intervalMin: 48, intervalMax: 96 } as const;
/** NimBLE's BLE_HS_ENOTCONN. */
const NOT_CONNECTED = 7;
/** Security Manager: Pairing Not Supported (Vol 3, Part H, 3.5.5). */
const PAIRING_NOT_SUPPORTED = 0x05;

/** One controller that is initialized, from its first packet to its last. */
interface Session {
  readonly manager: BleManager;
  readonly services: HciServices;
  isAdvertising: boolean;
  end(): void;
}

/**
 * The simulated band on a Bluetooth controller: a virtual one, a USB dongle, the laptop's own. The host stack above HCI
 * is `ble-host`; what it is told to serve is what the firmware has published, and what it hears goes to the firmware.
 * A notification is done when the controller has sent it, so a central that stalls is felt by the firmware.
 *
 * When the controller goes away, the firmware's link goes down, and the controller is tried again every second.
 * Time is the laptop's here: whoever runs the band must keep its clock in step.
 */
export class HciRadio implements RadioController {
  readonly counters = { sessions: 0, connections: 0, pairings: 0, pairingsRefused: 0, controllerErrors: 0 };
  readonly #radio: Radio;
  readonly #options: HciRadioOptions;
  readonly #mtu: MtuExchange;
  readonly #bonds: HciBonds;
  #published: readonly AirService[] = [];
  #advertisement: Advertisement | undefined;
  #session: Session | undefined;
  #connection: BleConnection | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: HciRadioOptions) {
    this.#options = options;
    this.#radio = options.radio;
    this.#mtu = new MtuExchange((clientMtu) => this.#radio.exchangeMtu(clientMtu));
    this.#bonds = options.bonds ?? new HciBonds();
    keepBonds(this.#bonds);
    options.radio.attach(this);
  }

  /** Rejects if the controller cannot be reached or does not answer; afterwards it is tried again for ever. */
  async start(): Promise<void> {
    await this.#open();
  }

  /** Takes the band off the air and lets the controller go. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#session?.end();
  }

  // --- RadioController: the firmware's side ---

  published(services: readonly AirService[]): void {
    this.#published = services;
    this.#session?.services.publish(this.#session.manager, services);
  }

  advertising(advertisement: Advertisement | undefined): void {
    this.#advertisement = advertisement;
    this.#advertise();
  }

  notify(valueHandle: number, value: Uint8Array, done: (status: number) => void): void {
    const connection = this.#connection;
    const characteristic = this.#session?.services.characteristic(valueHandle);
    const bytes = Buffer.from(value);
    const complete = (): void => done(0);
    const isTaken =
      connection !== undefined &&
      (characteristic?.notify?.(connection, bytes, undefined, complete) ||
        characteristic?.indicate?.(connection, bytes, complete));
    if (!isTaken) done(NOT_CONNECTED);
  }

  terminated(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.disconnect();
  }

  // --- the controller's side ---

  async #open(): Promise<void> {
    const stream = await openHci(this.#options.controller);
    try {
      this.#session = await this.#initialize(stream);
    } catch (error) {
      stream.destroy();
      throw error;
    }
    this.counters.sessions++;
    if (this.#isClosed) return this.#session.end();
    this.#session.services.publish(this.#session.manager, this.#published);
    this.#advertise();
  }

  #initialize(stream: Duplex): Promise<Session> {
    return new Promise((resolve, reject) => {
      const transport = new Transport(stream, this.#mtu, this.#options.capture);
      const readyMsMax = this.#options.readyMsMax ?? READY_MS_MAX;
      const timer = setTimeout(() => reject(new Error("the controller does not answer")), readyMsMax);
      let session: Session | undefined;
      transport.onEnd = (error) => {
        clearTimeout(timer);
        if (session === undefined) return reject(error ?? new Error("the controller closed the connection"));
        transport.emit("close"); // the stack's timers stop
        if (this.#session === session) this.#lost(error);
      };
      const staticRandomAddress = this.#options.ownAddress ?? OWN_ADDRESS;
      bleHost.BleManager.create(transport, { staticRandomAddress }, (error, manager) => {
        clearTimeout(timer);
        if (error) return reject(error);
        manager.on("error", () => stream.destroy()); // a hardware error, or our own "close"
        const services = new HciServices(this.#radio, (connection) => connection === this.#connection);
        session = { manager, services, isAdvertising: false, end: () => stream.destroy() };
        resolve(session);
      });
    });
  }

  #lost(error: Error | undefined): void {
    this.#session = undefined;
    if (this.#connection !== undefined) {
      this.#connection = undefined;
      this.#radio.linkDown();
    }
    if (this.#isClosed) return;
    this.#note(`lost${error ? ` (${error.message})` : ""}, trying again every second`);
    this.#tryAgain();
  }

  #tryAgain(): void {
    this.#retry = setTimeout(() => {
      this.#open().then(
        () => this.#note("back"),
        () => {
          if (!this.#isClosed) this.#tryAgain();
        },
      );
    }, RETRY_MS);
  }

  /** Makes the controller do what the firmware wants. The stack keeps its commands in order. */
  #advertise(): void {
    const session = this.#session;
    if (session === undefined) return;
    const { manager } = session;
    if (this.#advertisement === undefined) {
      if (session.isAdvertising) manager.stopAdvertising((status) => this.#check("stop advertising", status));
      session.isAdvertising = false;
      return;
    }
    const { advert, scanResponse } = this.#advertisement;
    manager.setAdvertisingData(Buffer.from(advert), (status) => this.#check("advertising data", status));
    manager.setScanResponseData(Buffer.from(scanResponse), (status) => this.#check("scan response", status));
    if (session.isAdvertising) return;
    session.isAdvertising = true;
    manager.startAdvertising(ADVERTISING, (status, connection) => {
      session.isAdvertising = false;
      if (connection === undefined)
        this.#check("start advertising", status); // the firmware asks again within 60 s
      else this.#connected(connection);
    });
  }

  #connected(connection: BleConnection): void {
    // The firmware may have gone silent while the central was connecting, or have restarted.
    if (this.#connection !== undefined || !this.#radio.linkUp(addressOf(connection))) {
      connection.disconnect();
      return;
    }
    this.#connection = connection;
    this.#mtu.reset();
    this.counters.connections++;
    // The stack by itself would refuse a phone that has lost its keys. `answer` with nothing: as the stack thinks best.
    connection.smp.on("pairingRequest", (_features: unknown, answer: (features: object) => void) => {
      const pairing = this.#radio.pairing;
      if (pairing === "ignored") return;
      if (pairing === "accepted") {
        answer({});
        return;
      }
      this.counters.pairingsRefused++;
      connection.smp.sendPairingFailed(PAIRING_NOT_SUPPORTED);
    });
    connection.smp.on("pairingComplete", () => {
      this.counters.pairings++;
      if (this.#connection === connection) this.#encrypted(connection);
    });
    connection.smp.on("encrypt", (error: number) => {
      if (error === 0 && this.#connection === connection && connection.smp.isBonded) this.#encrypted(connection);
    });
    connection.on("disconnect", () => {
      if (this.#connection !== connection) return;
      this.#connection = undefined;
      this.#radio.linkDown();
    });
  }

  /** What a bonded phone had subscribed to holds again; the board's radio knows of it only from this run. */
  #encrypted(connection: BleConnection): void {
    const { smp, ownAddressType, ownAddress, peerIdentityAddressType, peerIdentityAddress } = connection;
    this.#radio.encrypted(smp.isBonded);
    if (!smp.isBonded || peerIdentityAddressType === undefined || peerIdentityAddress === undefined) return;
    const own = this.#bonds.constructAddress(ownAddressType, ownAddress);
    const peer = this.#bonds.constructAddress(peerIdentityAddressType, peerIdentityAddress);
    for (const { characteristics } of this.#published)
      for (const { cccdHandle } of characteristics) {
        const flags = cccdHandle === 0 ? 0 : this.#bonds.getCccd(own, peer, cccdHandle + HANDLE_SHIFT);
        if (flags !== 0) this.#radio.write(cccdHandle, Uint8Array.of(flags, 0), true, () => {});
      }
  }

  #check(what: string, status: number): void {
    if (status === 0) return;
    this.counters.controllerErrors++;
    this.#note(`refuses ${what}: ${bleHost.HciErrors.toString(status)}`);
  }

  #note(text: string): void {
    this.#options.note?.(`controller ${hciAddressText(this.#options.controller)} ${text}`);
  }
}

const addressOf = ({ peerIdentityAddress, peerAddress }: BleConnection): string => peerIdentityAddress ?? peerAddress;

/** Between the stream and the host stack: whole packets, with the firmware's MTU in them. */
class Transport extends EventEmitter {
  /** Called once, when the stream has ended or made no sense. */
  onEnd: (error: Error | undefined) => void = () => {};
  readonly #stream: Duplex;
  readonly #mtu: MtuExchange;
  readonly #capture: HciCapture | undefined;
  readonly #keyReply = new KeyReplyOrder();

  constructor(stream: Duplex, mtu: MtuExchange, capture: HciCapture | undefined) {
    super();
    this.#stream = stream;
    this.#mtu = mtu;
    this.#capture = capture;
    const splitter = new H4Splitter();
    let cause: Error | undefined;
    stream.on("error", (error) => {
      cause ??= error;
    });
    stream.on("close", () => this.onEnd(cause));
    stream.on("end", () => stream.destroy());
    stream.on("data", (chunk: Buffer) => {
      try {
        for (const packet of splitter.push(chunk)) {
          capture?.packet(packet, true);
          mtu.fromController(packet);
          for (const ordered of this.#keyReply.fromController(packet)) this.emit("data", ordered);
        }
      } catch (error) {
        // Out of step, or the stack has met a packet that it throws at: it cannot go on.
        cause = error instanceof Error ? error : new Error(String(error));
        stream.destroy();
      }
    });
  }

  write(packet: Buffer): void {
    this.#mtu.toController(packet);
    this.#keyReply.toController(packet);
    this.#capture?.packet(packet, false);
    if (!this.#stream.destroyed) this.#stream.write(packet);
  }
}
