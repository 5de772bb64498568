import type { Board } from "../board";

/** ESP32 DevKit (WROOM-32), for the bench. GPIO34 can only be an input and has no pull-up: fine for the divider. */
const board: Board = {
  name: "ESP32 DevKit",
  sensor: { dataPin: 21, clockPin: 22, alertPin: 27 },
  motorPin: 25,
  buttonPin: 33,
  cell: { pin: 34, dividerRatio: 2 },
  led: { pin: 2, activeLow: false },
};
export default Object.freeze(board, true);
