/**
 * The register map of the MAX30102 as numbers, typed from the maker's datasheet rev 1 and on purpose not from our
 * driver: which bits can be written, which must stay 0, what reset leaves, which rates fit.
 */

const enum Kind {
  /** Bits that a write changes. */
  Writable,
  /** Bits that the datasheet prints as 0: a write must not set them. */
  AlwaysZero,
}

/** First and last address, then a mask of each kind. What is not listed here cannot be written. */
const RANGES: readonly (readonly [from: number, to: number, writable: number, alwaysZero: number])[] = [
  [0x02, 0x02, 0xf0, 0x0f], // INT_ENABLE_1; bit 4 is the proximity enable of sister parts: kept, without effect
  [0x03, 0x03, 0x02, 0xfd], // INT_ENABLE_2
  [0x04, 0x06, 0x1f, 0x00], // FIFO_WR_PTR, OVF_COUNTER, FIFO_RD_PTR
  [0x07, 0x07, 0xff, 0x00], // FIFO_DATA
  [0x08, 0x08, 0xff, 0x00], // FIFO_CONFIG
  [0x09, 0x09, 0xc7, 0x00], // MODE_CONFIG
  [0x0a, 0x0a, 0x7f, 0x80], // SPO2_CONFIG
  [0x0b, 0x10, 0xff, 0x00], // LED1_PA, LED2_PA, the reserved around them, PILOT_PA of sister parts
  [0x11, 0x12, 0x77, 0x00], // MULTI_LED_1, MULTI_LED_2
  [0x13, 0x17, 0xff, 0x00], // reserved
  [0x21, 0x21, 0x01, 0x00], // TEMP_CONFIG
  [0x22, 0x30, 0xff, 0x00], // reserved, and PROX_INT_THRESH of sister parts
];

function maskTable(kind: Kind): Uint8Array {
  const table = new Uint8Array(0x100);
  for (const [from, to, writable, alwaysZero] of RANGES)
    for (let register = from; register <= to; register++)
      table[register] = kind === Kind.Writable ? writable : alwaysZero;
  return table;
}

/** By address: bits that a write changes; 0 where nothing can be written. */
export const WRITABLE = maskTable(Kind.Writable);
/** By address: bits that a write must leave 0. */
export const ALWAYS_ZERO = maskTable(Kind.AlwaysZero);

/** Listed in the datasheet, or known from sister parts. */
export function isReadable(register: number): boolean {
  return register <= 0x30 || register === 0xfe || register === 0xff;
}

export function resetValue(register: number): number {
  return register >= 0x13 && register <= 0x17 ? 0xff : 0x00;
}

/** By SR code: samples a second. */
export const RATES_HZ = [50, 100, 200, 400, 800, 1000, 1600, 3200] as const;

/** By LED_PW code: the highest SR code that fits, with one LED and with more. No sum of slot times gives this table. */
const RATE_CODE_MAX_ONE_LED = [7, 6, 6, 5] as const;
const RATE_CODE_MAX_TWO_LEDS = [6, 5, 4, 3] as const;

export function rateCodeMax(ledCount: number, pulse: number): number {
  return (ledCount === 1 ? RATE_CODE_MAX_ONE_LED : RATE_CODE_MAX_TWO_LEDS)[pulse] ?? 0;
}
