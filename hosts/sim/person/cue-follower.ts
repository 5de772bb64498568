import { RandomStream } from "../board/random.js";
import { happens } from "./chance.js";
import { CueReader, type OnCue } from "./cue-reader.js";
import type { BreathOptions, CueStyle } from "./options.js";
import { Turn } from "./truth.js";

/** Until two cues of a kind have told better. */
const INHALE_US = 4_000_000;
const EXHALE_US = 6_000_000;
/** Share of a difference in length that is learned from one breath. */
const LEARNING = 0.3;
const LAPSE_BREATHS_MAX = 4;
/** After this long without a cue nobody expects the next one. */
const FORGET_US = 25_000_000;
/** Share of a cue's distance from the foreseen one by which the rhythm follows it. */
const CORRECTION = 0.5;
/** A cue that is off the learned rhythm by more than this part of a breath is not believed … */
const DOUBT_SHARE = 0.2;
/** … until so many in a row are. */
const DOUBTS_MAX = 3;
/** Wander of the turns of somebody without any skill, standard deviation, and what one turn hands to the next. */
const WANDER_US = 700_000;
const WANDER_MEMORY = 0.6;

/**
 * A person who was told what the ticks mean. They learn the rhythm of the cues, so that after the first breath they turn
 * on the beat rather than after it: each turn is `delayMs` after the cue, felt or foreseen, with a wander that a skilled
 * person has less of. Now and then attention is lost for a few breaths.
 */
export class CueFollower {
  readonly #options: BreathOptions;
  readonly #wanderNoise: RandomStream;
  readonly #lapses: RandomStream;
  readonly #reader: CueReader;
  /** Last cue of each kind, felt or foreseen; Infinity: none can be foreseen. */
  #inUs = Number.POSITIVE_INFINITY;
  #outUs = Number.POSITIVE_INFINITY;
  #feltInUs = Number.NEGATIVE_INFINITY;
  #feltOutUs = Number.NEGATIVE_INFINITY;
  #wanderUs = 0;
  #hasLearntInhale = false;
  #hasLearntExhale = false;
  #lapsedUntilCue = 0;
  #cueCount = 0;
  #doubtCount = 0;
  inhaleUs = INHALE_US;
  exhaleUs = EXHALE_US;
  onCue: OnCue | undefined;

  constructor(seed: number, options: BreathOptions) {
    this.#options = options;
    this.#wanderNoise = new RandomStream(seed, "person following");
    this.#lapses = new RandomStream(seed, "person lapses");
    this.#reader = new CueReader(options.feltSpeed, (timeUs, turn) => this.#cue(timeUs, turn));
  }

  begin(style: CueStyle): void {
    this.#reader.style = style;
    this.#inUs = this.#outUs = Number.POSITIVE_INFINITY;
    this.#feltInUs = this.#feltOutUs = Number.NEGATIVE_INFINITY;
    this.#hasLearntInhale = this.#hasLearntExhale = false;
    this.inhaleUs = INHALE_US;
    this.exhaleUs = EXHALE_US;
    this.#lapsedUntilCue = 0;
    this.#cueCount = 0;
    this.#doubtCount = 0;
  }

  /** Motor speed, 0 .. 1, at `timeUs`, as the skin has it; times rise. */
  feel(speed: number, timeUs: number): void {
    this.#reader.feel(speed, timeUs);
  }

