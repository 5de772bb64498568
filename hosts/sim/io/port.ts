/**
 * The wall between firmware and virtual board, as the firmware's side sees it: two calls out, one event in.
 *
 * The engine (XS) or the V8 runner puts `hostCall`, `hostBytes` and `hostPrint` on the global object before this module
 * is loaded and calls `hostEvent(source)` to deliver an event. Everything is an integer or a byte array, so a run can be
 * recorded and replayed at this wall. Integers in the sample path: no allocation on either side.
 */
interface HostGlobals {
  hostCall(op: number, a: number, b: number, c: number, d: number): number;
  hostBytes(op: number, a: number, view: Uint8Array): number;
  hostPrint(text: string): void;
  hostEvent(source: number): void;
}

// The one cast to reach globals that no library declares; each is set by the engine before the first module loads.
const globals = globalThis as unknown as HostGlobals;

/** Asks the board for something that fits in integers. Meaning of a–d and of the result by operation: `ops.ts`. */
export const call = globals.hostCall;
/** Hands the board a byte array to read or to fill; returns a count or a status. */
export const bytes = globals.hostBytes;
/** One line to the simulator's log. */
export const print = globals.hostPrint;

const listeners: (((this: void) => void) | undefined)[] = [];

/** Registers a handler for board events; the number returned is what the board fires. Numbers are used again. */
export function listen(handler: () => void): number {
  let source = 0;
  while (listeners[source] !== undefined) source++;
  listeners[source] = handler;
  return source;
}

export function unlisten(source: number): void {
  listeners[source] = undefined;
}

globals.hostEvent = (source) => {
  // An event can be on its way when its listener goes: the ESP32 classes drop it as well.
  listeners[source]?.();
};
