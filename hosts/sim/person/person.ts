import { RandomStream } from "../board/random.js";
import { Autonomic } from "./autonomic.js";
import { Body, type Inside, PLACES } from "./body.js";
import { Breath } from "./breath.js";
import { Heart } from "./heart.js";
import { ArmMotion, MOTIONS } from "./motion.js";
import type { LightChannel, OpticalSource } from "./optical-source.js";
import {
  type Breathing,
  type Happening,
  type Motion,
  type PersonChoices,
  type PersonOptions,
  type Place,
  personOptions,
  type TimedHappening,
} from "./options.js";
import { BeatKind, Truth, Turn } from "./truth.js";

/** The grid of the physiology. */
const STEP_US = 20_000;
const STEP_S = STEP_US / 1_000_000;
const SECOND_STEPS = 50;
/** How much sooner a pulse comes at load 1, and with a litre in the lungs; how much later after an early beat. */
const ARRIVAL_LOAD_MS = -10;
const ARRIVAL_LITRE_MS = 4;
const ARRIVAL_EARLY_MS = 20;
const PULSE_GAP_US_MIN = 100_000;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export interface PersonSetup {
  /** Of all chance in this person. */
  readonly seed: number;
  readonly options?: PersonChoices;
}

/** How a wearer is at one moment. */
export interface PersonNow {
  readonly place: Place;
  readonly motion: Motion;
  /** As in `SkinOptions.strapPressure`. */
  readonly strapPressure: number;
  readonly skinCelsius: number;
  readonly breathing: Breathing;
  /** The motor's rhythm has been caught and is being followed. */
  readonly isFollowing: boolean;
  /** Air in the lungs above rest, litres. */
  readonly lungLitres: number;
  /** What drives the sinus node, beats a minute. */
  readonly bpm: number;
  readonly load: number;
  readonly co2Mmhg: number;
  readonly isFibrillating: boolean;
}

/**
 * A virtual wearer: heart, breath, vessels, skin and arm, with their ground truth. It lives when it is looked at: each
 * look at the light brings it up to that moment. The same seed, options, motor and happenings give the same bytes on
 * every machine; which moments are looked at does not matter. Only the ground truth grows.
 */
export class Person implements OpticalSource {
  readonly seed: number;
  /** All of them, as plain data that can be printed. */
  readonly options: PersonOptions;
  readonly truth: Truth;
  readonly #breath: Breath;
  readonly #autonomic: Autonomic;
  readonly #heart: Heart;
  readonly #arm: ArmMotion;
  readonly #body: Body;
  readonly #arrivalJitter: RandomStream;
  readonly #inside: Mutable<Inside> = { lungLitres: 0, vasomotor: 0, motion: 0, isMoving: false };
  #motion: Motion;
  #script: TimedHappening[];
  #bpm: number;
  #steps = 0;
  #nowUs = 0;
  #lastFootUs = Number.NEGATIVE_INFINITY;

