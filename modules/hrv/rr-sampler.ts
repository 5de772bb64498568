import { quotientFloor, quotientNearest } from "base/divide";
import type { NnSeries } from "hrv/nn-series";

/**
 * The interval series as a function of time, at even steps: at each beat's time the interval that it ends, a straight
 * line between beats that follow each other, and nothing where they do not.
 * @param startTicks   time of point 0, 1/1024 s
 * @param spanTicks    `count` steps, 1 .. 2^24; point i lies at startTicks + floor(i * spanTicks / count)
 * @param rrTicksQ4    receives `count` intervals, 1/1024 s in Q4, 307 * 16 .. 2048 * 16; 0 marks a point without one
 * @returns            points that have an interval
 * Cost:               no allocation; a division for each beat in the span, a step for each beat back to its start
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
  let piece = -2; // the beat that ends the straight piece below; none yet
  let pieceStartTicks = 0;
  let pieceRrTicksQ4 = 0;
  let slopeQ17 = 0;
  for (let i = 0; i < count; i++) {
    while (back >= 0 && ((series.endTicks(back) - startTicks) | 0) < atTicks) back--;
    if (back !== piece) {
      // A new piece, once a beat: its start after `startTicks`, its interval there (0: there is none), its slope.
      piece = back;
      const older = (back + 1) | 0;
      pieceRrTicksQ4 = 0;
      if (back >= 0 && older < series.count && series.isUnbroken(back)) {
        const olderRrTicks = series.rrTicks(older);
        const widthTicks = (series.endTicks(back) - series.endTicks(older)) | 0; // an interval and the joint: 291 .. 2064
        pieceStartTicks = (series.endTicks(older) - startTicks) | 0;
        pieceRrTicksQ4 = olderRrTicks << 4;
        slopeQ17 = quotientNearest((series.rrTicks(back) - olderRrTicks) << 17, widthTicks); // 1741 * 2^17 is below 2^28
      }
    }
    if (pieceRrTicksQ4 > 0) {
      // At most 1741 * 2^17 and half a unit of the slope for each of 2064 ticks: below 2^28.
      const change = Math.imul(slopeQ17, atTicks - pieceStartTicks);
      rrTicksQ4[i] = (pieceRrTicksQ4 + ((change + 0x1000) >> 13)) | 0;
      presentCount = (presentCount + 1) | 0;
    } else rrTicksQ4[i] = 0;
    atTicks = (atTicks + stepTicks) | 0;
    rest = (rest + stepRest) | 0;
    if (rest >= count) {
      rest = (rest - count) | 0;
      atTicks = (atTicks + 1) | 0;
    }
  }
  return presentCount;
}
