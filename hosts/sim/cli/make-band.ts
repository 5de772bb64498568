import { Board } from "../board/board.js";
import { bootV8 } from "../boot-v8.node.js";
import { bootXs } from "../boot-xs.node.js";
import { RecordedPulse } from "../person/recording.js";
import type { RecordingFile } from "../person/recording-file.node.js";
import { type Boot, VirtualBand } from "../virtual-band.js";
import { type FeltLine, linesOf } from "./felt.js";

export interface EngineChoice {
  readonly engine: "xs" | "v8";
  readonly debug?: boolean;
}

/** Errors: EngineError when XS cannot be built */
export const bootOf = ({ engine, debug = false }: EngineChoice): Promise<Boot> =>
  engine === "xs" ? bootXs({ debug }) : Promise.resolve(bootV8);

/** A recording, and where on its own time line the band is switched on. */
export interface Take {
  readonly recording: RecordingFile;
  readonly startMs: number;
}

/** First and last sample on the recording's own time line. */
export function spanOf({ timesMs, rateHz, values }: RecordingFile): { firstMs: number; lastMs: number } {
  const last = values.length - 1;
  return { firstMs: timesMs?.[0] ?? 0, lastMs: timesMs?.[last] ?? (1000 * last) / (rateHz ?? 1) };
}

export interface BandOptions {
  readonly take: Take;
  readonly boot: Boot;
  /** Called with everything that the firmware says. */
  tell(line: FeltLine): void;
  /** `trace` of the firmware. */
  print?(text: string): void;
  /** Of the sensor's noise. */
  readonly seed?: number;
  /** The bytes of the session log's partition, of an earlier run; taken over, not copied. */
  readonly log?: Uint8Array | undefined;
}

/** A firmware that cannot stay up this long, this often in a row, never will. */
const UP_US_MIN = 2_000_000;
const FAILURES_MAX = 5;

/** A band whose wearer is a recording. */
export class PlayedBand {
  readonly band: VirtualBand;
  readonly startMs: number;
  #bootUs = 0;
  #failures = 0;
  #diedAtUs = 0;

  constructor({ take, boot, tell, print, seed = 1, log }: BandOptions) {
    const { recording, startMs } = take;
    const { timesMs, rateHz, values, polarity } = recording;
    const timesUs = timesMs?.map((ms) => Math.round(ms * 1000));
    const optics = new RecordedPulse(
      { timesUs, rateHz: rateHz ?? 0, values, polarity },
      { startUs: Math.round(-startMs * 1000) },
    );
    this.startMs = startMs;
    const time = { startMs, nowMs: () => this.nowMs, bootMs: () => this.#bootUs / 1000 };
    const watcher = linesOf(time, (line) => {
      if (line.type === "restart") this.#died();
      tell(line);
    });
    const timedBoot: Boot = (ports) => {
      this.#bootUs = ports.nowUs();
      return boot(ports);
    };
    this.band = new VirtualBand(
      new Board({ seed, optics, ...(log === undefined ? {} : { log }) }),
      timedBoot,
      print ? { ...watcher, print } : watcher,
    );
  }

  /** Virtual time, ms. */
  get nowMs(): number {
    return this.band.board.clock.nowUs / 1000;
  }

  /** The same on the recording's time line. */
  get recordingMs(): number {
    return this.startMs + this.nowMs;
  }

  /** The firmware dies again and again as soon as it starts: there is no point in going on. */
  get isHopeless(): boolean {
    return this.#failures >= FAILURES_MAX;
  }

  #died(): void {
    const nowUs = this.band.board.clock.nowUs;
    this.#failures = nowUs - this.#diedAtUs < UP_US_MIN || this.#failures === 0 ? this.#failures + 1 : 1;
    this.#diedAtUs = nowUs;
  }
}
