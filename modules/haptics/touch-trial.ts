import type { TickSource } from "haptics/tick-source";

/** A trial of touch that a session leads: ticks, and presses in answer. Times in ms since it was begun. */
export interface TouchTrial extends TickSource {
  begin(): void;
  /** @param atMs  when the finger came down */
  pressed(atMs: number): void;
  /** Called once, however the trial ended; what had been changed for it is put back. */
  end(isComplete: boolean): void;
}
