import type { Board } from "../board";

/**
 * Seeed XIAO ESP32C3: D4, D5 sensor; D2 INT; D10 motor; D3 button; D1 cell; LED on D6. GPIO2, 8 and 9 are boot straps
 * and stay free. Only GPIO0 to 5 wake a C3 from deep sleep: INT and button are among them.
 */
const board: Board = {
  name: "XIAO ESP32C3",
  sensor: { dataPin: 6, clockPin: 7, alertPin: 4 },
  motorPin: 10,
  buttonPin: 5,
  cell: { pin: 3, dividerRatio: 2 },
  led: { pin: 21, activeLow: false },
};
export default Object.freeze(board, true);
