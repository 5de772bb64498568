import { type Beat, BeatVerdict } from "hrv/beat";
import { type IntervalMark, IntervalRing, SETTLE_BEATS } from "hrv/interval-ring";
import type { ExportBeat } from "./recording.js";

export type UnmarkedBeat = Omit<ExportBeat, "mark">;

const RING = 16;

/**
 * What the band's own rules make of each interval once its followers are known: `hrv/interval-ring`, begun anew after
 * a hole. The last two before a hole or the end have no followers and keep what the detector said of them.
 */
export function withMarks(beats: readonly UnmarkedBeat[]): ExportBeat[] {
  const ring = new IntervalRing(RING);
  const marks: IntervalMark[] = [];
  const drain = (): void => {
    for (let back = Math.min(SETTLE_BEATS, ring.count) - 1; back >= 0; back--) marks.push(ring.mark(back));
    ring.clear();
  };
  for (const beat of beats) {
    // The detector's own gaps are known to the ring; records that are lost are not.
    if (!beat.follows && beat.rrTicks !== undefined) drain();
    if (ring.push(ringBeat(beat))) marks.push(ring.settled.mark);
  }
  drain();
  return beats.map((beat, i) => ({ ...beat, mark: marks[i]! })); // one mark a beat
}

/** What has no interval has none to judge, whatever the detector thought of the pulse. */
function ringBeat({ atTicks, rrTicks, verdict, qualityQ8 }: UnmarkedBeat): Beat {
  return {
    upstrokeTicks: atTicks,
    rrTicks: rrTicks ?? 0,
    verdict: rrTicks === undefined ? BeatVerdict.FirstAfterGap : verdict,
    qualityQ8,
  };
}
