import type { ConverterOptions } from "./max30102-converter.js";
import type { FifoSwitches } from "./max30102-fifo.js";

/** One unit: its physics, and what it does where the datasheet is silent. */
export interface Max30102Options extends ConverterOptions, FifoSwitches {
  /** Error of the chip's own oscillator, whole ppm: within 15,000 by the datasheet, clones 30,000. */
  readonly oscillatorPpm: number;
  readonly dieTemperatureC: number;
  /** A_FULL only when the free slots become as many as the field says, or at every push with that many or fewer. */
  readonly aFullRefire: "crossing" | "level";
  /** TEMP_EN reads 0 at once, with the value not ready yet. */
  readonly tempEnClearsEarly: boolean;
  /** DIE_TEMP_RDY stays 0 unless its enable bit is set. */
  readonly tempFlagNeedsEnable: boolean;
  /** How long RESET reads 1; Infinity never ends. Writes are lost meanwhile. */
  readonly resetMs: number;
  readonly partId: number;
  readonly revisionId: number;
}

export const max30102Defaults: Max30102Options = {
  oscillatorPpm: 0,
  dieTemperatureC: 31.5,
  redGain: 1,
  irGain: 1,
  ledsSwapped: false,
  darkNa: 0.9375,
  noiseCountsRms: 15,
  aFullRefire: "crossing",
  rolloverPush: "rdStays",
  emptyRead: "advance",
  tempEnClearsEarly: true,
  tempFlagNeedsEnable: true,
  resetMs: 1,
  partId: 0x15,
  revisionId: 0x03,
};
