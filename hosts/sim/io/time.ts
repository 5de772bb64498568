import { Op } from "sim/ops";
import { call } from "sim/port";

/** Moddable's `time`, as far as the firmware needs it: milliseconds since the band was switched on. */
const Time = {
  get ticks(): number {
    return call(Op.TicksMs, 0, 0, 0, 0);
  },
};
export default Time;
