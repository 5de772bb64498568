/** Eighths of a character cell, from empty to full. */
const EIGHTHS = " ▁▂▃▄▅▆▇█";

/**
 * Values as bars over `rows` lines, top line first, a character a value, between their own lowest and highest: what
 * counts is the shape. The lowest still shows; undefined is a gap.
 */
export function plot(values: readonly (number | undefined)[], rows: number): string[] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === undefined) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const span = high - low;
  const steps = rows * 8 - 1;
  const heights = values.map((value) => {
    if (value === undefined) return 0;
    return 1 + (span > 0 ? Math.round(((value - low) / span) * steps) : 0);
  });
  return Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * 8;
    return heights.map((height) => EIGHTHS[Math.min(8, Math.max(0, height - below))]).join("");
  });
}

/** Values of 0 .. 1 on one line: for what has a true zero, which is blank. */
export const levels = (values: readonly number[]): string =>
  values.map((value) => EIGHTHS[value > 0 ? Math.min(8, Math.max(1, Math.round(value * 8))) : 0]).join("");

/** A pulse changes the light by some per cent at most; a finger, or another LED current, by more. */
const STEP_SHARE = 0.08;

/** What happened at one look. */
export interface TraceColumn {
  /** Sensor counts; undefined while it does not sample, and before the light changed: what was then is not comparable. */
  light: number | undefined;
  /** Speed of the motor's weight, 0 .. 1. */
  readonly motor: number;
  /** The truth: air in the wearer's lungs above rest; undefined with a recording. */
  readonly litres?: number | undefined;
  /** A beat's upstroke lies here: it counts, or it does not. */
  mark: "counts" | "does not" | undefined;
}

/** The last looks at the board, newest last, as a picture scrolls by. */
export class Trace {
  readonly #periodMs: number;
  readonly #columnsMax: number;
  readonly #columns: TraceColumn[] = [];
  /** Looks that have left on the left. */
  #forgotten = 0;

  /** @param periodMs  virtual time between two looks; the first is after one period */
  constructor(periodMs: number, columnsMax: number) {
    this.#periodMs = periodMs;
    this.#columnsMax = columnsMax;
  }

  get columns(): readonly TraceColumn[] {
    return this.#columns;
  }

  look(light: number | undefined, motor: number, litres?: number): void {
    const before = this.#columns.at(-1)?.light;
    if (light !== undefined && before !== undefined && Math.abs(light - before) > before * STEP_SHARE)
      for (const column of this.#columns) column.light = undefined;
    this.#columns.push({ light, motor, litres, mark: undefined });
    if (this.#columns.length <= this.#columnsMax) return;
    this.#columns.shift();
    this.#forgotten++;
  }

  /** A beat is told after its upstroke, so its mark goes back to where that was. */
  mark(atMs: number, counts: boolean): void {
    const column = this.#columns[Math.round(atMs / this.#periodMs) - 1 - this.#forgotten];
    if (column !== undefined) column.mark = counts ? "counts" : "does not";
  }
}
