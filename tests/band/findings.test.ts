import assert from "node:assert/strict";
import { Findings } from "band/findings";
import { TickClock } from "base/tick-clock";
import { CuePlayer } from "haptics/cue-player";
import { DEFAULT_PROFILE, LimitedMotor } from "haptics/motor";
import { NnSeries } from "hrv/nn-series";
import type { EventCode } from "storage/log-records";
import { RecordRing } from "storage/record-ring";
import { SessionLog } from "storage/session-log";
import { Settings } from "storage/settings";
import { SETTINGS } from "storage/settings-table";
import { FakeDrive } from "../haptics/fake-motor.js";
import { FakeTime } from "../haptics/fake-time.js";
import { MemoryStore } from "../storage/rig.js";

class HeardLog extends SessionLog {
  readonly events: number[][] = [];
  override event(_atMs: number, code: EventCode, a = 0, b = 0): void {
    this.events.push([code, a, b]);
  }
}

function boot(store = new MemoryStore()) {
  const time = new FakeTime(0);
  const motor = new LimitedMotor(new FakeDrive(time), { clock: time, timers: time });
  const player = new CuePlayer({ motor, clock: time, timers: time });
  const settings = new Settings(store, SETTINGS, { settingsReset: () => assert.fail("settings were damaged") });
  const log = new HeardLog(new RecordRing(undefined, 1, 1), "1.0.0");
  const findings = new Findings({
    clock: time,
    tickClock: new TickClock(time),
    timers: time,
    series: new NnSeries(256),
    motor,
    player,
    settings,
    store,
    log,
  });
  return { store, time, motor, player, settings, log, findings };
}

/** A wearer who feels every drive from 80 on, whose motor starts by itself at 150, and who tells 30 % apart. */
function feel({ findings, motor }: ReturnType<typeof boot>): void {
  const { touchTrial } = findings;
  const out = { atMs: 0, onMs: 0, strengthQ8: 0, shiftMsMax: 0, yields: false };
  for (const [stage, seconds] of [
    ["felt", 46],
    ["lasting", 38],
    ["steps", 36],
  ] as const) {
    touchTrial.begin(stage);
    let firstLevel = 0;
    let answerMs: number | undefined; // a finger is slower than the next tick's laying out
    for (let afterMs = -1; touchTrial.nextTick(afterMs, out) && out.atMs < seconds * 1000; afterMs = out.atMs) {
      if (answerMs !== undefined) touchTrial.pressed(answerMs);
      answerMs = undefined;
      const level = motor.profile.sustainLevelQ8;
      const isSecond = stage === "steps" && (out.atMs - 1000) % 2500 !== 0;
      if (stage === "felt" && out.onMs > 0 && level >= 150) answerMs = out.atMs + 400;
      if (stage === "lasting" && level >= 80) answerMs = out.atMs + 1100;
      if (isSecond && level >= firstLevel * 1.3) answerMs = out.atMs + 500;
      if (!isSecond) firstLevel = level;
    }
    touchTrial.end(true);
  }
}

describe("what programs find", () => {
  it("is kept: the touch that was fitted holds at once, after a restart, and is in the log", () => {
    const first = boot();
    assert.deepEqual(first.motor.profile, DEFAULT_PROFILE);
    assert.equal(boot().player.strengthsQ8, undefined);
    feel(first);
    const { profile } = first.motor;
    // What starts or is felt one time in two, an eighth above it to be sure, and a step of the stair to both sides.
    assert(profile.startLevelQ8 >= 150 && profile.startLevelQ8 <= 200, JSON.stringify(profile));
    assert(profile.sustainLevelQ8 >= 75 && profile.sustainLevelQ8 <= 110, JSON.stringify(profile));
    const strengths = first.player.strengthsQ8;
    assert(strengths !== undefined && strengths.length >= 3 && strengths[0] === 0 && strengths.at(-1) === 256);
    const packed = profile.startLevelQ8 + profile.sustainLevelQ8 * 65_536;
    assert.deepEqual(first.log.events, [[19, packed, strengths.length]]);

    const again = boot(first.store);
    assert.deepEqual(again.motor.profile, profile);
    assert.deepEqual(again.player.strengthsQ8, strengths);
  });

  it("leaves the touch as it was when the trial is left, and says so in the log", () => {
    const band = boot();
    band.findings.touchTrial.begin("felt");
    band.findings.touchTrial.end(false);
    assert.deepEqual(band.motor.profile, DEFAULT_PROFILE);
    assert.deepEqual(band.log.events, [[17, 3, 2]]);
  });

  it("starts with the usual touch when what is stored is not a profile, or cannot be read", () => {
    const store = new MemoryStore();
    store.write("touch", Uint8Array.of(1, 30, 255, 255, 10, 2, 0, 0, 0, 1));
    assert.deepEqual(boot(store).motor.profile, DEFAULT_PROFILE);
  });

  it("makes the rate that was found the wearer's own, with spread and day, also after a restart", () => {
    const { findings, settings, store } = boot();
    const finding = { ok: true, rateCentiPerMin: 561, spreadCentiPerMin: 22 } as const;
    findings.session({ kind: "pace", atMs: 0, finding }, 20_524);
    for (const each of [settings, boot(store).settings]) {
      assert.equal(each.get("rateCentiPerMin"), 561);
      assert.equal(each.find("foundCentiPerMin"), 561);
      assert.equal(each.get("foundSpreadCenti"), 22);
      assert.equal(each.find("foundDay"), 20_524);
    }
    findings.session({ kind: "pace", atMs: 0, finding: { ok: false, reason: "atEdge" } }, 20_525);
    assert.equal(settings.find("foundDay"), 20_524);
  });
});
