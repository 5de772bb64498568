import { planBreath } from "haptics/breath-plan";
import { type Phase, PROGRAMS, type Program, type ProgramName } from "session/programs";
import { SESSIONS_A_DAY_MAX } from "session/safety";
import type { SessionSettings } from "session/session";
import type { StartedBy, StartRefusal } from "session/session-log";

export interface StartRequest {
  readonly program: ProgramName;
  readonly by: StartedBy;
  /** For the phases whose length can be chosen, ms. */
  readonly chosenMs?: number;
}

/** What the log knows of earlier days. */
export interface UseHistory {
  readonly isWeekOne: boolean;
  readonly sessionsToday: number;
}

/** Why a session may not begin now; undefined if it may. */
export function startRefusal(
  request: StartRequest,
  settings: SessionSettings,
  history: UseHistory,
  isBusy: boolean,
  isResting: boolean,
  isBatteryEmpty: boolean,
): StartRefusal | undefined {
  const program: Program = PROGRAMS[request.program];
  if (isBusy) return "busy";
  if (isBatteryEmpty) return "batteryEmpty";
  if (program.isAfterWeekOne && history.isWeekOne) return "afterWeekOne";
  if (history.sessionsToday >= SESSIONS_A_DAY_MAX) return "dayFull";
  if (isResting && request.by === "nudge") return "resting";
  if (!planBreath(settings.pace).ok) return "pace";
  if (phasesOf(program, settings).length === 0) return "nothingLeft";
  const { chosenMs } = request;
  if (chosenMs === undefined) return undefined;
  const fits = program.phases.some(
    ({ chosenMsMin = Infinity, chosenMsMax = 0 }) => chosenMs >= chosenMsMin && chosenMs <= chosenMsMax,
  );
  return fits && Number.isInteger(chosenMs) ? undefined : "lengthOutOfRange";
}

/** The program's phases without the regions that the wearer leaves out. */
export function phasesOf(program: Program, settings: SessionSettings): readonly Phase[] {
  return program.phases.filter(({ region, isOffByDefault = false }) => {
    if (region === undefined) return true;
    return isOffByDefault ? settings.regionsOn.includes(region) : !settings.regionsOff.includes(region);
  });
}
