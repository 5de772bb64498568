import assert from "node:assert/strict";
import type { Clock } from "base/host-parts";
import { BREATH_LIMITS } from "haptics/breath-plan";
import { CuePlayer } from "haptics/cue-player";
import { LimitedMotor, MOTOR_LIMITS } from "haptics/motor";
import type { BodyReading } from "session/body";
import { Button } from "session/button";
import { INVITATIONS_OFF } from "session/invitations";
import { capMs, usualLimits } from "session/limits";
import { PROGRAMS } from "session/programs";
import { Session } from "session/session";
import type { SessionEvent } from "session/session-log";
import type { SessionSettings } from "session/session-settings";
import { FakeDrive } from "../haptics/fake-motor.js";
import { FakeTime } from "../haptics/fake-time.js";
import { type FakeStore, GOOD } from "./band.js";
import { FakePin } from "./fake-pin.js";

const QUIET_FROM_MIN = 21 * 60;
const QUIET_TO_MIN = 8 * 60;

/** What outlives a reboot, and the world around. */
export interface World {
  readonly time: FakeTime;
  readonly store: FakeStore;
  readonly settings: SessionSettings;
  readonly history: { isWeekOne: boolean; sessionsToday: number; sessionsEver: number; restLeftMs: number };
  body: BodyReading;
  /** Local minute at the clock's 0; the calendar goes with the clock. */
  calendarMinutes: number;
  notOkMs: number | undefined;
  readonly nudgesMs: number[];
}

export function newWorld(store: FakeStore, startMs: number, limits = usualLimits()): World {
  return {
    time: new FakeTime(startMs),
    store,
    settings: {
      program: "moment",
      style: "edges",
      pace: { rateCentiPerMin: 600, inhalePermille: 400 },
      breatheMs: 300_000,
      isAdaptive: false,
      isFading: true,
      regionsOn: [],
      regionsOff: [],
      invitations: { ...INVITATIONS_OFF, isNudgeOn: true, quietFromMin: QUIET_FROM_MIN, quietToMin: QUIET_TO_MIN },
      wearer: { ageYears: 40, restingBpm: 60 },
      limits,
      screening: "clear",
      isSupervised: false,
    },
    history: { isWeekOne: false, sessionsToday: 0, sessionsEver: 0, restLeftMs: 0 },
    body: GOOD,
    calendarMinutes: 12 * 60 - Math.floor(startMs / 60_000),
    notOkMs: undefined,
    nudgesMs: [],
  };
}

/**
 * The real button, session, player and limited motor between a fake pin, a fake drive and a clock that wraps at 2^31;
 * and a watcher that looks at every write to the motor and every log entry. An exception goes to the outermost handler,
 * which does what main does: motor off, `fault`.
 */
export class WatchedBand {
  readonly pin = new FakePin();
  readonly drive: FakeDrive;
  readonly motor: LimitedMotor;
  readonly player: CuePlayer;
  readonly session: Session;
  readonly button: Button;
  readonly clock: Clock;
  readonly #observing: unknown;
  #dead = false;
  #throwsInLog = 0;
  #phaseBeganMs: number | undefined;
  #capMs = 0;
  isBatteryEmpty = false;
  exceptions = 0;
  longestMs = 0;
  readonly kinds = new Set<string>();
  lastEnd = "";
  #broken = "";
  /** The drive has been told something it did not take: until it does, it may run. */
  #isDriveFailing = false;
  #onSinceMs: number | undefined;
  #offSinceMs = Number.NEGATIVE_INFINITY;

