/** Device Information service 0x180A, all read-only text. Source: Device Information Service 1.1, section 3. */
import type { Identity } from "base/host-parts";
import { type CharacteristicDefinition, Property, type ServiceDefinition } from "ble-gatt/gatt-port";
import { type GattService, textBytes } from "ble-gatt/service";

const text = (uuid: string, value: string): CharacteristicDefinition => ({
  uuid,
  properties: Property.Read,
  value: textBytes(value),
});

/** Who made this band and what runs on it. Errors: RangeError at the start for a text that is empty or not ASCII. */
export class DeviceInformationService implements GattService {
  readonly #definition: ServiceDefinition;

  constructor(identity: Identity) {
    this.#definition = {
      uuid: "180a",
      characteristics: [
        text("2a29", identity.manufacturer),
        text("2a24", identity.model),
        text("2a25", identity.serial),
        text("2a27", identity.hardwareRevision),
        text("2a26", identity.firmwareRevision),
      ],
    };
  }

  define(): ServiceDefinition {
    return this.#definition;
  }
}
