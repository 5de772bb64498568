/** Battery service 0x180F: 2A19, read and notify. Source: Battery Service 1.0, section 3.1. */
import { Property, type ServiceDefinition } from "ble-gatt/gatt-port";
import { Notifier, type Outbox } from "ble-gatt/notifier";
import type { GattService } from "ble-gatt/service";

/** Battery level in per cent. Told when it changes, to whoever has subscribed; a read gets it at any time. */
export class BatteryService implements GattService {
  readonly #level = new Uint8Array(1);
  #toldPercent: number | undefined;
  #sendingPercent: number | undefined;
  #notifier: Notifier | undefined;

  /** @param percent  0 .. 100, measured: the standard has no word for an unknown level */
  constructor(percent: number) {
    this.measured(percent);
  }

  /** 0 .. 100. */
  measured(percent: number): void {
    this.#level[0] = percent;
  }

  second(): void {
    const notifier = this.#notifier;
    const percent = this.#level[0]!; // one byte, made above
    if (notifier?.ready !== true || percent === this.#toldPercent) return;
    if (notifier.send(this.#level)) this.#sendingPercent = percent;
  }

  define(outbox: Outbox): ServiceDefinition {
    const level = this.#level;
    const notifier = new Notifier(outbox, {
      onStart: () => {
        this.#toldPercent = undefined; // a subscriber hears the level once, whether or not it was read before
      },
      onDone: (sent) => {
        if (sent) this.#toldPercent = this.#sendingPercent;
      },
    });
    this.#notifier = notifier;
    return {
      uuid: "180f",
      characteristics: [
        {
          uuid: "2a19",
          properties: Property.Read | Property.Notify,
          onRead() {
            return level;
          },
          onSubscribe(connection) {
            notifier.start(this, connection);
          },
          onUnsubscribe() {
            notifier.stop();
          },
        },
      ],
    };
  }
}
