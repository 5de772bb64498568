import { RandomStream } from "../board/random.js";
import { exponential, happens, uniform, uniformBetween } from "./chance.js";
import { type About, type PersonChoices, type Place, resonancePerMinOf } from "./options.js";
import { Person } from "./person.js";

/** Where the wearer has the band, and the rest of what a run wants; the population leaves these alone. */
export type Circumstances = Pick<PersonChoices, "place" | "motion" | "breathing" | "script" | "light">;

/**
 * One of a population of adults, the same for the same seed. Distributions and their sources: docs/person.md.
 * "Normal" is `nextNormal`: no further than 3.46 standard deviations.
 */
export function randomPerson(seed: number, circumstances: Circumstances = {}): Person {
  return new Person({ seed, options: { ...randomChoices(seed), ...circumstances } });
}

/** What distinguishes the person of this seed. */
export function randomChoices(seed: number): PersonChoices {
  const about = randomAbout(new RandomStream(seed, "population about"));
  const heart = new RandomStream(seed, "population heart");
  const breath = new RandomStream(seed, "population breath");
  const skin = new RandomStream(seed, "population skin");
  const place: Place = happens(new RandomStream(seed, "population place"), 0.3) ? "finger" : "wrist";
  const hasInk = happens(skin, 0.05);
  const ink = uniformBetween(skin, 0.2, 0.6);
  const cold = happens(skin, 0.15);
  const wristIrNaPerMa = uniformBetween(skin, 80, 250);
  const fingerIrNaPerMa = within(280 * spread(skin, 0.15), 180, 420);
  return {
    about,
    place,
    heart: {
      restBpm: within(66 + (about.sex === "woman" ? 2 : -2) + 9 * heart.nextNormal(), 45, 95),
      resonancePerMin: within(resonancePerMinOf(about) + 0.3 * heart.nextNormal(), 4.5, 6.5),
      resonanceQuality: uniformBetween(heart, 1, 1.8),
      // RSA halves between 20 and 60 years, and people of one age differ by a factor of two either way.
      rsaBpmPerLitre: within((30 - 0.28 * about.ageYears) * spread(heart, 0.35), 2, 45),
      rsaLagMs: Math.round(uniformBetween(heart, 0, 500)),
      vasomotorHz: within(0.095 + 0.008 * heart.nextNormal(), 0.07, 0.12),
      vasomotorBpm: spread(heart, 0.4),
      driftBpm: 1.5 * spread(heart, 0.3),
      beatJitterMs: uniformBetween(heart, 2, 8),
      loadBpm: within(20 + 6 * heart.nextNormal(), 5, 45),
      loadVagalLoss: uniformBetween(heart, 0.3, 0.8),
      recoveryTauS: within(60 * spread(heart, 0.45), 20, 180),
      ectopicsPerHour: ectopicsPerHour(heart),
      ventricularShare: uniform(heart),
    },
    breath: {
      restPerMin: within(15 + 2.5 * breath.nextNormal(), 9, 22),
      restLitres: within((about.sex === "woman" ? 0.45 : 0.55) + 0.07 * breath.nextNormal(), 0.3, 0.8),
      spread: uniformBetween(breath, 0.08, 0.25),
      sighsPerHour: uniformBetween(breath, 2, 26),
      skill: within(0.75 + 0.15 * breath.nextNormal(), 0.2, 1),
      delayMs: Math.round(within(300 + 150 * breath.nextNormal(), 0, 900)),
      lapsesPerBreath: uniformBetween(breath, 0, 0.06),
      depth: within(1.15 + 0.15 * breath.nextNormal(), 0.8, 1.8),
      feltSpeed: uniformBetween(breath, 0.08, 0.25),
    },
    skin: {
      wristIrNaPerMa,
      wristRedNaPerMa: wristIrNaPerMa * uniformBetween(skin, 0.6, 1),
      fingerIrNaPerMa,
      fingerRedNaPerMa: fingerIrNaPerMa * uniformBetween(skin, 0.75, 0.95),
      wristPulse: uniformBetween(skin, 0.0005, 0.004),
      fingerPulse: uniformBetween(skin, 0.005, 0.019),
      redToIrRatio: uniformBetween(skin, 0.4, 0.5),
      temperatureC: cold ? uniformBetween(skin, 22, 29) : uniformBetween(skin, 30, 35),
      strapPressure: within(1 + 0.12 * skin.nextNormal(), 0.6, 1.5),
      inkIr: hasInk ? 0.3 + 0.7 * ink : 1,
      inkRed: hasInk ? ink : 1,
      sweat: uniformBetween(skin, 0.001, 0.01),
      breathDc: uniformBetween(skin, 0.001, 0.008),
      breathAc: uniformBetween(skin, 0.03, 0.15),
      vasomotorDc: uniformBetween(skin, 0, 0.001),
      vasomotorAc: uniformBetween(skin, 0, 0.1),
      strapStepsPerHour: uniformBetween(skin, 0, 4),
      motorDc: uniformBetween(skin, 0.001, 0.01),
      motorLine: uniformBetween(skin, 0.001, 0.006),
      motorTailMs: uniformBetween(skin, 100, 300),
      motorHz: uniformBetween(skin, 150, 220),
    },
  };
}

function randomAbout(random: RandomStream): About {
  const sex = happens(random, 0.5) ? "woman" : "man";
  const heightCm = sex === "woman" ? 163 + 6.5 * random.nextNormal() : 176 + 7 * random.nextNormal();
  return { sex, heightCm: Math.round(heightCm), ageYears: random.between(18, 75) };
}

/**
 * Two thirds have any, the median is 2 a day and one in twenty has more than 200 a day (2,065 healthy adults, abstract
 * 17075 of the American Heart Association): here 3 in 20 have 8 an hour on average, 1 in 20 has 60, the others none.
 */
function ectopicsPerHour(random: RandomStream): number {
  const draw = uniform(random);
  const much = exponential(random, 60);
  if (draw < 0.05) return Math.min(much, 300);
  return draw < 0.2 ? (much * 8) / 60 : 0;
}

/** A factor around 1, as likely half as double: (1 + x)^2 of a normal x. */
function spread(random: RandomStream, deviation: number): number {
  const root = Math.max(0.4, 1 + (deviation / 2) * random.nextNormal());
  return root * root;
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
