/**
 * MAX30102: addresses, bit fields and codes under their datasheet names, so that a search in the PDF finds them.
 * Source: MAX30102 datasheet rev 1, "Register Maps and Descriptions".
 */
export const Register = Object.freeze({
  /** [7] A_FULL, [6] PPG_RDY, [5] ALC_OVF, [0] PWR_RDY. A read clears all of them. */
  INT_STATUS_1: 0x00,
  /** [1] DIE_TEMP_RDY. A read clears it. */
  INT_STATUS_2: 0x01,
  /** [7] A_FULL_EN, [6] PPG_RDY_EN, [5] ALC_OVF_EN. PWR_RDY cannot be masked. */
  INT_ENABLE_1: 0x02,
  /** [1] DIE_TEMP_RDY_EN. */
  INT_ENABLE_2: 0x03,
  /** [4:0] next slot to be written. */
  FIFO_WR_PTR: 0x04,
  /** [4:0] samples lost since the FIFO was full; stops at 31; back to 0 at the first pop. */
  OVF_COUNTER: 0x05,
  /** [4:0] next slot to be read. */
  FIFO_RD_PTR: 0x06,
  /** Port into the FIFO: the address stays here while a burst goes on. */
  FIFO_DATA: 0x07,
  /** [7:5] SMP_AVE, [4] FIFO_ROLLOVER_EN, [3:0] FIFO_A_FULL. */
  FIFO_CONFIG: 0x08,
  /** [7] SHDN, [6] RESET, [2:0] MODE. */
  MODE_CONFIG: 0x09,
  /** [6:5] SPO2_ADC_RGE, [4:2] SPO2_SR, [1:0] LED_PW; bit 7 must be 0. */
  SPO2_CONFIG: 0x0a,
  /** [7:0] current of LED1 (red as Maxim makes them), 0.2 mA a step. */
  LED1_PA: 0x0c,
  /** [7:0] current of LED2 (infrared), 0.2 mA a step. */
  LED2_PA: 0x0d,
  PART_ID: 0xff,
} as const);

/** Bits of one register. */
export interface Field {
  readonly mask: number;
  readonly shift: number;
}

/** Samples averaged into one: codes 0 .. 5 are 1, 2, 4, 8, 16, 32. */
export const SMP_AVE: Field = Object.freeze({ mask: 0b1110_0000, shift: 5 });
/** 1: a full FIFO overwrites its oldest sample. 0: it drops the new ones and counts them. */
export const FIFO_ROLLOVER_EN: Field = Object.freeze({ mask: 0b0001_0000, shift: 4 });
/** Free slots at which A_FULL fires, 0 .. 15. */
export const FIFO_A_FULL: Field = Object.freeze({ mask: 0b0000_1111, shift: 0 });

/** 1: power save. Registers keep their values, flags are cleared. */
export const SHDN: Field = Object.freeze({ mask: 0b1000_0000, shift: 7 });
/** 1: back to power-on values; clears itself, after a time that is not specified. */
export const RESET: Field = Object.freeze({ mask: 0b0100_0000, shift: 6 });
/** 2 heart rate (LED1), 3 SpO2 (LED1 and LED2), 7 multi-LED; the others must not be used. */
export const MODE: Field = Object.freeze({ mask: 0b0000_0111, shift: 0 });

/** Full scale of the converter: 2048 nA << code. */
export const SPO2_ADC_RGE: Field = Object.freeze({ mask: 0b0110_0000, shift: 5 });
/** Conversions a second: codes 0 .. 7 are 50, 100, 200, 400, 800, 1000, 1600, 3200. */
export const SPO2_SR: Field = Object.freeze({ mask: 0b0001_1100, shift: 2 });
/** Pulse width and resolution: codes 0 .. 3 are 69, 118, 215, 411 us and 15, 16, 17, 18 bits. */
export const LED_PW: Field = Object.freeze({ mask: 0b0000_0011, shift: 0 });

/** Bits of INT_STATUS_1, and of INT_ENABLE_1 but for PWR_RDY. */
export const Interrupt = Object.freeze({
  /** FIFO_A_FULL or fewer slots are free. */
  A_FULL: 0b1000_0000,
  /** A new sample is in the FIFO. */
  PPG_RDY: 0b0100_0000,
  /** The ambient light canceller is at its limit. It says nothing about the FIFO. */
  ALC_OVF: 0b0010_0000,
  /** The supply came up: everything is at power-on values. */
  PWR_RDY: 0b0000_0001,
} as const);

/** The identity of MAX30101, MAX30102 and MAX30105 alike. */
export const PART_ID_MAX30102 = 0x15;
/** Slots in the FIFO. */
export const FIFO_DEPTH = 32;
/** Red and infrared, three bytes each, most significant first. */
export const SAMPLE_BYTES = 6;
/** Bits 23:18 of a channel are always 0. */
export const UNUSED_BITS = 0xfc_0000;
/** The converter's highest code on the scale of 18 bits. */
export const COUNTS_MAX = 0x3_ffff;
/** "SpO2": both LEDs. */
export const MODE_SPO2 = 3;
/** 411 us, 18 bits. */
export const LED_PW_411_US = 3;

/** `byte` with `field` set to `code`; bits of `code` that do not fit the field are dropped, its neighbours stay. */
export const withField = (byte: number, field: Field, code: number): number =>
  (byte & ~field.mask & 0xff) | ((code << field.shift) & field.mask);

/** The code that `field` holds in `byte`. */
export const fieldOf = (byte: number, field: Field): number => (byte & field.mask) >> field.shift;
