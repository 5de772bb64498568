import assert from "node:assert/strict";
import type { Smbus } from "base/host-parts";
import { type CalibrationResult, Drv2605lDrive, Drv2605lMotor } from "haptics/drv2605l-motor";
import { FakeTime } from "./fake-time.js";

/** Answers reads from a list per register, the last answer repeats; writes the transcript in hex. */
class FakeBus implements Smbus {
  static last: FakeBus;
  static answers: Record<number, number[]> = {};
  readonly transcript: string[] = [];
  nackCount = 0;
  isOpen = true;
  constructor(readonly options: { hz: number; address: number }) {
    FakeBus.last = this;
  }
  readUint8(register: number): number {
    this.#maybeNack();
    const answers = FakeBus.answers[register] ?? [0];
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? 0;
    this.transcript.push(`r${hex(register)}=${hex(answer)}`);
    return answer;
  }
  writeUint8(register: number, value: number): void {
    this.#maybeNack();
    this.transcript.push(`w${hex(register)}=${hex(value)}`);
  }
  readBuffer(): never {
    throw new Error("no bursts");
  }
  close(): void {
    this.isOpen = false;
  }
  #maybeNack(): void {
    if (this.nackCount === 0) return;
    this.nackCount--;
    throw new Error("nack");
  }
}
const hex = (byte: number): string => byte.toString(16).padStart(2, "0");

const CONFIGURED_OPEN = "w01=00 w16=88 w17=96 w1a=36 w1d=a0 w02=00 w01=05";

describe("the DRV2605L's drive", () => {
  beforeEach(() => {
    FakeBus.answers = { 0: [0xe0] };
  });

  it("stops, identifies, and plays in real time with an open loop when nothing is calibrated", () => {
    new Drv2605lDrive({ io: FakeBus });
    assert.equal(FakeBus.last.transcript.join(" "), `w02=00 r00=e0 ${CONFIGURED_OPEN}`);
    assert.deepEqual([FakeBus.last.options.address, FakeBus.last.options.hz], [0x5a, 400_000]);
  });

  it("writes a calibration back and closes the loop", () => {
    new Drv2605lDrive({ io: FakeBus }, { compensation: 0x0d, backEmf: 0x6e, feedback: 0x37 });
    assert.equal(
      FakeBus.last.transcript.join(" "),
      "w02=00 r00=e0 w01=00 w16=88 w17=96 w1a=37 w18=0d w19=6e w1d=80 w02=00 w01=05",
    );
  });

  it("plays a level of 256 as 0x7f and stops by writing 0", () => {
    const drive = new Drv2605lDrive({ io: FakeBus });
    FakeBus.last.transcript.length = 0;
    for (const levelQ8 of [256, 255, 128, 0]) drive.write(levelQ8);
    assert.equal(FakeBus.last.transcript.join(" "), "w02=7f w02=7f w02=40 w02=00");
  });

  it("accepts the DRV2605 too, and closes the bus on another part", () => {
    FakeBus.answers = { 0: [0x60] };
    new Drv2605lDrive({ io: FakeBus });
    FakeBus.answers = { 0: [0x80] };
    assert.throws(() => new Drv2605lDrive({ io: FakeBus }), { name: "NotADrv2605" });
    assert.equal(FakeBus.last.isOpen, false);
  });

  it("calibrates: mode 7, GO until it clears, then keeps what the chip found", () => {
    FakeBus.answers = { 0: [0xe0], 12: [1, 1, 0], 24: [0x0d], 25: [0x6e], 26: [0x37] };
    const time = new FakeTime();
    const drive = new Drv2605lDrive({ io: FakeBus });
    FakeBus.last.transcript.length = 0;
    let result: CalibrationResult | undefined;
    drive.calibrate(time, time, (found) => {
      result = found;
    });
    time.advance(149);
    assert.equal(result, undefined);
    time.advance(1);
    assert.deepEqual(result, { ok: true, calibration: { compensation: 0x0d, backEmf: 0x6e, feedback: 0x37 } });
    assert.equal(
      FakeBus.last.transcript.join(" "),
      "w01=07 w1a=36 w1d=80 w1e=20 w0c=01 r0c=01 r0c=01 r0c=00 r00=e0 r18=0d r19=6e r1a=37 w0c=00 " +
        "w01=00 w16=88 w17=96 w1a=37 w18=0d w19=6e w1d=80 w02=00 w01=05",
    );
  });

  for (const [name, answers, reason, afterMs] of [
    ["the chip reports a failed diagnosis", { 0: [0xe0, 0xe8], 12: [0] }, "failed", 50],
    ["GO never clears", { 0: [0xe0], 12: [1] }, "notFinished", 1500],
  ] as const)
    it(`goes on with an open loop when ${name}`, () => {
      FakeBus.answers = { 0: [...answers[0x00]], 12: [...answers[0x0c]] };
      const time = new FakeTime();
      const drive = new Drv2605lDrive({ io: FakeBus });
      const results: CalibrationResult[] = [];
      drive.calibrate(time, time, (found) => results.push(found));
      time.advance(afterMs);
      assert.deepEqual(results, [{ ok: false, reason }]);
      assert.ok(FakeBus.last.transcript.join(" ").endsWith(`w0c=00 ${CONFIGURED_OPEN}`));
      time.advance(10_000);
      assert.equal(results.length, 1);
    });

  it("reports a bus error during calibration once", () => {
    FakeBus.answers = { 0: [0xe0], 12: [1] };
    const time = new FakeTime();
    const drive = new Drv2605lDrive({ io: FakeBus });
    const results: CalibrationResult[] = [];
    drive.calibrate(time, time, (found) => results.push(found));
    FakeBus.last.nackCount = 1;
    time.advance(2000);
    assert.deepEqual(results, [{ ok: false, reason: "busError" }]);
  });

  it("does not stay on when the stop is not acknowledged", () => {
    const time = new FakeTime();
    const motor = new Drv2605lMotor({ io: FakeBus }, { clock: time, timers: time });
    motor.pulse(256, 100);
    FakeBus.last.nackCount = 2;
    time.advance(1000);
    assert.equal(FakeBus.last.transcript.at(-1), "w02=00");
    assert.equal(motor.driveErrorCount, 2);
  });
});
