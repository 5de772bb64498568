import { type HapticProfile, profileOf } from "haptics/haptic-profile";
import { DEFAULT_PROFILE, type MotorProfile } from "haptics/motor";
import { StairTrack } from "haptics/stair-track";
import type { DueTick } from "haptics/tick-source";
import type { TouchTrial } from "haptics/touch-trial";

/** One trial each; a press is told up to half a second after the finger, and the next trial must not begin before. */
export const TRIAL_MS = 2_500;
/** From the trial's start to its stimulus. */
const LEAD_MS = 1_000;
/** A trial without a stimulus, or with two equal ones: pressing there is guessing. */
const CATCH_EVERY = 6;
const CATCHES_WRONG_MAX = 2;
const STROKE_MS = 300;
/** Long enough that a motor which stops after its kick is told from one that goes on. */
const LONG_MS = 900;
/** A press earlier than this after the on-edge did not wait for the end. */
const ENDED_MS = 800;
const PAIR_GAP_MS = 250;
/** Twice as strong: nobody needs more (physiology 6), and the stronger drive has no more above it. */
const RATIO_Q8_MAX = 512;
/** A motor that starts one time in two starts surely with an eighth more. */
const SURE_SHIFT = 3;

/** Stages by the ids of the program's phases; trials fill them. */
export const STAGES = Object.freeze(["felt", "lasting", "steps"] as const);
type Stage = (typeof STAGES)[number];

export type StaircaseResult =
  | { readonly ok: true; readonly profile: HapticProfile }
  /** guessed: presses where nothing was. unsettled: the answers did not settle. left: ended before its end. */
  | { readonly ok: false; readonly reason: "guessed" | "unsettled" | "left" };

/**
 * Fits the touch to motor and wrist, in a session's phases of style `trial`. Two tracks take turns in each stage, since a
 * tick is laid out before the answer to the one before it is there:
 * felt: press when you feel it; without a kick, so it is what starts the motor from rest.
 * lasting: press when it ends; the weakest drive that goes on after the kick and is felt.
 * steps: press when the second is stronger; the smallest ratio, from a weaker and from a stronger drive.
 * All of it goes through the limited motor; its profile is put back when a stage ends, however it ends.
 */
export class HapticStaircase implements TouchTrial {
  readonly #motor: { profile: MotorProfile };
  readonly #done: (result: StaircaseResult) => void;
  #profile: MotorProfile;
  #stage: Stage = "felt";
  #tracks: StairTrack[] = [];
  /** Trial whose answer is open, and whether it was a catch. */
  #trial = -1;
  #pressedMs: number | undefined;
  #catchesWrong = 0;
  /** The newest trial that was laid out. */
  #newest = -1;
  #startLevelQ8: number | undefined;
  #lastingLevelQ8: number | undefined;

  /** @param profile  what holds until something better is found, and is put back */
  constructor(
    motor: { profile: MotorProfile },
    done: (result: StaircaseResult) => void,
    profile: MotorProfile = DEFAULT_PROFILE,
  ) {
    this.#motor = motor;
    this.#profile = profile;
    this.#done = done;
  }

