// The checks that a freshly built engine must pass before it may be cached: probes that run in V8 and in XS alike.
import { readFileSync } from "node:fs";
import { ROOMY } from "./creation.js";
import { type HostPorts, Machine } from "./machine.js";
import { exceptions } from "./probes/exceptions.js";
import { KNOWN, numbers } from "./probes/numbers.js";
import { EngineError } from "./recipe.node.js";

/** Compiled text of a file of this folder, as the engine's modules: `probes/numbers` is probes/numbers.js. */
export const compiledText = (name: string): string => readFileSync(new URL(`./${name}.js`, import.meta.url), "utf8");

/** Ports of a world without hardware; `sources` are modules by name. */
export function barePorts(sources: Readonly<Record<string, string>>, print: (line: string) => void): HostPorts {
  return {
    source: (name) => (Object.hasOwn(sources, name) ? { code: sources[name]! } : undefined), // just asked
    call: () => 0,
    bytes: () => 0,
    print,
    nowUs: () => 0,
  };
}

/** What the exported function `name` of probes/`file` prints in XS. @throws EngineError when it does not get to its end */
export function printedByXs(module: WebAssembly.Module, file: string, name: string): string[] {
  const lines: string[] = [];
  const main = `import { ${name} } from "probes/${file}"; await ${name}(hostPrint); hostPrint("end");`;
  const sources = { main, [`probes/${file}`]: compiledText(`probes/${file}`) };
  const machine = new Machine(
    module,
    ROOMY,
    barePorts(sources, (line) => lines.push(line)),
  );
  const outcome = machine.importModule("main");
  if (!outcome.ok) throw new EngineError(`the XS engine fails its ${file} probe: ${outcome.message}`);
  if (lines.pop() !== "end") throw new EngineError(`the XS engine does not reach the end of its ${file} probe`);
  return lines;
}

/** The same in V8. */
export async function printedByV8(probe: (print: (line: string) => void) => unknown): Promise<string[]> {
  const lines: string[] = [];
  await probe((line) => lines.push(line));
  return lines;
}

/** Lines "name=value" whose values differ, by name. */
export function differing(a: readonly string[], b: readonly string[]): string[] {
  const names: string[] = [];
  for (let i = 0; i < Math.max(a.length, b.length); i++)
    if (a[i] !== b[i]) names.push((a[i] ?? b[i] ?? "").replace(/=.*$/s, ""));
  return names;
}

/** @throws EngineError naming the first line that V8 and XS do not agree on */
export async function checkEngine(module: WebAssembly.Module): Promise<void> {
  const probes = [
    { file: "numbers", name: "numbers", run: numbers, known: KNOWN },
    { file: "exceptions", name: "exceptions", run: exceptions, known: [] },
  ];
  for (const { file, name, run, known } of probes) {
    const wrong = differing(await printedByV8(run), printedByXs(module, file, name)).filter(
      (line) => !known.includes(line),
    );
    if (wrong.length > 0)
      throw new EngineError(
        `the XS engine is miscompiled, ${wrong.length} ${file} differ from V8, first "${wrong[0]}": ` +
          "check that @yowasp/clang is the pinned version (npm ci)",
      );
  }
}
