import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { moduleFiles, root } from "#manifest";

const traceMaps = new Map<string, TraceMap | undefined>();

function traceMapOf(compiled: URL): TraceMap | undefined {
  const path = `${fileURLToPath(compiled)}.map`;
  if (!traceMaps.has(path))
    traceMaps.set(path, existsSync(path) ? new TraceMap(readFileSync(path, "utf8"), path) : undefined);
  return traceMaps.get(path);
}

/** "ppg/max30102", 120 → "modules/ppg/max30102.ts:201"; undefined for a module that has no map. */
function sourceLine(module: string, line: number, files: ReadonlyMap<string, URL>): string | undefined {
  const compiled = files.get(module);
  const map = compiled && traceMapOf(compiled);
  if (compiled === undefined || map === undefined || line < 1) return undefined;
  // XS names the line only: the first thing on it that has a source.
  const { source, line: original } = originalPositionFor(map, { line, column: 0, bias: LEAST_UPPER_BOUND });
  return source === null ? undefined : `${relative(root, source)}:${original}`;
}

/**
 * A stack of the firmware with lines of its TypeScript source, a frame a line: XS says "at f (module:line)" of the
 * compiled code; what V8 says Node has mapped already. What cannot be mapped stays as it is.
 * @param files  compiled file of each module's name
 */
export function mapStack(stack: string, files: ReadonlyMap<string, URL> = moduleFiles()): string {
  const frames = stack.match(/^\s*at .*$/gm) ?? [...stack.matchAll(/ at .*?\(.*?\)/g)].map(([frame]) => frame);
  return frames
    .map((frame) => {
      const [, where, module, line] = /at (.*?) ?\(([^()]+):(\d+)\)\s*$/.exec(frame) ?? [];
      const mapped = module === undefined ? undefined : sourceLine(module, Number(line), files);
      return mapped === undefined ? frame.trim().replaceAll(`${root}/`, "") : `at ${where || "module"} (${mapped})`;
    })
    .join("\n");
}
