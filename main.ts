import host from "host";
import { BeatDetector } from "hrv/beat-detector";
import { Max30102 } from "ppg/max30102";

const clock = {
  ticksAt: (index: number, fractionQ8: number): number => (Math.imul(index, 2621) + ((fractionQ8 * 2621) >> 8)) >> 8,
};
const detector = new BeatDetector({
  rateHz: 100,
  clock,
  onBeat: (b) => host.observer?.beat(b.upstrokeTicks, b.rrTicks, b.verdict, b.qualityQ8),
});
new Max30102({
  sensor: host.sensor,
  ...(host.sensorAlert ? { alert: host.sensorAlert } : {}),
  timers: host.timers,
  clock: host.clock,
  onSamples(batch) {
    host.watchdog?.feed();
    if (batch.lostBefore > 0) detector.gap(batch.lostBefore);
    for (let i = 0; i < batch.count; i++) detector.push(batch.ir[i]!, batch.flags[i]!);
  },
  onError() {
    host.observer?.contact(99, 0);
  },
});
host.observer?.contact(7, 0);
