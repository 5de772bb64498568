import { loadEngine } from "../engine/load.node.js";
import { EngineError } from "../engine/recipe.node.js";
import { ExitCode } from "./exit-code.js";

/** Builds both engines where they are not cached: the tests need them and have time limits. */
export async function prepareEngines(): Promise<ExitCode> {
  try {
    await loadEngine();
    await loadEngine({ debug: true });
    return ExitCode.Fine;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return ExitCode.BadInput;
  }
}
