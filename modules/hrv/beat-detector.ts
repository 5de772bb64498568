import { LOG2_ONE_Q8, log2Q8 } from "base/log2";
import { quotient } from "base/quotient";
import { type Beat, BeatVerdict, type SampleClock } from "hrv/beat";
import { BeatGate } from "hrv/beat-gate";
import { BeatRhythm } from "hrv/beat-rhythm";
import { CandidateQueue } from "hrv/candidate-queue";
import { DETECTOR_TUNING, type DetectorTuning } from "hrv/detector-tuning";
import { DECIMATION, PeriodFinder } from "hrv/period-finder";
import { PulseTemplate } from "hrv/pulse-template";
import { LEVEL_DELAY, PulseViews, VIEW_MASK } from "hrv/pulse-views";
import { SampleFlag } from "ppg/samples";

const RATE_HZ = 100;
/** Entry of the level where the detection slope was highest, when the fall after it is seen: one sample and a delay. */
const PEAK_BEHIND = 2;
/** While learning, candidates are kept for so long (samples), and so far back beats are told once the rhythm is known. */
const KEEP = 235;
const TELL_BACK = 105;
/** The level is learned from the strongest candidates in three windows of this length, samples. */
const LEVEL_WINDOW = 80;
/** Analyses of the period begin with so many values (25 Hz) and then every so many. */
const FIRST_ANALYSIS = 50;
const NEXT_ANALYSIS = 12;
const FULL_ANALYSIS = 100;
/** A window of fewer than four seconds must show a clearer period, Q8. */
const EARLY_TRUST_Q8 = 128;
/** The template's window reaches so far back from its anchor, slope and shifts included, samples. */
const WINDOW_BACK = 30;
/** Two beats whose times are nearer than this are one, ticks: 0.2 s. */
const APART_TICKS = 205;
/** Rivals of the first beat, Q8 of RR ahead: short of the next beat. */
const FIRST_WINDOW_Q8 = 205;
/** Rivals that say how noisy it is are looked for so far ahead, Q8 of RR, and no further than the decision. */
const QUIET_WINDOW_Q8 = 154;
/** Rival over own strength when there is no rival. */
const BACKGROUND_LOG2Q8 = -2048;
/** A candidate this far into the running interval may be the next beat already. */
const FORESEEN_PHASE_Q8 = 180;
/**
 * The motor must rest so many samples before and after half the rise. Of 5, 3 and 1 all gave the same interval error
 * beside the motor on eight virtual wearers (0.95 of that without); 5 refused twice as many intervals.
 */
const UPSTROKE_REACH = 3;
/** Taps of the timing window, those before the anchor in samples, and the fewest that still hold the upstroke. */
const TAPS = 16;
const TAPS_BACK = 15;
const TAPS_MIN = 8;
/** Samples to either side that a tap is made from: two boxcars and the slope's span. */
const TAP_REACH = 8;
/** Beyond this no tap looks. */
const SHAKEN_LOOK = 38;

export interface BeatDetectorOptions {
  /** Samples per second. The filters are made for 100. */
  readonly rateHz: number;
  readonly clock: SampleClock;
  /** One object, refilled for every beat. */
  readonly onBeat: (beat: Beat) => void;
  readonly tuning?: Partial<DetectorTuning>;
}

/**
 * Heartbeats out of raw infrared counts, on-line and in integers: candidates on the slope, decided half a second later
 * with the rhythm, timed by the running template, judged by the gate. docs/algorithms.md has the picture.
 *
 * In: ADC counts, Q0, 0 .. 2^18-1, a pulse is a dip. Everything stays in int32 (proofs with each part).
 * A beat is reported 0.57 s after its steepest rise; after learning (start, contact, 2.6 s without a beat) up to 1.5 s.
 * Cost: no allocation after construction, no double. Never throws after construction.
 */
export class BeatDetector {
  readonly #views = new PulseViews();
  /** Sample at which there is something to do again; while learning there always is. */
  #wakeAt = 0;
  readonly #queue: CandidateQueue;
  #learning = true;
  readonly #period = new PeriodFinder();
  #nextAnalysis = FIRST_ANALYSIS;
  readonly #tuning: DetectorTuning;
  readonly #rhythm: BeatRhythm;
  readonly #template = new PulseTemplate();
  readonly #gate: BeatGate;
  readonly #clock: SampleClock;
  readonly #onBeat: (beat: Beat) => void;
  #lastTicks = -1024;
  /** What `foresee` found, ticks. */
  newestUpstrokeTicks = 0;
  intervalTicks = 0;
  readonly #beat: Beat = { upstrokeTicks: 0, rrTicks: 0, verdict: BeatVerdict.FirstAfterGap, qualityQ8: 0 };

