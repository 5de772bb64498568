// The whole firmware, from the sensor's registers up, over a recording: on XS as in the band, or on V8 for speed.
import { BeatVerdict } from "hrv/beat";
import { HeartRateAbsence } from "hrv/heart-rate";
import { Board } from "../../hosts/sim/board/board.js";
import { RecordedPulse } from "../../hosts/sim/person/recording.js";
import { type Boot, VirtualBand } from "../../hosts/sim/virtual-band.js";
import { type Detect, type TracedDetection, ticksToMs } from "./detect.js";
import type { Samples } from "./records.js";
import type { StatedRate } from "./scorer.js";

/** After the recording, so that the decision on its last beat comes out. */
const TAIL_US = 1_500_000;

export function firmwareOn(boot: Boot): Detect {
  return async ({ recording }: Samples) => {
    const detections: TracedDetection[] = [];
    const rates: StatedRate[] = [];
    const firstMs = recording.tMs[0] ?? 0;
    const timesUs = recording.tMs.map((ms) => Math.round((ms - firstMs) * 1000));
    const source = { timesUs, rateHz: 0, values: recording.ppg, polarity: recording.polarity };
    const optics = new RecordedPulse(source, { heldUs: TAIL_US });
    const band: VirtualBand = new VirtualBand(new Board({ seed: 1, optics }), boot, {
      beat(upstrokeTicks, rrTicks, verdict, qualityQ8) {
        detections.push({
          tMs: ticksToMs(upstrokeTicks),
          rrMs: rrTicks > 0 ? ticksToMs(rrTicks) : null,
          accepted: verdict === BeatVerdict.Accepted,
          verdict: verdict as BeatVerdict, // the observer passes the enumeration through as a number
          qualityQ8,
          reportedMs: band.board.clock.nowUs / 1000,
        });
      },
      second(bpm, absence) {
        rates.push({ tMs: band.board.clock.nowUs / 1000, bpm: absence === HeartRateAbsence.None ? bpm : null });
      },
      restart({ message }) {
        throw new Error(`${recording.id}: the firmware restarted: ${message}`);
      },
    });
    await band.run(optics.endUs);
    band.close();
    return { detections, rates };
  };
}
