import { element, setText } from "./elements.js";
import type { History } from "./history.js";
import { type BandState, PULSE_MS } from "./messages.js";

/** Text summaries follow the traces this often, real time. */
const SUMMARY_MS = 2000;

/** 65,000 → "1:05" */
function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Values in words and numbers, and what is said aloud when one of them changes its kind. */
export class Readings {
  #said: readonly string[] = [];
  #summaryAtMs = Number.NEGATIVE_INFINITY;

  show(state: BandState, history: History): void {
    const { bpm, bpmReason, batteryPercent } = state;
    setText("clock", `${clockText(state.nowMs)} of ${clockText(state.durationMs)}`);
    setText("pace", state.isPaused ? "paused" : state.speed);
    this.#value("rate", bpm === null ? undefined : String(bpm), "bpm", bpmReason);
    const beat = history.beats.at(-1);
    const rr = beat?.counts && beat.rrMs !== null ? String(Math.round(beat.rrMs)) : undefined;
    this.#value("rr", rr, "ms", beat === undefined ? "no beat yet" : `the last beat does not count: ${beat.verdict}`);
    setText("contact", state.contact ?? "– not known yet");
    setText("session", state.session);
    const volts = `${(state.batteryMv / 1000).toFixed(2)} V`;
    setText("battery", batteryPercent === null ? `– not measured yet, ${volts}` : `${batteryPercent} %, ${volts}`);
    setText("link", state.link);
    setText("engine", state.engine);
    setText("command", state.command);
    const restarts =
      state.restarts === 0 ? "" : `The firmware has failed and restarted: ${state.restarts}×, see the log.`;
    setText("fault", restarts);
    const { thinnedBy } = history;
    setText("thinned", thinnedBy === 1 ? "" : `At this speed one look in ${thinnedBy} is drawn.`);
    this.#say(state);
    this.#summarise(history);
    this.#log(history);
  }

  /** A value with warrant is solid; an absent one a dash with its reason. */
  #value(id: string, value: string | undefined, unit: string, reason: string): void {
    setText(id, value ?? "–");
    setText(`${id}-unit`, value === undefined ? reason : unit);
    element(id, HTMLElement).classList.toggle("absent", value === undefined);
  }

  /** Changes of state, never single beats. */
  #say(state: BandState): void {
    const now = [
      `Session: ${state.session}.`,
      `Contact: ${state.contact ?? "not known yet"}.`,
      state.bpm === null ? `No heart rate: ${state.bpmReason}.` : "There is a heart rate.",
      state.isPaused ? "Paused." : "Running.",
      `Link: ${state.link}.`,
    ];
    const news = now.filter((text, i) => text !== this.#said[i]);
    if (news.length > 0) setText("spoken", news.join(" "));
    this.#said = now;
  }

  #summarise({ beats, points, nowMs }: History): void {
    const realMs = performance.now();
    if (realMs - this.#summaryAtMs < SUMMARY_MS) return;
    this.#summaryAtMs = realMs;
    const seen = beats.filter(({ atMs }) => nowMs - atMs <= PULSE_MS);
    const bad = seen.filter(({ counts }) => !counts).map(({ verdict }) => verdict);
    const why = bad.length === 0 ? "" : ` (not: ${[...new Set(bad)].join(", ")})`;
    setText("pulse-summary", `${seen.length} beats in the last 10 s, ${seen.length - bad.length} count${why}.`);
    const strongest = points.reduce((most, { motor }) => Math.max(most, motor), 0);
    const motorText = strongest === 0 ? "still" : `up to ${Math.round(strongest * 100)} % of rated strength`;
    setText("motor-summary", `Motor in the last 10 s: ${motorText}.`);
    const intervals = beats.flatMap(({ rrMs, counts }) => (counts && rrMs !== null ? [rrMs] : []));
    setText(
      "tachogram-summary",
      intervals.length === 0
        ? "No interval counts yet."
        : `${intervals.length} intervals count, ${Math.round(Math.min(...intervals))} to ` +
            `${Math.round(Math.max(...intervals))} ms; ${beats.length - intervals.length} do not and are gaps.`,
    );
  }

  #log({ log }: History): void {
    const lines = element("log", HTMLElement);
    const text = log.join("\n");
    if (lines.textContent === text) return;
    const isAtEnd = lines.scrollTop + lines.clientHeight >= lines.scrollHeight - 4;
    lines.textContent = text;
    if (isAtEnd) lines.scrollTop = lines.scrollHeight;
  }
}
