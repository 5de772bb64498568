import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { type CsvError, parse } from "csv-parse/sync";
import { BadInput } from "../cli/bad-input.js";

/** A pulse recording as the file has it; nothing is rescaled. */
export interface RecordingFile {
  readonly id: string;
  /** Samples per second where sampling is regular, else undefined and `timesMs` tells. */
  readonly rateHz: number | undefined;
  /** ms from the first sample, strictly rising; undefined where sampling is regular. */
  readonly timesMs: Float64Array | undefined;
  /** Arbitrary units. */
  readonly values: Float64Array;
  /** "up": the systolic peak is a maximum; "down": raw light level, a pulse is a dip. */
  readonly polarity: "up" | "down";
  readonly durationMs: number;
  /** All `key=value` pairs of the first line. */
  readonly attributes: ReadonlyMap<string, string>;
}

const RATE_HZ_MIN = 10;
const RATE_HZ_MAX = 4000;
const SAMPLES_MIN = 2;
/** A day at 100 Hz has half of it. */
const TEXT_BYTES_MAX = 256 << 20;

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code; // what Node's fs throws
    if (code === "ENOENT") throw new BadInput(`${path}: no such file; name an existing .csv or .csv.gz`);
    throw new BadInput(`${path}: cannot be read (${code}); check its permissions`);
  }
}

function textOf(path: string, bytes: Buffer): string {
  const gzipped = bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!gzipped) return bytes.toString("utf8");
  try {
    return gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }).toString("utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      // what Node's zlib throws
      throw new BadInput(`${path}: unpacks to more than ${TEXT_BYTES_MAX >> 20} MB; cut it into parts`);
    throw new BadInput(`${path}: the gzip data is damaged or cut short; fetch the file again`);
  }
}

const parseOptions = { comment: "#", skip_empty_lines: true, trim: true, relax_column_count: false } as const;

function parseRows(path: string, text: string): string[][] {
  try {
    return parse(text, parseOptions);
  } catch (cause) {
    const { lines, message } = cause as CsvError; // the only thing csv-parse throws
    throw new BadInput(`${path}: line ${lines}: not a CSV row like the others (${message}); mend or remove that line`);
  }
}

/** The file's own line number of row `row` (0 = column names), comments and empty lines counted: for messages only. */
function lineOf(text: string, row: number): number {
  const rows = parse(text, { ...parseOptions, info: true, to: row + 1 }) as unknown as { info: { lines: number } }[];
  return rows[row]?.info.lines ?? 0;
}

function attributesOf(text: string): Map<string, string> {
  const first = text.slice(0, text.indexOf("\n"));
  if (!first.startsWith("#")) return new Map();
  const pairs = first.slice(1).trim().split(/\s+/);
  return new Map(
    pairs
      .filter((pair) => pair.includes("="))
      .map((pair) => {
        const at = pair.indexOf("=");
        return [pair.slice(0, at), pair.slice(at + 1)];
      }),
  );
}

/**
 * A recording in the form of `recordings/README.md`: `.csv` or `.csv.gz`, first line `# fs=… polarity=…`, then columns.
 * @param column  the one that holds the pulse; `t_ms` is taken as time if present
 * Errors: BadInput with file, line and remedy for a missing, damaged, empty or inconsistent file.
 */
export const readRecording = (path: string, column = "ppg"): RecordingFile =>
  recordingOf(path, readBytes(path), column);

/** The same of bytes that are there already. @param path  what the file is called, for the messages */
export function recordingOf(path: string, bytes: Buffer, column = "ppg"): RecordingFile {
  const text = textOf(path, bytes);
  const rows = parseRows(path, text);
  const names = rows[0];
  if (names === undefined) throw new BadInput(`${path}: is empty; expected column names and samples`);
  const valueAt = names.indexOf(column);
  if (valueAt < 0)
    throw new BadInput(`${path}: has no column "${column}"; name one of ${names.join(", ")} with --column`);
  const count = rows.length - 1;
  if (count < SAMPLES_MIN) throw new BadInput(`${path}: holds ${count} samples; at least ${SAMPLES_MIN} are needed`);

  const number = (row: number, at: number): number => {
    const cell = rows[row]?.[at] ?? "";
    const value = cell === "" ? Number.NaN : Number(cell);
    if (!Number.isFinite(value))
      throw new BadInput(
        `${path}: line ${lineOf(text, row)}: ${names[at]} is "${cell}", not a number; mend or remove that line`,
      );
    return value;
  };
  const values = Float64Array.from({ length: count }, (_, i) => number(i + 1, valueAt));

  const attributes = attributesOf(text);
  const timeAt = names.indexOf("t_ms");
  let timesMs: Float64Array | undefined;
  let rateHz: number | undefined;
  if (timeAt >= 0) {
    timesMs = Float64Array.from({ length: count }, (_, i) => number(i + 1, timeAt));
    for (let i = 1; i < count; i++)
      if (!(timesMs[i]! > timesMs[i - 1]!))
        // both inside the array
        throw new BadInput(`${path}: line ${lineOf(text, i + 1)}: t_ms does not rise; sort the file by time`);
  } else {
    rateHz = Number(attributes.get("fs"));
    if (!(rateHz >= RATE_HZ_MIN && rateHz <= RATE_HZ_MAX))
      throw new BadInput(
        `${path}: line 1: fs is ${attributes.get("fs") ?? "missing"}; ` +
          `give the sampling rate as "# fs=HZ" from ${RATE_HZ_MIN} to ${RATE_HZ_MAX}, or a column t_ms`,
      );
  }
  const polarity = attributes.get("polarity") ?? "up";
  if (polarity !== "up" && polarity !== "down")
    throw new BadInput(`${path}: line 1: polarity is ${polarity}; say polarity=up or polarity=down`);
  const durationMs = timesMs ? timesMs[count - 1]! - timesMs[0]! : (1000 * count) / (rateHz ?? 1); // count >= 2
  const id = attributes.get("id") ?? basename(path).replace(/\.csv(\.gz)?$/, "");
  return { id, rateHz, timesMs, values, polarity, durationMs, attributes };
}