  begin(stage: string): void {
    this.#stage = STAGES.find((each) => each === stage) ?? "felt";
    this.#trial = -1;
    this.#newest = -1;
    this.#pressedMs = undefined;
    if (this.#stage === "felt") this.#catchesWrong = 0;
    if (this.#stage === "felt") this.#tracks = [levelTrack(208), levelTrack(112)];
    else if (this.#stage === "lasting") this.#tracks = [levelTrack(144), levelTrack(64)];
    else this.#tracks = [ratioTrack(480), ratioTrack(336)];
  }

  nextTick(afterMs: number, out: DueTick): boolean {
    out.shiftMsMax = 0;
    out.yields = false;
    const trial = Math.max(0, Math.floor((afterMs - LEAD_MS) / TRIAL_MS) + 1);
    const sinceMs = afterMs - (trial - 1) * TRIAL_MS - LEAD_MS;
    if (this.#stage === "steps" && trial > 0 && sinceMs >= 0 && sinceMs < STROKE_MS + PAIR_GAP_MS) {
      this.#stimulate(trial - 1, true, out);
      return true;
    }
    this.#close(trial - 2);
    this.#stimulate(trial, false, out);
    return true;
  }

  pressed(atMs: number): void {
    this.#pressedMs ??= atMs;
  }

  end(isComplete: boolean): void {
    this.#motor.profile = this.#profile;
    if (!isComplete) {
      this.#done({ ok: false, reason: "left" });
      return;
    }
    this.#close(this.#newest - 1);
    this.#close(this.#newest);
    const found = this.#found();
    if (this.#stage === "felt") this.#startLevelQ8 = found;
    else if (this.#stage === "lasting") this.#lastingLevelQ8 = found;
    else this.#finish(found);
  }

  /** Both tracks of the stage must have settled. */
  #found(): number | undefined {
    const [first, second] = this.#tracks.map((track) => track.estimate);
    return first === undefined || second === undefined ? undefined : (first + second + 1) >> 1;
  }

  #finish(ratioQ8: number | undefined): void {
    const [start, lasting] = [this.#startLevelQ8, this.#lastingLevelQ8];
    if (this.#catchesWrong > CATCHES_WRONG_MAX) this.#done({ ok: false, reason: "guessed" });
    else if (start === undefined || lasting === undefined) this.#done({ ok: false, reason: "unsettled" });
    else {
      // Who tells no two apart gets the coarsest scale.
      const ratio = ratioQ8 ?? RATIO_Q8_MAX;
      const profile = profileOf(surely(start), surely(lasting), ratio, this.#profile.kickMs);
      this.#profile = profile.motor;
      this.#motor.profile = profile.motor;
      this.#done({ ok: true, profile });
    }
  }

  /** Every sixth trial asks nothing; "lasting" needs none, its presses are told from guesses by their time. */
  #isCatch(trial: number): boolean {
    return this.#stage !== "lasting" && trial % CATCH_EVERY === CATCH_EVERY - 1;
  }

  #stimulate(trial: number, isSecond: boolean, out: DueTick): void {
    const track = this.#tracks[trial & 1];
    if (track === undefined) return;
    const isCatch = this.#isCatch(trial);
    const baseQ8 = (trial & 1) === 0 ? 112 : 128;
    let level = track.level;
    if (this.#stage === "steps") level = isSecond && !isCatch ? Math.min(256, (baseQ8 * track.level) >> 8) : baseQ8;
    const kicks = this.#stage !== "felt";
    this.#newest = trial;
    // One level for the whole stroke: strength 0 of a profile made for it.
    this.#motor.profile = { kickMs: kicks ? this.#profile.kickMs : 0, startLevelQ8: level, sustainLevelQ8: level };
    out.atMs = trial * TRIAL_MS + LEAD_MS + (isSecond ? STROKE_MS + PAIR_GAP_MS : 0);
    out.onMs = this.#stage === "lasting" ? LONG_MS : STROKE_MS;
    out.strengthQ8 = 0;
    if (isCatch && this.#stage === "felt") out.onMs = 0; // the motor refuses it: nothing is felt
  }

  /** The answer to this trial is in, if there was one: a press belongs to the trial in whose time the finger came. */
  #close(trial: number): void {
    if (trial < 0 || trial <= this.#trial) return;
    this.#trial = trial;
    const fromMs = trial * TRIAL_MS + LEAD_MS;
    const pressedMs = this.#pressedMs;
    const isPressed = pressedMs !== undefined && pressedMs >= fromMs && pressedMs < fromMs + TRIAL_MS;
    if (pressedMs !== undefined && pressedMs < fromMs + TRIAL_MS) this.#pressedMs = undefined;
    if (this.#isCatch(trial)) {
      if (isPressed) this.#catchesWrong++;
      return;
    }
    const isFelt = isPressed && (this.#stage !== "lasting" || pressedMs - fromMs >= ENDED_MS);
    this.#tracks[trial & 1]?.answer(isFelt);
  }
}

const levelTrack = (levelQ8: number): StairTrack => new StairTrack(levelQ8, 32, 256, 32, 8);
const ratioTrack = (ratioQ8: number): StairTrack => new StairTrack(ratioQ8, 282, RATIO_Q8_MAX, 64, 16);
const surely = (levelQ8: number): number => levelQ8 + (levelQ8 >> SURE_SHIFT);
