import { quotientFloor } from "base/divide";
import { msFromTicksFloor } from "base/units";
import type { NnSeries } from "hrv/nn-series";

/**
 * The newest part of a series: which intervals lie in it whole, and how much of it they cover.
 * Memory: 5 fields.
 */
export class NnWindow {
  endTicks = 0;
  windowTicks = 0;
  windowMs = 0;
  /** Intervals that lie in the window from end to end: `back` 0 .. intervalCount - 1 of the series. */
  intervalCount = 0;
  /** Share of the window inside clean intervals, rounded down, 0 .. 100. */
  coveragePercent = 0;

  /**
   * @param windowTicksMax   below 2^24; the window is shorter while the series is
   * Cost: no allocation; one step for each interval
   */
  select(series: NnSeries, nowTicks: number, windowTicksMax: number): void {
    const endTicks = series.windowEndTicks(nowTicks);
    const reachTicks = series.reachTicks(endTicks);
    // A series that reaches back past int32, 24 days, seems to reach back not at all: it has no window, which is right.
    let windowTicks = windowTicksMax;
    if (reachTicks < windowTicks) windowTicks = reachTicks;
    if (windowTicks < 0) windowTicks = 0;
    let coveredTicks = 0;
    let back = 0;
    for (; back < series.count; back++) {
      const rrTicks = series.rrTicks(back);
      const restTicks = (windowTicks - ((endTicks - series.endTicks(back)) | 0)) | 0; // of the window, before this beat
      if (restTicks < rrTicks) {
        if (restTicks > 0) coveredTicks = (coveredTicks + restTicks) | 0; // the one that the window's start cuts
        break;
      }
      coveredTicks = (coveredTicks + rrTicks) | 0;
    }
    this.endTicks = endTicks;
    this.windowTicks = windowTicks;
    this.windowMs = msFromTicksFloor(windowTicks);
    this.intervalCount = back;
    // 1024 intervals of 2048 ticks, times 100, are below 2^28. Joints may overlap a little, so the share is capped.
    this.coveragePercent = windowTicks === 0 ? 0 : quotientFloor(Math.imul(coveredTicks, 100), windowTicks);
    if (this.coveragePercent > 100) this.coveragePercent = 100;
  }
}
