/**
 * Stops at a bug of ours: something that only a programmer can have broken. Never for what the world does.
 * The outermost callback on the wrist catches it, with the motor off first; tests and the simulator fail the run.
 */
export function assert(claim: boolean, message: string): asserts claim {
  if (!claim) throw new AssertionFailed(message);
}

export class AssertionFailed extends Error {
  override readonly name = "AssertionFailed";
}
