import { Growing } from "./growing.js";

/** Where a beat came from. */
export const enum BeatKind {
  Sinus = 0,
  Ventricular = 1,
  Atrial = 2,
  /** A sinus beat after a pause of the sinus node. */
  AfterPause = 3,
  Fibrillation = 4,
}

export const enum Turn {
  Inhale = 0,
  Exhale = 1,
}

/**
 * What really happened to a wearer, for scoring what the band says of it. All times are virtual, µs. Columns of one
 * table have the same length.
 */
export class Truth {
  /** R waves, whole µs, rising; the foot of each pulse under the sensor (or where it would be); a BeatKind. */
  readonly beats = { heartUs: new Growing(), arrivalUs: new Growing(), kind: new Growing() };
  /** Turns of the breath: when, which (a Turn), and the lungs' volume above rest then, litres. */
  readonly turns = { timeUs: new Growing(), turn: new Growing(), litres: new Growing() };
  /** Starts of inhalations alone, so that a phase is found fast. */
  readonly inhalesUs = new Growing();
  /** What the wearer took for a cue: when it is thought to have been given, and the Turn it asks for. */
  readonly cues = { timeUs: new Growing(), turn: new Growing() };
  /** Changes of the wearer's state. `worn`: 1 on living skin. Places and motions by their place in PLACES, MOTIONS. */
  readonly states = { timeUs: new Growing(), worn: new Growing(), place: new Growing(), motion: new Growing() };
  /** At each whole second from 0 on: rate that drives the sinus node, load, CO2 in mmHg, effort of motion. */
  readonly seconds = { bpm: new Growing(), load: new Growing(), co2Mmhg: new Growing(), effort: new Growing() };

  constructor(
    readonly resonancePerMin: number,
    readonly recoveryTauS: number,
  ) {}

  /** Interval that ends with beat `index` >= 1, ms, at the heart. */
  rrMs(index: number): number {
    return (this.beats.heartUs.at(index) - this.beats.heartUs.at(index - 1)) / 1000;
  }

  /** Interval between the pulses of beats `index - 1` and `index` as they reach the sensor, ms. */
  pulseIntervalMs(index: number): number {
    return (this.beats.arrivalUs.at(index) - this.beats.arrivalUs.at(index - 1)) / 1000;
  }

  /** Share of the breath that has passed, from the start of inhaling: 0 .. 1; undefined outside of whole breaths. */
  breathPhaseAt(timeUs: number): number | undefined {
    const next = this.inhalesUs.countUpTo(timeUs);
    if (next === 0 || next === this.inhalesUs.length) return undefined;
    const startUs = this.inhalesUs.at(next - 1);
    return (timeUs - startUs) / (this.inhalesUs.at(next) - startUs);
  }

  wornAt(timeUs: number): boolean {
    const { timeUs: times, worn } = this.states;
    const next = times.countUpTo(timeUs);
    return next > 0 && worn.at(next - 1) === 1;
  }
}
