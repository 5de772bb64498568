import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { HciCapture } from "../../hosts/sim/radio/hci-capture.node.js";

describe("a capture of HCI", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "band-capture-"));
    path = join(folder, "capture.btsnoop");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const hex = (): string => readFileSync(path).toString("hex");
  /** "btsnoop" and a zero, version 1, link type 1002. */
  const HEADER = `${Buffer.from("btsnoop\0").toString("hex")}00000001000003ea`;
  /** 1970 is 0x00dcddb30f2f8000 µs after the year 0; 1.5 s are 0x16e360 µs. */
  const AT_MS = 1500;
  const TIME = "00dcddb30f466360";

  it("begins with the form's header", () => {
    new HciCapture(path);
    assert.equal(hex(), HEADER);
  });

  // Length twice, flags, packets dropped before, time.
  const cases: readonly [string, string, boolean, string][] = [
    ["a command", "01030c00", false, "00000002"], // Reset
    ["an event", "040e0401030c00", true, "00000003"], // its Command Complete
    ["data to the controller", "0201000000", false, "00000000"],
    ["data from the controller", "0201200000", true, "00000001"],
  ];
  for (const [what, packet, isFromController, flags] of cases)
    it(`has ${what} with its direction and time`, () => {
      new HciCapture(path).packet(Buffer.from(packet, "hex"), isFromController, AT_MS);
      const length = (packet.length / 2).toString(16).padStart(8, "0");
      assert.equal(hex(), `${HEADER}${length}${length}${flags}00000000${TIME}${packet}`);
    });

  it("refuses a path that cannot be written", () => {
    assert.throws(() => new HciCapture(join(folder, "no", "capture")), /ENOENT/);
  });
});
