import { Board } from "../board/board.js";
import { bootV8 } from "../boot-v8.node.js";
import { bootXs } from "../boot-xs.node.js";
import { RecordedPulse } from "../person/recording.js";
import type { RecordingFile } from "../person/recording-file.node.js";
import { type BandWatcher, type Boot, VirtualBand } from "../virtual-band.js";
import { BadInput } from "./bad-input.js";

export interface EngineChoice {
  readonly engine: string;
  readonly debug?: boolean;
}

export function bootOf({ engine, debug = false }: EngineChoice): Promise<Boot> {
  if (engine === "xs") return bootXs({ debug });
  if (engine === "v8") return Promise.resolve(bootV8);
  throw new BadInput(`--engine ${engine}: there are xs and v8`);
}

/** A band whose wearer is a recording, which starts when the band is switched on. `seed` is of the sensor's noise. */
export function bandOf(recording: RecordingFile, boot: Boot, watcher: BandWatcher, seed = 1): VirtualBand {
  const { timesMs, rateHz, values, polarity } = recording;
  const startMs = timesMs?.[0] ?? 0;
  const timesUs = timesMs?.map((ms) => Math.round((ms - startMs) * 1000));
  const optics = new RecordedPulse({ timesUs, rateHz: rateHz ?? 0, values, polarity });
  return new VirtualBand(new Board({ seed, optics }), boot, watcher);
}
