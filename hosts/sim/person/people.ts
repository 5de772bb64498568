import type { PersonChoices } from "./options.js";

export interface NamedPerson {
  /** For the help and the page: who it is and what to look for. */
  readonly says: string;
  readonly choices: PersonChoices;
}

const follow = { how: "follow", style: "wave" } as const;
/** Who has done it before knows the pace that the band begins with: 4 s in, 6 s out. */
const practised = { ...follow, told: { inhaleS: 4, exhaleS: 6 } } as const;

/**
 * People with a name, one for each thing that is worth seeing. All of them follow the motor once it leads. What is not
 * said here is as `personOptions` fills it in: docs/person.md has the values and where they come from.
 */
export const PEOPLE = {
  calm: {
    says: "35 years, at rest, practised, the band well on the wrist",
    choices: {
      about: { ageYears: 35, heightCm: 168, sex: "woman" },
      heart: { restBpm: 62, rsaBpmPerLitre: 22 },
      breath: { skill: 0.9, lapsesPerBreath: 0.005, restPerMin: 13 },
      skin: { wristPulse: 0.003 },
      breathing: practised,
    },
  },
  beginner: {
    says: "28 years, first session: turns late, wanders, loses the thread, breathes too deeply",
    choices: {
      about: { ageYears: 28, heightCm: 181, sex: "man" },
      heart: { restBpm: 72, rsaBpmPerLitre: 24 },
      breath: { skill: 0.35, delayMs: 600, lapsesPerBreath: 0.08, depth: 1.6 },
      breathing: follow,
    },
  },
  older: {
    says: "72 years: little respiratory variability, stiff arteries, some early beats",
    choices: {
      about: { ageYears: 72, heightCm: 162, sex: "woman" },
      heart: { restBpm: 68, rsaBpmPerLitre: 9, ectopicsPerHour: 30, loadBpm: 14 },
      breath: { skill: 0.7, delayMs: 450 },
      skin: { wristPulse: 0.002, temperatureC: 31.5 },
      breathing: follow,
    },
  },
  athlete: {
    says: "24 years, trained: slow heart, very large respiratory variability",
    choices: {
      about: { ageYears: 24, heightCm: 178, sex: "man" },
      heart: { restBpm: 48, minBpm: 38, rsaBpmPerLitre: 34, recoveryTauS: 30 },
      breath: { skill: 0.85, restPerMin: 10, restLitres: 0.7 },
      skin: { wristPulse: 0.0038 },
      breathing: practised,
    },
  },
  stressed: {
    says: "41 years, under load for the first two minutes; calms down with a time constant of 90 s",
    choices: {
      about: { ageYears: 41, heightCm: 170, sex: "woman" },
      heart: { restBpm: 74, loadBpm: 24, recoveryTauS: 90 },
      breath: { restPerMin: 18, skill: 0.6 },
      breathing: follow,
      script: [{ atUs: 0, happening: { what: "load", level: 1, seconds: 120 } }],
    },
  },
  "loose-strap": {
    says: "the band hangs: little pulse, room light underneath, it slips now and then; the band should refuse",
    choices: {
      skin: { strapPressure: 0.25, strapStepsPerHour: 60, wristPulse: 0.0015 },
      light: { lux: 2000 },
      breathing: follow,
    },
  },
  "cold-hands": {
    says: "skin at 24 °C: a quarter of the pulse",
    choices: { skin: { temperatureC: 24 }, breathing: follow },
  },
  moving: {
    says: "types for a minute, then walks for one, then sits still",
    choices: {
      motion: "typing",
      breathing: follow,
      script: [
        { atUs: 60_000_000, happening: { what: "move", motion: "walking" } },
        { atUs: 120_000_000, happening: { what: "move", motion: "still" } },
      ],
    },
  },
  irregular: {
    says: "atrial fibrillation: no rhythm to be in step with; the band should say so",
    choices: {
      about: { ageYears: 68, heightCm: 174, sex: "man" },
      heart: { isFibrillating: true },
      breathing: follow,
    },
  },
} as const satisfies Readonly<Record<string, NamedPerson>>;

export type PersonName = keyof typeof PEOPLE;

export const isPersonName = (name: string): name is PersonName => Object.hasOwn(PEOPLE, name);