  /** Errors: RangeError for options that no person has */
  constructor({ seed, options: choices = {} }: PersonSetup) {
    const options = personOptions(choices);
    this.seed = seed;
    this.options = options;
    this.truth = new Truth(options.heart.resonancePerMin, options.heart.recoveryTauS);
    this.#autonomic = new Autonomic(seed, options.heart, options.breath, STEP_S);
    this.#body = new Body(seed, options, STEP_S);
    this.#arm = new ArmMotion(seed, STEP_S);
    this.#arrivalJitter = new RandomStream(seed, "person arrival");
    this.#heart = new Heart(seed, options.heart, (heartUs, kind, bpm) => this.#beat(heartUs, kind, bpm));
    this.#breath = new Breath(seed, options.breath, options.breathing, {
      turned: (timeUs, turn, litres) => this.#turned(timeUs, turn, litres),
      breathed: (litres, periodS) => this.#autonomic.breathed(litres, periodS),
      held: () => this.#autonomic.holdBreath(),
    });
    this.#breath.follower.onCue = (timeUs, turn) => {
      this.truth.cues.timeUs.push(timeUs);
      this.truth.cues.turn.push(turn);
    };
    this.#script = [...options.script];
    this.#bpm = options.heart.restBpm;
    this.#motion = options.motion;
    this.#arm.motion = options.motion;
    this.#autonomic.effortTarget = this.#arm.effort;
    this.#autonomic.effort = this.#arm.effort;
    this.#recordState(0);
    this.#body.step(0, this.#inside);
  }

  /** Up to here, µs, everything has happened; what is still to happen happens later. */
  get nowUs(): number {
    return this.#nowUs;
  }

  /** How the wearer is at `nowUs`. */
  now(): PersonNow {
    return {
      place: this.#body.place,
      motion: this.#motion,
      strapPressure: this.#body.pressure,
      skinCelsius: this.#body.celsius,
      breathing: this.#breath.breathing,
      isFollowing: this.#breath.isFollowing,
      lungLitres: this.#breath.litres,
      bpm: this.#bpm,
      load: this.#autonomic.load,
      co2Mmhg: this.#autonomic.co2Mmhg,
      isFibrillating: this.#heart.isFibrillating,
    };
  }

  get lungLitres(): number {
    return this.#breath.litres;
  }

  /** What happens from `atUs` on, or from the next 20 ms on if that has passed. May be called at any time. */
  schedule(atUs: number, happening: Happening): void {
    const before = this.#script.findIndex((other) => other.atUs > atUs);
    this.#script.splice(before < 0 ? this.#script.length : before, 0, { atUs, happening });
  }

  /**
   * The motor's speed, 0 .. 1, from now on: to be told as it changes, every 5 ms or so, in the order of time.
   * The wearer feels it, and it shakes the sensor.
   */
  feelMotor(speed: number, timeUs: number): void {
    this.live(timeUs); // so that what is felt does not depend on when the light was looked at
    if (this.#body.isWorn) this.#breath.follower.feel(speed, timeUs);
    this.#body.turnMotor(speed, timeUs);
  }

  /** Lives up to `timeUs` at least. */
  live(timeUs: number): void {
    while (this.#nowUs < timeUs) this.#step();
  }

  photocurrentNa(channel: LightChannel, ledMa: number, timeUs: number): number {
    this.live(timeUs);
    return this.#body.photocurrentNa(channel, ledMa, timeUs);
  }

  ambientLeakNa(timeUs: number): number {
    this.live(timeUs);
    return this.#body.ambientLeakNa(timeUs);
  }

  ambientOverrun(timeUs: number): boolean {
    this.live(timeUs);
    return this.#body.ambientOverrun(timeUs);
  }

  #step(): void {
    const fromUs = this.#nowUs;
    const toUs = fromUs + STEP_US;
    while (this.#script.length > 0 && this.#script[0]!.atUs <= fromUs) this.#happen(this.#script.shift()!.happening); // not empty
    const { vasomotor } = this.#autonomic;
    if (this.#steps % SECOND_STEPS === 0) this.#recordSecond();
    this.#breath.follower.wait(fromUs);
    this.#breath.step(toUs);
    this.#heart.step(fromUs, STEP_US, this.#bpm);
    this.#bpm = this.#autonomic.step(fromUs, this.#breath.litres, !this.#heart.isFibrillating);
    this.#arm.step();
    const inside = this.#inside;
    inside.lungLitres = this.#breath.litres;
    inside.vasomotor = vasomotor;
    inside.motion = this.#arm.value;
    inside.isMoving = this.#motion !== "still";
    this.#body.step(toUs, inside);
    this.#nowUs = toUs;
    this.#steps++;
  }

  #happen(happening: Happening): void {
    const nowUs = this.#nowUs;
    switch (happening.what) {
      case "breathe":
        this.#breath.breathe(happening.breathing, nowUs);
        break;
      case "depth":
        this.#breath.depth = happening.depth;
        break;
      case "yawn":
        this.#breath.yawn();
        break;
      case "load":
        this.#autonomic.loadFor(happening.level, nowUs + happening.seconds * 1_000_000);
        break;
      case "fibrillate":
        this.#heart.fibrillate(happening.on, nowUs);
        break;
      case "move":
        this.#motion = happening.motion;
        this.#arm.motion = happening.motion;
        this.#autonomic.effortTarget = this.#arm.effort;
        this.#recordState(nowUs);
        break;
      case "place":
        this.#body.place = happening.place;
        this.#recordState(nowUs);
        break;
      case "strap":
        this.#body.pressure = happening.pressure;
        break;
      case "slip":
        this.#body.slip(happening.step, happening.recoveryS);
        break;
      case "temperature":
        this.#body.celsius = happening.celsius;
        break;
      case "light":
        this.#body.changeLight(happening.light);
        break;
    }
  }

  #beat(heartUs: number, kind: BeatKind, bpm: number): void {
    const { beats } = this.truth;
    const isEarly = kind === BeatKind.Ventricular || kind === BeatKind.Atrial;
    const delayMs =
      this.#body.arrivalMs +
      ARRIVAL_LOAD_MS * this.#autonomic.load +
      ARRIVAL_LITRE_MS * this.#breath.litres +
      (isEarly ? ARRIVAL_EARLY_MS : 0) +
      this.options.skin.arrivalJitterMs * this.#arrivalJitter.nextNormal();
    const footUs = Math.max(this.#lastFootUs + PULSE_GAP_US_MIN, Math.round(heartUs + delayMs * 1000));
    this.#lastFootUs = footUs;
    beats.heartUs.push(heartUs);
    beats.arrivalUs.push(footUs);
    beats.kind.push(kind);
    this.#body.pulse(heartUs, footUs, bpm, kind === BeatKind.Ventricular);
  }

  #turned(timeUs: number, turn: Turn, litres: number): void {
    const { turns, inhalesUs } = this.truth;
    turns.timeUs.push(timeUs);
    turns.turn.push(turn);
    turns.litres.push(litres);
    if (turn === Turn.Inhale) inhalesUs.push(timeUs);
  }

  #recordState(nowUs: number): void {
    const { states } = this.truth;
    states.timeUs.push(nowUs);
    states.worn.push(this.#body.isWorn ? 1 : 0);
    states.place.push(PLACES.indexOf(this.#body.place));
    states.motion.push(MOTIONS.indexOf(this.#motion));
  }

  #recordSecond(): void {
    const { seconds } = this.truth;
    seconds.bpm.push(this.#bpm);
    seconds.load.push(this.#autonomic.load);
    seconds.co2Mmhg.push(this.#autonomic.co2Mmhg);
    seconds.effort.push(this.#autonomic.effort);
  }
}
