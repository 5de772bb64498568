import {
  type Beat,
  BREATH_MS,
  BREATHS_KEPT,
  type Breath,
  type Frame,
  LOG_LINES,
  LOOK_MS,
  type PacedBreath,
  type Point,
  type Spectrum,
  TACHOGRAM_MS,
  type TrueEvent,
} from "./messages.js";

/** Columns as the charts take them: x in virtual seconds, null where there is a gap. */
export interface Columns {
  readonly x: number[];
  readonly y: (number | null)[];
}

type TrueBeat = Extract<TrueEvent, { readonly what: "beat" }>;

/** A little more than a window, so that a line runs out of the picture instead of beginning in it. */
const MARGIN_MS = 500;
/** After this without a beat the tachogram has a gap, even if the next interval counts. */
const RR_MS_MAX = 3000;
/** A beat is found this far from where it was planted. */
const NEAR_MS = 150;
/** As hrv/heart-rate. */
const RATE_INTERVALS = 5;

const seconds = (ms: number): number => ms / 1000;

/** What the page remembers: as much as it draws. */
export class History {
  nowMs = 0;
  points: Point[] = [];
  beats: Beat[] = [];
  truth: TrueEvent[] = [];
  breaths: Breath[] = [];
  paced: PacedBreath[] = [];
  spectrum: Spectrum | null = null;
  log: string[] = [];
  /** One point in so many is there. */
  thinnedBy = 1;
  /** Counts what came: whoever has drawn this number has drawn all. */
  version = 0;
  /** Times before which something is missing: frames that were dropped. */
  #holes: number[] = [];
  #hasHole = false;

  clear(): void {
    this.points = [];
    this.beats = [];
    this.truth = [];
    this.breaths = [];
    this.paced = [];
    this.spectrum = null;
    this.log = [];
    this.#holes = [];
    this.#hasHole = false;
  }

  add(frame: Frame): void {
    const { state, points, beats, truth, breaths, paced, log, thinnedBy } = frame;
    this.version++;
    this.nowMs = state.nowMs;
    this.thinnedBy = thinnedBy;
    const firstMs = points[0]?.atMs ?? beats[0]?.atMs;
    if (this.#hasHole && firstMs !== undefined) {
      this.#holes.push(firstMs);
      this.#hasHole = false;
    }
    this.points.push(...points);
    this.beats.push(...beats);
    this.truth.push(...truth);
    this.breaths.push(...breaths);
    this.log.push(...log);
    this.paced.push(...paced);
    if (frame.spectrum !== undefined) this.spectrum = frame.spectrum;
    this.points = this.points.filter(({ atMs }) => this.nowMs - atMs <= BREATH_MS + MARGIN_MS);
    this.beats = this.beats.filter(({ atMs }) => this.nowMs - atMs <= TACHOGRAM_MS + MARGIN_MS);
    this.truth = this.truth.filter(({ atMs }) => this.nowMs - atMs <= TACHOGRAM_MS + MARGIN_MS);
    this.paced = this.paced.filter(({ startMs }) => this.nowMs - startMs <= TACHOGRAM_MS + MARGIN_MS);
    this.#holes = this.#holes.filter((atMs) => this.nowMs - atMs <= TACHOGRAM_MS);
    if (this.breaths.length > BREATHS_KEPT) this.breaths.splice(0, this.breaths.length - BREATHS_KEPT);
    if (this.log.length > LOG_LINES) this.log.splice(0, this.log.length - LOG_LINES);
  }

  /** Frames were lost: the lines must not run across. */
  hole(): void {
    this.#hasHole = true;
  }

  light(): Columns {
    return this.#columns((point) => point.light);
  }

  motor(): Columns {
    return this.#columns((point) => point.motor);
  }

  /** Air in the lungs, litres: planted. */
  lungs(): Columns {
    return this.#columns((point) => point.litres);
  }

  /** Intervals that count, at their beat; a gap wherever one does not, or is missing. */
  intervals(): Columns {
    return this.#intervals(this.beats, ({ counts, rrMs }) => (counts ? rrMs : null));
  }

  /** The same of the beats that there really were. */
  trueIntervals(): Columns {
    return this.#intervals(this.trueBeats(), ({ rrMs }) => rrMs);
  }

  trueBeats(): readonly TrueBeat[] {
    return this.truth.filter((event): event is TrueBeat => event.what === "beat");
  }

  /** Beats a minute of the virtual person, over the same beats as the band's own rate: those that it has told. */
  trueBpm(): number | undefined {
    const toldMs = this.beats.at(-1)?.atMs ?? this.nowMs;
    const intervals = this.trueBeats()
      .filter(({ atMs }) => atMs <= toldMs + NEAR_MS)
      .flatMap(({ rrMs }) => (rrMs === null ? [] : [rrMs]))
      .slice(-RATE_INTERVALS);
    if (intervals.length === 0) return undefined;
    return (60_000 * intervals.length) / intervals.reduce((sum, rrMs) => sum + rrMs, 0);
  }

  /** Breaths a minute of the virtual person, over the last two whole breaths. */
  trueBreathPerMin(): number | undefined {
    const inhales = this.truth.filter((event) => event.what === "turn" && event.to === "inhale").slice(-3);
    const first = inhales[0];
    const last = inhales.at(-1);
    if (first === undefined || last === undefined || inhales.length < 2) return undefined;
    return (60_000 * (inhales.length - 1)) / (last.atMs - first.atMs);
  }

  #intervals<Kind extends { readonly atMs: number }>(
    beats: readonly Kind[],
    value: (beat: Kind) => number | null,
  ): Columns {
    const x: number[] = [];
    const y: (number | null)[] = [];
    let lastMs: number | undefined;
    for (const beat of beats) {
      const { atMs } = beat;
      if (lastMs !== undefined && (atMs - lastMs > RR_MS_MAX || this.#isHole(lastMs, atMs))) {
        x.push(seconds((lastMs + atMs) / 2));
        y.push(null);
      }
      x.push(seconds(atMs));
      y.push(value(beat));
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
        x.push(seconds((lastMs + point.atMs) / 2));
        y.push(null);
      }
      x.push(seconds(point.atMs));
      y.push(value(point));
      lastMs = point.atMs;
    }
    return { x, y };
  }

  #isHole(fromMs: number, toMs: number): boolean {
    return this.#holes.some((atMs) => atMs > fromMs && atMs <= toMs);
  }
}
