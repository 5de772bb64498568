import { elapsedMs } from "base/elapsed";
import type { Clock } from "base/host-parts";
import type { CueName } from "haptics/cues";
import { type ButtonListener, Gesture } from "session/button";
import type { SessionState } from "session/session-table";

/** From the question on: the finger must come up and down again in this time. */
const CONFIRM_MS = 10_000;

export interface ResetGestureOptions {
  readonly clock: Clock;
  readonly session: ButtonListener & { readonly state: SessionState };
  readonly player: { play(name: CueName): boolean };
  readonly onConfirmed: () => void;
  /** A press that began in idle was let go after some seconds: the pairing window is asked for. */
  readonly onLink: () => void;
}

/**
 * The ways to the pairing window and to a factory reset by touch, before the session hears of the button. A press that
 * began in idle and is let go after 3 to 8 s opens the window. A press that began in idle and is held
 * for 10 s is answered by the cue for "no", at 15 s by the bell; a short press within 10 s of the bell erases.
 * Anything else, or nothing, calls it off. A press that began in a session never leads here: it stopped that session.
 */
export class ResetGesture implements ButtonListener {
  readonly #options: ResetGestureOptions;
  #isFromIdle = false;
  /** Host clock: the question was asked. */
  #askedMs: number | undefined;

  constructor(options: ResetGestureOptions) {
    this.#options = options;
  }

  onPress(atMs: number): void {
    const { session } = this.#options;
    this.#isFromIdle = session.state === "idle";
    session.onPress(atMs);
  }

  onGesture(gesture: Gesture, pressedAtMs: number): void {
    const { clock, session, player, onConfirmed, onLink } = this.#options;
    const nowMs = clock.ticks;
    const mayReset = this.#isFromIdle && session.state === "idle";
    if (gesture === Gesture.Warning) {
      if (mayReset) player.play("refused");
    } else if (gesture === Gesture.VeryLong) {
      this.#askedMs = mayReset ? nowMs : undefined;
      if (mayReset) player.play("bell");
    } else if (gesture === Gesture.Link) {
      if (mayReset) onLink();
    } else {
      const isAsked = this.#askedMs !== undefined && elapsedMs(nowMs, this.#askedMs) < CONFIRM_MS;
      if (gesture !== Gesture.None) this.#askedMs = undefined;
      const isConfirmed = isAsked && mayReset && gesture === Gesture.Short;
      session.onGesture(isConfirmed ? Gesture.None : gesture, pressedAtMs); // also to go on vibrating
      if (isConfirmed) onConfirmed();
    }
  }
}
