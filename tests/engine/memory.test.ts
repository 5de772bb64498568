import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compiledText } from "../../hosts/sim/engine/check.node.js";
import type { Counters } from "../../hosts/sim/engine/counters.js";
import { creationOf } from "../../hosts/sim/engine/creation.js";
import type { Machine } from "../../hosts/sim/engine/machine.js";
import { Pipeline } from "../../hosts/sim/engine/probes/pipeline.js";
import { root } from "../../hosts/sim/engine/recipe.node.js";
import { BUILD_TIMEOUT_MS, DEVICE, expectOk, failure, makeDevice, makeWorld } from "./world.js";

interface Growth {
  readonly slots: number;
  readonly chunkBytes: number;
  readonly collections: number;
  readonly floatOperations: number;
  readonly meter: number;
}

/** What the counters gain while `work` runs, after one warm-up and a collection. */
function growth(machine: Machine, work: () => void): Growth {
  work();
  expectOk(machine.collectGarbage());
  const before: Counters = { ...machine.counters() };
  work();
  const after = machine.counters();
  return {
    slots: after.slots - before.slots,
    chunkBytes: after.chunkBytes - before.chunkBytes,
    collections: after.collections - before.collections,
    floatOperations: after.floatOperations - before.floatOperations,
    meter: after.meter - before.meter,
  };
}

