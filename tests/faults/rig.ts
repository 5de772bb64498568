import { Board, type BoardCounters } from "../../hosts/sim/board/board.js";
import { type FaultCase, type FaultId, faultRow, isUnit } from "../../hosts/sim/faults/catalogue.js";
import { drawCase, Injector, makeUnit, unitOptions } from "../../hosts/sim/faults/injector.js";
import { Phone } from "../../hosts/sim/faults/phone.js";
import { TroubledBus, TroubledLight } from "../../hosts/sim/faults/stacks.js";
import { feelMotor } from "../../hosts/sim/person/motor-link.js";
import { LightChannel } from "../../hosts/sim/person/optical-source.js";
import { Person } from "../../hosts/sim/person/person.js";
import { type Boot, VirtualBand } from "../../hosts/sim/virtual-band.js";
import { SECOND_US } from "../sim/rig.js";

/** A band on a still finger, a phone that listens, and one fault. */
export class FaultyBand {
  readonly band: VirtualBand;
  readonly board: Board;
  readonly person = new Person({ seed: 0x5eed_0021, options: { place: "finger" } });
  readonly phone: Phone;
  readonly fault: FaultCase;
  /** Virtual seconds at which a rate was told. */
  readonly ratesAtS: number[] = [];
  /** From outside, when the fault begins and when it ends. */
  before: BoardCounters | undefined;
  after: BoardCounters | undefined;
  /** The same a moment before it ends: light of 10 mA, ambient light, cell and what is read of it. */
  calm = this.#look();
  raging = this.#look();
  packetsBefore = 0;
  packetsAfter = 0;
  batteryPercents: number[] = [];
  sessions = 0;
  /** Readings of the cell, of 200, that were off by more than 20 mV. */
  adcOff = 0;
  #isIdle = true;

  constructor(boot: Boot, id: FaultId, values: Readonly<Record<string, number>>, rageMs: number, atMs: number) {
    this.fault = { ...drawCase(id, 7, atMs), values, ...(isUnit(id) ? {} : { rageMs }) };
    const light = new TroubledLight(this.person);
    const bus = new TroubledBus();
    const faults = [this.fault];
    const log = new Uint8Array(8 * 4096).fill(0xff);
    this.board = new Board({ seed: 3, optics: light, log, ...unitOptions(faults) });
    this.board.bus.fault = bus;
    this.band = new VirtualBand(this.board, boot, {
      second: (_bpm, absence, percent) => {
        if (absence === 0) this.ratesAtS.push(this.nowS);
        this.batteryPercents.push(percent);
      },
      restart: () => {
        this.#isIdle = true;
      },
      session: (state) => {
        if (this.#isIdle && state !== 0) this.sessions++;
        this.#isIdle = state === 0;
      },
    });
    this.board.clock.at(atMs * 1000 - 1, 0, () => {
      this.calm = this.#look();
    });
    this.board.clock.at((atMs + this.fault.rageMs) * 1000 - 10_000, 0, () => {
      this.raging = this.#look();
      const { battery } = this.board;
      for (let i = 0; i < 200; i++)
        if (Math.abs((battery.adcCounts * 4900) / 4095 - battery.terminalMv) > 20) this.adcOff++;
    });
    this.phone = new Phone(this.board.radio, this.board.clock);
    this.phone.isWanted = true;
    feelMotor(this.person, this.board.motor, this.board.clock);
    makeUnit(this.band, faults);
    new Injector({ band: this.band, person: this.person, phone: this.phone, bus, light }, faults, {
      began: () => {
        this.before = this.board.counters();
        this.packetsBefore = this.phone.packetCount;
      },
      ended: () => {
        this.after = this.board.counters();
        this.packetsAfter = this.phone.packetCount;
      },
    });
  }

  #look() {
    if (this.board === undefined)
      return { redNa: 0, irNa: 0, ambientNa: 0, terminalMv: 0, storeTakes: true, spins: true };
    const { sensor, clock, battery, flash, motor } = this.board;
    const { optics } = sensor.sampler.converter;
    const timeUs = clock.nowUs;
    return {
      redNa: optics.photocurrentNa(LightChannel.Red, 10, timeUs),
      irNa: optics.photocurrentNa(LightChannel.Ir, 10, timeUs),
      ambientNa: optics.ambientLeakNa(timeUs),
      terminalMv: battery.terminalMv,
      storeTakes: flash.powerCut === undefined,
      spins: !motor.isJammed,
    };
  }

  get nowS(): number {
    return this.board.clock.nowUs / SECOND_US;
  }
  get isIdle(): boolean {
    return this.#isIdle;
  }

  press(atMs: number, holdMs: number): void {
    this.board.clock.at(atMs * 1000, 0, () => this.board.button.press());
    this.board.clock.at((atMs + holdMs) * 1000, 0, () => this.board.button.release());
  }

  ratesIn(fromS: number, toS: number): number {
    return this.ratesAtS.filter((atS) => atS > fromS && atS <= toS).length;
  }

  /** By what the catalogue promises: from the end of the fault on. */
  get wellByS(): number {
    return (this.fault.atMs + this.fault.rageMs + faultRow(this.fault.id).recoverMs) / 1000;
  }
}
