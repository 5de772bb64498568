/** What an XS machine has used. The numbers are the same on every computer. */
export interface Counters {
  /** Heap slots (16 bytes each): in use since the last collection, reserved, highest use. */
  slots: number;
  slotsReserved: number;
  slotsPeak: number;
  /** Chunk bytes (byte code, strings, buffers): in use, reserved, highest use. */
  chunkBytes: number;
  chunkBytesReserved: number;
  chunkBytesPeak: number;
  /** Collections since the machine was made. Unchanged slots mean "nothing allocated" only if this is unchanged too. */
  collections: number;
  /** Stack slots: deepest use, size. */
  stackPeak: number;
  stackSize: number;
  /** Names and symbols in use. */
  keys: number;
  /** Meter units since the machine was made: byte codes and some calls. A proxy of time; blind to search depth. */
  meter: number;
  /** Double-precision operations since the machine was made. */
  floatOperations: number;
  /** Bytes of the arena that neither slots nor chunks have taken. */
  arenaFree: number;
  /** Highest memory of the parser, bytes, outside the arena. */
  parserPeak: number;
  /** What was there when the machine was made, or sealed: flash on the device. */
  baselineSlots: number;
  baselineChunkBytes: number;
  baselineKeys: number;
  slotBytes: number;
}

/** The order of c/host.c's `counters`. */
const ORDER: readonly (keyof Counters)[] = [
  "slots",
  "slotsReserved",
  "slotsPeak",
  "chunkBytes",
  "chunkBytesReserved",
  "chunkBytesPeak",
  "collections",
  "stackPeak",
  "stackSize",
  "keys",
  "meter",
  "floatOperations",
  "arenaFree",
  "parserPeak",
  "baselineSlots",
  "baselineChunkBytes",
  "baselineKeys",
  "slotBytes",
];

export const newCounters = (): Counters => ({
  slots: 0,
  slotsReserved: 0,
  slotsPeak: 0,
  chunkBytes: 0,
  chunkBytesReserved: 0,
  chunkBytesPeak: 0,
  collections: 0,
  stackPeak: 0,
  stackSize: 0,
  keys: 0,
  meter: 0,
  floatOperations: 0,
  arenaFree: 0,
  parserPeak: 0,
  baselineSlots: 0,
  baselineChunkBytes: 0,
  baselineKeys: 0,
  slotBytes: 0,
});

/** `values[first ..]` into `counters`. */
export function fillCounters(counters: Counters, values: Float64Array, first: number): void {
  for (let i = 0; i < ORDER.length; i++) counters[ORDER[i]!] = values[first + i]!; // as long as c/host.c's array
}

/** Highest use of heap and chunks above what lies in flash on the device, bytes: what `creation.static` must hold. */
export const arenaPeakBytes = (counters: Readonly<Counters>): number =>
  (counters.slotsPeak - counters.baselineSlots) * counters.slotBytes +
  counters.chunkBytesPeak -
  counters.baselineChunkBytes;
