import { Made, SpectrumSense } from "band/spectrum-sense";
import { divideTrunc } from "base/divide";
import { elapsedMs } from "base/elapsed";
import type { Clock } from "base/host-parts";
import type { TickClock } from "base/tick-clock";
import type { BreathEdges } from "haptics/pacer";
import type { Beat } from "hrv/beat";
import { IntervalMark, IntervalRing } from "hrv/interval-ring";
import { LockIn } from "hrv/lock-in";
import { NnSeries } from "hrv/nn-series";
import { Absence } from "hrv/reading";
import { TimeDomain } from "hrv/time-domain";
import type { BodyReading } from "session/body";
import type { Session } from "session/session";

/** Intervals that wait for their followers. */
const RING = 16;
/** Five minutes at up to 51 beats a minute, two and a half at 102. */
const SERIES = 256;
/** HRV is made anew this often: it moves slowly and costs some 10,000 steps. */
const HRV_SECONDS = 10;
const HRV_WINDOW_MS = 120_000;

/** Breaths begun and not judged yet, more than the lock-in holds: rows of start (host clock), inhale and period, ms. */
const TOLD_ROWS = 4;
const TOLD_COLUMNS = 3;

/** From beats to heart-rate variability and to how well the breath follows the pacer. Cost: per beat and per second. */
export class RhythmSense {
  readonly hrv: TimeDomain;
  readonly lockIn: LockIn;
  /** How the interval swings with the led breath, as it did lately: Z in ticks, and the mean. Only while `hasSwing`. */
  hasSwing = false;
  swingRealTicks = 0;
  swingImaginaryTicks = 0;
  meanTicks = 0;
  /** The led breath that goes on, 1/1024 s. */
  breathStartTicks = 0;
  breathTicks = 0;
  /** Only while somebody reads it. */
  spectrum: SpectrumSense | undefined;
  readonly #clock: Clock;
  readonly #tickClock: TickClock;
  readonly #ring = new IntervalRing(RING);
  /** Clean intervals of the last minutes. */
  readonly series = new NnSeries(SERIES);
  readonly #edges: BreathEdges = { index: 0, startMs: 0, inhaleEndMs: 0, exhaleStartMs: 0, exhaleEndMs: 0, endMs: 0 };
  /** A paced breath has begun since the second before this one: `edges` has it. */
  breathBegan = false;
  readonly #onBreath: () => void;
  /** What the last call of `second` brought anew. */
  spectrumMade = Made.Nothing;
  #wasPacing = false;
  #breathIndex = -1;
  #hrvSeconds = 0;
  readonly #told = new Int32Array(TOLD_ROWS * TOLD_COLUMNS);
  #begunCount = 0;
  #judgedCount = 0;

  /** @param onBreath  a paced breath was judged: `lockIn` has it, and `breathStartMs` and the others when it was */
  constructor(clock: Clock, tickClock: TickClock, onBreath: () => void) {
    this.#onBreath = onBreath;
    this.#clock = clock;
    this.#tickClock = tickClock;
    this.hrv = new TimeDomain(this.series);
    this.lockIn = new LockIn(this.series);
  }

  get isPacing(): boolean {
    return this.#wasPacing;
  }

  /** Somebody reads `spectrum` from now on, or nobody does: it holds memory and time only while it is read. */
  set isSpectrumRead(isRead: boolean) {
    if (isRead) this.spectrum ??= new SpectrumSense(this.series);
    else this.spectrum = undefined;
  }

  /** Of the breath that was judged last: host clock, ms. */
  get breathStartMs(): number {
    return this.#toldOf(0);
  }
  get breathInhaleMs(): number {
    return this.#toldOf(1);
  }
  get breathPeriodMs(): number {
    return this.#toldOf(2);
  }

