import type { RandomStream } from "../board/random.js";
import { naturalLog } from "./curves.js";

/** 0 <= x < 1 */
export function uniform(random: RandomStream): number {
  return (random.next32() >>> 0) / 4294967296;
}

/** Any real number of `from .. to`, each as likely. */
export function uniformBetween(random: RandomStream, from: number, to: number): number {
  return from + (to - from) * uniform(random);
}

/** Exponentially distributed with this mean, at most 22 times it. */
export function exponential(random: RandomStream, mean: number): number {
  return -mean * naturalLog(((random.next32() >>> 0) + 1) / 4294967296);
}

/** True with a probability of `chance`. Always draws, so that the stream does not depend on it. */
export function happens(random: RandomStream, chance: number): boolean {
  return uniform(random) < chance;
}
