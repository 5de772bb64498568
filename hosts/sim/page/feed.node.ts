import {
  type BandState,
  type Beat,
  BREATH_MS,
  BREATHS_KEPT,
  type Breath,
  type Frame,
  type Hello,
  LOG_LINES,
  LOOK_MS,
  type PacedBreath,
  type Point,
  type Spectrum,
  TACHOGRAM_MS,
  type TrueEvent,
} from "../../../web/messages.js";

/** Real time between two frames: 20 a second, however fast virtual time goes. */
const FRAME_MS = 50;
/** While nothing moves (paused) the page hears this often that we are still there. */
const IDLE_MS = 1000;
/** Points in one frame; at high speed there are more, and every so many is left out. */
export const FRAME_POINTS_MAX = 100;
const HISTORY_POINTS = BREATH_MS / LOOK_MS;

/** What a page is told once: all of the first message but what was gathered here. */
export type Introduction = Omit<Hello, keyof Frame>;

export interface FeedOptions {
  publish(event: "frame", data: string): void;
  /** Somebody looks on: otherwise nothing is put together. */
  isWatched(): boolean;
  /** Real time. */
  nowMs?(): number;
}

/** What the pages are told: news is gathered here until a frame is due, and kept for pages that come later. */
export class Feed {
  readonly #options: FeedOptions;
  readonly #nowMs: () => number;
  readonly #points: Point[] = [];
  readonly #newPoints: Point[] = [];
  readonly #beats: Beat[] = [];
  readonly #newBeats: Beat[] = [];
  readonly #truth: TrueEvent[] = [];
  readonly #newTruth: TrueEvent[] = [];
  readonly #breaths: Breath[] = [];
  readonly #newBreaths: Breath[] = [];
  readonly #paced: PacedBreath[] = [];
  readonly #newPaced: PacedBreath[] = [];
  readonly #log: string[] = [];
  readonly #newLog: string[] = [];
  #spectrum: Spectrum | null = null;
  #newSpectrum: Spectrum | null | undefined;
  #dueMs = 0;
  #sentAtMs = Number.NEGATIVE_INFINITY;
  #sentState = "";

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  point(point: Point): void {
    keep(this.#points, point, HISTORY_POINTS);
    keep(this.#newPoints, point, HISTORY_POINTS); // older ones have left the page's window before they get there
  }

  beat(beat: Beat): void {
    this.#beats.push(beat);
    while (this.#beats[0] !== undefined && beat.atMs - this.#beats[0].atMs > TACHOGRAM_MS) this.#beats.shift();
    keep(this.#newBeats, beat, HISTORY_POINTS);
  }

  truth(event: TrueEvent): void {
    this.#truth.push(event);
    while (this.#truth[0] !== undefined && event.atMs - this.#truth[0].atMs > TACHOGRAM_MS) this.#truth.shift();
    keep(this.#newTruth, event, HISTORY_POINTS);
  }

  breath(breath: Breath): void {
    keep(this.#breaths, breath, BREATHS_KEPT);
    keep(this.#newBreaths, breath, BREATHS_KEPT);
  }

  paced(breath: PacedBreath): void {
    keep(this.#paced, breath, BREATHS_KEPT);
    keep(this.#newPaced, breath, BREATHS_KEPT);
  }

  /** null: there is none any more. */
  spectrum(spectrum: Spectrum | null): void {
    this.#spectrum = spectrum;
    this.#newSpectrum = spectrum;
  }

  /** Another run begins: nothing of this one is told any more. */
  clear(): void {
    for (const list of [this.#points, this.#beats, this.#truth, this.#breaths, this.#paced, this.#log]) list.length = 0;
    this.#spectrum = null;
    this.#forgetNews();
    this.#sentState = "";
    this.#dueMs = 0;
  }

  log(line: string): void {
    keep(this.#log, line, LOG_LINES);
    keep(this.#newLog, line, LOG_LINES);
  }

  /** After every step of virtual time: sends a frame if one is due. */
  tick(state: () => BandState): void {
    const nowMs = this.#nowMs();
    if (nowMs < this.#dueMs) return;
    // A frame that is a little late does not make the next one late.
    this.#dueMs = Math.max(this.#dueMs, nowMs - FRAME_MS) + FRAME_MS;
    if (!this.#options.isWatched()) {
      this.#forgetNews();
      return;
    }
    const now = state();
    const text = JSON.stringify(now);
    if (text === this.#sentState && nowMs - this.#sentAtMs < IDLE_MS) return;
    this.#sentState = text;
    this.#send(now);
  }

  /** For a page that has just come. The others get what was gathered so far: from here on all get the same. */
  hello(state: BandState, introduction: Introduction): Hello {
    if (this.#options.isWatched()) this.#send(state);
    this.#forgetNews();
    return {
      ...introduction,
      state,
      thinnedBy: 1,
      points: this.#points,
      beats: this.#beats,
      truth: this.#truth,
      breaths: this.#breaths,
      paced: this.#paced,
      spectrum: this.#spectrum,
      log: this.#log,
    };
  }

  /** Whatever has not been sent yet. */
  last(state: BandState): void {
    if (this.#options.isWatched()) this.#send(state);
  }

  #send(state: BandState): void {
    this.#sentAtMs = this.#nowMs();
    const thinnedBy = Math.max(1, Math.ceil(this.#newPoints.length / FRAME_POINTS_MAX));
    const points = this.#newPoints.filter((_, i) => i % thinnedBy === 0);
    const frame: Frame = {
      state,
      points,
      thinnedBy,
      beats: this.#newBeats,
      truth: this.#newTruth,
      breaths: this.#newBreaths,
      paced: this.#newPaced,
      ...(this.#newSpectrum === undefined ? {} : { spectrum: this.#newSpectrum }),
      log: this.#newLog,
    };
    this.#options.publish("frame", JSON.stringify(frame));
    this.#forgetNews();
  }

  #forgetNews(): void {
    this.#newPoints.length = 0;
    this.#newBeats.length = 0;
    this.#newTruth.length = 0;
    this.#newBreaths.length = 0;
    this.#newPaced.length = 0;
    this.#newLog.length = 0;
    this.#newSpectrum = undefined;
  }
}

function keep<T>(list: T[], item: T, countMax: number): void {
  list.push(item);
  if (list.length > countMax) list.shift();
}
