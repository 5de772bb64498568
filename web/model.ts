// What the page knows, for whoever draws it. Signals: who reads one is drawn anew when it changes.
import { computed, signal } from "@preact/signals";
import { History } from "./history.js";
import type { BandState, Hello } from "./messages.js";

export type View = "live" | "sessions" | "trends";

export const hello = signal<Hello | undefined>(undefined);
export const state = signal<BandState | undefined>(undefined);
/** Why the page shows nothing new; empty while all is well. */
export const trouble = signal("");
/** What was asked for and has not been done, and why. */
export const refusal = signal("");
export const droppedFrames = signal(0);
/** The simulator is there and hears. */
export const isConnected = signal(false);
export const history = new History();

const VIEWS: readonly View[] = ["live", "sessions", "trends"];
const viewOf = (hash: string): View => VIEWS.find((view) => `#${view}` === hash) ?? "live";
export const view = signal<View>(viewOf(location.hash));
addEventListener("hashchange", () => {
  view.value = viewOf(location.hash);
});

/** Everything about the virtual person is hidden, as with a real band. */
export const isTruthShown = signal(true);

export const programNow = computed(() => {
  const name = state.value?.session.program;
  return hello.value?.programs.find((program) => program.name === name);
});
export const phaseNow = computed(() => {
  const id = state.value?.session.phase;
  return programNow.value?.phases.find((phase) => phase.id === id);
});
