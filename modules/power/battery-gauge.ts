import { quotientFloor, quotientNearest } from "base/divide";
import type { Analog, AnalogOptions } from "base/host-parts";

/**
 * Charge in per cent and open-circuit voltage in mV of a generic lithium polymer pouch at rest, 25 C, fullest first.
 * Source: hardware reference 3.1, table A; InfiniTime's six points fit it. Another cell wants another table.
 */
const CELL_PERCENT: readonly number[] = Object.freeze([100, 95, 90, 80, 70, 60, 50, 40, 30, 20, 15, 10, 5, 3, 1, 0]);
const CELL_MV: readonly number[] = Object.freeze([
  4200, 4150, 4110, 4020, 3950, 3890, 3840, 3800, 3770, 3730, 3710, 3690, 3610, 3500, 3350, 3270,
]);

/** Below it the wearer is told; from `STOP_MV` on sensor and motor rest; both end only at `RECOVER_MV` (hysteresis). */
const WARN_MV = 3600;
const STOP_MV = 3500;
const RECOVER_MV = 3650;

/** A rise that no rest explains: the cell is on the charger, so the percentage may rise as well. */
const CHARGE_JUMP_MV = 100;

/** ADC readings in one measurement: the median of 16 ignores the radio's spikes (hardware reference 3.1). */
const READINGS = 16;

export const enum BatteryState {
  Good = 0,
  /** Tell the wearer. */
  Low = 1,
  /** No motor, no light: the cell must not be drained further. */
  Empty = 2,
}

/** Percent of charge for a cell voltage at rest, mV, by straight lines between the table's points. */
export function percentOf(mv: number): number {
  if (mv >= CELL_MV[0]!) return 100; // both tables have 16 entries, and i is bounded by the loop
  for (let i = 1; i < CELL_MV.length; i++) {
    const lowMv = CELL_MV[i]!;
    if (mv < lowMv) continue;
    const lowPercent = CELL_PERCENT[i]!;
    const spanMv = CELL_MV[i - 1]! - lowMv;
    return lowPercent + quotientNearest(Math.imul(mv - lowMv, CELL_PERCENT[i - 1]! - lowPercent), spanMv);
  }
  return 0;
}

/**
 * How full the cell is. `measure()` every few seconds, with the motor off: a running motor sags the cell by 25 .. 70 mV.
 * The percentage only falls between charges, so that it does not flicker. Errors: none. Cost: 16 ADC reads, no allocation.
 */
export class BatteryGauge {
  /** Cell voltage of the last measurement, mV; 0 before the first. */
  mv = 0;
  /** 0 .. 100; 100 before the first measurement. */
  percent = 100;
  state = BatteryState.Good;
  readonly #analog: Analog;
  readonly #fullScaleMv: number;
  readonly #readings = new Int32Array(READINGS);

  constructor(options: AnalogOptions) {
    this.#analog = new options.io(options);
    this.#fullScaleMv = options.fullScaleMv;
  }

  measure(): void {
    const readings = this.#readings;
    for (let i = 0; i < READINGS; i++) {
      const reading = this.#analog.read();
      if (reading === undefined) return; // a failed conversion: what was known stays
      let at = i;
      while (at > 0 && readings[at - 1]! > reading) {
        readings[at] = readings[at - 1]!; // at - 1 >= 0: insertion keeps the first i readings in order
        at--;
      }
      readings[at] = reading;
    }
    const median = (readings[READINGS / 2 - 1]! + readings[READINGS / 2]!) >> 1; // both inside the array
    const mv = quotientFloor(Math.imul(median, this.#fullScaleMv), (1 << this.#analog.resolution) - 1);
    const charging = mv > this.mv + CHARGE_JUMP_MV;
    if (this.mv === 0 || charging) this.percent = percentOf(mv);
    else if (percentOf(mv) < this.percent) this.percent = percentOf(mv);
    this.mv = mv;
    if (mv < STOP_MV) this.state = BatteryState.Empty;
    else if (mv < WARN_MV && this.state === BatteryState.Good) this.state = BatteryState.Low;
    else if (mv >= RECOVER_MV) this.state = BatteryState.Good;
  }

  close(): void {
    this.#analog.close();
  }
}
