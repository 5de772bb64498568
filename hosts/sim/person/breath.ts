import { RandomStream } from "../board/random.js";
import { balancedLitres } from "./autonomic.js";
import { happens, uniformBetween } from "./chance.js";
import { CueFollower } from "./cue-follower.js";
import { smoothStep } from "./curves.js";
import type { Breathing, BreathOptions } from "./options.js";
import { Turn } from "./truth.js";

/** Told of each turn of the breath and of what ended with it. */
export interface BreathListener {
  turned(timeUs: number, turn: Turn, litres: number): void;
  breathed(litres: number, periodS: number): void;
  held(): void;
}

const enum Part {
  Inhale = 0,
  Exhale = 1,
  /** After exhaling, or held. */
  Rest = 2,
}

/** Free breathing: shares of the breath spent inhaling and resting afterwards. */
const INHALE_SHARE = 0.4;
const REST_SHARE = 0.15;
/** How much of its deviation one free breath hands to the next. */
const MEMORY = 0.5;
/** A follower who waits longer than this for a cue breathes freely. */
const WAIT_US_MAX = 12_000_000;

/** The lungs: one breath after the other, each as the way of breathing asks for. */
export class Breath {
  readonly #options: BreathOptions;
  readonly #listener: BreathListener;
  readonly #random: RandomStream;
  readonly #sighs: RandomStream;
  readonly follower: CueFollower;
  #breathing: Breathing;
  #afterHold: Breathing = { how: "free" };
  #depth: number;
  #part = Part.Rest;
  #fromUs = 0;
  #lengthUs = 0;
  #fromLitres = 0;
  #toLitres = 0;
  /** Of the breath that goes on. */
  #inhaledUs = 0;
  #hasInhaled = false;
  #peakLitres = 0;
  #exhaleUs = 0;
  #restUs = 0;
  /** Free breathing: deviation of period and volume, in standard deviations. */
  #slowness = 0;
  #deepness = 0;
  #isYawnDue = false;
  #isFollowing = false;
  /** Air in the lungs above rest, litres. */
  litres = 0;

  constructor(seed: number, options: BreathOptions, breathing: Breathing, listener: BreathListener) {
    this.#options = options;
    this.#listener = listener;
    this.#random = new RandomStream(seed, "person breath");
    this.#sighs = new RandomStream(seed, "person sighs");
    this.follower = new CueFollower(seed, options);
    this.#depth = options.depth;
    this.#breathing = breathing;
    this.#lengthUs = uniformBetween(this.#random, 0, 2_000_000);
    this.breathe(breathing, 0);
  }

