import { RandomStream } from "../board/random.js";
import { happens } from "./chance.js";
import { CueReader, type OnCue } from "./cue-reader.js";
import type { BreathOptions, CueStyle, ToldPace } from "./options.js";
import { Turn } from "./truth.js";

/** What is expected before cues have told better. */
const INHALE_US = 4_000_000;
const EXHALE_US = 6_000_000;
/** Shares of a cue's distance from the foreseen one by which the rhythm is moved, and its lengths are changed. */
const CORRECTION = 0.25;
const LEARNING = 0.1;
/** A cue that is off the learned rhythm by more than this part of a breath is not believed … */
const DOUBT_SHARE = 0.25;
/** … but after so many in a row the rhythm is learned afresh. */
const DOUBTS_MAX = 4;
const LAPSE_BREATHS_MAX = 4;
/** After this long without a cue nobody expects the next one. */
const FORGET_US = 25_000_000;
/** A part of a breath lasts this long at least, whatever the cue. */
const PART_US_MIN = 800_000;
/** How late one may join in. */
const JOIN_US = 1_500_000;
/** Wander of the turns of somebody without any skill, standard deviation, and what one turn hands to the next. */
const WANDER_US = 700_000;
const WANDER_MEMORY = 0.6;

/**
 * A person who was told what the ticks mean. The first breath answers cue by cue; then they have learned the rhythm and
 * turn on the beat rather than after it: each turn is `delayMs` after the cue as it is foreseen, with a wander that a
 * skilled person has less of. Every cue that is felt corrects the rhythm a little, odd ones are not believed, and now
 * and then attention is lost for a few breaths.
 */
