import type { TickSource } from "haptics/tick-source";

/** A trial of touch that a session leads, a stage per phase: ticks, and presses in answer. Times in ms since `begin`. */
export interface TouchTrial extends TickSource {
  /** @param stage  the phase's id */
  begin(stage: string): void;
  /** @param atMs  when the finger came down */
  pressed(atMs: number): void;
  /** Called once a stage, however it ended; what had been changed for it is put back. */
  end(isComplete: boolean): void;
}
