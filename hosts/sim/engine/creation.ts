/** From the manifest's `creation`: what the device has. Sizes in bytes, but heap and stack in slots, keys in keys. */
export interface Creation {
  readonly staticBytes: number;
  readonly chunkInitial: number;
  readonly chunkIncremental: number;
  readonly heapInitial: number;
  readonly heapIncremental: number;
  readonly stack: number;
  readonly keysInitial: number;
  readonly keysIncremental: number;
}

/** The manifest's `creation` as mcconfig reads it; other keys of it do not concern the heap. */
export interface ManifestCreation {
  readonly static: number;
  readonly chunk: { readonly initial: number; readonly incremental: number };
  readonly heap: { readonly initial: number; readonly incremental: number };
  readonly stack: number;
  readonly keys: { readonly initial: number; readonly incremental: number };
}

export const creationOf = (manifest: ManifestCreation): Creation => ({
  staticBytes: manifest.static,
  chunkInitial: manifest.chunk.initial,
  chunkIncremental: manifest.chunk.incremental,
  heapInitial: manifest.heap.initial,
  heapIncremental: manifest.heap.incremental,
  stack: manifest.stack,
  keysInitial: manifest.keys.initial,
  keysIncremental: manifest.keys.incremental,
});

/** Room enough for anything but a test of the limits. */
export const ROOMY: Creation = {
  staticBytes: 4 << 20,
  chunkInitial: 1 << 20,
  chunkIncremental: 1 << 18,
  heapInitial: 32_768,
  heapIncremental: 8192,
  stack: 2048,
  keysInitial: 1024,
  keysIncremental: 256,
};
