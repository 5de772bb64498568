import type { VirtualClock } from "./clock.js";

/** Rest voltage of a cell by its state of charge. */
export interface CellTable {
  /** Per cent, falling from 100 to 0. */
  readonly percents: readonly number[];
  readonly millivolts: readonly number[];
}

/** A generic lithium-cobalt pouch cell at 25 °C. */
export const genericPouchCell: CellTable = {
  percents: [100, 95, 90, 80, 70, 60, 50, 40, 30, 20, 15, 10, 5, 3, 1, 0],
  millivolts: [4200, 4150, 4110, 4020, 3950, 3890, 3840, 3800, 3770, 3730, 3710, 3690, 3610, 3500, 3350, 3270],
};

export interface BatteryOptions {
  readonly cell: CellTable;
  readonly capacityMah: number;
  /** Cell, protection circuit and leads, ohm: 0.3 new, 0.6 .. 0.9 aged, twice that at 5 °C. */
  readonly resistanceOhm: number;
  readonly percentAtStart: number;
  /** The host's analog input: its bits, and the cell voltage that reads as full scale, divider included, mV. */
  readonly adcBits: number;
  readonly adcFullScaleMv: number;
}

/** 3100 mV at the pin is what an ESP32's ADC reaches at its highest attenuation; the divider halves. */
export const batteryDefaults: BatteryOptions = {
  cell: genericPouchCell,
  capacityMah: 150,
  resistanceOhm: 0.3,
  percentAtStart: 85,
  adcBits: 12,
  adcFullScaleMv: 4900,
};

const MA_US_PER_MAH = 3_600_000_000;

/** One consumer of the cell's charge. */
export class Load {
  readonly name: string;
  readonly #beforeChange: () => void;
  #currentMa = 0;

  constructor(name: string, beforeChange: () => void) {
    this.name = name;
    this.#beforeChange = beforeChange;
  }

  get currentMa(): number {
    return this.#currentMa;
  }

  /** From now on. A linear regulator stands between, so what the part draws is what the cell gives. */
  setMa(currentMa: number): void {
    if (!(currentMa >= 0 && currentMa < 10_000)) throw new RangeError(`load "${this.name}" of ${currentMa} mA`);
    if (currentMa === this.#currentMa) return;
    this.#beforeChange();
    this.#currentMa = currentMa;
  }
}

/**
 * The cell: loses the charge that its loads take, sags under their current, and can be charged.
 * Charge is added up when a load changes, exactly for the constant current in between.
 */
export class Battery {
  readonly #clock: VirtualClock;
  readonly #options: BatteryOptions;
  readonly #capacityMaUs: number;
  readonly #loads: Load[] = [];
  #chargeMaUs: number;
  #chargerMa = 0;
  #settledUs = 0;
  /** See BatteryOptions; it rises with age and cold. */
  resistanceOhm: number;
  /** A fault: what the radio and the wiring add to a conversion, mV. */
  adcNoiseMv: (() => number) | undefined;

  constructor(clock: VirtualClock, options: BatteryOptions = batteryDefaults) {
    const { percents, millivolts } = options.cell;
    if (percents.length !== millivolts.length || percents[0] !== 100 || percents.at(-1) !== 0)
      throw new RangeError("a cell table runs from 100 to 0 per cent, with a voltage for each");
    this.#clock = clock;
    this.#options = options;
    this.resistanceOhm = options.resistanceOhm;
    this.#capacityMaUs = options.capacityMah * MA_US_PER_MAH;
    this.#chargeMaUs = (this.#capacityMaUs * options.percentAtStart) / 100;
    this.#settledUs = clock.nowUs;
  }

  /** A new consumer, drawing nothing yet. */
  addLoad(name: string): Load {
    const load = new Load(name, () => this.#settle());
    this.#loads.push(load);
    return load;
  }

  get loads(): readonly Load[] {
    return this.#loads;
  }

  /** What all consumers draw now, mA. */
  get loadMa(): number {
    let sumMa = 0;
    for (let i = 0; i < this.#loads.length; i++) sumMa += this.#loads[i]!.currentMa; // i is bounded by the loop
    return sumMa;
  }

  /** 0 takes the charger off. It stops by itself when the cell is full. */
  setChargerMa(currentMa: number): void {
    if (!(currentMa >= 0 && currentMa < 10_000)) throw new RangeError(`charger of ${currentMa} mA`);
    this.#settle();
    this.#chargerMa = currentMa;
  }

  get isCharging(): boolean {
    return this.#chargerMa > 0 && this.percent < 100;
  }

  /** True state of charge, 0 .. 100. The firmware only sees the voltage. */
  get percent(): number {
    return (this.#chargeNowMaUs() / this.#capacityMaUs) * 100;
  }

  /** Sets the state of charge: a scenario's, or a test's. */
  set percent(percent: number) {
    if (!(percent >= 0 && percent <= 100)) throw new RangeError(`state of charge of ${percent} per cent`);
    this.#settle();
    this.#chargeMaUs = (this.#capacityMaUs * percent) / 100;
  }

  /** At rest, mV: straight lines between the points of the table. */
  get restMv(): number {
    const { percents, millivolts } = this.#options.cell;
    const percent = this.percent;
    let i = 1;
    while (i < percents.length - 1 && percents[i]! > percent) i++; // i is bounded by the loop
    const high = percents[i - 1]!; // 1 <= i < length
    const low = percents[i]!;
    const lowMv = millivolts[i]!;
    return lowMv + ((millivolts[i - 1]! - lowMv) * (percent - low)) / (high - low);
  }

  /** At the terminals under the present load, mV. */
  get terminalMv(): number {
    const chargerMa = this.isCharging ? this.#chargerMa : 0;
    return Math.max(0, this.restMv - (this.loadMa - chargerMa) * this.resistanceOhm);
  }

  /** What the host's analog input reads now, 0 .. 2^adcBits - 1. */
  get adcCounts(): number {
    const countsMax = 2 ** this.#options.adcBits - 1;
    const mv = Math.max(0, this.terminalMv + (this.adcNoiseMv?.() ?? 0));
    return Math.min(countsMax, Math.floor((mv * countsMax) / this.#options.adcFullScaleMv + 0.5));
  }

  get adcBits(): number {
    return this.#options.adcBits;
  }

  get adcFullScaleMv(): number {
    return this.#options.adcFullScaleMv;
  }

  #settle(): void {
    this.#chargeMaUs = this.#chargeNowMaUs();
    this.#settledUs = this.#clock.nowUs;
  }

  #chargeNowMaUs(): number {
    const charge = this.#chargeMaUs + (this.#chargerMa - this.loadMa) * (this.#clock.nowUs - this.#settledUs);
    return Math.min(this.#capacityMaUs, Math.max(0, charge));
  }
}
