/**
 * Everything that two wearers can differ in. Sources are in docs/person.md; "chosen" there means an engineering value
 * for which none was found.
 */

export interface About {
  readonly ageYears: number;
  readonly heightCm: number;
  readonly sex: "woman" | "man";
}

export interface HeartOptions {
  /** Mean at rest, free breathing, no load. */
  readonly restBpm: number;
  /** The rhythm is held within these; 38 and 200 are the widest. */
  readonly minBpm: number;
  readonly maxBpm: number;
  /** Breaths a minute at which RSA is largest in a person who breathes as much air as needed: the planted resonance. */
  readonly resonancePerMin: number;
  /** Sharpness of the baroreflex resonance. */
  readonly resonanceQuality: number;
  /** Peak to trough at the resonator's centre, for a breath of one litre. */
  readonly rsaBpmPerLitre: number;
  /** From the lungs to the sinus node, on top of the resonator's phase; 0 .. 1260. */
  readonly rsaLagMs: number;
  readonly vasomotorHz: number;
  /** Standard deviations. */
  readonly vasomotorBpm: number;
  readonly driftBpm: number;
  readonly beatJitterMs: number;
  /** Rise of the rate at load 1, and the part of RSA that is lost then. */
  readonly loadBpm: number;
  readonly loadVagalLoss: number;
  readonly loadRiseTauS: number;
  /** The planted recovery: load falls with this time constant when its cause is over. */
  readonly recoveryTauS: number;
  /** Rise of the rate per mmHg that CO2 is below 38. */
  readonly bpmPerCo2Mmhg: number;
  readonly ectopicsPerHour: number;
  /** Share of the ectopics that come from the ventricle, with a full compensatory pause. */
  readonly ventricularShare: number;
  readonly pausesPerHour: number;
  readonly isFibrillating: boolean;
  /** Fibrillation: rise of the mean rate, and the mean of the interval's exponential part. */
  readonly fibrillationBpm: number;
  readonly fibrillationTailMs: number;
}

export interface BreathOptions {
  readonly restPerMin: number;
  readonly restLitres: number;
  /** Breath-to-breath spread of free breathing. */
  readonly spread: number;
  readonly sighsPerHour: number;
  readonly yawnsPerHour: number;
  /** Following: 0 .. 1, sets the wander of the turns and how often attention is lost. */
  readonly skill: number;
  /** Following: from the cue to the turn of the breath. */
  readonly delayMs: number;
  /** Following: chance per breath that attention is lost for 1 .. 4 breaths. */
  readonly lapsesPerBreath: number;
  /** Slow breathing: volume over the one that keeps CO2 as it is; above 1 is over-breathing. */
  readonly depth: number;
  /** Motor speed, 0 .. 1, from which it is felt. */
  readonly feltSpeed: number;
}

/** Where the sensor is. */
export type Place = "wrist" | "finger" | "air" | "desk" | "lamp" | "banana";
export type Motion = "still" | "typing" | "walking" | "running";

export interface SkinOptions {
  /** nA of photocurrent per mA of LED current, skin without ink. */
  readonly wristIrNaPerMa: number;
  readonly wristRedNaPerMa: number;
  readonly fingerIrNaPerMa: number;
  readonly fingerRedNaPerMa: number;
  /** Peak to peak of a pulse at 60 a minute over the mean, infra-red, warm and well strapped. */
  readonly wristPulse: number;
  readonly fingerPulse: number;
  /** Red's pulse over infra-red's. */
  readonly redToIrRatio: number;
  /** From the R wave to the foot of the pulse, at rest. */
  readonly wristArrivalMs: number;
  readonly fingerArrivalMs: number;
  /** Beat to beat, standard deviation. */
  readonly arrivalJitterMs: number;
  /** Of the skin under the sensor. */
  readonly temperatureC: number;
  /** 1 is right, 0 hangs loose, 2 shuts the vessels. */
  readonly strapPressure: number;
  /** Light that dark ink under the sensor lets through, 1 without. */
  readonly inkIr: number;
  readonly inkRed: number;
  /** Standard deviation of the slow wander of the mean: sweat. */
  readonly sweat: number;
  /** Mean level's swing with a breath of one litre, and that of the pulse's height. */
  readonly breathDc: number;
  readonly breathAc: number;
  /** The same with the vessels' tone, standard deviations. */
  readonly vasomotorDc: number;
  readonly vasomotorAc: number;
  /** Strap shifts an hour, at rest and on the run, and their largest step. */
  readonly strapStepsPerHour: number;
  readonly strapStepMax: number;
  /** Motor at full speed: step of the mean, and amplitude of the vibration's line. */
  readonly motorDc: number;
  readonly motorLine: number;
  readonly motorTailMs: number;
  /** Rounds a second of the motor at speed 1. */
  readonly motorHz: number;
}

