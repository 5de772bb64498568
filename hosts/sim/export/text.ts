// How numbers, dates and tables are written; the same everywhere.
import type { RecordDate } from "storage/log-dating";

/** Up to `digits` after the point, no zeros at the end: 832.03125 → "832.031", 1000 → "1000". */
export const decimal = (number: number, digits: number): string => String(Number(number.toFixed(digits)));

/** ms since 1970 → "2026-03-11T09:57:38.123Z". */
export const isoDate = (epochMs: number): string => new Date(Math.round(epochMs)).toISOString();

/** "2026-03-11 09:57 UTC ± 0.5 s", or what is known instead. */
export function dateWords(when: RecordDate): string {
  if (when.kind === "dated")
    return `${minuteOf(when.epochMs)} UTC ± ${decimal(Math.ceil(when.uncertaintyMs / 100) / 10, 1)} s`;
  const { afterEpochMs, beforeEpochMs } = when;
  const bounds = [
    ...(afterEpochMs === undefined ? [] : [`after ${minuteOf(afterEpochMs)}`]),
    ...(beforeEpochMs === undefined ? [] : [`before ${minuteOf(beforeEpochMs)}`]),
  ];
  return bounds.length === 0 ? "undated" : `undated, ${bounds.join(", ")} UTC`;
}

const minuteOf = (epochMs: number): string => isoDate(epochMs).slice(0, 16).replace("T", " ");

/** 83_500 → "1:24". */
export function clockWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export type Cell = string | number | boolean | undefined;

/** Comma-separated values: RFC 4180, but lines end with a line feed. What is not known is empty. */
export function csv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(",")}\n`).join("");
}

function csvCell(cell: Cell): string {
  const text = cell === undefined ? "" : typeof cell === "boolean" ? (cell ? "1" : "0") : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
