// A band's log with a summary of each of the last days, for the trends: written by the firmware's own log.
import { writeFileSync } from "node:fs";
import "../names.mjs";

/** lnRMSSD in 1/1024 and resting heart rate of each day, the oldest first; null: a day without a measurement. */
const DAYS = [
  [3789, 64],
  [3830, 63],
  [3750, 65],
  null,
  [3891, 62],
  [3932, 62],
  [3809, 63],
  [3850, 64],
  [3912, 61],
  null,
  [3953, 61],
  [3973, 61],
  [3871, 62],
  [3994, 60],
];

/** @param lastDay  days since 1970-01-01 */
export async function writeLogOfDays(path, lastDay) {
  const { SessionLog } = await import("storage/session-log");
  const { FlashPartition } = await import("../../build/hosts/sim/board/flash-partition.js");
  const { mount, prepareAll } = await import("../../build/tests/storage/rig.js");
  const flash = new FlashPartition();
  const ring = mount(flash);
  prepareAll(ring);
  const log = new SessionLog(ring, "0.1.0");
  log.boot(1000, 0);
  log.clockSet(2000, lastDay * 86_400_000 + 36_000_000, 500, 0);
  for (const [i, day] of DAYS.entries()) {
    if (day === null) continue;
    const [lnRmssdQ10, restingBpm] = day;
    const dayNumber = lastDay - DAYS.length + 1 + i;
    log.day(3000 + i, { dayNumber, lnRmssdQ10, restingBpm, practiceMinutes: 10 });
  }
  log.flush();
  writeFileSync(path, flash.contents);
}
