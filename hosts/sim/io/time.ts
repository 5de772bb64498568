import { Op } from "./ops.js";
import { call } from "./port.js";

/** Moddable's `time`, as far as the firmware needs it: milliseconds since the band was switched on. */
const Time = {
  get ticks(): number {
    return call(Op.TicksMs, 0, 0, 0, 0);
  },
};
export default Time;