export interface LightOptions {
  readonly lux: number;
  /** Of the mains behind the lamps: the light flickers at twice this. 0 is daylight. */
  readonly mainsHz: number;
  /** Amplitude of the flicker over the mean. */
  readonly flicker: number;
}

export type CueStyle = "wave" | "exhale" | "edges";
/** What the wearer knows of the pace beforehand; otherwise it is learned from the first cues. */
export interface ToldPace {
  readonly inhaleS: number;
  readonly exhaleS: number;
}
export type Breathing =
  | { readonly how: "free" }
  /** By a clock of one's own, to the millisecond: for planting. */
  | { readonly how: "paced"; readonly perMin: number; readonly inhaleShare: number }
  /** By what the motor is felt to do. */
  | { readonly how: "follow"; readonly style: CueStyle; readonly told?: ToldPace }
  | { readonly how: "speech" }
  | { readonly how: "hold"; readonly seconds: number };

/** What can happen to a wearer. */
export type Happening =
  | { readonly what: "breathe"; readonly breathing: Breathing }
  | { readonly what: "depth"; readonly depth: number }
  | { readonly what: "yawn" }
  /** Sympathetic load, 0 .. 2, for some time. */
  | { readonly what: "load"; readonly level: number; readonly seconds: number }
  | { readonly what: "fibrillate"; readonly on: boolean }
  | { readonly what: "move"; readonly motion: Motion }
  | { readonly what: "place"; readonly place: Place }
  | { readonly what: "strap"; readonly pressure: number }
  /** The strap slips: the mean level jumps by this part and comes back with the time constant. */
  | { readonly what: "slip"; readonly step: number; readonly recoveryS: number }
  | { readonly what: "temperature"; readonly celsius: number }
  | { readonly what: "light"; readonly light: Partial<LightOptions> };

export interface TimedHappening {
  readonly atUs: number;
  readonly happening: Happening;
}

export interface PersonOptions {
  readonly about: About;
  readonly heart: HeartOptions;
  readonly breath: BreathOptions;
  readonly skin: SkinOptions;
  readonly light: LightOptions;
  readonly place: Place;
  readonly motion: Motion;
  readonly breathing: Breathing;
  readonly script: readonly TimedHappening[];
}

/** Any part of them; the rest is as `personOptions` fills it in. */
export type PersonChoices = {
  readonly [Key in keyof PersonOptions]?: Key extends "about" | "heart" | "breath" | "skin" | "light"
    ? Partial<PersonOptions[Key]>
    : PersonOptions[Key];
};

/**
 * Taller people and men have a slower resonance, age does not matter (Vaschillo, Vaschillo & Lehrer 2006); adults lie
 * within 4.5 .. 6.5 a minute. The slope itself is chosen.
 */
export function resonancePerMinOf({ heightCm, sex }: About): number {
  const perMin = 5.6 - 0.03 * (heightCm - 170) + (sex === "woman" ? 0.1 : -0.1);
  return Math.max(4.5, Math.min(perMin, 6.5));
}

