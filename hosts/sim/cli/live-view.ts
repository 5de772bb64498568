import pc from "picocolors";
import { levels, plot, type TraceColumn } from "./trace.js";

/** What the terminal shows of a band, in units a wearer knows. `undefined` is absent and never drawn as a number. */
export interface ViewState {
  readonly title: string;
  readonly elapsedMs: number;
  readonly durationMs: number;
  readonly speed: string;
  readonly isPaused: boolean;
  readonly contact: string | undefined;
  readonly trace: readonly TraceColumn[];
  readonly bpm: number | undefined;
  /** Why there is no heart rate, in words. */
  readonly bpmReason: string;
  /** The last beats, newest last: interval in ms, or why it does not count. */
  readonly beats: readonly { readonly rrMs: number | undefined; readonly verdict: string }[];
  readonly batteryPercent: number | undefined;
  readonly batteryMv: number;
  readonly session: string;
  readonly link: string;
  readonly engine: string;
  /** The newest lines of the firmware's log, as they are to be shown. */
  readonly log: readonly string[];
}

const LABEL_WIDTH = 12;
const WIDTH_MIN = 40;
const WIDTH_MAX = 100;
const PULSE_ROWS = 3;
const BEATS_SHOWN = 8;
const KEYS = "b press the button · l long press: stop · p pair · space pause · q quit";
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins a colour
const COLOUR_OR_CHARACTER = /\x1b\[\d+m|./gsu;

/** The first `width` characters of a line, its colours closed again; every character is one cell wide. */
export function clip(line: string, width: number): string {
  let shown = "";
  let cells = 0;
  for (const [part] of line.matchAll(COLOUR_OR_CHARACTER)) {
    const isColour = part.length > 1 && part.startsWith("\x1b");
    if (!isColour && cells++ >= width) continue;
    shown += part;
  }
  return shown;
}

/** 65,000 → "1:05" */
export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** What is not there: a dash, and why. */
const absent = (reason: string): string => `–  ${pc.dim(reason)}`;

/** The wearer's lungs: a full breath at six a minute fills the line. */
const BREATH_LITRES = 1.6;

/** What the wearer does, beside what the motor does; a recording has no lungs that we know of. */
function breathText(columns: readonly TraceColumn[]): string {
  if (columns.every(({ litres }) => litres === undefined)) return absent("only a virtual person shows it");
  return pc.green(levels(columns.map(({ litres = 0 }) => litres / BREATH_LITRES)));
}

const beatText = (beat: ViewState["beats"][number]): string =>
  beat.rrMs === undefined ? pc.dim(`(${beat.verdict})`) : String(Math.round(beat.rrMs));

function markText(columns: readonly TraceColumn[]): string {
  return columns
    .map(({ mark }) => (mark === undefined ? " " : mark === "counts" ? pc.bold("♥") : pc.dim("·")))
    .join("");
}

/** The whole picture, lines of at most `columns` cells. */
export function renderView(state: ViewState, columns: number): string {
  const width = Math.max(WIDTH_MIN, Math.min(columns, WIDTH_MAX));
  const trace = state.trace.slice(-(width - LABEL_WIDTH));
  // More blood is less light: upside down, a pulse goes up.
  const pulse = plot(
    trace.map(({ light }) => (light === undefined ? undefined : -light)),
    PULSE_ROWS,
  ).map(pc.cyan);
  const rows: (readonly [string, string])[] = [
    ["contact", state.contact ?? absent("not known yet")],
    ["", pulse[0] ?? ""],
    ["pulse", pulse[1] ?? ""],
    ["", pulse[2] ?? ""],
    ["beats", markText(trace)],
    ["heart rate", state.bpm === undefined ? absent(state.bpmReason) : `${pc.bold(String(state.bpm))} bpm`],
    ["RR, ms", state.beats.slice(-BEATS_SHOWN).map(beatText).join("  ") || absent("no beat yet")],
    ["motor", trace.some(({ motor }) => motor > 0) ? pc.cyan(levels(trace.map(({ motor }) => motor))) : "still"],
    ["breath", breathText(trace)],
    ["session", state.session],
    ["battery", batteryText(state)],
    ["link", state.link],
    ["engine", pc.dim(state.engine)],
  ];
  const time = `${clockText(state.elapsedMs)} of ${clockText(state.durationMs)}`;
  const pace = state.isPaused ? "paused" : state.speed;
  return [
    `${pc.bold("Resilience Band")} · simulated · ${state.title} · ${pace} · ${time}`,
    "",
    ...rows.map(([label, text]) => `${pc.dim(label.padEnd(LABEL_WIDTH))}${text}`),
    ...state.log.map((line) => pc.dim(line)),
    "",
    pc.dim(KEYS),
  ]
    .map((line) => clip(line, Math.max(1, columns)))
    .join("\n");
}

function batteryText({ batteryPercent, batteryMv }: ViewState): string {
  const volts = `${(batteryMv / 1000).toFixed(2)} V`;
  return batteryPercent === undefined ? absent("not measured yet") : `${batteryPercent} %  ${pc.dim(volts)}`;
}

/** The same on one line, for a log file or a pipe. */
export function renderLine(state: ViewState): string {
  const beat = state.beats.at(-1);
  const rr = beat === undefined ? "–" : beat.rrMs === undefined ? `– (${beat.verdict})` : `${Math.round(beat.rrMs)} ms`;
  const motor = state.trace.slice(-LINE_LOOKS).some((column) => column.motor > 0) ? "on" : "still";
  return [
    clockText(state.elapsedMs).padStart(5),
    state.contact ?? "contact – (not known yet)",
    `heart rate ${state.bpm === undefined ? `– (${state.bpmReason})` : `${state.bpm} bpm`}`,
    `RR ${rr}`,
    `motor ${motor}`,
    `session ${state.session}`,
    `battery ${state.batteryPercent === undefined ? "– (not measured yet)" : `${state.batteryPercent} %`}`,
    `link ${state.link}`,
  ].join("  ");
}

/** Looks at the board in one second. */
const LINE_LOOKS = 20;
