import { RandomStream } from "../board/random.js";
import type { BreathOptions, HeartOptions } from "./options.js";
import { noiseScale, Resonator } from "./resonator.js";

/** Dead space of the airways, litres: air that is moved and does not count. Chosen within 2 ml per kg. */
const DEAD_SPACE_LITRES = 0.15;
const CO2_REST_MMHG = 40;
/** Below this the rate rises, by the shortfall up to this much. */
const CO2_LOW_MMHG = 38;
const CO2_SHORTFALL_MAX_MMHG = 15;
const CO2_TAU_S = 75;
const VASOMOTOR_QUALITY = 5;
/** Three slow wanders of equal size make about 1/f from 10 s to 10 min. */
const DRIFT_TAUS_S = [15, 90, 600] as const;
const DRIFT_EVERY_STEPS = 10;
const EFFORT_TAU_S = 25;
const EFFORT_VAGAL_LOSS = 0.9;
const LAG_STEPS = 64;

/** Litres of a breath that lasts `periodS` and keeps CO2 where it is. */
export function balancedLitres({ restPerMin, restLitres }: BreathOptions, periodS: number): number {
  return DEAD_SPACE_LITRES + ((restLitres - DEAD_SPACE_LITRES) * restPerMin * periodS) / 60;
}

/**
 * Centre of the resonator, Hz, for which RSA is largest at the planted pace when each breath is as deep as its length
 * asks for: slower breaths are deeper, so the centre lies above the pace. The slope of
 * (d + c/f) / sqrt(1 + Q^2 (f/f0 - f0/f)^2) is zero at the pace; f0 by bisection.
 */
export function resonatorCentreHz(breath: BreathOptions, paceHz: number, quality: number): number {
  const perSecond = balancedLitres(breath, 1) - DEAD_SPACE_LITRES;
  const litresSlope = perSecond / (paceHz * (DEAD_SPACE_LITRES * paceHz + perSecond));
  let low = paceHz;
  let high = 4 * paceHz;
  for (let i = 0; i < 60; i++) {
    const centre = (low + high) / 2;
    const away = paceHz / centre - centre / paceHz;
    const slope =
      (quality * quality * away * (1 / centre + centre / (paceHz * paceHz))) / (1 + quality * quality * away * away);
    if (-slope < litresSlope) low = centre;
    else high = centre;
  }
  return (low + high) / 2;
}

/** What sets the pace of the sinus node: rest, breath, vessels, load, effort, CO2 and a slow wander. */
export class Autonomic {
  readonly #heart: HeartOptions;
  readonly #restLitresPerS: number;
  readonly #stepS: number;
  readonly #baroreflex: Resonator;
  readonly #vasomotor: Resonator;
  readonly #vasomotorScale: number;
  readonly #vasomotorNoise: RandomStream;
  readonly #driftNoise: RandomStream;
  readonly #drifts = new Float64Array(DRIFT_TAUS_S.length);
  readonly #lungs = new Float64Array(LAG_STEPS);
  readonly #lagSteps: number;
  #step = 0;
  #drift = 0;
  #loadTarget = 0;
  #loadUntilUs = 0;
  /** Sympathetic load, 0 .. 2. */
  load = 0;
  effort = 0;
  /** Rise of the rate that the motion asks for, 1 = 100 a minute. */
  effortTarget = 0;
  co2Mmhg = CO2_REST_MMHG;
  /** Air that counts, of the breath now, litres a second. */
  #airLitresPerS: number;
  /** Standard deviation 1: waves of the vessels' tone. */
  vasomotor = 0;

  constructor(seed: number, heart: HeartOptions, breath: BreathOptions, stepS: number) {
    this.#heart = heart;
    this.#stepS = stepS;
    this.#restLitresPerS = ((breath.restLitres - DEAD_SPACE_LITRES) * breath.restPerMin) / 60;
    this.#airLitresPerS = this.#restLitresPerS;
    const centreHz = resonatorCentreHz(breath, heart.resonancePerMin / 60, heart.resonanceQuality);
    this.#baroreflex = new Resonator(centreHz, heart.resonanceQuality, stepS);
    this.#vasomotor = new Resonator(heart.vasomotorHz, VASOMOTOR_QUALITY, stepS);
    this.#vasomotorScale = noiseScale(heart.vasomotorHz, VASOMOTOR_QUALITY, stepS);
    this.#vasomotorNoise = new RandomStream(seed, "person vasomotor");
    this.#driftNoise = new RandomStream(seed, "person drift");
    this.#lagSteps = Math.round(heart.rsaLagMs / (1000 * stepS));
    for (let i = 0; i < DRIFT_TAUS_S.length; i++) this.#drifts[i] = this.#driftNoise.nextNormal();
  }

