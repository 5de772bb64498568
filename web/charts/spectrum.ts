import { history } from "../model.js";
import type { PlotOptions } from "./plot.js";

const BINS_PER_HZ = 512;
/** Where the peak is sought, and where all of the power is counted. */
const SOUGHT_HZ = [0.04, 0.26] as const;

/** Power of the heart's rhythm over frequency; the peak that coherence is made of is tinted. */
export const spectrumPlot: PlotOptions = {
  height: 180,
  xRange: [0, 0.4],
  xText: (hz) => (hz === 0 ? "0" : `${Math.round(60 * hz)}/min`),
  yUnit: "of the strongest",
  yText: (value) => `${Math.round(100 * value)} %`,
  range: () => [0, 1.05],
  data: () => {
    const { spectrum } = history;
    if (spectrum === null) return [[], []];
    return [spectrum.powers.map((_, i) => (spectrum.firstBin + i) / BINS_PER_HZ), [...spectrum.powers]];
  },
  series: [({ trace }) => ({ stroke: trace, width: 1.5, points: { show: false } })],
  below: (u, { accent, grid }) => {
    const { ctx, bbox } = u;
    const band = (fromHz: number, toHz: number): void => {
      const left = u.valToPos(fromHz, "x", true);
      ctx.fillRect(left, bbox.top, u.valToPos(toHz, "x", true) - left, bbox.height);
    };
    ctx.save();
    ctx.fillStyle = grid;
    ctx.globalAlpha = 0.35;
    band(...SOUGHT_HZ);
    const { spectrum } = history;
    if (spectrum !== null) {
      ctx.fillStyle = accent;
      ctx.globalAlpha = 0.25;
      band(
        (spectrum.peakBin - spectrum.reachBins) / BINS_PER_HZ,
        (spectrum.peakBin + spectrum.reachBins) / BINS_PER_HZ,
      );
    }
    ctx.restore();
  },
};
