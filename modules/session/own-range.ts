/** Bins of 2 bpm from 30 on: the last one holds everything from 188. */
const BIN_BPM = 2;
const BPM_MIN = 30;
const BINS = 80;
/** Three days of minutes: then all are halved, so that older days fade. */
const MINUTES_MAX = 4_320;
/** Fewer minutes than this, half a day of them, say nothing about a person (Schwerdtfeger 2025: one day). */
export const OWN_RANGE_MINUTES_MIN = 720;
const VERSION = 1;
export const OWN_RANGE_BYTES = 1 + 2 * BINS;

/** How this person's heart rate is spread over still minutes of everyday life. Cost: one pass over 80 bins a question. */
export class OwnRange {
  readonly #minutes = new Uint16Array(BINS);
  #total = 0;

  get isKnown(): boolean {
    return this.#total >= OWN_RANGE_MINUTES_MIN;
  }

  /** One more still minute. @param bpm  clamped to 30 .. 189 */
  add(bpm: number): void {
    const bin = Math.floor((bpm - BPM_MIN) / BIN_BPM);
    const slot = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
    this.#minutes[slot] = (this.#minutes[slot] ?? 0) + 1; // slot < BINS
    if (++this.#total < MINUTES_MAX) return;
    this.#total = 0;
    for (let i = 0; i < BINS; i++) {
      const half = this.#minutes[i]! >> 1; // i < BINS
      this.#minutes[i] = half;
      this.#total += half;
    }
  }

  /** Heart rate below which this share of the minutes lies; undefined before there are enough. */
  percentileBpm(percent: number): number | undefined {
    if (!this.isKnown) return undefined;
    let below = 0;
    for (let i = 0; i < BINS; i++) {
      below += this.#minutes[i]!; // i < BINS
      if (below * 100 >= this.#total * percent) return BPM_MIN + BIN_BPM * (i + 1);
    }
    return BPM_MIN + BIN_BPM * BINS;
  }

  /** A version, then 80 counts, little endian: OWN_RANGE_BYTES. */
  encode(): Uint8Array {
    const bytes = new Uint8Array(OWN_RANGE_BYTES);
    const view = new DataView(bytes.buffer);
    bytes[0] = VERSION;
    for (let i = 0; i < BINS; i++) view.setUint16(1 + 2 * i, this.#minutes[i]!, true); // i < BINS
    return bytes;
  }

  /** False, and nothing changes, if these are not such bytes. */
  decode(bytes: Uint8Array): boolean {
    if (bytes.length !== OWN_RANGE_BYTES || bytes[0] !== VERSION) return false;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let total = 0;
    for (let i = 0; i < BINS; i++) total += view.getUint16(1 + 2 * i, true);
    if (total >= MINUTES_MAX) return false;
    for (let i = 0; i < BINS; i++) this.#minutes[i] = view.getUint16(1 + 2 * i, true);
    this.#total = total;
    return true;
  }
}
