import { type FirmwareFiles, readFirmware } from "./firmware-files.node.js";
import { type LoadOptions, loadEngine } from "./engine/load.node.js";
import { Machine } from "./engine/machine.js";
import type { Boot } from "./virtual-band.js";

/** A boot of `main.ts` in a fresh XS machine of the size that the manifest gives. The engine is built if need be. */
export async function bootXs(options: LoadOptions = {}, files: FirmwareFiles = readFirmware()): Promise<Boot> {
  const engine = await loadEngine(options);
  return async (ports) => {
    const machine = new Machine(engine, files.creation, { ...ports, source: (name) => files.source(name) });
    machine.freezeIntrinsics();
    return { firmware: machine, outcome: machine.importModule("main") };
  };
}
