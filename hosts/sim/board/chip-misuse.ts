/** The firmware asked a chip for something its datasheet forbids: a bug of ours, and the run fails. */
export class ChipMisuse extends Error {
  override name = "ChipMisuse";
  readonly register: number;
  /** What was to be written, or undefined for a read. */
  readonly value: number | undefined;
  readonly timeUs: number;

  constructor(chip: string, register: number, value: number | undefined, timeUs: number, why: string) {
    const access = value === undefined ? `read of ${hex(register)}` : `write of ${hex(value)} to ${hex(register)}`;
    super(`${chip}: ${access} at ${timeUs} us: ${why}`);
    this.register = register;
    this.value = value;
    this.timeUs = timeUs;
  }
}

const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, "0")}`;
