// The second phone: noble, a central and host stack in JavaScript by other people, on a virtual controller behind a TCP
// port. One JSON object a line in both directions: commands come on standard input, each is answered by a line of its
// name, with what it gave or with `error`; a notification is a line "value".
//
//   node central.mjs FOLDER PORT      FOLDER has noble in its node_modules
import { EventEmitter, once } from "node:events";
import { createRequire } from "node:module";
import { createConnection } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

const [folder = "", port = ""] = process.argv.slice(2);
const require = createRequire(join(folder, "package.json"));
/** By the first byte of an H4 packet: bytes before the content, and where its length lies. */
const HEADS = { 2: [5, 3, 2], 4: [3, 2, 1] };

/** What noble takes for the system's HCI socket. */
class TcpHci extends EventEmitter {
  #socket;
  #rest = Buffer.alloc(0);

  bindRaw() {}
  bindUser() {}
  bindControl() {}
  setFilter() {}
  reset() {}
  isDevUp() {
    return true;
  }

  start() {
    this.#socket = createConnection({ host: "127.0.0.1", port: Number(port) });
    this.#socket.on("data", (chunk) => this.#push(chunk));
    this.#socket.on("error", (error) => this.emit("error", error));
    this.#socket.on("connect", () => this.emit("state", true));
  }

  stop() {
    this.#socket?.destroy();
  }

  write(packet) {
    this.#socket.write(packet);
  }

  #push(chunk) {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = HEADS[this.#rest[0]];
      if (head === undefined || this.#rest.length < head[0]) return;
      const length = head[0] + this.#rest.readUIntLE(head[1], head[2]);
      if (this.#rest.length < length) return;
      this.emit("data", this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
    }
  }
}
require("@stoprocent/bluetooth-hci-socket").loadDriver = () => TcpHci;
const noble = require("@stoprocent/noble/lib/resolve-bindings")("hci", {});

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const STUCK_MS = 8_000;
/** noble never settles some promises, such as that of a write that is refused. */
const inTime = (promise) => {
  const { promise: stuck, reject } = Promise.withResolvers?.() ?? deferred();
  const timer = setTimeout(() => reject(new Error("no answer")), STUCK_MS);
  return Promise.race([promise, stuck]).finally(() => clearTimeout(timer));
};
const deferred = () => {
  let reject;
  const promise = new Promise((_, no) => {
    reject = no;
  });
  return { promise, reject };
};

let peripheral;
let characteristics = [];
const of = ({ uuid }) => characteristics.find((each) => each.uuid === uuid);

const COMMANDS = {
  async connect({ service }) {
    const found = once(noble, "discover");
    await noble.startScanningAsync([service], false);
    [peripheral] = await found;
    await noble.stopScanningAsync();
    await peripheral.connectAsync();
    const { advertisement } = peripheral;
    const all = await peripheral.discoverAllServicesAndCharacteristicsAsync();
    characteristics = all.characteristics;
    return {
      name: advertisement.localName,
      mtu: peripheral.mtu,
      services: all.services.map(({ uuid }) => uuid),
      characteristics: characteristics.map(({ uuid, properties }) => ({ uuid, properties })),
    };
  },
  async read(command) {
    return { hex: (await of(command).readAsync()).toString("hex") };
  },
  async write(command) {
    await of(command).writeAsync(Buffer.from(command.hex, "hex"), command.isCommand === true);
    return {};
  },
  async subscribe(command) {
    const characteristic = of(command);
    characteristic.on("data", (value) => say({ type: "value", uuid: command.uuid, hex: value.toString("hex") }));
    await characteristic.subscribeAsync();
    return {};
  },
  async unsubscribe(command) {
    await of(command).unsubscribeAsync();
    return {};
  },
  async disconnect() {
    await peripheral.disconnectAsync();
    return {};
  },
};

createInterface({ input: process.stdin })
  .on("line", async (line) => {
    const command = JSON.parse(line);
    try {
      say({ type: command.type, ...(await inTime(COMMANDS[command.type](command))) });
    } catch (error) {
      say({ type: command.type, error: error.message });
    }
  })
  .on("close", () => process.exit(0));
await noble.waitForPoweredOnAsync(STUCK_MS);
say({ type: "ready" });
