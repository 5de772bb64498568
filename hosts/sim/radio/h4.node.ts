/** HCI packets on a stream of bytes: "H4" (Core specification, Vol 4, Part A). */

/** First byte of a packet. */
export const enum H4Type {
  Command = 0x01,
  Acl = 0x02,
  Synchronous = 0x03,
  Event = 0x04,
  Isochronous = 0x05,
}

/** Per type: bytes before the content, and where among them its length lies, in one byte or two. */
const LAYOUTS: Readonly<
  Record<number, { readonly header: number; readonly lengthAt: number; readonly wide: boolean }>
> = {
  [H4Type.Command]: { header: 4, lengthAt: 3, wide: false },
  [H4Type.Acl]: { header: 5, lengthAt: 3, wide: true },
  [H4Type.Synchronous]: { header: 4, lengthAt: 3, wide: false },
  [H4Type.Event]: { header: 3, lengthAt: 2, wide: false },
  [H4Type.Isochronous]: { header: 5, lengthAt: 3, wide: true },
};
const ISO_LENGTH_MASK = 0x3fff;

/** The stream is out of step: there is no way back but to start again. */
export class NoH4 extends Error {
  override name = "NoH4";
}

/** Cuts what arrives into whole packets. */
export class H4Splitter {
  #rest: Buffer = Buffer.alloc(0);

  /** Errors: NoH4 if a packet starts with no known type */
  push(chunk: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const packets: Buffer[] = [];
    for (;;) {
      const length = lengthOf(this.#rest);
      if (length === undefined || length > this.#rest.length) return packets;
      packets.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
    }
  }
}

/** Of the packet that `bytes` starts with; undefined while its header is not complete. */
function lengthOf(bytes: Buffer): number | undefined {
  const [type] = bytes;
  if (type === undefined) return undefined;
  const layout = LAYOUTS[type];
  if (layout === undefined) throw new NoH4(`no HCI packet starts with 0x${type.toString(16).padStart(2, "0")}`);
  const { header, lengthAt, wide } = layout;
  if (bytes.length < header) return undefined;
  if (!wide) return header + bytes.readUInt8(lengthAt);
  const length = bytes.readUInt16LE(lengthAt);
  return header + (type === H4Type.Isochronous ? length & ISO_LENGTH_MASK : length);
}

const ATT_CHANNEL = 0x0004;
const MTU_REQUEST = 0x02;
const MTU_RESPONSE = 0x03;
/** H4 type, handle, two lengths, channel: the Attribute Protocol begins here. */
const ATT_AT = 9;
const MTU_AT = ATT_AT + 1;
const MTU_PACKET_BYTES = MTU_AT + 2;

/** An Exchange MTU Request or Response in one piece, as it always comes: 3 bytes (Vol 3, Part F, 3.4.2). */
function isMtu(packet: Buffer, opcode: number): boolean {
  return (
    packet.length === MTU_PACKET_BYTES &&
    packet[0] === H4Type.Acl &&
    packet.readUInt16LE(7) === ATT_CHANNEL &&
    packet[ATT_AT] === opcode
  );
}

/**
 * The firmware's say in the MTU. The host stack answers every request with its own 517 and tells nobody; so a request
 * reaches it with what the firmware agrees to, and its answer leaves with the same.
 */
export class MtuExchange {
  readonly #agree: (clientMtu: number) => number;
  #agreed: number | undefined;

  /** @param agree  from what the central takes to what both sides use, 23 or more; 0: not connected */
  constructor(agree: (clientMtu: number) => number) {
    this.#agree = agree;
  }

  /** A link begins with the default. */
  reset(): void {
    this.#agreed = undefined;
  }

  /** Changes the packet in place. A second request in a connection changes nothing, as the specification has it. */
  fromController(packet: Buffer): void {
    if (!isMtu(packet, MTU_REQUEST)) return;
    this.#agreed ??= this.#agree(packet.readUInt16LE(MTU_AT)) || undefined;
    if (this.#agreed !== undefined) packet.writeUInt16LE(this.#agreed, MTU_AT);
  }

  toController(packet: Buffer): void {
    if (this.#agreed !== undefined && isMtu(packet, MTU_RESPONSE)) packet.writeUInt16LE(this.#agreed, MTU_AT);
  }
}

const ENCRYPTION_CHANGE = 0x08;
const COMMAND_COMPLETE = 0x0e;
/** LE Long Term Key Request Reply (Vol 4, Part E, 7.8.25). */
const KEY_REPLY = 0x201a;

/**
 * rootcanal tells that a link is encrypted before it tells that it has the key; the stack would wait for the first for
 * ever. Other controllers do it in the order that the stack expects.
 */
export class KeyReplyOrder {
  #isAnswered = true;
  #held: Buffer | undefined;

  toController(packet: Buffer): void {
    if (packet[0] === H4Type.Command && packet.readUInt16LE(1) === KEY_REPLY) this.#isAnswered = false;
  }

  /** What the stack gets now, in its order. */
  fromController(packet: Buffer): Buffer[] {
    if (packet[0] !== H4Type.Event) return [packet];
    if (packet[1] === ENCRYPTION_CHANGE && !this.#isAnswered) {
      this.#held = packet;
      return [];
    }
    if (packet[1] !== COMMAND_COMPLETE || packet.readUInt16LE(4) !== KEY_REPLY) return [packet];
    this.#isAnswered = true;
    const held = this.#held;
    this.#held = undefined;
    return held === undefined ? [packet] : [packet, held];
  }
}
