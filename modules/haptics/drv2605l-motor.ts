import { elapsedMs } from "base/elapsed";
import type { Clock, Smbus, SmbusOptions, Timers } from "base/host-parts";
import {
  CONTROL3_CLOSED,
  CONTROL3_OPEN,
  CONTROL4_500_MS,
  DEVICE_DRV2605,
  DEVICE_DRV2605L,
  DEVICE_SHIFT,
  DIAG_FAILED,
  FEEDBACK_ERM,
  Mode,
  Register,
} from "haptics/drv2605l-registers";
import { LimitedMotor, type LimitedMotorOptions, type MotorDrive } from "haptics/motor";

const HZ = 400_000;
const ADDRESS = 0x5a;
/** 3.0 V and 3.3 V as V x 255 / 5.6. */
const RATED_3V0 = 0x88;
const CLAMP_3V3 = 0x96;

const POLL_MS = 50;
const CALIBRATION_MS_MAX = 1_500;

/** What the calibration found about this motor on this wrist; kept in the settings and handed in at the next start. */
export interface Drv2605lCalibration {
  readonly compensation: number;
  readonly backEmf: number;
  readonly feedback: number;
}

export type CalibrationResult =
  | { readonly ok: true; readonly calibration: Drv2605lCalibration }
  /** `failed`: the chip says so, often because the motor is not fixed down. */
  | { readonly ok: false; readonly reason: "failed" | "notFinished" | "busError" };

/** Not the part that should be there. */
export class NotADrv2605 extends Error {
  override readonly name = "NotADrv2605";
  constructor(status: number) {
    super(`haptic driver: device ${status >> DEVICE_SHIFT} in STATUS, expected 3 or 7`);
  }
}

/**
 * A DRV2605L in real-time playback, ERM. With a calibration it closes the loop and so brakes when told 0; without, the
 * loop is open. In this mode nothing times out in the chip: the limits of LimitedMotor are all there is.
 */
export class Drv2605lDrive implements MotorDrive {
  readonly #bus: Smbus;

  /** Errors: NotADrv2605, or the bus's own; nothing is left open. */
  constructor(options: SmbusOptions, calibration?: Drv2605lCalibration) {
    this.#bus = new options.io({ hz: HZ, address: ADDRESS, ...options });
    try {
      this.#bus.writeUint8(Register.RTP_IN, 0); // it may still buzz from before a crash
      const status = this.#bus.readUint8(Register.STATUS);
      const device = status >> DEVICE_SHIFT;
      if (device !== DEVICE_DRV2605L && device !== DEVICE_DRV2605) throw new NotADrv2605(status);
      this.#configure(calibration);
    } catch (cause) {
      this.#bus.close();
      throw cause;
    }
  }

  write(levelQ8: number): boolean {
    try {
      this.#bus.writeUint8(Register.RTP_IN, Math.min(0x7f, levelQ8 >> 1));
      return true;
    } catch {
      return false; // counted by the caller, who stops the motor and tries again
    }
  }

  /**
   * Lets the chip measure the motor: it vibrates for about a second, beyond the reach of LimitedMotor, so this is only
   * for the wearer's first-run step. Ends in real-time playback whatever comes of it; `done` is called once.
   */
  calibrate(clock: Clock, timers: Timers, done: (result: CalibrationResult) => void): void {
    const beganMs = clock.ticks;
    const bus = this.#bus;
    const finish = (result: CalibrationResult): void => {
      try {
        bus.writeUint8(Register.GO, 0);
        this.#configure(result.ok ? result.calibration : undefined);
      } catch {
        done({ ok: false, reason: "busError" });
        return;
      }
      done(result);
    };
    const poll = (): void => {
      try {
        const isBusy = (bus.readUint8(Register.GO) & 1) !== 0;
        if (!isBusy) finish(this.#calibrationRead());
        else if (elapsedMs(clock.ticks, beganMs) >= CALIBRATION_MS_MAX) finish({ ok: false, reason: "notFinished" });
        else timers.set(poll, POLL_MS);
      } catch {
        finish({ ok: false, reason: "busError" });
      }
    };
    try {
      bus.writeUint8(Register.MODE, Mode.AUTO_CAL);
      bus.writeUint8(Register.FEEDBACK, FEEDBACK_ERM);
      bus.writeUint8(Register.CONTROL3, CONTROL3_CLOSED);
      bus.writeUint8(Register.CONTROL4, CONTROL4_500_MS);
      bus.writeUint8(Register.GO, 1);
    } catch {
      finish({ ok: false, reason: "busError" });
      return;
    }
    timers.set(poll, POLL_MS);
  }

  close(): void {
    this.write(0);
    try {
      this.#bus.writeUint8(Register.MODE, Mode.STANDBY);
    } finally {
      this.#bus.close();
    }
  }

  /** Voltages are always written: their reset values are another motor's. RTP comes last, with an amplitude of 0. */
  #configure(calibration: Drv2605lCalibration | undefined): void {
    const bus = this.#bus;
    bus.writeUint8(Register.MODE, Mode.INTERNAL_TRIGGER);
    bus.writeUint8(Register.RATED_VOLTAGE, RATED_3V0);
    bus.writeUint8(Register.OD_CLAMP, CLAMP_3V3);
    bus.writeUint8(Register.FEEDBACK, calibration?.feedback ?? FEEDBACK_ERM);
    if (calibration !== undefined) {
      bus.writeUint8(Register.A_CAL_COMP, calibration.compensation);
      bus.writeUint8(Register.A_CAL_BEMF, calibration.backEmf);
    }
    bus.writeUint8(Register.CONTROL3, calibration === undefined ? CONTROL3_OPEN : CONTROL3_CLOSED);
    bus.writeUint8(Register.RTP_IN, 0);
    bus.writeUint8(Register.MODE, Mode.RTP);
  }

  #calibrationRead(): CalibrationResult {
    const bus = this.#bus;
    if ((bus.readUint8(Register.STATUS) & DIAG_FAILED) !== 0) return { ok: false, reason: "failed" };
    const calibration = {
      compensation: bus.readUint8(Register.A_CAL_COMP),
      backEmf: bus.readUint8(Register.A_CAL_BEMF),
      feedback: bus.readUint8(Register.FEEDBACK),
    };
    return { ok: true, calibration };
  }
}

/** The better motor driver on the sensor's bus, limited like the other. */
export class Drv2605lMotor extends LimitedMotor {
  readonly drive: Drv2605lDrive;

  constructor(bus: SmbusOptions, options: LimitedMotorOptions, calibration?: Drv2605lCalibration) {
    const drive = new Drv2605lDrive(bus, calibration);
    super(drive, options);
    this.drive = drive;
  }

  close(): void {
    this.off();
    this.drive.close();
  }
}
