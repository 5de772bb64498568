import { programOf, styleOf } from "band/codes";
import { INVITATIONS_OFF } from "session/invitations";
import { supervise, usualLimits } from "session/limits";
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
  const supervised = stored.get("isSupervised") === 1 ? supervise(wished) : undefined;
  return {
    program: programOf(stored.get("program")),
    style: styleOf(stored.get("style")),
    pace: { rateCentiPerMin: stored.get("rateCentiPerMin"), inhalePermille: stored.get("inhalePermille") },
    isAdaptive: false,
    regionsOn: [],
    regionsOff: [],
    invitations: {
      ...INVITATIONS_OFF,
      isNudgeOn: stored.get("nudgesADayMax") > 0,
      quietFromMin: stored.get("quietFromMinute"),
      quietToMin: stored.get("quietToMinute"),
    },
    wearer: { ...(restingBpm === undefined ? {} : { restingBpm }), ...(ageYears === undefined ? {} : { ageYears }) },
    // Limits that were loosened past their bounds, by whatever means, are not obeyed.
    limits: supervised?.ok === true ? supervised.limits : usualLimits(),
  };
}
