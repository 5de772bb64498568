// The one door to the engine for the laptop: everything else here runs in a browser's worker too.
import { type BuildOptions, buildEngine } from "./build.node.js";

const loaded = new Map<boolean, Promise<WebAssembly.Module>>();

/** The engine, built if it is not cached; once per process. @throws EngineError with a one-line remedy. */
export function loadEngine(options: Omit<BuildOptions, "cache"> = {}): Promise<WebAssembly.Module> {
  const debug = options.debug ?? false;
  let module = loaded.get(debug);
  if (module === undefined) {
    module = buildEngine(options);
    loaded.set(debug, module);
    module.catch(() => loaded.delete(debug)); // what failed may be tried again
  }
  return module;
}
