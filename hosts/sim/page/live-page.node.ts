import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "#manifest";
import type { BandState, Command, Point, TrueEvent, WearerState } from "../../../web/messages.js";
import { BadInput } from "../cli/bad-input.js";
import type { FeltLine } from "../cli/felt.js";
import type { LiveBand } from "../cli/live-band.js";
import { breathingText } from "../person/happenings.js";
import type { Person } from "../person/person.js";
import { Feed } from "./feed.node.js";
import { pageFiles } from "./files.node.js";
import { PageServer } from "./server.node.js";

/** What the page cannot ask the band for: how it is being run. */
export type RunState = Pick<BandState, "speed" | "times" | "isPaused" | "command">;

export interface LivePageOptions {
  /** 0 is any that is free. */
  readonly port: number;
  readonly title: string;
  readonly startMs: number;
  state(): BandState;
  onCommand(command: Command): void;
}

/** The page of one run: what the band says goes to it, what is clicked comes from it. */
export class LivePage {
  readonly #options: LivePageOptions;
  readonly #feed: Feed;
  readonly #server: PageServer;

  /** Errors: BadInput when the port cannot be had */
  static async open(options: LivePageOptions): Promise<LivePage> {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const feed: Feed = new Feed({
      publish: (event, data) => server.publish(event, data),
      isWatched: () => server.pageCount > 0,
    });
    const server: PageServer = await PageServer.open({
      port: options.port,
      files: pageFiles(root),
      hello: () => JSON.stringify(feed.hello(options.state(), { title: options.title, version })),
      onCommand: (command) => options.onCommand(command),
    }).catch((error: NodeJS.ErrnoException) => {
      if (error.syscall !== "listen") throw error;
      throw new BadInput(`--port ${options.port}: ${error.code}; leave it out and any free one is taken`);
    });
    return new LivePage(options, feed, server);
  }

  private constructor(options: LivePageOptions, feed: Feed, server: PageServer) {
    this.#options = options;
    this.#feed = feed;
    this.#server = server;
  }

  get address(): string {
    return this.#server.address;
  }

  point(point: Point): void {
    this.#feed.point(point);
  }

  tell(line: FeltLine): void {
    if (line.type !== "beat") return; // the rest is state, and goes with every frame
    const { tMs, rrTicks, accepted, verdict } = line;
    const rrMs = rrTicks === null ? null : (rrTicks * 1000) / 1024;
    this.#feed.beat({ atMs: tMs - this.#options.startMs, rrMs, counts: accepted, verdict });
  }

  truth(event: TrueEvent): void {
    this.#feed.truth(event);
  }

  log(line: string): void {
    this.#feed.log(line);
  }

  /** After every step of virtual time. */
  tick(): void {
    this.#feed.tick(this.#options.state);
  }

  /** The last word, and the port is free again. */
  async close(reason: string): Promise<void> {
    this.#feed.last(this.#options.state());
    await this.#server.close(JSON.stringify({ reason }));
  }
}

/** What holds, as the page has it. */
export function bandStateOf(live: LiveBand, run: RunState): BandState {
  const { nowMs, band } = live.played;
  const { durationMs, contact, bpm, bpmReason, session, batteryPercent, batteryMv, link, engine } = live.state(
    "",
    run.speed,
    run.isPaused,
  );
  return {
    ...run,
    nowMs,
    durationMs,
    contact: contact ?? null,
    bpm: bpm ?? null,
    bpmReason,
    session,
    batteryPercent: batteryPercent ?? null,
    batteryMv: Math.round(batteryMv),
    link,
    engine,
    wearer: live.person === undefined ? null : wearerStateOf(live.person),
    restarts: band.restarts.length,
  };
}

function wearerStateOf(person: Person): WearerState {
  const { place, motion, strapPressure, skinCelsius, breathing, isFollowing, bpm, load, co2Mmhg } = person.now();
  return {
    place,
    motion,
    strapPressure,
    skinCelsius,
    breathing: breathingText(breathing),
    isFollowing,
    bpm: Math.round(bpm * 10) / 10,
    load: Math.round(load * 100) / 100,
    co2Mmhg: Math.round(co2Mmhg * 10) / 10,
  };
}
