import { planBreath } from "haptics/breath-plan";
import { type Phase, PROGRAMS, type Program, type ProgramName } from "session/programs";
import type { StartedBy, StartRefusal } from "session/session-log";
import type { SessionSettings } from "session/session-settings";

export interface StartRequest {
  readonly program: ProgramName;
  readonly by: StartedBy;
  /** For the phases whose length can be chosen, ms. */
  readonly chosenMs?: number;
}

/** What the log knows of earlier days and of the time before a restart; asked anew for each session. */
export interface UseHistory {
  readonly isWeekOne: boolean;
  /** Sessions begun today, however they ended; the log counts them as it hears of them. */
  readonly sessionsToday: number;
  /** Sessions of all days that were completed. */
  readonly sessionsEver: number;
  /** What is left of a rest after "not OK" that began before the restart, ms; the whole of it if that is not known. */
  readonly restLeftMs: number;
}

/** Whether anything may begin now at all. */
export interface StartCircumstances {
  readonly isBusy: boolean;
  readonly isResting: boolean;
  readonly isBatteryEmpty: boolean;
  readonly hasTrial: boolean;
}

/** Why a session may not begin now; undefined if it may. */
export function startRefusal(
  request: StartRequest,
  settings: SessionSettings,
  history: UseHistory,
  { isBusy, isResting, isBatteryEmpty, hasTrial }: StartCircumstances,
): StartRefusal | undefined {
  const program: Program = PROGRAMS[request.program];
  const { limits } = settings;
  if (isBusy) return "busy";
  if (isBatteryEmpty) return "batteryEmpty";
  if (settings.screening === "applies" && !settings.isSupervised) return "screening";
  if (program.isAfterWeekOne && isEarly(settings, history)) return "afterWeekOne";
  if (history.sessionsToday >= limits.sessionsADay) return "dayFull";
  if (isResting && request.by === "nudge") return "resting";
  const phases = phasesOf(program, settings);
  if (phases.length === 0) return "nothingLeft";
  if (!hasTrial && phases.some(({ style }) => style === "trial")) return "noTrial";
  const { holdFullMs = 0, holdEmptyMs = 0 } = settings.pace;
  const isPersonal = phases.some(({ pace }) => pace === "personal");
  if (settings.screening === "notAsked" && isPersonal && holdFullMs + holdEmptyMs > 0) return "screening";
  const isPaceGranted = ({ pace }: Phase): boolean =>
    pace === "none" || planBreath(pace === "personal" ? settings.pace : pace, limits).ok;
  if (!phases.every(isPaceGranted)) return "pace";
  const { chosenMs } = request;
  if (chosenMs === undefined) return undefined;
  const fits = program.phases.some(
    ({ chosenMsMin = Infinity, chosenMsMax = 0 }) => chosenMs >= chosenMsMin && chosenMs <= chosenMsMax,
  );
  return fits && Number.isInteger(chosenMs) ? undefined : "lengthOutOfRange";
}

/**
 * The first week; and, on a band that has no screen to ask on, as long as nobody has said that the screening was read:
 * short sessions, no assessment, no load, no holds.
 */
export function isEarly(settings: SessionSettings, history: UseHistory): boolean {
  return history.isWeekOne || settings.screening === "notAsked";
}

/** The program's phases without the regions that the wearer leaves out. */
export function phasesOf(program: Program, settings: SessionSettings): readonly Phase[] {
  return program.phases.filter(({ region, isOffByDefault = false }) => {
    if (region === undefined) return true;
    return isOffByDefault ? settings.regionsOn.includes(region) : !settings.regionsOff.includes(region);
  });
}
