import { Op } from "sim/ops";
import { call, listen, unlisten } from "sim/port";

interface TimerHandle {
  number: number;
  source: number;
}

function forget(handle: TimerHandle): void {
  unlisten(handle.source);
  handle.source = -1;
}

function set(callback: (timer: TimerHandle) => void, delayMs = 0, repeatMs = 0): TimerHandle {
  const handle: TimerHandle = { number: -1, source: -1 };
  handle.source = listen(() => {
    if (repeatMs === 0) forget(handle);
    callback(handle);
  });
  handle.number = call(Op.TimerSet, handle.source, delayMs, repeatMs, 0);
  return handle;
}

/** Moddable's `timer` on the virtual clock. A one-shot timer is gone once it has fired; clearing it again is harmless. */
export default {
  set,

  repeat: (callback: (timer: TimerHandle) => void, periodMs: number): TimerHandle => set(callback, periodMs, periodMs),

  clear(handle: TimerHandle | undefined | null): void {
    if (!handle || handle.source < 0) return;
    call(Op.TimerClear, handle.number, 0, 0, 0);
    forget(handle);
  },
};
