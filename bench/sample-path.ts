import type { Counters } from "../hosts/sim/engine/counters.js";
import { Op } from "../hosts/sim/io/ops.js";
import type { Boot } from "../hosts/sim/virtual-band.js";

/** Bytes of one sample in FIFO_DATA: a read of so many or more is a drain. */
const SAMPLE_BYTES = 6;

/**
 * What the sample path costs on XS, apart from all else. A drain of the sensor is one dispatch; what happens once a
 * second (rate, session, radio, battery) and the motor's timers are others and not the sample path.
 */
export class SamplePath {
  /** Added by drains while `counting`. */
  readonly added = { slots: 0, chunkBytes: 0, collections: 0, floatOperations: 0, meter: 0 };
  counting = false;

  /** The same firmware, watched at its wall. */
  watch(boot: Boot): Boot {
    return async (ports) => {
      let drained = false;
      const { firmware, outcome } = await boot({
        ...ports,
        bytes: (op, a, view) => {
          if (op === Op.I2cWriteRead && view.length >= SAMPLE_BYTES) drained = true;
          return ports.bytes(op, a, view);
        },
      });
      const counters = (): Counters => ({ ...firmware.counters?.() }) as Counters; // XS always counts
      const fire = (source: number) => {
        const before = counters();
        drained = false;
        const result = firmware.fire(source);
        if (this.counting && drained) this.#add(before, counters());
        return result;
      };
      return { outcome, firmware: { ...firmware, fire } };
    };
  }

  #add(before: Counters, after: Counters): void {
    for (const key of Object.keys(this.added) as (keyof typeof this.added)[])
      this.added[key] += after[key] - before[key]; // its own keys
  }
}
