const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Calls `stop` at the first Ctrl-C, or when the terminal closes or the system asks. The second one ends the process at
 * once, as it would have without us.
 * @returns what takes the listeners off
 */
export function onInterrupt(stop: () => void): () => void {
  const off = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, heard);
  };
  const heard = (): void => {
    off();
    stop();
  };
  for (const signal of SIGNALS) process.on(signal, heard);
  return off;
}
