import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { H4Splitter, KeyReplyOrder, MtuExchange, NoH4 } from "../../hosts/sim/radio/h4.node.js";

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/ /g, ""), "hex");
const hex = (packets: readonly Buffer[]): string[] => packets.map((packet) => packet.toString("hex"));

// One of each type, by hand from the Core specification, Vol 4, Part E, 5.4.
const RESET = "01 03 0c 00";
const ACL = "02 40 00 03 00 aa bb cc";
const SCO = "03 40 00 02 aa bb";
const RESET_COMPLETE = "04 0e 04 01 03 0c 00";
/** The length of an isochronous packet has 14 bits; what lies above them is not length. */
const ISO = "05 40 00 01 c0 aa";

describe("the splitter of HCI packets", () => {
  const all = [RESET, ACL, SCO, RESET_COMPLETE, ISO];
  const each = all.map((packet) => packet.replace(/ /g, ""));

  it("cuts a stream of all five types", () => {
    assert.deepEqual(hex(new H4Splitter().push(bytes(all.join("")))), each);
  });

  it("cuts the same whatever pieces it comes in", () => {
    const stream = bytes(all.join(""));
    for (let size = 1; size < stream.length; size++) {
      const splitter = new H4Splitter();
      const packets: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size) packets.push(...splitter.push(stream.subarray(at, at + size)));
      assert.deepEqual(hex(packets), each, `pieces of ${size}`);
    }
  });

  it("gives nothing before a packet's last byte", () => {
    const splitter = new H4Splitter();
    assert.deepEqual(splitter.push(bytes("04 0e 04 01 03 0c")), []);
    assert.deepEqual(hex(splitter.push(bytes("00"))), ["040e0401030c00"]);
  });

  it("gives up at a type that does not exist", () => {
    for (const type of ["00", "06", "ff"]) assert.throws(() => new H4Splitter().push(bytes(type)), NoH4);
  });
});

describe("the exchange of the MTU", () => {
  // ACL of handle 0x040, 7 bytes: L2CAP of 3 bytes on channel 4, then opcode and 517 (0x0205).
  const request = (mtu = "05 02"): Buffer => bytes(`02 40 20 07 00 03 00 04 00 02 ${mtu}`);
  const response = (): Buffer => bytes("02 40 00 07 00 03 00 04 00 03 05 02");
  const mtuIn = (packet: Buffer): number => packet.readUInt16LE(10);

  it("puts what the firmware agrees to into request and answer", () => {
    const asked: number[] = [];
    const exchange = new MtuExchange((clientMtu) => {
      asked.push(clientMtu);
      return 247;
    });
    const [incoming, outgoing] = [request(), response()];
    exchange.fromController(incoming);
    exchange.toController(outgoing);
    assert.deepEqual([asked, mtuIn(incoming), mtuIn(outgoing)], [[517], 247, 247]);
  });

  it("answers a second request in a connection as the first, and begins anew after it", () => {
    const exchange = new MtuExchange((clientMtu) => Math.min(clientMtu, 247));
    const first = request("64 00"); // 100
    exchange.fromController(first);
    const second = request();
    exchange.fromController(second);
    exchange.reset();
    const third = request();
    exchange.fromController(third);
    assert.deepEqual([first, second, third].map(mtuIn), [100, 100, 247]);
  });

  it("leaves everything else as it is", () => {
    const exchange = new MtuExchange(() => 247);
    exchange.fromController(request());
    const others = [
      "02 40 20 07 00 03 00 06 00 02 05 02", // the Security Manager's channel
      "02 40 20 07 00 03 00 04 00 0a 05 02", // Read Request
      "04 40 20 07 00 03 00 04 00 02 05 02", // an event
      "02 40 20 08 00 04 00 04 00 02 05 02 00", // a request of four bytes is none
    ];
    for (const text of others) {
      const packet = bytes(text);
      exchange.fromController(packet);
      exchange.toController(packet);
      assert.deepEqual(packet, bytes(text));
    }
  });

  it("changes nothing while nobody is connected", () => {
    const exchange = new MtuExchange(() => 0);
    const packet = request();
    exchange.fromController(packet);
    assert.equal(mtuIn(packet), 517);
  });
});

describe("the order of key and encryption", () => {
  const REPLY = Buffer.from(`011a2012${"00".repeat(18)}`, "hex");
  const COMPLETE = Buffer.from("040e06011a20000100", "hex");
  const ENCRYPTED = Buffer.from("04080400010001", "hex");

  it("is turned round where the controller tells of encryption first", () => {
    const order = new KeyReplyOrder();
    order.toController(REPLY);
    assert.deepEqual(order.fromController(ENCRYPTED), []);
    assert.deepEqual(order.fromController(COMPLETE), [COMPLETE, ENCRYPTED]);
  });

  it("is left alone where it is right, and when no key was asked for", () => {
    const order = new KeyReplyOrder();
    assert.deepEqual(order.fromController(ENCRYPTED), [ENCRYPTED]);
    order.toController(REPLY);
    assert.deepEqual(order.fromController(COMPLETE), [COMPLETE]);
    assert.deepEqual(order.fromController(ENCRYPTED), [ENCRYPTED]);
  });
});
