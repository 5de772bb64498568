/** DRV2605L registers under their datasheet names, as far as real-time playback needs them. Bits: hardware reference 2.2. */
export const Register = Object.freeze({
  /** [7:5] device: 3 DRV2605, 7 DRV2605L; [3] DIAG_RESULT, 1 = failed; [1] over-temperature; [0] over-current. */
  STATUS: 0x00,
  /** [7] DEV_RESET, [6] STANDBY, [2:0] mode. */
  MODE: 0x01,
  /** Amplitude in real-time playback, signed: 0x7f is full, 0 stops (and brakes in closed loop). */
  RTP_IN: 0x02,
  /** [0] starts what the mode says; clears itself at the end. */
  GO: 0x0c,
  RATED_VOLTAGE: 0x16,
  OD_CLAMP: 0x17,
  /** Results of the calibration: compensation and back-EMF. */
  A_CAL_COMP: 0x18,
  A_CAL_BEMF: 0x19,
  /** [7] 1 = LRA, [6:4] brake factor, [3:2] loop gain, [1:0] back-EMF gain (a result of the calibration). */
  FEEDBACK: 0x1a,
  /** [5] ERM open loop, [3] RTP unsigned, [0] LRA open loop. */
  CONTROL3: 0x1d,
  /** [5:4] calibration time. */
  CONTROL4: 0x1e,
} as const);

export const Mode = Object.freeze({ INTERNAL_TRIGGER: 0x00, RTP: 0x05, AUTO_CAL: 0x07, STANDBY: 0x40 } as const);

export const DEVICE_SHIFT = 5;
export const DEVICE_DRV2605 = 3;
export const DEVICE_DRV2605L = 7;
export const DIAG_FAILED = 0b0000_1000;

/** ERM, brake factor 4x, loop gain medium, back-EMF gain 2. */
export const FEEDBACK_ERM = 0b0011_0110;
/** All of CONTROL3 at reset (0xa0) with the loop closed: [7:6] noise gate 2, [5] closed, signed input. */
export const CONTROL3_CLOSED = 0b1000_0000;
export const CONTROL3_OPEN = 0b1010_0000;
/** [5:4] = 2: calibrates for 500 ms. */
export const CONTROL4_500_MS = 0b0010_0000;
