import type { Board } from "../board";

/** Seeed XIAO ESP32S3: D4, D5 sensor; D1 INT; D2 motor (strap GPIO3, harmless with 100k down); D3 button; D0 cell. */
const board: Board = {
  name: "XIAO ESP32S3",
  sensor: { dataPin: 5, clockPin: 6, alertPin: 2 },
  motorPin: 3,
  buttonPin: 4,
  cell: { pin: 1, dividerRatio: 2 },
  led: { pin: 21, activeLow: true },
};
export default Object.freeze(board, true);
