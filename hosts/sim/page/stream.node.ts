import type { ServerResponse } from "node:http";

/** What may wait for one page that does not read, bytes: about a minute of frames at 1×. */
export const QUEUE_BYTES_MAX = 1 << 20;

/** The event stream to one page. What a slow page has no room for is dropped, counted, and told once there is room. */
export class Stream {
  readonly #response: ServerResponse;
  #dropped = 0;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get queuedBytes(): number {
    return this.#response.writableLength; // the socket's included
  }

  /** @param data  one line of JSON */
  send(event: string, data: string): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    if (this.queuedBytes + data.length > QUEUE_BYTES_MAX) {
      this.#dropped++;
      return;
    }
    const told = this.#dropped > 0 ? `event: dropped\ndata: {"frames":${this.#dropped}}\n\n` : "";
    this.#dropped = 0;
    this.#response.write(`${told}event: ${event}\ndata: ${data}\n\n`);
  }

  /** The last message; it has room always. */
  end(data: string): void {
    this.#response.end(`event: end\ndata: ${data}\n\n`);
  }
}
