import type uPlot from "uplot";
import { pacerAt } from "../breath.js";
import { BREATH_MS } from "../messages.js";
import { history, isTruthShown } from "../model.js";
import { type Colours, drawLine, type PlotOptions } from "./plot.js";

/** The programs' touch is seldom more than half of what the motor can do. */
const SPAN_MIN = 0.5;
const PACER_STEP_MS = 100;

/** What the motor is felt to do, the breath that it asks for, and the breath that there was. */
export const touchPlot: PlotOptions = {
  height: 110,
  windowMs: BREATH_MS,
  yUnit: "of rated",
  yText: (value) => `${Math.round(100 * value)} %`,
  range: (_, high) => [0, Math.max(SPAN_MIN, high ?? 0)],
  data: () => {
    const { x, y } = history.motor();
    return [x, y];
  },
  series: [
    ({ accent }) => ({ stroke: accent, width: 1, fill: `${accent}55`, spanGaps: false, points: { show: false } }),
  ],
  above: (u, colours) => {
    drawPacer(u, colours);
    if (isTruthShown.value) drawLungs(u, colours);
  },
};

/** Breath as a share of the picture's height, both of the pacer and of the lungs. */
const heightOf = (u: uPlot, share: number): number => (u.scales.y?.max ?? 1) * (0.08 + 0.84 * share);

function drawPacer(u: uPlot, { text }: Colours): void {
  const points: [number, number | null][] = [];
  for (let atMs = history.nowMs - BREATH_MS; atMs <= history.nowMs; atMs += PACER_STEP_MS) {
    const pacer = pacerAt(history.paced, atMs);
    points.push([atMs / 1000, pacer === undefined ? null : heightOf(u, pacer.fullness)]);
  }
  drawLine(u, points, { colour: text, width: 1.25, dash: [5, 4] });
}

function drawLungs(u: uPlot, { truth }: Colours): void {
  const { x, y } = history.lungs();
  let low = 0;
  let high = 0.6;
  for (const litres of y) {
    if (litres === null) continue;
    if (litres < low) low = litres;
    if (litres > high) high = litres;
  }
  const points = x.map((at, i): [number, number | null] => {
    const litres = y[i] ?? null;
    return [at, litres === null ? null : heightOf(u, (litres - low) / (high - low))];
  });
  drawLine(u, points, { colour: truth, width: 2 });
}
