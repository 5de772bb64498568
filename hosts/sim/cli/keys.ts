import { onInterrupt } from "./interrupt.js";

/** What the wearer, or whoever watches, may do. */
export interface Keys {
  press(): void;
  longPress(): void;
  /** Held for 4 s: a phone may pair. */
  pairPress(): void;
  pause(): void;
  quit(): void;
}

const CTRL_C = "\u0003";

/** Single keys from the terminal, if there is one, and Ctrl-C from anywhere. Returns what gives the terminal back. */
export function listenToKeys(keys: Keys): () => void {
  const deafen = onInterrupt(() => keys.quit());
  const { stdin } = process;
  if (!stdin.isTTY) return deafen;
  const onData = (data: Buffer): void => {
    for (const key of data.toString()) {
      if (key === "b") keys.press();
      else if (key === "l") keys.longPress();
      else if (key === "p") keys.pairPress();
      else if (key === " ") keys.pause();
      else if (key === "q" || key === CTRL_C) keys.quit();
    }
  };
  stdin.setRawMode(true);
  stdin.on("data", onData);
  return () => {
    deafen();
    stdin.removeListener("data", onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
