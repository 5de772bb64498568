/**
 * Every setting of the band: where it is kept, its range, its default. The one place that says what a value may be,
 * for the page, Bluetooth and the flash. Adding a setting is a line here, at the end of its group, and the group's
 * version one higher: an older record then has the new one at its default.
 */
import { frozen } from "base/frozen";

/** One number, kept as int32. */
export interface SettingRow {
  readonly group: string;
  readonly min: number;
  readonly max: number;
  readonly byDefault: number;
  /** Allowed beside the range, and stands for "not known" in the store: `find` gives it as undefined. */
  readonly none?: number;
  /** Version of the group in which it came; 1 if left out. */
  readonly since?: number;
  /** What it is and its unit, for the page and the docs. */
  readonly says: string;
}

/**
 * How an older record of a group is read where it is not simply shorter. `was` is the place of a value in it, from 0;
 * the value is multiplied by `times`. A setting that is not named is at its default.
 */
export interface Migration {
  readonly group: string;
  readonly version: number;
  readonly count: number;
  readonly moves: Readonly<Record<string, { readonly was: number; readonly times: number }>>;
}

export interface SettingsTable {
  readonly rows: Readonly<Record<string, SettingRow>>;
  /** Of each group, now: 1 .. 255. In the order of their numbers in the log's events. */
  readonly versions: Readonly<Record<string, number>>;
  readonly migrations: readonly Migration[];
}

const ROWS = frozen({
  rateCentiPerMin: { group: "pace", min: 400, max: 1000, byDefault: 600, says: "breaths per minute, hundredths" },
  inhalePermille: { group: "pace", min: 200, max: 600, byDefault: 400, says: "inhaling, thousandths of a breath" },
  isAdaptive: { group: "pace", min: 0, max: 1, byDefault: 0, since: 2, says: "the pace follows the heart's swing" },

  strengthQ8: { group: "touch", min: 0, max: 256, byDefault: 160, says: "motor strength, 256 is full" },
  style: { group: "touch", min: 0, max: 3, byDefault: 0, says: "0 wave, 1 exhale, 2 edges, 3 beat" },
  isFading: { group: "touch", min: 0, max: 1, byDefault: 1, since: 2, says: "touch fades while the breath follows" },

  program: { group: "program", min: 0, max: 10, byDefault: 0, says: "number of the program that the button starts" },
  sessionMs: { group: "program", min: 180_000, max: 1_140_000, byDefault: 300_000, says: "length of breathing, ms" },
  regionsOn: { group: "program", min: 0, max: 0x7fff_ffff, byDefault: 0, says: "bit by region: asked for" },
  regionsOff: { group: "program", min: 0, max: 0x7fff_ffff, byDefault: 0, says: "bit by region: left out" },

  restingBpm: { group: "body", min: 30, max: 120, byDefault: 0, none: 0, says: "resting heart rate, beats per minute" },
  floorBpm: { group: "body", min: 30, max: 60, byDefault: 40, says: "a session ends below this heart rate" },
  ageYears: { group: "body", min: 16, max: 120, byDefault: 0, none: 0, says: "years" },

  isSupervised: { group: "limits", min: 0, max: 1, byDefault: 0, says: "a clinician has set the limits" },
  sessionsADayMax: { group: "limits", min: 1, max: 12, byDefault: 4, says: "sessions a day" },
  sessionMinutesMax: { group: "limits", min: 1, max: 40, byDefault: 20, says: "length of a session, min" },

  nudgesADayMax: { group: "nudges", min: 0, max: 3, byDefault: 0, says: "invitations a day, 0 is none" },
  quietFromMinute: { group: "nudges", min: 0, max: 1439, byDefault: 1320, says: "quiet from, minute of the day" },
  quietToMinute: { group: "nudges", min: 0, max: 1439, byDefault: 480, says: "quiet until, minute of the day" },
  bellEveryMin: { group: "nudges", min: 15, max: 720, byDefault: 0, none: 0, since: 2, says: "between two bells, min" },
  bellFromMinute: { group: "nudges", min: 0, max: 1439, byDefault: 540, since: 2, says: "bell from, minute of day" },
  bellToMinute: { group: "nudges", min: 0, max: 1439, byDefault: 1080, since: 2, says: "bell until, minute of day" },

  screening: {
    group: "screening",
    min: 0,
    max: 2,
    byDefault: 0,
    says: "0 not asked, 1 nothing applies, 2 something does",
  },

  foundCentiPerMin: {
    group: "found",
    min: 400,
    max: 1000,
    byDefault: 0,
    none: 0,
    says: "practice rate that was found",
  },
  foundSpreadCenti: { group: "found", min: 0, max: 100, byDefault: 0, says: "its spread, hundredths a minute" },
  foundDay: { group: "found", min: 1, max: 65_534, byDefault: 0, none: 0, says: "its local day since 1970" },
} as const satisfies Record<string, SettingRow>);

export type SettingName = keyof typeof ROWS;

export const SETTINGS = frozen({
  rows: ROWS,
  versions: Object.freeze({ pace: 2, touch: 2, program: 1, body: 1, limits: 1, nudges: 2, screening: 1, found: 1 }),
  migrations: Object.freeze([]),
} as const satisfies SettingsTable);
