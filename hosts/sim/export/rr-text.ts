import { IntervalMark } from "hrv/interval-ring";
import { type ExportSession, msFromTicks } from "./recording.js";

/** 1/1024 s are 0.977 ms: three places give each interval back exactly. */
const PLACES = 3;

const lines = (ticks: readonly number[]): string => ticks.map((rr) => `${msFromTicks(rr).toFixed(PLACES)}\n`).join("");

/** Every interval that was measured, believed or not: ms, one a line, and nothing else. */
export const rawRr = ({ beats }: ExportSession): string =>
  lines(beats.flatMap(({ rrTicks }) => (rrTicks === undefined ? [] : [rrTicks])));

/** Only intervals that are marked clean; nothing is filled in. Neighbouring lines may have had others between them. */
export const correctedRr = ({ beats }: ExportSession): string =>
  lines(beats.flatMap(({ rrTicks, mark }) => (rrTicks === undefined || mark !== IntervalMark.Clean ? [] : [rrTicks])));
