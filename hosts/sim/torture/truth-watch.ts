import { BeatVerdict } from "hrv/beat";
import { HeartRateAbsence } from "hrv/heart-rate";
import type { Person } from "../person/person.js";
import type { Fail, Figures } from "./verdict.js";

/** A rate is of the last five intervals or so, and may be told some seconds later. */
const LOOK_BACK_US = 12_000_000;
const MEAN_OF = 3;
const BPM_WITHIN = 5;
const SHARE_WITHIN = 0.1;
/** Nobody has worn it for so long: what is said now is of nobody. */
const OFF_US = 6_000_000;
/** An interval belongs to a true one that ended so near, and is wrong if none of these is as long within so much. */
const MATCH_US = 700_000;
const INTERVAL_WITHIN_MS = 60;
/** So many seconds of wrong rates in a row are not a slip. */
const WRONG_IN_A_ROW_MAX = 20;
const STILL_FOR_US = 15_000_000;

/** Holds what the band says of the heart against what the wearer's heart did. */
export class TruthWatch {
  readonly #person: Person;
  readonly #figures: Figures;
  readonly #fail: Fail;
  #wrongInARow = 0;
  /** Nothing that spoils the light has happened for a while: then numbers must be right. */
  spoiltUs = 0;

  constructor(person: Person, figures: Figures, fail: Fail) {
    this.#person = person;
    this.#figures = figures;
    this.#fail = fail;
  }

  /** Once a second. Returns whether a rate was told and it is the wearer's. */
  second(nowUs: number, bpm: number, absence: number): boolean {
    if (absence !== HeartRateAbsence.None) {
      this.#wrongInARow = 0;
      return false;
    }
    const figures = this.#figures;
    const isStill = this.#isStill(nowUs);
    const isRight = this.#isOfWearer(nowUs, bpm);
    figures.rateSeconds++;
    if (isStill) figures.rateSecondsStill++;
    if (isRight) {
      this.#wrongInARow = 0;
      return true;
    }
    figures.rateWrong++;
    if (isStill) figures.rateWrongStill++;
    this.#wrongInARow++;
    if (this.#wrongInARow > WRONG_IN_A_ROW_MAX && (isStill || this.#isNobodys(nowUs)))
      this.#fail("no number without warrant", `${this.#wrongInARow} s of ${bpm} bpm ${this.text(nowUs)}`);
    return false;
  }

  /** @param upstrokeUs  virtual time */
  beat(nowUs: number, upstrokeUs: number, rrTicks: number, verdict: number): void {
    if (verdict !== BeatVerdict.Accepted) return;
    const figures = this.#figures;
    const isStill = this.#isStill(nowUs);
    const isRight = this.#isInterval(upstrokeUs, (rrTicks * 1000) / 1024);
    figures.intervals++;
    if (isStill) figures.intervalsStill++;
    if (isRight) return;
    figures.intervalsWrong++;
    if (isStill) figures.intervalsWrongStill++;
  }

  #isStill(nowUs: number): boolean {
    return nowUs - this.spoiltUs > STILL_FOR_US;
  }

  #isOfWearer(nowUs: number, bpm: number): boolean {
    const { truth } = this.#person;
    const { arrivalUs } = truth.beats;
    if (this.#isNobodys(nowUs)) return false;
    const end = arrivalUs.countUpTo(nowUs);
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let i = end - 1; i >= MEAN_OF && arrivalUs.at(i) > nowUs - LOOK_BACK_US; i--) {
      const meanUs = (arrivalUs.at(i) - arrivalUs.at(i - MEAN_OF)) / MEAN_OF;
      least = Math.min(least, 60_000_000 / meanUs);
      most = Math.max(most, 60_000_000 / meanUs);
    }
    return (
      bpm >= least - Math.max(BPM_WITHIN, least * SHARE_WITHIN) &&
      bpm <= most + Math.max(BPM_WITHIN, most * SHARE_WITHIN)
    );
  }

  /** Not worn at any moment of late. */
  #isNobodys(nowUs: number): boolean {
    const { truth } = this.#person;
    const fromUs = nowUs - OFF_US;
    if (truth.wornAt(nowUs) || truth.wornAt(fromUs)) return false;
    const { timeUs, worn } = truth.states;
    for (let i = timeUs.length - 1; i >= 0 && timeUs.at(i) >= fromUs; i--) if (worn.at(i) === 1) return false;
    return true;
  }

  #isInterval(upstrokeUs: number, rrMs: number): boolean {
    const { truth } = this.#person;
    const { arrivalUs } = truth.beats;
    let i = arrivalUs.countUpTo(upstrokeUs + MATCH_US) - 1;
    for (; i > 0 && arrivalUs.at(i) >= upstrokeUs - MATCH_US; i--)
      if (Math.abs(truth.pulseIntervalMs(i) - rrMs) <= INTERVAL_WITHIN_MS) return true;
    return false;
  }

  /** What the heart really does, in words. */
  text(nowUs: number): string {
    const { truth } = this.#person;
    if (!truth.wornAt(nowUs)) return "while nobody wears it";
    const { bpm } = truth.seconds;
    return `while the heart goes at ${bpm.at(bpm.length - 1).toFixed(0)}`;
  }
}
