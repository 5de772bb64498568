import { elapsedMs } from "base/elapsed";
import type { Clock, Digital, DigitalOptions, Timers } from "base/host-parts";

/** What the wearer means. */
export const enum Gesture {
  /** Nothing: a bounce, a stuck button, presses after a double one. Sent so that a muted motor may go on. */
  None = 0,
  Short = 1,
  /** Held: everything stops. Told while the finger is still down. */
  Long = 2,
  /** Twice: "not OK". Told when the second press begins. */
  Double = 3,
  /** Still held after 10 s: what comes of holding on is to be told now. */
  Warning = 4,
  /** Held for 15 s: asks for a factory reset. */
  VeryLong = 5,
  /** Released after 3 to 8 s: asks for the pairing window. A long press was told before. */
  Link = 6,
}

/**
 * Told first that a finger came down, then what it meant. `onPress` comes with the first contact, not debounced:
 * whoever vibrates falls silent there, so the stop gesture is silent from its beginning and recognition may take its time.
 */
export interface ButtonListener {
  onPress(atMs: number): void;
  /** @param pressedAtMs  when the finger came down */
  onGesture(gesture: Gesture, pressedAtMs: number): void;
}

export const BUTTON_TIMES = Object.freeze({
  /** A contact shorter than this is a bounce. */
  debounceMs: 30,
  /** Held this long is a long press. */
  longMs: 600,
  /** A second press within this time after the release makes it a double press. */
  doubleMs: 300,
  /** Held on after a long press, and let go in this time. */
  linkFromMs: 3_000,
  linkToMs: 8_000,
  /** Held on after a long press. */
  warningMs: 10_000,
  veryLongMs: 15_000,
  /** Held longer than this is not a finger: ignored until it is released. */
  stuckMs: 30_000,
} as const);

/** While the button is down or a release may bounce, its level is looked at this often: an edge may have got lost. */
const POLL_MS = 10;
/** A stuck button must not keep the processor awake. */
const POLL_STUCK_MS = 500;

const enum State {
  /** Up, nothing begun. */
  Up = 0,
  /** Down, perhaps a bounce. */
  Touched = 1,
  /** Down long enough to be a press. */
  Pressed = 2,
  /** Up again after one press: short, unless a second comes. */
  Released = 3,
  /** Down a second time, perhaps a bounce. */
  TouchedAgain = 4,
  /** A double press was told; still down. Holding on still stops everything. */
  Doubled = 5,
  /** Up, but not long enough for a new gesture: more presses mean nothing, unless one is held. */
  Spent = 6,
  /** Down once more after a double press or after being stuck. */
  SpentDown = 7,
  /** A long press was told; still down or just released. */
  Held = 8,
  /** Down since the start, or for too long. */
  Stuck = 9,
  /** As Held: the warning was told, the very long press was told. */
  HeldWarned = 10,
  HeldVeryLong = 11,
}

/**
 * Gestures of one push button, active low. Edges start it; from then on the level is read every 10 ms until the button
 * rests, because edges coalesce and a lost one never comes again. At rest it costs nothing.
 */
export class Button {
  readonly #pin: Digital;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #listener: ButtonListener;
  readonly #onTimer: () => void;
  #timer: unknown;
  #state = State.Up;
  #pressedAtMs = 0;
  /** When the level last changed. */
  #changedAtMs = 0;
  #wasDown: boolean;

