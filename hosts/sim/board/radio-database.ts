import { DatabaseLayout } from "sim/radio-ops";

export interface AirCharacteristic {
  /** The firmware's number for it. */
  readonly index: number;
  /** Lower-case hex, big endian: 4, 8 or 32 digits. */
  readonly uuid: string;
  /** Low 8 bits as on the air; above them NimBLE's flags for encryption. */
  readonly properties: number;
  readonly valueHandle: number;
  /** Client Characteristic Configuration, 0 if it neither notifies nor indicates. */
  readonly cccdHandle: number;
  /** A value that never changes; without it the firmware is asked. */
  readonly value: Uint8Array | undefined;
}

export interface AirService {
  readonly uuid: string;
  readonly startHandle: number;
  readonly endHandle: number;
  readonly characteristics: readonly AirCharacteristic[];
}

const NOTIFY_OR_INDICATE = 0x30;

/**
 * The database that the firmware publishes (layout: `radio-ops.ts`), with handles given out in order from 1 as NimBLE
 * does: service, then per characteristic its declaration, value and configuration. Errors: RangeError if cut short.
 */
export function parseDatabase(bytes: Uint8Array): AirService[] {
  let at = 0;
  let handle = 1;
  let index = 0;
  const take = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw new RangeError("database cut short");
    at += count;
    return bytes.slice(at - count, at);
  };
  const number = (count: number): number => take(count).reduceRight((sum, byte) => (sum << 8) | byte, 0);
  const uuid = (): string => take(number(1)).reduceRight((text, byte) => text + byte.toString(16).padStart(2, "0"), "");

  const services: AirService[] = [];
  while (at < bytes.length) {
    const serviceUuid = uuid();
    const startHandle = handle++;
    const characteristics: AirCharacteristic[] = [];
    for (let count = number(1); count > 0; count--) {
      const characteristicUuid = uuid();
      const properties = number(3);
      const length = number(2);
      const value = length === DatabaseLayout.Dynamic ? undefined : take(length);
      const valueHandle = handle + 1;
      const cccdHandle = (properties & NOTIFY_OR_INDICATE) !== 0 ? handle + 2 : 0;
      handle += cccdHandle === 0 ? 2 : 3;
      characteristics.push({ index: index++, uuid: characteristicUuid, properties, valueHandle, cccdHandle, value });
    }
    services.push({ uuid: serviceUuid, startHandle, endHandle: handle - 1, characteristics });
  }
  return services;
}
