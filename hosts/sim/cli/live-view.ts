import pc from "picocolors";

/** What the terminal shows of a band, in units a wearer knows. `undefined` is absent and is never drawn as a number. */
export interface ViewState {
  readonly title: string;
  readonly elapsedMs: number;
  readonly durationMs: number | undefined;
  readonly speed: string;
  readonly contact: string;
  /** Light at the sensor, newest last, any unit: drawn upside down, since more blood is less light. */
  readonly light: readonly number[];
  readonly bpm: number | undefined;
  /** Why there is no heart rate, in words. */
  readonly bpmReason: string;
  /** The last beats, newest last: interval in ms, or why it does not count. */
  readonly beats: readonly { readonly rrMs: number | undefined; readonly verdict: string }[];
  readonly batteryPercent: number | undefined;
  readonly batteryMv: number;
  /** What the weight in the motor does, 0 .. 1, newest last. */
  readonly motor: readonly number[];
  readonly session: string;
  readonly link: string;
  readonly engine: string;
  readonly log: readonly string[];
}

const BARS = "▁▂▃▄▅▆▇█";

/** A row of bars for the newest `width` values between their own lowest and highest. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of shown) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const span = high - low;
  return shown
    .map((value) => BARS[span > 0 ? Math.min(BARS.length - 1, Math.floor(((value - low) / span) * BARS.length)) : 0])
    .join("");
}

/** Bars on the fixed scale 0 .. 1: for what has a true zero. */
export function levels(values: readonly number[], width: number): string {
  return values
    .slice(-width)
    .map((value) => BARS[Math.min(BARS.length - 1, Math.max(0, Math.floor(value * BARS.length)))])
    .join("");
}

export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

const beatText = (beat: ViewState["beats"][number]): string =>
  beat.rrMs === undefined ? pc.dim(`(${beat.verdict})`) : String(Math.round(beat.rrMs));

/** The whole picture, one string a line, at most `columns` wide where it is up to us. */
export function renderView(state: ViewState, columns: number): string {
  const width = Math.max(40, Math.min(columns, 100));
  const traceWidth = width - 14;
  const label = (text: string): string => pc.dim(text.padEnd(12));
  const of = state.durationMs === undefined ? "" : ` of ${clockText(state.durationMs)}`;
  const rate = state.bpm === undefined ? `–   ${pc.dim(state.bpmReason)}` : `${pc.bold(String(state.bpm))} bpm`;
  const charge = state.batteryPercent === undefined ? "–" : `${state.batteryPercent} %`;
  return [
    `${pc.bold("Resilience Band")} · simulated · ${state.title} · ${state.speed} · ${clockText(state.elapsedMs)}${of}`,
    "",
    `${label("contact")}${state.contact}`,
    `${label("pulse")}${pc.cyan(
      sparkline(
        state.light.map((value) => -value),
        traceWidth,
      ),
    )}`,
    `${label("heart rate")}${rate}`,
    `${label("RR, ms")}${state.beats.slice(-8).map(beatText).join("  ") || "–"}`,
    `${label("motor")}${levels(state.motor, traceWidth)}`,
    `${label("session")}${state.session}`,
    `${label("battery")}${charge}  ${(state.batteryMv / 1000).toFixed(2)} V`,
    `${label("link")}${state.link}`,
    `${label("engine")}${pc.dim(state.engine)}`,
    ...state.log.slice(-3).map((line) => pc.dim(line.slice(0, width))),
    "",
    pc.dim("b press the button · l long press: stop · space pause · q quit"),
  ].join("\n");
}
