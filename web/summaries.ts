// The traces in words: for who does not see them, and for who wants to be sure. Made anew every two seconds.
import { signal } from "@preact/signals";
import { PULSE_MS } from "./messages.js";
import { history } from "./model.js";

const EVERY_MS = 2000;

export const summaries = signal({ pulse: "–", touch: "–", tachogram: "–" });
let madeAtMs = Number.NEGATIVE_INFINITY;

export function summarise(): void {
  const realMs = performance.now();
  if (realMs - madeAtMs < EVERY_MS) return;
  madeAtMs = realMs;
  summaries.value = { pulse: pulseText(), touch: touchText(), tachogram: tachogramText() };
}

function pulseText(): string {
  const { beats, nowMs } = history;
  const seen = beats.filter(({ atMs }) => nowMs - atMs <= PULSE_MS);
  const bad = seen.filter(({ counts }) => !counts).map(({ verdict }) => verdict);
  if (seen.length === 0) return "No beat in the last 10 s.";
  const why = bad.length === 0 ? "" : ` Not: ${[...new Set(bad)].join(", ")}.`;
  return `${seen.length} beats in the last 10 s, ${seen.length - bad.length} count.${why}`;
}

function touchText(): string {
  const strongest = history.points.reduce((most, { motor }) => (motor > most ? motor : most), 0);
  return strongest === 0
    ? "The motor has been still for 30 s."
    : `The motor gave up to ${Math.round(strongest * 100)} % of its rated strength in the last 30 s.`;
}

function tachogramText(): string {
  const counted = history.beats.flatMap(({ rrMs, counts }) => (counts && rrMs !== null ? [rrMs] : []));
  if (counted.length === 0) return "No interval counts yet.";
  const [low, high] = [Math.min(...counted), Math.max(...counted)].map(Math.round);
  const others = history.beats.length - counted.length;
  return `${counted.length} intervals count, ${low} to ${high} ms; ${others} do not and are gaps.`;
}
