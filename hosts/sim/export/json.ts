import { CORRECTION, type ExportSession, gapsOf, MEASURE, msFromTicks, NOTICE, type Recording } from "./recording.js";
import { absenceName, markName, verdictName } from "./words.js";

export const JSON_VERSION = 1;

/**
 * Everything, as docs/data.md lists it. What is not known is null.
 * @param recording  if all of it leaves: then what lies beside the sessions does as well
 */
export function jsonOf(sessions: readonly ExportSession[], recording: Recording | undefined): string {
  const beside = recording && {
    minutes: recording.minutes.map(minuteOf),
    events: recording.events,
    battery: recording.battery,
    days: recording.days,
    damagedRecords: recording.damaged,
  };
  const all = {
    format: "resilience-band",
    version: JSON_VERSION,
    measure: MEASURE,
    correction: CORRECTION,
    notice: NOTICE,
    sessions: sessions.map(sessionOf),
    ...beside,
  };
  return `${JSON.stringify(all, (_, value) => value ?? null, 1)}\n`;
}

function sessionOf(session: ExportSession): object {
  const { beats, minutes, ...rest } = session;
  return {
    ...rest,
    beats: beats.map(({ atTicks, rrTicks, verdict, mark, qualityQ8, follows }) => ({
      atMs: msFromTicks(atTicks),
      rrTicks,
      rrMs: rrTicks === undefined ? undefined : msFromTicks(rrTicks),
      verdict: verdictName(verdict),
      mark: markName(mark),
      quality: qualityQ8 / 256,
      follows,
    })),
    gaps: gapsOf(beats),
    minutes: minutes.map(minuteOf),
  };
}

function minuteOf({ meanRrTicks, rmssdMsQ6, absence, ...rest }: Recording["minutes"][number]): object {
  return {
    ...rest,
    meanRrMs: meanRrTicks === undefined ? undefined : msFromTicks(meanRrTicks),
    rmssdMs: rmssdMsQ6 === undefined ? undefined : rmssdMsQ6 / 64,
    absence: absence === 0 ? undefined : absenceName(absence),
  };
}
