import { appendFileSync, writeFileSync } from "node:fs";
import { H4Type } from "./h4.node.js";

/** "btsnoop", version 1, link type 1002: HCI in the form H4, as Android's logs have it (RFC 1761, all big endian). */
const HEADER = Buffer.from("6274736e6f6f700000000001000003ea", "hex");
const RECORD_BYTES = 24;
/** From the year 0, from which the form counts, to 1970, µs. */
const EPOCH_US = 0x00dc_ddb3_0f2f_8000n;
const FROM_CONTROLLER = 1;
const COMMAND_OR_EVENT = 2;

/** Every HCI packet, with its time, in a file that Wireshark and tshark read. What was written survives a crash. */
export class HciCapture {
  readonly #path: string;

  /** Errors: those of the file system, here and in `packet` */
  constructor(path: string) {
    this.#path = path;
    writeFileSync(path, HEADER);
  }

  /** @param packet  with its H4 type */
  packet(packet: Buffer, isFromController: boolean, atMs: number = Date.now()): void {
    const isAcl = packet[0] === H4Type.Acl;
    const head = Buffer.alloc(RECORD_BYTES);
    head.writeUInt32BE(packet.length, 0);
    head.writeUInt32BE(packet.length, 4);
    head.writeUInt32BE((isFromController ? FROM_CONTROLLER : 0) | (isAcl ? 0 : COMMAND_OR_EVENT), 8);
    head.writeBigUInt64BE(EPOCH_US + BigInt(Math.round(atMs * 1000)), 16);
    appendFileSync(this.#path, Buffer.concat([head, packet]));
  }
}
