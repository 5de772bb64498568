import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Counters } from "../../hosts/sim/engine/counters.js";
import { Op } from "../../hosts/sim/io/ops.js";
import { bootOn, SECOND_US, shippedPulse, WatchedBand } from "./rig.js";

const SAMPLES = 10_000;

describe("the sample path on XS", () => {
  it("adds no slot, no chunk byte, no collection and no double in 10,000 samples", async () => {
    // A drain is one dispatch; what happens once a second (rate, radio, battery) is another and not the sample path.
    const boot = await bootOn("xs");
    const added = { slots: 0, chunkBytes: 0, collections: 0, floatOperations: 0, meter: 0 };
    let counting = false;
    let drained = false;
    const watched = new WatchedBand(async (ports) => {
      const { firmware, outcome } = await boot({
        ...ports,
        bytes: (op, a, view) => {
          if (op === Op.I2cWriteRead && view.length >= 6) drained = true; // 6 bytes a sample: a burst from FIFO_DATA
          return ports.bytes(op, a, view);
        },
      });
      const counters = (): Counters => ({ ...firmware.counters?.() }) as Counters; // XS always counts
      return {
        outcome,
        firmware: {
          ...firmware,
          fire: (source) => {
            const before = counters();
            drained = false;
            const result = firmware.fire(source);
            if (counting && drained) {
              const after = counters();
              for (const key of Object.keys(added) as (keyof typeof added)[]) added[key] += after[key] - before[key];
            }
            return result;
          },
        },
      };
    }, shippedPulse());
    await watched.band.run(20 * SECOND_US);
    watched.band.collectGarbage();
    const samplesBefore = watched.band.board.counters().sensor.samples;
    counting = true;
    await watched.band.run(20 * SECOND_US + SAMPLES * 10_000);
    const samples = watched.band.board.counters().sensor.samples - samplesBefore;
    watched.band.close();
    assert(samples >= SAMPLES - 1, `${samples} samples`);
    const { meter, ...rest } = added;
    assert.deepEqual(rest, { slots: 0, chunkBytes: 0, collections: 0, floatOperations: 0 });
    assert(meter / samples <= 2000, `${meter / samples} meter units a sample`);
    assert(meter / samples > 100, "the counters count");
  });
});
