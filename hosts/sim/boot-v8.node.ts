import type { Boot, FirmwarePorts, Outcome } from "./virtual-band.js";

/** What `io/port.ts` finds on the global object when it is loaded, and what it leaves there. */
interface Globals {
  hostCall?: FirmwarePorts["call"];
  hostBytes?: FirmwarePorts["bytes"];
  hostPrint?: FirmwarePorts["print"];
  hostEvent?: (source: number) => void;
}
const globals = globalThis as Globals;

let bands = 0;
/** Boots go one after the other: the globals belong to one band until its modules are loaded. */
let lastBoot: Promise<unknown> = Promise.resolve();

function failure(error: unknown): Outcome {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { ok: false, reason: "exception", message: `${name}: ${message}`, stack: stack ?? "" };
}

/**
 * A boot of `main.ts` in this very Node process: module instances of its own (`?band=N`), the same files as XS loads.
 * Faster than XS and easy to debug; memory limits, aborts and meters are the other engine's.
 */
export const bootV8: Boot = (ports) => {
  const boot = lastBoot.then(async () => {
    globals.hostCall = ports.call;
    globals.hostBytes = ports.bytes;
    globals.hostPrint = ports.print;
    let outcome: Outcome = { ok: true };
    try {
      await import(`main?band=${bands++}`);
    } catch (error) {
      outcome = failure(error);
    }
    const event = globals.hostEvent;
    const fire = (source: number): Outcome => {
      try {
        event?.(source);
        return { ok: true };
      } catch (error) {
        return failure(error);
      }
    };
    return { firmware: { fire, close() {} }, outcome };
  });
  lastBoot = boot;
  return boot;
};
