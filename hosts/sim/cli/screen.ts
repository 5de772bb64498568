import logUpdate from "log-update";
import { renderLine, renderView, type ViewState } from "./live-view.js";

/** The picture on a terminal; one line a second where there is none; nothing where JSON lines have standard output. */
export class Screen {
  /** Whoever read our output has had enough. */
  isGone = false;
  readonly #kind: "picture" | "lines" | "none";
  #below = "";

  constructor(isFree: boolean) {
    this.#kind = !isFree ? "none" : process.stdout.isTTY ? "picture" : "lines";
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      this.isGone = true;
    });
  }

  /** Where the page is: stands under the picture, whole, however narrow the terminal; before everything else. */
  page(address: string): void {
    if (this.#kind === "picture") this.#below = `\n${address}`;
    else if (this.#kind === "lines") this.#write(address);
    else process.stderr.write(`${address}\n`);
  }

  /** After every frame. */
  frame(state: () => ViewState): void {
    if (this.#kind === "picture") logUpdate(renderView(state(), process.stdout.columns) + this.#below);
  }

  /** Once a virtual second. */
  second(state: () => ViewState): void {
    if (this.#kind === "lines") this.#write(renderLine(state()));
  }

  /** A line of the firmware's log; the picture has them in it. */
  note(text: string): void {
    if (this.#kind === "lines") this.#write(text);
  }

  /** The terminal is given back, the last picture stays. */
  close(): void {
    if (this.#kind === "picture") logUpdate.done();
  }

  /** The last line. */
  summary(text: string): void {
    if (this.#kind === "none") process.stderr.write(`${text}\n`);
    else this.#write(text);
  }

  #write(text: string): void {
    if (!this.isGone) process.stdout.write(`${text}\n`);
  }
}
