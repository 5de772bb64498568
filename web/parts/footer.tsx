import { signal } from "@preact/signals";
import { send } from "../connection.js";
import { hello, isConnected, state } from "../model.js";

const COPIED_MS = 2000;
const isCopied = signal(false);

/** How to have this run again, and what the page is not. */
export function Footer() {
  const command = state.value?.command ?? "";
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(command);
    isCopied.value = true;
    setTimeout(() => {
      isCopied.value = false;
    }, COPIED_MS);
  };
  return (
    <footer>
      <p class="command">
        To repeat this run: <code id="command">{command}</code>
        <button type="button" id="copy" class="small" onClick={() => void copy()}>
          {isCopied.value ? "Copied" : "Copy"}
        </button>
        <button
          type="button"
          id="restart"
          class="small"
          disabled={!isConnected.value}
          onClick={() => void send({ do: "begin" })}
        >
          Begin anew, same seed
        </button>
      </p>
      <p>
        Version <span id="version">{hello.value?.version ?? "–"}</span>. {hello.value?.texts.frame}
      </p>
    </footer>
  );
}
