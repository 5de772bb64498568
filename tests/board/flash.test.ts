import assert from "node:assert/strict";
import { Flash, FlashError, type FlashRefusal } from "../../hosts/sim/board/flash.js";

function assertRefused(reason: FlashRefusal, act: () => void): void {
  assert.throws(act, (error) => error instanceof FlashError && error.reason === reason);
}

describe("Flash", () => {
  it("gives back what was written, as a copy, by domain", () => {
    const flash = new Flash();
    const bytes = Uint8Array.of(1, 2, 3);
    flash.write("band", "name", bytes);
    flash.write("log", "name", Uint8Array.of(9));
    bytes[0] = 7;
    const read = flash.read("band", "name");
    assert.deepEqual(read, Uint8Array.of(1, 2, 3));
    if (read) read[1] = 7;
    assert.deepEqual(flash.read("band", "name"), Uint8Array.of(1, 2, 3));
    assert.deepEqual(flash.read("log", "name"), Uint8Array.of(9));
    assert.equal(flash.read("band", "other"), undefined);
    assert.equal(flash.read("none", "name"), undefined);
  });

  it("replaces, lists and deletes", () => {
    const flash = new Flash();
    flash.write("band", "a", Uint8Array.of(1));
    flash.write("band", "b", Uint8Array.of(2));
    flash.write("band", "a", Uint8Array.of(3));
    assert.deepEqual(flash.keys("band"), ["a", "b"]);
    assert.deepEqual(flash.read("band", "a"), Uint8Array.of(3));
    assert.equal(flash.delete("band", "a"), true);
    assert.equal(flash.delete("band", "a"), false);
    assert.deepEqual(flash.keys("band"), ["b"]);
    assert.equal(flash.writeCount, 4);
  });

  it("takes a key of 15 characters and not one of 16, and the same of a domain", () => {
    const flash = new Flash();
    flash.write("d".repeat(15), "k".repeat(15), Uint8Array.of(1));
    assertRefused("key too long", () => flash.write("d", "k".repeat(16), Uint8Array.of(1)));
    assertRefused("key too long", () => flash.write("d".repeat(16), "k", Uint8Array.of(1)));
    assertRefused("key too long", () => flash.read("d", "k".repeat(16)));
    assertRefused("key empty", () => flash.write("d", "", Uint8Array.of(1)));
  });

  it("takes 4000 bytes and not 4001", () => {
    const flash = new Flash();
    flash.write("d", "k", new Uint8Array(4000));
    assertRefused("value too long", () => flash.write("d", "k", new Uint8Array(4001)));
    assert.equal(flash.read("d", "k")?.length, 4000);
  });

  it("is full at the entries of a 24 KB partition", () => {
    const flash = new Flash();
    // 5 pages of 126 entries are 630. A value of 4000 bytes takes 125 + 2, the domain one: four make 509, 121 are left.
    for (const key of ["a", "b", "c", "d"]) flash.write("d", key, new Uint8Array(4000));
    assertRefused("full", () => flash.write("d", "e", new Uint8Array(4000)));
    assertRefused("full", () => flash.write("d", "e", new Uint8Array(119 * 32 + 1)));
    flash.write("d", "e", new Uint8Array(119 * 32));
    flash.delete("d", "a");
    flash.write("d", "a", new Uint8Array(3000));
  });

  it("keeps the old value when the power is cut in a write", () => {
    const flash = new Flash();
    flash.write("d", "k", Uint8Array.of(1));
    flash.powerCut = (domain, key, byteCount) => domain === "d" && key === "k" && byteCount === 2;
    assertRefused("power cut", () => flash.write("d", "k", Uint8Array.of(2, 3)));
    assert.deepEqual(flash.read("d", "k"), Uint8Array.of(1));
    flash.write("d", "other", Uint8Array.of(5));
    flash.powerCut = () => true;
    assertRefused("power cut", () => flash.delete("d", "other"));
    assert.deepEqual(flash.read("d", "other"), Uint8Array.of(5));
  });
});
