import { quotientFloor, quotientNearest } from "base/divide";
import type { NnSeries } from "hrv/nn-series";

/**
 * The interval series as a function of time, at even steps: at each beat's time the interval that it ends, a straight
 * line between beats that follow each other, and nothing where they do not.
 * @param startTicks   time of point 0, 1/1024 s
 * @param spanTicks    `count` steps, 1 .. 2^24; point i lies at startTicks + floor(i * spanTicks / count)
 * @param rrTicksQ4    receives `count` intervals, 1/1024 s in Q4, 307 * 16 .. 2048 * 16; 0 marks a point without one
 * @returns            points that have an interval
 * Cost:               no allocation; a division for each point, a step for each beat back to the start
 */
export function sampleIntervals(
  series: NnSeries,
  startTicks: number,
  spanTicks: number,
  count: number,
  rrTicksQ4: Uint16Array,
): number {
  const stepTicks = quotientFloor(spanTicks, count);
  const stepRest = (spanTicks - Math.imul(stepTicks, count)) | 0;
  let back = 0;
  while (back < series.count && ((series.endTicks(back) - startTicks) | 0) > 0) back++;
  back--; // the oldest beat after the start, -1 if there is none
  let presentCount = 0;
  let atTicks = 0; // since the start, below 2^24
  let rest = 0;
  for (let i = 0; i < count; i++) {
    while (back >= 0 && ((series.endTicks(back) - startTicks) | 0) < atTicks) back--;
    const rrQ4 = back < 0 ? 0 : between(series, back, startTicks, atTicks);
    rrTicksQ4[i] = rrQ4;
    if (rrQ4 > 0) presentCount = (presentCount + 1) | 0;
    atTicks = (atTicks + stepTicks) | 0;
    rest = (rest + stepRest) | 0;
    if (rest >= count) {
      rest = (rest - count) | 0;
      atTicks = (atTicks + 1) | 0;
    }
  }
  return presentCount;
}

/** The interval at startTicks + atTicks, which lies at or before the beat `back` and after the next older one. */
function between(series: NnSeries, back: number, startTicks: number, atTicks: number): number {
  const older = (back + 1) | 0;
  if (older >= series.count || !series.isUnbroken(back)) return 0;
  const endTicks = series.endTicks(back);
  const olderTicks = series.endTicks(older);
  const widthTicks = (endTicks - olderTicks) | 0; // one interval give or take the joint: 291 .. 2064
  const sinceTicks = (((startTicks - olderTicks) | 0) + atTicks) | 0; // 0 .. widthTicks
  const olderRrTicks = series.rrTicks(older);
  const slope = Math.imul((series.rrTicks(back) - olderRrTicks) << 4, sinceTicks); // below 1741 * 16 * 2064 < 2^26
  return ((olderRrTicks << 4) + quotientNearest(slope, widthTicks)) | 0;
}