  constructor(options: BeatDetectorOptions) {
    if (options.rateHz !== RATE_HZ)
      throw new RangeError(`beat detector: made for ${RATE_HZ} Hz, not ${options.rateHz}`);
    // The table itself lies in flash; a copy would not.
    this.#tuning = options.tuning === undefined ? DETECTOR_TUNING : { ...DETECTOR_TUNING, ...options.tuning };
    this.#queue = new CandidateQueue(this.#views.level);
    this.#rhythm = new BeatRhythm(this.#tuning);
    this.#gate = new BeatGate(this.#tuning);
    this.#clock = options.clock;
    this.#onBeat = options.onBeat;
  }

  /**
   * Samples in a row, oldest first; how they are cut into batches makes no difference. A saturated one counts as lost:
   * its true value is not known. @param flags  SampleFlag bits of each
   */
  push(counts: Int32Array, flags: Uint8Array, count: number): void {
    const views = this.#views;
    for (let i = 0; i < count; ) {
      // i < count, the length of both at most
      if (flags[i]! & SampleFlag.Saturated) {
        this.gap(1);
        i++;
        continue;
      }
      const nextValue = (views.index | (DECIMATION - 1)) + 1;
      i = views.push(counts, flags, i, count, this.#wakeAt);
      const now = views.index;
      if (views.crest > 0 && views.warm) this.#found(now - PEAK_BEHIND, views.crest);
      if (nextValue <= now) this.#keep(nextValue, now);
      // Told from here, and not from where it is found: whoever listens has a stack of his own to fit.
      if (now >= this.#wakeAt && this.#work(now)) this.#onBeat(this.#beat);
    }
  }

  /** Every fourth sample's slope for the period, from entry `first` to `last`, a batch at most. */
  #keep(first: number, last: number): void {
    const { level, warmFrom } = this.#views;
    for (let n = first; n <= last; n += DECIMATION)
      if (n >= warmFrom) this.#period.add((level[n & VIEW_MASK]! - level[(n - 8) & VIEW_MASK]!) | 0); // masked
  }

  /** `lost` samples are missing. The count moves on; nothing is made up for them, and no interval reaches across. */
  gap(lost: number): void {
    this.#views.gap(lost);
    this.#wakeAt = 0;
    this.#queue.clear();
    this.#rhythm.breakChain();
    this.#gate.breakChain();
    this.#period.clear();
    this.#nextAnalysis = FIRST_ANALYSIS;
  }

  /** Contact was lost: another wearer may be next. */
  reset(): void {
    this.gap(0);
    this.#learning = true;
    this.#template.clear();
    this.#gate.reset();
  }

  /** The recording has ended: decides what is pending with what is known. */
  flush(): void {
    while (!this.#learning && this.#queue.count > 0) if (this.#decide(this.#views.index)) this.#onBeat(this.#beat);
  }

  /**
   * Looks ahead for the haptics. A beat is told half a second late, which would leave two beats to foresee; so the newest
   * upstroke counts even while it is only a strong candidate at a likely time. Fills `newestUpstrokeTicks` and
   * `intervalTicks`. @returns false when the rhythm is not known. Cost: no allocation, a walk over some five candidates
   */
  foresee(): boolean {
    const rhythm = this.#rhythm;
    if (this.#learning || !rhythm.hasLast) return false;
    const queue = this.#queue;
    const { rr, lastAt } = rhythm;
    const now = this.#views.index;
    const least = rhythm.levelLog2Q8 - LOG2_ONE_Q8;
    const soonest = Math.imul(rr, FORESEEN_PHASE_Q8) >> 8;
    let at = lastAt;
    let interval = rhythm.lastInterval;
    for (let i = 0; i < queue.count; i++) {
      const since = queue.at(i) - at;
      if (since < soonest || queue.strengthLog2Q8(i, now) < least) continue;
      if (since < rr + (rr >> 1)) interval = since;
      at = queue.at(i);
    }
    const longest = rr + (rr >> 2);
    this.intervalTicks = this.#ticksOf(interval < soonest || interval > longest ? rr : interval);
    this.newestUpstrokeTicks = (this.#lastTicks + this.#ticksOf(at - lastAt)) | 0;
    return true;
  }

  #ticksOf(samples: number): number {
    return (Math.imul(samples, 2621) + 128) >> 8; // 10.24 ticks a sample
  }

  /** @returns whether `#beat` is a new one */
  #work(now: number): boolean {
    const queue = this.#queue;
    if (this.#learning) {
      if (queue.count > 0 && now - queue.at(0) > KEEP) queue.drop();
      this.#learn(now);
      return false;
    }
    let isBeat = false;
    if (queue.count > 0 && now - queue.at(0) >= this.#tuning.lookAhead) isBeat = this.#decide(now);
    else if (now - this.#rhythm.lastAt > this.#tuning.relearn) this.#relearn();
    if (!this.#learning) this.#sleep();
    return isBeat;
  }

  /** Until the oldest candidate is due, or there has been no beat for too long. */
  #sleep(): void {
    const queue = this.#queue;
    const relearnAt = (this.#rhythm.lastAt + this.#tuning.relearn + 1) | 0;
    const dueAt = queue.count > 0 ? queue.at(0) + this.#tuning.lookAhead : relearnAt;
    this.#wakeAt = dueAt < relearnAt ? dueAt : relearnAt;
  }

  #found(at: number, slope: number): void {
    const queue = this.#queue;
    queue.add(at, slope, this.#views.validFrom);
    if (queue.count === 1 && !this.#learning) this.#sleep();
  }

  #learn(now: number): void {
    const period = this.#period;
    if (!period.busy) {
      if (period.count >= this.#nextAnalysis && this.#queue.count > 0) {
        this.#nextAnalysis = period.count + NEXT_ANALYSIS;
        if (period.available >= FIRST_ANALYSIS) period.begin();
      }
      return;
    }
    if (!period.step() || period.period === 0) return;
    if (period.trustQ8 < (period.count >= FULL_ANALYSIS ? this.#tuning.trustQ8 : EARLY_TRUST_Q8)) return;
    this.#seed(now, period.period);
  }

  /** The rhythm is known: level from the strongest of three windows, then the recent candidates are decided in turn. */
  #seed(now: number, period: number): void {
    const queue = this.#queue;
    let a = 0;
    let b = 0;
    let c = 0;
    for (let i = 0; i < queue.count; i++) {
      const strength = queue.strengthLog2Q8(i, now);
      const age = now - queue.at(i);
      if (age < LEVEL_WINDOW) a = strength > a ? strength : a;
      else if (age < 2 * LEVEL_WINDOW) b = strength > b ? strength : b;
      else c = strength > c ? strength : c;
    }
    while (queue.count > 0 && now - queue.at(0) > TELL_BACK) queue.drop();
    this.#learning = false;
    // If what was learned is right, a beat is due within an interval and decided soon after: do not wait longer.
    const patience = 2 * period + this.#tuning.lookAhead;
    const awaitedFrom = patience < this.#tuning.relearn ? (now - this.#tuning.relearn + patience) | 0 : now;
    this.#rhythm.begin(period, levelOf(a, b, c), awaitedFrom);
  }

  /** The oldest candidate: is it a beat? @returns whether it is, and `#beat` tells of it */
  #decide(now: number): boolean {
    const queue = this.#queue;
    const tuning = this.#tuning;
    const rhythm = this.#rhythm;
    const { rr, hasLast } = rhythm;
    const at = queue.at(0);
    if (hasLast && at - rhythm.lastAt < tuning.refractory) {
      queue.drop();
      return false;
    }
    const own = queue.strengthLog2Q8(0, now);
    if (own < rhythm.neededLog2Q8(at)) {
      if (rhythm.isHalf(at, own)) this.#relearn();
      queue.drop();
      return false;
    }
    const ownDistance = rhythm.distanceQ8(at);
    // The first beat has no due time to set it apart from its own dicrotic wave: it must stand out further ahead.
    const windowQ8 = hasLast ? tuning.rivalWindowQ8 : FIRST_WINDOW_Q8;
    const reach = at + (Math.imul(rr, windowQ8) >> 8);
    const quiet = Math.imul(rr, QUIET_WINDOW_Q8) >> 8;
    const quietReach = at + (tuning.lookAhead < quiet ? tuning.lookAhead : quiet);
    const needed = own + log2Q8(tuning.rivalRatioQ8) - LOG2_ONE_Q8;
    let strongest = 0;
    for (let i = 1; i < queue.count; i++) {
      const other = queue.at(i);
      if (other > reach && other > quietReach) break;
      const strength = queue.strengthLog2Q8(i, now);
      if (other <= quietReach && strength > strongest) strongest = strength;
      if (other > reach) continue;
      const weight = 256 + Math.imul(tuning.rhythmWeight, ownDistance - rhythm.distanceQ8(other));
      if (weight > 0 && strength + log2Q8(weight) - LOG2_ONE_Q8 >= needed) {
        queue.drop();
        return false;
      }
    }
    const isBeat = this.#accept(at, own, strongest === 0 ? BACKGROUND_LOG2Q8 : strongest - own);
    queue.drop();
    return isBeat;
  }

  #relearn(): void {
    this.#learning = true;
    this.#rhythm.doubt();
    this.#gate.breakChain();
    this.#nextAnalysis = 0;
    this.#wakeAt = 0;
  }

  #accept(at: number, strength: number, rivalLog2Q8: number): boolean {
    const views = this.#views;
    const level = views.level;
    const flags = views.flags;
    const queue = this.#queue;
    const rhythm = this.#rhythm;
    const foot = queue.foot(0);
    const top = queue.top(0);
    const rise = queue.rise(0);
    const halfQ5 = this.#halfRiseQ5(level, foot, at, top);
    const anchor = (halfQ5 + 16) >> 5;
    const template = this.#template;
    const founded = template.beats > 0;
    let offsetQ5 = halfQ5 - (anchor << 5);
    const isWhole = anchor - WINDOW_BACK >= views.validFrom;
    let tapsMax = TAPS;
    let isShaken = false;
    if (isWhole) {
      // The window ends 0.6 RR after the anchor, or before the motor runs: taps every third sample, five before it.
      const taps = 6 + (Math.imul(rhythm.rr, 51) >> 8);
      tapsMax = taps > TAPS ? TAPS : taps;
      const upstroke = anchor - LEVEL_DELAY; // flags are not delayed
      for (let k = upstroke + UPSTROKE_REACH; k < upstroke + SHAKEN_LOOK; k++)
        if (flags[k & VIEW_MASK]! & SampleFlag.Motor) {
          const clear = quotient(k - upstroke + TAPS_BACK - TAP_REACH, 3); // masked above
          if (clear < tapsMax) tapsMax = clear > TAPS_MIN ? clear : TAPS_MIN;
          isShaken = true;
          break;
        }
      template.match(level, anchor, tapsMax);
      if (founded) offsetQ5 = template.offsetQ5;
    }
    const timeQ5 = (anchor << 5) + offsetQ5 - (LEVEL_DELAY << 5);
    const ticks = this.#clock.ticksAt(timeQ5 >> 5, (timeQ5 & 31) << 3);
    const sinceTicks = (ticks - this.#lastTicks) | 0;
    if (sinceTicks < APART_TICKS) return false; // timed onto the beat before: the same pulse, or a broken wave
    const rrTicks = rhythm.hasLast ? sinceTicks : 0;
    if (isWhole && !isShaken) template.learn();
    let motor = false;
    const upstroke = anchor - LEVEL_DELAY; // flags are not delayed
    for (let k = upstroke - UPSTROKE_REACH; k <= upstroke + UPSTROKE_REACH; k++)
      if (flags[k & VIEW_MASK]! & SampleFlag.Motor) motor = true; // masked
    const beat = this.#beat;
    beat.upstrokeTicks = ticks;
    beat.rrTicks = rrTicks;
    beat.qualityQ8 = founded ? template.likenessQ8 : 256;
    beat.verdict = this.#gate.judge(
      rrTicks,
      rise,
      beat.qualityQ8,
      (anchor << 5) + offsetQ5 - halfQ5,
      rivalLog2Q8,
      motor,
    );
    rhythm.beat(at, strength, beat.verdict);
    this.#lastTicks = ticks;
    return true;
  }

  /** Where the level crosses half its rise, entries in 1/32. The crossing nearest below the steepest rise, else above. */
  #halfRiseQ5(level: Int32Array, foot: number, at: number, top: number): number {
    const half = (level[foot & VIEW_MASK]! + level[top & VIEW_MASK]!) >> 1; // masked, as below; sum below 2^25
    let k = at;
    while (k > foot && level[k & VIEW_MASK]! > half) k--;
    while (k < top && level[(k + 1) & VIEW_MASK]! < half) k++;
    const below = level[k & VIEW_MASK]!;
    const step = (level[(k + 1) & VIEW_MASK]! - below) | 0;
    return (k << 5) + (step > 0 && half > below ? quotient((half - below) << 5, step) : 0);
  }
}

/**
 * The middle of the strongest in three windows, newest first: one transient does not set it. Learning that began short of
 * three windows ago has none in the oldest; then the stronger of the two, as silence is better than noise.
 */
function levelOf(a: number, b: number, c: number): number {
  const larger = a > b ? a : b;
  if (c === 0) return larger;
  const smaller = a < b ? a : b;
  return c > larger ? larger : c > smaller ? c : smaller;
}
