import assert from "node:assert/strict";
import { readFirmware } from "../../hosts/sim/firmware-files.node.js";
import { BUILD_TIMEOUT_MS, expectOk, makeWorld } from "../engine/world.js";

/** A spectrum of five minutes at once is some 1,200,000. */
const PIECE_UNITS_MAX = 400_000;

const MAIN = `
  import { NnSeries } from "hrv/nn-series";
  import { SpectrumSense } from "band/spectrum-sense";
  const series = new NnSeries(512);
  let endTicks = 0;
  for (let i = 0; i < 400; i++) { endTicks += 800 + (i * 37 & 63); series.add(800 + (i * 37 & 63), endTicks); }
  const sense = new SpectrumSense(series);
  globalThis.hostEvent = () => sense.second(endTicks);`;

describe("SpectrumSense on XS", function () {
  this.timeout(BUILD_TIMEOUT_MS);

  it("does a bounded piece of work a second, and takes no memory and no double for it", async () => {
    const firmware = readFirmware();
    const { machine } = await makeWorld({
      ports: { source: (name) => (name === "main" ? { code: MAIN } : firmware.source(name)) },
    });
    expectOk(machine.freezeIntrinsics());
    for (const name of ["hrv/nn-series", "band/spectrum-sense"]) expectOk(machine.importModule(name));
    expectOk(machine.sealFlash());
    expectOk(machine.importModule("main"));
    for (let second = 0; second < 80; second++) expectOk(machine.dispatch(0));
    expectOk(machine.collectGarbage());
    const before = { ...machine.counters() };
    let most = 0;
    for (let second = 0, meter = before.meter; second < 120; second++) {
      expectOk(machine.dispatch(0));
      const now = machine.counters().meter;
      most = Math.max(most, now - meter);
      meter = now;
    }
    const after = { ...machine.counters() };
    console.log(
      `      ${most} units in the dearest second, ${Math.round((after.meter - before.meter) / 12_000)} a sample`,
    );
    assert(most <= PIECE_UNITS_MAX, `${most} units`);
    assert.deepEqual(
      {
        slots: after.slots - before.slots,
        chunkBytes: after.chunkBytes - before.chunkBytes,
        floatOperations: after.floatOperations - before.floatOperations,
      },
      { slots: 0, chunkBytes: 0, floatOperations: 0 },
    );
  });
});
