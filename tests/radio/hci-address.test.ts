import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { hciAddressText, openHci, parseHciAddress } from "../../hosts/sim/radio/hci-address.node.js";

describe("the place of a controller", () => {
  it("is a port of a host or a path", () => {
    assert.deepEqual(parseHciAddress("tcp:127.0.0.1:6402"), { kind: "tcp", host: "127.0.0.1", port: 6402 });
    assert.deepEqual(parseHciAddress("tcp:[::1]:65535"), { kind: "tcp", host: "::1", port: 65535 });
    assert.deepEqual(parseHciAddress("unix:/tmp/bt-server-le"), { kind: "unix", path: "/tmp/bt-server-le" });
  });

  it("is refused with what would be right", () => {
    const wrong = ["", "tcp:", "tcp:6402", "tcp:host:0", "tcp:host:65536", "tcp::6402", "tcp:a:1:2", "unix:", "hci:0"];
    for (const text of wrong) assert.throws(() => parseHciAddress(text), /say tcp:HOST:PORT or unix:PATH/, text);
  });

  it("is named as it was given", () => {
    for (const text of ["tcp:localhost:1", "unix:/tmp/a b"]) assert.equal(hciAddressText(parseHciAddress(text)), text);
  });

  it("rejects where nobody listens", async () => {
    await assert.rejects(openHci(parseHciAddress("unix:/nowhere/hci")), /ENOENT/);
  });
});
