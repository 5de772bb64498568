// A recording with reference beats and detections, as SVG, to look at failures.
import { BeatVerdict } from "hrv/beat";
import type { TracedDetection } from "./detect.js";
import type { Samples } from "./records.js";

const ROW_S = 20;
const WIDTH = 1600;
const ROW_HEIGHT = 130;
const MARGIN = 40;

const VERDICTS: Readonly<Record<BeatVerdict, readonly [string, string]>> = Object.freeze({
  [BeatVerdict.Accepted]: ["accepted", "#0a7f3f"],
  [BeatVerdict.FirstAfterGap]: ["first", "#1f5fbf"],
  [BeatVerdict.TooShort]: ["short", "#b03060"],
  [BeatVerdict.TooLong]: ["long", "#b03060"],
  [BeatVerdict.Unlike]: ["unlike", "#c77700"],
  [BeatVerdict.MotorOverlap]: ["motor", "#7a3fbf"],
  [BeatVerdict.Ectopic]: ["ectopic", "#bf1f1f"],
  [BeatVerdict.Noisy]: ["noisy", "#888888"],
});

/** Rows of 20 s: the wave (a pulse upwards), below it reference beats moved by the lag, above it detections by verdict. */
export function drawing(samples: Samples, detections: readonly TracedDetection[], lagMs: number): string {
  const { counts, rateHz } = samples;
  const rows = Math.ceil(counts.length / rateHz / ROW_S);
  const parts: string[] = [];
  const x = (ms: number): string => (MARGIN + (((ms / 1000) % ROW_S) / ROW_S) * (WIDTH - 2 * MARGIN)).toFixed(1);
  const rowTop = (ms: number): number => 40 + Math.floor(ms / 1000 / ROW_S) * ROW_HEIGHT;
  for (let row = 0; row < rows; row++) {
    const part = counts.subarray(row * ROW_S * rateHz, (row + 1) * ROW_S * rateHz);
    const low = Math.min(...part);
    const span = Math.max(1, Math.max(...part) - low);
    const top = 40 + row * ROW_HEIGHT;
    const points = Array.from(part, (value, i) => {
      const ms = ((row * ROW_S * rateHz + i) * 1000) / rateHz;
      return `${x(ms)},${(top + 20 + ((value - low) / span) * 80).toFixed(1)}`;
    });
    parts.push(`<polyline points="${points.join(" ")}" fill="none" stroke="#333" stroke-width="0.8"/>`);
    parts.push(`<text x="4" y="${top + 60}">${row * ROW_S} s</text>`);
  }
  for (const beat of samples.beatsMs) {
    const ms = beat + lagMs;
    if (ms < 0 || ms >= rows * ROW_S * 1000) continue;
    parts.push(`<path d="M${x(ms)} ${rowTop(ms) + 104}v10" stroke="#000" stroke-width="1.5"/>`);
  }
  for (const { tMs, verdict } of detections) {
    const [, colour] = VERDICTS[verdict];
    parts.push(`<path d="M${x(tMs)} ${rowTop(tMs) + 4}v14" stroke="${colour}" stroke-width="2.5"/>`);
  }
  for (const { startMs, endMs } of samples.mask)
    parts.push(`<text x="${x(startMs)}" y="${rowTop(startMs) + 126}" fill="#888">mask to ${endMs} ms</text>`);
  for (const [i, [name, colour]] of Object.values(VERDICTS).entries())
    parts.push(`<text x="${300 + i * 90}" y="22" fill="${colour}">${name}</text>`);
  const height = 60 + rows * ROW_HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/><text x="${MARGIN}" y="22" font-size="16">${samples.id}</text>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}
