import { dayNumberOf, type KeptScore, trendLines, trendsOf } from "../export/trends.js";
import { BadInput } from "./bad-input.js";
import { ExitCode } from "./exit-code.js";
import { openRecording } from "./export.js";
import { readScores } from "./score.js";
import { writeWhole } from "./whole-file.js";

export interface TrendsOptions {
  /** "2026-03-11": the day that is looked back from. */
  readonly today?: string;
  /** Kept by `band score --keep`. */
  readonly scores?: string;
  readonly json?: boolean;
}

/** `band trends`: what is usual for this person, from the days in a band's log. */
export async function trends(file: string, { today, scores, json }: TrendsOptions): Promise<ExitCode> {
  const recording = openRecording(file);
  if (recording.source === "lines")
    throw new BadInput(`${file}: lines of a replay have no days; name the log of a band`);
  const kept: readonly KeptScore[] = scores === undefined ? [] : readScores(scores);
  const found = trendsOf(recording, kept, today === undefined ? undefined : dayNumberOf(today));
  const text = json === true ? JSON.stringify(found) : trendLines(found).join("\n");
  await writeWhole("-", `${text}\n`);
  return ExitCode.Fine;
}
