import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Command } from "../../../web/messages.js";
import { commandOf } from "./commands.node.js";
import type { PageFile } from "./files.node.js";
import { Stream } from "./stream.node.js";

/** Never another one: what the page shows is nobody else's business. */
const ADDRESS = "127.0.0.1";
const BODY_BYTES_MAX = 256;
const PAGES_MAX = 8;
const CONNECTIONS_MAX = 64;
/** A request that is not whole by then is dropped. */
const REQUEST_MS_MAX = 5000;
/** How long pages may take to read the last message. */
const FAREWELL_MS = 300;

/** Nothing from elsewhere, nothing kept, nobody who frames or reads us. uPlot sets styles by script only. */
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

export interface PageServerOptions {
  /** 0 is any that is free. */
  readonly port: number;
  readonly files: ReadonlyMap<string, PageFile>;
  /** The first message for a page that has just come, as JSON. */
  hello(): string;
  onCommand(command: Command): void;
}

/** Why a request is not served: its status and one line. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

/**
 * The live page's server. It answers this machine only, only to who knows the token of this start, and only as itself:
 * a foreign name that resolves to 127.0.0.1 (DNS rebinding) and a foreign page (Origin) are refused.
 */
export class PageServer {
  readonly #options: PageServerOptions;
  readonly #token = randomBytes(16).toString("base64url");
  readonly #streams = new Set<Stream>();
  readonly #server: Server;
  #host = "";

  /** Errors: what listening throws, as EADDRINUSE and EACCES */
  static async open(options: PageServerOptions): Promise<PageServer> {
    const server = new PageServer(options);
    await server.#listen();
    return server;
  }

  private constructor(options: PageServerOptions) {
    this.#options = options;
    this.#server = createServer(
      { requestTimeout: REQUEST_MS_MAX, headersTimeout: REQUEST_MS_MAX, maxHeaderSize: 8192 },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.maxConnections = CONNECTIONS_MAX;
  }

  /** What to open; it holds the token. */
  get address(): string {
    return `http://${this.#host}/?token=${this.#token}`;
  }

  /** Pages that look on. */
  get pageCount(): number {
    return this.#streams.size;
  }

  /** What waits for all pages together. */
  get queuedBytes(): number {
    let bytes = 0;
    for (const stream of this.#streams) bytes += stream.queuedBytes;
    return bytes;
  }

  /** To every page; one that is too slow for it misses it and is told. @param data  JSON */
  publish(event: string, data: string): void {
    for (const stream of this.#streams) stream.send(event, data);
  }

  /** Says why, and lets go of the port. @param data  JSON of the last message */
  async close(data: string): Promise<void> {
    for (const stream of this.#streams) stream.end(data);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const late = setTimeout(() => this.#server.closeAllConnections(), FAREWELL_MS);
    await closed;
    clearTimeout(late);
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#options.port, ADDRESS, () => {
        const { port } = this.#server.address() as AddressInfo; // it listens on TCP
        this.#host = `${ADDRESS}:${port}`;
        this.#server.removeListener("error", reject);
        resolve();
      });
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => response.destroy()); // the page has gone: its own affair
    try {
      await this.#serve(request, response);
    } catch (error) {
      // What is no refusal is a bug of ours: the run goes on, and the page is told so.
      const { status, message } = error instanceof Refusal ? error : { status: 500, message: String(error) };
      if (response.headersSent) return void response.destroy();
      response.writeHead(status, { ...HEADERS, "content-type": "text/plain; charset=utf-8", connection: "close" });
      response.end(`${message}\n`);
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#checkCaller(request);
    const { pathname: path, searchParams } = this.#urlOf(request);
    const isCommand = path === "/command";
    const file = this.#options.files.get(path);
    if (file === undefined && !isCommand && path !== "/events") throw new Refusal(404, "no such page");
    if (request.method !== (isCommand ? "POST" : "GET")) throw new Refusal(405, isCommand ? "POST only" : "GET only");
    // Scripts and styles are no secret; what the band says and does is.
    const isSecret = isCommand || path === "/events" || path === "/";
    if (isSecret && !this.#knows(isCommand ? request.headers["x-band-token"] : searchParams.get("token")))
      throw new Refusal(403, "open the address that the simulator has printed at this start: its token has changed");
    if (isCommand) await this.#command(request, response);
    else if (file === undefined) this.#stream(response);
    else response.writeHead(200, { ...HEADERS, "content-type": file.type }).end(file.bytes);
  }

  /** Errors: Refusal */
  #checkCaller({ headers }: IncomingMessage): void {
    if (headers.host !== this.#host) throw new Refusal(421, `this is ${this.#host} and goes by no other name`);
    const { origin, "sec-fetch-site": site } = headers;
    const isForeign = origin !== undefined && origin !== `http://${this.#host}`;
    // Following a link, or typing the address, is "none"; a link on a foreign page is "cross-site".
    if (isForeign || (site !== undefined && site !== "same-origin" && site !== "none"))
      throw new Refusal(403, "not from another page: paste the printed address into the browser");
  }

  /** Errors: Refusal */
  #urlOf({ url = "/" }: IncomingMessage): URL {
    try {
      return new URL(url, `http://${this.#host}`);
    } catch {
      throw new Refusal(404, "no such page");
    }
  }

  #knows(token: string | string[] | null | undefined): boolean {
    const given = Buffer.from(typeof token === "string" ? token : "");
    const own = Buffer.from(this.#token);
    return given.length === own.length && timingSafeEqual(given, own);
  }

  #stream(response: ServerResponse): void {
    if (this.#streams.size >= PAGES_MAX) throw new Refusal(503, `${PAGES_MAX} pages look on already: close one`);
    response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" });
    const stream = new Stream(response);
    stream.send("hello", this.#options.hello());
    this.#streams.add(stream);
    response.on("close", () => this.#streams.delete(stream));
  }

  async #command(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers["content-type"] !== "application/json") throw new Refusal(415, "application/json only");
    const asked = commandOf(await bodyOf(request));
    if (!asked.ok) throw new Refusal(400, asked.reason);
    this.#options.onCommand(asked.command);
    response.writeHead(204, HEADERS).end();
  }
}

/** Errors: Refusal when it is too long, or breaks off */
function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= BODY_BYTES_MAX) return;
      request.pause(); // what is left is not read: the connection closes with the answer
      reject(new Refusal(413, `more than ${BODY_BYTES_MAX} bytes`));
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.on("close", () => reject(new Refusal(400, "the request broke off")));
    request.on("error", () => reject(new Refusal(400, "the request broke off")));
  });
}
