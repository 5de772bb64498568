import { RandomStream } from "../board/random.js";
import { happens, uniformBetween } from "./chance.js";
import { onPolyline, sineOfTurns } from "./curves.js";
import { MotorShake } from "./motor-shake.js";
import { LightChannel, type OpticalSource } from "./optical-source.js";
import type { LightOptions, PersonOptions, Place } from "./options.js";
import { PulseWave, WAVE_US, waveStretch } from "./pulse-wave.js";
import { AIR_NA_PER_MA } from "./skin.js";

/** In the order of the codes in the ground truth. */
export const PLACES: readonly Place[] = ["wrist", "finger", "air", "desk", "lamp", "banana"];

/** Pulses whose waves can overlap: WAVE_US at the shortest interval, 240 ms, and some. */
const PULSES = 16;

/** Hangs loose: little pulse. Twice the right pressure: the vessels are shut. Chosen; the shape as in hardware 4.4. */
const PULSE_OF_PRESSURE = [
  [0, 0.15],
  [0.5, 0.7],
  [1, 1],
  [1.5, 0.45],
  [2, 0.05],
] as const;
/** Part of the light around that gets under the sensor. Right pressure: 2 counts of 16384 nA at 100 klux (1.7). */
const EXPOSURE_OF_PRESSURE = [
  [0, 0.05],
  [0.5, 0.01],
  [0.8, 0.000_002],
  [1, 0.000_002],
] as const;
/** Pulse height and mean level by skin temperature: 3 .. 10 times smaller and 2 .. 6 % darker when cold (1.7, 5). */
const PULSE_OF_CELSIUS = [
  [15, 0.1],
  [25, 0.25],
  [30, 0.7],
  [33, 1],
  [36, 1.25],
] as const;
const RED_LEVEL_OF_CELSIUS = [
  [25, 0.98],
  [32, 1],
] as const;
const IR_LEVEL_OF_CELSIUS = [
  [25, 0.94],
  [32, 1],
] as const;
/** White paper gives 5,000 .. 22,000 counts at 7.2 mA and 4096 nA: 11 .. 48 nA/mA (1.7). */
const DESK_NA_PER_MA = 40;
/** Fruit, chosen: as bright as a wrist; and pulse-less. */
const BANANA_IR_NA_PER_MA = 180;
const BANANA_RED_NA_PER_MA = 160;
/** 4,000 lux on an open sensor moved the baseline by some 2,500 nA (1.7). */
const OPEN_NA_PER_LUX = 0.62;
/** Beyond this the canceller gives up; chosen. */
const OVERRUN_NA = 2_000;
/** A lamp over a sensor that lies on its back. */
const LAMP_LUX = 4_000;
/** On touch the light is within 3 % after 0.8 s, then settles by 2 % over 5 .. 10 s (1.7). */
const TOUCH_TAU_S = 0.23;
const SETTLE_TAU_S = 3;
const SETTLE_SHARE = 0.02;
const SWEAT_TAU_S = 60;
/** Tight straps hold the veins' blood back: the mean falls by this part, slowly. */
const VENOUS_SHARE = 0.03;
const VENOUS_TAU_S = 40;
const TEMPERATURE_TAU_S = 60;

/** What the person's other parts tell the skin at each step. */
export interface Inside {
  readonly lungLitres: number;
  /** Standard deviation 1. */
  readonly vasomotor: number;
  /** In heights of an ordinary pulse. */
  readonly motion: number;
  readonly isMoving: boolean;
}

/**
 * Light through the wearer. What changes slowly (place, strap, warmth, sweat, breath, arm) is worked out on the grid of
 * the physiology and runs straight between its points; the pulse and the motor are worked out for each moment asked for.
 */
export class Body implements OpticalSource {
  readonly #options: PersonOptions;
  readonly #stepS: number;
  readonly #wave: PulseWave;
  readonly #shake: MotorShake;
  readonly #sweatNoise: RandomStream;
  readonly #strapChance: RandomStream;
  readonly #footUs = new Float64Array(PULSES).fill(Number.NEGATIVE_INFINITY);
  readonly #perWaveUs = new Float64Array(PULSES);
  readonly #strength = new Float64Array(PULSES);
  #newest = 0;
  #previousHeartUs = Number.NEGATIVE_INFINITY;
  #place: Place;
  #light: LightOptions;
  #pressure: number;
  #celsius: number;
  #celsiusGoal: number;
  #sweat = 0;
  #touch = 1;
  #settle = 1;
  #venous = 0;
  #slip = 0;
  #slipTauS = 1;
  #exposure = 0;
  /** At both ends of the step: nA per mA without and pulse height as a part of it, and light of the arm. */
  #fromUs = 0;
  #toUs = -1;
  #irFrom = 0;
  #irTo = 0;
  #redFrom = 0;
  #redTo = 0;
  #depthFrom = 0;
  #depthTo = 0;
  #armFrom = 0;
  #armTo = 0;

