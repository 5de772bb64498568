import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { HciBonds } from "../../hosts/sim/radio/hci-bonds.node.js";

const OWN = "01:C0:5E:11:BA:4D:01";
const PEER = "01:F0:F1:F2:F3:F4:F5";
/** Core specification, Vol 3, Part H, D.7: ah(IRK, 708194) = 0dfbaa. Lowest byte first, as the peer sends it. */
const IRK = Buffer.from("ec0234a357c8ad05341010a60a397d9b", "hex").reverse();
const RESOLVABLE = "01:70:81:94:0D:FB:AA";
const LTK = Buffer.alloc(16, 0x5a);
const RAND = Buffer.alloc(8);

describe("the bonds of the simulated band", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "band-bonds-"));
    path = join(folder, "bonds.json");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const bonded = (bonds: HciBonds): HciBonds => {
    bonds.storeKeys(OWN, PEER, false, true, IRK, LTK, RAND, 0, LTK, RAND, 0);
    return bonds;
  };

  it("are there again when the program starts again, with what the phone had subscribed to", () => {
    bonded(new HciBonds(path)).storeCccd(OWN, PEER, 13, 1);
    const again = new HciBonds(path);
    assert.deepEqual(again.getKeys(OWN, PEER)?.localLtk, { rand: RAND, ediv: 0, ltk: LTK });
    assert.equal(again.getKeys(OWN, PEER)?.sc, true);
    assert.equal(again.getCccd(OWN, PEER, 13), 1);
    assert.equal(again.getCccd(OWN, PEER, 16), 0);
    assert.deepEqual(readdirSync(folder), ["bonds.json"]);
  });

  it("know a phone by its changing address, by the specification's sample data", () => {
    const bonds = bonded(new HciBonds());
    assert.equal(bonds.resolveAddress(OWN, RESOLVABLE), PEER);
    assert.equal(bonds.resolveAddress(OWN, "01:70:81:95:0D:FB:AA"), null);
  });

  it("forget one", () => {
    const bonds = bonded(new HciBonds(path));
    bonds.removeBond(OWN, PEER);
    assert.equal(bonds.getKeys(OWN, PEER), undefined);
    assert.equal(new HciBonds(path).getKeys(OWN, PEER), undefined);
  });

  const files: readonly [string, string][] = [
    ["no JSON", "{"],
    ["another version", '{"version":2,"bonds":{}}'],
    [
      "a key that is too short",
      `{"version":1,"bonds":{"a b":{"mitm":false,"sc":true,"irk":"00","localLtk":null,"peerLtk":null,"configurations":{}}}}`,
    ],
  ];
  for (const [what, text] of files)
    it(`refuse a file with ${what} in one line that says what to do`, () => {
      writeFileSync(path, text);
      assert.throws(() => new HciBonds(path), /^RangeError: .*delete it, and pair again$/);
    });
});