  constructor(readonly world: World) {
    const { time } = world;
    this.clock = {
      get ticks() {
        return time.ticks | 0;
      },
    };
    this.drive = new FakeDrive(time);
    const write = this.drive.write.bind(this.drive);
    this.drive.write = (levelQ8) => this.#write(levelQ8, write);
    this.motor = new LimitedMotor(this.drive, { clock: this.clock, timers: this.#timers });
    this.player = new CuePlayer({ motor: this.motor, clock: this.clock, timers: this.#timers });
    assert.equal(this.drive.writes[0]?.levelQ8, 0, "the motor is stopped before anything else");
    this.session = new Session({
      clock: this.clock,
      timers: this.#timers,
      player: this.player,
      log: { record: (event) => this.#record(event) },
      settings: world.settings,
      history: world.history,
      calendar: {
        get localMinutes() {
          return world.calendarMinutes + Math.floor(time.ticks / 60_000);
        },
      },
      store: world.store,
    });
    this.button = new Button(this.pin, this.clock, this.#timers, this.session);
    this.#observing = time.repeat(() => this.safely(() => this.session.observe(world.body)), 1_000);
  }

  /** Each callback comes back to the outermost handler. */
  readonly #timers = {
    set: (callback: () => void, delayMs: number) =>
      this.world.time.set(() => {
        if (!this.#dead) this.safely(callback);
      }, delayMs),
    repeat: (callback: () => void, periodMs: number) => this.world.time.repeat(callback, periodMs),
    clear: (timer: unknown) => this.world.time.clear(timer),
  };

  safely(work: () => void): void {
    try {
      work();
    } catch (cause) {
      if (cause instanceof assert.AssertionError) throw cause;
      this.exceptions++;
      this.motor.off();
      this.session.fault();
      assert.equal(this.session.state, "idle", "idle after an exception");
      if (!this.#isDriveFailing) assert.equal(this.drive.levelQ8, 0, "motor off after an exception");
    }
    this.check();
  }

  advance(ms: number): void {
    this.world.time.advance(ms);
    this.check();
  }

  failLog(times: number): void {
    this.#throwsInLog = times;
  }

  /** The next entry is lost, by an exception. */
  get isLogBroken(): boolean {
    return this.#throwsInLog > 0;
  }

  /** Power is gone: nothing of the old band runs on, and the motor has none. */
  powerOff(): void {
    this.#dead = true;
    this.world.time.clear(this.#observing);
    this.button.close();
    this.world.history.restLeftMs = Math.max(0, this.restLeftMs);
  }

  get restLeftMs(): number {
    const { notOkMs, time, settings } = this.world;
    return notOkMs === undefined ? 0 : settings.limits.restMs - (time.ticks - notOkMs);
  }

  get minuteOfDay(): number {
    const { calendarMinutes, time } = this.world;
    return (((calendarMinutes + Math.floor(time.ticks / 60_000)) % 1440) + 1440) % 1440;
  }

  get isQuiet(): boolean {
    return this.minuteOfDay >= QUIET_FROM_MIN || this.minuteOfDay < QUIET_TO_MIN;
  }

  /** What must hold between any two things that happen. */
  check(): void {
    assert.equal(this.#broken, "");
    const { session, player, world } = this;
    const state = session.state;
    if (state === "idle") {
      this.#phaseBeganMs = undefined;
      assert.equal(session.program, undefined);
      assert.equal(session.measures, "nothing");
      assert.equal(session.isPacing, false);
    }
    if (this.drive.levelQ8 > 0 && !this.#isDriveFailing && !this.#mayRun()) assert.fail(`motor on in ${this.tell()}`);
    if (this.#phaseBeganMs !== undefined) {
      const lastedMs = world.time.ticks - this.#phaseBeganMs;
      this.longestMs = Math.max(this.longestMs, lastedMs);
      if (lastedMs > this.#capMs + 100) assert.fail(`${lastedMs} ms of ${this.#capMs} in ${this.tell()}`);
    }
    if (session.isPacing) {
      const { periodUs, inhaleUs, exhaleUs, holdFullUs, holdEmptyUs } = session.pacer.plan;
      assert.ok(Math.max(holdFullUs, holdEmptyUs) <= 4_000_000, "no hold over 4 s");
      assert.ok(periodUs >= 6_000_000 && periodUs <= 15_000_000, "4 .. 10 per minute");
      assert.ok(exhaleUs <= BREATH_LIMITS.exhaleMsMax * 1000);
      assert.equal(inhaleUs + exhaleUs + holdFullUs + holdEmptyUs, periodUs);
    }
    if (player.muted) assert.ok(this.drive.levelQ8 === 0 || this.#isDriveFailing, "silent while muted");
  }

  tell(): string {
    const { session, player } = this;
    return `${session.state} ${session.phase?.id ?? "-"} cueing=${player.isCueing} muted=${player.muted} at ${this.world.time.ticks}`;
  }

  /** The state says that the motor may be on: a cue, or a phase that is felt; never muted, empty or switched off. */
  #mayRun(): boolean {
    const { session, player } = this;
    if (player.muted || this.isBatteryEmpty) return false;
    if (player.isCueing) return true;
    const isGoing = session.state === "running" || session.state === "unscored" || session.state === "pacedOnly";
    return isGoing && session.phase !== undefined && session.phase.style !== "silent";
  }

  #write(levelQ8: number, write: (levelQ8: number) => boolean): boolean {
    const nowMs = this.world.time.ticks;
    // Kept for `check`: the motor takes an exception of its drive for a NACK.
    if (this.#dead) this.#broken = "a band without power writes nothing";
    if (levelQ8 > 0) {
      if (!this.#mayRun()) this.#broken = `motor told to run in ${this.tell()}`;
      if (nowMs - this.#offSinceMs >= MOTOR_LIMITS.pauseMsMin || this.#onSinceMs === undefined) this.#onSinceMs = nowMs;
      if (nowMs - this.#onSinceMs >= MOTOR_LIMITS.unbrokenMsMax) this.#broken = "20 s without a pause";
    } else if (this.drive.levelQ8 > 0) this.#offSinceMs = nowMs;
    this.#isDriveFailing = true;
    const taken = write(levelQ8);
    if (taken) this.#isDriveFailing = false;
    if (taken && levelQ8 > 0) this.#offSinceMs = Number.POSITIVE_INFINITY;
    return taken;
  }

  #record(event: SessionEvent): void {
    if (this.#throwsInLog > 0) {
      this.#throwsInLog--;
      throw new Error("log full");
    }
    const { world } = this;
    this.kinds.add(event.kind);
    if (event.kind === "phase" && this.#phaseBeganMs === undefined) this.#phaseBeganMs = world.time.ticks;
    if (event.kind === "started") {
      this.lastEnd = "";
      this.#phaseBeganMs = undefined;
      world.history.sessionsToday = Math.min(3, world.history.sessionsToday + 1); // the day is never full here
      this.#capMs = capMs(world.settings.limits, PROGRAMS[event.program].cap, world.history.isWeekOne);
    }
    if (event.kind === "ended") this.lastEnd = event.reason;
    if (event.kind === "notOk") world.notOkMs = world.time.ticks;
    if (event.kind === "cue" && event.cue === "nudge") this.#nudged();
  }

  #nudged(): void {
    const { world, session } = this;
    const { worn, still } = world.body;
    assert.ok(worn && still, "no nudge unworn or moving");
    assert.ok(!this.isQuiet, "no nudge in quiet hours");
    assert.equal(session.state, "idle", "no nudge in a session");
    assert.ok(this.restLeftMs <= 0, "no nudge after not OK");
    const nowMs = world.time.ticks;
    const lastMs = world.nudgesMs.at(-1);
    // Local minutes are whole: 90 of them may be 89 and a bit.
    if (lastMs !== undefined) assert.ok(nowMs - lastMs > 89 * 60_000, "90 minutes apart");
    const third = world.nudgesMs.at(-3);
    if (third !== undefined) assert.ok(nowMs - third > 1439 * 60_000, "three a day");
    world.nudgesMs.push(nowMs);
  }
}
