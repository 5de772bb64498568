import { programOf, styleOf } from "band/codes";
import { INVITATIONS_OFF } from "session/invitations";
import { supervise, usualLimits } from "session/limits";
import { REGIONS } from "session/programs";
import type { SessionSettings } from "session/session-settings";
import type { Settings } from "storage/settings";
import type { SettingName } from "storage/settings-table";

const MINUTE_MS = 60_000;

/** What the session engine reads, from what is stored. Stored values were checked when they were read. */
export function sessionSettings(stored: Settings<SettingName>): SessionSettings {
  const restingBpm = stored.find("restingBpm");
  const ageYears = stored.find("ageYears");
  const wished = {
    heartFloorBpm: stored.get("floorBpm"),
    sessionsADay: stored.get("sessionsADayMax"),
    sessionMs: stored.get("sessionMinutesMax") * MINUTE_MS,
  };
  const isSupervised = stored.get("isSupervised") === 1;
  const supervised = isSupervised ? supervise(wished) : undefined;
  const bellEveryMin = stored.find("bellEveryMin");
  return {
    program: programOf(stored.get("program")),
    style: styleOf(stored.get("style")),
    pace: { rateCentiPerMin: stored.get("rateCentiPerMin"), inhalePermille: stored.get("inhalePermille") },
    breatheMs: stored.get("sessionMs"),
    isAdaptive: stored.get("isAdaptive") === 1,
    isFading: stored.get("isFading") === 1,
    regionsOn: regionsOf(stored.get("regionsOn")),
    regionsOff: regionsOf(stored.get("regionsOff")),
    invitations: {
      ...INVITATIONS_OFF,
      isNudgeOn: stored.get("nudgesADayMax") > 0,
      quietFromMin: stored.get("quietFromMinute"),
      quietToMin: stored.get("quietToMinute"),
      isBellOn: bellEveryMin !== undefined,
      bellEveryMin: bellEveryMin ?? INVITATIONS_OFF.bellEveryMin,
      bellFromMin: stored.get("bellFromMinute"),
      bellToMin: stored.get("bellToMinute"),
    },
    wearer: { ...(restingBpm === undefined ? {} : { restingBpm }), ...(ageYears === undefined ? {} : { ageYears }) },
    // Limits that were loosened past their bounds, by whatever means, are not obeyed.
    limits: supervised?.ok === true ? supervised.limits : usualLimits(),
    screening: SCREENINGS[stored.get("screening")] ?? "notAsked",
    isSupervised,
  };
}

const SCREENINGS = Object.freeze(["notAsked", "clear", "applies"] as const);

const regionsOf = (bits: number): readonly string[] => REGIONS.filter((_, bit) => ((bits >> bit) & 1) === 1);
