/** What can be wrong with the sensor as a whole. `name` is a field: on preloaded prototypes it cannot be set. */
import { PART_ID_MAX30102 } from "ppg/max30102-registers";

const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, "0")}`;

/** Something answers at the sensor's address, and it is not the sensor. */
export class WrongPart extends Error {
  override readonly name = "WrongPart";
  /** What PART_ID read: 0x11 is a MAX30100, 0xff a bus that nobody drives. */
  readonly found: number;

  constructor(found: number) {
    const who = found === 0x11 ? ", a MAX30100" : found === 0xff ? ", a bus that nobody drives" : "";
    super(`PART_ID is ${hex(found)}${who}; a MAX30102 says ${hex(PART_ID_MAX30102)}`);
    this.found = found;
  }
}

/** Nothing answers at the sensor's address. The bus's own error is the `cause`. */
export class SensorMissing extends Error {
  override readonly name = "SensorMissing";

  constructor(cause: unknown) {
    super(`no answer from the sensor: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** The sensor never came out of RESET. */
export class ResetStuck extends Error {
  override readonly name = "ResetStuck";

  constructor(tries: number, waitMs: number) {
    super(`RESET did not clear within ${waitMs} ms, ${tries} times`);
  }
}

/** A register does not hold what was written, twice over. */
export class SettingRefused extends Error {
  override readonly name = "SettingRefused";
  readonly register: number;
  readonly wrote: number;
  readonly found: number;

  constructor(register: number, wrote: number, found: number) {
    super(`register ${hex(register)} was set to ${hex(wrote)} and reads ${hex(found)}`);
    this.register = register;
    this.wrote = wrote;
    this.found = found;
  }
}

/** The sensor answers, and then loses its settings, its supply or its rhythm, again and again. */
export class SensorUnsteady extends Error {
  override readonly name = "SensorUnsteady";

  constructor() {
    super("the sensor keeps losing its settings or stops sampling: check its supply");
  }
}
