import { programCode } from "band/codes";
import type { ProgramName } from "session/programs";
import { crc32 } from "storage/crc32";
import type { LogRecord } from "storage/log-reader";
import { Settings } from "storage/settings";
import { SETTINGS, type SettingName } from "storage/settings-table";
import { Board } from "../../hosts/sim/board/board.js";
import { bootV8 } from "../../hosts/sim/boot-v8.node.js";
import { feelMotor } from "../../hosts/sim/person/motor-link.js";
import type { PersonChoices } from "../../hosts/sim/person/options.js";
import { Person } from "../../hosts/sim/person/person.js";
import { type BandWatcher, type Boot, VirtualBand } from "../../hosts/sim/virtual-band.js";
import { decodeAll, mount } from "../storage/rig.js";

const SECOND_US = 1_000_000;
const SHORT_PRESS_US = 150_000;
/** The pulse is found by then, and the log's first half minute is past. */
export const PRESSED_AT_S = 40;

export interface Wearing {
  readonly seed: number;
  readonly program: ProgramName;
  readonly options: PersonChoices;
  readonly settings?: Partial<Record<SettingName, number>>;
  readonly boot?: Boot;
  readonly watcher?: BandWatcher;
}

/** How the band was used, by docs/data.md: version, none today, the first week is over, 20 sessions ever, no day known. */
function usedForWeeks(): Uint8Array {
  const bytes = Uint8Array.of(1, 0, 1, 0, 20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0);
  new DataView(bytes.buffer).setInt32(16, crc32(bytes, 0, 16), true);
  return bytes;
}

/** A virtual wearer with the band on, who feels its motor, and whose page has chosen a program. */
export class Wearer {
  readonly person: Person;
  readonly band: VirtualBand;

  constructor({ seed, program, options, settings = {}, boot = bootV8, watcher = {} }: Wearing) {
    this.person = new Person({ seed, options });
    const board = new Board({ seed, optics: this.person });
    const store = {
      read: () => undefined,
      write: (key: string, value: ArrayBuffer | Uint8Array) => board.flash.write("band", key, new Uint8Array(value)),
      delete: () => undefined,
    };
    const stored = new Settings(store, SETTINGS, { settingsReset: () => undefined });
    const outcome = stored.set({ program: programCode(program), screening: 1, ...settings });
    if (!outcome.ok) throw new RangeError(`${outcome.name}: ${outcome.reason}`);
    store.write("use", usedForWeeks());
    this.band = new VirtualBand(board, boot, watcher);
    feelMotor(this.person, board.motor, board.clock);
  }

  get nowS(): number {
    return this.band.board.clock.nowUs / SECOND_US;
  }

  /** A short press of the button. */
  press(): void {
    const { clock, button } = this.band.board;
    button.press();
    clock.at(clock.nowUs + SHORT_PRESS_US, 0, () => button.release());
  }

  async run(untilS: number): Promise<void> {
    await this.band.run(untilS * SECOND_US);
  }

  /** Presses the button and wears the band for so long; then takes it off and reads its log. */
  async practise(seconds: number): Promise<LogRecord[]> {
    await this.run(PRESSED_AT_S);
    this.press();
    await this.run(PRESSED_AT_S + seconds);
    return this.log();
  }

  log(): LogRecord[] {
    this.band.close();
    if (this.band.restarts.length > 0) throw new Error(JSON.stringify(this.band.restarts));
    return decodeAll(mount(this.band.board.logFlash));
  }
}

type EventRecord = Extract<LogRecord, { kind: "event" }>;

export const eventsOf = (records: readonly LogRecord[], code: number): EventRecord[] =>
  records.filter((record): record is EventRecord => record.kind === "event" && record.code === code);
