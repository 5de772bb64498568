// One clock for everything that moves: once a frame of the screen at most, and not at all while nobody looks.
import { history, isConnected, state } from "./model.js";

/** Under reduced motion the picture stands still in between. */
const CALM_MS = 1000;
/** Beyond what has come, time is not made up for longer than this, real time. */
const AHEAD_MS_MAX = 150;
/** Frames that the figures are made from. */
const KEPT = 600;

/** @param nowMs  virtual time that is shown */
type Draw = (nowMs: number) => void;

export const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
const draws = new Set<Draw>();
const costsMs: number[] = [];
const gapsMs: number[] = [];
let heardVersion = -1;
let heardAtMs = 0;
let drawnAtMs = 0;
let drawnMs = Number.NaN;

/** Draws now and then on every frame in which time has moved. @returns what ends that */
export function onFrame(draw: Draw): () => void {
  draws.add(draw);
  draw(history.nowMs);
  return () => draws.delete(draw);
}

/** What there is must be drawn again though time stands still: another size, other colours. */
export function drawAgain(): void {
  drawnMs = Number.NaN;
}

function shownMs(realMs: number): number {
  if (history.version !== heardVersion) {
    heardVersion = history.version;
    heardAtMs = realMs;
  }
  const now = state.value;
  // Faster than this the steps are small on the screen whatever is done.
  if (now === undefined || now.isPaused || now.isOver || typeof now.times !== "number" || now.times > 5)
    return history.nowMs;
  return history.nowMs + now.times * Math.min(AHEAD_MS_MAX, realMs - heardAtMs);
}

function frame(realMs: number): void {
  requestAnimationFrame(frame);
  if (!isConnected.value && !Number.isNaN(drawnMs)) return;
  const nowMs = shownMs(realMs);
  if (nowMs === drawnMs || (isCalm.matches && realMs - drawnAtMs < CALM_MS)) return;
  const fromMs = performance.now();
  for (const draw of draws) draw(nowMs);
  keep(costsMs, performance.now() - fromMs);
  if (drawnAtMs > 0) keep(gapsMs, realMs - drawnAtMs);
  drawnAtMs = realMs;
  drawnMs = nowMs;
}

function keep(list: number[], value: number): void {
  list.push(value);
  if (list.length > KEPT) list.shift();
}

const middle = (list: readonly number[], share: number): number =>
  [...list].sort((a, b) => a - b)[Math.floor(share * (list.length - 1))] ?? 0;

/** What drawing costs, ms a frame, and how many frames a second there were: median, and the slowest of twenty. */
export function frameFigures(): { costMs: number; costMs95: number; perSecond: number; frames: number } {
  const gapMs = middle(gapsMs, 0.5);
  return {
    costMs: middle(costsMs, 0.5),
    costMs95: middle(costsMs, 0.95),
    perSecond: gapMs === 0 ? 0 : 1000 / gapMs,
    frames: costsMs.length,
  };
}

export function forgetFigures(): void {
  costsMs.length = 0;
  gapsMs.length = 0;
}

requestAnimationFrame(frame);
