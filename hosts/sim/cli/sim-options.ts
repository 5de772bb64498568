import type { ProgramName } from "session/programs";
import type { HciAddress } from "../radio/hci-address.node.js";
import type { TimedFault, TimedWish } from "./arguments.js";
import type { Deed } from "./live-band.js";
import type { StoredSettings } from "./stored-settings.js";

export interface SimulateOptions {
  /** A name, "anybody" or a file; who wears the band if no recording is played. */
  readonly person: string;
  readonly seed: number;
  readonly recording?: string;
  readonly column: string;
  /** What happens to the person by itself. */
  readonly at?: readonly TimedWish[];
  /** What breaks by itself. */
  readonly fault?: readonly TimedFault[];
  readonly program?: ProgramName;
  /** Of a session's paced breathing. */
  readonly minutes?: number;
  readonly style?: "wave" | "exhale" | "edges";
  /** Times real time; Infinity is as fast as it goes. */
  readonly speed: number;
  readonly duration?: number;
  readonly engine: "xs" | "v8";
  readonly debug?: boolean;
  readonly json?: boolean;
  /** A file for the JSON lines, or "-" for standard output. */
  readonly out?: string;
  /** A file that holds the band's session log: read at the start if it is there, written at the end. */
  readonly log?: string;
  /** When the button is pressed, virtual ms; false is never. */
  readonly press?: readonly number[] | false;
  readonly hold?: readonly number[];
  readonly pair?: readonly number[];
  /** Serve the live page; by default it is served unless standard output has JSON lines. */
  readonly page?: boolean;
  /** The Bluetooth controller that the band is heard through; without it nobody hears the band. */
  readonly hci?: HciAddress;
  /** A file for every HCI packet, as Wireshark reads it. */
  readonly hciLog?: string;
  /** A file in which the band keeps its bonds. */
  readonly bonds?: string;
  /** Of the live page; 0 is any that is free. */
  readonly port?: number;
}

/** A person presses the button then, unless told otherwise: there is a rate by then, and one sees how the breath begins. */
export const PRESS_MS = 20_000;
/** A person goes on for ever; a run does not. */
export const PERSON_DURATION_MS = 3_600_000;

/** What will be done without a hand. */
export function deedsOf({ recording, press, hold = [], pair = [], at = [], fault = [] }: SimulateOptions): Deed[] {
  const presses = press === false ? [] : (press ?? (recording === undefined ? [PRESS_MS] : []));
  return [
    ...presses.map((atMs) => ({ atMs, deed: "press" }) as const),
    ...hold.map((atMs) => ({ atMs, deed: "hold" }) as const),
    ...pair.map((atMs) => ({ atMs, deed: "pair" }) as const),
    ...fault.map(({ atMs, id }) => ({ atMs, deed: { what: "fault", id } }) as const),
    ...at.map(({ atMs, happening }) => ({ atMs, deed: happening })),
  ];
}

/** What the wearer has set before the band is switched on. */
export const settingsOf = ({ program, style, minutes }: SimulateOptions): StoredSettings => ({
  ...(program === undefined ? {} : { program }),
  ...(style === undefined ? {} : { style }),
  ...(minutes === undefined ? {} : { sessionMs: Math.round(minutes * 60_000) }),
});
