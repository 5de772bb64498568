import type { GattCharacteristic, GattConnection } from "ble-gatt/gatt-port";

/** The radio's queue has no end; two are enough to keep it busy (reference: back-pressure in docs/ble.md). */
const IN_FLIGHT_MAX = 2;
/** Of these, long streams take one, so that what is told once a second always finds a place. */
const BULK_IN_FLIGHT_MAX = 1;

/** What all notifications of the band share: how many are on their way, who listens, what became of them. */
export class Outbox {
  inFlight = 0;
  bulkInFlight = 0;
  /** Characteristics with a subscriber. */
  subscribers = 0;
  /** Taken over by the radio and sent. */
  sent = 0;
  /** Refused by the radio, now or later. */
  failed = 0;
  /** Not tried, because earlier ones are still on their way. */
  deferred = 0;
  readonly #notifiers: Notifier[] = [];

  add(notifier: Notifier): void {
    this.#notifiers.push(notifier);
  }

  /** A place has come free: the others first, so that two streams take turns. */
  room(last: Notifier): void {
    for (let i = 0; i < this.#notifiers.length; i++) if (this.#notifiers[i] !== last) this.#notifiers[i]?.room();
    last.room();
  }

  /** The link is gone and every subscription with it, whether the class said so one by one or not. */
  linkLost(): void {
    for (const notifier of this.#notifiers) notifier.stop();
  }
}

export interface NotifierListener {
  /** Somebody has subscribed: `send` works from now on. */
  onStart?(): void;
  /** Nobody is subscribed any more. */
  onStop?(): void;
  /** The notification that `send` took has been sent, or has not. Never called after `onStop` for one before it. */
  onDone?(sent: boolean): void;
  /** Somebody's notification is settled: there may be a place now. */
  onRoom?(): void;
}

/**
 * The notifications of one characteristic to its one subscriber: at most one on its way, so that a failed one can be
 * made again without overtaking. Never throws. Cost: no allocation of its own.
 */
export class Notifier {
  readonly #outbox: Outbox;
  readonly #listener: NotifierListener;
  readonly #isBulk: boolean;
  #connection: GattConnection | undefined;
  #characteristic: GattCharacteristic | undefined;
  #pending = false;
  /** The one on its way was meant for a subscription that has ended. */
  #orphaned = false;

  /** @param isBulk  a stream that would take every place there is */
  constructor(outbox: Outbox, listener: NotifierListener, isBulk = false) {
    this.#outbox = outbox;
    this.#isBulk = isBulk;
    this.#listener = listener;
    outbox.add(this);
  }

  get subscribed(): boolean {
    return this.#connection !== undefined;
  }

  /** Bytes that fit one notification now; 0 when nobody is subscribed. */
  get bytesMax(): number {
    return this.#connection?.maximumWrite ?? 0;
  }

  /** A `send` would be taken: somebody listens and there is room. */
  get ready(): boolean {
    const { inFlight, bulkInFlight } = this.#outbox;
    if (this.#connection === undefined || this.#pending || inFlight >= IN_FLIGHT_MAX) return false;
    return !this.#isBulk || bulkInFlight < BULK_IN_FLIGHT_MAX;
  }

  /** One is on its way, perhaps to a subscription that has ended. */
  get isPending(): boolean {
    return this.#pending;
  }

  room(): void {
    if (this.ready) this.#listener.onRoom?.();
  }

  /** For `onSubscribe`: `this` there is the characteristic. */
  start(characteristic: GattCharacteristic, connection: GattConnection): void {
    this.stop();
    this.#characteristic = characteristic;
    this.#connection = connection;
    this.#outbox.subscribers++;
    this.#listener.onStart?.();
  }

  /** For `onUnsubscribe` and the end of the link; any number of times. */
  stop(): void {
    if (this.#connection === undefined) return;
    this.#connection = undefined;
    this.#characteristic = undefined;
    this.#orphaned = this.#pending;
    this.#outbox.subscribers--;
    this.#listener.onStop?.();
  }

  /** Hands `value` to the radio, which copies it. False: not subscribed, no room (counted), or refused (counted). */
  send(value: Uint8Array): boolean {
    if (this.#connection === undefined || this.#characteristic === undefined) return false;
    if (!this.ready) {
      this.#outbox.deferred++;
      return false;
    }
    try {
      this.#connection.notify(this.#characteristic, value, this.#completed);
    } catch {
      // The class has noticed the end of the link or of the subscription before it told us. It will.
      this.#outbox.failed++;
      return false;
    }
    this.#pending = true;
    this.#outbox.inFlight++;
    if (this.#isBulk) this.#outbox.bulkInFlight++;
    return true;
  }

  /** One closure for all notifications: made here, so that sending makes none. */
  readonly #completed = (error: number): void => {
    this.#outbox.inFlight--;
    if (this.#isBulk) this.#outbox.bulkInFlight--;
    this.#pending = false;
    if (error === 0) this.#outbox.sent++;
    else this.#outbox.failed++;
    if (this.#orphaned) this.#orphaned = false;
    else this.#listener.onDone?.(error === 0);
    if (error === 0) this.#outbox.room(this); // else by the next second: a radio that fails is not asked at once
  };
}
