import { type Beat, type Frame, LOG_LINES, LOOK_MS, type Point, PULSE_MS, TACHOGRAM_MS } from "./messages.js";

/** Columns as the charts take them: x in seconds from now, null where there is a gap. */
export interface Columns {
  readonly x: number[];
  readonly y: (number | null)[];
}

/** A little more than a window, so that a line runs out of the picture instead of beginning in it. */
const MARGIN_MS = 500;
/** After this without a beat the tachogram has a gap, even if the next interval counts. */
const RR_MS_MAX = 3000;

/** What the page remembers: as much as it draws. */
export class History {
  nowMs = 0;
  points: Point[] = [];
  beats: Beat[] = [];
  log: string[] = [];
  /** One point in so many is there. */
  thinnedBy = 1;
  /** Times before which something is missing: frames that were dropped. */
  #holes: number[] = [];
  #hasHole = false;

  clear(): void {
    this.points = [];
    this.beats = [];
    this.log = [];
    this.#holes = [];
    this.#hasHole = false;
  }

  add({ state, points, beats, log, thinnedBy }: Frame): void {
    this.nowMs = state.nowMs;
    this.thinnedBy = thinnedBy;
    const firstMs = points[0]?.atMs ?? beats[0]?.atMs;
    if (this.#hasHole && firstMs !== undefined) {
      this.#holes.push(firstMs);
      this.#hasHole = false;
    }
    this.points.push(...points);
    this.beats.push(...beats);
    this.log.push(...log);
    this.points = this.points.filter(({ atMs }) => this.nowMs - atMs <= PULSE_MS + MARGIN_MS);
    this.beats = this.beats.filter(({ atMs }) => this.nowMs - atMs <= TACHOGRAM_MS + MARGIN_MS);
    this.#holes = this.#holes.filter((atMs) => this.nowMs - atMs <= TACHOGRAM_MS);
    if (this.log.length > LOG_LINES) this.log.splice(0, this.log.length - LOG_LINES);
  }

  /** Frames were lost: the lines must not run across. */
  hole(): void {
    this.#hasHole = true;
  }

  secondsFromNow(atMs: number): number {
    return (atMs - this.nowMs) / 1000;
  }

  light(): Columns {
    return this.#columns((point) => point.light);
  }

  motor(): Columns {
    return this.#columns((point) => point.motor);
  }

  /** Intervals that count, at their beat; a gap wherever one does not, or is missing. */
  intervals(): Columns {
    const x: number[] = [];
    const y: (number | null)[] = [];
    let lastMs: number | undefined;
    for (const { atMs, rrMs, counts } of this.beats) {
      const at = this.secondsFromNow(atMs);
      if (lastMs !== undefined && (atMs - lastMs > RR_MS_MAX || this.#isHole(lastMs, atMs))) {
        x.push(this.secondsFromNow((lastMs + atMs) / 2));
        y.push(null);
      }
      x.push(at);
      y.push(counts ? rrMs : null);
      lastMs = atMs;
    }
    return { x, y };
  }

  #columns(value: (point: Point) => number | null): Columns {
    const x: number[] = [];
    const y: (number | null)[] = [];
    const stepMsMax = 2.5 * LOOK_MS * this.thinnedBy;
    let lastMs: number | undefined;
    for (const point of this.points) {
      if (lastMs !== undefined && (point.atMs - lastMs > stepMsMax || this.#isHole(lastMs, point.atMs))) {
        x.push(this.secondsFromNow((lastMs + point.atMs) / 2));
        y.push(null);
      }
      x.push(this.secondsFromNow(point.atMs));
      y.push(value(point));
      lastMs = point.atMs;
    }
    return { x, y };
  }

  #isHole(fromMs: number, toMs: number): boolean {
    return this.#holes.some((atMs) => atMs > fromMs && atMs <= toMs);
  }
}