  /** Time has come to `nowUs`: silence is a cue too. */
  wait(nowUs: number): void {
    this.#reader.wait(nowUs);
    if (nowUs - Math.max(this.#feltInUs, this.#feltOutUs) > FORGET_US)
      this.#inUs = this.#outUs = Number.POSITIVE_INFINITY;
  }

  /** When to turn next, if the breath waits for this turn; Infinity if there is no telling yet. */
  dueUs(turn: Turn): number {
    return (turn === Turn.Inhale ? this.#inUs : this.#outUs) + this.#options.delayMs * 1000 + this.#wanderUs;
  }

  /** A cue to inhale is just due, for somebody who is not following yet. */
  isCatchable(nowUs: number): boolean {
    if (this.#cueCount < this.#lapsedUntilCue) return false;
    const lateUs = nowUs - this.dueUs(Turn.Inhale);
    return lateUs >= 0 && lateUs < 1_500_000;
  }

  /** The breath has turned: the other cue is foreseen, if its length is known. */
  turned(turn: Turn): void {
    const skill = this.#options.skill;
    const fresh = Math.sqrt(1 - WANDER_MEMORY * WANDER_MEMORY) * WANDER_US * (1 - skill);
    this.#wanderUs = this.#wanderUs * WANDER_MEMORY + this.#wanderNoise.nextNormal() * fresh;
    // Nobody turns half a part early or late while following.
    const boundUs = Math.min(this.inhaleUs, this.exhaleUs) / 2;
    this.#wanderUs = Math.max(-boundUs, Math.min(this.#wanderUs, boundUs));
    if (turn === Turn.Inhale && this.#outUs <= this.#inUs)
      this.#outUs = this.#hasLearntInhale ? this.#inUs + this.inhaleUs : Number.POSITIVE_INFINITY;
    if (turn === Turn.Exhale && this.#inUs <= this.#outUs)
      this.#inUs = this.#hasLearntExhale ? this.#outUs + this.exhaleUs : Number.POSITIVE_INFINITY;
  }

  /** Attention is lost at this breath; it comes back after 1 .. 4 cues to inhale. */
  isLapsing(): boolean {
    const lapses = happens(this.#lapses, this.#options.lapsesPerBreath);
    const breaths = this.#lapses.between(1, LAPSE_BREATHS_MAX);
    if (lapses) this.#lapsedUntilCue = this.#cueCount + breaths;
    return lapses;
  }

  #cue(feltUs: number, turn: Turn): void {
    let timeUs = feltUs;
    if (this.#hasLearntInhale && this.#hasLearntExhale) {
      const foreseenUs = this.#foreseenUs(feltUs, turn);
      if (this.#isDoubted(feltUs - foreseenUs)) return;
      if (this.#doubtCount === 0) timeUs = foreseenUs + (feltUs - foreseenUs) * CORRECTION;
      this.#doubtCount = 0;
    }
    this.onCue?.(feltUs, turn);
    if (turn === Turn.Inhale) this.#inhaleCue(timeUs);
    else this.#exhaleCue(timeUs);
  }

  #inhaleCue(timeUs: number): void {
    this.#cueCount++;
    if (timeUs > this.#feltOutUs && this.#feltOutUs > this.#feltInUs) {
      this.exhaleUs = learn(this.exhaleUs, timeUs - this.#feltOutUs, this.#hasLearntExhale);
      this.#hasLearntExhale = true;
    }
    this.#feltInUs = this.#inUs = timeUs;
    this.#outUs = this.#hasLearntInhale ? timeUs + this.inhaleUs : Number.POSITIVE_INFINITY;
  }

  #exhaleCue(timeUs: number): void {
    if (timeUs > this.#feltInUs && this.#feltInUs > this.#feltOutUs) {
      this.inhaleUs = learn(this.inhaleUs, timeUs - this.#feltInUs, this.#hasLearntInhale);
      this.#hasLearntInhale = true;
    }
    this.#feltOutUs = this.#outUs = timeUs;
    this.#inUs = this.#hasLearntExhale ? timeUs + this.exhaleUs : Number.POSITIVE_INFINITY;
  }

  /** The cue of this kind that the learned rhythm has nearest to `timeUs`. */
  #foreseenUs(timeUs: number, turn: Turn): number {
    const lastUs = turn === Turn.Inhale ? this.#feltInUs : this.#feltOutUs;
    const periodUs = this.inhaleUs + this.exhaleUs;
    return lastUs + Math.max(1, Math.floor((timeUs - lastUs) / periodUs + 0.5)) * periodUs;
  }

  /** One cue far off the rhythm is not believed, several in a row are: then `#doubtCount` stays above 0. */
  #isDoubted(offUs: number): boolean {
    if (Math.abs(offUs) <= DOUBT_SHARE * (this.inhaleUs + this.exhaleUs)) {
      this.#doubtCount = 0;
      return false;
    }
    return ++this.#doubtCount <= DOUBTS_MAX;
  }
}

function learn(knownUs: number, newUs: number, isKnown: boolean): number {
  return isKnown ? knownUs + (newUs - knownUs) * LEARNING : newUs;
}
