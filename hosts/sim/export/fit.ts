import { Encoder, Profile, Utils } from "@garmin/fitsdk";
import { IntervalMark } from "hrv/interval-ring";
import { type ExportBeat, type ExportSession, msFromTicks } from "./recording.js";

/** Of an hrv message; more than five are not read everywhere. */
const INTERVALS_PER_MESSAGE = 5;
const PRODUCT = 1;
const PRODUCT_NAME = "resilience band, PRV";

/**
 * A session as a FIT activity: hrv messages with every interval that was measured, to the nearest ms as FIT has them,
 * and a record for each second in which a beat fell, with the heart rate if an interval that is marked clean ended
 * there.
 *
 * A FIT time below 2^28 is in seconds since the device was switched on: the times of a session that has no date.
 */
export function fitOf(session: ExportSession): Uint8Array {
  const encoder = new Encoder();
  const write = (mesgNum: number | undefined, fields: object): void => {
    if (mesgNum === undefined) throw new Error("the FIT profile lacks a message");
    encoder.onMesg(mesgNum, fields);
  };
  const { MesgNum } = Profile;
  const startMs = session.when.kind === "dated" ? session.when.epochMs - Utils.FIT_EPOCH_MS : session.startMs;
  const secondOf = (atMs: number): number => Math.floor((startMs + atMs) / 1000);
  const startTime = secondOf(0);
  const endTime = Math.max(startTime, secondOf(session.lastedMs), ...session.beats.slice(-1).map(secondOfBeat));
  function secondOfBeat({ atTicks }: ExportBeat): number {
    return Math.max(startTime, secondOf(msFromTicks(atTicks)));
  }

  const maker = { manufacturer: "development", product: PRODUCT, productName: PRODUCT_NAME };
  write(MesgNum.FILE_ID, { type: "activity", ...maker, timeCreated: startTime });
  write(MesgNum.DEVICE_INFO, {
    timestamp: startTime,
    deviceIndex: "creator",
    ...maker,
    softwareVersion: versionOf(session.firmware),
  });
  write(MesgNum.EVENT, { timestamp: startTime, event: "timer", eventType: "start" });

  for (const { second, beats } of bySecond(session.beats, secondOfBeat)) {
    const times = beats.flatMap(({ rrTicks }) => (rrTicks === undefined ? [] : [rrTicks / 1024]));
    for (let i = 0; i < times.length; i += INTERVALS_PER_MESSAGE)
      write(MesgNum.HRV, { time: times.slice(i, i + INTERVALS_PER_MESSAGE) });
    write(MesgNum.RECORD, { timestamp: second, heartRate: heartRateOf(beats) });
  }

  const span = { totalElapsedTime: endTime - startTime, totalTimerTime: endTime - startTime };
  const whole = { timestamp: endTime, startTime, ...span, avgHeartRate: heartRateOf(session.beats) };
  const kind = { sport: "meditation", subSport: "breathing" };
  write(MesgNum.EVENT, { timestamp: endTime, event: "timer", eventType: "stopAll" });
  write(MesgNum.LAP, { messageIndex: 0, event: "lap", eventType: "stop", ...kind, ...whole });
  write(MesgNum.SESSION, {
    messageIndex: 0,
    event: "session",
    eventType: "stop",
    ...kind,
    sportProfileName: `${session.program ?? "unknown program"}, PRV`,
    firstLapIndex: 0,
    numLaps: 1,
    ...whole,
  });
  write(MesgNum.ACTIVITY, {
    timestamp: endTime,
    totalTimerTime: span.totalTimerTime,
    numSessions: 1,
    type: "manual",
    event: "activity",
    eventType: "stop",
  });
  return encoder.close();
}

function bySecond(beats: readonly ExportBeat[], secondOf: (beat: ExportBeat) => number) {
  const seconds: { readonly second: number; readonly beats: ExportBeat[] }[] = [];
  for (const beat of beats) {
    const second = secondOf(beat);
    const last = seconds.at(-1);
    if (last?.second === second) last.beats.push(beat);
    else seconds.push({ second, beats: [beat] });
  }
  return seconds;
}

/** Beats per minute: 60 s over the mean clean interval. */
function heartRateOf(beats: readonly ExportBeat[]): number | undefined {
  const clean = beats.flatMap(({ rrTicks, mark }) =>
    rrTicks === undefined || mark !== IntervalMark.Clean ? [] : [rrTicks],
  );
  const sum = clean.reduce((total, rr) => total + rr, 0);
  return clean.length === 0 ? undefined : Math.round((61_440 * clean.length) / sum);
}

/** FIT has hundredths: "0.1.0" is 0.01, "1.12.3" is 1.12. */
function versionOf(firmware: string | undefined): number | undefined {
  const [major, minor] = (firmware ?? "").split(".").map(Number);
  return major === undefined || minor === undefined ? undefined : major + minor / 100;
}
