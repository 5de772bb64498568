import { once } from "node:events";
import { createWriteStream, existsSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Writable } from "node:stream";
import { BadInput } from "./bad-input.js";

/**
 * Where JSON lines go: a file, or standard output for "-". A file is written beside its final name, as FILE.part, and
 * renamed by `finish`: what has that name is whole.
 */
export class LineSink {
  /** Whoever read our output has had enough (`| head`): there is nobody to write for. */
  isGone = false;
  readonly #path: string | undefined;
  readonly #stream: Writable;
  #error: NodeJS.ErrnoException | undefined;
  readonly #onError = (error: NodeJS.ErrnoException): void => {
    if (error.code === "EPIPE") this.isGone = true;
    else this.#error = error;
  };

  private constructor(path: string | undefined, stream: Writable) {
    this.#path = path;
    this.#stream = stream;
    stream.on("error", this.#onError);
  }

  /**
   * @param path    a file's, or "-"
   * @param source  a file that must not be written over, if there is one: the recording
   * Errors: BadInput for a path that cannot be written, before anything is
   */
  static async open(path: string, source: string | undefined): Promise<LineSink> {
    if (path === "-") return new LineSink(undefined, process.stdout);
    if (!existsSync(dirname(resolve(path))))
      throw new BadInput(`${path}: there is no folder ${dirname(path)}; make it, or name another`);
    if (existsSync(path)) {
      if (statSync(path).isDirectory()) throw new BadInput(`${path}: is a folder; name a file in it`);
      if (source !== undefined && realpathSync(path) === realpathSync(source))
        throw new BadInput(`${path}: is the recording itself; name another file to write to`);
    }
    const stream = createWriteStream(partOf(path));
    const sink = new LineSink(path, stream);
    try {
      await once(stream, "open");
    } catch (cause) {
      throw new BadInput(`${path}: cannot be written (${codeOf(cause)}); check its folder's permissions`);
    }
    return sink;
  }

  write(line: object): void {
    if (!this.isGone && this.#error === undefined) this.#stream.write(`${JSON.stringify(line)}\n`);
  }

  /** Waits for a slow reader or disk. Errors: BadInput when the file can no longer be written */
  async drained(): Promise<void> {
    if (this.#stream.writableNeedDrain && !this.isGone && this.#error === undefined) {
      const settled = new AbortController();
      const { signal } = settled;
      // An error also ends the waiting; #onError has seen it then.
      await Promise.race([once(this.#stream, "drain", { signal }), once(this.#stream, "close", { signal })]).catch(
        () => {},
      );
      settled.abort();
    }
    this.#refuse();
  }

  /** All is written, and under its final name. Errors: BadInput; then nothing is left behind */
  async finish(): Promise<void> {
    await this.#end();
    if (this.#path === undefined) return;
    try {
      this.#refuse();
      renameSync(partOf(this.#path), this.#path);
    } catch (cause) {
      rmSync(partOf(this.#path), { force: true });
      if (cause instanceof BadInput) throw cause;
      throw new BadInput(`${this.#path}: cannot be replaced (${codeOf(cause)}); close what uses it`);
    }
  }

  /** Nothing of a run that failed stays behind. */
  async discard(): Promise<void> {
    await this.#end();
    if (this.#path !== undefined) rmSync(partOf(this.#path), { force: true });
  }

  async #end(): Promise<void> {
    if (this.#path === undefined || this.#stream.closed) return;
    this.#stream.end();
    await once(this.#stream, "close").catch(() => {}); // an error closes the stream too; #onError keeps it
  }

  #refuse(): void {
    if (this.#error === undefined) return;
    const { code = "", message } = this.#error;
    const what = code === "ENOSPC" ? "the disk is full; make room, or name a file elsewhere" : message;
    throw new BadInput(`${this.#path ?? "standard output"}: cannot be written: ${what}`);
  }
}

const partOf = (path: string): string => `${path}.part`;

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);
