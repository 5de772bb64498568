import assert from "node:assert/strict";
import type { BodyReading } from "session/body";
import { type SafetyLimits, usualLimits } from "session/limits";
import { OwnRange } from "session/own-range";
import type { ProgramName } from "session/programs";
import { FakeStore, GOOD, OFF_WRIST } from "./band.js";
import { newWorld, WatchedBand, type World } from "./watched-band.js";

/** Two minutes before the host clock wraps. */
const START_MS = 0x7fff_ffff - 120_000;
/** Promised: silent this soon after the finger came down. */
const SILENT_MS = 200;

const BODIES: readonly [string, BodyReading][] = [
  ["calm", { ...GOOD, bpm: 60 }],
  ["high", { ...GOOD, bpm: 95 }],
  ["irregular", { ...GOOD, irregularPercent: 30 }],
  ["moving", { ...GOOD, bpm: 95, still: false }],
  ["off the wrist", OFF_WRIST],
];

function knownStore(): FakeStore {
  const range = new OwnRange();
  for (let i = 0; i < 3600; i++) range.add(60 + (i % 30));
  const store = new FakeStore();
  store.write("ownRange", range.encode());
  return store;
}

export interface Figures {
  silentMs: number;
  stops: number;
  nudges: number;
  longestMs: number;
  readonly seen: Set<string>;
}

/** One band on its way; a reboot puts another in its place. */
export class Walker {
  readonly world: World;
  band: WatchedBand;
  bodyName = "calm";
  #changedMs = START_MS;
  #presses = 0;

  constructor(
    readonly figures: Figures,
    limits: SafetyLimits = usualLimits(),
  ) {
    this.world = newWorld(knownStore(), START_MS, limits);
    this.band = new WatchedBand(this.world);
  }

  press(): void {
    if (this.band.pin.level === 1) {
      this.#presses = this.world.time.ticks - this.#changedMs < 300 ? this.#presses + 1 : 1;
      this.#changedMs = this.world.time.ticks;
    }
    this.band.safely(() => this.band.pin.press());
  }

  release(): void {
    if (this.band.pin.level === 0) this.#changedMs = this.world.time.ticks;
    this.band.safely(() => this.band.pin.release());
  }