  beat(beat: Beat): void {
    if (!this.#ring.push(beat)) return;
    const { mark, rrTicks, endTicks } = this.#ring.settled;
    if (mark === IntervalMark.Clean) this.series.add(rrTicks, endTicks);
    else this.series.gap();
  }

  /** Contact was lost. What was heard stays: it is this wearer's until another program begins. */
  gap(): void {
    this.#ring.clear();
    this.series.gap();
  }

  /** Once a second: breaths that have ended are judged, and what is known of following goes into `body`. */
  second(session: Session, body: BodyReading): void {
    const before = this.#breathIndex;
    this.#follow(session);
    this.spectrumMade = this.spectrum?.second(this.#tickClock.ticks) ?? Made.Nothing;
    const { lockIn } = this;
    const { following, breath } = lockIn;
    this.breathBegan = this.#wasPacing && this.#breathIndex !== before;
    body.followPermille =
      this.#wasPacing && following.absence === Absence.None ? Math.imul(following.coherenceQ16, 1000) >> 16 : undefined;
    body.swingMs = this.#wasPacing && breath.absence === Absence.None ? breath.amplitudeMsQ8 >> 8 : undefined;
    if (++this.#hrvSeconds < HRV_SECONDS) return;
    this.#hrvSeconds = 0;
    this.hrv.measure(this.#tickClock.ticks, HRV_WINDOW_MS);
  }

  /** Of the paced breath that goes on, ms since the pacing began. */
  get edges(): Readonly<BreathEdges> {
    return this.#edges;
  }

  #follow(session: Session): void {
    const isPacing = session.isPacing;
    if (isPacing !== this.#wasPacing) {
      this.lockIn.reset();
      this.hasSwing = false;
      this.#breathIndex = -1;
      this.#judgedCount = this.#begunCount;
      this.#wasPacing = isPacing;
    }
    if (!isPacing) return;
    const nowMs = this.#clock.ticks;
    const nowTicks = this.#tickClock.ticks;
    const atMs = elapsedMs(nowMs, session.pacingSinceMs);
    session.pacer.edgesAt(atMs, this.#edges);
    const { index, startMs, inhaleEndMs, endMs } = this.#edges;
    if (index !== this.#breathIndex) {
      this.#breathIndex = index;
      const startTicks = (nowTicks - ticksOf(atMs - startMs)) | 0;
      this.breathStartTicks = startTicks;
      this.breathTicks = ticksOf(endMs - startMs);
      this.lockIn.beginBreath(startTicks, this.breathTicks);
      const row = Math.imul(this.#begunCount & (TOLD_ROWS - 1), TOLD_COLUMNS);
      this.#told[row] = (session.pacingSinceMs + startMs) | 0;
      this.#told[row + 1] = (inhaleEndMs - startMs) | 0;
      this.#told[row + 2] = (endMs - startMs) | 0;
      this.#begunCount = (this.#begunCount + 1) | 0;
    }
    if (!this.lockIn.advance(nowTicks)) return;
    this.#takeSwing();
    this.#judgedCount = (this.#judgedCount + 1) | 0;
    this.#onBreath();
  }

  #toldOf(column: number): number {
    const row = (this.#judgedCount - 1) & (TOLD_ROWS - 1);
    return this.#told[Math.imul(row, TOLD_COLUMNS) + column]!; // inside by the mask
  }

  /** Half of what was known and half of the breath that was judged just now, if it was clean. */
  #takeSwing(): void {
    const { breath, fit } = this.lockIn;
    if (breath.absence !== Absence.None) return;
    const real = fit.realTicksQ8 >> 8;
    const imaginary = fit.imaginaryTicksQ8 >> 8;
    this.meanTicks = fit.meanTicks;
    this.swingRealTicks = this.hasSwing ? (this.swingRealTicks + real) >> 1 : real;
    this.swingImaginaryTicks = this.hasSwing ? (this.swingImaginaryTicks + imaginary) >> 1 : imaginary;
    this.hasSwing = true;
  }
}

/** Some seconds, from ms to 1/1024 s. */
const ticksOf = (ms: number): number => divideTrunc(Math.imul(ms, 128), 125);