describe("engine memory", function () {
  this.timeout(BUILD_TIMEOUT_MS);

  it("has 16-byte slots, as a 32-bit device", async () => {
    const { machine } = await makeWorld();
    assert.equal(machine.counters().slotBytes, 16);
  });

  it("leaves exactly the device's static memory once sealed", async () => {
    const { machine } = await makeWorld({ creation: DEVICE });
    expectOk(machine.freezeIntrinsics());
    expectOk(machine.sealFlash());
    const counters = machine.counters();
    // 131072 = stack 512 × 16 + free slots 2048 × 16 + free chunk bytes 32768 + the gap between them
    const freeSlots = counters.slotsReserved - counters.slots;
    const freeChunk = counters.chunkBytesReserved - counters.chunkBytes;
    assert.equal(512 * 16 + freeSlots * 16 + freeChunk + counters.arenaFree, 131_072);
    assert.equal(freeSlots, 2048);
    assert.equal(counters.stackSize, 512);
    assert.equal(counters.baselineSlots, counters.slots);
    assert.equal(counters.baselineChunkBytes, counters.chunkBytes);
  });

  it("takes its sizes from the manifest", () => {
    const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
    assert.deepEqual(creationOf(manifest.creation).staticBytes, manifest.creation.static);
    assert.deepEqual(
      creationOf({
        static: 131_072,
        chunk: { initial: 32_768, incremental: 256 },
        heap: { initial: 2048, incremental: 64 },
        stack: 512,
        keys: { initial: 64, incremental: 32 },
      }),
      DEVICE,
    );
  });

  it("does not fit a device smaller than what it starts with", async () => {
    const { machine } = await makeWorld({ creation: { ...DEVICE, staticBytes: 65_536 } });
    assert.equal(failure(machine.sealFlash()), "memory full"); // 8 KB stack, 32 KB slots and 32 KB chunks are more
    await assert.rejects(makeWorld({ creation: { ...DEVICE, stack: 4 } }), /cannot be made: stack overflow/);
  });

  it("is full at the same object every time, near the device's size", async () => {
    const fill = async (): Promise<number> => {
      let last = 0;
      const main =
        "globalThis.hostEvent = () => { const all = []; for (;;) { all.push({ a: 1 }); hostCall(all.length) } };";
      const ports = {
        call: (count: number) => {
          last = count;
          return 0;
        },
      };
      const { machine } = await makeDevice(main, DEVICE, ports);
      assert.equal(failure(machine.dispatch(0)), "memory full");
      assert.equal(machine.death, "memory full");
      return last;
    };
    const count = await fill();
    assert.equal(await fill(), count);
    // 2 slots an object and one of 16 bytes in the array's chunk, which is copied when it grows: 48 to 64 bytes each.
    assert.ok(count > 110_000 / 80 && count < 131_072 / 48, `${count} objects`);
  });

  it("is full at a buffer larger than the device", async () => {
    const { machine } = await makeDevice("globalThis.hostEvent = (n) => new Uint8Array(n).length;");
    assert.equal(expectOk(machine.dispatch(60_000)), 60_000);
    assert.equal(failure(machine.dispatch(131_072)), "memory full");
  });

  it("survives garbage many times its size", async () => {
    const main =
      "globalThis.hostEvent = () => { let n = 0; for (let i = 0; i < 20000; i++) n += [i, 'x' + i].length; return n };";
    const { machine } = await makeDevice(main);
    assert.equal(expectOk(machine.dispatch(0)), 40_000);
    assert.ok(machine.counters().collections > 10);
  });

  it("runs out of keys only when the manifest does not let them grow", async () => {
    const main = "globalThis.hostEvent = (n) => { const o = {}; for (let i = 0; i < n; i++) o['key' + i] = 1; };";
    const growing = await makeDevice(main);
    expectOk(growing.machine.dispatch(200));
    const fixed = await makeDevice(main, { ...DEVICE, keysIncremental: 0 });
    expectOk(fixed.machine.dispatch(20));
    assert.equal(failure(fixed.machine.dispatch(200)), "no more keys");
  });

  it("overflows a device's stack at a depth a laptop's would bear", async () => {
    const main = "const dive = (n) => n === 0 ? 0 : dive(n - 1) + 1; globalThis.hostEvent = (n) => dive(n);";
    const { machine } = await makeDevice(main);
    assert.equal(expectOk(machine.dispatch(20)), 20);
    assert.ok(machine.counters().stackPeak > 200, String(machine.counters().stackPeak));
    assert.equal(failure(machine.dispatch(100)), "stack overflow");
  });

  it("costs nothing to dispatch, to call the host, to read the counters", async () => {
    const { machine } = await makeDevice("const call = hostCall; globalThis.hostEvent = () => call(1, 2, 3, 4, 5);");
    const { meter, ...rest } = growth(machine, () => {
      for (let i = 0; i < 1000; i++) expectOk(machine.dispatch(i));
    });
    assert.deepEqual(rest, { slots: 0, chunkBytes: 0, collections: 0, floatOperations: 0 });
    assert.ok(meter < 1000 * 100, `${meter} units`);
  });

  it("shows a clean sample path as clean, and bit-equal to V8 over a million samples", async () => {
    const modules = {
      pipeline: compiledText("probes/pipeline"),
      main: `import { Pipeline } from "pipeline";
        const pipeline = new Pipeline();
        globalThis.hostEvent = (samples) => { pipeline.run(samples); return pipeline.hash; };`,
    };
    const { machine } = await makeWorld({ modules, creation: DEVICE });
    expectOk(machine.freezeIntrinsics());
    expectOk(machine.importModule("pipeline"));
    expectOk(machine.sealFlash());
    expectOk(machine.importModule("main"));
    const here = new Pipeline();
    const batch = () => {
      here.run(10_000);
      assert.equal(expectOk(machine.dispatch(10_000)), here.hash);
    };
    const { meter, ...rest } = growth(machine, batch);
    assert.deepEqual(rest, { slots: 0, chunkBytes: 0, collections: 0, floatOperations: 0 });
    assert.ok(meter / 10_000 > 100 && meter / 10_000 < 1000, `${meter / 10_000} units a sample`);
    for (let i = 2; i < 100; i++) batch();
    assert.ok(here.beats > 1000, `${here.beats} crossings`);
  });

  it("shows a dirty sample path as dirty, if only by its collections", async () => {
    const main =
      "globalThis.hostEvent = (n) => { for (let i = 0; i < n; i++) { const [x] = [i]; if (x < 0) return; } };";
    const { machine } = await makeDevice(main);
    const { slots, chunkBytes, collections } = growth(machine, () => expectOk(machine.dispatch(10_000)));
    assert.ok(collections > 5, `${collections} collections, ${slots} slots, ${chunkBytes} chunk bytes`);
  });

  it("shows double arithmetic in the sample path", async () => {
    const main = "let x = 0.5; globalThis.hostEvent = (n) => { for (let i = 0; i < n; i++) x = x * 0.5 + 1; };";
    const { machine } = await makeDevice(main);
    const { floatOperations } = growth(machine, () => expectOk(machine.dispatch(1000)));
    assert.equal(floatOperations, 2000);
  });

  it("counts the same in every machine", async () => {
    const count = async (): Promise<Counters> => {
      const { machine } = await makeDevice(
        "globalThis.hostEvent = (n) => { const a = []; while (n--) a.push('x' + n); };",
      );
      for (let i = 0; i < 50; i++) expectOk(machine.dispatch(100));
      return { ...machine.counters() };
    };
    assert.deepEqual(await count(), await count());
  });
});
