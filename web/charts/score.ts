import { BREATHS_KEPT } from "../messages.js";
import { history } from "../model.js";
import type { PlotOptions } from "./plot.js";

/** Three breaths of noise have this much in the median, and exceed the other in 5 of 100 cases: 1 - 0.05^(1/2) of what is above 1/3. */
export const NOISE_95_PERCENT = 66;

/** Lock-in to the pacer, breath by breath; a breath that could not be judged is a gap. The noise floor is a band. */
export const scorePlot: PlotOptions = {
  height: 150,
  xRange: [0, BREATHS_KEPT],
  xText: (count) => String(count),
  yUnit: "rhythm, 0 to 100",
  range: () => [0, 105],
  data: () => [history.breaths.map((_, i) => i + 1), history.breaths.map(({ rhythmPercent }) => rhythmPercent)],
  series: [
    ({ trace, accent }) => ({
      stroke: trace,
      width: 1.5,
      spanGaps: false,
      points: { show: true, size: 6, fill: accent, stroke: accent },
    }),
  ],
  below: (u, { grid }) => {
    const { ctx, bbox } = u;
    const top = u.valToPos(NOISE_95_PERCENT, "y", true);
    ctx.save();
    ctx.fillStyle = grid;
    ctx.globalAlpha = 0.5;
    ctx.fillRect(bbox.left, top, bbox.width, bbox.top + bbox.height - top);
    ctx.restore();
  },
};
