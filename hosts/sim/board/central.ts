import type { Pairing } from "./bonds.js";
import type { Advertisement, AttError, Radio, RadioClock, RadioController } from "./radio.js";
import type { AirCharacteristic, AirService } from "./radio-database.js";

/** How long a link stays up that the other side has left without a word. A phone's usual value. */
const SUPERVISION_TIMEOUT_US = 5_000_000;
const SUBSCRIBED = Uint8Array.of(1, 0);
const UNSUBSCRIBED = Uint8Array.of(0, 0);
/** The clock's priority for what comes from outside the band: after what the firmware hears. */
const PRIORITY = 3;

/**
 * A phone in the same process, for the tests and the page: it scans, connects, reads, writes and listens, and knows
 * nothing of what the bytes mean. Answers come through callbacks, in virtual time. It pairs when it is told to, and keeps
 * its keys until it is told to forget them.
 */
export class Central implements RadioController {
  /** Called for every notification. */
  onNotification: (valueHandle: number, value: Uint8Array) => void = () => {};
  onDisconnect: () => void = () => {};
  /** Takes no notification out of the radio while true: the band's queue fills. */
  stalled = false;
  /** What the next notifications end with instead of being received: NimBLE's 6 is "out of memory". */
  readonly failures: number[] = [];
  /** Its address. */
  readonly identity: string;
  #hasKeys = false;
  readonly #radio: Radio;
  readonly #clock: RadioClock;
  #connected = false;
  #links = 0;
  #heard: Advertisement | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(radio: Radio, clock: RadioClock, identity = "phone") {
    this.identity = identity;
    this.#radio = radio;
    this.#clock = clock;
    radio.attach(this);
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** What the band sends out now; undefined while it is silent. */
  scan(): Advertisement | undefined {
    return this.#heard;
  }

  /** False if the band is not advertising. */
  connect(): boolean {
    if (this.#connected) return false;
    this.#radio.attach(this); // of several phones, the one that connects hears the band
    if (!this.#radio.linkUp(this.identity)) return false;
    this.#connected = true;
    this.#links++;
    return true;
  }

  /** Just Works with bonding; then the link is encrypted. */
  pair(): Pairing {
    if (!this.#connected) return "refused";
    const answer = this.#radio.pairing;
    if (answer !== "accepted") return answer;
    this.#radio.bonds.drop(this.identity);
    this.#hasKeys = true;
    this.#radio.encrypted(true);
    return answer;
  }

  /** With the keys of an earlier pairing. False: either side has none. */
  encrypt(): boolean {
    if (!this.#connected || !this.#hasKeys || !this.#radio.bonds.has(this.identity)) return false;
    this.#radio.encrypted(true);
    return true;
  }

  /** "Forget this device". */
  forget(): void {
    this.#hasKeys = false;
  }

  /** @param mtu 23 .. 517. Returns the smaller of both sides'. */
  exchangeMtu(mtu: number): number {
    return this.#connected ? this.#radio.exchangeMtu(mtu) : 0;
  }

  /** The band's services with their handles; none while nobody is connected. */
  discover(): readonly AirService[] {
    return this.#connected ? this.#radio.services : [];
  }

  /** The one characteristic of that UUID (lower-case hex, no dashes). */
  find(uuid: string): AirCharacteristic | undefined {
    return this.discover()
      .flatMap((service) => service.characteristics)
      .find((characteristic) => characteristic.uuid === uuid);
  }

  read(handle: number, done: (error: AttError, value: Uint8Array) => void): void {
    if (this.#connected) this.#radio.read(handle, done);
  }

  write(handle: number, value: Uint8Array, done: (error: AttError) => void = () => {}): void {
    if (this.#connected) this.#radio.write(handle, value, true, done);
  }

  writeWithoutResponse(handle: number, value: Uint8Array): void {
    if (this.#connected) this.#radio.write(handle, value, false, () => {});
  }

  subscribe(characteristic: AirCharacteristic, done?: (error: AttError) => void): void {
    this.write(characteristic.cccdHandle, SUBSCRIBED, done);
  }

  unsubscribe(characteristic: AirCharacteristic, done?: (error: AttError) => void): void {
    this.write(characteristic.cccdHandle, UNSUBSCRIBED, done);
  }

  disconnect(): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.#waiting.length = 0;
    this.#radio.linkDown();
  }

  /** Walks out of range: the band notices when the link times out. */
  vanish(): void {
    if (!this.#connected) return;
    this.#connected = false;
    const link = this.#links;
    this.#clock.at(this.#clock.nowUs + SUPERVISION_TIMEOUT_US, PRIORITY, () => {
      if (link !== this.#links) return; // the band has restarted since, and there is another link
      this.#waiting.length = 0;
      this.#radio.linkDown();
    });
  }

  /** Ends `stalled`: what waited is received. */
  resume(): void {
    this.stalled = false;
    if (!this.#connected) return;
    for (const receive of this.#waiting.splice(0)) receive();
  }

  // --- RadioController ---

  advertising(advertisement: Advertisement | undefined): void {
    this.#heard = advertisement;
  }

  notify(valueHandle: number, value: Uint8Array, done: (status: number) => void): void {
    const link = this.#links;
    const receive = (): void => {
      if (link !== this.#links) return;
      const failure = this.failures.shift();
      if (failure === undefined && this.#connected) this.onNotification(valueHandle, value);
      done(failure ?? 0);
    };
    // Out of range nothing is acknowledged: the notification stays in the radio until the link times out.
    if (this.stalled || !this.#connected) this.#waiting.push(receive);
    else receive();
  }

  terminated(): void {
    const wasConnected = this.#connected;
    this.#connected = false;
    this.#waiting.length = 0;
    if (wasConnected) this.onDisconnect();
  }
}
