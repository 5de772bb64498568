import type { ServiceDefinition } from "ble-gatt/gatt-port";
import type { Outbox } from "ble-gatt/notifier";

/** One service of the band, as the server runs it. Services are appended, never inserted: phones cache handles. */
export interface GattService {
  /** The service's literal, asked for once. Its notifications go through `outbox`. */
  define(outbox: Outbox): ServiceDefinition;
  /** Once a second. */
  second?(): void;
  /** A link has begun or ended. */
  linkChanged?(): void;
}

/** Text for a characteristic. Errors: RangeError unless it is 1 .. 64 printable ASCII characters. */
export function textBytes(text: string): Uint8Array {
  if (!/^[ -~]{1,64}$/.test(text)) throw new RangeError(`not 1 to 64 printable ASCII characters: "${text}"`);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