/** R wave to pulse foot: pre-ejection 57 ms (Kortekaas 2018), then 0.45 of the height to the wrist, in arteries. */
export function arrivalMsOf({ ageYears, heightCm }: About, place: "wrist" | "finger"): number {
  const arteryCm = heightCm * (place === "wrist" ? 0.45 : 0.53);
  const waveCmPerMs = 0.62 + 0.003 * (ageYears - 40);
  return 57 + arteryCm / waveCmPerMs;
}

/** The person of these choices, with everything filled in. Errors: RangeError */
export function personOptions(choices: PersonChoices = {}): PersonOptions {
  const about: About = { ageYears: 40, heightCm: 170, sex: "woman", ...choices.about };
  const options: PersonOptions = {
    about,
    heart: {
      restBpm: 66,
      minBpm: 38,
      maxBpm: 200,
      resonancePerMin: resonancePerMinOf(about),
      resonanceQuality: 1.2,
      rsaBpmPerLitre: 20,
      rsaLagMs: 200,
      vasomotorHz: 0.095,
      vasomotorBpm: 1,
      driftBpm: 1.5,
      beatJitterMs: 4,
      loadBpm: 20,
      loadVagalLoss: 0.6,
      loadRiseTauS: 8,
      recoveryTauS: 60,
      bpmPerCo2Mmhg: 0.8,
      ectopicsPerHour: 0,
      ventricularShare: 0.5,
      pausesPerHour: 0,
      isFibrillating: false,
      fibrillationBpm: 25,
      fibrillationTailMs: 160,
      ...choices.heart,
    },
    breath: {
      restPerMin: 15,
      restLitres: 0.5,
      spread: 0.15,
      sighsPerHour: 14,
      yawnsPerHour: 1,
      skill: 0.8,
      delayMs: 300,
      lapsesPerBreath: 0.02,
      depth: 1,
      feltSpeed: 0.15,
      ...choices.breath,
    },
    skin: {
      wristIrNaPerMa: 150,
      wristRedNaPerMa: 120,
      fingerIrNaPerMa: 280,
      fingerRedNaPerMa: 240,
      wristPulse: 0.0025,
      fingerPulse: 0.012,
      redToIrRatio: 0.45,
      wristArrivalMs: arrivalMsOf(about, "wrist"),
      fingerArrivalMs: arrivalMsOf(about, "finger"),
      arrivalJitterMs: 2,
      temperatureC: 33,
      strapPressure: 1,
      inkIr: 1,
      inkRed: 1,
      sweat: 0.004,
      breathDc: 0.003,
      breathAc: 0.1,
      vasomotorDc: 0.0005,
      vasomotorAc: 0.05,
      strapStepsPerHour: 0,
      strapStepMax: 0.05,
      motorDc: 0.004,
      motorLine: 0.003,
      motorTailMs: 200,
      motorHz: 190,
      ...choices.skin,
    },
    light: { lux: 300, mainsHz: 50, flicker: 0.5, ...choices.light },
    place: choices.place ?? "wrist",
    motion: choices.motion ?? "still",
    breathing: choices.breathing ?? { how: "free" },
    script: [...(choices.script ?? [])].sort((a, b) => a.atUs - b.atUs),
  };
  check(options);
  return options;
}

function check({ heart, breath, script }: PersonOptions): void {
  if (!(heart.minBpm >= 38 && heart.minBpm < heart.maxBpm && heart.maxBpm <= 200))
    throw new RangeError(`heart rate from ${heart.minBpm} to ${heart.maxBpm}: 38 to 200 a minute is what there is`);
  if (!(heart.rsaLagMs >= 0 && heart.rsaLagMs <= 1260)) throw new RangeError(`RSA lag of ${heart.rsaLagMs} ms`);
  if (!(breath.restPerMin >= 6 && breath.restPerMin <= 40))
    throw new RangeError(`free breathing at ${breath.restPerMin} a minute`);
  if (!(breath.restLitres > 0.2)) throw new RangeError(`a breath of ${breath.restLitres} l`);
  for (const { atUs } of script)
    if (!(Number.isSafeInteger(atUs) && atUs >= 0)) throw new RangeError(`something happens at ${atUs} us`);
}
