import assert from "node:assert/strict";
import { createServer, type Server, type Socket } from "node:net";
import { H4Splitter } from "../../hosts/sim/radio/h4.node.js";
import type { HciAddress } from "../../hosts/sim/radio/hci-address.node.js";

/** HCI opcodes (Core specification, Vol 4, Part E, 7). */
export const Opcode = Object.freeze({
  RESET: 0x0c03,
  SET_ADVERTISING_PARAMETERS: 0x2006,
  SET_ADVERTISING_DATA: 0x2008,
  SET_SCAN_RESPONSE_DATA: 0x2009,
  SET_ADVERTISING_ENABLE: 0x200a,
} as const);

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/ /g, ""), "hex");

/** What some commands return behind their status: 8 places in the accept list, one buffer of 27 bytes, all states. */
const RETURNS: Readonly<Record<number, string>> = { 8207: "08", 8194: "1b 00 01", 8220: "ff ff ff ff ff 03 00 00" };

/** A controller on a port of the loopback interface that answers every command at once, and does what the test says. */
export class ScriptedController {
  /** Statuses that commands end with instead of 0, by opcode. */
  readonly refusals = new Map<number, number>();
  /** Closes every connection at once. */
  isBroken = false;
  /** Takes commands and says nothing. */
  isMute = false;
  readonly commands: { opcode: number; parameters: string }[] = [];
  /** Data packets, as hex: what follows the handle and the length. */
  readonly data: string[] = [];
  readonly #server: Server = createServer((socket) => this.#serve(socket));
  #socket: Socket | undefined;

  async listen(): Promise<HciAddress> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    assert(typeof address === "object" && address !== null);
    return { kind: "tcp", host: "127.0.0.1", port: address.port };
  }

  /** Says this to the host, in hex. */
  send(hex: string): void {
    assert(this.#socket, "the host is there");
    this.#socket.write(bytes(hex));
  }

  /** A central with handle 0x040 connects: LE Connection Complete, peripheral, 30 ms, timeout 2 s. */
  connectCentral(): void {
    this.send("04 3e 13 01 00 40 00 01 01 f5 f4 f3 f2 f1 f0 18 00 00 00 c8 00 00");
  }

  /** One Attribute Protocol packet from that central. */
  sendAtt(hex: string): void {
    const att = bytes(hex);
    const l2cap = Buffer.concat([Buffer.of(att.length, 0, 0x04, 0x00), att]);
    this.send(Buffer.concat([Buffer.of(0x02, 0x40, 0x20, l2cap.length, 0), l2cap]).toString("hex"));
  }

  /** Tells that one packet has been sent: Number Of Completed Packets. */
  complete(): void {
    this.send("04 13 05 01 40 00 01 00");
  }

  close(): void {
    this.#socket?.destroy();
    this.#server.close();
  }

  parametersOf(opcode: number): string[] {
    return this.commands.filter((command) => command.opcode === opcode).map(({ parameters }) => parameters);
  }

  #serve(socket: Socket): void {
    socket.on("error", () => {}); // the host may go as it likes
    if (this.isBroken) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    const splitter = new H4Splitter();
    socket.on("data", (chunk) => {
      for (const packet of splitter.push(chunk)) {
        if (packet[0] === 0x01) this.#obey(packet.readUInt16LE(1), packet.subarray(4));
        else this.data.push(packet.subarray(5).toString("hex"));
      }
    });
  }

  #obey(opcode: number, parameters: Buffer): void {
    this.commands.push({ opcode, parameters: parameters.toString("hex") });
    if (this.isMute) return;
    const returned = Buffer.concat([Buffer.of(this.refusals.get(opcode) ?? 0), bytes(RETURNS[opcode] ?? "")]);
    const head = Buffer.of(0x04, 0x0e, 3 + returned.length, 1, opcode & 0xff, opcode >> 8);
    this.send(Buffer.concat([head, returned]).toString("hex"));
  }
}

/** Waits for what the other side of a socket does, 2 s at most. */
export async function until(what: string, isTrue: () => boolean): Promise<void> {
  for (let waited = 0; !isTrue(); waited += 5) {
    assert(waited < 2000, `not within 2 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
