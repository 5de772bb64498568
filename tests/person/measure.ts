import assert from "node:assert/strict";
import type { PersonChoices } from "../../hosts/sim/person/options.js";
import { Person } from "../../hosts/sim/person/person.js";
import type { Truth } from "../../hosts/sim/person/truth.js";

/** Seed of a test, from the environment if it is to be another: SEED=7 npm test -- -g "…". Put it into the title. */
export const seedOf = (seed: number): number => Number(process.env.SEED ?? seed);

/** A heart that does only what a test asks for. */
export const plainHeart = {
  restBpm: 60,
  rsaBpmPerLitre: 0,
  rsaLagMs: 0,
  vasomotorBpm: 0,
  driftBpm: 0,
  beatJitterMs: 0,
  bpmPerCo2Mmhg: 0,
} as const;
/** Skin in which nothing changes but the pulse. */
export const plainSkin = {
  sweat: 0,
  breathDc: 0,
  breathAc: 0,
  vasomotorDc: 0,
  vasomotorAc: 0,
  arrivalJitterMs: 0,
} as const;

export function lived(seed: number, options: PersonChoices, seconds: number): Truth {
  const person = new Person({ seed, options });
  person.live(seconds * 1e6);
  return person.truth;
}

export function assertNear(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected} within ${tolerance}`);
}

export const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!; // i < length
  return sum / values.length;
};

export const deviation = (values: ArrayLike<number>): number => {
  const middle = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - middle) ** 2; // i < length
  return Math.sqrt(sum / values.length);
};

/** Amplitude (half of peak to peak) and phase in turns of the part of `values` that swings at `hz`, cosine at time 0. */
export function swingAt(values: ArrayLike<number>, rateHz: number, hz: number): { amplitude: number; turns: number } {
  const middle = mean(values);
  let re = 0;
  let im = 0;
  for (let i = 0; i < values.length; i++) {
    const angle = (2 * Math.PI * hz * i) / rateHz;
    re += (values[i]! - middle) * Math.cos(angle); // i < length, here and below
    im += (values[i]! - middle) * Math.sin(angle);
  }
  return {
    amplitude: (2 * Math.sqrt(re * re + im * im)) / values.length,
    turns: Math.atan2(im, re) / (2 * Math.PI),
  };
}

/** Heart rate, beats a minute, 10 times a second from `fromS` on: each interval's rate is taken at its middle. */
export function heartRate(truth: Truth, fromS: number, toS: number): Float64Array {
  const beats = truth.beats.heartUs.values();
  const rates = new Float64Array(Math.round((toS - fromS) * 10));
  let i = 1;
  const middleUs = (index: number): number => (beats[index]! + beats[index - 1]!) / 2; // 1 <= index < length
  const rateOf = (index: number): number => 60e6 / (beats[index]! - beats[index - 1]!);
  for (let k = 0; k < rates.length; k++) {
    const atUs = (fromS + k / 10) * 1e6;
    while (i + 2 < beats.length && middleUs(i + 1) <= atUs) i++;
    const share = (atUs - middleUs(i)) / (middleUs(i + 1) - middleUs(i));
    rates[k] = rateOf(i) + (rateOf(i + 1) - rateOf(i)) * share;
  }
  return rates;
}

/** Intervals, ms, of all beats. */
export function intervals(truth: Truth): number[] {
  const result: number[] = [];
  for (let i = 1; i < truth.beats.heartUs.length; i++) result.push(truth.rrMs(i));
  return result;
}
