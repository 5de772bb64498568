import { Op } from "sim/ops";
import { call, listen, unlisten } from "sim/port";

interface TimerHandle {
  number: number;
  source: number;
}

/** Moddable's `timer` on the virtual clock. A one-shot timer is gone once it has fired; clearing it again is harmless. */
export default class Timer {
  static set(callback: (timer: TimerHandle) => void, delayMs = 0, repeatMs = 0): TimerHandle {
    const handle: TimerHandle = { number: -1, source: -1 };
    handle.source = listen(() => {
      if (repeatMs === 0) Timer.#forget(handle);
      callback(handle);
    });
    handle.number = call(Op.TimerSet, handle.source, delayMs, repeatMs, 0);
    return handle;
  }

  static repeat(callback: (timer: TimerHandle) => void, periodMs: number): TimerHandle {
    return Timer.set(callback, periodMs, periodMs);
  }

  static clear(handle: TimerHandle | undefined | null): void {
    if (!handle || handle.source < 0) return;
    call(Op.TimerClear, handle.number, 0, 0, 0);
    Timer.#forget(handle);
  }

  static #forget(handle: TimerHandle): void {
    unlisten(handle.source);
    handle.source = -1;
  }
}
