import { readFileSync } from "node:fs";
import { moduleFiles, readManifests } from "#manifest";
import type { Creation } from "./engine/creation.js";

/** The compiled firmware as the manifests list it: what an engine is given to load. */
export interface FirmwareFiles {
  /** Compiled JavaScript of a manifest name; undefined if no manifest has it. */
  source(name: string): { code: string } | undefined;
  /** Names of the modules that live in flash on the device. */
  readonly preload: readonly string[];
  readonly creation: Creation;
}

interface ManifestCreation {
  static: number;
  chunk: { initial: number; incremental: number };
  heap: { initial: number; incremental: number };
  stack: number;
  keys: { initial: number; incremental: number };
}

/** Reads manifest.json and hosts/sim/manifest.json; sources are read on demand and kept. */
export function readFirmware(): FirmwareFiles {
  const files = moduleFiles();
  const manifests = readManifests().map(({ manifest }) => manifest);
  const creation = Object.assign({}, ...manifests.map((manifest) => manifest.creation ?? {})) as ManifestCreation;
  const cache = new Map<string, { code: string }>();
  return {
    source(name) {
      const known = cache.get(name);
      if (known !== undefined) return known;
      const file = files.get(name);
      if (file === undefined) return undefined;
      const loaded = { code: readFileSync(file, "utf8") };
      cache.set(name, loaded);
      return loaded;
    },
    preload: manifests.flatMap((manifest) => (manifest.preload as string[] | undefined) ?? []),
    creation: {
      staticBytes: creation.static,
      chunkInitial: creation.chunk.initial,
      chunkIncremental: creation.chunk.incremental,
      heapInitial: creation.heap.initial,
      heapIncremental: creation.heap.incremental,
      stack: creation.stack,
      keysInitial: creation.keys.initial,
      keysIncremental: creation.keys.incremental,
    },
  };
}
