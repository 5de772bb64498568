import type { KeyValueStore } from "base/host-parts";
import { CuePlayer } from "haptics/cue-player";
import { LimitedMotor } from "haptics/motor";
import type { BodyReading } from "session/body";
import { INVITATIONS_OFF } from "session/invitations";
import { usualLimits } from "session/limits";
import { Session } from "session/session";
import type { SessionEvent } from "session/session-log";
import type { SessionOptions, SessionSettings } from "session/session-settings";
import type { UseHistory } from "session/start-rules";
import { FakeDrive } from "../haptics/fake-motor.js";
import { FakeTime } from "../haptics/fake-time.js";

export const GOOD: BodyReading = {
  worn: true,
  still: true,
  clean: true,
  bpm: 64,
  irregularPercent: 0,
  followPermille: 900,
  swingMs: 60,
};
export const OFF_WRIST: BodyReading = {
  worn: false,
  still: true,
  clean: false,
  bpm: undefined,
  irregularPercent: undefined,
  followPermille: undefined,
  swingMs: undefined,
};

/** Settings in flash: they outlive a band. */
export class FakeStore implements KeyValueStore {
  readonly values = new Map<string, ArrayBuffer>();
  read(key: string): ArrayBuffer | undefined {
    return this.values.get(key)?.slice(0);
  }
  write(key: string, value: ArrayBuffer | Uint8Array): void {
    this.values.set(key, value instanceof Uint8Array ? new Uint8Array(value).buffer : value.slice(0));
  }
  delete(key: string): void {
    this.values.delete(key);
  }
}

/** Motor, player and session on a fake clock; the body is observed once a second. */
export class TestBand {
  readonly time: FakeTime;
  readonly drive: FakeDrive;
  readonly motor: LimitedMotor;
  readonly player: CuePlayer;
  readonly session: Session;
  readonly events: SessionEvent[] = [];
  readonly settings: SessionSettings = {
    program: "breathe",
    style: "edges",
    pace: { rateCentiPerMin: 600, inhalePermille: 400 },
    breatheMs: 300_000,
    isAdaptive: false,
    isFading: true,
    regionsOn: [],
    regionsOff: [],
    invitations: { ...INVITATIONS_OFF },
    wearer: {},
    limits: usualLimits(),
    screening: "clear",
    isSupervised: false,
  };
  readonly history: { -readonly [key in keyof UseHistory]: UseHistory[key] } = {
    isWeekOne: false,
    sessionsToday: 0,
    sessionsEver: 0,
    restLeftMs: 0,
  };
  readonly calendar: { localMinutes: number | undefined } = { localMinutes: undefined };
  readonly store: FakeStore;
  body: BodyReading = GOOD;

  constructor(startMs = 10_000, more: Partial<SessionOptions> = {}, store = new FakeStore(), restLeftMs = 0) {
    this.store = store;
    this.history.restLeftMs = restLeftMs;
    this.time = new FakeTime(startMs);
    this.drive = new FakeDrive(this.time);
    this.motor = new LimitedMotor(this.drive, { clock: this.time, timers: this.time });
    this.player = new CuePlayer({ motor: this.motor, clock: this.time, timers: this.time });
    this.session = new Session({
      clock: this.time,
      timers: this.time,
      player: this.player,
      log: { record: (event) => this.events.push(event) },
      settings: this.settings,
      history: this.history,
      calendar: this.calendar,
      store,
      ...more,
    });
    this.time.repeat(() => this.session.observe(this.body), 1_000);
  }

  advance(ms: number): void {
    this.time.advance(ms);
  }

  /** Time passes, and the calendar with it. */
  advanceMinutes(minutes: number): void {
    for (let i = 0; i < minutes; i++) {
      this.time.advance(60_000);
      if (this.calendar.localMinutes !== undefined) this.calendar.localMinutes++;
    }
  }

  cues(): string[] {
    return this.events.flatMap((event) => (event.kind === "cue" ? [event.cue] : []));
  }

  get onsMs(): number[] {
    const writes = this.drive.writes;
    return writes.filter((each, i) => each.levelQ8 > 0 && (writes[i - 1]?.levelQ8 ?? 0) === 0).map((each) => each.atMs);
  }

  kinds(...kinds: SessionEvent["kind"][]): SessionEvent[] {
    return this.events.filter((event) => kinds.includes(event.kind));
  }

  get ended(): Extract<SessionEvent, { kind: "ended" }> | undefined {
    const last = this.kinds("ended").at(-1);
    return last?.kind === "ended" ? last : undefined;
  }
}