  constructor(seed: number, options: PersonOptions, stepS: number) {
    this.#options = options;
    this.#stepS = stepS;
    this.#wave = new PulseWave(options.about.ageYears);
    this.#shake = new MotorShake(options.skin);
    this.#sweatNoise = new RandomStream(seed, "person sweat");
    this.#strapChance = new RandomStream(seed, "person strap");
    this.#place = options.place;
    this.#light = options.light;
    this.#pressure = options.skin.strapPressure;
    this.#celsius = this.#celsiusGoal = options.skin.temperatureC;
  }

  get place(): Place {
    return this.#place;
  }
  set place(place: Place) {
    this.#place = place;
    this.#touch = 0;
    this.#settle = 0;
  }
  /** On living skin. */
  get isWorn(): boolean {
    return this.#place === "wrist" || this.#place === "finger";
  }
  get pressure(): number {
    return this.#pressure;
  }
  set pressure(pressure: number) {
    this.#pressure = Math.max(0, Math.min(pressure, 2));
  }
  /** Where it is going; the skin takes a minute. */
  get celsius(): number {
    return this.#celsiusGoal;
  }
  set celsius(celsius: number) {
    this.#celsiusGoal = celsius;
  }
  changeLight(light: Partial<LightOptions>): void {
    this.#light = { ...this.#light, ...light };
  }
  slip(step: number, recoveryS: number): void {
    this.#slip += step;
    this.#slipTauS = recoveryS;
  }
  turnMotor(speed: number, timeUs: number): void {
    this.#shake.turn(speed, timeUs);
  }

  /** From the R wave to the foot of its pulse at this place, at rest, ms. */
  get arrivalMs(): number {
    const { wristArrivalMs, fingerArrivalMs } = this.#options.skin;
    return this.#place === "finger" ? fingerArrivalMs : wristArrivalMs;
  }