  /** The gesture, whatever the finger did before: up for longer than a bounce, then down and held. */
  stop(): void {
    const { band, world, figures } = this;
    this.release();
    if (world.time.ticks - this.#changedMs < 50) band.advance(50);
    const tells = band.session.state !== "idle" && !band.isLogBroken;
    const contactMs = world.time.ticks;
    this.press();
    while (band.drive.levelQ8 > 0) {
      assert.ok(world.time.ticks - contactMs <= SILENT_MS, `still on ${SILENT_MS} ms after contact in ${band.tell()}`);
      band.advance(1);
    }
    figures.silentMs = Math.max(figures.silentMs, world.time.ticks - contactMs);
    figures.stops++;
    const writesBefore = band.drive.writes.length;
    band.advance(750 - (world.time.ticks - contactMs)); // 600 ms, a look every 10 ms, and timers that are 80 ms late
    const played = band.drive.writes.slice(writesBefore).filter(({ levelQ8 }) => levelQ8 > 0);
    assert.ok(
      played.every(({ atMs }) => atMs - contactMs >= 500),
      "silent until the confirmation",
    );
    assert.equal(band.session.state, "idle", "a held button ends everything");
    // Not that of an earlier gesture; the program may have come to its end by itself within that second.
    if (tells) assert.ok(!["", "wearer", "batteryEmpty"].includes(band.lastEnd), band.lastEnd);
    this.release();
  }

  reboot(): void {
    this.band.powerOff();
    this.band = new WatchedBand(this.world);
    this.#changedMs = this.world.time.ticks;
    this.#presses = 0;
    assert.equal(this.band.session.state, "idle");
    assert.equal(this.band.session.isResting, this.band.restLeftMs > 0, "a rest outlives a reboot");
  }

  /** Everything that can make a difference to what comes next, coarsely. */
  key(): string {
    const { session, player, motor, pin } = this.band;
    const { phase } = session;
    const pace = phase === undefined ? "-" : typeof phase.pace === "object" ? "fixed" : phase.pace;
    const sinceMs = this.world.time.ticks - this.#changedMs;
    const since = sinceMs < 30 ? 0 : sinceMs < 300 ? 1 : sinceMs < 600 ? 2 : sinceMs < 10_000 ? 3 : 4;
    const isTouched = player.muted || pin.level === 0 || since < 2;
    const isIdle = session.state === "idle";
    const hasHold = phase?.pace === "personal" && (this.world.settings.pace.holdFullMs ?? 0) > 0;
    const isOrdinary = this.bodyName === "calm" || this.bodyName === "high" || this.bodyName === "moving";
    return [
      session.state,
      phase === undefined ? "-" : `${pace}/${phase.style}/${phase.measures}/${phase.press}`,
      motor.running ? "on" : "off",
      player.isCueing ? "cue" : "",
      player.muted ? "muted" : "",
      isTouched ? `${pin.level}${since}${player.muted ? Math.min(2, this.#presses) : ""}` : "up",
      this.band.isBatteryEmpty ? "empty" : "",
      // In a session only what changes its course; when idle what decides on a nudge.
      !isIdle && isOrdinary ? "" : this.bodyName,
      isIdle && this.band.isQuiet ? "quiet" : "",
      isIdle && session.isResting ? "resting" : "",
      hasHold ? "hold" : "",
    ].join(" ");
  }

  done(): void {
    const { figures, band } = this;
    figures.longestMs = Math.max(figures.longestMs, band.longestMs);
    figures.nudges += this.world.nudgesMs.length;
    for (const kind of band.kinds) figures.seen.add(kind);
  }
}

export type Step = readonly [string, (walker: Walker) => void];

const advance = (ms: number): Step => [`+${ms}`, ({ band }) => band.advance(ms)];
const start = (program: ProgramName): Step => [
  `start ${program}`,
  ({ band }) => band.safely(() => band.session.start({ program, by: "app" })),
];
const app = (name: "stop" | "notOk" | "pause" | "resume" | "link" | "batteryLow" | "fault"): Step => [
  name,
  ({ band }) => band.safely(() => band.session[name]()),
];
const pace = (name: string, holdFullMs: number, isGranted: boolean): Step => [
  name,
  ({ band }) =>
    band.safely(() => {
      const reason = band.session.changePace({ rateCentiPerMin: 500, inhalePermille: 400, holdFullMs });
      assert.equal(reason, isGranted ? undefined : "holdTooLong");
    }),
];
const battery = (name: string, isEmpty: boolean): Step => [
  name,
  ({ band }) => {
    if (isEmpty) band.isBatteryEmpty = true; // from now on nothing may be felt
    band.safely(() => {
      band.session.isBatteryEmpty = isEmpty;
    });
    band.isBatteryEmpty = isEmpty;
  },
];

export const STEPS: readonly Step[] = [
  advance(15),
  advance(35),
  advance(310),
  advance(1_200),
  advance(11_000),
  advance(65_000),
  advance(310_000),
  [
    "until it vibrates",
    ({ band }) => {
      for (let ms = 0; ms < 12_000 && !band.motor.running; ms += 20) band.advance(20);
    },
  ],
  ["press", (walker) => walker.press()],
  ["release", (walker) => walker.release()],
  ["stop gesture", (walker) => walker.stop()],
  [
    "stop gesture, drive deaf three times",
    (walker) => {
      walker.band.drive.nackCount = 3;
      walker.stop();
    },
  ],
  [
    "stop gesture, drive throws three times",
    (walker) => {
      walker.band.drive.throwCount = 3;
      walker.stop();
    },
  ],
  [
    "stop gesture, log throws",
    (walker) => {
      walker.band.failLog(1);
      walker.stop();
    },
  ],
  start("moment"),
  start("heart"),
  start("recover"),
  start("bodyScan"),
  start("findPaceShort"),
  app("stop"),
  app("notOk"),
  app("pause"),
  app("resume"),
  app("link"),
  app("batteryLow"),
  app("fault"),
  pace("hold of 4 s", 4_000, true),
  pace("hold of 4.001 s", 4_001, false),
  battery("battery empty", true),
  battery("battery charged", false),
  ...BODIES.map(
    ([name, body]): Step => [
      name,
      (walker) => {
        walker.world.body = body;
        walker.bodyName = name;
      },
    ],
  ),
  [
    "night falls or day breaks",
    ({ world }) => {
      world.calendarMinutes += 720;
    },
  ],
  [
    "drive throws once",
    ({ band }) => {
      band.drive.throwCount = 1;
    },
  ],
  [
    "drive deaf three times",
    ({ band }) => {
      band.drive.nackCount = 3;
    },
  ],
  ["log throws once", ({ band }) => band.failLog(1)],
  ["reboot", (walker) => walker.reboot()],
];

export const newFigures = (): Figures => ({ silentMs: 0, stops: 0, nudges: 0, longestMs: 0, seen: new Set() });

/** Takes one step; what goes wrong is told with the way that led there. */
export function take(walker: Walker, path: number[], index: number): void {
  const [name, step] = STEPS[index]!; // an index of STEPS
  path.push(index);
  try {
    step(walker);
  } catch (cause) {
    const steps = path.map((each) => STEPS[each]?.[0]).join(", ");
    throw new Error(`${name}: ${cause instanceof Error ? cause.message : cause}\nafter ${steps}`, { cause });
  }
}
