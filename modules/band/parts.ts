import type {
  AnalogOptions,
  Clock,
  DigitalOptions,
  Identity,
  KeyValueStore,
  Observer,
  PwmOptions,
  SmbusOptions,
  Timers,
  Watchdog,
} from "base/host-parts";
import type { RadioOptions } from "ble-gatt/gatt-port";
import type { FlashOptions } from "storage/flash-port";

/** Everything the band is made of. A part that a board lacks is left out. */
export interface HostParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly sensor: SmbusOptions;
  /** The sensor's INT line, open drain, active low. */
  readonly sensorAlert?: DigitalOptions;
  readonly motor: PwmOptions;
  readonly button: DigitalOptions;
  readonly battery: AnalogOptions;
  readonly led?: DigitalOptions;
  readonly radio?: RadioOptions;
  readonly settings: KeyValueStore;
  /** The partition that the session log lives on. */
  readonly log?: FlashOptions;
  readonly identity: Identity;
  readonly watchdog?: Watchdog;
  readonly observer?: Observer;
}
