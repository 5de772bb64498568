import { once } from "node:events";
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { BadInput } from "./bad-input.js";

/** The bytes of a file. Errors: BadInput, one line with the remedy */
export function readWhole(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === "ENOENT") throw new BadInput(`${path}: no such file; check its name`);
    if (code === "EISDIR") throw new BadInput(`${path}: is a folder; name a file in it`);
    throw new BadInput(`${path}: cannot be read (${code}); check its permissions`);
  }
}

/**
 * Writes all of it or nothing: beside the final name, as FILE.part, then renamed.
 * @param path    a file's, or "-" for standard output
 * @param source  a file that must not be written over
 * Errors: BadInput
 */
export async function writeWhole(path: string, content: string | Uint8Array, source?: string): Promise<void> {
  if (path === "-") return await print(content);
  if (!existsSync(dirname(resolve(path))))
    throw new BadInput(`${path}: there is no folder ${dirname(path)}; make it, or name another`);
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) throw new BadInput(`${path}: is a folder; name a file in it`);
    if (source !== undefined && realpathSync(path) === realpathSync(source))
      throw new BadInput(`${path}: is the file that is read; name another to write to`);
  }
  const part = `${path}.part`;
  try {
    writeFileSync(part, content);
    renameSync(part, path);
  } catch (cause) {
    rmSync(part, { force: true });
    throw new BadInput(`${path}: cannot be written (${codeOf(cause)}); check its folder and the disk`);
  }
}

/** Whoever reads may have had enough (`| head`): that is no error. */
async function print(content: string | Uint8Array): Promise<void> {
  const { stdout } = process;
  let failed: NodeJS.ErrnoException | undefined;
  const onError = (error: NodeJS.ErrnoException): void => {
    failed = error;
  };
  stdout.on("error", onError);
  try {
    if (!stdout.write(content)) await Promise.race([once(stdout, "drain"), once(stdout, "close")]).catch(() => {});
    await new Promise((done) => setImmediate(done)); // an error of the last write is heard here
  } finally {
    stdout.off("error", onError);
  }
  if (failed !== undefined && failed.code !== "EPIPE")
    throw new BadInput(`standard output: cannot be written: ${failed.message}`);
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);