  loadFor(level: number, untilUs: number): void {
    this.#loadTarget = level;
    this.#loadUntilUs = untilUs;
  }

  /** A breath of this volume and length is over. */
  breathed(litres: number, periodS: number): void {
    this.#airLitresPerS = Math.max(0, litres - DEAD_SPACE_LITRES) / periodS;
  }

  /** No air moves. */
  holdBreath(): void {
    this.#airLitresPerS = 0;
  }

  /** Heart rate at the end of the step that begins at `nowUs`, with this much air in the lungs above rest. */
  step(nowUs: number, lungLitres: number, hasSinusRhythm: boolean): number {
    const heart = this.#heart;
    const stepS = this.#stepS;
    this.#moveLoad(nowUs);
    this.#moveCo2();
    if (this.#step % DRIFT_EVERY_STEPS === 0) this.#wander();
    this.#lungs[this.#step & (LAG_STEPS - 1)] = lungLitres;
    const lagged = this.#lungs[(this.#step - this.#lagSteps) & (LAG_STEPS - 1)]!; // masked
    this.#step++;
    const rsa = this.#baroreflex.step(lagged) * heart.rsaBpmPerLitre * this.vagalTone;
    this.vasomotor = this.#vasomotor.step(this.#vasomotorNoise.nextNormal() * this.#vasomotorScale);
    this.effort += ((this.effortTarget - this.effort) * stepS) / EFFORT_TAU_S;
    const co2Short = Math.max(0, Math.min(CO2_LOW_MMHG - this.co2Mmhg, CO2_SHORTFALL_MAX_MMHG));
    const slow =
      heart.restBpm +
      this.#drift * heart.driftBpm +
      this.load * heart.loadBpm +
      this.effort * 100 +
      co2Short * heart.bpmPerCo2Mmhg;
    const rhythm = hasSinusRhythm ? rsa + this.vasomotor * heart.vasomotorBpm : heart.fibrillationBpm;
    return Math.max(heart.minBpm, Math.min(slow + rhythm, heart.maxBpm));
  }

  /** Share of RSA that load and effort leave. */
  get vagalTone(): number {
    const loadLeaves = 1 - this.#heart.loadVagalLoss * Math.min(1, this.load);
    return loadLeaves * (1 - EFFORT_VAGAL_LOSS * Math.min(1, this.effort * 2));
  }

  #moveLoad(nowUs: number): void {
    const target = nowUs < this.#loadUntilUs ? this.#loadTarget : 0;
    const tauS = target > this.load ? this.#heart.loadRiseTauS : this.#heart.recoveryTauS;
    this.load += ((target - this.load) * this.#stepS) / tauS;
  }

  /** Alveolar CO2 settles where as much is breathed out as the body makes. */
  #moveCo2(): void {
    const air = Math.max(this.#airLitresPerS, this.#restLitresPerS / 2);
    const settlesAt = (CO2_REST_MMHG * this.#restLitresPerS) / air;
    this.co2Mmhg += ((settlesAt - this.co2Mmhg) * this.#stepS) / CO2_TAU_S;
  }

  #wander(): void {
    let sum = 0;
    for (let i = 0; i < DRIFT_TAUS_S.length; i++) {
      const keep = 1 - (DRIFT_EVERY_STEPS * this.#stepS) / DRIFT_TAUS_S[i]!; // i < length, here and below
      this.#drifts[i] = this.#drifts[i]! * keep + this.#driftNoise.nextNormal() * Math.sqrt(1 - keep * keep);
      sum += this.#drifts[i]!;
    }
    this.#drift = sum / Math.sqrt(DRIFT_TAUS_S.length);
  }
}
