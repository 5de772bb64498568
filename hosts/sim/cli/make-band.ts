import { Board } from "../board/board.js";
import { bootV8 } from "../boot-v8.node.js";
import { bootXs } from "../boot-xs.node.js";
import { TroubledLight } from "../faults/stacks.js";
import { feelMotor } from "../person/motor-link.js";
import { type Boot, VirtualBand } from "../virtual-band.js";
import { type FeltLine, linesOf } from "./felt.js";
import type { Source } from "./source.js";
import { type StoredSettings, storeSettings } from "./stored-settings.js";

export interface EngineChoice {
  readonly engine: "xs" | "v8";
  readonly debug?: boolean;
}

/** Errors: EngineError when XS cannot be built */
export const bootOf = ({ engine, debug = false }: EngineChoice): Promise<Boot> =>
  engine === "xs" ? bootXs({ debug }) : Promise.resolve(bootV8);

export interface BandOptions {
  readonly source: Source;
  readonly boot: Boot;
  /** Called with everything that the firmware says. */
  tell(line: FeltLine): void;
  /** `trace` of the firmware. */
  print?(text: string): void;
  /** Of the board's chance, as the sensor's noise. */
  readonly seed?: number;
  /** What the wearer has set before the band is switched on. */
  readonly settings?: StoredSettings;
  /** The bytes of the session log's partition, of an earlier run; taken over, not copied. */
  readonly log?: Uint8Array | undefined;
}

/** A firmware that cannot stay up this long, this often in a row, never will. */
const UP_US_MIN = 2_000_000;
const FAILURES_MAX = 5;
/** Why the faults of hosts/sim/faults reset the processor. */
const BY_FAULT = ["brown-out", "unplugged", "power cut"];

/** A band on a person, or on a recording. */
export class PlayedBand {
  readonly band: VirtualBand;
  readonly startMs: number;
  /** What comes between the wearer's skin and the sensor: nothing, until a fault does. */
  readonly light: TroubledLight;
  #bootUs = 0;
  #failures = 0;
  #diedAtUs = 0;

  constructor({ source, boot, tell, print, seed = 1, settings = {}, log }: BandOptions) {
    const { optics, startMs, person } = source;
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
    this.light = new TroubledLight(optics);
    const board = new Board({ seed, optics: this.light, ...(log === undefined ? {} : { log }) });
    storeSettings(board.flash, settings);
    if (person !== undefined) feelMotor(person, board.motor, board.clock);
    this.band = new VirtualBand(board, timedBoot, print ? { ...watcher, print } : watcher);
  }

  /** Virtual time, ms. */
  get nowMs(): number {
    return this.band.board.clock.nowUs / 1000;
  }

  /** The same on the source's own time line. */
  get recordingMs(): number {
    return this.startMs + this.nowMs;
  }

  /** Restarts that no fault was asked for: the firmware's own failures. */
  get failures(): number {
    return this.band.restarts.filter(({ reason }) => !BY_FAULT.includes(reason)).length;
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
