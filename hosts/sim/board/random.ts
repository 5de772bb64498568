/**
 * The simulator's own source of chance: 32-bit integers only, so that a seed means the same on every engine for ever.
 * Each user draws from a stream of its own name; a new user leaves the streams of the others as they were.
 * Source: sfc32 of the PractRand suite (Chris Doty-Humphrey, public domain); stream names enter by FNV-1a.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c = 0;
  #counter = 1;

  constructor(seed: number, name: string) {
    let hash = 0x811c9dc5;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    this.#a = seed | 0;
    this.#b = hash;
    for (let i = 0; i < 15; i++) this.next32(); // the first outputs still show the seed
  }

  /** Any of the 2^32 signed integers, each as likely. */
  next32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum;
  }

  /** An integer of the closed range `from .. to`, each as likely to within 2^-21 for ranges below 2^11. */
  between(from: number, to: number): number {
    return from + Math.floor(((this.next32() >>> 0) / 4294967296) * (to - from + 1));
  }

  /**
   * Noise near a normal distribution: mean 0, standard deviation 1, at most 3.46: the sum of four uniforms.
   * Exact arithmetic but for one rounding, so it is the same everywhere.
   */
  nextNormal(): number {
    const one = this.next32();
    const two = this.next32();
    const sum = (one & 0xffff) + (one >>> 16) + (two & 0xffff) + (two >>> 16);
    return (sum - 131070) / 37837.2; // 4 uniforms of 0 .. 65535: variance 4 (65536^2 - 1) / 12
  }
}
