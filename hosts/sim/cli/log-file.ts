import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { BadInput } from "./bad-input.js";

/** The log's partition on the virtual board: 256 blocks of 4096 bytes. */
const LOG_BYTES = 256 * 4096;

const why = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** What an earlier run left, or undefined if there is no such file yet. Errors: BadInput for a file that is no log */
export function readLog(path: string): Uint8Array | undefined {
  if (!existsSync(path)) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw new BadInput(`${path}: cannot be read (${why(cause)}); check its permissions`);
  }
  if (bytes.length !== LOG_BYTES)
    throw new BadInput(`${path}: is no band's log (${bytes.length} bytes, a log has ${LOG_BYTES}); name another file`);
  return bytes;
}

/** Written beside its name and renamed: what has that name is whole. Errors: BadInput if it cannot be written */
export function writeLog(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(`${path}.part`, bytes);
    renameSync(`${path}.part`, path);
  } catch (cause) {
    throw new BadInput(`${path}: cannot be written (${why(cause)}); name another file`);
  }
}
