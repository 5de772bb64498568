import assert from "node:assert/strict";
import type { Pwm } from "base/host-parts";
import { ErmDrive, ErmMotor } from "haptics/erm-motor";
import { FakeTime } from "./fake-time.js";

class FakePwm implements Pwm {
  static last: FakePwm;
  readonly resolution: number;
  readonly writes: number[] = [];
  isOpen = true;
  constructor(readonly options: { hz: number; resolution: number }) {
    this.resolution = options.resolution;
    FakePwm.last = this;
  }
  write(duty: number): void {
    if (!Number.isInteger(duty) || duty < 0 || duty >= 1 << this.resolution) throw new RangeError(`duty ${duty}`);
    this.writes.push(duty);
  }
  close(): void {
    this.isOpen = false;
  }
}

describe("the coin motor's drive", () => {
  it("opens the pin silent, at 20 kHz", () => {
    new ErmDrive({ io: FakePwm });
    assert.deepEqual(FakePwm.last.writes, [0]);
    assert.equal(FakePwm.last.options.hz, 20_000);
  });

  it("takes the cell for full until it has been measured: 3.3 of 4.2 V is 78 % of 1023", () => {
    const drive = new ErmDrive({ io: FakePwm });
    drive.write(256);
    // cap: floor(3300 * 256 / 4200) = 201 of 256; floor(1023 * 201 / 256) = 803
    assert.equal(FakePwm.last.writes.at(-1), 803);
  });

  for (const [cellMv, duty] of [
    [3300, 1023], // no cap from here down
    [3301, 1019], // cap 255: 1023 * 255 / 256 = 1019.004
    [3700, 911], // cap floor(228.32) = 228: 911.1
    [2499, 803], // no cell: as if full
  ] as const)
    it(`gives at most duty ${duty} at ${cellMv} mV`, () => {
      const drive = new ErmDrive({ io: FakePwm });
      drive.cellMv = cellMv;
      drive.write(256);
      assert.equal(FakePwm.last.writes.at(-1), duty);
    });

  it("never gives the motor more than 3.3 V on average, at any cell voltage", () => {
    const drive = new ErmDrive({ io: FakePwm });
    for (let cellMv = 2500; cellMv <= 4300; cellMv++) {
      drive.cellMv = cellMv;
      drive.write(256);
      const meanMv = (FakePwm.last.writes.at(-1)! * cellMv) / 1023; // just written
      assert.ok(meanMv <= 3300, `${meanMv} mV at ${cellMv} mV`);
    }
  });

  it("is silent when it is closed while it runs", () => {
    const time = new FakeTime();
    const motor = new ErmMotor({ io: FakePwm }, { clock: time, timers: time });
    motor.pulse(256, 1000);
    motor.close();
    assert.equal(FakePwm.last.writes.at(-1), 0);
    assert.equal(FakePwm.last.isOpen, false);
    assert.equal(time.pendingCount, 0);
  });
});
