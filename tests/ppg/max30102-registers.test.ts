import assert from "node:assert/strict";
import {
  FIFO_A_FULL,
  FIFO_ROLLOVER_EN,
  type Field,
  fieldOf,
  LED_PW,
  MODE,
  RESET,
  Register,
  SHDN,
  SMP_AVE,
  SPO2_ADC_RGE,
  SPO2_SR,
  withField,
} from "ppg/max30102-registers";

/** Masks typed from the datasheet's register map: FIFO_CONFIG 7:5 4 3:0, MODE_CONFIG 7 6 2:0, SPO2_CONFIG 6:5 4:2 1:0. */
const FIELDS: readonly [string, Field, number, number][] = [
  ["SMP_AVE", SMP_AVE, 0xe0, 5],
  ["FIFO_ROLLOVER_EN", FIFO_ROLLOVER_EN, 0x10, 4],
  ["FIFO_A_FULL", FIFO_A_FULL, 0x0f, 0],
  ["SHDN", SHDN, 0x80, 7],
  ["RESET", RESET, 0x40, 6],
  ["MODE", MODE, 0x07, 0],
  ["SPO2_ADC_RGE", SPO2_ADC_RGE, 0x60, 5],
  ["SPO2_SR", SPO2_SR, 0x1c, 2],
  ["LED_PW", LED_PW, 0x03, 0],
];

describe("MAX30102 register fields", () => {
  for (const [name, field, mask, shift] of FIELDS) {
    it(`${name} goes from all ones to each value and leaves its neighbours`, () => {
      for (let code = 0; code <= mask >> shift; code++) {
        const byte = withField(0xff, field, code);
        assert.equal(byte & mask, code << shift, `code ${code}`);
        assert.equal(byte & ~mask & 0xff, ~mask & 0xff, `neighbours at code ${code}`);
        assert.equal(fieldOf(byte, field), code);
      }
    });
    it(`${name} goes from all zeros to each value and leaves its neighbours`, () => {
      for (let code = 0; code <= mask >> shift; code++) assert.equal(withField(0, field, code), code << shift);
    });
    it(`${name} drops what does not fit`, () => {
      assert.equal(withField(0, field, (mask >> shift) + 1), 0);
    });
  }

  it("are at the datasheet's addresses", () => {
    assert.deepEqual(Register, {
      INT_STATUS_1: 0,
      INT_STATUS_2: 1,
      INT_ENABLE_1: 2,
      INT_ENABLE_2: 3,
      FIFO_WR_PTR: 4,
      OVF_COUNTER: 5,
      FIFO_RD_PTR: 6,
      FIFO_DATA: 7,
      FIFO_CONFIG: 8,
      MODE_CONFIG: 9,
      SPO2_CONFIG: 10,
      LED1_PA: 12,
      LED2_PA: 13,
      PART_ID: 255,
    });
    assert.ok(Object.isFrozen(Register));
  });
});
