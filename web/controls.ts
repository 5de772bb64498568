import { element, setText } from "./elements.js";
import { type BandState, type Command, SPEEDS } from "./messages.js";

/** What can be done to the band and to its time. */
export class Controls {
  readonly #token: string;
  #isPaused = false;

  constructor(token: string) {
    this.#token = token;
    const on = (id: string, command: () => Command): void =>
      element(id, HTMLButtonElement).addEventListener("click", () => void this.#send(command()));
    on("press", () => ({ do: "press" }));
    on("long-press", () => ({ do: "longPress" }));
    on("double-press", () => ({ do: "doublePress" }));
    on("pause", () => ({ do: "pause", on: !this.#isPaused }));
    const speed = element("speed", HTMLSelectElement);
    for (const times of SPEEDS)
      speed.append(new Option(times === "max" ? "as fast as it goes" : `${times}×`, `${times}`));
    speed.addEventListener("change", () => {
      const times = SPEEDS.find((one) => String(one) === speed.value);
      if (times !== undefined) void this.#send({ do: "speed", times });
    });
    element("copy", HTMLButtonElement).addEventListener("click", async () => {
      await navigator.clipboard.writeText(element("command", HTMLElement).textContent ?? "");
      setText("spoken", "The command is copied.");
      setText("copy", "Copied");
      setTimeout(() => setText("copy", "Copy"), 2000);
    });
  }

  show({ isPaused, times }: BandState): void {
    this.#isPaused = isPaused;
    setText("pause", isPaused ? "Let time go on" : "Pause time");
    const speed = element("speed", HTMLSelectElement);
    if (document.activeElement !== speed) speed.value = String(times);
  }

  /** Nothing can be done any more. */
  disable(): void {
    for (const id of ["press", "long-press", "double-press", "pause"]) element(id, HTMLButtonElement).disabled = true;
    element("speed", HTMLSelectElement).disabled = true;
  }

  async #send(command: Command): Promise<void> {
    try {
      const headers = { "content-type": "application/json", "x-band-token": this.#token };
      const answer = await fetch("/command", { method: "POST", headers, body: JSON.stringify(command) });
      setText("trouble", answer.ok ? "" : `Not done: ${(await answer.text()).trim()}`);
    } catch {
      setText("trouble", "Not done: the simulator does not answer.");
    }
  }
}
