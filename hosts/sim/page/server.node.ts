import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { PageFile } from "./files.node.js";
import { Refusal } from "./refusal.node.js";
import type { Answer, Route } from "./routes.node.js";
import { Stream } from "./stream.node.js";

/** Never another one: what the page shows is nobody else's business. */
const ADDRESS = "127.0.0.1";
const PAGES_MAX = 8;
const CONNECTIONS_MAX = 64;
/** A request that is not whole by then is dropped. */
const REQUEST_MS_MAX = 5000;
/** How long pages may take to read the last message. */
const FAREWELL_MS = 300;

/** Nothing from elsewhere, nobody who frames us. The import map is the one script in the page; styles are set by script. */
const policyOf = (inlineScript: string): string =>
  `default-src 'none'; script-src 'self'${inlineScript === "" ? "" : ` '${inlineScript}'`}; style-src 'self'; ` +
  "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Nothing is kept, nobody reads us from elsewhere. */
const HEADERS = {
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
  /** What is made when it is asked for, by path. */
  readonly routes: ReadonlyMap<string, Route>;
  /** Another one for every start, if left out. */
  readonly token?: string;
  /** The first message for a page that has just come, as JSON. */
  hello(): string;
}

/**
 * The live page's server. It answers this machine only, only to who knows the token of this start, and only as itself:
 * a foreign name that resolves to 127.0.0.1 (DNS rebinding) and a foreign page (Origin) are refused.
 */
export class PageServer {
  readonly #options: PageServerOptions;
  readonly #token: string;
  readonly #headers: Readonly<Record<string, string>>;
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
    this.#token = options.token ?? newToken();
    const inlineScript = options.files.get("/")?.inlineScript ?? "";
    this.#headers = { ...HEADERS, "content-security-policy": policyOf(inlineScript) };
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
      response.writeHead(status, {
        ...this.#headers,
        "content-type": "text/plain; charset=utf-8",
        connection: "close",
      });
      response.end(`${message}\n`);
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#checkCaller(request);
    const { pathname: path, searchParams: query } = this.#urlOf(request);
    const file = this.#options.files.get(path);
    const route = this.#options.routes.get(path);
    if (file === undefined && route === undefined && path !== "/events") throw new Refusal(404, "no such page");
    const method = route?.method ?? "GET";
    if (request.method !== method) throw new Refusal(405, `${method} only`);
    // Scripts and styles are no secret; what the band says and does is. What changes something is not asked by a link.
    const isSecret = file === undefined || path === "/";
    if (isSecret && !this.#knows(method === "POST" ? request.headers["x-band-token"] : query.get("token")))
      throw new Refusal(403, "open the address that the simulator has printed at this start: its token has changed");
    if (file !== undefined) response.writeHead(200, { ...this.#headers, "content-type": file.type }).end(file.bytes);
    else if (route === undefined) this.#stream(response);
    else this.#tell(response, await this.#made(route, request, query));
  }

  async #made(route: Route, request: IncomingMessage, query: URLSearchParams): Promise<Answer | undefined> {
    if (route.method === "GET") return route.answer(query);
    const type = request.headers["content-type"];
    if (type !== route.type) throw new Refusal(415, `${route.type} only`);
    return route.answer(await bodyOf(request, route.bytesMax), request.headers);
  }

  #tell(response: ServerResponse, answer: Answer | undefined): void {
    if (answer === undefined) return void response.writeHead(204, this.#headers).end();
    const { type, bytes, fileName } = answer;
    const disposition = fileName === undefined ? {} : { "content-disposition": `attachment; filename="${fileName}"` };
    response.writeHead(200, { ...this.#headers, "content-type": type, ...disposition }).end(bytes);
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
    response.writeHead(200, { ...this.#headers, "content-type": "text/event-stream" });
    const stream = new Stream(response);
    stream.send("hello", this.#options.hello());
    this.#streams.add(stream);
    response.on("close", () => this.#streams.delete(stream));
  }
}

/** 128 bits. */
export const newToken = (): string => randomBytes(16).toString("base64url");

/** Errors: Refusal when it is too long, or breaks off */
function bodyOf(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= bytesMax) return;
      request.pause(); // what is left is not read: the connection closes with the answer
      reject(new Refusal(413, `more than ${bytesMax} bytes`));
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("close", () => reject(new Refusal(400, "the request broke off")));
    request.on("error", () => reject(new Refusal(400, "the request broke off")));
  });
}
