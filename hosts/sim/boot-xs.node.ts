import type { BuildOptions } from "./engine/build.node.js";
import type { Counters } from "./engine/counters.js";
import { loadEngine } from "./engine/load.node.js";
import { Machine } from "./engine/machine.js";
import type { Outcome } from "./engine/outcome.js";
import { type FirmwareFiles, readFirmware } from "./firmware-files.node.js";
import type { Boot } from "./virtual-band.js";

/** A module on the preload list holds something that would be read-only in the device's flash. */
export class PreloadViolation extends Error {
  override name = "PreloadViolation";
}

/** Imports what the manifest preloads, holds it to the device's rules and seals it as flash. */
function preload(machine: Machine, names: readonly string[]): Outcome {
  for (const name of names) {
    const outcome = machine.importModule(name);
    if (!outcome.ok) return { ...outcome, message: `${name}: ${outcome.message}` };
  }
  const violations = names.flatMap((name) => machine.preloadViolations(name));
  if (violations.length > 0) throw new PreloadViolation(violations.join("\n"));
  return machine.sealFlash();
}

/** A boot of `main.ts` in a fresh XS machine of the size that the manifest gives. The engine is built if need be. */
export async function bootXs(options: BuildOptions = {}, files: FirmwareFiles = readFirmware()): Promise<Boot> {
  const engine = await loadEngine(options);
  return async (ports) => {
    const machine = new Machine(engine, files.creation, { ...ports, source: (name) => files.source(name) });
    let outcome = machine.freezeIntrinsics();
    if (outcome.ok) outcome = preload(machine, files.preload);
    if (outcome.ok) outcome = machine.importModule("main");
    const firmware = {
      fire: (source: number): Outcome => machine.dispatch(source),
      close: (): void => machine.close(),
      counters: (): Readonly<Counters> => machine.counters(),
      collectGarbage: (): void => {
        machine.collectGarbage();
      },
    };
    return { firmware, outcome };
  };
}
