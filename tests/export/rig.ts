/** A log as the band writes it, and what leaves of it. */
import assert from "node:assert/strict";
import { SessionLog, type SessionStart } from "storage/session-log";
import { FlashPartition } from "../../hosts/sim/board/flash-partition.js";
import { recordingFromImage } from "../../hosts/sim/export/from-log.js";
import type { ExportSession, Recording } from "../../hosts/sim/export/recording.js";
import { mount, prepareAll } from "../storage/rig.js";

/** 2026-03-11T09:57:38Z: 20,523 days of 86,400,000 ms, 9 h 57 min 38 s. */
export const EPOCH_MS = 20_523 * 86_400_000 + 35_858_000;

export const START: SessionStart = {
  program: 0,
  startedBy: 0,
  style: 0,
  strengthQ8: 160,
  rateCentiPerMin: 600,
  inhalePermille: 400,
  plannedMs: 300_000,
  restingBpm: 61,
  batteryPercent: 87,
};
export const END = { reason: 1, rule: undefined, lastedMs: 2875, scoredMs: 2000 };

/** Eight blocks of flash, and who writes into them. Each `boot` is a start of the band. */
export class LogRig {
  readonly flash = new FlashPartition({ blocks: 8 });

  boot(firmware = "0.1.0"): SessionLog {
    const ring = mount(this.flash);
    prepareAll(ring);
    return new SessionLog(ring, firmware);
  }

  recording(): Recording {
    const read = recordingFromImage(this.flash.contents);
    assert(read.ok, "the image is a log");
    return read.recording;
  }
}

/** A session of three beats: one to measure from, one that counts, one that does not. */
export function writeThreeBeats(log: SessionLog): void {
  log.sessionStart(10_000, START); // 10,240 ticks
  log.event(10_000, 2, 2); // state: running
  log.breath(10_500, 4000, 10_000, 0, 87, undefined, 64, 30);
  log.beat(11_264, 0, 1, 128);
  log.beat(12_288, 1024, 0, 256);
  log.beat(13_184, 896, 4, 64);
  log.sessionEnd(13_000, END);
}

/** The same with a clock that was set 8 s before it, ± 500 ms, to 09:57:38. */
export function threeBeats(): LogRig {
  const rig = new LogRig();
  const log = rig.boot();
  log.boot(1000, 0);
  log.clockSet(2000, EPOCH_MS, 500, 60);
  writeThreeBeats(log);
  return rig;
}

export function onlySession({ sessions }: Recording): ExportSession {
  assert.equal(sessions.length, 1);
  return sessions[0]!; // one, as just seen
}