  constructor(options: DigitalOptions, clock: Clock, timers: Timers, listener: ButtonListener) {
    this.#clock = clock;
    this.#timers = timers;
    this.#listener = listener;
    this.#onTimer = () => this.#poll();
    this.#pin = new options.io({
      ...options,
      mode: options.io.InputPullUp,
      edge: options.io.Falling | options.io.Rising,
      onReadable: () => this.#look(),
    });
    this.#wasDown = this.#pin.read() === 0;
    if (this.#wasDown) {
      this.#state = State.Stuck; // held since before the start: not a gesture
      this.#changedAtMs = clock.ticks;
      this.#pollLater();
    }
  }

  close(): void {
    this.#disarm();
    this.#pin.close();
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
  }

  #poll(): void {
    this.#timer = undefined;
    this.#look();
  }

  #pollLater(): void {
    const isStuck = this.#state === State.Stuck && this.#wasDown;
    this.#timer ??= this.#timers.set(this.#onTimer, isStuck ? POLL_STUCK_MS : POLL_MS);
  }

  #look(): void {
    const nowMs = this.#clock.ticks;
    const isDown = this.#pin.read() === 0;
    const wasDown = this.#wasDown;
    const lastedMs = elapsedMs(nowMs, this.#changedAtMs);
    const isChanged = isDown !== wasDown;
    if (isChanged) {
      this.#wasDown = isDown;
      this.#changedAtMs = nowMs;
      this.#disarm(); // a stuck button was looked at seldom
    }
    try {
      // What the level before has meant by its length, if the timer that should have seen it was late.
      if (isChanged) this.#settle(wasDown, nowMs, lastedMs);
      this.#settle(isDown, nowMs, isChanged ? 0 : lastedMs);
    } finally {
      if (this.#state !== State.Up) this.#pollLater(); // also when the listener throws: the next stop must be heard
    }
  }

  /** One level may carry through several states when looks were late. */
  #settle(isDown: boolean, nowMs: number, steadyMs: number): void {
    for (let before = -1; this.#state !== before; ) {
      before = this.#state;
      this.#step(isDown, nowMs, steadyMs);
    }
  }

  /** @param steadyMs  how long the level has been what it is */
  #step(isDown: boolean, nowMs: number, steadyMs: number): void {
    switch (this.#state) {
      case State.Up:
        if (isDown) this.#touch(State.Touched, nowMs);
        return;
      case State.Touched:
        if (!isDown && steadyMs >= BUTTON_TIMES.debounceMs) this.#tell(Gesture.None, State.Up);
        else if (isDown && steadyMs >= BUTTON_TIMES.debounceMs) this.#state = State.Pressed;
        return;
      case State.Pressed:
        if (!isDown && steadyMs >= BUTTON_TIMES.debounceMs) this.#state = State.Released;
        else if (isDown && elapsedMs(nowMs, this.#pressedAtMs) >= BUTTON_TIMES.longMs)
          this.#tell(Gesture.Long, State.Held);
        return;
      case State.Released:
        if (isDown) this.#state = State.TouchedAgain;
        else if (steadyMs >= BUTTON_TIMES.doubleMs) this.#tell(Gesture.Short, State.Up);
        return;
      case State.TouchedAgain:
        if (!isDown) this.#state = State.Released;
        else if (steadyMs >= BUTTON_TIMES.debounceMs) {
          this.#pressedAtMs = (nowMs - steadyMs) | 0;
          this.#tell(Gesture.Double, State.Doubled);
        }
        return;
      case State.Doubled:
        if (!isDown) this.#state = State.Spent;
        else if (steadyMs >= BUTTON_TIMES.longMs) this.#tell(Gesture.Long, State.Held);
        return;
      case State.Spent:
        if (isDown) this.#touch(State.SpentDown, nowMs);
        else if (steadyMs >= BUTTON_TIMES.doubleMs) this.#state = State.Up;
        return;
      case State.SpentDown:
        if (!isDown && steadyMs >= BUTTON_TIMES.debounceMs) this.#tell(Gesture.None, State.Spent);
        else if (isDown && steadyMs >= BUTTON_TIMES.longMs) this.#tell(Gesture.Long, State.Held);
        return;
      case State.Held:
        if (isDown && steadyMs >= BUTTON_TIMES.warningMs) this.#tell(Gesture.Warning, State.HeldWarned);
        else if (!isDown && steadyMs >= BUTTON_TIMES.debounceMs) this.#letGo((nowMs - steadyMs) | 0);
        return;
      case State.HeldWarned:
        if (isDown && steadyMs >= BUTTON_TIMES.veryLongMs) this.#tell(Gesture.VeryLong, State.HeldVeryLong);
        else if (!isDown && steadyMs >= BUTTON_TIMES.debounceMs) this.#state = State.Up;
        return;
      case State.HeldVeryLong:
        if (isDown && steadyMs >= BUTTON_TIMES.stuckMs) this.#state = State.Stuck;
        else if (!isDown && steadyMs >= BUTTON_TIMES.debounceMs) this.#state = State.Up;
        return;
      case State.Stuck:
        if (!isDown && steadyMs >= BUTTON_TIMES.debounceMs) this.#state = State.Spent;
        return;
    }
  }

  #letGo(releasedAtMs: number): void {
    const heldMs = elapsedMs(releasedAtMs, this.#pressedAtMs);
    if (heldMs >= BUTTON_TIMES.linkFromMs && heldMs < BUTTON_TIMES.linkToMs) this.#tell(Gesture.Link, State.Up);
    else this.#state = State.Up;
  }

  #touch(state: State, nowMs: number): void {
    this.#state = state;
    this.#pressedAtMs = nowMs;
    this.#listener.onPress(nowMs);
  }

  #tell(gesture: Gesture, state: State): void {
    this.#state = state;
    this.#listener.onGesture(gesture, this.#pressedAtMs);
  }
}