export class CueFollower {
  readonly #options: BreathOptions;
  readonly #wanderNoise: RandomStream;
  readonly #lapses: RandomStream;
  readonly #reader: CueReader;
  /** Last cue of each kind. */
  #inUs = Number.NEGATIVE_INFINITY;
  #outUs = Number.NEGATIVE_INFINITY;
  #hasInhale = false;
  #hasExhale = false;
  /** Once both lengths are known: a moment at which the rhythm has a cue to inhale. */
  #beatUs = 0;
  #told: ToldPace | undefined;
  #wanderUs = 0;
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
    this.#reader = new CueReader(options.feltSpeed, (timeUs, turn) => this.cue(timeUs, turn));
  }

  begin(style: CueStyle, told?: ToldPace): void {
    this.#reader.style = style;
    this.#told = told;
    this.#forget();
    this.#lapsedUntilCue = this.#cueCount = 0;
  }

  /** Motor speed, 0 .. 1, at `timeUs`, as the skin has it; times rise. */
  feel(speed: number, timeUs: number): void {
    this.#reader.feel(speed, timeUs);
  }

  /** Time has come to `nowUs`: silence is a cue too. */
  wait(nowUs: number): void {
    this.#reader.wait(nowUs);
    if (nowUs - Math.max(this.#inUs, this.#outUs) > FORGET_US) this.#forget();
  }

  /** When to make this turn, for somebody whose part of the breath began at `fromUs`; Infinity: no telling yet. */
  dueUs(turn: Turn, fromUs: number): number {
    const lateUs = this.#options.delayMs * 1000 + this.#wanderUs;
    if (!this.#hasRhythm) {
      const cueUs = turn === Turn.Inhale ? this.#inUs : this.#outUs;
      return cueUs + lateUs > fromUs ? cueUs + lateUs : Number.POSITIVE_INFINITY;
    }
    const expectedUs = fromUs + (turn === Turn.Inhale ? this.exhaleUs : this.inhaleUs);
    return Math.max(fromUs + PART_US_MIN, this.#foreseenUs(expectedUs - lateUs, turn) + lateUs);
  }

  /** A cue to inhale is just due, for somebody who is not following yet. */
  isCatchable(nowUs: number): boolean {
    if (this.#cueCount < this.#lapsedUntilCue) return false;
    const lateUs = this.#options.delayMs * 1000 + this.#wanderUs;
    const cueUs = this.#hasRhythm ? this.#foreseenUs(nowUs - lateUs - JOIN_US / 2, Turn.Inhale) : this.#inUs;
    const pastUs = nowUs - cueUs - lateUs;
    return pastUs >= 0 && pastUs < JOIN_US;
  }

  /** The breath has turned: the next turn has another wander. */
  turned(): void {
    const skill = this.#options.skill;
    const fresh = Math.sqrt(1 - WANDER_MEMORY * WANDER_MEMORY) * WANDER_US * (1 - skill);
    this.#wanderUs = this.#wanderUs * WANDER_MEMORY + this.#wanderNoise.nextNormal() * fresh;
    // Nobody turns a third of a part early or late while following.
    const boundUs = Math.min(this.inhaleUs, this.exhaleUs) / 3;
    this.#wanderUs = Math.max(-boundUs, Math.min(this.#wanderUs, boundUs));
  }

  /** Attention is lost at this breath; it comes back after 1 .. 4 cues to inhale. */
  isLapsing(): boolean {
    const lapses = happens(this.#lapses, this.#options.lapsesPerBreath);
    const breaths = this.#lapses.between(1, LAPSE_BREATHS_MAX);
    if (lapses) this.#lapsedUntilCue = this.#cueCount + breaths;
    return lapses;
  }

  /** This turn was asked for at `feltUs`, in the wearer's opinion. */
  cue(feltUs: number, turn: Turn): void {
    this.onCue?.(feltUs, turn);
    if (turn === Turn.Inhale) this.#cueCount++;
    if (this.#hasRhythm) this.#correct(feltUs, turn);
    else this.#learn(feltUs, turn);
    if (turn === Turn.Inhale) this.#inUs = feltUs;
    else this.#outUs = feltUs;
  }

  get #hasRhythm(): boolean {
    return this.#hasInhale && this.#hasExhale;
  }

  /** The first lengths are those between the first cues, or what one was told. */
  #learn(feltUs: number, turn: Turn): void {
    if (this.#told !== undefined) this.#hasInhale = this.#hasExhale = true;
    else if (turn === Turn.Inhale && this.#outUs > this.#inUs) {
      this.exhaleUs = feltUs - this.#outUs;
      this.#hasExhale = true;
    } else if (turn === Turn.Exhale && this.#inUs > this.#outUs) {
      this.inhaleUs = feltUs - this.#inUs;
      this.#hasInhale = true;
    }
    this.#beatUs = turn === Turn.Inhale ? feltUs : feltUs - this.inhaleUs;
  }

  #correct(feltUs: number, turn: Turn): void {
    const foreseenUs = this.#foreseenUs(feltUs, turn);
    const offUs = feltUs - foreseenUs;
    if (Math.abs(offUs) > DOUBT_SHARE * (this.inhaleUs + this.exhaleUs)) {
      if (++this.#doubtCount >= DOUBTS_MAX) {
        this.#told = undefined; // it was another pace than that
        this.#forget();
      }
      return;
    }
    this.#doubtCount = 0;
    this.#beatUs = foreseenUs + CORRECTION * offUs - (turn === Turn.Inhale ? 0 : this.inhaleUs);
    // A cue that came late makes the part before it longer.
    if (turn === Turn.Inhale) this.exhaleUs += LEARNING * offUs;
    else {
      this.inhaleUs += LEARNING * offUs;
      this.#beatUs -= LEARNING * offUs;
    }
  }

  /** The cue of this kind that the rhythm has nearest to `timeUs`. */
  #foreseenUs(timeUs: number, turn: Turn): number {
    const oneUs = turn === Turn.Inhale ? this.#beatUs : this.#beatUs + this.inhaleUs;
    const periodUs = this.inhaleUs + this.exhaleUs;
    return oneUs + Math.floor((timeUs - oneUs) / periodUs + 0.5) * periodUs;
  }

  #forget(): void {
    this.#inUs = this.#outUs = Number.NEGATIVE_INFINITY;
    this.#hasInhale = this.#hasExhale = false;
    this.inhaleUs = this.#told === undefined ? INHALE_US : this.#told.inhaleS * 1_000_000;
    this.exhaleUs = this.#told === undefined ? EXHALE_US : this.#told.exhaleS * 1_000_000;
    this.#doubtCount = 0;
  }
}
