import { Board } from "../../hosts/sim/board/board.js";
import { bootV8 } from "../../hosts/sim/boot-v8.node.js";
import { bootXs } from "../../hosts/sim/boot-xs.node.js";
import { type FirmwareFiles, readFirmware } from "../../hosts/sim/firmware-files.node.js";
import type { OpticalSource } from "../../hosts/sim/person/optical-source.js";
import { RecordedPulse } from "../../hosts/sim/person/recording.js";
import { readRecording } from "../../hosts/sim/person/recording-file.node.js";
import { type BandWatcher, type Boot, VirtualBand } from "../../hosts/sim/virtual-band.js";

export const SECOND_US = 1_000_000;

/** The recording that the repository ships, played from power-on. */
export function shippedPulse(): RecordedPulse {
  const { values, rateHz = 100, polarity } = readRecording("recordings/neurokit_rest5min.csv.gz");
  return new RecordedPulse({ timesUs: undefined, rateHz, values, polarity });
}

/** A band and everything it says, one line an event, with the virtual time it was said at. */
export class WatchedBand {
  readonly lines: string[] = [];
  readonly band: VirtualBand;

  constructor(boot: Boot, optics: OpticalSource, watcher: BandWatcher = {}) {
    this.band = new VirtualBand(new Board({ seed: 7, optics }), boot, {
      beat: (...values) => this.#note("beat", values),
      second: (...values) => this.#note("second", values),
      contact: (...values) => this.#note("contact", values),
      breath: (...values) => this.#note("breath", values),
      session: (...values) => this.#note("session", values),
      print: (text) => this.#note("print", [text]),
      restart: ({ reason, message }) => this.#note("restart", [reason, message]),
      ...watcher,
    });
  }

  #note(kind: string, values: readonly unknown[]): void {
    this.lines.push(`${this.band.board.clock.nowUs} ${kind} ${values.join(" ")}`);
  }

  /** A finger on the button now, for `us`. */
  press(us: number): void {
    const { clock, button } = this.band.board;
    button.press();
    clock.at(clock.nowUs + us, 0, () => button.release());
  }
}

export const bootOn = (engine: "xs" | "v8"): Promise<Boot> => (engine === "xs" ? bootXs() : Promise.resolve(bootV8));

/** XS with another `main.ts`, given as JavaScript, to see what the host makes of firmware that misbehaves. */
export function bootWithMain(code: string): Promise<Boot> {
  const files = readFirmware();
  const changed: FirmwareFiles = { ...files, source: (name) => (name === "main" ? { code } : files.source(name)) };
  return bootXs({}, changed);
}