  /** A pulse arrives. Its strength is that of its beat's filling time: an early beat is weak, one after a pause strong. */
  pulse(heartUs: number, footUs: number, bpm: number, isVentricular: boolean): void {
    const filling = Math.min(2, ((heartUs - this.#previousHeartUs) * bpm) / 60_000_000);
    this.#previousHeartUs = heartUs;
    const filled = filling < 1 ? 1 - 0.9 * (1 - filling) : 1 + 0.25 * (filling - 1);
    this.#newest = (this.#newest + 1) & (PULSES - 1);
    this.#footUs[this.#newest] = footUs;
    this.#perWaveUs[this.#newest] = 1 / waveStretch(bpm);
    this.#strength[this.#newest] = Math.max(0.05, filled) * (isVentricular ? 0.8 : 1);
  }

  /** The next step of the grid, up to `toUs`. */
  step(toUs: number, inside: Inside): void {
    this.#fromUs = this.#toUs;
    this.#toUs = toUs;
    this.#irFrom = this.#irTo;
    this.#redFrom = this.#redTo;
    this.#depthFrom = this.#depthTo;
    this.#armFrom = this.#armTo;
    this.#changeSlowly(inside.isMoving);
    const { skin } = this.#options;
    const touch = this.#touch * (1 - SETTLE_SHARE + SETTLE_SHARE * this.#settle);
    switch (this.#place) {
      case "air":
      case "lamp":
        this.#irTo = this.#redTo = AIR_NA_PER_MA;
        break;
      case "desk":
        this.#irTo = this.#redTo = AIR_NA_PER_MA + (DESK_NA_PER_MA - AIR_NA_PER_MA) * touch;
        break;
      case "banana":
        this.#irTo = AIR_NA_PER_MA + (BANANA_IR_NA_PER_MA - AIR_NA_PER_MA) * touch;
        this.#redTo = AIR_NA_PER_MA + (BANANA_RED_NA_PER_MA - AIR_NA_PER_MA) * touch;
        break;
      default: {
        const onFinger = this.#place === "finger";
        const level =
          (1 + this.#sweat) *
          (1 - this.#venous) *
          (1 + this.#slip) *
          (1 - skin.breathDc * inside.lungLitres) *
          (1 + skin.vasomotorDc * inside.vasomotor);
        const ir =
          (onFinger ? skin.fingerIrNaPerMa : skin.wristIrNaPerMa) *
          skin.inkIr *
          onPolyline(IR_LEVEL_OF_CELSIUS, this.#celsius);
        const red =
          (onFinger ? skin.fingerRedNaPerMa : skin.wristRedNaPerMa) *
          skin.inkRed *
          onPolyline(RED_LEVEL_OF_CELSIUS, this.#celsius);
        this.#irTo = AIR_NA_PER_MA + (ir * level - AIR_NA_PER_MA) * touch;
        this.#redTo = AIR_NA_PER_MA + (red * level - AIR_NA_PER_MA) * touch;
        const ordinary = onFinger ? skin.fingerPulse : skin.wristPulse;
        this.#depthTo =
          ordinary *
          this.#touch *
          onPolyline(PULSE_OF_CELSIUS, this.#celsius) *
          onPolyline(PULSE_OF_PRESSURE, this.#pressure) *
          // Ink and oil between the vessels and the light: what comes back from above them has no pulse in it.
          Math.min(1, 0.4 + 0.6 * skin.inkIr) *
          (1 - skin.breathAc * inside.lungLitres) *
          (1 + skin.vasomotorAc * inside.vasomotor) *
          (1 + this.#slip);
        this.#armTo = ordinary * inside.motion * (this.#pressure < 1 ? 2 - this.#pressure : 1);
        return;
      }
    }
    this.#depthTo = 0;
    this.#armTo = this.#place === "banana" ? skin.wristPulse * inside.motion : 0;
  }

  photocurrentNa(channel: LightChannel, ledMa: number, timeUs: number): number {
    // A moment before this step (the red LED is lit first) is taken as its start.
    const share = Math.max(0, Math.min((timeUs - this.#fromUs) / (this.#toUs - this.#fromUs), 1));
    const arm = this.#armFrom + (this.#armTo - this.#armFrom) * share;
    const shake = this.#place === "air" || this.#place === "lamp" ? 0 : this.#shake.at(timeUs);
    const depth = this.#depthFrom + (this.#depthTo - this.#depthFrom) * share;
    const blood = depth > 0 ? depth * this.#bloodAt(timeUs) : 0;
    const change = (1 + arm) * (1 + shake);
    if (channel === LightChannel.Red) {
      const red = this.#redFrom + (this.#redTo - this.#redFrom) * share;
      return Math.max(0, ledMa * red * change * (1 - blood * this.#options.skin.redToIrRatio));
    }
    const ir = this.#irFrom + (this.#irTo - this.#irFrom) * share;
    return Math.max(0, ledMa * ir * change * (1 - blood));
  }

  /** Light of the room that gets under the sensor, flicker and all. */
  ambientLeakNa(timeUs: number): number {
    const meanNa = this.#ambientNa();
    const { mainsHz, flicker } = this.#light;
    if (mainsHz === 0 || meanNa === 0) return meanNa;
    return meanNa * (1 + flicker * sineOfTurns((timeUs * 2 * mainsHz) / 1_000_000));
  }

  ambientOverrun(_timeUs: number): boolean {
    return this.#ambientNa() > OVERRUN_NA;
  }

  #ambientNa(): number {
    const lux = this.#place === "lamp" ? LAMP_LUX : this.#light.lux;
    return lux * this.#exposure * OPEN_NA_PER_LUX;
  }

  /** Sum of the waves of the pulses that have arrived, in heights of an ordinary pulse. */
  #bloodAt(timeUs: number): number {
    let sum = 0;
    for (let i = 0; i < PULSES; i++) {
      const slot = (this.#newest - i) & (PULSES - 1); // masked, here and below
      const sinceUs = timeUs - this.#footUs[slot]!;
      if (sinceUs < 0) continue;
      if (sinceUs > WAVE_US * 1.1) break;
      sum += this.#strength[slot]! * this.#wave.at(sinceUs * this.#perWaveUs[slot]!);
    }
    return sum;
  }

  #changeSlowly(isMoving: boolean): void {
    const { skin } = this.#options;
    const stepS = this.#stepS;
    this.#touch += ((1 - this.#touch) * stepS) / TOUCH_TAU_S;
    this.#settle += ((1 - this.#settle) * stepS) / SETTLE_TAU_S;
    this.#celsius += ((this.#celsiusGoal - this.#celsius) * stepS) / TEMPERATURE_TAU_S;
    const keep = 1 - stepS / SWEAT_TAU_S;
    this.#sweat = this.#sweat * keep + this.#sweatNoise.nextNormal() * skin.sweat * Math.sqrt(1 - keep * keep);
    const venousGoal = Math.max(0, this.#pressure - 1.2) * VENOUS_SHARE;
    this.#venous += ((venousGoal - this.#venous) * stepS) / VENOUS_TAU_S;
    this.#slip -= (this.#slip * stepS) / this.#slipTauS;
    const slips = happens(this.#strapChance, (skin.strapStepsPerHour * (isMoving ? 10 : 1) * stepS) / 3600);
    if (slips) {
      const step = uniformBetween(this.#strapChance, -skin.strapStepMax, skin.strapStepMax);
      this.slip(step, uniformBetween(this.#strapChance, 0.5, 5));
    }
    const open = this.#place === "air" || this.#place === "lamp";
    this.#exposure = open ? 1 : this.#place === "desk" ? 0.01 : onPolyline(EXPOSURE_OF_PRESSURE, this.#pressure);
  }
}
