import type uPlot from "uplot";
import { TACHOGRAM_MS } from "../messages.js";
import { history, isTruthShown } from "../model.js";
import { type Colours, drawLine, type PlotOptions } from "./plot.js";

const SPAN_MIN_MS = 300;
const STEP_MS = 100;

/** Intervals between beats; where one does not count there is a gap. Behind them, breathing in as it was led. */
export const tachogramPlot: PlotOptions = {
  height: 165,
  windowMs: TACHOGRAM_MS,
  yUnit: "RR, ms",
  yText: (value) => value.toLocaleString("en"),
  range: (low, high) => {
    if (low === null || high === null) return [600, 1100];
    const spare = Math.max(0, SPAN_MIN_MS - (high - low)) / 2 + 20;
    return [Math.floor((low - spare) / STEP_MS) * STEP_MS, Math.ceil((high + spare) / STEP_MS) * STEP_MS];
  },
  data: () => {
    const { x, y } = history.intervals();
    return [x, y];
  },
  series: [
    ({ trace, accent }) => ({
      stroke: trace,
      width: 1.5,
      spanGaps: false,
      points: { show: true, size: 5, fill: accent, stroke: accent },
    }),
  ],
  below: (u, colours) => {
    shadeInhaling(u, colours);
    if (!isTruthShown.value) return;
    const { x, y } = history.trueIntervals();
    drawLine(
      u,
      x.map((at, i): [number, number | null] => [at, y[i] ?? null]),
      { colour: colours.truth, width: 4 },
    );
  },
};

function shadeInhaling(u: uPlot, { grid }: Colours): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = grid;
  ctx.globalAlpha = 0.45;
  for (const { startMs, inhaleMs } of history.paced) {
    const left = u.valToPos(startMs / 1000, "x", true);
    const right = u.valToPos(Math.min(history.nowMs, startMs + inhaleMs) / 1000, "x", true);
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}