  /** Breathe like this from the end of the present part on; holding begins at once. */
  breathe(breathing: Breathing, nowUs: number): void {
    if (breathing.how === "hold") {
      if (this.#breathing.how !== "hold") this.#afterHold = this.#breathing;
      this.#begin(Part.Rest, nowUs, breathing.seconds * 1_000_000, this.litres);
      this.#listener.held();
    }
    this.#breathing = breathing;
    this.#isFollowing = false;
    if (breathing.how === "follow") this.follower.begin(breathing.style, breathing.told);
  }

  get breathing(): Breathing {
    return this.#breathing;
  }

  /** The motor's rhythm has been caught and is being followed. */
  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  yawn(): void {
    this.#isYawnDue = true;
  }

  set depth(depth: number) {
    this.#depth = depth;
  }

  /** Moves on to `toUs`. */
  step(toUs: number): void {
    if (this.#breathing.how === "follow") this.#follow(toUs);
    while (!this.#isFollowing && toUs - this.#fromUs >= this.#lengthUs) this.#next(this.#fromUs + this.#lengthUs);
    const share = this.#lengthUs > 0 ? smoothStep((toUs - this.#fromUs) / this.#lengthUs) : 1;
    this.litres = this.#fromLitres + (this.#toLitres - this.#fromLitres) * share;
  }

  /** Who follows turns when the cue says so; who has not caught the rhythm breathes freely until the next cue. */
  #follow(toUs: number): void {
    const follower = this.follower;
    if (this.#isFollowing) {
      const waits = this.#part === Part.Inhale ? Turn.Exhale : Turn.Inhale;
      const dueUs = follower.dueUs(waits, this.#fromUs);
      if (toUs - this.#fromUs > WAIT_US_MAX) this.#isFollowing = false;
      else if (dueUs <= toUs) {
        const atUs = Math.max(dueUs, this.#fromUs);
        follower.turned();
        if (waits === Turn.Exhale) this.#exhale(atUs, follower.exhaleUs);
        else if (follower.isLapsing()) {
          this.#isFollowing = false;
          this.#next(atUs);
        } else this.#inhaleFollowing(atUs);
      }
    } else if (follower.isCatchable(toUs)) {
      follower.turned();
      this.#isFollowing = true;
      this.#inhaleFollowing(toUs);
    }
  }

  #inhaleFollowing(atUs: number): void {
    const { inhaleUs, exhaleUs } = this.follower;
    const litres = balancedLitres(this.#options, (inhaleUs + exhaleUs) / 1_000_000) * this.#depth;
    this.#inhale(atUs, inhaleUs, litres);
  }

  /** The part after the one that ended at `atUs`, by the breather's own plan. */
  #next(atUs: number): void {
    if (this.#part === Part.Inhale) this.#exhale(atUs, this.#exhaleUs);
    else if (this.#part === Part.Exhale && this.#restUs > 0) this.#begin(Part.Rest, atUs, this.#restUs, 0);
    else if (this.#breathing.how === "hold") {
      this.#breathing = this.#afterHold;
      if (this.litres > 0.05) this.#exhale(atUs, 1_500_000);
      else this.#plan(atUs);
    } else this.#plan(atUs);
  }

  #plan(atUs: number): void {
    const breathing = this.#breathing;
    if (breathing.how === "paced") {
      const periodUs = 60_000_000 / breathing.perMin;
      this.#exhaleUs = periodUs * (1 - breathing.inhaleShare);
      this.#restUs = 0;
      const litres = balancedLitres(this.#options, periodUs / 1_000_000) * this.#depth;
      this.#inhale(atUs, periodUs * breathing.inhaleShare, litres);
    } else if (breathing.how === "speech") {
      // A quick breath in, then words for as long as the phrase lasts.
      this.#exhaleUs = uniformBetween(this.#random, 2_000_000, 6_000_000);
      this.#restUs = 0;
      this.#inhale(atUs, uniformBetween(this.#random, 400_000, 800_000), uniformBetween(this.#random, 0.5, 1.1));
    } else this.#planFree(atUs);
  }

  #planFree(atUs: number): void {
    const { restPerMin, restLitres, spread, sighsPerHour, yawnsPerHour } = this.#options;
    const fresh = Math.sqrt(1 - MEMORY * MEMORY);
    this.#slowness = this.#slowness * MEMORY + this.#random.nextNormal() * fresh;
    this.#deepness = this.#deepness * MEMORY + this.#random.nextNormal() * fresh;
    const breathsPerHour = 60 * restPerMin;
    let periodUs = (60_000_000 / restPerMin) * Math.max(0.5, 1 + spread * this.#slowness);
    let litres = restLitres * Math.max(0.4, 1 + spread * this.#deepness);
    const isSigh = happens(this.#sighs, sighsPerHour / breathsPerHour);
    const isYawn = happens(this.#sighs, yawnsPerHour / breathsPerHour) || this.#isYawnDue;
    this.#isYawnDue = false;
    if (isSigh || isYawn) {
      periodUs *= isYawn ? 2 : 1.3;
      litres *= isYawn ? 3.5 : 2.5;
    }
    const inhaleShare = isYawn ? 0.6 : INHALE_SHARE;
    const restShare = isYawn ? 0 : REST_SHARE;
    this.#restUs = periodUs * restShare;
    this.#exhaleUs = periodUs * (1 - inhaleShare - restShare);
    this.#inhale(atUs, periodUs * inhaleShare, litres);
  }

  #inhale(atUs: number, lengthUs: number, litres: number): void {
    if (this.#hasInhaled) this.#listener.breathed(this.#peakLitres, (atUs - this.#inhaledUs) / 1_000_000);
    this.#hasInhaled = true;
    this.#inhaledUs = atUs;
    this.#peakLitres = litres;
    this.#begin(Part.Inhale, atUs, lengthUs, litres);
    this.#listener.turned(atUs, Turn.Inhale, this.#fromLitres);
  }

  #exhale(atUs: number, lengthUs: number): void {
    this.#begin(Part.Exhale, atUs, lengthUs, 0);
    this.#listener.turned(atUs, Turn.Exhale, this.#fromLitres);
  }

  #begin(part: Part, atUs: number, lengthUs: number, toLitres: number): void {
    const share = this.#lengthUs > 0 ? smoothStep((atUs - this.#fromUs) / this.#lengthUs) : 1;
    this.#fromLitres += (this.#toLitres - this.#fromLitres) * share;
    this.#part = part;
    this.#fromUs = atUs;
    this.#lengthUs = lengthUs;
    this.#toLitres = toLitres;
  }
}
