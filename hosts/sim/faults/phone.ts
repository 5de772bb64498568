import { Central } from "../board/central.js";
import type { VirtualClock } from "../board/clock.js";
import type { Radio } from "../board/radio.js";

/** How often a phone looks for the band. */
const SCAN_US = 2_000_000;
const HEART_RATE = "2a37";

export interface PhoneListener {
  /** A new link: what was under way on the old one is gone. */
  linked?(): void;
  heartRate?(packet: Uint8Array): void;
}

/** A phone that wants the band's heart rate for as long as it is wanted: it looks for it, connects, subscribes. */
export class Phone {
  readonly central: Central;
  /** What the phone asks for, 23 .. 517. */
  mtu = 247;
  /** A fault may want to do it all by itself. */
  isLeftAlone = false;
  readonly #clock: VirtualClock;
  #isWanted = false;
  #heartRateHandle = 0;
  packetCount = 0;

  constructor(radio: Radio, clock: VirtualClock, listener: PhoneListener = {}) {
    this.#clock = clock;
    this.central = new Central(radio, clock);
    this.central.onNotification = (handle, value) => {
      if (handle !== this.#heartRateHandle) return;
      this.packetCount++;
      listener.heartRate?.(value);
    };
    const look = (): void => {
      if (this.#isWanted && !this.isLeftAlone && this.connect()) listener.linked?.();
      clock.at(clock.nowUs + SCAN_US, 3, look);
    };
    look();
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }
  set isWanted(isWanted: boolean) {
    this.#isWanted = isWanted;
    if (!isWanted) this.central.disconnect();
  }

  /** Connects and subscribes; true if there was no link before and there is one now. */
  connect(): boolean {
    const { central } = this;
    if (central.connected || !central.connect()) return false;
    // Discovery takes its time; the link may be gone by then.
    this.#clock.at(this.#clock.nowUs + 200_000, 3, () => {
      if (!central.connected) return;
      central.exchangeMtu(this.mtu);
      const heartRate = central.find(HEART_RATE);
      if (heartRate === undefined) return;
      this.#heartRateHandle = heartRate.valueHandle;
      central.subscribe(heartRate);
    });
    return true;
  }
}
