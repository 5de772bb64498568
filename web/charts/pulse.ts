import type uPlot from "uplot";
import { PULSE_MS } from "../messages.js";
import { history, isTruthShown } from "../model.js";
import type { Colours, PlotOptions } from "./plot.js";

/** A still trace is not blown up to the noise of its last bit. */
const SPAN_MIN = 200;
const MARK_TOP = 18;
const isInWindow = (atMs: number): boolean => history.nowMs - atMs <= PULSE_MS;

/** Raw light, beats with their verdicts, and when the motor shook the sensor. */
export const pulsePlot: PlotOptions = {
  height: 175,
  windowMs: PULSE_MS,
  yUnit: "light, ADC counts",
  yText: (value) => value.toLocaleString("en"),
  // More blood is less light: upside down, a pulse goes up.
  isUpsideDown: true,
  range: (low, high) => {
    if (low === null || high === null) return [0, SPAN_MIN];
    const middle = (low + high) / 2;
    const half = Math.max(SPAN_MIN, 1.35 * (high - low)) / 2; // room for the marks
    return [middle - half, middle + half];
  },
  data: () => {
    const { x, y } = history.light();
    return [x, y];
  },
  series: [({ trace }) => ({ stroke: trace, width: 1.5, spanGaps: false, points: { show: false } })],
  below: shadeMotor,
  above: (u, colours) => {
    if (isTruthShown.value) markTruth(u, colours);
    markBeats(u, colours);
  },
};

/** While the motor runs, the ground is tinted: stronger for a stronger touch. */
export function shadeMotor(u: uPlot, { accent }: Colours): void {
  const { points } = history;
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = accent;
  for (let i = 0; i + 1 < points.length; i++) {
    const { atMs, motor } = points[i]!;
    if (motor <= 0 || !isInWindow(atMs)) continue;
    const left = u.valToPos(atMs / 1000, "x", true);
    const right = u.valToPos(points[i + 1]!.atMs / 1000, "x", true);
    ctx.globalAlpha = 0.1 + 0.25 * motor;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

/** Where the planted pulses reached the sensor: ticks at the foot. */
function markTruth(u: uPlot, { truth }: Colours): void {
  const { ctx, bbox } = u;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.fillStyle = truth;
  for (const { atMs } of history.trueBeats()) {
    if (!isInWindow(atMs)) continue;
    const x = u.valToPos(atMs / 1000, "x", true);
    ctx.fillRect(x - scale, bbox.top + bbox.height - 10 * scale, 2 * scale, 10 * scale);
  }
  ctx.restore();
}

/** A filled disc counts. An empty one does not, and its verdict stands above, if there is room. */
function markBeats(u: uPlot, { accent, text, paper }: Colours): void {
  const { ctx, bbox } = u;
  const scale = devicePixelRatio;
  const y = bbox.top + MARK_TOP * scale;
  ctx.save();
  ctx.font = `${11 * scale}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  ctx.lineWidth = 1.5 * scale;
  let freeFrom = bbox.left;
  for (const { atMs, counts, verdict } of history.beats) {
    if (!isInWindow(atMs)) continue;
    const x = u.valToPos(atMs / 1000, "x", true);
    ctx.beginPath();
    ctx.arc(x, y, 4 * scale, 0, 2 * Math.PI);
    ctx.fillStyle = counts ? accent : paper;
    ctx.strokeStyle = counts ? accent : text;
    ctx.fill();
    ctx.stroke();
    const half = ctx.measureText(verdict).width / 2;
    if (counts || x - half < freeFrom) continue;
    freeFrom = x + half + 4 * scale;
    ctx.fillStyle = text;
    ctx.fillText(verdict, x, y - 7 * scale);
  }
  ctx.restore();
}
