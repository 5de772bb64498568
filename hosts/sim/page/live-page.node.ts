import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "#manifest";
import type { Command, Point, TrueEvent } from "../../../web/messages.js";
import { BadInput } from "../cli/bad-input.js";
import type { FeltLine } from "../cli/felt.js";
import type { LiveBand } from "../cli/live-band.js";
import { BandLook, type RunState } from "./band-state.node.js";
import { Feed, type Introduction } from "./feed.node.js";
import { pageFiles } from "./files.node.js";
import { pageInfo } from "./info.node.js";
import { Listener } from "./listener.node.js";
import { LogBook } from "./log-book.node.js";
import { pageRoutes } from "./routes.node.js";
import { PageServer } from "./server.node.js";

/** Who wears the band in a run, and how the page calls it. */
export interface PageRun {
  readonly live: LiveBand;
  readonly title: string;
  /** null with a recording. */
  readonly person: string | null;
  readonly seed: number;
}

export interface LivePageOptions {
  /** 0 is any that is free. */
  readonly port: number;
  /** The same from start to start, if given. */
  readonly token?: string;
  readonly run: PageRun;
  state(): RunState;
  /** Why it is not done; undefined if it is. */
  onCommand(command: Command): string | undefined | Promise<string | undefined>;
  onFile(name: string, bytes: Buffer): string | undefined | Promise<string | undefined>;
}

interface PageParts {
  readonly feed: Feed;
  readonly server: PageServer;
  readonly logBook: LogBook;
  readonly listener: Listener;
  readonly version: string;
}

/** The page: what the band says goes to it, what is clicked comes from it. It outlives a run. */
export class LivePage {
  readonly #options: LivePageOptions;
  readonly #feed: Feed;
  readonly #server: PageServer;
  readonly #logBook: LogBook;
  readonly #version: string;
  #run: PageRun;
  #listener: Listener;
  #look: BandLook;

  /** Errors: BadInput when the port cannot be had */
  static async open(options: LivePageOptions): Promise<LivePage> {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const feed: Feed = new Feed({
      publish: (event, data) => server.publish(event, data),
      isWatched: () => server.pageCount > 0,
    });
    const listener = new Listener(options.run.live.played.startMs);
    const logBook = new LogBook(options.run.live, listener.startsMs);
    const server: PageServer = await PageServer.open({
      port: options.port,
      files: pageFiles(root),
      ...(options.token === undefined ? {} : { token: options.token }),
      hello: () => page.#hello(),
      routes: pageRoutes({
        onCommand: (command) => options.onCommand(command),
        onFile: (name, bytes) => options.onFile(name, bytes),
        logBook,
      }),
    }).catch((error: NodeJS.ErrnoException) => {
      if (error.syscall !== "listen") throw error;
      throw new BadInput(`--port ${options.port}: ${error.code}; leave it out and any free one is taken`);
    });
    const page: LivePage = new LivePage(options, { feed, server, logBook, listener, version });
    return page;
  }

  private constructor(options: LivePageOptions, parts: PageParts) {
    this.#options = options;
    this.#feed = parts.feed;
    this.#server = parts.server;
    this.#logBook = parts.logBook;
    this.#version = parts.version;
    this.#run = options.run;
    this.#listener = parts.listener;
    this.#look = new BandLook(options.run.live, this.#listener);
  }

  get address(): string {
    return this.#server.address;
  }

  /** Somebody looks on. */
  get isWatched(): boolean {
    return this.#server.pageCount > 0;
  }

  /** Another run goes on from here; its band has not said anything yet. */
  begin(run: PageRun): void {
    this.#listener = new Listener(run.live.played.startMs);
    this.#logBook.begin(run.live, this.#listener.startsMs);
    this.#feed.clear();
    this.#run = run;
    this.#look = new BandLook(run.live, this.#listener);
    this.#server.publish("hello", this.#hello());
  }

  point(point: Point): void {
    this.#feed.point(point);
  }

  tell(line: FeltLine): void {
    const { beat, breath, paced } = this.#listener.hear(line);
    if (beat !== undefined) this.#feed.beat(beat);
    if (breath !== undefined) this.#feed.breath(breath);
    if (paced !== undefined) this.#feed.paced(paced);
  }

  truth(event: TrueEvent): void {
    this.#feed.truth(event);
  }

  log(line: string): void {
    this.#feed.log(line);
  }

  /** After every step of virtual time. */
  tick(): void {
    this.#feed.tick(() => {
      const spectrum = this.#listener.beside.spectrum(this.#run.live.played.nowMs);
      if (spectrum !== undefined) this.#feed.spectrum(spectrum);
      return this.#look.state(this.#options.state());
    });
  }

  /** The last word, and the port is free again. */
  async close(reason: string): Promise<void> {
    this.#feed.last(this.#look.state(this.#options.state()));
    await this.#server.close(JSON.stringify({ reason }));
  }

  #hello(): string {
    const { title, person, seed } = this.#run;
    const introduction: Introduction = { title, person, seed, version: this.#version, ...pageInfo() };
    return JSON.stringify(this.#feed.hello(this.#look.state(this.#options.state()), introduction));
  }
}
