/** How a command ends. */
export const enum ExitCode {
  Fine = 0,
  /** Ours: the firmware or the simulator went wrong. */
  Bug = 1,
  /** The user can mend it. */
  BadInput = 2,
  /** Ctrl-C cut a run short that was to be whole. */
  Interrupted = 130,
}
