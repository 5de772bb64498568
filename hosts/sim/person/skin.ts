import { LightChannel, type OpticalSource } from "./optical-source.js";

/**
 * How strongly a site sends light back, as photocurrent per LED current, and how much of it the pulse takes away.
 * Source: hardware reference 1.7: a fingertip record; the wrist from experience.
 */
export interface Site {
  /** nA per mA of LED current. */
  readonly irNaPerMa: number;
  readonly redNaPerMa: number;
  /** Peak-to-peak of an ordinary pulse over the mean, infra-red. */
  readonly irPulseFraction: number;
  /** Red's pulse fraction over infra-red's: the ratio R of pulse oximetry, 0.4 .. 0.5 in health. */
  readonly redToIrRatio: number;
}

export const finger: Site = { irNaPerMa: 280, redNaPerMa: 240, irPulseFraction: 0.008, redToIrRatio: 0.5 };
export const wrist: Site = { irNaPerMa: 150, redNaPerMa: 120, irPulseFraction: 0.003, redToIrRatio: 0.5 };

/** What comes back from white paper or air, nA per mA: about 9,000 counts at 7.2 mA and 4096 nA. */
export const AIR_NA_PER_MA = 20;

/** The sensor lies on the table. */
export class NoContact implements OpticalSource {
  photocurrentNa(_channel: LightChannel, ledMa: number, _timeUs: number): number {
    return AIR_NA_PER_MA * ledMa;
  }
  ambientLeakNa(_timeUs: number): number {
    return 0;
  }
  ambientOverrun(_timeUs: number): boolean {
    return false;
  }
}

/** Light through skin in which the volume of blood changes. */
export abstract class Skin implements OpticalSource {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  /** Blood above the site's mean, in units of an ordinary pulse's height. */
  protected abstract bloodAt(timeUs: number): number;

  /** 1 in firm contact, 0 off the body. */
  protected abstract contactAt(timeUs: number): number;

  photocurrentNa(channel: LightChannel, ledMa: number, timeUs: number): number {
    const contact = this.contactAt(timeUs);
    if (contact === 0) return AIR_NA_PER_MA * ledMa;
    const { irNaPerMa, redNaPerMa, irPulseFraction, redToIrRatio } = this.#site;
    const isRed = channel === LightChannel.Red;
    const fraction = isRed ? irPulseFraction * redToIrRatio : irPulseFraction;
    // More blood, less light; motion may ask for more than all of it.
    const light = Math.max(0, 1 - fraction * this.bloodAt(timeUs));
    const skinNaPerMa = (isRed ? redNaPerMa : irNaPerMa) * light;
    return (AIR_NA_PER_MA + (skinNaPerMa - AIR_NA_PER_MA) * contact) * ledMa;
  }

  ambientLeakNa(_timeUs: number): number {
    return 0;
  }

  ambientOverrun(_timeUs: number): boolean {
    return false;
  }
}
