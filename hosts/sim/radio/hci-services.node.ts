/** The firmware's services, as the host stack wants them. */
import type { Radio } from "../board/radio.js";
import type { AirCharacteristic, AirService } from "../board/radio-database.js";
import type { BleCharacteristic, BleConnection, BleManager, BleService } from "./ble-host.node.js";

/** Names by bit, from Vol 3, Part G, 3.3.1.1. */
const PROPERTIES = ["broadcast", "read", "write-without-response", "write", "notify", "indicate"] as const;
const READ = 0x02;
const WRITE_ANY = 0x0c;
/** NimBLE's flags for what needs pairing; the stack refuses it, as the board's radio does. */
const READ_PAIRED = 0x600;
const WRITE_PAIRED = 0x3000;
const SUBSCRIBE_PAIRED = 0x18000;

const GENERIC_ACCESS = "1800";
const DEVICE_NAME = "2a00";
const APPEARANCE = "2a01";
const CONFIGURATION = 0x2902;
/** The stack's own Generic Attribute service lies before Generic Access: everything moves by this much. */
export const HANDLE_SHIFT = 4;

/** Puts the services of one boot into the stack's database and gives the characteristics by the firmware's handle. */
export class HciServices {
  readonly #radio: Radio;
  readonly #isOurs: (connection: BleConnection) => boolean;
  readonly #byHandle = new Map<number, BleCharacteristic>();
  #services: BleService[] = [];

  /** @param isOurs  whether that connection is the one that the board's radio knows of */
  constructor(radio: Radio, isOurs: (connection: BleConnection) => boolean) {
    this.#radio = radio;
    this.#isOurs = isOurs;
  }

  characteristic(valueHandle: number): BleCharacteristic | undefined {
    return this.#byHandle.get(valueHandle);
  }

  /** Replaces what an earlier boot has published. */
  publish(manager: BleManager, services: readonly AirService[]): void {
    for (const service of this.#services) manager.gattDb.removeService(service);
    this.#byHandle.clear();
    this.#services = [];
    for (const service of services) {
      if (service.uuid === GENERIC_ACCESS) this.#genericAccess(manager, service);
      else this.#services.push(this.#service(service));
    }
    manager.gattDb.addServices(this.#services);
  }

  /** The stack has a Generic Access service of its own, which takes the firmware's values. */
  #genericAccess(manager: BleManager, { characteristics }: AirService): void {
    const staticValue = (uuid: string) => characteristics.find((each) => each.uuid === uuid)?.value;
    const name = staticValue(DEVICE_NAME);
    if (name !== undefined) manager.gattDb.setDeviceName(Buffer.from(name));
    const [low = 0, high = 0] = staticValue(APPEARANCE) ?? [];
    manager.gattDb.setAppearance(low | (high << 8));
  }

  #service({ uuid, startHandle, characteristics }: AirService): BleService {
    return {
      uuid: stackUuid(uuid),
      startHandle: startHandle + HANDLE_SHIFT,
      characteristics: characteristics.map((each) => {
        const characteristic = this.#characteristic(each);
        this.#byHandle.set(each.valueHandle, characteristic);
        return characteristic;
      }),
    };
  }

  #characteristic({ uuid, properties, valueHandle, cccdHandle, value }: AirCharacteristic): BleCharacteristic {
    const radio = this.#radio;
    const isOurs = this.#isOurs;
    const subscribePerm = (properties & SUBSCRIBE_PAIRED) === 0 ? "open" : "encrypted";
    return {
      uuid: stackUuid(uuid),
      properties: PROPERTIES.filter((_, bit) => (properties & (1 << bit)) !== 0),
      readPerm: permission(properties & READ, properties & READ_PAIRED),
      writePerm: permission(properties & WRITE_ANY, properties & WRITE_PAIRED),
      descriptors: cccdHandle === 0 ? [] : [{ uuid: CONFIGURATION, writePerm: subscribePerm }],
      ...(value === undefined ? {} : { value: Buffer.from(value) }),
      ...(value !== undefined ? {} : { onRead }),
      onWrite(connection, hasResponse, bytes, reply) {
        if (isOurs(connection)) radio.write(valueHandle, bytes, hasResponse, reply);
      },
      onSubscriptionChange(connection, notification, indication) {
        const flags = (notification ? 1 : 0) | (indication ? 2 : 0);
        if (isOurs(connection)) radio.write(cccdHandle, Uint8Array.of(flags, 0), true, () => {});
      },
    };

    function onRead(connection: BleConnection, reply: (error: number, value?: Buffer) => void): void {
      if (isOurs(connection)) radio.read(valueHandle, (error, bytes) => reply(error, Buffer.from(bytes)));
    }
  }
}

const permission = (allowed: number, paired: number): "not-permitted" | "open" | "encrypted" =>
  allowed === 0 ? "not-permitted" : paired === 0 ? "open" : "encrypted";

/** Of "180d" its number, of 32 digits the form with dashes. */
export function stackUuid(uuid: string): string | number {
  if (uuid.length === 4) return Number.parseInt(uuid, 16);
  const full = uuid.length === 8 ? `${uuid}00001000800000805f9b34fb` : uuid;
  return full.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
