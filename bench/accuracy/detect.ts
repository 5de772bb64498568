// Drives the beat detector by itself, in this process: the quickest look at a change.
import { type Beat, BeatVerdict } from "hrv/beat";
import { BeatDetector, type BeatDetectorOptions } from "hrv/beat-detector";
import { HeartRate, HeartRateAbsence } from "hrv/heart-rate";
import { SampleFlag } from "ppg/samples";
import type { Samples } from "./records.js";
import type { Detection, StatedRate } from "./scorer.js";

/** A detection with what the drawing and the delay need besides. */
export interface TracedDetection extends Detection {
  readonly verdict: BeatVerdict;
  readonly qualityQ8: number;
  /** When it was reported, ms. */
  readonly reportedMs: number;
}

export interface Trace {
  readonly detections: readonly TracedDetection[];
  readonly rates: readonly StatedRate[];
}

export type Detect = (samples: Samples) => Trace | Promise<Trace>;

/** A sensor clock that is right: sample 0 at 0, 1024 ticks a second. */
export const exactClock = (rateHz: number) => ({
  ticksAt: (index: number, fractionQ8: number): number => Math.round(((index + fractionQ8 / 256) * 1024) / rateHz),
});

export const ticksToMs = (ticks: number): number => (ticks * 1000) / 1024;

/** The detector in this process, with `tuning` over its own. */
export function detectWith(tuning: NonNullable<BeatDetectorOptions["tuning"]> = {}): (samples: Samples) => Trace {
  return (samples) => {
    const detections: TracedDetection[] = [];
    const rates: StatedRate[] = [];
    const periodMs = 1000 / samples.rateHz;
    const heartRate = new HeartRate();
    heartRate.contact(true, 0);
    let nowMs = 0;
    const onBeat = (beat: Beat): void => {
      heartRate.beat(beat);
      detections.push({
        tMs: ticksToMs(beat.upstrokeTicks),
        rrMs: beat.rrTicks > 0 ? ticksToMs(beat.rrTicks) : null,
        accepted: beat.verdict === BeatVerdict.Accepted,
        verdict: beat.verdict,
        qualityQ8: beat.qualityQ8,
        reportedMs: nowMs,
      });
    };
    const detector = new BeatDetector({ rateHz: samples.rateHz, clock: exactClock(samples.rateHz), onBeat, tuning });
    samples.counts.forEach((counts, i) => {
      nowMs = i * periodMs;
      const saturated = counts === 0 || counts === 2 ** 18 - 1;
      detector.push(Int32Array.of(counts), Uint8Array.of(saturated ? SampleFlag.Saturated : SampleFlag.None), 1);
      if ((i + 1) % samples.rateHz > 0) return;
      heartRate.second(((i + 1) / samples.rateHz) * 1024);
      rates.push({ tMs: nowMs, bpm: heartRate.absence === HeartRateAbsence.None ? heartRate.bpm : null });
    });
    detector.flush();
    return { detections, rates };
  };
}
