import type { Pwm, PwmOptions } from "base/host-parts";
import { LimitedMotor, type LimitedMotorOptions, type MotorDrive } from "haptics/motor";

/** Above hearing, and smooth current through the coil (hardware reference 2.1). */
const PWM_HZ = 20_000;
const PWM_BITS = 10;

/** A 3 V class coin motor must not get more than this on average (hardware reference 2.1). */
const MOTOR_MV_MAX = 3_300;
/** A full cell: assumed until the cell has been measured, because it gives the lowest cap. */
const CELL_MV_MAX = 4_200;

/**
 * A coin motor (ERM) behind one MOSFET on PWM. It coasts when stopped: one transistor cannot brake.
 * The duty is capped so that the motor's mean voltage stays at 3.3 V whatever the cell gives.
 */
export class ErmDrive implements MotorDrive {
  readonly #pwm: Pwm;
  readonly #dutyMax: number;
  #capQ8 = capQ8(CELL_MV_MAX);

  constructor(options: PwmOptions) {
    this.#pwm = new options.io({ hz: PWM_HZ, resolution: PWM_BITS, ...options });
    this.#pwm.write(0);
    this.#dutyMax = (1 << this.#pwm.resolution) - 1;
  }

  /** The cell's voltage, mV, as last measured; takes effect with the next write. */
  set cellMv(mv: number) {
    this.#capQ8 = capQ8(mv);
  }

  /** Product below 2^14 * 2^16: int32 holds. Floors, so it never exceeds the cap. */
  write(levelQ8: number): boolean {
    this.#pwm.write((this.#dutyMax * levelQ8 * this.#capQ8) >> 16);
    return true;
  }

  close(): void {
    this.#pwm.write(0);
    this.#pwm.close();
  }
}

/** 256 is no cap. A voltage that cannot be a cell's (below 2.5 V) is a failed measurement: the lowest cap holds. */
function capQ8(cellMv: number): number {
  const mv = cellMv < 2_500 ? CELL_MV_MAX : cellMv;
  return mv <= MOTOR_MV_MAX ? 256 : Math.floor((MOTOR_MV_MAX * 256) / mv);
}

/** The usual band: coin motor on PWM, limited. */
export class ErmMotor extends LimitedMotor {
  readonly #drive: ErmDrive;

  constructor(pwm: PwmOptions, options: LimitedMotorOptions) {
    const drive = new ErmDrive(pwm);
    super(drive, options);
    this.#drive = drive;
  }

  set cellMv(mv: number) {
    this.#drive.cellMv = mv;
  }

  close(): void {
    this.off();
    this.#drive.close();
  }
}
